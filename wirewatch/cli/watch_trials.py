"""Trials of watches before they act: faults and doubts, articles of a file, the alerts that they would have raised."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING

from streams.errors import InputError, InvalidRecord
from wirewatch.cli.console import errors, output

if TYPE_CHECKING:
    from agents.watch.backtest import Backtest, Past
    from agents.watch.matching.matcher import Matcher
    from agents.watch.records import Watch
    from streams.records import Tagged, Trend
    from streams.settings import Settings

#: Records that `wirewatch apply` writes beside articles, and that no watch is tried on.
OTHERS = (b'"wirewatch.duplicate.v1"', b'"wirewatch.dead.v1"', b'"wirewatch.story.v1"')
#: Wrong lines of a file that are shown one by one.
MAX_SHOWN = 5
#: Watches of which it is said why they do not match an article that none matches.
MOST_MISSING = 3
#: Said of a watch of trends where a backtest has read none.
NO_TRENDS = (
    "asks for trends, and none was read: they are on news.trends, and `wirewatch apply trends` makes them of articles"
)


def check(path: Path, sample: IO[bytes] | None, settings: "Settings") -> int:
    """Print all findings about each watch, the languages that its `topic:` reaches and the countries of its groups.

    Return 1 when there is a finding.
    """
    from agents.tag.topics import covered_languages
    from agents.watch.files import load as load_watches
    from agents.watch.lint import MIN_SAMPLE
    from agents.watch.matching.article import SearchableArticle
    from wirewatch.watches.checking import asks_for_topic, findings, groups_asked_for, trends_asked_for

    watches = load_watches(path)
    read = [SearchableArticle(each) for each in articles(sample)] if sample is not None else []
    if sample is not None:
        require_any(read)
        if len(read) < MIN_SAMPLE:
            few = f"{counted(len(read), 'article', 'articles')} in the sample"
            errors.print(
                f"{few}: of fewer than {MIN_SAMPLE} it is not said what never or nearly always matches", soft_wrap=True
            )
    found = 0
    for watch in watches:
        for finding in findings(watch, settings, read):
            output.print(f"{watch.name}: {finding}", soft_wrap=True)
            found += 1
        if asks_for_topic(watch.query):
            listed = ", ".join(covered_languages())
            output.print(f"{watch.name}: topic: reaches articles in {listed}; others have no topics", soft_wrap=True)
        if told := trends_asked_for(watch, settings):
            output.print(f"{watch.name}: {told}", soft_wrap=True)
        for group in groups_asked_for(watch.query):
            output.print(f"{watch.name}: {group}", soft_wrap=True)
    say_unchecked(settings, watches)
    output.print(f"{counted(len(watches), 'watch', 'watches')}, {counted(found, 'finding', 'findings')}")
    return 1 if found else 0


def say_unchecked(settings: "Settings", watches: "Sequence[Watch]") -> None:
    """Say which receivers are taken as they are, because the settings have none to compare them with."""
    named = sorted({name for watch in watches for name in watch.record.receivers})
    if named and not settings.names("receivers"):
        sections = ", ".join(f"[receivers.{name}]" for name in named)
        errors.print(
            f"receivers are not checked, the settings here have none: a worker delivers where its own have {sections}",
            soft_wrap=True,
        )


def test(path: Path, file: IO[bytes]) -> int:
    """Print for each article which watches match it and why, or the conditions that failed; of each trend who is told.

    Return 1 where there is no article or trend to try them on, or a line is none.
    """
    from agents.watch.files import load as load_watches
    from agents.watch.matching.matcher import Matcher
    from streams.records import Tagged

    tried = 0
    watches = load_watches(path)
    matcher = Matcher(watches)
    trial = Trial(file)
    for tried, record in enumerate(trial, 1):  # noqa: B007 - counts after the loop
        if isinstance(record, Tagged):
            say_matching(watches, record)
        else:
            say_told(matcher, record)
    if not tried:
        errors.print("no tagged article or trend was read; `wirewatch apply clean,dedup,tag` makes them of raw records")
    return 0 if tried and not trial.wrong else 1


def say_matching(watches: "Sequence[Watch]", article: "Tagged") -> None:
    """Print which watches match an article and why, or of the nearest ones the conditions that failed."""
    from agents.watch.language.query import story_conditions
    from agents.watch.matching.explain import explain

    output.print(article.title or article.url or article.id, style="bold", soft_wrap=True)
    results = [(watch, explain(watch.query, article)) for watch in watches]
    matching = [(watch, explanation) for watch, explanation in results if explanation.matched]
    for watch, explanation in matching:
        waits = article.story is None and story_conditions(watch.query)
        output.print(f"  {watch.name}: {'waits for its story' if waits else 'matches'}", style="green")
        output.print(f"    {', '.join(explanation.found())}", soft_wrap=True)
    if matching:
        return
    nearest = sorted(results, key=lambda result: len(result[1].missing()))[:MOST_MISSING]
    for watch, explanation in nearest:
        output.print(f"  {watch.name}: {'; '.join(explanation.missing())}", style="dim", soft_wrap=True)
    if len(results) > len(nearest):
        others = counted(len(results) - len(nearest), "other watch", "other watches")
        output.print(f"  nor does any of {others} match", style="dim")


async def retained(settings: "Settings", days: float, *, trends: bool) -> list["Past"]:
    """Return what Kafka retains of the last days, by time: articles, stories, and trends if they are asked for."""
    from agents.watch.backtest import by_time, past_story
    from streams.kafka.reading import read_all
    from streams.records import Tagged, Trend, decode
    from streams.topics import STORIES, TAGGED, TRENDS

    since = (datetime.now(UTC) - timedelta(days=days)).timestamp() * 1000
    topics = [TAGGED.name, STORIES.name, *([TRENDS.name] if trends else [])]
    found: dict[str, list[Past]] = {topic: [] for topic in topics}
    read: dict[str, Callable[[bytes], Past]] = {
        TAGGED.name: lambda value: decode(value, Tagged),
        STORIES.name: past_story,
        TRENDS.name: lambda value: decode(value, Trend),
    }
    async for message in read_all(settings.kafka, topics):
        if message.timestamp >= since:
            found[message.topic].append(read[message.topic](message.value or b""))
    return by_time(chain.from_iterable(found.values()))


def show_backtest(watches: list["Watch"], read: Sequence["Past"]) -> None:
    """Print the alerts that each watch would have raised: a day, by hour, a sample, and those held back by its limits."""
    from agents.watch.backtest import backtest
    from agents.watch.language.query import names_trend
    from wirewatch.cli.progress import counting

    with counting(read) as counted_read:
        results: dict[str, Backtest] = backtest(watches, counted_read)
    of_trends = {watch.name for watch in watches if names_trend(watch.query)}
    for name, result in results.items():
        output.print(f"{name}", style="bold")
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(result.outcomes.items()))
        matched = f"{result.matched} of {counted(result.articles, 'article', 'articles')}"
        if name in of_trends:
            matched += f" and {result.trends_matched} of {counted(result.trends, 'trend', 'trends')}"
        output.print(f"  matches {matched}; {counted(result.alerts, 'alert', 'alerts')} ({outcomes or 'none'})")
        if name in of_trends and not result.trends:
            output.print(f"  {NO_TRENDS}", soft_wrap=True)
        if not result.alerts:
            continue
        hours = " ".join(f"{hour:02}h:{count}" for hour, count in enumerate(result.alerts_by_hour) if count)
        output.print(
            f"  {result.alerts_per_day:.1f} a day; by hour (UTC) {hours}; {result.held_back_by_cool_down} held back by cool-down"
        )
        for alert in result.sample:
            output.print(f"  · {alert.article.title or alert.article.url or '(no title)'}", soft_wrap=True)


def say_told(matcher: "Matcher", trend: "Trend") -> None:
    """Print which watches are told of a record of a trend, and why others that name it are not."""
    from agents.watch.trends import trend_matches, unasked

    state = f"{trend.state}, {trend.sensitivity}, {trend.at:%Y-%m-%d %H:%M} UTC"
    output.print(f"{trend.label} ({state})", style="bold", soft_wrap=True)
    named = [match.watch for match in trend_matches(matcher, trend)[1]]
    for watch in named:
        why_not = unasked(watch.record, trend)
        said = why_not or f"matches; an alert of {trend.id} is raised once"
        output.print(f"  {watch.name}: {said}", style="dim" if why_not else "green", soft_wrap=True)
    if not named:
        output.print("  no watch names it", style="dim")


class Trial:
    """The tagged records of a file, and with `trends` its trends, to try watches on; lines that are none are reported.

    Duplicates, stories and dead records of `apply` are passed over. Reading raises `InputError` where the file breaks off.
    `wrong` is the number of lines read so far that are none.
    """

    def __init__(self, file: IO[bytes], *, trends: bool = True) -> None:
        self._file, self._trends = file, trends
        self.wrong = 0

    def __iter__(self) -> Iterator["Tagged | Trend"]:
        """Yield the records in the order of the file."""
        from agents.fetch.files.opening import Lines
        from streams.records import Tagged, Trend, decode

        lines = Lines(self._file)
        for number, line in enumerate(lines, 1):
            if not line.strip() or any(schema in line[:200] for schema in OTHERS):
                continue
            try:
                is_trend = self._trends and b'"wirewatch.trend.v1"' in line
                yield decode(line, Trend) if is_trend else decode(line, Tagged)
            except InvalidRecord as error:
                self.wrong += 1
                if self.wrong <= MAX_SHOWN:
                    errors.print(f"line {number}: {error}", soft_wrap=True)
        if self.wrong > MAX_SHOWN:
            errors.print(f"{self.wrong - MAX_SHOWN} more lines are no tagged articles", soft_wrap=True)
        lines.check()


def articles(file: IO[bytes]) -> Iterator["Tagged"]:
    """Yield the tagged records of a file. Raises `InputError` where it breaks off."""
    from streams.records import Tagged

    return (each for each in Trial(file, trends=False) if isinstance(each, Tagged))


def require_any(read: "Sequence[object]") -> None:
    """Raise `InputError` where a file held no article: a trial on none says nothing."""
    if not read:
        raise InputError(
            "no tagged article is in the file; `wirewatch apply clean,dedup,tag` makes them of raw records"
        )


def counted(number: int, one: str, several: str) -> str:
    """Return a number with its noun."""
    return f"{number} {one if number == 1 else several}"
