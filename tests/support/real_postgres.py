"""A real PostgreSQL for the tests: Debian's server on a free port, with its data in a temporary folder."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.real_kafka import free_port

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
#: PostgreSQL refuses to run as root.
USER = "postgres"


class RealPostgres:
    """Starts on entering, and on leaving stops and deletes its data; `url` is a database of its own."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="wirewatch-postgres-"))
        self._port = free_port()
        self.url = f"postgresql://{USER}@127.0.0.1:{self._port}/postgres"

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self._folder, USER)
        data = str(self._folder / "data")
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self._run("initdb", "--pgdata", data, "--auth", "trust", "--username", USER, "--encoding", "UTF8", "--no-sync")
        self._run(
            "pg_ctl", "--pgdata", data, "--wait", "--log", str(self._folder / "log"), "--options", options, "start"
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._run("pg_ctl", "--pgdata", str(self._folder / "data"), "--mode", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop the server and all of its processes, as SIGSTOP does, and let them go on afterwards."""
        server = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        stopped = [server, *map(int, children)]
        _send(stopped, signal.SIGSTOP)
        try:
            yield
        finally:
            _send(stopped, signal.SIGCONT)

    def _run(self, program: str, *arguments: str) -> None:
        user = pwd.getpwnam(USER).pw_uid if os.geteuid() == 0 else None
        command = [str(BINARIES[-1] / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60, cwd=self._folder, user=user)


def _send(processes: list[int], number: signal.Signals) -> None:
    """Send a signal to processes; one that served a connection may have ended meanwhile."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)
