"""Authors' boxes, offices that sign, and names that stand where others' do."""

import pytest

from tests.support.bylines import SENTENCES, authors, cleaned_page

DAY = "<p>3 May 2025</p>"
LONG = f"<p>{SENTENCES[0]} {SENTENCES[1]}</p>"


def test_a_box_that_begins_with_a_name_tells_who_wrote() -> None:
    """A name alone, and a block that begins with it, below the last paragraph."""
    box = "<h4>Ingrid Solvang</h4><p>Ingrid Solvang dives for mussels and writes of the harbour from the pier.</p>"
    assert authors(DAY, after=box) == ["Ingrid Solvang"]


def test_a_box_on_somebody_whom_the_text_tells_of_is_no_authors() -> None:
    """An obituary ends with dates of a life, under the name."""
    told = f"<p>Ada Marlow kept the lamp of the tower for forty years. {SENTENCES[0]}</p>"
    box = "<h4>Ada Marlow</h4><p>Ada Marlow was born in 1931 and leaves two sons and a daughter.</p>"
    assert authors(f"{DAY}{LONG}{told}{LONG}", after=box) == []
    assert authors(f"{DAY}{LONG}{LONG}", after=box) == ["Ada Marlow"]


def test_boxes_of_several_people_or_within_the_text_tell_of_others() -> None:
    """Candidates have each a box; of somebody in the news the text goes on to tell."""
    boxes = "".join(
        f"<h4>{name}</h4><p>{name} stands for the council and has lived on the island for years.</p>"
        for name in ("Ingrid Solvang", "Tomas Reyes")
    )
    assert authors(f"{DAY}{LONG}{LONG}", after=boxes) == []
    told = "<h4>Ingrid Solvang</h4><p>Ingrid Solvang said that she had sold her boat to the operator in March.</p>"
    assert authors(f"{DAY}{LONG}{LONG}", after=f"{told}{LONG}") == []


@pytest.mark.parametrize("office", ["Redazione", "Redaktion", "Newsdesk", "Redakcja", "编辑部"])
def test_an_office_signs_where_a_page_declares_it(office: str) -> None:
    """In its data or in an element marked as author, where no person is named."""
    assert authors(data={"@type": "NewsArticle", "author": {"@type": "Person", "name": office}}) == [office]
    assert authors(f"<span class='author'>{office}</span>{DAY}") == [office]
    assert authors(f"<span class='author'>{office}</span><p>By Ingrid Solvang</p>{DAY}") == ["Ingrid Solvang"]


@pytest.mark.parametrize("login", ["editor", "admin", "Staff", "webmaster"])
def test_a_login_is_nobody(login: str) -> None:
    """Texts that systems write by themselves say nothing."""
    assert authors(data={"@type": "NewsArticle", "author": {"@type": "Person", "name": login}}) == []


def test_a_byline_between_paragraphs_is_of_something_else() -> None:
    """Once the text has begun, who signs stands above it."""
    linked = "<p><a href='/author/ingrid-solvang'>Ingrid Solvang</a></p>"
    books = "<h3>New books</h3><p>By Tomas Reyes and Ida Brekke</p>"
    assert authors(f"{linked}{DAY}{LONG}{LONG}{books}") == ["Ingrid Solvang"]
    assert authors(f"{DAY}{LONG}{LONG}<h3>Ingrid Solvang</h3>") == []


def test_a_label_in_a_menu_introduces_nobody() -> None:
    """The link below a menu's "Post" is the next one of the menu."""
    menu = "".join(f"<li>{word}</li>" for word in ("Post", "Engagement Ring", "Store Locator", "Cart", "Sign in"))
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    page = f"<html><body><title>Ferry stops in winter</title><ul>{menu}</ul><h1>Ferry stops in winter</h1>{DAY}{body}"
    assert cleaned_page(f"{page}</body></html>").authors == []


def test_a_name_of_one_word_signs_where_its_address_is_it() -> None:
    """An author's page is called as she signs; a section's is no author's."""
    assert authors(f"<p><a href='/author/zhyl'>Zhyl</a></p>{DAY}") == ["Zhyl"]
    assert authors(f"<p><a href='/author/7'>Zhyl</a></p>{DAY}") == []
    assert authors(f"<p><a href='/writers/staff'>Staff</a></p>{DAY}") == []


def test_a_person_who_signs_beats_an_outlet_in_one_word() -> None:
    """Systems declare the owner of a site as the author of all pages."""
    head = "<meta name='author' content='CAPEMEDIA'>"
    assert authors("<div class='byline'><a rel='author' href='/a/1'>Ingrid Solvang</a></div>", head) == [
        "Ingrid Solvang"
    ]
    assert authors(head="<meta name='author' content='Zola'>") == ["Zola"]


@pytest.mark.parametrize("country", ["Costa Rica", "Sri Lanka", "Burkina Faso"])
def test_a_country_of_two_words_is_no_author(country: str) -> None:
    """Behind a name, in a line of its own and beside the date; somebody may be called as a part of it."""
    assert authors(f"<p>By Jane Doe, {country}</p>{DAY}") == ["Jane Doe"]
    assert authors(f"<p>{country} | 3 May 2025</p>") == authors(f"<p>{country}</p>{DAY}") == []
    assert authors(f"<p>By Jane Doe and Lanka Perera</p>{DAY}") == ["Jane Doe", "Lanka Perera"]
