"""A real PostgreSQL for the tests: Debian's server on a free port, with its data in a temporary folder."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import ENDS_WITH_TESTS, Program
from tests.support.real_kafka import free_port

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
#: PostgreSQL refuses to run as root.
USER = "postgres"


class RealPostgres(Program):
    """Starts on entering, and on leaving stops and deletes its data; `url` is a database of its own.

    Skips the test where no PostgreSQL is installed.
    """

    #: At once, and in order with its own processes and shared memory.
    KILL = signal.SIGQUIT

    def __init__(self) -> None:
        if not BINARIES:
            pytest.skip("postgresql is not installed (Debian: apt-get install postgresql)")
        super().__init__("postgres")
        self._port = free_port()
        self.url = f"postgresql://{USER}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Make its data; start the server and wait until it answers."""
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER)
        made = "--auth", "trust", "--username", USER, "--encoding", "UTF8", "--no-sync"
        command = [self._program("initdb"), "--pgdata", self._data, *made]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60, **self.options())
        super().start()

    def command(self) -> list[str]:
        """Return the command of the server."""
        places = "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="
        server = self._program("postgres"), "-D", self._data, "-p", str(self._port), *places, "-c", "fsync=off"
        return [*ENDS_WITH_TESTS, *server]

    def options(self) -> dict[str, Any]:
        """Return its user and a folder that this may be in."""
        return {"cwd": self.folder, "user": pwd.getpwnam(USER).pw_uid if os.geteuid() == 0 else None}

    def answers(self) -> bool:
        """Return whether it takes connections."""
        asked = [self._program("pg_isready"), "--quiet", "--host", "127.0.0.1", "--port", str(self._port)]
        return subprocess.run(asked, check=False, timeout=60, **self.options()).returncode == 0

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop the server and all of its processes, as SIGSTOP does, and let them go on afterwards."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        stopped = [self.pid, *map(int, children)]
        _send(stopped, signal.SIGSTOP)
        try:
            yield
        finally:
            _send(stopped, signal.SIGCONT)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    @staticmethod
    def _program(name: str) -> str:
        return str(BINARIES[-1] / name)


def _send(processes: list[int], number: signal.Signals) -> None:
    """Send a signal to processes; one that served a connection may have ended meanwhile."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)
