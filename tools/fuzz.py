"""Take mutated pages and texts through the cores of the steps: `python -m tools.fuzz [--documents] [--count N]`.

Each is cleaned, sketched, tagged, gathered for stories and matched. Says whether one raises or takes long. With --documents they
are feeds, sitemaps and tables of articles (tools/fuzz_kinds.py), which are read.

Inputs are the sample's pages and texts of wirewatch.sample, mutated by a seed: bytes changed, cut, doubled and moved, tags
and attributes broken, strings of one character or of markup repeated in titles, dates, names and structured data, numbers
of any size in dates, hosts and addresses of any form, and floods (tools/fuzz_floods.py). A record may be refused; another
exception, or more than a second of CPU, is a fault. The same seed gives the same inputs; tests/agents/clean/test_fuzz.py runs
a share of them.
"""
# ruff: noqa: RUF001 - the characters that look like others are what is wanted

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import msgspec
import orjson

from agents.clean import article as clean
from agents.dedup.sketch import make_sketch, read_sketch
from agents.fetch.files.found import Reading
from agents.fetch.files.reading import read_path
from agents.fetch.reading.documents import read
from agents.fetch.reading.neutral import neutral
from agents.stories.reading.gather import gather
from agents.tag.step import load as load_tag
from agents.tag.step import tag
from agents.watch.language.parse import parse
from agents.watch.matching.matcher import Matcher
from agents.watch.records import Watch
from streams.errors import InvalidRecord, Refused
from streams.records import Clean, Raw, Tagged, WatchRecord, decode, encode
from streams.topics import MAX_RAW_BYTES
from tools.fuzz_floods import FLOODS
from tools.fuzz_kinds import DOCUMENTS, SHAPES
from wirewatch.sample.order import raw_records

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
#: CPU seconds that no input may take.
MAX_SECONDS = 1.0
#: Characters that an input may grow by at once, and have.
MOST, MOST_CONTENT = 50_000, 1_000_000
#: Strings that stand where a mutation wants one.
STRINGS = (
    "| ", " - ", "<", "<div>", "</", "<p>", "&amp;", "&#", "\x00", "\ud800", "\u202e", "\xad", "A", "a ", "(", "[", "{",
    '"', "'", "by ", "By A ", "1", "1.", "01/02/03 ", "2026-", "T", "Z", "<script>", "<!--", "]]>", "é", "Ã©", "漢",
    "ำ", "ا", ",", ";", "\n", "\t", "@", "http://[", "https://", "xn--", "\\", "<table><tr><td>", "<a href='", "<br>",
    "© ", "Published ", "cookie ", "<li>",
)  # fmt: skip
#: Places of a page that strings are put into, with a gap for them.
SLOTS = (
    "<title>{}</title>", "<meta property='og:title' content='{}'>", "<meta name='author' content='{}'>",
    "<meta property='article:published_time' content='{}'>", "<h1>{}</h1>", "<time datetime='{}'>{}</time>",
    "<p class='byline'>{}</p>", "<link rel='canonical' href='{}'>", "<html lang='{}'>", "<meta charset='{}'>",
    "<p>{}</p>", "<table>{}</table>", "<ul class='{}'>", "<div id='{}'>", "<span itemprop='author'>{}</span>",
    '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{}","author":"{}","datePublished":"{}"}}</script>',
    '<script type="application/ld+json">{}</script>', "<meta name='parsely-page' content='{}'>", "<p>© 2026 {}</p>",
)  # fmt: skip
#: Watches that look at each article in every way.
QUERIES = ("the NEAR/100 a", '"one day" OR port*', "title:the AND NOT lang:de", "region:DE OR topic:sport", "=The")
HINTS = ("title", "published_at", "language", "url", "source", "feed")
TIMES = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-26T12:00:00+14:00", "1970-01-01T00:00:00Z")


@dataclass(slots=True)
class Findings:
    """The outcome of a run. `slowest`: CPU seconds and number of the slowest inputs; `errors`: number and exception."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, int]] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)

    def add(self, number: int, outcome: str, seconds: float) -> None:
        """Count one input."""
        self.outcomes[outcome] += 1
        self.slowest = sorted([*self.slowest, (seconds, number)], reverse=True)[:10]


@lru_cache(1)
def seeds() -> list[dict[str, object]]:
    """Return the raw records that inputs are made from: every twentieth of the sample."""
    return [orjson.loads(line) for line in list(raw_records(NOW))[::20]]


def inputs(seed: int, count: int) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield numbered mutated records; number and seed decide each."""
    for number in range(count):
        yield number, mutated(random.Random(f"{seed}:{number}"))


def mutated(rng: random.Random) -> dict[str, object]:
    """Return a raw record of the sample after one to six mutations."""
    record = dict(rng.choice(seeds()))
    content = str(record["content"])
    if rng.random() < 0.5:
        content = rng.choice(SHAPES)(content, rng)[:MOST_CONTENT]
    if rng.random() < 0.3:
        content = rng.choice(FLOODS)(content, rng)[:MOST_CONTENT]
    record["content"] = changed(content, rng, 6)
    if rng.random() < 0.2:
        record[rng.choice(HINTS)] = rng.choice(STRINGS) * rng.choice((1, 5, 1_000, 20_000))
    if rng.random() < 0.1:
        record["fetched_at"] = rng.choice(TIMES)
    if rng.random() < 0.1:
        record["content_type"] = rng.choice(("text/html", "text/plain"))
    return record


def changed(content: str, rng: random.Random, most: int) -> str:
    """Return a text after one mutation to `most`."""
    for _ in range(rng.randint(1, most)):
        content = rng.choice(MUTATIONS)(content, rng)[:MOST_CONTENT]
    return content


def document(rng: random.Random) -> tuple[str, bytes]:
    """Return a document of some articles of the sample, and the suffix of its file; some as they are, most mutated."""
    some = rng.choices(seeds(), k=rng.choice((1, 3, 30)))
    entries = [{name: str(each.get(name) or "") for name in ("url", "title", "content")} for each in some]
    suffix, make = rng.choice(DOCUMENTS)
    text = make(entries, rng)[: 4 * MOST_CONTENT]
    if rng.random() < 0.8:
        text = changed(text, rng, 4)
    return suffix, text.encode(rng.choice(("utf-8", "utf-8", "utf-8", "utf-16", "latin-1")), "replace")


def repeated(rng: random.Random) -> str:
    """Return a string of STRINGS, once or up to `MOST` characters long."""
    text = "".join(rng.choices(STRINGS, k=rng.randint(1, 3)))
    return (text * rng.choice((1, 3, 50, 1_000, MOST)))[:MOST]


def cut(content: str, rng: random.Random) -> str:
    """Return the text without a part."""
    start = rng.randrange(len(content) + 1)
    return content[:start] + content[start + rng.randrange(1, 2_000) :]


def doubled(content: str, rng: random.Random) -> str:
    """Return the text with a part many times."""
    start = rng.randrange(len(content) + 1)
    part = content[start : start + rng.randrange(1, 3_000)]
    return content[:start] + (part * rng.randint(2, 60))[:MOST] + content[start:]


def moved(content: str, rng: random.Random) -> str:
    """Return the text with two parts exchanged."""
    first, second, third = sorted(rng.randrange(len(content) + 1) for _ in range(3))
    return content[:first] + content[second:third] + content[first:second] + content[third:]


def replaced(content: str, rng: random.Random) -> str:
    """Return the text with some characters changed."""
    chars = list(content)
    for _ in range(rng.randint(1, 200)):
        if chars:
            chars[rng.randrange(len(chars))] = chr(rng.choice((rng.randrange(128), rng.randrange(0x3000), 0xD800)))
    return "".join(chars)


def inserted(content: str, rng: random.Random) -> str:
    """Return the text with a string somewhere."""
    start = rng.randrange(len(content) + 1)
    return content[:start] + repeated(rng) + content[start:]


def slotted(content: str, rng: random.Random) -> str:
    """Return the text with an element that holds a string, in its head, its body or its middle."""
    slot = rng.choice(SLOTS)
    element = slot.format(*[repeated(rng)] * slot.replace("{{", "").count("{}"))
    mark = rng.choice(("</head>", "<body>", "<h1", "<p", "</article>"))
    start = content.find(mark)
    start = start if start >= 0 else rng.randrange(len(content) + 1)
    return content[:start] + element + content[start:]


def nested(content: str, rng: random.Random) -> str:
    """Return the text inside many elements."""
    tag = rng.choice(("div", "span", "table", "ul", "b", "a", "p", "blockquote"))
    depth = rng.choice((10, 500, 5_000, 25_000))
    return f"<{tag}>" * depth + content + f"</{tag}>" * rng.choice((0, depth))


def misread(content: str, rng: random.Random) -> str:
    """Return the text as a client reads it by the wrong charset."""
    there, back = rng.choice(
        (("utf-8", "latin-1"), ("utf-8", "cp1252"), ("utf-16-le", "latin-1"), ("cp1251", "latin-1"))
    )
    return content.encode(there, "replace").decode(back, "replace")


MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (
    cut, doubled, moved, replaced, inserted, slotted, slotted, nested, misread,
)  # fmt: skip


def through(raw: Raw, matcher: Matcher, *, whole: bool) -> None:
    """Take a raw record through the cores, as an article goes through the steps.

    Not `whole`: it holds a lone surrogate, as no message can; it is only cleaned, as the Python API may be asked to.
    """
    article = clean.clean_raw(raw).clean
    if not whole:
        return
    read_sketch(make_sketch(article))
    tagged = decode(encode(tag(decode(encode(article), Clean))), Tagged)
    gather(tagged)
    matcher.match(tagged)


@lru_cache(1)
def watches() -> Matcher:
    """Return the watches in force, with all that the cores need loaded."""
    clean.load()
    load_tag()
    return Matcher(Watch(WatchRecord(name=f"w{n}", query=query), parse(query)) for n, query in enumerate(QUERIES))


def seconds_of(record: dict[str, object]) -> float:
    """Take a record through the cores, which may refuse it, and return the CPU seconds."""
    matcher, started = watches(), time.process_time()
    with suppress(Refused, InvalidRecord, msgspec.ValidationError):
        through(msgspec.convert(record, Raw), matcher, whole=is_unicode(record))
    return time.process_time() - started


def run(seed: int, count: int) -> Findings:
    """Take mutated records through the cores and return the outcomes."""
    matcher = watches()
    findings = Findings()
    for number, record in inputs(seed, count):
        line = orjson.dumps(record, default=str) if is_unicode(record) else None
        started = time.process_time()
        outcome = "ok"
        try:
            through(decode(line, Raw) if line else msgspec.convert(record, Raw), matcher, whole=line is not None)
        except (Refused, InvalidRecord, msgspec.ValidationError) as refused:
            outcome = getattr(refused, "reason", "invalid")
        except Exception as error:  # noqa: BLE001 - the faults that are looked for
            outcome = "error"
            findings.errors.append((number, f"{type(error).__name__}: {error}"[:200]))
        findings.add(number, outcome, time.process_time() - started)
    return findings


def run_documents(seed: int, count: int) -> Findings:
    """Read mutated documents and return the outcomes."""
    findings = Findings()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            suffix, content = document(random.Random(f"{seed}:{number}"))
            started, outcome = time.process_time(), "ok"
            try:
                if suffix:
                    file = Path(folder, f"articles{suffix}")
                    file.write_bytes(content)
                    found = [type(each).__name__ for each in read_path(file, Reading(MAX_RAW_BYTES))]
                    outcome = f"{suffix} {found[0] if found else 'nothing'}"
                else:
                    read_in = read(content, "https://desk.example/feed")
                    orjson.dumps(neutral(read_in))
                    outcome = read_in.kind
            except Exception as error:  # noqa: BLE001 - the faults that are looked for
                outcome = "error"
                findings.errors.append((number, f"{type(error).__name__}: {error}"[:200]))
            findings.add(number, outcome, time.process_time() - started)
    return findings


def is_unicode(record: dict[str, object]) -> bool:
    """Return whether a record holds no lone surrogate, and can be a message."""
    try:
        "".join(str(value) for value in record.values()).encode()
    except UnicodeEncodeError:
        return False
    return True


def main() -> None:
    """Run, print the outcomes and the slowest inputs; exit 1 where there is a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--documents", action="store_true")
    options = parser.parse_args()
    findings = (run_documents if options.documents else run)(options.seed, options.count)
    print(", ".join(f"{count} {outcome}" for outcome, count in findings.outcomes.most_common()))
    for seconds, number in findings.slowest[:5]:
        print(f"input {number}: {seconds:.3f} s of CPU")
    for number, error in findings.errors[:20]:
        print(f"input {number}: {error}")
    if findings.errors or findings.slowest[0][0] > MAX_SECONDS:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
