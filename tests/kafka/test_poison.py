"""Poison ends on news.dead, with its reason, and the article behind it is tagged."""

import time
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from streams.kafka.reading import read_all
from streams.records import Raw, encode
from streams.settings import Settings
from streams.topics import DEAD, RAW, TAGGED
from tests.support.flow import make_topics, page, settled, worker_on
from tests.support.real_kafka import RealKafka

pytestmark = pytest.mark.kafka

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SLOW_SECONDS = "0.8"


def raw(name: str, content: str) -> bytes:
    """Return a raw message."""
    return encode(Raw(url=f"https://poison.example/{name}", fetched_at=NOW, content_type="text/html", content=content))


def hanging() -> bytes:
    """Return a text that keeps a process busy for several times the test's limit."""
    lines = "\n".join(f"Line {n} says that the river rose by {n} metres." for n in range(145_000))
    url = "https://poison.example/hang"
    return encode(Raw(url=url, fetched_at=NOW, content_type="text/plain", content=lines))


def poison() -> list[tuple[bytes, str]]:
    """Return messages, and the reason for which each is to end on news.dead."""
    missing = orjson.dumps({"url": "https://poison.example/missing", "content": "x"})
    return [
        (b'{"url": "https://poison.example/json", ', "invalid_json"),
        (b'{"url": "https://poison.example/\xff\xfe", "content": "\xc3("}', "invalid_encoding"),
        (missing, "invalid_record"),
        (b"[1, 2, 3]", "invalid_record"),
        (b"", "invalid_json"),
        (raw("big", "<p>" + "many words here " * 3_400_000), "too_large"),
        (b"[" * 100_000, "invalid_json"),
        (raw("nested", "<div>" * 100_000 + "text" + "</div>" * 100_000), "too_deep"),
        (hanging(), "timeout"),
        (raw("empty", ""), "empty"),
    ]


async def test_poison_is_set_aside(settings: Settings, kafka: RealKafka, tmp_path: Path) -> None:
    """Each poisoned message ends on news.dead with step and reason, and the article behind it is tagged."""
    settings.kafka.bootstrap = kafka.bootstrap
    settings.kafka.partitions = 1
    await make_topics(settings)
    text = (
        "The river at Porto rose by two metres, and the city closed both bridges until Friday, the mayor's office said."
    )
    values: list[bytes] = []
    for number, (bad, _) in enumerate(poison()):
        values += [
            bad,
            raw(
                f"behind-{number}",
                page(f"Bridges of Porto closed, case {number}", [f"{text} It was case {number} of {number * 37}."] * 3),
            ),
        ]
    careless = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, max_request_size=1 << 27, compression_type="zstd")
    await careless.start()
    for value in values:
        await careless.send_and_wait(RAW.name, value, partition=0)
    await careless.stop()
    before = time.monotonic()
    with worker_on(kafka.bootstrap, tmp_path / "worker.log", clean_timeout_seconds=SLOW_SECONDS):
        account = await settled(settings, 120)
    assert account.settled, account
    dead = {}
    tagged = set()
    async for message in read_all(settings.kafka, [DEAD.name, TAGGED.name]):
        record = orjson.loads(message.value or b"")
        if message.topic == DEAD.name:
            dead[record["offset"]] = (record["step"], record["reason"], record["original"] is None)
        else:
            tagged.add(record["url"])
    expected = {2 * n: ("clean", reason, reason == "too_large") for n, (_, reason) in enumerate(poison())}
    assert dead == expected
    duplicates = account.final["news.duplicates"]
    assert len(tagged) + duplicates == len(poison())
    print(f"{len(values)} messages in {time.monotonic() - before:.1f} s")
