"""`wirewatch topics`: make and list the Kafka topics."""

from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from streams.topics import TOPICS
from wirewatch.cli import Subcommands
from wirewatch.cli.console import errors, load, output, run_until_signal, with_bootstrap, with_config


@click.group(cls=Subcommands)
def topics() -> None:
    """Make and list the Kafka topics."""


@topics.command(name="create")
@click.option(
    "--partitions", type=click.IntRange(min=1), help="Of each topic that needs no single order (kafka.partitions)."
)
@click.option("--replication", type=click.IntRange(min=1), help="Copies of each partition (kafka.replication).")
@with_config
@with_bootstrap
def topics_create(partitions: int | None, replication: int | None, config: Path | None, bootstrap: str | None) -> None:
    """Make the topics that Kafka lacks, with partitions, retention, compaction and size limits; leave the others alone.

    Beside topics that are there, new ones get as many partitions as those have.

    \b
    wirewatch topics create --partitions 12 --replication 3
    """
    settings = load(config, bootstrap, kafka__partitions=partitions, kafka__replication=replication)
    from streams.kafka.admin import TopicResult, create_topics
    from streams.worker.needs import limits, settings_of

    async def create() -> tuple[list[TopicResult], list[str]]:
        results = await create_topics(settings.kafka, TOPICS.values())
        there = [result.name for result in results if not result.created]
        return results, limits(await settings_of(settings.kafka, there) or {}) if there else []

    results, doubts = run_until_signal(create())
    width = max(map(len, TOPICS))
    for result in results:
        count = f"{result.partitions} partition{'' if result.partitions == 1 else 's'}"
        output.print(f"{result.name:{width}} {'made' if result.created else 'was there'}, {count}", highlight=False)
    made = {result.partitions for result in results if result.created and TOPICS[result.name].partitions is None}
    if made and made != {settings.kafka.partitions}:
        errors.print(
            f"New topics have as many partitions as those that were there, not {settings.kafka.partitions}: a step needs "
            "as many of each of its topics"
        )
    for line in doubts:
        errors.print(f"Look at {line}")


@topics.command(name="list")
def topics_list() -> None:
    """Show the table of topics, without asking Kafka.

    \b
    wirewatch topics list
    """
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)  # whoever copies a name needs the whole of it
    table.add_column()
    for topic in TOPICS.values():
        kept = "the latest of each key" if topic.compacted else f"{(topic.retention_hours or 0) // 24} d"
        about = Text(f"key: {topic.key}; written by {topic.written_by}; kept: {kept}", style="dim")
        table.add_row(topic.name, Text(topic.carries))
        table.add_row("", about)
    output.print(table)
