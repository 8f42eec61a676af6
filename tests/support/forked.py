"""Commands of wirewatch, each in a process of its own that need not import everything anew: forked from one that has.

A process from scratch takes a second for its imports and two for the models of its children. What a command does between its
begin and its end is the same; tests of how a process starts, and of the group of processes that it makes, want one from scratch.
"""

import atexit
import contextlib
import ctypes
import functools
import gc
import os
import re
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Sequence
from importlib import import_module
from multiprocessing import forkserver
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import orjson

from wirewatch.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]
#: Modules that commands import once they know that they need them.
LATER = (
    "agents.fetch.companion", "streams.kafka.clients", "streams.kafka.embedded", "streams.kafka.reading",
    "streams.worker.runner", "wirewatch.demo.run", "wirewatch.folders.all", "wirewatch.history.export",
    "wirewatch.http.server", "wirewatch.laptop.running", "wirewatch.service", "wirewatch.settings", "wirewatch.steps",
)  # fmt: skip
#: The folder of the process that forks for all processes of a run, for those that are not its parent.
VARIABLE = "TESTS_FORKED"
START_SECONDS = 120.0
#: The file in that folder with the address of the process that forks the children of commands, and has all models.
CHILDREN = "children"
#: Commands that are killed, or end by force, leave semaphores: their common tracker counts them at the end of the run.
QUIET = "ignore:resource_tracker"
#: An order is a line of JSON; its three files come with its first byte.
MOST_BYTES = 1 << 20
PR_SET_PDEATHSIG = 1
#: `wirewatch` for a shell: hands its files, folder and variables to the process that forks, and ends as the command does.
IN_A_SHELL = """#!{python} -IS
import json, os, signal, socket, sys
order = {{"words": sys.argv[1:], "folder": os.getcwd(), "environ": dict(os.environ)}}
link = socket.socket(socket.AF_UNIX)
link.connect("{path}")
socket.send_fds(link, [b" "], [0, 1, 2])
link.sendall(json.dumps(order).encode() + b"\\n")
answers = link.makefile()
pid = int(answers.readline())
def hand_on(number, frame):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # it has ended, and its exit code is on its way
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, hand_on)
for number in range(3):
    os.close(number)
code = int(answers.readline() or 1)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
if code < 0:
    signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


#: Characters that a shell reads, outside of quotes.
OF_A_SHELL = frozenset("|&;<>()$`*?~#")


class Plain(NamedTuple):
    """A command of wirewatch that needs no shell: its arguments, and the file that its output is written into, if any."""

    words: list[str]
    output: str | None


def plain(line: str) -> Plain | None:
    """Return the command of a line, or None where it needs a shell."""
    parts = re.fullmatch(r"(wirewatch .*?)(?: > ([\w./-]+))?", line)
    if parts is None or OF_A_SHELL & set(re.sub(r"'[^']*'|\"[^\"$`]*\"", "", parts[1])):
        return None
    _, *words = shlex.split(parts[1])
    return Plain(words, parts[2])


class Running:
    """A command that was forked, with the part of `subprocess.Popen` that tests use."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._answers = link.makefile("rb", buffering=0)
        self.pid = int(self._answers.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, minus the signal's number where one ended it; None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code once it has ended; raise `subprocess.TimeoutExpired` where that takes longer."""
        if self.returncode is None:
            if not select.select([self._link], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            self.returncode = int(self._answers.readline() or -signal.SIGKILL)
            self._answers.close()
            self._link.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal it, unless it has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


class Forked:
    """A process that has imported every command, and forks for each one that it is asked to run.

    It gets ready by itself; the first order waits for that. `folder`: that of one which another process has started.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="wirewatch-forked-"))
        self._path = str(self.folder / "socket")
        self._process: subprocess.Popen[bytes] | None = None
        if folder is None:
            self._launch()

    def _launch(self) -> None:
        path = self.folder / "socket"
        script = self.folder / "bin" / "wirewatch"
        script.parent.mkdir()
        script.write_text(IN_A_SHELL.format(python=sys.executable, path=path), encoding="utf-8")
        script.chmod(0o755)
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-W", QUIET, "-c", "from tests.support.forked import serve; serve()", path],
            cwd=ROOT, stdin=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def close(self) -> None:
        """End it, and its commands that still run."""
        if self._process is None:
            return
        self._process.kill()
        self._process.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(
        self,
        words: Sequence[str],
        *,
        output: int,
        errors: int | None = None,
        folder: Path | None = None,
        environ: dict[str, str] | None = None,
    ) -> Running:
        """Start a command in a session of its own; `output` and `errors`: open files, by default the same.

        `folder` and `environ` are those of this process where none are given.
        """
        self._wait_until_ready()
        link = socket.socket(socket.AF_UNIX)
        link.connect(self._path)
        order = {
            "words": list(words),
            "folder": str((folder or Path.cwd()).absolute()),
            "environ": environ or dict(os.environ),
        }
        with Path(os.devnull).open("rb") as nothing:
            socket.send_fds(link, [b" "], [nothing.fileno(), output, output if errors is None else errors])
        link.sendall(orjson.dumps(order) + b"\n")
        return Running(link)

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not Path(self._path).exists():
            assert time.monotonic() < end and (self._process is None or self._process.poll() is None), (
                "no process forks"
            )
            time.sleep(0.05)

    def children_address(self) -> str:
        """Return the address of the process that forks children of commands, once it has all models."""
        self._wait_until_ready()
        return (self.folder / CHILDREN).read_text(encoding="utf-8")

    def call(
        self,
        words: Sequence[str],
        *,
        folder: Path | None = None,
        environ: dict[str, str] | None = None,
        seconds: float = 120.0,
        output: Path | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end, its output into a file where one is given.

        Raises `subprocess.TimeoutExpired` where that takes longer.
        """
        with contextlib.ExitStack() as stack:
            out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(2))
            if output is not None:
                out = stack.enter_context(output.open("w+b"))
            running = self.start(words, folder=folder, environ=environ, output=out.fileno(), errors=err.fileno())
            try:
                code = running.wait(seconds)
            finally:
                running.kill()
            for file in (out, err):
                file.seek(0)
            return subprocess.CompletedProcess(list(words), code, out.read(), err.read())


@functools.cache
def forked() -> Forked:
    """Return the process that forks commands: that of the run, or one for this process, which ends with it."""
    folder = os.environ.get(VARIABLE)
    made = Forked(Path(folder) if folder else None)
    atexit.register(made.close)
    return made


#: multiprocessing's client of the process that forks children.
SERVER: Any = forkserver._forkserver


def share_children() -> None:
    """Have pools of this process take their children from the process that has all models, and start none of their own.

    Does nothing where this process is the only one of the run, which would start that one for it alone, nor on a Python
    whose fork server asks for a key (3.14).
    """
    if VARIABLE in os.environ and not hasattr(SERVER, "_forkserver_authkey"):
        leave_server()
        SERVER.ensure_running = forkserver.ensure_running = join_children


def own_children() -> None:
    """Have pools of this process start a process that forks their children, as those of a worker do."""
    leave_server()
    vars(SERVER).pop("ensure_running", None)
    forkserver.ensure_running = SERVER.ensure_running


def leave_server() -> None:
    """Forget the process that forks children; one that this process has started ends behind its last child."""
    if SERVER._forkserver_alive_fd is not None:
        os.close(SERVER._forkserver_alive_fd)
    SERVER._forkserver_address = SERVER._forkserver_alive_fd = SERVER._forkserver_pid = None


def join_children() -> None:
    """Take the address of the process that has all models."""
    if SERVER._forkserver_address is None:
        SERVER._forkserver_address = forked().children_address()
        SERVER._forkserver_alive_fd = os.open(os.devnull, os.O_RDONLY)  # each child gets one; nothing waits for its end


def serve() -> None:
    """Fork for each order that comes to the socket, until standard input ends."""
    for name in (*(f"wirewatch.cli.{name}" for name in COMMANDS), *LATER):
        import_module(name)
    load_models()
    gc.freeze()
    (Path(sys.argv[1]).parent / CHILDREN).write_text(SERVER._forkserver_address, encoding="utf-8")
    with socket.socket(socket.AF_UNIX) as orders:
        orders.bind(f"{sys.argv[1]}.new")
        orders.listen(64)
        Path(f"{sys.argv[1]}.new").rename(sys.argv[1])  # whoever sees it can connect
        while 0 not in select.select([0, orders.fileno()], [], [])[0]:
            link, _ = orders.accept()
            if os.fork() == 0:
                orders.close()
                keep(link)
            link.close()
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def load_models() -> None:
    """Start the process that forks the children of commands, with all models."""
    pool, steps = import_module("streams.worker.pool"), import_module("wirewatch.steps")
    pool.start_forkserver([step.load for step in steps.TABLE if step.load is not None])


def ends_with_parent(number: int) -> None:
    """Have the kernel signal this process once its parent has ended (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def keep(link: socket.socket) -> None:
    """Run the command of an order in a process of its own, and tell its id and its exit code."""
    ends_with_parent(signal.SIGKILL)
    os.setsid()  # no signal to a command's group is for this process
    _, files, _, _ = socket.recv_fds(link, 1, 3)
    data = b""
    while not data.endswith(b"\n") and len(data) < MOST_BYTES and (more := link.recv(1 << 16)):
        data += more
    order = orjson.loads(data)
    child = os.fork()
    if child == 0:
        os.setsid()
        ends_with_parent(signal.SIGTERM)
        link.sendall(b"%d\n" % os.getpid())
        link.close()
        become(order, files)
        end(order["words"])
    for file in files:
        os.close(file)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with contextlib.suppress(BrokenPipeError):  # nobody waits for it
        link.sendall(b"%d\n" % code)
    os._exit(0)


def end(words: Sequence[str]) -> NoReturn:
    """Run a command, and end as Python does, but for what it frees: each object that it took from the process that forks."""
    code = 0
    try:
        main(words, prog_name="wirewatch")
    except SystemExit as asked:
        code = asked.code if isinstance(asked.code, int) else asked.code is not None
    except BaseException:  # noqa: BLE001 - Python would show it and end
        traceback.print_exc()
        code = 1
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(int(code))


def become(order: dict[str, Any], files: Sequence[int]) -> None:
    """Take the folder, the environment and the files of a command in a process that was forked for it."""
    # children come from the process that has the models, which this one can reach, though it is not its child
    SERVER.ensure_running = forkserver.ensure_running = lambda: None
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environ"])
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
