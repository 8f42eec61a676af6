"""`wirewatch watches …`: try watches before they act, over files of tagged articles or over what Kafka retains."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from rich.console import Console

from agents.watch.backtest import Backtest, backtest
from agents.watch.files import load
from agents.watch.language.lint import lint
from agents.watch.matching.article import SearchableArticle
from agents.watch.matching.explain import explain
from agents.watch.records import Watch
from streams.errors import InvalidRecord
from streams.kafka.replay import read_all
from streams.records import Tagged, decode
from streams.settings import Settings
from streams.topics import TAGGED
from wirewatch.cli.lines import Lines


def articles(file: IO[bytes], errors: Console) -> Iterator[Tagged]:
    """Yield the tagged records of a file; report what is none, pass over what `apply` writes beside them.

    Raises `InputError` where the file breaks off.
    """
    lines = Lines(file)
    for number, line in enumerate(lines, 1):
        if not line.strip() or b'"wirewatch.duplicate.v1"' in line or b'"wirewatch.dead.v1"' in line:
            continue
        try:
            yield decode(line, Tagged)
        except InvalidRecord as error:
            errors.print(f"line {number}: {error}", highlight=False, soft_wrap=True)
    lines.check()


def check(path: Path, sample: IO[bytes] | None, output: Console, errors: Console) -> int:
    """Print what is wrong or doubtful about each watch; return 1 when there is something."""
    watches = load(path)
    read = [SearchableArticle(each) for each in articles(sample, errors)] if sample is not None else []
    found = 0
    for watch in watches:
        for finding in lint(watch, read):
            output.print(f"{watch.name}: {finding}", highlight=False, soft_wrap=True)
            found += 1
    output.print(f"{len(watches)} watches, {found} findings", highlight=False)
    return 1 if found else 0


def test(path: Path, file: IO[bytes], output: Console, errors: Console) -> int:
    """Print for each article which watches match it and why; for one that no watch matches, what was missing.

    Return 1 where there is no article to try them on.
    """
    tried = 0
    queries = [(watch.name, watch.query) for watch in load(path)]
    for tried, article in enumerate(articles(file, errors), 1):  # noqa: B007 - counts after the loop
        output.print(article.title or article.url or article.id, style="bold", highlight=False, markup=False)
        results = [(name, explain(query, article)) for name, query in queries]
        for name, explanation in results:
            if explanation.matched:
                output.print(f"  {name}: matches", style="green", highlight=False)
                for line in explanation.lines(2):
                    output.print(f"  {line}", highlight=False, soft_wrap=True)
            elif len(queries) == 1:
                output.print(
                    f"  {name}: {'; '.join(explanation.missing())}", style="dim", highlight=False, soft_wrap=True
                )
        if not any(explanation.matched for _, explanation in results) and len(queries) > 1:
            output.print("  no watch matches", style="dim")
    if not tried:
        errors.print("no tagged article was read; `wirewatch apply clean,dedup,tag` makes them of raw records")
    return 0 if tried else 1


async def retained(settings: Settings, days: float) -> list[Tagged]:
    """Return what news.tagged has of the last days, in the order of fetching."""
    since = (datetime.now(UTC) - timedelta(days=days)).timestamp() * 1000
    found = [
        decode(m.value or b"", Tagged) async for m in read_all(settings.kafka, [TAGGED.name]) if m.timestamp >= since
    ]
    return sorted(found, key=lambda article: article.fetched_at)


def show_backtest(watches: list[Watch], read: Iterable[Tagged], output: Console) -> None:
    """Print what each watch would have raised: alerts a day, their hours, a sample, what its limits would have swallowed."""
    results: dict[str, Backtest] = backtest(watches, read)
    for name, result in results.items():
        output.print(f"{name}", style="bold", highlight=False)
        outcomes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(result.outcomes.items()))
        output.print(
            f"  {result.matched} of {result.articles} articles match; {result.alerts} alerts ({outcomes or 'none'})"
        )
        if not result.alerts:
            continue
        hours = " ".join(f"{hour:02}h:{count}" for hour, count in enumerate(result.alerts_by_hour) if count)
        output.print(
            f"  {result.alerts_per_day:.1f} a day; by hour (UTC) {hours}; {result.swallowed_by_cool_down} swallowed by cool-down"
        )
        for alert in result.sample:
            output.print(f"  · {alert.article.title}", highlight=False, soft_wrap=True)
