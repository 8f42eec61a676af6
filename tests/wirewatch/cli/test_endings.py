"""How commands end: by an error, Ctrl-C or a closed terminal."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

import wirewatch.cli
from streams.journal.store import NAME
from streams.records import encode
from tests.support.forked import forked
from wirewatch import testing


def test_an_error_ends_a_process_whose_tasks_do_not_end() -> None:
    """A task that starts anew when it is cancelled, as Faust's do, does not keep a worker from ending with its error."""
    script = """
import asyncio
from streams.errors import JournalError
from wirewatch.cli import console

async def stubborn():
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass

async def work():
    kept.append(asyncio.ensure_future(stubborn()))
    await asyncio.sleep(0)
    raise JournalError("the disk is full")

kept = []
console.CLOSE_SECONDS = 0.1
console.leave(lambda: console.run_until_signal(work()))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (2, "wirewatch: the disk is full\n")


def test_a_second_ctrl_c_ends_at_once() -> None:
    """A command that does not stop at the first Ctrl-C, because somebody does not answer it, stops at the second."""
    script = """
import asyncio
from wirewatch.cli import console

async def stubborn():
    while True:
        try:
            print("working", flush=True)
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            pass

console.run_until_signal(stubborn())
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        for _ in range(2):
            assert command.stdout.readline() == "working\n"
            command.send_signal(signal.SIGINT)
        assert command.wait(60) == 130


@pytest.mark.parametrize(
    ("command", "sent"),
    [
        ("apply clean {fifo}", signal.SIGINT),
        ("apply clean {fifo} -o {folder}/out.jsonl", signal.SIGTERM),
        ("ingest --data {folder} {fifo}", signal.SIGTERM),
    ],
)
def test_a_wait_for_input_is_broken_off(command: str, sent: signal.Signals, tmp_path: Path) -> None:
    """A command that reads a pipe to which nobody writes ends by a signal."""
    fifo = tmp_path / "page.html"
    os.mkfifo(fifo)
    line = command.format(fifo=fifo, folder=tmp_path / "data").split()
    (tmp_path / "data").mkdir()
    said = tmp_path / "said"
    with said.open("wb") as output:
        running = forked().start(line, output=output.fileno())
    writer = os.open(fifo, os.O_WRONLY)  # returns once the command has opened its end
    time.sleep(0.2)  # a signal just before the system call that waits is seen after it: by then it waits
    running.send_signal(sent)
    try:
        code = running.wait(60)
    finally:
        os.close(writer)
        running.kill()
    assert code == 130, said.read_text()
    assert "Traceback" not in said.read_text()


def test_an_ingest_that_is_stopped_says_how_much_is_kept(tmp_path: Path) -> None:
    """By Ctrl-C, while it waits for more: what it has read is on disk, each of it, and the number is that."""
    lines = [
        orjson.dumps({"url": f"https://a.example/{n}", "fetched_at": "2026-11-26T12:00:00Z", "content_type": "text/plain",
                      "content": f"Ferry {n} sails"}) for n in range(100)
    ]  # fmt: skip
    words = [sys.executable, "-m", "wirewatch", "ingest", "--data", str(tmp_path), "-"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b"\n".join(lines) + b"\n")
        process.stdin.flush()
        end = time.monotonic() + 60
        while kept(tmp_path) < 96 and time.monotonic() < end:  # whole batches
            time.sleep(0.05)
        time.sleep(0.2)  # a signal just before the system call that waits is seen after it: by then it waits
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert b"stopped: 100 sent" in said
    assert kept(tmp_path) == 100


def kept(folder: Path) -> int:
    """Return how many messages wait in a laptop's inbox."""
    if not (folder / NAME).is_file():
        return 0
    with closing(sqlite3.connect(folder / NAME)) as db, suppress(sqlite3.OperationalError):  # no table yet
        return int(db.execute("SELECT count(*) FROM inbox").fetchone()[0])
    return 0


@pytest.mark.parametrize("nohup", [False, True])
def test_a_closed_terminal_is_a_stop(nohup: bool) -> None:
    """A command whose terminal goes tidies up, as after Ctrl-C; under nohup it goes on."""
    script = f"""
import asyncio, signal
from wirewatch.cli import console

async def work():
    asyncio.get_running_loop().call_later(0.5, lambda: print("going on", flush=True))
    print("working", flush=True)
    try:
        await asyncio.sleep(3600)
    finally:
        print("tidied up", flush=True)

if {nohup}:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
console.run_until_signal(work())
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == "working\n"
        command.send_signal(signal.SIGHUP)
        if nohup:
            assert command.stdout.readline() == "going on\n"
            command.send_signal(signal.SIGTERM)
        assert command.stdout.readline() == "tidied up\n"
        assert command.wait(60) == 130


@pytest.mark.parametrize("twice", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_comes_twice_lets_the_stop_end(twice: signal.Signals) -> None:
    """`make run` under timeout and a closed terminal tell a command twice to end: it still stops step by step."""
    script = """
import asyncio, sys
from wirewatch.cli import console

async def work():
    print("working", flush=True)
    try:
        await asyncio.sleep(3600)
    finally:
        print("stopping", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        await asyncio.sleep(0.01)  # a line that came with the signal may be seen first
        print("tidied up", flush=True)

console.run_until_signal(work())
"""
    with subprocess.Popen([sys.executable, "-c", script], stdin=-1, stdout=-1, text=True) as command:
        assert command.stdout is not None and command.stdin is not None
        assert command.stdout.readline() == "working\n"
        command.send_signal(twice)
        assert command.stdout.readline() == "stopping\n"
        command.send_signal(twice)
        command.stdin.write("\n")
        command.stdin.flush()
        assert command.stdout.readline() == "tidied up\n"
        assert command.wait(60) == 130


def test_the_log_of_a_worker_says_that_it_was_stopped() -> None:
    """Whoever reads it later sees by what, and that the stop came to its end."""
    script = """
import asyncio, logging, os, signal
from wirewatch.cli import console

logging.basicConfig(level=logging.INFO, format="%(message)s")

async def work():
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(3600)

console.run_until_signal(work(), endless=True)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr.splitlines()) == (0, ["SIGTERM: stopping", "stopped"])


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Error calling __set_name__")])
def test_ctrl_c_before_a_command_has_begun_is_told(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """While its code is imported there is nothing to sum up; a shell that shows no exit code shows a word."""
    if not isinstance(error, KeyboardInterrupt):
        error.__cause__ = KeyboardInterrupt()

    def interrupted(_: str) -> None:
        raise error

    monkeypatch.setattr(wirewatch.cli, "import_module", interrupted)
    done = CliRunner().invoke(wirewatch.cli.main, ["tail", "news.tagged"])
    assert (done.exit_code, done.stderr) == (130, "interrupted\n")


def test_ctrl_c_is_no_balance() -> None:
    """A command that is interrupted before its end has another exit code than one that found everything in order."""
    with socket.create_server(("127.0.0.1", 0)) as silent, Path(os.devnull).open("wb") as nowhere:
        words = ["audit", "--bootstrap", f"127.0.0.1:{silent.getsockname()[1]}"]
        running = forked().start(words, output=nowhere.fileno())
        connection, _ = silent.accept()
        with connection:  # a connection that is dropped is closed, which the command may tell before the signal comes
            running.send_signal(signal.SIGINT)
            assert running.wait(60) == 130


def test_ctrl_c_ends_apply_cleanly(tmp_path: Path) -> None:
    """Ctrl-C in the middle ends with 130, whole lines, a count, and no traceback."""
    file = tmp_path / "raw.jsonl"
    lines = [encode(raw) for raw in testing.raw_records()]
    with file.open("wb") as out:
        for number in range(20):
            out.writelines(line.replace(b'"id":', b'"note":', 1) + b"\n" for line in lines if number or line)
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as output, (tmp_path / "errors").open("w+b") as said:
        running = forked().start(["apply", "clean,tag", "--progress", str(file)], output=writer, errors=said.fileno())
        os.close(writer)
        first = output.readline()
        running.send_signal(signal.SIGINT)
        rest = output.read()
        assert running.wait(60) == 130
        said.seek(0)
        errors = said.read()
    assert b"Traceback" not in errors and b"never retrieved" not in errors and b"destroyed" not in errors
    assert errors.decode().splitlines()[-1].startswith("interrupted: ")
    assert "as a run with --output FILE can (--resume)" in errors.decode()
    for line in (first + rest).splitlines():
        orjson.loads(line)


@pytest.mark.parametrize(
    ("shell", "words", "said"),
    [
        ('"$@" >&-', ["apply", "clean"], "it is closed"),
        ('"$@" <&- >&-', ["--help"], "it is closed"),
        ('"$@" > /dev/full', ["schema", "raw"], "No space left on device"),
    ],
)
def test_output_that_goes_nowhere_is_an_error(shell: str, words: list[str], said: str, tmp_path: Path) -> None:
    """Whoever asks for output and gets none hears so, in one line: a command ended well, or in a traceback."""
    if words[0] == "apply":
        (tmp_path / "page.html").write_text(f"<title>Port</title><article>{'<p>'.join(testing.PARAGRAPHS)}</article>")
        words = [*words, str(tmp_path / "page.html")]
    command = ["sh", "-c", shell, "sh", sys.executable, "-m", "wirewatch", *words]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=120, check=False)

    assert (done.returncode, done.stderr) == (2, f"wirewatch: standard output cannot be written: {said}\n")
