"""The live view of `wirewatch demo` in a terminal."""

import io

import pytest

from streams.message import Output, Refusal, Settlement
from streams.records import Dead
from streams.settings import Settings
from streams.topics import DEAD
from wirewatch.demo.view import Progress, view
from wirewatch.http.server import WebApp
from wirewatch.metrics import new_metrics
from wirewatch.service import Service
from wirewatch.steps import STEPS
from wirewatch.terminal.console import SafeConsole


@pytest.mark.parametrize(("width", "height"), [(60, 24), (80, 24), (80, 30), (120, 50)])
def test_errors_do_not_push_the_view_over_the_terminal(width: int, height: int) -> None:
    """Each article has one line in the live view, a refused one too: beside longer ones the alerts had no room."""
    service = Service(Settings(), list(STEPS.values())[:12], new_metrics())
    progress = Progress(service, WebApp(service))
    for number in range(30):
        dead = Dead(
            id=f"{number:032x}",
            fetch_id=f"{number}:x",
            step="clean",
            reason="invalid_record",
            error="Raw: an object without the field that it needs " * 3,
            url=f"https://paper.example/world-news/of-this-year/{number}.html",
            size_bytes=1,
        )
        progress.settled(STEPS["clean"], Settlement([Output(DEAD, dead.id, dead, dead.fetch_id)], Refusal.DEAD))
    out = io.StringIO()
    console = SafeConsole(file=out, width=width, height=height, force_terminal=True, color_system=None)

    console.print(view(progress, "30 of 30 settled", height))

    lines = out.getvalue().splitlines()
    assert len(lines) < height and "none yet" in lines[-1]
