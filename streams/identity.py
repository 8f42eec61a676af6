"""The identity of a message that may be no record: found in bounded time, whatever its bytes are, and never an error."""

from streams import ids
from streams.records import Clean, Raw, decode
from streams.topics import ENTRIES

#: A longer fetch id is nobody's: wirewatch's own have under 100.
MOST_CHARACTERS = 250


def derived_fetch_id(topic: str, partition: int, offset: int, value: bytes) -> str:
    """Return the fetch id of a message without `ce_id`: from its record, or from its bytes and its place."""
    try:
        if topic in ENTRIES:
            raw = decode(value, Raw)
            return ids.fetch_id(ids.article_id(raw.url, raw.source, raw.title, raw.content), raw.fetched_at)
        return with_bound(read_clean(value).fetch_id)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it has a name
        place = f"{partition}-{offset}" if partition >= 0 else f"line-{offset}"
        if topic not in ENTRIES:
            place = f"{topic}-{place}"  # the same bytes at the same place of two topics are two messages
        return f"{ids.digest(value.decode('latin-1'))}:{place}"


def with_bound(fetch_id: str) -> str:
    """Return a fetch id; raise `ValueError` for one that is too long: it becomes a header."""
    if len(fetch_id) > MOST_CHARACTERS:
        raise ValueError(f"a fetch id of {len(fetch_id)} characters")
    return fetch_id


def read_clean(value: bytes) -> Clean:
    """Return a clean record, with the fetch id that it implies where it has none."""
    clean = decode(value, Clean)
    if not clean.fetch_id:
        clean.fetch_id = ids.fetch_id(clean.id, clean.fetched_at)
    return clean
