"""A hundred and twenty kinds of odd message for any topic, beside those of `tests.support.poison`.

Batches packed in every way and transactions that end in every way, times at the edges, JSON that parsers read in several ways,
records whose fields have other types, keys and headers at their limits.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from streams.topics import KafkaTopic

Packing = Literal["none", "gzip", "snappy", "lz4", "zstd"]
Transaction = Literal["", "committed", "aborted"]
PACKINGS: tuple[Packing, ...] = ("gzip", "snappy", "lz4", "zstd")
ENDS: tuple[Transaction, ...] = ("committed", "aborted")
Headers = list[tuple[str, bytes | None]]


@dataclass(frozen=True)
class Poison:
    """One message; `kind` names it. `packing`: of its batch; `transaction`: how that ends in which it is written, if in any."""

    kind: str
    value: bytes | None
    key: bytes | None = b"poison"
    headers: Headers = field(default_factory=list)
    timestamp_ms: int = 0
    packing: Packing = "none"
    transaction: Transaction = ""


#: An article as somebody else's pipeline has it, under our names.
STRANGE: dict[str, Any] = {
    "schema": "wirewatch.tagged.v9", "id": ["a", "b"], "fetch_id": {"a": 1}, "source": 17, "url": True, "title": None,
    "text": 3.5, "language": [], "fetched_at": 1_800_000_000, "published_at": {"$date": "2026-11-30"}, "regions": "DE",
    "topics": {"medtop:01000000": 1}, "authors": "A. Author", "story": "en-1", "receivers": {}, "watch": [], "name": 4,
    "query": {"bool": {}}, "sections": 0, "content": {"html": "<p>"}, "content_type": 7, "headers": [[]], "attempt": "first",
}  # fmt: skip
DEEP = 3_000
DIGITS = b"7" * 4_000
MIB = 1 << 20


def jsons() -> Iterator[tuple[str, bytes]]:
    """Yield values that are JSON, or nearly."""
    text = orjson.dumps(STRANGE)
    yield "every field of another type", text
    for name, value in STRANGE.items():
        yield f"{name} alone, of another type", orjson.dumps({name: value})
    yield "NaN, -Infinity", b'{"id":NaN,"score":-Infinity,"fetched_at":NaN}'
    yield "4,000 digits", b'{"id":' + DIGITS + b',"fetched_at":' + DIGITS + b"}"
    yield "4,000 digits behind the point", b'{"id":0.' + DIGITS + b"}"
    yield "an exponent of 4,000 digits", b'{"id":1e' + DIGITS + b"}"
    yield "minus zero", b'{"id":-0,"fetched_at":-0.0}'
    yield "a lone surrogate in each place", rb'{"\ud800":"\udc00","id":"\udbff","title":"\ud83d"}'
    yield "surrogates the wrong way round", rb'{"id":"\udc00\ud800","source":"\ude00\ud83d"}'
    yield "surrogates as bytes", b'{"id":"\xed\xa0\x80","source":"\xed\xb0\x80"}'
    yield "overlong bytes", b'{"id":"\xc0\xaf\xe0\x80\xaf"}'
    yield "beyond Unicode", b'{"id":"\xf4\x90\x80\x80"}'
    yield "two marks of the byte order", b"\xef\xbb\xbf\xef\xbb\xbf" + text
    yield "a mark of the byte order inside", '{"id":"\ufeffa\ufeff","url":"\ufeffhttps://a.example/"}'.encode()
    yield "NUL behind", text + b"\x00"
    yield "NUL before", b"\x00" + text
    yield "NUL in names", rb'{"id\u0000":"a","\u0000":1}'
    yield "each field twice", text[:-1] + b"," + text[1:]
    yield "a field a thousand times", b"{" + b",".join([b'"id":"a"'] * 1_000) + b"}"
    yield "names that differ by case", b'{"ID":"a","Id":"b","id":"c","URL":"https://a.example/"}'
    yield "two documents", text + b"\n" + text
    yield "a comma too many", text[:-1] + b",}"
    yield "comments", b'/* a */ {"id": "a" // b\n}'
    yield "single quotes", b"{'id': 'a'}"
    yield "deep in a known field", b'{"regions":' + b"[" * DEEP + b"]" * DEEP + b"}"
    yield "deep objects in a known field", b'{"story":' + b'{"id":' * DEEP + b"1" + b"}" * DEEP + b"}"
    yield "deep behind a string", b'{"title":"' + b"[" * DEEP + b'","x":' + b"[" * DEEP + b"]" * DEEP + b"}"
    yield "50,000 regions", b'{"regions":[' + b",".join([b"{}"] * 50_000) + b"]}"
    yield "escapes only", b'{"title":"' + rb"\u0041" * 100_000 + b'"}'
    yield "backslashes only", b'{"title":"' + rb"\\" * 300_000 + b'"}'
    yield "a string that does not end", b'{"title":"' + b"a" * MIB
    yield "white space only", b" \t\r\n" * 50_000
    yield "a name of a megabyte", b'{"' + b"n" * MIB + b'":1}'
    yield "true", b"true"
    yield "a day that is none", b'{"fetched_at":"2026-11-31T25:61:61+99:99","id":"a","url":"https://a.example/"}'
    yield "a leap second", b'{"fetched_at":"2016-12-31T23:59:60Z","id":"a","url":"https://a.example/","content":"x"}'
    yield (
        "a time of 100,000 digits",
        b'{"fetched_at":"2026-11-30T00:00:00.' + b"1" * 100_000 + b'Z","url":"https://a.example/"}',
    )
    addresses = {
        "an address of v4 in v6": b"https://[::ffff:127.0.0.1]:99999/",
        "an address of dots": b"https://" + b"." * 10_000 + b"/",
        "an address of brackets": b"https://[[[[::1]",
    }
    for kind, address in addresses.items():
        yield kind, b'{"url":"' + address + b'","content":"x","fetched_at":"2026-11-30T00:00:00Z"}'
    yield "combining marks only", orjson.dumps({"title": "\u0301" * 200_000, "text": "\u0301" * 200_000})
    page = {"url": "https://a.example/zw", "fetched_at": "2026-11-30T00:00:00Z", "content_type": "text/html"}
    yield "a page of zero-width signs", orjson.dumps({**page, "content": "<p>" + "\u200b" * 500_000})
    yield "YAML", b"id: a\nurl: https://a.example/\n"
    yield "CSV", b"id,url,title\na,https://a.example/,T\n"
    yield "Avro behind a schema's number", b"\x00\x00\x00\x00\x07" + b"\x02a\x04bc"
    yield "Protobuf", b"\x0a\x01a\x12\x14https://a.example/ab"
    yield "CBOR", b"\xa1\x62id\x61a"
    yield "UBJSON", b"{i\x02idSi\x01a}"
    yield "BSON", b"\x10\x00\x00\x00\x10id\x00\x01\x00\x00\x00\x00"
    yield "msgpack map of odd keys", b"\x83\xc0\x01\x90\x02\x80\x03"
    yield "msgpack: a number of no size", b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00"
    yield "msgpack: 5,000 maps in maps", b"\x81\xa1a" * 5_000 + b"\xc0"


def keys_and_headers(own: bytes) -> Iterator[Poison]:
    """Yield messages whose keys, headers, times and ends are odd; ids of events end with `own`."""
    text = b'{"id":"a"}'
    yield Poison("a key of a megabyte", text, b"k" * (MIB - 2_000))
    yield Poison("a key of a megabyte, ended", None, b"k" * (MIB - 2_000))
    yield Poison("a key of line ends", text, b"\r\n\r\n")
    yield Poison("a key that is JSON", text, b'{"id":"a"}')
    yield Poison("a key of half a letter", text, "ä".encode()[:1])
    yield Poison("a key with a colon", text, b"story:done::x")
    yield Poison("a key of our claims with a tail", text, b"wirewatch:owner:x")
    yield Poison("a key of segments", text, b"#99999999999999999999")
    yield Poison("an end with headers", None, headers=[("ce_id", b"gone-" + own), ("ww_origin", b"0:1")])
    yield Poison("10,000 headers", text, headers=[("x", b"y")] * 10_000)
    yield Poison("ce_id fifty times", text, headers=[("ce_id", b"%d-" % n + own) for n in range(50)])
    yield Poison("a header of no name", text, headers=[("", b"x")])
    yield Poison("a header's name of 30,000 letters", text, headers=[("h" * 30_000, b"x")])
    yield Poison("a header of half a megabyte, twice", text, headers=[("ce_source", b"s" * (MIB // 2 - 4_000))] * 2)
    yield Poison("ww_order beyond a float", text, headers=[("ww_order", b"1" + b"0" * 400), ("ww_origin", b"0:5")])
    yield Poison("ww_order of a day long gone", text, headers=[("ww_order", b"-62135596801.5"), ("ww_origin", b"0:5")])
    yield Poison("ww_origin of another partition", text, headers=[("ww_origin", b"11:9223372036854775807")])
    yield Poison("ww_origin below zero", text, headers=[("ww_origin", b"0:-9223372036854775808")])
    yield Poison("ww_origin in other digits", text, headers=[("ww_origin", "०:१".encode())])
    yield Poison("ww_retry of a million", text, headers=[("ww_retry", b"1000000")])
    yield Poison("ww_owner beyond all", text, headers=[("ww_owner", b"9223372036854775807:them")])
    yield Poison("ww_check of another", text, headers=[("ww_check", b"00000000")])
    yield Poison(
        "ce_time that is none", text, headers=[("ce_id", b"t1-" + own), ("ce_time", b"yesterday"), ("ce_type", b"\xff")]
    )
    yield Poison("content-type of an event in JSON", text, headers=[("content-type", b"application/cloudevents+json")])
    for at in (1, 999, 2**31 - 1, 2**32, 32_503_680_000, 1_000_000_000_000):
        yield Poison(f"written at {at}", text, timestamp_ms=at)


def batches() -> Iterator[Poison]:
    """Yield messages in batches that are packed, or part of a transaction."""
    for packing in PACKINGS:
        yield Poison(f"8 MB of zeros, {packing}", bytes(8_000_000), packing=packing)
        yield Poison(f"8 MB of JSON, {packing}", b'{"text":"' + b"a" * 8_000_000 + b'"}', packing=packing)
        yield Poison(f"an end, {packing}", None, packing=packing)
    for end in ENDS:
        yield Poison(f"{end}: a record", orjson.dumps(STRANGE), transaction=end)
        yield Poison(f"{end}: an end", None, transaction=end)
        yield Poison(f"{end}: zeros, packed", bytes(MIB // 2), transaction=end, packing="zstd")


def odd_messages(topic: KafkaTopic) -> list[Poison]:
    """Return all kinds for a topic; each that names an event names one of the topic's own."""
    own = topic.name.encode()
    values = [
        Poison(kind, value, headers=[("ce_id", b"odd-%d-" % number + own)] if number % 2 else [])
        for number, (kind, value) in enumerate(jsons())
    ]
    return [*values, *keys_and_headers(own), *batches()]
