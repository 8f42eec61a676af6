"""Opinions: how newsrooms label them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.text.opinion import SIGN, is_labelled, is_opinion

SIGNS = "[]()|:-\u2013\u2014\u3010\u3011\uff08\uff1a\uff5c\u300c\u300d "


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Kommentar: Ein Abschluss auf Zeit", None), ("Éditorial – Le prix du silence", None), ("【社説】港の安全を問う", None),
        ("[사설] 항만 안전", None), ("Who pays for the pier? | Opinion", None), ("Le prix du silence (Tribune)", None),
        ("The pier has had its day", "https://a.example/opinion/2026/the-pier"), ("Мнение: порт не готов", None),
        ("Názor: Přístav bez plánu", None), ("رأي: الميناء لا يحتمل", None),
    ],
)  # fmt: skip
def test_newsrooms_label_opinions_in_title_or_address(title: str, url: str | None) -> None:
    """Before the title, behind it, in brackets, or by a folder."""
    assert is_opinion(title, url)


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Opinion polls: governing party ahead", None), ("Brandvik: ferry is towed", "https://a.example/news/comment"),
        ("Analysis of water finds lead", None), ("Ferry aground - Brandvik Post", "https://[broken"), ("", None),
    ],
)  # fmt: skip
def test_a_report_that_has_such_a_word_is_a_report(title: str, url: str | None) -> None:
    """Only the whole label says it."""
    assert not is_opinion(title, url)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/news/view/12/ferry",
        "https://a.example/novice/kronika/ferry",
        "https://a.example/rubrica/ferry",
    ],
)
def test_a_folder_that_means_something_else_elsewhere_makes_no_opinion(url: str) -> None:
    """A system's own word, the police reports of Slovene papers, any section in Romanian."""
    assert not is_opinion("Ferry aground", url)


@pytest.mark.parametrize("title", ["View: The pier has had its day", "Krönika: Bryggan", "Le quai s'en va | Billet"])
def test_such_a_word_in_a_title_is_a_label(title: str) -> None:
    """Before or behind a title nothing else is called so."""
    assert is_opinion(title, None)


@pytest.mark.parametrize("blank", [" " * 30_000 + "x", "|" + " " * 30_000 + "x|"])
def test_thousands_of_blanks_are_read_once(blank: str) -> None:
    """Such a title took seconds, in the step that decides on stories; a label behind blanks is still one."""
    assert not is_opinion(blank, None)
    assert is_opinion(f"Opinion{' ' * 30_000}: The pier", None)


@given(st.lists(st.sampled_from([*SIGNS, "Opinion", "Pier", "社説"]), max_size=9))
def test_no_title_is_labelled_without_a_sign(parts: list[str]) -> None:
    """A title without any of this punctuation is not looked at further."""
    title = "".join(parts)
    assert SIGN.search(title) or not is_labelled(title)
    assert is_opinion(title, None) == is_labelled(title)
