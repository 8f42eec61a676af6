"""`wirewatch topics`: make and list the Kafka topics."""

from pathlib import Path

import click
from rich.table import Table

from streams.topics import TOPICS
from wirewatch.cli import Subcommands
from wirewatch.cli.console import load, output, run_until_signal, with_bootstrap, with_config


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

    \b
    wirewatch topics create --partitions 12 --replication 3
    """
    settings = load(config, bootstrap, kafka__partitions=partitions, kafka__replication=replication)
    from streams.kafka.admin import create_topics

    for result in run_until_signal(create_topics(settings.kafka, TOPICS.values())):
        partitions_made = f"{result.partitions} partition{'' if result.partitions == 1 else 's'}"
        output.print(f"{result.name:22} {'made, ' + partitions_made if result.created else 'was there'}")


@topics.command(name="list")
def topics_list() -> None:
    """Show the table of topics, without asking Kafka.

    \b
    wirewatch topics list
    """
    table = Table(box=None, header_style="dim")
    table.add_column("topic", no_wrap=True)  # whoever copies a name needs the whole of it
    for heading in ("key", "carries", "written by", "kept"):
        table.add_column(heading)
    for topic in TOPICS.values():
        kept = "latest of each key" if topic.compacted else f"{(topic.retention_hours or 0) // 24} d"
        table.add_row(topic.name, topic.key, topic.carries, topic.written_by, kept)
    output.print(table)
