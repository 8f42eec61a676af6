"""Programs that tests start: none outlives the tests, not even where these are killed."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

#: Before a command, so that the kernel ends it once the thread that started it has ended (Linux): start it in the main one.
ENDS_WITH_TESTS = ("setpriv", "--pdeathsig", "TERM", "--") if shutil.which("setpriv") else ()
LOG_LINES = 30


def start_program(command: Sequence[str], **options: Any) -> "subprocess.Popen[bytes]":
    """Start a program in a session of its own, which ends with the thread that starts it: call it in the main one.

    No signal to the tests reaches such a session, and tests that are killed tidy nothing up.
    """
    return subprocess.Popen([*ENDS_WITH_TESTS, *command], start_new_session=True, **options)


class ProgramError(Exception):
    """A program could not be started, or does not answer; the message ends with its log."""


class Own:
    """A folder of one's own, deleted at the end: `start` on entering, `close` on leaving and where the start fails."""

    def __init__(self, name: str) -> None:
        self.name = name
        # goes at the end of the process too, where it was never entered
        self._made = tempfile.TemporaryDirectory(prefix=f"wirewatch-{name}-", ignore_cleanup_errors=True)
        self.folder = Path(self._made.name)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start whatever this stands for; return when it can be used."""
        raise NotImplementedError

    def kill(self) -> None:
        """End it at once; nothing happens where it does not run."""
        raise NotImplementedError

    def close(self) -> None:
        """End it at once and delete its data."""
        self.kill()
        self._made.cleanup()


class Program(Own):
    """One program in a process group of its own. It can be ended and started again with the same data."""

    START_SECONDS, STOP_SECONDS = 60.0, 20.0
    #: How `kill` ends it.
    KILL = signal.SIGKILL

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """Return the command that runs it."""
        raise NotImplementedError

    def options(self) -> dict[str, Any]:
        """Return the other arguments of `Popen`."""
        return {}

    def answers(self) -> bool:
        """Return whether it can be used."""
        raise NotImplementedError

    def launch(self) -> None:
        """Start it, and wait for nothing."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, start_new_session=True, **self.options()
            )

    def start(self) -> None:
        """Start it and wait until it answers; raise `ProgramError` with its log where it does not."""
        self.launch()
        end = time.monotonic() + self.START_SECONDS
        while not self.answers():
            if not self.runs:
                raise ProgramError(f"{self.name} ended with status {self.process.returncode}:\n{self.log_tail}")
            if time.monotonic() > end:
                raise ProgramError(f"{self.name} does not answer within {self.START_SECONDS:g} s:\n{self.log_tail}")
            time.sleep(0.1)

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        """Its process, started before."""
        assert self._process is not None
        return self._process

    @property
    def pid(self) -> int:
        """The id of its process, or of the script whose child it is."""
        return self.process.pid

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> Path:
        """The file of its output."""
        return self.folder / f"{self.name}.log"

    @property
    def log_tail(self) -> str:
        """The last lines of its output."""
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-LOG_LINES:])

    def signal(self, number: signal.Signals) -> None:
        """Signal it, and all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def stop(self) -> None:
        """Ask it to end, and end it by force where that takes longer than `STOP_SECONDS`; keep its data."""
        if self._process is not None:
            self.signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(self.STOP_SECONDS)
            self.kill()

    def kill(self) -> None:
        """End it at once, as a loss of power does, but for its disk; keep its data."""
        if self._process is None:
            return
        self.signal(self.KILL)
        self.process.wait()
        stdin: IO[bytes] | None = self.process.stdin
        if stdin is not None:
            stdin.close()
        self._process = None
