"""The sample of news: enough of everything, the same each time, and each special case in its place."""

import gzip
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from streams.errors import InvalidRecord
from streams.ids import canonical_url
from streams.records import Raw, decode
from wirewatch.sample import Expectation, articles, expected, expected_warc, raw_records, write_warc
from wirewatch.sample.library import boilerplate, copies, publishers
from wirewatch.sample.order import GAP
from wirewatch.sample.templates import DESIGNS

NOW = datetime(2026, 3, 14, 15, 9, 26, 535897, tzinfo=UTC)
LIMIT_BYTES = 8 * 1024 * 1024
TOP_LEVEL = {f"medtop:{number:02}000000" for number in range(1, 18)}


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    """Return the sample at one time."""
    return list(raw_records(NOW))


@pytest.fixture(scope="module")
def sound(lines: list[bytes]) -> dict[int, Raw]:
    """Return the lines that are raw records, by number."""
    found = {}
    for number, line in enumerate(lines, start=1):
        try:
            found[number] = decode(line, Raw)
        except InvalidRecord:
            continue
    return found


def line_of(name: str) -> int:
    """Return the number of the line that bears a name."""
    return next(number for number, entry in expected().items() if entry.name == name)


def entries(**attributes: object) -> list[Expectation]:
    """Return the expected ends of the lines that have these attributes."""
    return [e for e in expected().values() if all(getattr(e, key) == value for key, value in attributes.items())]


def kinds_of_copy() -> Counter[str]:
    """Return how many lines there are of each kind of copy."""
    return Counter(entry.name.split("(")[1][:-1] for entry in expected().values() if "(" in entry.name)


def test_size(lines: list[bytes]) -> None:
    """There are 120 lines or more, each with an expectation."""
    assert len(lines) >= 120
    assert list(expected()) == list(range(1, len(lines) + 1))


def test_deterministic(lines: list[bytes]) -> None:
    """The same `now` gives the same bytes."""
    assert list(raw_records(NOW)) == lines


def test_urls_do_not_depend_on_now(sound: dict[int, Raw]) -> None:
    """Another day has the same URLs, and so the same article ids."""
    later = [
        decode(line, Raw).url for number, line in enumerate(raw_records(NOW + timedelta(days=40)), 1) if number in sound
    ]
    assert later == [record.url for record in sound.values()]


def test_lines_hold_no_line_ends(lines: list[bytes]) -> None:
    """A line is one line, however many its page has."""
    assert not any(b"\n" in line or b"\r" in line for line in lines)


def test_fetched_within_the_last_hour_and_in_order(sound: dict[int, Raw]) -> None:
    """Lines were fetched one after the other, within the hour before `now`."""
    times = [record.fetched_at for record in sound.values()]
    assert times == sorted(set(times))
    assert NOW - timedelta(hours=1) <= times[0]
    assert times[-1] <= NOW


def test_published_before_fetched(sound: dict[int, Raw]) -> None:
    """No feed announces an article that was fetched before it was published, but for the one from the future."""
    early = [
        expected()[number].name
        for number, record in sound.items()
        if record.published_at and datetime.fromisoformat(record.published_at) > record.fetched_at
    ]
    assert early == ["lesotho-ponies"]


def test_only_broken_lines_are_no_records(sound: dict[int, Raw]) -> None:
    """Lines that do not decode are expected to be dead for that reason, and no others."""
    broken = {
        number
        for number, e in expected().items()
        if {"invalid_json", "invalid_encoding", "invalid_record"} & {*e.reasons}
    }
    assert set(expected()) - set(sound) == broken


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no JSON", "invalid_json"),
        ("no UTF-8", "invalid_encoding"),
        ("missing field", "invalid_record"),
        ("no time", "invalid_record"),
    ],
)
def test_broken_lines_are_refused(lines: list[bytes], name: str, reason: str) -> None:
    """Each broken line is refused for the reason that is expected of it."""
    with pytest.raises(InvalidRecord) as caught:
        decode(lines[line_of(name) - 1], Raw)
    assert (caught.value.reason,) == expected()[line_of(name)].reasons == (reason,)


def test_records_are_where_they_are_expected(sound: dict[int, Raw]) -> None:
    """Each record has the URL that its expectation names, at its publisher's host."""
    hosts = {publisher.host for publisher in publishers().values()}
    for number, record in sound.items():
        assert record.url == expected()[number].url
        assert record.source in hosts


def test_every_host_is_reserved_for_examples() -> None:
    """No publisher's host can exist."""
    assert all(publisher.host.endswith(".example") for publisher in publishers().values())


def test_articles() -> None:
    """There are 60 articles or more, most in English, in eight languages or more with two or more in each of them."""
    languages = Counter(article.language for article in articles().values())
    assert len(articles()) >= 60
    assert languages["en"] > len(articles()) / 2
    assert sum(count >= 2 for count in languages.values()) >= 8
    assert set(languages) == set(boilerplate())


@pytest.mark.parametrize("slug", articles())
def test_article(slug: str) -> None:
    """An article is of a news story's length, with its labels in form, in its publisher's language."""
    article = articles()[slug]
    words = sum(len(paragraph.split()) for paragraph in article.paragraphs)
    assert 4 <= len(article.paragraphs) <= 9
    assert 150 <= words <= 450 if article.language not in {"zh", "ja"} else len("".join(article.paragraphs)) >= 300
    assert article.language == publishers()[article.publisher].language
    assert article.authors
    assert article.topics
    assert set(article.topics) <= TOP_LEVEL
    assert all(len(country) == 2 and country.isupper() for country in article.countries)


def test_every_top_level_topic_is_covered() -> None:
    """Each of the 17 IPTC topics has two articles or more."""
    topics = Counter(topic for article in articles().values() for topic in article.topics)
    assert set(topics) == TOP_LEVEL
    assert min(topics.values()) >= 2


def test_every_continent_is_covered() -> None:
    """There is news from all seven continents."""
    countries = {country for article in articles().values() for country in article.countries}
    assert {"AQ"} | {"SD", "ZA"} | {"PH", "BD"} | {"BE", "DE"} | {"CA", "JM"} | {"CL", "PE"} | {"AU", "VU"} <= countries


def test_designs(sound: dict[int, Raw]) -> None:
    """Pages come in six designs or more, each used by three articles or more, and plain text from two sources."""
    used = Counter(publishers()[e.article.publisher].design for e in entries(outcome="tagged") if e.article)
    assert set(used) == set(DESIGNS)
    assert len([name for name in used if DESIGNS[name].suffix == "html"]) >= 6
    assert min(used.values()) >= 3
    plain = Counter(record.source for record in sound.values() if record.content_type == "text/plain")
    assert len(plain) == 2
    assert min(plain.values()) >= 2


def test_every_design_shows_the_whole_article(sound: dict[int, Raw]) -> None:
    """A whole page holds each paragraph, and boilerplate besides."""
    pages = 0
    for number, record in sound.items():
        entry = expected()[number]
        if entry.outcome == "tagged" and entry.article and entry.article.treatment == "page" and not entry.revision:
            text = record.content.replace("&quot;", '"').replace("&#x27;", "'").replace("&amp;", "&")
            assert all(paragraph in text for paragraph in entry.article.paragraphs), entry.name
            assert len(text) > sum(map(len, entry.article.paragraphs)) + 100
            pages += 1
    assert pages > 20


def test_templates_are_filled(sound: dict[int, Raw]) -> None:
    """No page shows a field's name in place of the field."""
    assert not [number for number, record in sound.items() if "$" in record.content]


def test_copies() -> None:
    """There are copies of each kind, several of most."""
    kinds = kinds_of_copy()
    assert kinds["exact"] >= 5
    assert kinds["wire"] >= 5
    assert kinds["truncated"] >= 4
    assert kinds["extended"] >= 1
    assert kinds["refetch"] >= 2
    assert kinds["tracked"] >= 2
    assert kinds["revision"] >= 1
    assert len(copies()) == sum(kinds.values())


def test_copies_come_well_after_their_originals() -> None:
    """Workers that run side by side have seen an article before its copy comes, whatever they have in hand."""
    first = {entry.article.slug: entry.line for entry in reversed(expected().values()) if entry.article}
    for entry in expected().values():
        if entry.article and entry.line != first[entry.article.slug]:
            assert entry.line - first[entry.article.slug] >= GAP, entry.name


def test_duplicates_name_an_original_that_is_tagged() -> None:
    """The original of a copy is itself the first of its kind."""
    tagged = {entry.url for entry in entries(outcome="tagged", revision=0)}
    assert {entry.original_url for entry in entries(outcome="duplicate")} <= tagged


def test_fetched_again(sound: dict[int, Raw]) -> None:
    """The same page fetched again has its URL and its text, between other links."""
    number = line_of("lalibela-pilgrims (refetch)")
    again, first = sound[number], sound[line_of("lalibela-pilgrims")]
    assert again.url == first.url
    assert again.content != first.content


@pytest.mark.parametrize("slug", ["vanuatu-cyclone", "reef-nurseries", "santos-greve"])
def test_tracked(sound: dict[int, Raw], slug: str) -> None:
    """A link from a newsletter leads to the same page by another URL, which is the same once it is canonical."""
    again, first = sound[line_of(f"{slug} (tracked)")], sound[line_of(slug)]
    assert again.url != first.url
    assert canonical_url(again.url or "") == canonical_url(first.url or "")


def test_revision(sound: dict[int, Raw]) -> None:
    """A real revision has its article's URL and new text."""
    number = line_of("luzon-earthquake (revision)")
    assert expected()[number].revision == 1
    assert sound[number].url == sound[line_of("luzon-earthquake")].url
    assert "Twelve people were killed" in sound[number].content


def test_cut_in_the_middle(sound: dict[int, Raw]) -> None:
    """One page breaks off within a paragraph."""
    content = sound[line_of("namib-lions")].content.replace("&quot;", '"')
    assert "</html>" not in content
    assert articles()["namib-lions"].paragraphs[3] in content
    assert articles()["namib-lions"].paragraphs[4] not in content


def test_nul(sound: dict[int, Raw]) -> None:
    """One page has NUL characters in its text."""
    assert [expected()[n].name for n, record in sound.items() if "\0" in record.content] == ["hobart-slow-trail"]


def test_wrong_encoding(sound: dict[int, Raw]) -> None:
    """One page was read in a wrong encoding, and turning that back gives the article."""
    content = sound[line_of("jachal-canal")].content
    assert "viÃ±edos" in content
    assert articles()["jachal-canal"].paragraphs[0] in content.encode("latin-1").decode()


def test_late_article() -> None:
    """One article was more than a day old when it was fetched."""
    assert [a.slug for a in articles().values() if a.hours_ago > 24 and a.treatment == "page"] == ["guadalcanal-wrecks"]


def test_no_articles(sound: dict[int, Raw]) -> None:
    """There is an empty page, an index of a section, a page of boilerplate only and an error page."""
    assert sound[line_of("empty")].content == ""
    assert sound[line_of("section index")].content.count("<h3>") >= 30
    assert "Sign me up" in sound[line_of("boilerplate only")].content
    assert "Page not found" in sound[line_of("not found")].content


def test_too_big(lines: list[bytes]) -> None:
    """Exactly one line is over the limit for a raw message."""
    assert [number for number, line in enumerate(lines, 1) if len(line) > LIMIT_BYTES] == [line_of("too big")]


def test_nested(sound: dict[int, Raw]) -> None:
    """One page is 100,000 tags deep."""
    assert sound[line_of("nested too deep")].content.startswith("<html><body>" + "<div>" * 100_000)


@pytest.mark.parametrize(
    "words",
    [("sanctions", "oil"), ("earthquake",), ("port", "strike"), ("cholera", "outbreak"), ("ceasefire",)],
    ids=" ".join,
)
def test_watched_subjects(words: tuple[str, ...]) -> None:
    """The subjects that one would watch first have an article each, by their plain words."""
    texts = [" ".join((a.title, *a.paragraphs)).lower() for a in articles().values() if a.language == "en"]
    assert any(all(word in text for word in words) for text in texts)


def test_warc(tmp_path: Path) -> None:
    """The WARC file is small and holds three whole pages and a bomb, as expected of it."""
    path = tmp_path / "sample.warc.gz"
    write_warc(path, NOW)
    with path.open("rb") as stream:
        pages = {
            record.rec_headers.get_header("WARC-Target-URI"): record.raw_stream.read()
            for record in ArchiveIterator(stream)
        }
    assert path.stat().st_size < 200_000
    assert list(pages) == list(expected_warc())
    assert [entry.outcome for entry in expected_warc().values()] == ["tagged", "tagged", "tagged", "dead"]
    assert all(b"</html>" in page for page in list(pages.values())[:3])
    assert len(gzip.decompress(list(pages.values())[3])) > LIMIT_BYTES


def test_warc_is_deterministic(tmp_path: Path) -> None:
    """The same `now` gives the same file."""
    for name in ("first", "second"):
        write_warc(tmp_path / name, NOW)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_warc_has_articles_of_its_own(sound: dict[int, Raw]) -> None:
    """Articles of the WARC file are not in the lines, so that both can be taken in one run."""
    assert not set(expected_warc()) & {record.url for record in sound.values()}
