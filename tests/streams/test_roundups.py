"""Roundups are known by their titles, by datelines, and as lists of other things than their title says."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.text.plain_words import SIGNS
from streams.text.roundups import WORD, is_roundup, spaced_words


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("News in brief", "x", True),
        ("Headlines at 12", "x", True),
        ("Weekly sports roundups", "x", True),
        ("Morning briefings for Tuesday", "x", True),
        ("Six things to know this Tuesday", "x", True),
        ("Six things to know about the Norlund ferry", "x", False),
        ("Six things to know about Sunday's final", "x", False),
        ("Das ist die Lage: Nachrichten am Morgen", "x", True),
        ("Les cinq infos à retenir du jeudi", "x", True),
        ("Port closed", "LIMA (Wire) - One.\n\nQUITO (Wire) - Two.\n\nBOGOTA (Wire) - Three.", True),
        ("Port closed", "LIMA (Wire) - One report only.", False),
    ],
)
def test_roundups_are_known_by_title_or_datelines(title: str, text: str, *, expected: bool) -> None:
    """An article of several reports is one by its own word, or by three datelines."""
    assert is_roundup(title, text) is expected


def test_datelines_are_counted_line_by_line() -> None:
    """Empty lines before them neither hide nor add one; three make a roundup."""
    line = "PARIS (AP) \u2014 The ferry ran aground.\n"
    assert not is_roundup("News", ("\n" * 40 + line) * 2)
    assert is_roundup("News", ("\n" * 40 + " \t" + line) * 3)


NUMBERED = "1. Bakers strike in Ulm. They want more.\n\n2. A dam leaks in Brno. None is hurt.\n\n3. Otters are back. It is fine."
LABELLED = (
    "Ulm: Bakers want more and stay away.\n\nBrno: A dam leaks, nobody is hurt.\n\nLake Onno: The otters are back."
)
HEADED = (
    "Bakers strike in Ulm\nThey want more.\n\nA dam leaks in Brno\nNobody is hurt.\n\nOtters are back\nAll is clean."
)
JAPANESE = "川崎の工場で火災\n三人がけがをした。\n株価は続伸\n円安が進んだ。\n大雨の注意報\n夜まで続く。"


@pytest.mark.parametrize(
    ("title", "text", "language", "expected"),
    [
        ("Five at five, with coffee", NUMBERED, "en", True),
        ("Guten Morgen aus der Redaktion", LABELLED, "de", True),
        ("G\u00fcn\u00fcn \u00f6ne \u00e7\u0131kanlar\u0131", HEADED, "tr", True),
        ("\u4eca\u65e5\u306e\u4e3b\u306a\u30cb\u30e5\u30fc\u30b9", JAPANESE, "ja", True),
        ("\u5ddd\u5d0e\u3067\u706b\u707d", JAPANESE, "ja", False),
        ("The dam in Brno that leaks: three questions", NUMBERED, "en", False),
        ("Otters: what is known", HEADED, "en", False),
        (
            "Five at five, with coffee",
            "Bakers stay away. A dam leaks.\n\nThe otters are back.\n\nNobody is hurt.",
            "en",
            False,
        ),
    ],
)
def test_a_list_of_other_things_than_its_title_is_a_roundup(
    title: str, text: str, language: str, *, expected: bool
) -> None:
    """Numbers, labels or lines of their own begin the items; a title that names what stands in them is a report's."""
    assert is_roundup(title, text, language) is expected


@given(st.text(st.sampled_from("".join(map(chr, range(128))) + SIGNS) | st.characters(), max_size=60))
@example("".join(map(chr, range(128))) + SIGNS)
def test_the_words_of_a_plain_text_are_those_of_any(text: str) -> None:
    """A word stands behind a blank, whichever way is taken: those that a pattern finds, and no others."""
    assert [word for word in spaced_words(text).split(" ") if word] == WORD.findall(text)
