"""Keep the articles of `news.tagged` in a table of one's own, each once: a consumer to begin from.

usage: python examples/consumer.py [--bootstrap HOST:PORT] [--table FILE] [--group NAME] [--until-idle SECONDS]

wirewatch delivers at least once, and what it delivers again has the same `ce_id`. So a consumer writes each message under
that id, and commits its offsets after the table has it: killed at any time, it neither loses an article nor has one
twice. A later version of an article (`revision`) takes the place of the one before.
"""

import argparse
import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaConnectionError

from wirewatch import InvalidRecord, Tagged, from_json

TABLE = """
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY, ce_id TEXT NOT NULL, revision INTEGER NOT NULL, published_at TEXT, source TEXT NOT NULL,
    title TEXT NOT NULL, country TEXT, topic TEXT, text TEXT NOT NULL)
"""
UPSERT = """
INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET ce_id = excluded.ce_id, revision = excluded.revision, published_at = excluded.published_at,
    source = excluded.source, title = excluded.title, country = excluded.country, topic = excluded.topic, text = excluded.text
WHERE excluded.revision >= revision
"""
Row = tuple[str, str, int, str | None, str, str, str | None, str | None, str]


def row_of(article: Tagged, ce_id: str) -> Row:
    """Return an article's row: the country that it is about most, and its surest topic."""
    topics = sorted((topic for topic in article.topics if topic.level == 1), key=lambda topic: -topic.score)
    return (
        article.id,
        ce_id,
        article.revision,
        article.published_at.isoformat() if article.published_at is not None else None,
        article.source,
        article.title,
        article.primary_country,
        topics[0].label if topics else None,
        article.text,
    )


def rows_of(messages: Sequence[ConsumerRecord[bytes, bytes]]) -> list[Row]:
    """Return the rows of some messages; one that is no article of this version is said and passed over."""
    rows: list[Row] = []
    for message in messages:
        ce_id = dict(message.headers).get("ce_id", b"").decode()
        try:
            rows.append(row_of(from_json(message.value or b"", Tagged), ce_id))
        except InvalidRecord as error:
            print(f"{message.topic}[{message.partition}] at {message.offset}: {error}")
    return rows


async def consume(bootstrap: str, group: str, table: sqlite3.Connection, until_idle: float | None) -> int:
    """Write what comes into the table; end after so many seconds without a message. Return how many were written."""
    consumer = AIOKafkaConsumer(
        "news.tagged",
        bootstrap_servers=bootstrap,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    written = 0
    try:
        await consumer.start()
        while True:
            timeout = 1000 if until_idle is None else int(until_idle * 1000)
            batches = await consumer.getmany(timeout_ms=timeout, max_records=500)
            if not batches and until_idle is not None:
                return written
            rows = [row for messages in batches.values() for row in rows_of(messages)]
            with table:  # a transaction: all of them, or none
                table.executemany(UPSERT, rows)
            if batches:
                await consumer.commit()
            written += len(rows)
    finally:
        await consumer.stop()


def main() -> None:
    """Read the options, and consume."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bootstrap", default="127.0.0.1:9092")
    parser.add_argument("--table", type=Path, default=Path("articles.db"))
    parser.add_argument("--group", default="my-articles")
    parser.add_argument("--until-idle", type=float, metavar="SECONDS")
    given = parser.parse_args()
    with closing(sqlite3.connect(given.table)) as table:
        table.execute(TABLE)
        try:
            written = asyncio.run(consume(given.bootstrap, given.group, table, given.until_idle))
        except KafkaConnectionError as error:
            raise SystemExit(f"no Kafka answers at {given.bootstrap} ({error}): give --bootstrap HOST:PORT") from error
        except KeyboardInterrupt:
            raise SystemExit(f"stopped; the same command goes on, into {given.table}") from None
        [kept] = table.execute("SELECT count(*) FROM articles").fetchone()
    print(f"{written} messages written, {kept} articles in {given.table}")


if __name__ == "__main__":
    main()
