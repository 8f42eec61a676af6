"""`wirewatch tail`: the messages of a topic, as they come."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from streams.errors import BrokerError, SettingsError
from streams.topics import PUBLIC, TOPICS
from wirewatch.cli.console import configured, load, output, run_until_signal
from wirewatch.cli.show import line_of
from wirewatch.cli.terminal import write_json

if TYPE_CHECKING:
    from streams.settings import Settings


@click.command()
@click.argument("topic", metavar="TOPIC")
@click.option("--region", "regions", multiple=True, help="Country or division: VE, Venezuela, US-TX. Repeatable: any.")
@click.option("--topic", "topics", multiple=True, help="IPTC topic: labour, medtop:16000000. Repeatable: any.")
@click.option("--language", "languages", multiple=True, help="Language (es). Repeatable: any.")
@click.option("--source", "sources", multiple=True, help="Source. Repeatable: any.")
@click.option("--from-beginning", is_flag=True, help="Start with the oldest that Kafka has, not with what comes next.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines instead of a line for people.")
@click.option("-n", "--count", type=click.IntRange(min=1), help="End after so many.")
@configured
def tail(
    topic: str,
    *,
    regions: tuple[str, ...],
    topics: tuple[str, ...],
    config: Path | None,
    bootstrap: str | None,
    **options: Any,
) -> None:
    """Show the messages of TOPIC, as they come.

    Regions and topics are compared with the headers `regions` and `topics`, which news.tagged and news.alerts have.

    \b
    wirewatch tail news.tagged --region VE --topic medtop:11000000
    wirewatch tail news.dead --from-beginning --json | jq .error
    """
    if topic not in TOPICS:
        raise click.BadParameter(
            f"no topic is called {topic}; there are {', '.join(t.name for t in PUBLIC)}", param_hint="TOPIC"
        )
    settings = load(config, bootstrap)
    codes, ids = [region_code(name) for name in regions], [topic_id(name) for name in topics]
    run_until_signal(run_tail(settings, topic, regions=codes, topics=ids, **options))


def region_code(name: str) -> str:
    """Return the code of a country or division that the header `regions` has; raise `SettingsError` for no such place."""
    from agents.watch.language.vocabulary import DIVISION, UnknownName, region
    from streams.m49 import areas

    try:
        found = region(name)
    except UnknownName as error:
        raise SettingsError(f"--region {error}: {error.hint}") from error
    if found in areas() or DIVISION.fullmatch(found):
        return found
    raise SettingsError(f"--region {name} is no country and no division: name one as VE, Venezuela or US-TX")


def topic_id(name: str) -> str:
    """Return the id of an IPTC topic by id or English name; raise `SettingsError` for no such topic."""
    from agents.watch.language.vocabulary import UnknownName, topic

    try:
        return topic(name)
    except UnknownName as error:
        raise SettingsError(f"--topic {error}: {error.hint}") from error


async def run_tail(
    settings: "Settings",
    topic: str,
    *,
    regions: Sequence[str],
    topics: Sequence[str],
    languages: Sequence[str],
    sources: Sequence[str],
    from_beginning: bool,
    as_json: bool,
    count: int | None,
) -> None:
    """Print the messages of a topic that pass the filters."""
    from streams.kafka.clients import consuming, partitions_of

    start = "earliest" if from_beginning else "latest"
    async with consuming(settings.kafka, fetch_max_wait_ms=100, auto_offset_reset=start) as consumer:
        partitions = await partitions_of(consumer, topic)
        if not partitions:
            raise BrokerError(
                f"Kafka at {settings.kafka.bootstrap} has no topic {topic}: `wirewatch topics create` makes it"
            )
        consumer.assign(partitions)
        shown = 0
        async for message in consumer:
            headers = dict(message.headers)
            if not passes(headers.get("regions"), regions) or not passes(headers.get("topics"), topics):
                continue
            record = read(message.value)
            if (languages and record.get("language") not in languages) or (
                sources and record.get("source") not in sources
            ):
                continue
            if as_json:
                write_json([message.value or b"null"])
            else:
                output.print(line_of(record))
            shown += 1
            if count is not None and shown >= count:
                return


def read(value: bytes | None) -> dict[str, Any]:
    """Return a record as plain values; one that stands for bytes that are no JSON object."""
    try:
        record = orjson.loads(value or b"{}")
    except orjson.JSONDecodeError:
        record = None
    return record if isinstance(record, dict) else {"title": f"no JSON object: {(value or b'')[:80]!r}"}


def passes(header: bytes | None, wanted: Sequence[str]) -> bool:
    """Tell whether a comma list has one of the wanted values; no wanted values let everything pass."""
    return not wanted or bool(set((header or b"").decode("utf-8", "replace").split(",")) & set(wanted))
