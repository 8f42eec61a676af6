"""How far a command has come, on standard error: a bar on a terminal, else a line now and then."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol, TypeVar

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    Task,
    TaskID,
    TextColumn,
)
from rich.text import Text

from wirewatch.cli.console import errors

Item = TypeVar("Item")
#: Characters of the bar: it and all beside it have room on 80 columns, or the last of it would be cut off.
BAR_WIDTH = 24
#: Seconds between two lines where there is no terminal.
LINE_SECONDS = 10.0


class Shown(Protocol):
    """Progress as it is shown."""

    def begin_at(self, count: int) -> None:
        """Say how many articles an earlier run has done: they count for no rate."""

    def advance(self, count: int = 1) -> None:
        """Count articles that are done."""


#: How much of the input has been read, from 0 to 1; None where nobody knows.
Share = Callable[[], float | None]


def unknown() -> None:
    """Say nothing, as where a run goes on: the input is read again from its beginning, far sooner than the rest of it."""


@contextmanager
def progress(total: int | None, *, shown: bool, share: Share = unknown) -> Iterator[Shown]:
    """Show count, rate and time left of `total` articles (None: nobody knows, so `share` says it) while the block runs."""
    if not shown or not errors.is_terminal:
        yield Lines(total, errors.print if shown else lambda _: None, share=share)
        return
    with bar() as made:
        yield Bar(made, made.add_task("articles", total=total, share=share))


def seconds_left(seconds: float, share: float | None) -> float | None:
    """Return how long the rest of the input will take, after so many seconds for a share of it; None where nobody knows.

    Nor does anybody once all has been read: articles are still worked on then, of a short file all.
    """
    return seconds * (1 - share) / share if share and share < 1 else None


@contextmanager
def counting(items: Sequence[Item]) -> Iterator[Iterator[Item]]:
    """Give items, with a bar of those that were taken on a terminal."""
    with progress(len(items), shown=errors.is_terminal) as taken:

        def each() -> Iterator[Item]:
            for item in items:
                yield item
                taken.advance()

        yield each()


class Bar:
    """A bar on a terminal."""

    def __init__(self, made: Progress, task: TaskID) -> None:
        self._made, self._task = made, task

    def begin_at(self, count: int) -> None:
        """Begin behind articles that are done."""
        self._made.reset(self._task, completed=count, share=unknown)

    def advance(self, count: int = 1) -> None:
        """Count articles that are done."""
        self._made.advance(self._task, count)


def bar() -> Progress:
    """Return a bar with count, rate and time left."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=BAR_WIDTH),
        MofNCompleteColumn(),
        RateColumn(),
        TimeColumn(),
        console=errors,
    )


class RateColumn(TextColumn):
    """Articles a second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        """Return the speed of a task."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "starting …")


class TimeColumn(TextColumn):
    """The time left; the time that has passed where nobody knows how many articles there are, or all are done."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        """Return the time of a task, in whole seconds."""
        left = task.time_remaining
        if task.total is None and "share" in task.fields:
            left = seconds_left(task.elapsed or 0, task.fields["share"]())
        if left is not None and not task.finished:
            return Text(f"{timedelta(seconds=int(left))} left")
        return Text(f"{timedelta(seconds=int(task.finished_time or task.elapsed or 0))} so far")


class Lines:
    """Says in a line, the first time at once and then now and then: `1200 of 20000 articles, 85.0/s, 3:41 left`."""

    def __init__(
        self,
        total: int | None,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
        share: Share = unknown,
    ) -> None:
        self._total, self._say, self._clock, self._share = total, say, clock, share
        self._begin = self._said = clock()
        self._before = self._done = 0
        say(f"0 of {total} articles" if total is not None else "0 articles")

    def begin_at(self, count: int) -> None:
        """Begin behind articles that are done."""
        self._before = self._done = count
        self._share = unknown

    def advance(self, count: int = 1) -> None:
        """Count articles that are done."""
        self._done += count
        now = self._clock()
        if now - self._said >= LINE_SECONDS:
            self._said = now
            self._say(self._line((self._done - self._before) / (now - self._begin)))

    def _line(self, rate: float) -> str:
        if self._total is None:
            left = seconds_left(self._clock() - self._begin, self._share())
            said = f"{self._done} articles, {rate:.1f}/s"
            return said if left is None else f"{said}, {minutes(left)} left"
        left = max(0, self._total - self._done) / rate if rate else 0
        return f"{self._done} of {self._total} articles, {rate:.1f}/s, {minutes(left)} left"


def minutes(seconds: float) -> str:
    """Return a time in minutes and seconds."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
