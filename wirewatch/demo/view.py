"""The demo in the terminal: its progress, the live view, the summary."""

import asyncio
import contextlib
import time
from collections import deque
from pathlib import Path

import orjson
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from agents.fetch.files.found import Refusal
from agents.watch.records import Watch
from streams.errors import ReaderGone
from streams.message import Output, Settlement
from streams.records import Alert, Digest, Duplicate, Story, Tagged, Trend, encode
from streams.step import AnyStep
from streams.topics import FINAL, STORIES
from wirewatch.demo import sources
from wirewatch.demo.day import digest_lines, story_line, trend_line
from wirewatch.demo.publisher import LEAST_SECONDS, MOST_SECONDS, NAMES
from wirewatch.http.server import WebApp
from wirewatch.service import Service
from wirewatch.terminal.records import line_of

#: Raw messages that may be on their way at once: the embedded broker keeps only its latest few MiB.
MOST_UNDERWAY = 24
#: A copy waits so long for the article that it copies.
ORIGINAL_SECONDS = 60.0
#: Articles and alerts that the view keeps.
SHOWN = 12
SHOWN_ALERTS = 4
SHOWN_STORIES = 3
#: The receiver that the sample's watches name.
RECEIVER = "demo"
#: A terminal lower than this gets the steps in a few words, not as a table.
LOW = 34


class Progress:
    """Counts and lines of the messages that came to an end so far."""

    def __init__(self, service: Service, web_app: WebApp) -> None:
        self.service = service
        self.web_app = web_app
        self.sent = 0
        self.final = 0
        self.refused: list[Refusal] = []
        self.first_tagged: float | None = None
        #: addresses of articles that came out; `feed` asks for those that have copies
        self.urls: set[str] = set()
        self.lines: deque[Text] = deque(maxlen=SHOWN)
        self.alerts: deque[Text] = deque(maxlen=SHOWN_ALERTS)
        self.raised: dict[str, set[str]] = {}
        self.stories: dict[str, Story] = {}
        self.trends: dict[str, Trend] = {}
        self.digest: Digest | None = None
        #: from publication to tag, of articles that came out while the demo ran
        self.polled_seconds: list[float] = []
        self.moved = asyncio.Event()
        self.plain: Console | None = None
        self.gone: ReaderGone | None = None
        self.started = time.monotonic()

    def settled(self, step: AnyStep, settlement: Settlement) -> None:
        """Follow every message to its end."""
        self.web_app.settled(step, settlement)
        for output in settlement.outputs:
            match output.record:
                case Alert() as alert:
                    self.alert(alert)
                case Story() as story if output.topic is STORIES:
                    self.stories[story.id] = story
                case Trend() as trend if trend.state != "over":
                    self.trends[trend.id] = trend
            if output.topic in FINAL:
                self.ended(output)
        self.moved.set()

    def ended(self, output: Output) -> None:
        """Count and show an article that came to its end."""
        record = output.record
        polled = getattr(record, "source", None) in NAMES  # what is polled was not fed
        self.final += not polled
        if isinstance(record, Tagged):
            if polled and not record.backfill and record.published_at:
                self.polled_seconds.append(time.time() - record.published_at.timestamp())
            if record.url:
                self.urls.add(record.url)
            if self.first_tagged is None:
                self.first_tagged = time.monotonic() - self.started
        if isinstance(record, bytes):
            return
        line = line_of(orjson.loads(output.value))
        # an error of three lines would push the alerts out of the view
        line.no_wrap, line.overflow = True, "ellipsis"
        if isinstance(record, Duplicate):
            line.stylize("dim")
        self.lines.append(line)
        self.print(line)

    def alert(self, alert: Alert) -> None:
        """Show an alert as it is raised."""
        self.raised.setdefault(alert.watch, set()).add(alert.id)
        shown = line_of(orjson.loads(encode(alert)))
        self.alerts.append(shown)
        for line in shown.split():
            self.print(line)

    def print(self, line: Text) -> None:
        """Print a line where there is no live view. That nobody reads on ends the demo, and not the step that is told of it."""
        if self.plain is None:
            return
        try:
            self.plain.print(line, no_wrap=True, overflow="ellipsis", crop=False)
        except ReaderGone as error:
            self.plain, self.gone = None, error

    @property
    def waiting(self) -> bool:
        """Whether an article, a match or an alert is still on its way through the watch steps."""
        settled = {name: sum(runner.totals.outcomes.values()) for name, runner in self.service.runners.items()}
        tagged = self.service.runners["tag"].totals.outcomes.get("tagged", 0)
        copies = self.service.runners["dedup"].totals.outcomes.get("duplicate", 0)
        alerts = sum(map(len, self.raised.values())) + (self.digest is not None)
        return (
            settled["match"] < tagged
            or settled["stories"] < tagged + copies
            or settled["trends"] < tagged
            or settled["watch"] < self.service.runners["match"].totals.given
            or settled["deliver"] < alerts
        )

    @property
    def most_told(self) -> list[Story]:
        """The stories that run, those of the most sources first."""
        running = [story for story in self.stories.values() if story.event not in ("merged", "ended")]
        return sorted(running, key=lambda story: (-story.sources, -len(story.related), -story.articles, story.id))

    async def room(self, original: str | None = None) -> None:
        """Wait until the steps have caught up enough to be fed again, and the article that is copied has come out.

        Partitions go on side by side: a copy could be ahead of its original, and would then be taken for it.
        """
        end = time.monotonic() + ORIGINAL_SECONDS
        while self.sent - self.final >= MOST_UNDERWAY or (
            original is not None and original not in self.urls and time.monotonic() < end
        ):
            self.moved.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.moved.wait(), 1)


def view(progress: Progress, state: str, height: int) -> RenderableType:
    """Return the live view: the steps, the latest articles and alerts; no higher than the terminal.

    Sections are set apart by rules: a frame would break on scripts whose width terminals count differently.
    """
    steps: RenderableType = steps_table(progress) if height >= LOW else steps_line(progress)
    polled: RenderableType = sources.table(progress.service) if height >= LOW else sources.line(progress.service)
    rows = (len(progress.service.runners) + len(NAMES) + 3) if height >= LOW else 5
    alerts = list(progress.alerts)[-(SHOWN_ALERTS if height >= LOW else 2) :]
    stories = [*map(trend_line, list(progress.trends.values())[-1:]), *map(story_line, progress.most_told)]
    stories = stories[: SHOWN_STORIES if height >= LOW else 2]
    room = max(3, min(SHOWN, height - 1 - rows - 5 - max(1, len(stories)) - 2 * max(1, len(alerts))))
    articles = list(progress.lines)[-room:]
    return Group(
        Rule("wirewatch demo", style="dim"),
        steps,
        Text(state, style="dim", no_wrap=True, overflow="ellipsis"),
        Rule("sources", style="dim"),
        polled,
        Rule("articles", style="dim"),
        *(articles or [Text("starting the steps …", style="dim")]),
        Rule("stories", style="dim"),
        *(stories or [Text("none yet", style="dim")]),
        Rule("alerts", style="dim"),
        *(alerts or [Text("none yet", style="dim")]),
    )


def steps_table(progress: Progress) -> Table:
    """Return a row for each step: messages, outcomes, lag and times."""
    table = Table(box=None, header_style="dim", expand=True)
    for name in ("step", "taken", "put out", "set aside", "lag", "median", "slowest"):
        table.add_column(name, justify="left" if name == "step" else "right")
    for name, runner in progress.service.runners.items():
        totals = runner.totals
        aside = {k: v for k, v in totals.outcomes.items() if k in ("dead", "duplicate")}
        passed = sum(totals.outcomes.values()) - sum(aside.values())
        seconds = sorted(totals.seconds)
        table.add_row(
            name,
            str(totals.taken),
            str(passed),
            ", ".join(f"{v} {k}" for k, v in aside.items()) or "0",
            str(totals.lag),
            f"{seconds[len(seconds) // 2] * 1000:.0f} ms" if seconds else "",
            f"{seconds[-1] * 1000:.0f} ms" if seconds else "",
        )
    return table


def steps_line(progress: Progress) -> Columns:
    """Return the steps with the messages that each has taken, in a few words; no number goes to another line than its step."""
    runners = progress.service.runners.items()
    return Columns([f"{name} {runner.totals.taken}" for name, runner in runners], padding=(0, 1))


def report_alerts(progress: Progress, watches: list[Watch], received: Path, console: Console, *, stays: bool) -> None:
    """Say which watches fired, how often, and how many alerts the receiver has; with `stays` where to read them."""
    fired = ", ".join(
        f"{name} {len(progress.raised.get(name, ()))}" for name in sorted(watch.name for watch in watches)
    )
    console.print(f"{sum(map(len, progress.raised.values()))} alerts ({fired})", soft_wrap=True)
    lines = received.read_bytes().count(b'"schema":"wirewatch.alert.') if received.exists() else 0
    console.print(f"{lines} of them delivered to the receiver `{RECEIVER}`")
    if stays:
        console.print(f"they are in this file until the demo ends:\n{received}", soft_wrap=True)


def report_day(progress: Progress, address: str | None, console: Console) -> None:
    """Show the most told stories, the trends, and the digest, with the address at which it stays a page (None: nowhere)."""
    sections = [
        ("stories", [story_line(story) for story in progress.most_told[:SHOWN_STORIES]]),
        ("trends", [trend_line(trend) for trend in progress.trends.values()] or [Text("none", style="dim")]),
        ("digest", digest_lines(progress.digest) if progress.digest is not None else []),
    ]
    for name, lines in sections:
        console.print(Rule(name, style="dim"))
        for line in lines:
            console.print(line, no_wrap=True, overflow="ellipsis", crop=False)
    if progress.digest is not None and address is not None:
        console.print(f"the whole of it: {address}/api/v1/digests/{progress.digest.name}.html", soft_wrap=True)
    console.print(Rule(style="dim"))


def report(progress: Progress, console: Console) -> None:
    """Say when the first article was tagged, and which pages were refused."""
    seconds = f"{progress.first_tagged:.1f} s" if progress.first_tagged is not None else "never"
    console.print(f"first tagged article {seconds} after the start")
    if progress.polled_seconds:
        slowest, number = max(progress.polled_seconds), len(progress.polled_seconds)
        console.print(
            f"{number} articles came out while it ran: tagged {slowest:.1f} s after their publication at the latest, with a poll "
            f"each {LEAST_SECONDS:g} to {MOST_SECONDS:g} s",
            soft_wrap=True,
        )
    for refusal in progress.refused:
        console.print(f"refused where it came in: {refusal.url or refusal.where}: {refusal.error}", soft_wrap=True)
