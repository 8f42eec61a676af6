"""Menus that a page calls so are left out before its text is looked for."""

import pytest

from agents.clean.page.menus import PAGE_CHARS
from agents.clean.page.walk import parse, read

LINKS = "".join(f"<li><a href='/{name}'>{name.title()}</a></li>" for name in ("world", "markets", "culture", "weather"))


def texts_of(body: str, *, menus: bool = False) -> list[str]:
    """Return the texts of the blocks of a page with this body."""
    return read(parse(f"<html><body>{body}</body></html>".encode()), menus=menus).texts


@pytest.mark.parametrize("name", ["site-menu", "mainNavigation", "breadcrumbs", "pager"])
def test_a_menu_is_left_out(name: str) -> None:
    """Its links are no blocks, unless somebody asks for them; text beside them is."""
    body = f"<div class='{name}'><ul>{LINKS}</ul></div><p>The ferry sails again</p>"
    assert texts_of(body) == ["The ferry sails again"]
    assert texts_of(body, menus=True) == ["World", "Markets", "Culture", "Weather", "The ferry sails again"]


@pytest.mark.parametrize(
    "inside",
    [
        "<p>The ferry to the island sails again from Monday on.</p>",
        "<p>The ferry sails again.</p><p>Tickets are cheap</p>",
        "<p>เรือข้ามฟากกลับมาให้บริการอีกครั้งตั้งแต่วันจันทร์นี้เป็นต้นไปทุกเส้นทาง</p>",
        "<p>フェリーは月曜日から再び出航する。</p>",
        "<h1>The ferry sails again</h1>",
        "<table><tr><td>Harbour</td><td>3</td></tr></table>",
        "<time datetime='2026-11-02'>2 November</time>",
        "<p>Ferry</p>" * 2_000,
    ],
)
def test_an_element_that_is_called_a_menu_and_holds_more_stays(inside: str) -> None:
    """A name alone takes no text: a sentence, a title, results, a date or very many words say more."""
    body = f"<div class='page-nav-open'>{inside}</div>"
    assert texts_of(body) == texts_of(body, menus=True) != []


def test_a_page_of_a_menu_alone_keeps_it() -> None:
    """What nobody else has said is looked at: the page is none of an article, and not empty."""
    assert texts_of(f"<div class='site-menu'><ul>{LINKS}</ul></div>") == ["World", "Markets", "Culture", "Weather"]


def test_a_body_is_no_menu() -> None:
    """A page of links is one whatever its body is called."""
    assert read(parse(f"<html><body class='nav-open'>{LINKS}</body></html>".encode())).texts


def test_the_menus_of_a_page_are_looked_at_within_a_bound() -> None:
    """Beyond it they are walked as other elements are: an element in another would be read once for each around it."""
    nested = 900
    body = "<div class='menu'>" * nested + f"<p>{'word. ' * (PAGE_CHARS // nested)}</p>" + "<p>Last</p></div>" * nested
    assert texts_of(body)[-1] == "Last"
