"""JSON Feed 1.0 and 1.1."""

from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.fetch.reading.documents import read
from agents.fetch.reading.entries import Link

URL = "https://e.org/feed.json"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


def test_an_item_is_an_entry() -> None:
    """Fields of 1.1 come out; the feed's own stand for items without."""
    document = read(
        orjson.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "T",
                "home_page_url": "https://e.org/",
                "language": "fr",
                "authors": [{"name": "Ana"}],
                "hubs": [{"type": "WebSub", "url": "https://hub.example.org/"}],
                "items": [
                    {"id": 7, "url": "/7", "content_text": "Text", "date_published": "2026-11-26T10:00:00+01:00"}
                ],
            }
        ),
        URL,
    )
    entry = document.entries[0]

    assert (document.kind, document.links) == ("json", (Link("hub", "https://hub.example.org/"),))
    assert (entry.guid, entry.url, entry.authors, entry.language) == ("7", "https://e.org/7", ("Ana",), "fr")
    assert (entry.content, entry.content_type) == ("Text", "text/plain")
    assert entry.published_at == datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_a_trailing_comma_is_forgiven_and_noted() -> None:
    """The one fault that templates make."""
    document = read(b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1"},]}', URL)

    assert len(document.entries) == 1
    assert document.notes[0].startswith("broken: ")


@given(st.lists(JSON, max_size=4), JSON)
def test_any_items_are_read(items: list[object], author: object) -> None:
    """Whatever types stand where others belong, nothing raises."""
    assert read(orjson.dumps({"items": items, "author": author, "hubs": items, "title": author}), URL).kind == "json"


@given(
    st.fixed_dictionaries(dict.fromkeys(("id", "url", "title", "tags", "authors", "date_published", "summary"), JSON))
)
def test_any_fields_of_an_item_are_read(item: dict[str, object]) -> None:
    """An item of nonsense is an entry without it."""
    assert len(read(orjson.dumps({"items": [item]}), URL).entries) == 1


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ('"size": 1e400', None),
        ('"size": NaN', None),
        (f'"size": {"7" * 5000}', None),
        ('"title": "Ferry \\ud83d"', "Ferry \ufffd"),
        ('"title": "Ferry\nlate"', "Ferry late"),
    ],
)
def test_a_field_that_nothing_can_hold_costs_no_entry(field: str, title: str | None) -> None:
    """A number beyond all numbers, half of a pair or a bare line end refuses neither the feed nor its item."""
    document = read(f'{{"title": "T", "items": [{{"id": "1"}}, {{"id": "2", {field}}}, {{"id": "3"}}]}}'.encode(), URL)

    assert [entry.guid for entry in document.entries] == ["1", "2", "3"]
    assert (document.entries[1].title, document.title) == (title, "T")
    assert document.notes[0].startswith("broken: ")


def test_one_broken_item_is_left_out_alone() -> None:
    """The others are entries; pieces of the broken one are none, and a feed that was cut off has its whole items."""
    broken = '{"id": "2", "title": "who said "no"", "attachments": [{"url": "/a.mp3"}, {"url": "/b.mp3"}]}'
    feed = f'{{"title": "T", "items": [{{"id": "1"}}, {broken}, {{"id": "3"}}, {{"id": "4", "url": "/4"}}]}}'
    document = read(feed.encode(), URL)

    assert [entry.guid for entry in document.entries] == ["1", "3", "4"]
    assert (document.title, document.notes[1]) == ("T", "broken: 1 item cannot be read")
    assert [entry.guid for entry in read(feed[:-8].encode(), URL).entries] == ["1", "3"]


def test_a_host_that_is_too_long_for_any_name_is_no_address() -> None:
    """A thousand of them would hold the event loop, which looks up the domain of each; the text is an article all the same."""
    items = [{"id": str(n), "url": f"https://{'港.' * n}example/1", "content_text": "Text"} for n in (100, 1000)]
    document = read(orjson.dumps({"items": items}), URL)

    assert [entry.url is None for entry in document.entries] == [False, True]
    assert document.entries[1].content == "Text"
