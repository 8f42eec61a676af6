"""`wirewatch tail`: the messages of a topic, as they come."""

from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import orjson

from streams.errors import BrokerError, InputError
from streams.text.names import meant
from streams.topics import PUBLIC, TOPICS
from wirewatch.cli.console import configured, errors, load, output, resting, run_until_signal
from wirewatch.cli.names import language_code, region_codes, topic_id
from wirewatch.terminal.console import write_json
from wirewatch.terminal.records import print_record
from wirewatch.terminal.standard import check_reader

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from aiokafka import ConsumerRecord

    from streams.settings import Settings

#: A topic on which nothing has come for so long is asked for its end.
QUIET_MS = 2000


@click.command()
@click.argument("topic", metavar="TOPIC")
@click.option(
    "--region",
    "regions",
    multiple=True,
    help="Country, division, group of countries: VE, Venezuela, US-TX, Sahel. Repeatable: any.",
)
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
    languages: tuple[str, ...],
    sources: tuple[str, ...],
    from_beginning: bool,
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
            f"no topic is called {topic}{meant(topic, TOPICS)}; there are {', '.join(t.name for t in PUBLIC)}",
            param_hint="TOPIC",
        )
    codes = [code for name in regions for code in region_codes(name)]
    ids = [topic_id(name) for name in topics]
    spoken = [language_code(name) for name in languages]
    why = resting()
    if why and not from_beginning:
        raise InputError(f"nothing comes, for {why}; --from-beginning shows what is kept")
    settings = load(config, bootstrap)
    wanted = TailFilter(codes, ids, spoken, sources)
    shown = run_tail(settings, topic, wanted, from_beginning=from_beginning, ends=bool(why), **options)
    run_until_signal(shown, endless=not why)
    if why:
        errors.print(f"that is all, for {why}", style="dim", soft_wrap=True)


class TailFilter(NamedTuple):
    """The codes of regions, topics and languages and the sources of which a message is shown; none: any."""

    regions: Sequence[str]
    topics: Sequence[str]
    languages: Sequence[str]
    sources: Sequence[str]

    def takes(self, headers: "Mapping[str, bytes]", record: "Mapping[str, Any]") -> bool:
        """Say whether a message is wanted."""
        return (
            passes(headers.get("regions"), self.regions)
            and passes(headers.get("topics"), self.topics)
            and (not self.languages or record.get("language") in self.languages)
            and (not self.sources or record.get("source") in self.sources)
        )


async def run_tail(
    settings: "Settings",
    topic: str,
    wanted: TailFilter,
    *,
    from_beginning: bool,
    ends: bool,
    as_json: bool,
    count: int | None,
) -> None:
    """Print a topic's wanted messages as they come; with `ends` only those that it keeps now."""
    shown = 0
    await note_sources(settings, wanted.sources)
    async with aclosing(messages_of(settings, topic, from_beginning=from_beginning, ends=ends)) as messages:
        async for message in messages:
            record = read(message.value)
            if not wanted.takes(dict(message.headers), record):
                continue
            if as_json:
                write_json([message.value or b"null"])
            else:
                print_record(output, record)
            shown += 1
            if count is not None and shown >= count:
                return


async def note_sources(settings: "Settings", wanted: Sequence[str]) -> None:
    """Say it where a source in force is nearly called as one that is waited for: its messages would never come."""
    from wirewatch.sources.topic import OnKafka, in_force

    if not wanted:
        return
    try:
        known, _ = await in_force(OnKafka(settings))
    except BrokerError:  # whoever sends articles needs no sources
        return
    for name in wanted:
        if name not in known and (hint := meant(name, known)):
            errors.print(f"no source in force is called {name}{hint}", soft_wrap=True)


async def messages_of(
    settings: "Settings", topic: str, *, from_beginning: bool, ends: bool
) -> "AsyncGenerator[ConsumerRecord[bytes, bytes], None]":
    """Yield the messages of a topic: those that are kept, of a laptop in its journal, and those that come."""
    from streams.kafka.clients import absence, consuming, partitions_of
    from streams.kafka.reading import JOURNALS, read_all

    journaled = from_beginning and settings.kafka.bootstrap in JOURNALS
    start = "earliest" if from_beginning and not journaled else "latest"
    async with consuming(settings.kafka, fetch_max_wait_ms=100, auto_offset_reset=start) as consumer:
        partitions = await partitions_of(consumer, topic)
        if not partitions:
            raise BrokerError(f"Kafka at {settings.kafka.bootstrap} {absence(consumer, topic)}")
        consumer.assign(partitions)
        if journaled:
            for partition in partitions:
                await consumer.position(partition)  # what comes from now on is read behind what the journal has
            async for message in read_all(settings.kafka, [topic]):
                yield message
        while not ends:
            found = await consumer.getmany(timeout_ms=QUIET_MS)
            for message in (each for messages in found.values() for each in messages):
                yield message
            if not found:
                check_reader()
                await consumer.end_offsets(partitions)  # a topic on which nothing comes looks like a Kafka that is away


def read(value: bytes | None) -> dict[str, Any]:
    """Return a record as plain values; one that stands for bytes that are no JSON object."""
    try:
        record = orjson.loads(value or b"{}")
    except orjson.JSONDecodeError:
        record = None
    return record if isinstance(record, dict) else {"title": f"no JSON object: {(value or b'')[:80]!r}"}


def passes(header: bytes | None, wanted: Sequence[str]) -> bool:
    """Return whether a comma list has one of the wanted values; no wanted values let everything pass."""
    return not wanted or bool(set((header or b"").decode("utf-8", "replace").split(",")) & set(wanted))
