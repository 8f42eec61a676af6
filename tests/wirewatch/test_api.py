"""The public Python API: listed, typed, documented, and true to its examples."""

import doctest
import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from msgspec.structs import replace

import wirewatch
from streams.errors import WirewatchError
from wirewatch import testing

ROOT = Path(__file__).parents[2]
PUBLIC = [
    *("Clean", "Duplicate", "Duplicates", "Evidence", "InvalidRecord", "Match", "MissingExtra", "NewsTopic", "Raw"),
    *("Refused", "Region", "SettingsError", "Tagged", "Watches", "WirewatchError", "clean", "find_duplicates"),
    *("from_json", "match", "tag", "to_json"),
]


def test_the_list_of_public_names() -> None:
    """A name is added to the list on purpose, and none ever goes."""
    assert wirewatch.__all__ == PUBLIC
    assert set(PUBLIC) <= set(dir(wirewatch))
    with pytest.raises(AttributeError, match="no_such_name"):
        wirewatch.no_such_name  # noqa: B018


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_is_documented(name: str) -> None:
    """Each has a docstring and a place in docs/python.md."""
    assert len(inspect.getdoc(getattr(wirewatch, name)) or "") > 20
    assert re.search(rf"\b{name}\b", (ROOT / "docs" / "python.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [name for name in PUBLIC if name[0].islower()] + ["Duplicates", "Watches"])
def test_a_public_function_has_an_example(name: str) -> None:
    """Each function and class that does something shows how, in an example that runs."""
    found = getattr(wirewatch, name)
    examples = [test for test in doctest.DocTestFinder().find(found, globs={}) if test.examples]
    assert examples


@pytest.mark.parametrize("module", ["wirewatch", "wirewatch.api", "wirewatch.testing", "wirewatch.terminal.console"])
def test_examples_run(module: str) -> None:
    """The examples in the docstrings give the results that they show."""
    result = doctest.testmod(import_module(module), optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert result.attempted
    assert not result.failed


def test_examples_of_the_page_run() -> None:
    """docs/python.md gives the results that it shows."""
    result = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert result.attempted
    assert not result.failed


def test_importing_costs_nothing() -> None:
    """`import wirewatch` loads no library and none of our packages; the API loads none of Kafka's clients."""
    code = (
        "import sys, wirewatch; before = set(sys.modules);"
        "assert not {m.partition('.')[0] for m in before} & {'msgspec', 'numpy', 'agents', 'click', 'asyncio'};"
        "wirewatch.tag('Rain in Lima.');"
        "wirewatch.Watches({'rain': 'rain'}).findings();"
        "assert not {m.partition('.')[0] for m in sys.modules} & {'faust', 'aiokafka', 'click', 'rich'},"
        "sorted({m.partition('.')[0] for m in sys.modules})"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_types_are_shipped() -> None:
    """Each package says that it is typed."""
    assert all((ROOT / package / "py.typed").exists() for package in ("wirewatch", "streams", "agents"))


def test_pages_in_bytes_are_decoded() -> None:
    """A page may come as bytes, in the encoding that it names."""
    page = testing.page().replace("<head>", '<head><meta charset="iso-8859-1">').encode("iso-8859-1")
    assert wirewatch.clean(page, url="https://a.example/1").title == testing.TITLE


def test_a_page_too_large_is_refused() -> None:
    """The limit is that of a worker."""
    with pytest.raises(wirewatch.Refused, match="too_large"):
        wirewatch.clean("x" * (8 * 1024 * 1024 + 1), url="https://a.example/1")


def test_an_article_is_not_changed_by_looking_for_copies() -> None:
    """Looking for duplicates leaves the articles as they were."""
    articles = list(testing.articles())
    before = [wirewatch.to_json(article) for article in articles]
    assert len(list(wirewatch.find_duplicates(articles))) == 1
    assert [wirewatch.to_json(article) for article in articles] == before


def test_watches_of_a_folder(tmp_path: Path) -> None:
    """Watches come from files too; a wrong one is an error of the house with its place."""
    (tmp_path / "rain.toml").write_text('query = "rain"\nseverity = "info"\n')
    watches = wirewatch.Watches.load(tmp_path)
    assert len(watches) == 1
    assert [found.watch for found in watches.match(wirewatch.tag("Rain in Lima."))] == ["rain"]
    (tmp_path / "rain.toml").write_text('query = "rain AND"\n')
    with pytest.raises(WirewatchError, match=r"rain\.toml:1:"):
        wirewatch.Watches.load(tmp_path)


def test_findings_of_watches(tmp_path: Path) -> None:
    """A name of no place is told with the nearest one, of queries and of files; a watch that is well is left out."""
    queries = {"strikes": "strike* AND region:Venezula", "rain": "rain AND region:Peru"}
    (tmp_path / "strikes.toml").write_text("query = 'strike* AND region:Venezula'\nreceivers = ['nobody']\n")

    found = wirewatch.Watches(queries).findings()

    assert [*found] == ["strikes"]
    assert [said.endswith('(did you mean "venezuela"?)') for said in found["strikes"]] == [True]
    assert wirewatch.Watches.load(tmp_path).findings() == found


def test_records_go_through_json() -> None:
    """A record that was written is read as the same."""
    for record in testing.raw_records():
        assert wirewatch.from_json(wirewatch.to_json(record), wirewatch.Raw) == record


READ_ARCHIVE = (
    "import io; from agents.fetch.files.found import Reading; from agents.fetch.files.archives import read_archive as read\n"
    "list(read(io.BytesIO(b'x'), 'a', Reading(9)))"
)


@pytest.mark.parametrize(
    ("extra", "library", "code"),
    [
        ("demo", "confluent_kafka", "from streams.kafka.embedded import EmbeddedBroker as B; B().__enter__()"),
        ("archives", "warcio", READ_ARCHIVE),
        ("postgres", "psycopg", "from agents.archive.open import opener as o; o('postgresql://host/news')"),
    ],
)  # fmt: skip
def test_an_extra_that_is_missing_is_named(extra: str, library: str, code: str) -> None:
    """Without the library the error says which extra to install."""
    blocked = f"import sys; sys.modules[{library!r}] = None; {code}"
    done = subprocess.run([sys.executable, "-c", blocked], capture_output=True, text=True, check=False, timeout=60)
    assert f"pip install 'wirewatch[{extra}]'" in done.stderr


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: wirewatch.clean(None), "clean: content is to be str or bytes or Raw, not NoneType"),  # type: ignore[arg-type]
        (lambda: wirewatch.clean("x", url=b"https://a.example/"), "clean: url is to be str or None, not bytes"),  # type: ignore[arg-type]
        (lambda: wirewatch.clean("x", fetched_at="2026-03-02"), "clean: fetched_at is to be datetime or None, not str"),  # type: ignore[arg-type]
        (lambda: wirewatch.tag(b"A text"), "tag: article is to be Clean or str, not bytes"),  # type: ignore[arg-type]
        (lambda: wirewatch.tag("A text", title=None), "tag: title is to be str, not NoneType"),  # type: ignore[arg-type]
        (lambda: list(wirewatch.find_duplicates("ab")), "article is to be Clean, not str"),  # type: ignore[arg-type]
        (lambda: wirewatch.match("port", next(testing.articles())), "match: article is to be Tagged, not Clean"),  # type: ignore[arg-type]
        (lambda: wirewatch.Watches(["port"]), "Watches: queries is to be Mapping, not list"),  # type: ignore[arg-type]
        (lambda: wirewatch.Watches({"a": b"port"}), "the query of a is to be str, not bytes"),  # type: ignore[dict-item]
        (lambda: wirewatch.to_json(None), "to_json: record is to be Struct, not NoneType"),  # type: ignore[arg-type]
        (lambda: wirewatch.from_json(None, wirewatch.Tagged), "from_json: line is to be str or bytes, not NoneType"),  # type: ignore[arg-type]
        (lambda: wirewatch.from_json(wirewatch.Tagged, b"{}"), "from_json: line is to be str or bytes"),  # type: ignore[arg-type]
        (lambda: wirewatch.from_json(b"{}", dict), "from_json: record is to be a type of record"),  # type: ignore[type-var]
    ],
)  # fmt: skip
def test_a_value_of_a_wrong_type_is_named(call: Callable[[], object], said: str) -> None:
    """It failed deep inside, by an attribute that the caller never heard of."""
    with pytest.raises(TypeError, match=said):
        call()


def test_a_raw_record_is_cleaned_as_apply_does() -> None:
    """Its id and its day of publication come back, and nothing may be said beside it."""
    raw = wirewatch.Raw(
        id="a-7",
        source="ledger.example",
        title="Strike",
        content="Dockers walked out of the port on Monday.",
        content_type="text/plain",
        published_at="1955-03-02",
        fetched_at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    article = wirewatch.clean(raw)
    assert (article.ref, article.title, str(article.published_day)) == ("a-7", "Strike", "1955-03-02")
    for given in ({"title": "Another"}, {"content_type": "text/plain"}):
        with pytest.raises(TypeError, match="a raw record says its own"):
            wirewatch.clean(raw, **given)  # type: ignore[arg-type]
    with pytest.raises(wirewatch.Refused, match="the limit is"):
        wirewatch.clean(replace(raw, content="x" * (9 << 20)))


def test_what_has_no_tag_keeps_its_paragraphs() -> None:
    """A text is plain without a word about it, as text and as bytes; a page is HTML, and either can be said."""
    text = (
        "The ferry to the island runs again after nine days.\n\nIts captain said that the pier had to be mended < May."
    )
    assert wirewatch.clean(text).text == text
    assert wirewatch.clean(text.encode("utf-16")).text == text
    assert "\n" not in wirewatch.clean(text, content_type="text/html").text
    assert wirewatch.clean(f"<!-- v2 -->{text}").text == wirewatch.clean(text, content_type="text/html").text


@pytest.mark.parametrize("content", ["https://harbour.example/strike", "pages/strike.html", b"strike.HTM\n"])
def test_the_address_of_a_page_is_no_page(content: str | bytes) -> None:
    """The error says that it has to be read, where "no article" would send its caller to look at the page."""
    with pytest.raises(ValueError, match="content is the page itself: read '"):
        wirewatch.clean(content)


def test_a_threshold_is_a_score() -> None:
    """Above 1 no topic would ever be tagged, and nobody would hear why."""
    with pytest.raises(ValueError, match="topic_threshold is a score from 0 to 1, not 30"):
        wirewatch.tag("The dockers' strike is over.", topic_threshold=30)


def test_a_page_is_html_or_plain_text() -> None:
    """The head of an answer is no type of a page; it was taken for HTML, whatever it said."""
    with pytest.raises(ValueError, match="content_type is one of text/html, text/plain, not 'image/png'"):
        wirewatch.clean("x", content_type="image/png")  # type: ignore[arg-type]


def test_a_tagged_article_goes_where_a_clean_one_does() -> None:
    """It is one, by its type: tagged anew it has the same regions, and its copies are found."""
    tagged = [wirewatch.tag(article) for article in testing.articles()]

    assert [wirewatch.tag(article) for article in tagged] == tagged
    assert [copy.kind for copy in wirewatch.find_duplicates(tagged)] == ["exact"]


def test_a_text_that_was_cut_in_the_middle_of_a_letter_is_tagged() -> None:
    """Half of a pair of UTF-16 is a character; a whole pair is its letter."""
    story = wirewatch.tag("The central bank of Peru \ud83d\ude00 kept its rate at 4.5 percent. \ud83d")

    assert story.primary_country == "PE"
    assert story.text == "The central bank of Peru 😀 kept its rate at 4.5 percent. �"
