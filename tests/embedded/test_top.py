"""`wirewatch top` beside a running worker: on a terminal, once, and as JSON."""

import fcntl
import io
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from datetime import UTC, datetime

import orjson
import pytest
from aiohttp import web
from click.testing import CliRunner

from tests.support.alerts import alert
from tests.support.flow import Demo
from tests.support.forked import forked
from wirewatch.cli import main
from wirewatch.cli.top import picture
from wirewatch.operating.top import StepState, TopicState, View, firing
from wirewatch.steps import STEPS
from wirewatch.terminal.console import SafeConsole


def top(demo: Demo, *words: str) -> str:
    """Return the command's output about the demo's cluster."""
    done = forked().call(["top", "--bootstrap", demo.bootstrap, "--interval", "0.5", *words])
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_json_has_each_step_with_its_lag(demo: Demo) -> None:
    """A step that a worker runs has a lag and a speed; the topics have the messages of the sample."""
    view = orjson.loads(top(demo, "--once", "--json"))

    assert [step["step"] for step in view["steps"]] == list(STEPS)
    assert {step["step"] for step in view["steps"] if step["lag"] is not None} >= {"clean", "dedup", "tag", "archive"}
    assert all(step["rate"] >= 0 for step in view["steps"] if step["lag"] is not None)
    messages = {topic["topic"]: topic["messages"] for topic in view["topics"]}
    assert messages["news.tagged"] > 0
    assert view["alerts"] and view["alerts"][0]["watch"]
    assert view["firing"] is None


def test_once_is_a_picture_for_people(demo: Demo) -> None:
    """Steps, topics, sources and alerts stand in it."""
    shown = top(demo, "--once")

    assert all(step in shown for step in STEPS)
    assert "tagged" in shown and "sources" in shown and "alerts" in shown


def test_it_lives_on_a_terminal_until_it_is_stopped(demo: Demo) -> None:
    """On a terminal of 80 by 24 it draws again and again; Ctrl-C ends it and leaves the terminal as it was."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    command = [sys.executable, "-m", "wirewatch", "top", "--bootstrap", demo.bootstrap, "--interval", "0.2"]
    environment = {**os.environ, "TERM": "xterm-256color"}
    environment.pop("COLUMNS", None)
    environment.pop("LINES", None)
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        end = time.monotonic() + 120
        while shown.count(b"wirewatch top") < 2 and time.monotonic() < end:
            if select.select([ours], [], [], 1)[0]:
                shown += os.read(ours, 65_536)
        process.send_signal(signal.SIGINT)
        while process.poll() is None or select.select([ours], [], [], 0)[0]:
            try:
                if select.select([ours], [], [], 0.1)[0]:
                    shown += os.read(ours, 65_536)
            except OSError:  # the other end is closed
                break
        process.wait(60)
    os.close(ours)

    assert shown.count(b"wirewatch top") >= 2
    assert shown.count(b"\x1b[?1049h") == shown.count(b"\x1b[?1049l") == 1, "the screen is given back"
    assert b"Traceback" not in shown


def test_a_kafka_that_is_away_is_an_error() -> None:
    """Exit code 3, with the address."""
    result = CliRunner().invoke(main, ["top", "--once", "--bootstrap", "127.0.0.1:1"])

    assert result.exit_code == 3
    assert "127.0.0.1:1" in result.stderr


def view_of(lag: int | None, rate: float | None) -> View:
    """Return a view with that many messages before each step."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return View(
        at=at,
        kafka="kafka.example:9092",
        steps=[StepState(step=name, lag=lag, rate=rate) for name in STEPS],
        topics=[TopicState(topic="news.raw", messages=123_456_789, rate=1234.5) for _ in range(5)],
        sources=dict.fromkeys(("healthy", "quiet", "failing", "blocked", "moved", "dead"), 100000),
        alerts=[alert(number) for number in range(20)],
        firing=["LagHigh", "ReceiverDown"],
    )


@pytest.mark.parametrize(("lag", "rate"), [(None, None), (0, 0.0), (987_654_321, 12345.6)])
def test_a_picture_fits_80_by_24(lag: int | None, rate: float | None) -> None:
    """Whatever the numbers, no line is wider and none is one too many; each step's name is whole."""
    console = SafeConsole(width=80, height=24, record=True, file=io.StringIO())
    console.print(picture(view_of(lag, rate), 24))
    lines = re.sub(r"\x1b\[[0-9;]*m", "", console.export_text()).splitlines()

    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert all(any(re.search(rf"\b{name}\b", line) for line in lines) for name in STEPS)
    assert any("LagHigh" in line for line in lines)


async def test_alerts_of_prometheus_that_fire_are_named() -> None:
    """Those that fire, the critical ones first; a Prometheus that does not answer is no error."""
    alerts = [
        {"labels": {"alertname": name, "severity": severity}, "state": state}
        for name, severity, state in (
            ("LagHigh", "warning", "firing"),
            ("KafkaAway", "critical", "firing"),
            ("SourceSilent", "warning", "pending"),
        )
    ]

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"status": "success", "data": {"alerts": alerts}})

    app = web.Application()
    app.router.add_get("/api/v1/alerts", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    found = await firing(url)
    await runner.cleanup()

    assert found == ["KafkaAway", "LagHigh"]
    assert await firing(url) is None
