"""Commands of wirewatch, each in a process of its own that need not import everything anew: forked from one that has."""

import gc
import os
import re
import select
import shlex
import subprocess
import sys
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import orjson

from wirewatch.cli import COMMANDS, main

#: Commands that go on until they are interrupted: these get a process from scratch.
ELSEWHERE = {"demo", "run", "top"}
#: Modules that commands import once they know that they need them.
LATER = (
    "agents.fetch.companion", "streams.kafka.clients", "streams.kafka.replay", "streams.worker.runner",
    "wirewatch.history.export", "wirewatch.settings", "wirewatch.steps",
)  # fmt: skip


#: Signs that a shell reads, outside of quotes.
OF_A_SHELL = frozenset("|&;<>()$`*?~#")


class Plain(NamedTuple):
    """A command of wirewatch that needs no shell: its arguments, and the file that its output is written into, if any."""

    words: list[str]
    output: str | None


def plain(line: str) -> Plain | None:
    """Return the command of a line, or None where it needs a shell or a process from scratch."""
    parts = re.fullmatch(r"(wirewatch .*?)(?: > ([\w./-]+))?", line)
    if parts is None or OF_A_SHELL & set(re.sub(r"'[^']*'|\"[^\"$`]*\"", "", parts[1])):
        return None
    _, *words = shlex.split(parts[1])
    return None if words[0] in ELSEWHERE else Plain(words, parts[2])


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
        self, command: Plain, folder: Path, environ: dict[str, str], seconds: float
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end in a folder; raise `TimeoutError` where that takes longer."""
        assert self._process.stdin and self._process.stdout
        output, errors = self._files
        if command.output is not None:
            output = folder / command.output
        order = {
            "words": command.words,
            "folder": str(folder),
            "environ": environ,
            "files": [str(output), str(errors)],
        }
        self._process.stdin.write(orjson.dumps(order) + b"\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], seconds)[0]:
            raise TimeoutError(f"{command.words} has not ended in {seconds} s")
        code = int(self._process.stdout.readline())
        return subprocess.CompletedProcess(command.words, code, output.read_bytes(), errors.read_bytes())


def serve() -> None:
    """Fork for each order on standard input, and answer with the exit code of the command."""
    for name in (*(f"wirewatch.cli.{name}" for name in COMMANDS), *LATER):
        import_module(name)
    load_models()
    gc.freeze()
    for line in sys.stdin.buffer:
        order = orjson.loads(line)
        child = os.fork()
        if child == 0:
            become(order)
            main(order["words"], prog_name="wirewatch")  # exits
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def load_models() -> None:
    """Start the process that forks the children of commands, with all models."""
    pool, steps = import_module("streams.worker.pool"), import_module("wirewatch.steps")
    pool.start_forkserver([step.load for step in steps.TABLE if step.load is not None])


def become(order: dict[str, Any]) -> None:
    """Take the folder, the environment and the files of a command in a process that was forked for it."""
    # children come from the process that has the models, which this one can reach, though it is not its child
    setattr(forkserver._forkserver, "ensure_running", lambda: None)  # noqa: B010 - mypy takes no method for it
    forkserver.ensure_running = forkserver._forkserver.ensure_running
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environ"])
    for number, (path, mode) in enumerate(zip((os.devnull, *order["files"]), ("rb", "wb", "wb"), strict=True)):
        with Path(path).open(mode) as file:
            os.dup2(file.fileno(), number)
