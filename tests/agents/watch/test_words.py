"""Words: found in each of their forms, at their places, whatever stands beside them."""

import sys
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.watch.language.words import cut, fold, offsets, offsets_of
from agents.watch.matching.article import SearchableArticle
from streams.records import Tagged

Marked = Callable[..., list[str] | None]


SAME_WORD = [
    ("Straße", "STRASSE", "STRASSE"),
    ("weiss", "Weißes Haus ist weiß", "weiß"),
    ("Maß", "Das MASS", "MASS"),
    ("ΛΙΜΑΝΙ", "στο λιμάνι", "λιμάνι"),
    ("λιμάνι", "ΣΤΟ ΛΙΜΑΝΙ", "ΛΙΜΑΝΙ"),
    ("οδηγός", "ΟΔΗΓΟΣ", "ΟΔΗΓΟΣ"),
    ("çiğli", "ÇİĞLİ", "ÇİĞLİ"),
    ("kızılay", "KIZILAY", "KIZILAY"),
    ("rafle", "la ra\ufb02e", "ra\ufb02e"),
    ("sœur", "la soeur", "soeur"),
    ("grève", "LA GREVE", "GREVE"),
    ("São", "EM SAO TOME", None),
    ("Élysée", "À l'Elysée, silence", "Elysée"),
    ("états*", "Les Etats généraux", "Etats"),
    ("état", "etat", None),
    ("=État", "Etat", None),
    ("Кам'янець", "місто Кам\u02bcянець", "Кам\u02bcянець"),
    ("Кам\u2019янець", "місто Кам'янець", "Кам'янець"),
    ("Hawai'i", "on Hawai\u02bbi", "Hawai\u02bbi"),
    ('צה"ל', "כוחות צה\u05f4ל נכנסו", "צה\u05f4ל"),
    ('צה"ל', 'כוחות צה"ל נכנסו', 'צה"ל'),
    ('"דובר צה"ל"', "דובר צה\u201dל מסר", "דובר צה\u201dל"),
    ("Semën", "Семен", None),
    ("зелёный", "зеленый", "зеленый"),
    ("Սևան", "ՍԵՎԱՆԱ ԼԻՃ, ՍԵՎԱՆ", "ՍԵՎԱՆ"),
    ("ՍԵՎԱՆ", "Սեւան քաղաքում", "Սեւան"),
    ("NATO", "the N.A.T.O. summit", "N.A.T.O"),
    ("N.A.T.O.", "the NATO summit", "NATO"),
    ('"J.R. Smith"', "J. R. Smith", "J. R. Smith"),
    ("سفينة", "قرب السفينة", "السفينة"),
    ("سفينة", "وبسفينة", "وبسفينة"),
    ("السفينة", "للسفينة", "للسفينة"),
    ("لاجئ", "للاجئ", "للاجئ"),
    ("إضراب", "اضراب", "اضراب"),
    ("מכס", "והמכס", "והמכס"),
    ("שביתה", "בשביתה", "בשביתה"),
    ("ኢትዮጵያ", "ምርጫ በኢትዮጵያ።", "በኢትዮጵያ"),
    ("=ኢትዮጵያ", "የኢትዮጵያ", None),
    ("EEUU", "aranceles de EE.UU. a", "EE.UU"),
    ("EEUU", "aranceles de EE. UU. a", "EE. UU"),
    ("eeuu", "aranceles de EE UU a", "EE UU"),
    ("EE.UU.", "aranceles de EEUU a", "EEUU"),
    ("EE.UU.", "aranceles de EE. UU. a", "EE. UU"),
    ("*hafen", "am Flughafen", "Flughafen"),
    ("*hafen*", "die Flughafenhalle", "Flughafenhalle"),
    ('"neue *brücke"', "die neue Hängebrücke", "neue Hängebrücke"),
]


@pytest.mark.parametrize(("query", "text", "found"), SAME_WORD)
def test_word_is_found_in_each_of_its_forms(marked: Marked, query: str, text: str, found: str | None) -> None:
    """ß and SS, capitals without accents, dotted letters, ligatures, attached articles and compounds are the same word."""
    assert marked(query, "x", text) == ([found] if found else None)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("cóndor", "condor"),
        ("año", "ANO"),
        ("schön", "SCHON"),
        ("été", "ETE"),
        ("φόρος", "φορός"),
        ("سفن", "سفينة"),
        ("حر", "بحر"),
        ("לב", "כלב"),
        ("كتاب", "مكتبات"),
        ("FBI", "F, B or I"),
        ("EEUU", "EE de UU"),
        ("=سفينة", "السفينة"),
        ("*hafen", "Flughafenhalle"),
        ("=Straße", "STRASSE"),
    ],
)
def test_other_word_is_not_found(marked: Marked, query: str, text: str) -> None:
    """Accents count in lower case, short words have no prefixes, and exact case is exact."""
    assert marked(query, "x", text) is None


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_fast_offsets_are_those_of_the_expression(text: str) -> None:
    """Searching for word after word finds each where the expression finds it."""
    assert offsets_of(cut(fold(text)), fold(text)) == offsets(fold(text))


def test_each_mark_of_unicode_stays_in_its_word() -> None:
    """Whichever plane it stands in, a mark does not cut the word whose letter it hangs on."""
    codes = (code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
    assert [f"{code:x}" for code in codes if len(offsets(f"\u0995{chr(code)}\u0995")) != 1] == []


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_every_word_of_any_text_is_found_where_it_stands(article: Callable[..., Tagged], text: str) -> None:
    """Each word that a text is cut into has its place, and the place holds that word."""
    record = article("", text)
    seen = SearchableArticle(record)
    for word in seen.text:
        for found in seen.word(word):
            (span,) = seen.evidence([found])
            assert 0 <= span.start < span.end <= len(text)
            assert SearchableArticle(article("", text[span.start : span.end])).text == [word]


@given(st.text(max_size=40))
@settings(max_examples=500, deadline=None)
def test_spelling_of_a_word_does_not_depend_on_its_neighbours(text: str) -> None:
    """A word that is cut alone is spelled as inside any text, and its spelling is stable."""
    folded = fold(text)
    for word, (start, end) in zip(cut(folded), offsets(folded), strict=True):
        assert cut(folded[start:end]) == [word]
        assert cut(word) == [word]
