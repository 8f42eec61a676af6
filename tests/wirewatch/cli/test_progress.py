"""Progress on a terminal: it has room on 80 columns, and its time says which time it is."""

import pytest
from rich.console import Console
from rich.progress import Progress

from wirewatch.cli.progress import Bar, bar


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time, in seconds."""
        return self.now


def line(shown: Progress) -> str:
    """Return a bar as a terminal of 80 columns shows it."""
    console = Console(width=80, force_terminal=True, color_system=None)
    with console.capture() as written:
        console.print(shown.get_renderable())
    return written.get().rstrip("\n").rstrip()


@pytest.mark.parametrize(
    ("total", "done", "share", "time"),
    [
        (20_000, 1_000, None, "0:03:10 left"),
        (None, 1_000, None, "0:00:10 so far"),
        (None, 1_000, 0.2, "0:00:40 left"),
        (None, 1_000, 1.0, "0:00:10 so far"),
        (1_000, 1_000, 1.0, "0:00:10 so far"),
        (20_000, 0, 0.0, "0:00:10 so far"),
    ],
)
def test_the_time_is_there_and_says_which_it_is(total: int | None, done: int, share: float | None, time: str) -> None:
    """Time left where it is known, else the time that has passed."""
    clock = Clock()
    with bar() as shown:
        shown.get_time = clock
        made = Bar(shown, shown.add_task("articles", total=total, share=lambda: share))
        for second in range(11):
            clock.now = float(second)
            made.advance(done // 10 if second else 0)
        written = line(shown)
    assert written.endswith(time)
    assert "\n" not in written
