"""Explanations: the claims and reasons behind a clean article's fields."""

from datetime import UTC, datetime

import pytest

from agents.clean import article as clean
from agents.clean.explanation import Explanation
from streams.records import Raw

BODY = "".join(
    f"<p>The bakers of the old town will open {count} hours earlier from Monday on, their guild said on Friday evening.</p>"
    for count in ("two", "three", "four")
)


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """Load the models once."""
    clean.load()


def explained(head: str, before: str = "", **fields: object) -> tuple[clean.CleanProduct, Explanation]:
    """Return a page's article and its explanation."""
    content = (
        f"<html lang='en'><head><title>Bakers open earlier | Old Town Echo</title>{head}</head><body><main><article>"
        f"<h1>Bakers open earlier</h1>{before}{BODY}</article></main></body></html>"
    )
    record = {
        "url": "https://echo.example/1",
        "fetched_at": datetime(2026, 1, 3, tzinfo=UTC),
        "content_type": "text/html",
    }
    return clean.explain_raw(Raw(**(record | {"content": content} | fields)))  # type: ignore[arg-type]


def test_each_choice_says_where_it_comes_from_and_why() -> None:
    """Title, authors and date carry the place of their claim and a reason, and their values are the article's."""
    head = "<meta name='author' content='Lena Brandt'><meta property='article:published_time' content='2026-01-02T07:00:00Z'>"
    cleaned, explanation = explained(head)
    choices = explanation.choices
    assert explanation.explains == cleaned.clean.id
    assert (choices["title"].value, choices["title"].where) == ("Bakers open earlier", "h1")
    assert (choices["authors"].value, choices["authors"].where) == (["Lena Brandt"], "meta author")
    assert choices["published_at"].value == cleaned.clean.published_at
    assert choices["published_at"].where == "meta article:published_time"
    assert all(choice.why for choice in choices.values() if choice.value)


def test_claims_that_lost_are_shown_too() -> None:
    """The claims of a field stand with their places, also those that were not taken."""
    _, explanation = explained("<meta property='og:title' content='Bakers open earlier from Monday'>")
    titles = {(claim.text, claim.where) for claim in explanation.claims if claim.field == "title"}
    assert ("Bakers open earlier from Monday", "meta og:title") in titles
    assert ("Bakers open earlier | Old Town Echo", "title element") in titles


def test_a_hint_of_the_source_is_named_as_one() -> None:
    """A date that the page does not give says that the source knew it."""
    _, explanation = explained("", published_at="2026-01-02T07:00:00Z")
    assert explanation.choices["published_at"].where == "hint of the source"
