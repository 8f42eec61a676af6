"""Every request that a document shows is answered by a running worker: the demo, with its sample settled."""

import os
import re
import shutil
import signal
import subprocess
import threading
import time

import pytest

from tests.support.documents import documented
from tests.support.flow import Demo
from tests.support.processes import start_program

SECONDS = 60.0
REQUESTS = [
    command.line for command in documented() if re.match(r"curl (?!-X).*(127\.0\.0\.1|localhost):8080", command.line)
]
#: The first line of an answer: a stream of events has it before the first event.
OPEN = "HTTP/1.1 200 OK"


def test_there_are_requests() -> None:
    """The documents show streams, lists and health."""
    assert len(REQUESTS) > 3


@pytest.mark.parametrize("line", REQUESTS)
def test_request_is_answered(demo: Demo, line: str) -> None:
    """A request has the answer 200; one that would go on for ever is ended then."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    typed = re.sub(r"(http://)?(127\.0\.0\.1|localhost):8080", demo.url, line)
    process = start_program(
        ["bash", "-c", f"exec {typed} --include --no-progress-meter"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    written: list[str] = []
    assert process.stdout
    reader = threading.Thread(
        target=lambda: written.extend(text.decode() for text in process.stdout or ()), daemon=True
    )
    reader.start()
    end = time.monotonic() + SECONDS
    try:
        while not written:
            assert time.monotonic() < end and process.poll() in (None, 0), (typed, written)
            time.sleep(0.05)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        reader.join()
        process.stdout.close()

    assert written[0].strip() == OPEN, (typed, written)
