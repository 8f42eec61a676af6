"""Commands of wirewatch, each in a process of its own that need not import everything anew: forked from one that has."""

import gc
import os
import re
import select
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from wirewatch.cli import COMMANDS, main

#: Commands that start processes themselves, or go on until they are interrupted: these get a process from scratch.
ELSEWHERE = {"apply", "demo", "run", "top"}
#: Modules that commands import once they know that they need them.
LATER = (
    "agents.fetch.companion", "streams.kafka.clients", "streams.kafka.replay", "streams.worker.runner",
    "wirewatch.history.export", "wirewatch.settings", "wirewatch.steps",
)  # fmt: skip


def words_of(line: str) -> list[str] | None:
    """Return the arguments of a line that is one command of wirewatch, or None where a shell or much more takes part."""
    _, *words = shlex.split(line)
    bare = re.sub(r"'[^']*'|\"[^\"$`]*\"", "", line)
    of_a_shell = set("|&;<>()$`*?~#\n") & set(bare)
    return words if line.startswith("wirewatch ") and words[0] not in ELSEWHERE and not of_a_shell else None


class Forked:
    """A process that has imported every command, and forks for each one that it is asked to run."""

    def __init__(self, folder: Path) -> None:
        """Start it. The output of commands goes through files of `folder`."""
        self._files = folder / "output", folder / "errors"
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from tests.support.forked import serve; serve()"],
            cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def call(
        self, words: list[str], folder: Path, environ: dict[str, str], seconds: float
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end in a folder; raise `TimeoutError` where that takes longer."""
        assert self._process.stdin and self._process.stdout
        order = {
            "words": words,
            "folder": str(folder),
            "environ": environ,
            "files": [str(file) for file in self._files],
        }
        self._process.stdin.write(orjson.dumps(order) + b"\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], seconds)[0]:
            raise TimeoutError(f"{words} has not ended in {seconds} s")
        code = int(self._process.stdout.readline())
        return subprocess.CompletedProcess(words, code, *(file.read_bytes() for file in self._files))


def serve() -> None:
    """Fork for each order on standard input, and answer with the exit code of the command."""
    for name in (*(f"wirewatch.cli.{name}" for name in COMMANDS), *LATER):
        import_module(name)
    gc.freeze()
    for line in sys.stdin.buffer:
        order = orjson.loads(line)
        child = os.fork()
        if child == 0:
            become(order)
            main(order["words"], prog_name="wirewatch")  # exits
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def become(order: dict[str, Any]) -> None:
    """Take the folder, the environment and the files of a command in a process that was forked for it."""
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environ"])
    for number, (path, mode) in enumerate(zip((os.devnull, *order["files"]), ("rb", "wb", "wb"), strict=True)):
        with Path(path).open(mode) as file:
            os.dup2(file.fileno(), number)
