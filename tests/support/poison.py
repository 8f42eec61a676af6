"""Over three hundred kinds of poison for any topic: foreign values, keys, headers, sizes and times, and spoilt records.

`foreign` gives those that are the same for every topic, `spoilt` those that are made of a message that a worker wrote
there, or of one that `own_records` makes as a worker does: cut, with bits turned, with a field missing, of another type, or
at the edge of what its type can hold. `sealed` gives spoilt states the checksum that they would need to be believed.
"""

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import orjson
from aiokafka import ConsumerRecord
from confluent_kafka import Producer

from agents.fetch.source.state import SHORT
from streams import ids
from streams.events import CHECK_HEADER, checksum
from streams.kafka.reading import read_all
from streams.settings import Settings
from streams.topics import SOURCES, TOPICS, WATCHES, KafkaTopic
from streams.worker.fence import CLAIM_KEY, OWNER_HEADER
from tests.support.odd_messages import Headers, Poison, odd_messages
from tests.support.own_records import MAKERS, PAGES, REQUEST, OwnRecord

#: Kinds that are made of one message.
SPOILT = 100
#: How the ids of spoilt messages begin.
NAME = b"poison-"
PAGE = PAGES.encode()


VALUES: dict[str, bytes | None] = {
    "empty": b"",
    "tombstone": None,
    "null": b"null",
    "list": b"[]",
    "object": b"{}",
    "string": b'"text"',
    "number": b"0",
    "not a number": b"NaN",
    "no UTF-8": b"\xff\xfe\x00garbage",
    "zeros": bytes(1000),
    "byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"url":"x"}'.encode("utf-16"),
    "Latin-1": '{"url":"é"}'.encode("latin-1"),
    "lists in lists": b"[" * 20_000,
    "closed lists in lists": b"[" * 5_000 + b"]" * 5_000,
    "objects in objects": b'{"a":' * 20_000,
    "id over 64 bits": b'{"id":18446744073709551616}',
    "id under 64 bits": b'{"id":-9223372036854775809}',
    "number of 5,000 digits": b'{"id":' + b"9" * 5_000 + b"}",
    "infinite": b'{"id":1e999}',
    "half a surrogate": rb'{"url":"\ud800","id":"\udfff","content":"\ud800"}',
    "zero in a string": rb'{"url":"\u0000","id":"\u0000","name":"\u0000","source":"\u0000"}',
    "a field twice": b'{"id":"a","id":"b","url":"c","url":"d"}',
    "a megabyte in one string": b'{"url":"' + b"x" * 1_000_000 + b'"}',
    "host of 20,000 letters": '{{"url":"https://{}.example/","content":"x"}}'.format("é" * 20_000).encode(),
    "10,000 fields": orjson.dumps({str(number): number for number in range(10_000)}),
    "100,000 items": orjson.dumps(list(range(100_000))),
    "msgpack: array": b"\x93\x01\x02\x03",
    "msgpack: 4,294,967,295 items": b"\xdd\xff\xff\xff\xff",
    "msgpack: 4,294,967,295 fields": b"\xdf\xff\xff\xff\xff",
    "msgpack: 4 GiB of text": b"\xdb\xff\xff\xff\xff",
    "msgpack: arrays in arrays": b"\x91" * 20_000,
    "msgpack: an extension": b"\xc7\x04\x7fabcd",
    "msgpack: a time beyond the calendar": b"\xc7\x0c\xff\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff",
    "msgpack: nothing": b"\xc0",
    "gzip": b"\x1f\x8b\x08\x00" + bytes(40),
    "zstd": b"\x28\xb5\x2f\xfd" + bytes(40),
    "pickle": b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x07os.abc\x94.",
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "&b;&b;">]><a>&b;</a>',
    "random": random.Random(1).randbytes(200),
    "100 kB at random": random.Random(2).randbytes(100_000),
    "a page of a tag of 100,000 attributes": orjson.dumps(
        {
            "url": "https://desk.example/crowded",
            "fetched_at": "2026-11-26T12:00:00Z",
            "content_type": "text/html",
            "content": f"<p {' '.join(f'a{number}=1' for number in range(100_000))}>Text</p>",
        }
    ),
    "control characters": b'{"source":"\x1b[2J","url":"\x07"}',
    "bidi": '{"source":"\u202egnp","name":"\u2066"}'.encode(),
    "times of other calendars": b'{"fetched_at":"10000-01-01T00:00:00Z","published_at":"0000-00-00T99:99:99Z"}',
}
ORIGINS = (
    b"x:y", b"", b":", b"0", b"0:0", b"1:1:1", b"-1:-1", b"77:5", b"0:900000000", b"0:" + b"9" * 300,
    b"\xff\xfe", b"0:1e9", " ٣:٣".encode(), b"0 : 0", None,
)  # fmt: skip
NUMBERS = (b"abc", b"", b"nan", b"inf", b"-inf", b"1e400", b"-1", b"9" * 5_000, b"\xff", b"0x10", None)
OWNERS = (b"x:y", b"", b":", b"1", b"0:x", b"-1:x", b"1:stranger", b"9" * 5_000 + b":x", b"\xff\xfe", None)
TIMES = (1, 2**31, 253_402_300_800_000, 2**50)


def foreign(topic: str) -> list[Poison]:
    """Return the kinds that are the same on every topic; but for the ids, of which each topic has its own."""
    own = topic.encode()
    named: Headers = [("ce_id", own), ("ce_source", b"/elsewhere"), ("ce_type", b"x")]
    kinds = [Poison(name, value) for name, value in VALUES.items()]
    kinds += [Poison(f"ww_origin {value!r:.20}", b"{}", headers=[("ww_origin", value)]) for value in ORIGINS]
    for header in ("ww_order", "ww_retry"):
        kinds += [Poison(f"{header} {v!r:.20}", b"{}", headers=[("ww_origin", b"0:0"), (header, v)]) for v in NUMBERS]
    kinds += [
        Poison("ww_sketch garbage", b"{}", headers=[("ww_origin", b"0:0"), ("ww_sketch", b"\x00\x01")]),
        Poison("ww_sketch of a megabyte", b"{}", headers=[("ww_origin", b"0:0"), ("ww_sketch", bytes(1_000_000))]),
        Poison("ce_id no UTF-8", b"{}", headers=[("ce_id", b"\xff\xfe" + own), *named[1:]]),
        Poison("ce_id null", b"{}", headers=[("ce_id", None), *named[1:]]),
        Poison("ce_id of 100 kB", b"{}", headers=[("ce_id", b"i" * 100_000), *named[1:]]),
        Poison("all headers twice", b"{}", headers=named * 2),
        Poison("1,000 headers", b"{}", headers=[(f"h{number}", b"") for number in range(1_000)]),
        Poison("a header of a megabyte", b"{}", headers=[("h", bytes(1_000_000))]),
        Poison("a header's name no ASCII", b"{}", headers=[("é\u202e", b"x")]),
        Poison("key no UTF-8", b"{}", b"\xff\xfe"),
        Poison("no key", b"{}", None),
        Poison("no key, no value", None, None),
        Poison("empty key", b"{}", b""),
        Poison("empty key, no value", None, b""),
        Poison("key of 100 kB", b"{}", b"k" * 100_000),
        Poison("key with a zero", b"{}", b"a\x00b"),
        Poison("a mark of the order that is none", b"{}", b"wirewatch:seen:x"),
        Poison("a mark of the order beyond the end", b"9" * 30, b"wirewatch:seen:0"),
    ]
    kinds += [Poison(f"ww_owner {value!r:.20}", b"{}", headers=[(OWNER_HEADER, value)]) for value in OWNERS]
    stranger: Headers = [(OWNER_HEADER, b"1:stranger")]  # of a number that is taken: what bears it came late
    kinds += [
        Poison("late, key no UTF-8", b"{}", b"\xff\xfe", stranger),
        Poison("late, empty key", b"{}", b"", stranger),
        Poison("late, key of 100 kB", b"{}", b"k" * 100_000, stranger),
        Poison("late, no value", None, headers=stranger),
        Poison("late claim", b"2:stranger", CLAIM_KEY.encode(), stranger),
        Poison("claim without an owner", b"2:stranger", CLAIM_KEY.encode()),
        Poison("end of claims", None, CLAIM_KEY.encode()),
    ]
    kinds += [Poison(f"written at {at}", b"{}", timestamp_ms=at) for at in TIMES]
    return kinds


#: Values that stand in for that of a field.
WRONG: tuple[Any, ...] = (
    None, "", 0, -1, 2**63 - 1, -(2**63), 1.5e308, True, [], {}, [None], [[]], {"": None}, "\x00", "\u202e", "x" * 50_000,
    "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00+14:00", "2026-02-30T00:00:00Z", list(range(2_000)),
)  # fmt: skip


def spoilt(original: ConsumerRecord[bytes, bytes] | OwnRecord, seed: int, *, key: bytes | None = None) -> list[Poison]:
    """Return kinds made of a topic's own message; `key` stands in for its own."""
    rng = random.Random(seed)
    given = list(original.headers)
    value = original.value or b"{}"
    base = Poison("", value, original.key if key is None else key, given)
    kinds = [
        replace(base, kind="without headers", headers=[]),
        replace(base, kind="once more"),
        replace(base, kind="no value", value=b""),
        *(replace(base, kind=f"without {name}", headers=[h for h in given if h[0] != name]) for name, _ in given),
        *(
            replace(base, kind=f"{name} cut", headers=[(n, v[:1] if n == name else v) for n, v in given])
            for name, _ in given
            if name != "ce_id"
        ),
    ]
    kinds += [replace(base, kind=f"cut at {at}", value=value[:at]) for at in rng.choices(range(len(value)), k=10)]
    for _ in range(15):
        turned = bytearray(value)
        for _ in range(rng.randint(1, 3)):
            turned[rng.randrange(len(turned))] ^= 1 << rng.randrange(8)
        kinds.append(replace(base, kind="bits turned", value=bytes(turned)))
    fields = list(misfits(value, rng))
    rng.shuffle(fields)
    kinds += [replace(base, kind=name, value=spoilt_value) for name, spoilt_value in fields]
    while len(kinds) < SPOILT:  # a value without fields
        kinds.append(replace(base, kind="random bytes behind", value=value + rng.randbytes(rng.randrange(1, 50))))
    return [named(kind, f"{seed}-{number}") for number, kind in enumerate(kinds[:SPOILT])]


def named(kind: Poison, name: str) -> Poison:
    """Return a kind with an id of its own: a refusal with another's id would rightly count as double."""
    if kind.kind == "once more":
        return kind
    if kind.value and PAGE in kind.value:  # a request has its id in its value, and its article that of the page
        value = kind.value.replace(PAGE, f"{PAGE.decode()}{name}/".encode())
        kind = replace(kind, value=value.replace(REQUEST.encode(), ids.digest(name).encode()))
    headers = [(n, NAME + name.encode() if n == "ce_id" and v and len(v) > 1 else v) for n, v in kind.headers]
    return replace(kind, headers=headers)


def sealed(kinds: list[Poison]) -> list[Poison]:
    """Return the kinds of a state whose value alone is spoilt, each with the checksum of what it has become."""
    out = []
    for kind in kinds:
        if kind.value and kind.key is not None and CHECK_HEADER in dict(kind.headers):
            headers = [(n, checksum(kind.key, kind.value) if n == CHECK_HEADER else v) for n, v in kind.headers]
            out.append(replace(kind, kind=f"sealed: {kind.kind}", headers=headers))
    return out


def misfits(value: bytes, rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield a record again and again, each time with one field missing or of another type, and what was done."""
    if value.startswith(SHORT):  # a packed state behind its mark
        yield from ((name, SHORT + wrong) for name, wrong in misfits(value[len(SHORT) :], rng))
        return
    for read, write in ((orjson.loads, orjson.dumps), (msgspec.msgpack.decode, msgspec.msgpack.encode)):
        try:
            record = read(value)
        except (ValueError, msgspec.DecodeError):
            continue
        if isinstance(record, list):
            for number in range(len(record)):
                for wrong in WRONG:
                    yield f"item {number}: {wrong!r:.20}", write([*record[:number], wrong, *record[number + 1 :]])
        if isinstance(record, dict):
            for name in record:
                yield f"without {name}", write({k: v for k, v in record.items() if k != name})
                for wrong in WRONG:
                    yield f"{name}: {wrong!r:.20}", write({**record, name: wrong})
            yield "a field more", write({**record, "\u202e": rng.random()})
        return


async def true_one(settings: Settings, topic: KafkaTopic) -> ConsumerRecord[bytes, bytes] | OwnRecord | None:
    """Return the latest message of a topic that no poison became; None where there is none, nor will be."""
    end = time.monotonic() + 60
    while True:
        own = None
        async for message in read_all(settings.kafka, [topic.name]):
            if message.value and not (dict(message.headers).get("ce_id") or b"").startswith(NAME):
                own = message
        if own is not None or topic in MAKERS:
            return own
        assert time.monotonic() < end, f"{topic.name} has no record"
        await asyncio.sleep(0.5)


async def kinds_for(settings: Settings, topic: KafkaTopic) -> list[Poison]:
    """Return the kinds for a topic: foreign ones, and what spoils the latest message there that no poison became.

    Where there is none, one that the step's own encoder makes is written first, and spoilt. Poison of an article has an id of
    its own as event and the article's in its value: without the header it would be another article under that id, and rightly
    count as double.
    """
    own = await true_one(settings, topic)
    # a watch or source of the same name, or its end, would be no poison but what somebody wants
    key = b"poison" if topic in (WATCHES, SOURCES) else None
    seed = list(TOPICS).index(topic.name)
    first: list[Poison] = []
    if own is None:
        own = MAKERS[topic]()
        first = [Poison("a true one", own.value, own.key, [*own.headers])]
    kinds = spoilt(own, seed, key=key)
    return foreign(topic.name) + first + kinds + sealed(kinds) + odd_messages(topic)


def write(bootstrap: str, topic: KafkaTopic, kinds: list[Poison], partitions: int) -> list[str]:
    """Write messages to a topic, one to each of its partitions in turn; return the kinds that Kafka itself refuses.

    It refuses a compacted topic's message without a key, and a time far ahead.
    """
    refused: list[str] = []
    producers: dict[tuple[str, bool], Producer] = {}

    def noted(kind: str, error: object) -> None:
        if error is not None:
            refused.append(kind)

    for number, kind in enumerate(kinds):
        if (which := (kind.packing, bool(kind.transaction))) not in producers:
            producers[which] = producer_of(bootstrap, topic, kind)
        producer = producers[which]
        if kind.transaction:
            producer.begin_transaction()
        producer.produce(
            topic.name,
            kind.value,
            kind.key,
            partition=number % (topic.partitions or partitions),
            headers=[*kind.headers],
            timestamp=kind.timestamp_ms,
            on_delivery=lambda error, _, name=kind.kind: noted(name, error),  # type: ignore[misc]
        )
        producer.poll(0)
        if kind.transaction == "committed":
            producer.commit_transaction(60)
        elif kind.transaction:
            producer.abort_transaction(60)
    assert sum(producer.flush(60) for producer in producers.values()) == 0
    return refused


def producer_of(bootstrap: str, topic: KafkaTopic, kind: Poison) -> Producer:
    """Return a producer that packs as a kind asks for, in transactions if it does."""
    own = {"transactional.id": f"poison-{topic.name}-{kind.packing}"} if kind.transaction else {}
    options = {"bootstrap.servers": bootstrap, "message.max.bytes": 12_000_000, "batch.num.messages": 1}
    producer = Producer({**options, "compression.type": kind.packing, **own})
    if kind.transaction:
        producer.init_transactions(60)
    return producer
