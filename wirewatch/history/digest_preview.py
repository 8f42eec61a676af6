"""Digests previewed at a moment: for `wirewatch digest preview`, and for the page."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from agents.digest.files import load
from agents.digest.matches import Matches
from agents.digest.plan import LONGEST, Plan, since
from agents.digest.settings import DigestSettings
from agents.digest.shelf import Shelf
from streams.errors import SettingsError
from streams.kafka.clients import require_topics
from streams.kafka.reading import read_all
from streams.records import Digest, Story, decode
from streams.settings import Settings
from streams.text.names import those
from streams.topics import MATCHES, STORIES

#: Messages that are decoded together, in a thread.
TOGETHER = 2_000


def planned(settings: Settings, folder: Path | None = None) -> dict[str, Plan]:
    """Return the digests of the folder of the settings, or of another. Raises `SettingsError` where one is wrong."""
    named = settings[DigestSettings].folder
    return load(folder or Path(named)) if folder or named else {}


def chosen(known: dict[str, Plan], name: str, where: str) -> Plan:
    """Return a digest by its name. Raises `SettingsError` that names those there are."""
    if name not in known:
        raise SettingsError(f"no digest is called {name!r} in {where}{those(name, sorted(known))}")
    return known[name]


def made_of(
    settings: Settings, name: str, plan: Plan, stories: Iterable[Story], matches: Matches, at: datetime | None
) -> Digest:
    """Return a digest of stories at a moment: now, or without one, when the latest article was fetched."""
    stories = list(stories)
    moment = at if at is not None else latest(stories)
    shelf = Shelf(LONGEST, settings[DigestSettings].max_stories, matches)
    for story in stories:
        if story.article is None or story.article.fetched_at <= moment:
            shelf.put(story)
    return shelf.digest(name, plan, since(plan, moment), moment)


def latest(stories: Iterable[Story]) -> datetime:
    """Return when the latest article of any story was fetched; now where there is none."""
    times = (story.article.fetched_at for story in stories if story.article is not None)
    return max(times, default=datetime.now(UTC))


async def preview(settings: Settings, name: str, plan: Plan, at: datetime | None) -> Digest:
    """Return a digest, at a moment, of all that news.stories retains, as `made_of`."""
    matches = Matches([plan.watch] if plan.watch is not None else [])
    await require_topics(settings.kafka, [STORIES])
    if matches.watches:
        async for message in read_all(settings.kafka, [MATCHES.name]):
            matches.take(message.value or b"")
    stories: list[Story] = []
    values: list[bytes] = []
    async for message in read_all(settings.kafka, [STORIES.name]):
        values.append(message.value or b"")
        if len(values) == TOGETHER:
            stories += await asyncio.to_thread(decoded, values)
            values = []
    stories += await asyncio.to_thread(decoded, values)
    return await asyncio.to_thread(made_of, settings, name, plan, stories, matches, at)


def decoded(values: Iterable[bytes]) -> list[Story]:
    """Return the stories of messages."""
    return [decode(value, Story) for value in values]
