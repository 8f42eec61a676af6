"""The columns of a table of articles, by the names that archives and exports give them, and a row as a raw record.

Names are compared without case, blanks and marks: `Publish Date`, `publish_date` and `publishDate` are one. Of several that
mean the same the first of `FIELDS` counts, by how surely it is meant.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from agents.fetch.files.encodings import text_of
from agents.fetch.files.found import Reading
from agents.fetch.reading.dates import read_date
from streams.backfill import OLD_AFTER
from streams.records import Raw, from_dict

#: What columns are called, by the raw record's field; `html` and `text` both become its content.
FIELDS: dict[str, tuple[str, ...]] = {
    "id": (
        "id", "articleid", "docid", "documentid", "storiesid", "newsid", "uuid", "guid", "uri", "ref", "key",
    ),
    "url": (
        "url", "link", "articleurl", "articlelink", "pageurl", "newsurl", "weburl", "sourceurl", "canonicalurl",
        "documentidentifier", "permalink", "href",
    ),
    "source": (
        "sourcedomain", "domain", "sourceuri", "host", "hostname", "sourcename", "sourcetitle", "source", "medianame",
        "publisher", "publishername", "publication", "publicationtitle", "outlet", "newspaper", "sourcecommonname", "site",
        "sitename", "website",
    ),
    "title": ("title", "headline", "articletitle", "webtitle", "newstitle", "heading", "head"),
    "html": ("html", "rawhtml", "pagehtml", "articlehtml", "contenthtml", "htmlcontent", "bodyhtml", "htmlbody"),
    "text": (
        "maintext", "fulltext", "articletext", "articlebody", "articlecontent", "bodytext", "textcontent", "cleantext",
        "plaintext", "newstext", "text", "body", "content", "contents", "article", "shortdescription", "description", "summary",
        "abstract", "abstractnote", "excerpt", "snippet",
    ),
    "published_at": (
        "publishedat", "datepublish", "datepublished", "publishdate", "publisheddate", "publicationdate", "dateofpublication",
        "pubdate", "publishedon", "published", "webpublicationdate", "datetimepub", "datetime", "date", "day", "timestamp",
    ),
    "fetched_at": (
        "fetchedat", "fetchdate", "datedownload", "downloadedat", "downloaddate", "crawledat", "crawldate", "scrapedat",
        "scrapedate", "retrievedat", "retrieved", "dateretrieved", "accessdate", "collectedat", "collected", "indexeddate",
        "indexedat", "seendate",
    ),
    "language": ("language", "lang", "languagecode", "articlelanguage"),
    "authors": ("authors", "author", "byline", "creator", "writer", "writers"),
    "categories": ("categories", "category", "section", "sectionname"),
}  # fmt: skip
#: Fields of which one makes a table one of articles.
CONTENT = ("html", "text")
#: What programs write where there is no value.
NOTHING = frozenset(("", "nan", "nat", "none", "null", "n/a", "\\n"))
TIMES = ("published_at", "fetched_at")
#: A text with one of these tags near its beginning is HTML.
TAG = re.compile(r"<(?:!doctype|html|body|article|section|p|div|br|span|h[1-6])\b", re.IGNORECASE)
BEGINNING = 2_000
#: A list as Python or JSON writes it into a cell.
LISTED = re.compile(r"\A\[.{0,4000}\]\Z", re.DOTALL)
#: A part of such a list.
PART = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
#: A whole number as a column with gaps is written: an id, seconds since 1970, a day in eight digits.
FLOAT = re.compile(r"[0-9]{1,19}\.0")
#: Seconds since 1970 with a fraction, and their millionths and billionths: as programs write their own clock.
CLOCK = re.compile(r"([0-9]{10})(?:\.[0-9]{1,9}|[0-9]{6}|[0-9]{9})")
#: Columns that an error names, and characters of each.
MOST_NAMES, NAME = 12, 40


class Columns:
    """The columns of a table that are read, each with its place."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        plain = dict[str, int]()
        for place, name in enumerate(names):
            plain.setdefault(plain_name(name), place)
        known = {field: [plain[each] for each in wanted if each in plain] for field, wanted in FIELDS.items()}
        #: the place of each field's column
        self.places = {field: found[0] for field, found in known.items() if found}

    @property
    def hold_articles(self) -> bool:
        """Whether there is a column of text or HTML."""
        return any(field in self.places for field in CONTENT)

    def values(self, cells: Sequence[Any]) -> dict[str, Any]:
        """Return a row's values by field."""
        return {field: cells[place] for field, place in self.places.items()}

    def missing(self) -> str:
        """Say that a table has no column of articles, and name those that it has."""
        if not any(map(plain_name, self._names)):
            return "no first line with the names of columns (url, title, text …)"
        said = f"no column of text or HTML (text, content, body, html …) among {listed(self._names)}"
        if "url" in self.places:
            said += ": `wirewatch ingest ADDRESS…` asks for pages by their addresses; or"
        else:
            said += ":"
        return f"{said} rename the column that has the articles"

    def __str__(self) -> str:
        """Name the columns that are read, with their fields, and the others."""
        pairs = ((field, self._names[place]) for field, place in self.places.items())
        taken = [name if plain_name(name) == plain_name(field) else f"{name} as {field}" for field, name in pairs]
        left = [name for place, name in enumerate(self._names) if place not in self.places.values()]
        return f"read {listed(taken)}" + (f"; passed over {listed(left)}" if left else "")


def plain_name(name: str) -> str:
    """Return a column's name without case, blanks and marks."""
    return "".join(filter(str.isalnum, name.lower()))


def listed(names: Sequence[str]) -> str:
    """Return names as a list that is not too long."""
    shown = [name if len(name) <= NAME else f"{name[:NAME]}…" for name in names[:MOST_NAMES]]
    more = [f"{len(names) - MOST_NAMES} more"] if len(names) > MOST_NAMES else []
    return ", ".join([*(" ".join(name.split()) or "(no name)" for name in shown), *more])


def raw_of(values: Mapping[str, Any], source: str, changed_at: datetime, where: str, reading: Reading) -> Raw:
    """Return the raw record of a row; raise `InvalidRecord` for values that none can have.

    `values`: by field, as a table's format has them. `source`: of a row that names neither a URL nor a source. `changed_at`: of
    its file, the time of fetching where the row has none. One that was fetched long ago is marked as old. `where`: its place.
    """
    found: dict[str, Any] = {}
    for field, given in values.items():
        if (value := plain_value(given)) is not None:
            found[field] = value
    html, text = (written(found.pop(field, None)) for field in CONTENT)
    language = written(found.pop("language", None)) or None
    published, fetched = (row_time(found.get(field), language, where, reading) for field in TIMES)
    data: dict[str, object] = {field: written(found[field]) for field in ("url", "source", "title") if field in found}
    if not ("url" in data or "source" in data):
        data["source"] = source
    at = fetched or published or changed_at
    row: dict[str, object] = {
        **data,
        "id": reference(found.get("id")),
        "language": language,
        "authors": parts(found.get("authors")),
        "categories": parts(found.get("categories")),
        "published_at": date_hint(found.get("published_at"), published),
        "fetched_at": at,
        "backfill": datetime.now(UTC) - at > OLD_AFTER or None,
        "content": html or text,
        "content_type": "text/html" if html or TAG.search(text[:BEGINNING]) else "text/plain",
    }
    return from_dict(row, Raw)


def plain_value(value: Any) -> Any:
    """Return a value, bytes as text and without blanks around it; None for a value that means "none"."""
    if isinstance(value, bytes):
        value = text_of(value)
    if isinstance(value, str):
        value = value.strip()
        if FLOAT.fullmatch(value):
            value = value.partition(".")[0]
        return None if len(value) <= 4 and value.lower() in NOTHING else value
    return None if value != value or value == [] else value  # noqa: PLR0124 - what is no number is not itself


def written(value: Any) -> str:
    """Return a value as text: of a struct the name in it, and times as ISO 8601 has them."""
    if value is None:
        return ""
    if isinstance(value, dict):
        names = (value.get(name) for name in ("uri", "domain", "name", "title", "href", "label", "value"))
        return next((written(name) for name in map(plain_value, names) if name is not None), "")
    if isinstance(value, list | tuple):
        return "\n\n".join(filter(None, (written(plain_value(each)) for each in value)))
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


def parts(value: Any) -> list[str] | str | None:
    """Return the parts of a list, or of a text that is written like one."""
    if value is None:
        return None
    if isinstance(value, str) and LISTED.match(value):
        return [re.sub(r"\\(.)", r"\1", part[1] or part[2]) for part in PART.finditer(value)] or None
    if isinstance(value, list | tuple):
        return [each for each in map(written, map(plain_value, value)) if each] or None
    return written(value)


def reference(value: Any) -> str | int | None:
    """Return a row's own id: a whole number stays one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return written(value) or None


def time_of(value: Any, language: str | None) -> datetime | None:
    """Return the time that a value names, in UTC where it has no zone; None for any other."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    text = written(value)
    if clock := CLOCK.fullmatch(text):
        text = clock[1]
    return read_date(text, language)[0] if text.isascii() else None


def row_time(value: Any, language: str | None, where: str, reading: Reading) -> datetime | None:
    """Return the time that a row's value names; one that nobody can read is noted with the row's place."""
    if value is None:
        return None
    found = time_of(value, language) or reading.dates(written(value), language or "")
    if found is None:
        reading.undated(where, written(value))
    return found


def date_hint(value: Any, time: datetime | None) -> str | None:
    """Return a row's day of publication as the step clean reads it: a program's clock as a time."""
    text = written(value)
    return time.isoformat() if time and CLOCK.fullmatch(text) else text or None
