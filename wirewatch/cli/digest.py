"""`wirewatch digest`: preview a digest."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wirewatch.cli.console import configured, errors, load, run_until_signal

if TYPE_CHECKING:
    from agents.digest.matches import Matches
    from streams.records import Story
    from streams.settings import Settings


@click.group()
def digest() -> None:
    """Preview a digest before it is sent (docs/digests.md)."""


@digest.command(name="preview")
@click.argument("name")
@click.option(
    "--file", "file", type=click.Path(dir_okay=False, path_type=Path), help="Stories from JSON lines, not Kafka."
)
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Of digests (setting digest.folder).")
@click.option("--at", "at", type=click.DateTime(), help="The moment, in UTC; the latest story's time by default.")
@click.option("--form", type=click.Choice(["text", "html", "rss", "json"]), default="text", help="How it is printed.")
@configured
def preview(
    name: str,
    file: Path | None,
    folder: Path | None,
    at: datetime | None,
    form: str,
    config: Path | None,
    bootstrap: str | None,
) -> None:
    """Print the digest NAME as it would be sent at a moment.

    Reads all that news.stories retains, or a file of its records. Receivers that the settings do not know are named.
    """
    from agents.deliver import digests as render
    from agents.deliver.settings import Receivers
    from agents.digest import plan as plans
    from agents.digest.matches import Matches
    from agents.digest.settings import DigestSettings
    from agents.digest.shelf import Shelf
    from streams.errors import SettingsError
    from streams.records import encode

    settings = load(config, bootstrap, running=file is None)
    where = folder or Path(settings[DigestSettings].folder or ".")
    known = plans.load(where)
    if name not in known:
        raise SettingsError(f"no digest is called {name!r} in {where}; there are {', '.join(sorted(known)) or 'none'}")
    plan = known[name]
    if plan.watch is not None and file is not None:
        raise SettingsError(f"digest.{name} asks for the matches of watch {plan.watch}, which a file of stories lacks")
    matches = Matches([plan.watch] if plan.watch is not None else [])
    stories = list(read_file(file)) if file is not None else run_until_signal(read_kafka(settings, matches))
    moment = at.replace(tzinfo=UTC) if at is not None else latest(stories)
    shelf = Shelf(plans.LONGEST, settings[DigestSettings].max_stories, matches)
    for story in stories:
        if story.article is None or story.article.fetched_at <= moment:
            shelf.put(story)
    made = shelf.digest(name, plan, plans.since(plan, moment), moment)
    forms = {"text": render.message(made, "text"), "html": render.html(made), "rss": render.rss_item(made)}
    click.echo(forms.get(form) or encode(made).decode(), nl=form != "text")
    for receiver in set(plan.receivers) - set(settings[Receivers]):
        errors.print(f"digest.{name}: no receiver is called {receiver!r} in the settings", soft_wrap=True)


def latest(stories: "list[Story]") -> datetime:
    """Return when the latest article of any story was fetched; now where there is none."""
    times = (story.article.fetched_at for story in stories if story.article is not None)
    return max(times, default=datetime.now(UTC))


def read_file(file: Path) -> "Iterator[Story]":
    """Yield the stories of JSON lines."""
    from streams.records import Story, decode

    for line in file.read_bytes().splitlines():
        if line.strip():
            yield decode(line, Story)


async def read_kafka(settings: "Settings", matches: "Matches") -> "list[Story]":
    """Return the stories that news.stories retains, and take note of what the watches of digests matched."""
    from streams.kafka.replay import read_all
    from streams.records import Story, decode
    from streams.topics import MATCHES, STORIES

    if matches.watches:
        async for message in read_all(settings.kafka, [MATCHES.name]):
            matches.take(message.value or b"")
    return [decode(message.value or b"", Story) async for message in read_all(settings.kafka, [STORIES.name])]
