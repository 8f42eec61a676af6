"""An archive that is met for the first time is no news, however many sources bring one; later entries are."""

import random
from collections.abc import Iterable

from agents.watch.language.parse import parse
from agents.watch.records import Watch
from streams.records import Alert, Raw, Tagged, WatchRecord, decode, encode, schema_of
from streams.settings import Settings
from tests.support.flow import sentence
from tests.support.newsstand import DAY, NOON, Bench, MovedClock, Newsstand, feed, item
from wirewatch.apply.chain import Chain, StartedChain

SOURCES, ENTRIES = 100, 6
HOUR = 3600.0
QUERY = '"people from"'  # stands in each sentence


def entry(source: int, number: int, at: float) -> str:
    """Return an item with a text of its own in which the watch finds something; each second source gives no dates."""
    text = " ".join(sentence(random.Random(f"{source} {number} {line}")) for line in range(6))
    return item(
        source * 1000 + number,
        at if source % 2 else None,
        text=text,
        link=f"http://s{source}.example/{number}",
        guid=f"{source}-{number}",
    )


async def polled() -> tuple[list[Raw], list[Raw]]:
    """Return the raw messages of the first polls of all sources, and those of one new entry in each afterwards."""
    async with Newsstand(MovedClock()) as stand:
        archives = {
            source: [entry(source, n, NOON - DAY / 4 * n - 60) for n in range(ENTRIES)] for source in range(SOURCES)
        }
        for source, items in archives.items():
            stand.pages[f"s{source}.example", "/feed"] = feed(*items)
        bench = await Bench(stand).start()
        for source in archives:
            await bench.put(f"s{source}", stand.url("/feed", f"s{source}.example"), body="entry")
        await bench.run(HOUR)
        first = list(bench.topics.raw)
        for source, items in archives.items():
            new = entry(source, ENTRIES, bench.clock.now() + 60)
            stand.pages[f"s{source}.example", "/feed"] = feed(new, *items)
        await bench.run(3 * HOUR)
        await bench.close()
        return first, bench.topics.raw[len(first) :]


async def through(chain: StartedChain, records: Iterable[bytes]) -> list[bytes]:
    """Return the outcomes of records."""
    return [record async for record in chain.run(enumerate(records, 1))]


async def test_a_hundred_archives_raise_nothing_and_a_hundred_new_entries_an_alert_each(settings: Settings) -> None:
    """Six hundred entries at the first polls give no alert; one new entry in each source gives an alert on it."""
    first, later = await polled()
    assert len(first) == SOURCES * ENTRIES
    assert len(later) == SOURCES
    assert all(record.backfill for record in first)
    watch = Watch(record=WatchRecord(name="people", query=QUERY), query=parse(QUERY))
    async with (
        Chain("clean,dedup,tag,stories", settings).started() as articles,
        Chain("watch", settings, [watch]).started() as watches,
    ):
        for raws, alerts in ((first, 0), (later, SOURCES)):
            found = await through(articles, map(encode, raws))  # what happens to stories stands among them
            tagged = [record for record in found if schema_of(Tagged).encode() in record[:100]]
            assert len(tagged) == len(raws)
            raised = [decode(record, Alert) for record in await through(watches, tagged)]
            assert len(raised) == alerts
            assert not raised or {alert.article.url for alert in raised} == {record.url for record in later}
