"""A notice, which is an alert or a digest, and the parts of it that ledger, sender and receivers need."""

from datetime import datetime
from typing import NamedTuple

import msgspec
from msgspec import Struct

from streams import ids
from streams.records import Alert, Delivered, Digest, Severity, decode, read_value

Notice = Alert | Digest

DIGEST_SCHEMA = "wirewatch.digest.v1"


class Schema(Struct):
    """The part of a record that says which one it is."""

    schema: str = ""


schema_decoder = msgspec.json.Decoder(Schema)


class Label(NamedTuple):
    """How deliveries name a notice: the kind, whose it is (watch or digest), how urgent, since when, on which article."""

    kind: Delivered
    name: str
    severity: Severity
    at: datetime
    article: str
    url: str | None
    source: str | None


def read_notice(value: bytes) -> Notice:
    """Return the alert or digest that a message carries; raise `InvalidRecord` for any other bytes."""
    schema = read_value(schema_decoder, value, "neither an alert nor a digest").schema
    return decode(value, Digest) if schema == DIGEST_SCHEMA else decode(value, Alert)


def label_of(notice: Notice) -> Label:
    """Return how deliveries name a notice; a digest has no article, its id stands there."""
    if isinstance(notice, Digest):
        return Label("digest", notice.name, "info", notice.at, notice.id, None, None)
    article = notice.article
    return Label("alert", notice.watch, notice.severity, notice.raised_at, article.id, article.url, article.source)


def public_id(notice: Notice) -> str:
    """Return the id by which receivers tell a notice that comes again: letters and digits alone, the same each time."""
    return ids.digest(f"digest {notice.id}") if isinstance(notice, Digest) else notice.id
