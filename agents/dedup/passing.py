"""An article passed on as the bytes that came: only its revision and its time are put in, in place.

The text is most of an article, and deciding does not read it: in the layout that `streams.records.encode` writes, `revision`
and `processed_at` stand before it. Inside a JSON string each quotation mark is escaped, so that the first `"revision":` of
a record is the key. Any other layout is decoded and written anew.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from msgspec import field

from streams.records import Record, Ref, Time, Url, decode, utc

#: The head of a clean record as wirewatch writes it, up to its revision.
HEAD = re.compile(
    rb'\{"schema":"wirewatch\.clean\.v1","id":"([^"\\]*)","fetch_id":"([^"\\]*)",'
    rb'(?:"ref":[^,"]*,|"ref":"(?:\\.|[^"\\])*",)?"revision":(\d+),'
)
#: The time at which it was written, null or RFC 3339.
PROCESSED = re.compile(rb'"processed_at":(null|"[0-9T:.Z+-]+"),')


class ArticleIdentity(Record, kw_only=True):
    """The fields of a clean record that a duplicate repeats; the text is skipped."""

    id: str
    ref: Ref | None = None
    url: Url | None = None
    source: str
    title: str
    authors: list[str] = field(default_factory=list)
    published_at: Time | None = None
    fetched_at: Time
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PassedArticle:
    """A clean record in wirewatch's own layout, and where its revision and its time stand."""

    value: bytes
    id: str
    revision_at: tuple[int, int]
    processed_at: tuple[int, int]

    def with_revision(self, revision: int, now: datetime) -> bytes:
        """Return the record with this revision, written now."""
        value, (a, b), (c, d) = self.value, self.revision_at, self.processed_at
        return b'%b%d%b"%b"%b' % (value[:a], revision, value[b:c], utc(now).encode(), value[d:])

    def identity(self) -> ArticleIdentity:
        """Return the fields that a duplicate's record repeats; raise `InvalidRecord`."""
        return decode(self.value, ArticleIdentity)


def passed(value: bytes, fetch_id: str) -> PassedArticle | None:
    """Return a record that can be passed on as it came; None where its layout or its fetch id is another."""
    head = HEAD.match(value)
    if head is None or head[2] != fetch_id.encode():
        return None
    processed = PROCESSED.search(value, head.end())
    if processed is None:
        return None
    return PassedArticle(value, head[1].decode(), head.span(3), processed.span(1))
