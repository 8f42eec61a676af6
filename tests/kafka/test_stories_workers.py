"""Stories on a real Kafka: an article has one story for good, however many workers there are and whichever die."""

import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from agents.stories.decide import Decider
from agents.stories.reading.gather import decoder
from agents.stories.settings import StoriesSettings
from agents.stories.step import HEADER
from streams.events import header_list
from streams.kafka.clients import producing
from streams.kafka.reading import read_all
from streams.records import Story, Tagged, decode, encode
from streams.settings import Settings
from streams.topics import GATHERED, STORIED, STORIES, TAGGED
from tests.support.flow import make_topics, worker_on
from tests.support.real_kafka import RealKafka
from tools.made_up_stories import stream

pytestmark = pytest.mark.kafka

KILLS = 4


def articles(events: int) -> list[Tagged]:
    """Return a made-up stream of less than the shortest window, tagged with nothing.

    All of it may come again after a kill: an article whose story has ended meanwhile is rightly decided on anew.
    """
    rows = [clean for clean, _ in stream(11, events, 3.0)]
    end = rows[0].fetched_at + timedelta(days=StoriesSettings().headline_days - 1)
    rows = [clean for clean in rows if clean.fetched_at < end]
    return [
        Tagged(
            **{name: getattr(clean, name) for name in clean.__struct_fields__ if name not in {"schema", "fetch_id"}},
            fetch_id=f"{clean.id}:0",
        )
        for clean in rows
    ]


async def load(settings: Settings, wanted: list[Tagged]) -> None:
    """Send tagged articles as the tag step does."""
    async with producing(settings.kafka, linger_ms=5) as producer:
        for article in wanted:
            headers = header_list(article.fetch_id, "tagged", "tag")
            await producer.send(TAGGED.name, encode(article), key=article.id.encode(), headers=headers)


async def stories_of(settings: Settings) -> dict[str, set[str | None]]:
    """Return the stories that each article has had on the topic of articles with their story."""
    found: dict[str, set[str | None]] = {}
    async for message in read_all(settings.kafka, [STORIED.name]):
        article = decode(message.value or b"", Tagged)
        found.setdefault(article.id, set()).add(article.story.id if article.story else None)
    return found


async def replayed(settings: Settings) -> dict[str, str]:
    """Return the stories that a decider gives the gathered articles, in their order and at their times."""
    mine = settings[StoriesSettings]
    decider = Decider(mine.window_days, mine.headline_days, mine.max_stories)
    found: dict[str, str] = {}
    merged: dict[str, str] = {}
    async for message in read_all(settings.kafka, [GATHERED.name]):
        article = decoder.decode(dict(message.headers)[HEADER])
        decision = decider.decide(article, message.timestamp / 1000)
        for told in decision.places:
            if told.story is not None:
                found[told.article.id] = told.story.id
        merged |= {lost.id: kept.id for lost, kept in decision.merged}
    return {article: resolved(story, merged) for article, story in found.items()}


def resolved(story: str, merged: dict[str, str]) -> str:
    """Return the story that a story has been merged into, as was announced, else itself."""
    while story in merged:
        story = merged[story]
    return story


async def wait_for(met: Callable[[int], bool], settings: Settings, seconds: float) -> int:
    """Wait until so many articles have a story, or the time is over; return how many have."""
    end = time.monotonic() + seconds
    while True:
        many = len(await stories_of(settings))
        if met(many) or time.monotonic() > end:
            return many


@pytest.mark.parametrize("workers", [1, 2, 4])
async def test_an_article_has_one_story_through_four_kills(settings: Settings, tmp_path: Path, workers: int) -> None:
    """No article is in two stories, no id changes, and a replay of the gathered articles gives the same ids."""
    chance, wanted = random.Random(workers), articles(160)
    with RealKafka() as kafka, ExitStack() as stack:
        settings.kafka.bootstrap = kafka.bootstrap
        await make_topics(settings)
        running = [
            stack.enter_context(worker_on(kafka.bootstrap, tmp_path / f"{number}.log", steps="gather,stories"))
            for number in range(workers)
        ]
        part = len(wanted) // KILLS
        for kill in range(KILLS):
            await load(settings, wanted[kill * part : (kill + 1) * part if kill < KILLS - 1 else len(wanted)])
            least = kill * part + part // 3
            assert await wait_for(lambda many, least=least: many >= least, settings, 240) >= least  # type: ignore[misc]
            worker = running[chance.randrange(workers)]
            worker.kill()
            worker.start()
        assert await wait_for(lambda many: many >= len(wanted), settings, 300) == len(wanted)
        found, again = await stories_of(settings), await replayed(settings)
        events = [decode(m.value or b"", Story) async for m in read_all(settings.kafka, [STORIES.name])]
    merged = {story.id: story.merged_into for story in events if story.merged_into}
    told = {article: {resolved(story, merged) for story in stories if story} for article, stories in found.items()}
    assert {article: stories for article, stories in told.items() if len(stories) != 1} == {}
    mine = {article: next(iter(stories)) for article, stories in told.items()}
    assert set(mine) == set(again)
    # a kill in the middle of a decision may lose the count of its words, and with it a close call later
    assert len({(mine[article], again[article]) for article in mine if mine[article] != again[article]}) <= KILLS
    assert {story.id for story in events if story.event == "new"} - set(merged) == set(mine.values())
    assert len(set(mine.values())) < len(wanted)
