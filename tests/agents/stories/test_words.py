"""Words and names of articles in several scripts."""

import re
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.stories.reading.lead import first_sentence, shortened
from agents.stories.reading.names import DIGIT, common_names, name_key, opening_names, packed
from agents.stories.reading.stems import stem
from agents.stories.reading.words import fold, forms, words_of
from streams.text.plain_words import SIGNS


def test_accents_and_plurals_take_no_words_apart() -> None:
    """Two spellings of a word are one."""
    assert forms("Cafés in Málaga", "en") == forms("cafe in Malaga", "en")


@given(st.text("sua1_' .\u2019", max_size=40))
def test_a_text_is_stemmed_at_once_as_its_words_are_one_by_one(text: str) -> None:
    """English words lose their plural in the text before it is split; a letter alone is no word, a digit is one."""
    words = [word for word in re.split(r"[^sua1]+", text) if len(word) > 1 or word == "1"]
    assert forms(text, "en") == list(map(stem, words))


def test_signs_become_the_same_beside_ascii_and_beside_accents() -> None:
    """A text that is ASCII but for them takes a short way, which folds them as the long one does."""
    for sign in SIGNS:
        assert fold(f"A{sign}B") == fold(f"\u00c1{sign}B")


def test_openers_begin_sentences_lines_and_the_title() -> None:
    """A quotation mark may stand before one; a word inside a sentence is none, nor one after a colon without a space."""
    text = "Rain fell on Vardo.  Twice:Again \u201cHelen\u201d \u201cNo?\u201d\nGulls rose. \u201cSolveig sank\u201d: Kobal"
    assert opening_names("\u201cBrandvik waits", text) == packed(
        list(map(name_key, ["Brandvik", "Rain", "Gulls", "Solveig", "Kobal"]))
    )


def test_a_script_without_spaces_gives_pairs_of_characters() -> None:
    """Neighbouring characters overlap, so that a shared name is shared."""
    assert forms("東京電力", "ja") == ["東京", "京電", "電力"]


def test_a_number_between_signs_is_a_word() -> None:
    """Without a space on either side it is found all the same, and in the digits of any script it is one."""
    assert forms("深さ12キロ", "ja")[1] == "12"
    assert forms("\u0661\u0662", "ar") == forms("\u0967\u0968", "hi") == ["12"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ru", "шахта", "шахтой"),
        ("ru", "Тверской", "Тверскому"),
        ("uk", "лікарня", "лікарнями"),
        ("pl", "Kraków", "Krakowem"),
        ("de", "Hafenarbeiter", "Hafenarbeitern"),
        ("es", "portuario", "portuarias"),
        ("tr", "ISPARTA", "Isparta"),
        ("tr", "Işıklar", "ışıklarda"),
        ("ar", "الميناء", "والميناء"),
        ("ar", "إضراب", "بالاضراب"),
        ("ar", "السفينة", "سفينه"),
        ("hi", "घायलों", "घायल"),
        ("hi", "मुआवज़ा", "मुआवजे"),
        ("el", "λιμενεργάτης", "λιμενεργατών"),
    ],
)
def test_a_word_in_two_forms_is_one(language: str, one: str, other: str) -> None:
    """Cases, genders, articles and spellings take no words apart."""
    assert forms(one, language) == forms(other, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("ru", "Омск", "Орск"),
        ("pl", "Gdańsk", "Gdynia"),
        ("ar", "مصر", "مصنع"),
        ("hi", "पटना", "पुणे"),
        ("en", "port", "porter"),
    ],
)
def test_different_words_stay_apart(language: str, one: str, other: str) -> None:
    """A stem is no first letter."""
    assert forms(one, language) != forms(other, language)


def test_japanese_endings_say_nothing() -> None:
    """Pairs of hiragana are in every text; those with a character of a word are kept."""
    assert forms("沈没したという", "ja") == ["沈没", "没し"]


def test_a_korean_particle_leaves_the_name() -> None:
    """Pairs of syllables of the bare name are among those of the name with its particle."""
    assert set(forms("오류동", "ko")) <= set(forms("오류동에서", "ko"))


def test_thai_is_compared_by_four_letters() -> None:
    """Two letters of an alphabet are in any text."""
    assert all(len(piece) == 4 for piece in forms("กรุงเทพมหานคร", "th"))


def test_words_are_counted_and_a_titles_are_among_the_bodys() -> None:
    """The body's words include the title's."""
    title, body = words_of("Strike in port", "The port is closed by a strike.", "en")
    assert set(title.ids.tolist()) <= set(body.ids.tolist())
    assert body.times.max() == 2


def test_an_arabic_mark_alone_takes_no_count_from_another_word() -> None:
    """Of a mark no stem is left: the words behind it are still counted each by itself."""
    alone, marked = (words_of("", f"ب {mark}ميناء ميناء ميناء سفينة", "ar")[1] for mark in ("", "\u0640\u064b "))
    assert marked.ids.tolist() == alone.ids.tolist()
    assert marked.times.tolist() == alone.times.tolist()


def test_a_first_digit_is_one_of_any_script() -> None:
    """The class by its members finds the decimal digits among all characters, as a pattern does."""
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert re.findall(DIGIT, every) == re.findall(r"\d", every)


@pytest.mark.parametrize(
    ("latin", "cyrillic"), [("Navalny", "Навальный"), ("Putin", "Путин"), ("Belgorod", "Белгород")]
)
def test_a_name_is_the_same_in_latin_and_cyrillic(latin: str, cyrillic: str) -> None:
    """Transliterated and cut, both spellings give one key, or nearly one."""
    assert name_key(latin)[:3] == name_key(cyrillic)[:3]


def test_numbers_are_shared_across_languages() -> None:
    """Separators of thousands differ from language to language; the number does not."""
    english = np.frombuffer(common_names("", "some 12,500 people in 47 towns"), np.uint32)
    german = np.frombuffer(common_names("", "rund 12.500 Menschen in 47 Orten"), np.uint32)
    assert len(np.intersect1d(english, german)) == 2


def test_a_lead_is_one_sentence_and_is_cut_between_words() -> None:
    """A long sentence ends with an ellipsis, never within a word."""
    assert first_sentence("One thing. Another thing.") == "One thing."
    assert shortened("alpha beta gamma", 12) == "alpha beta\u2026"


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("ELMTOWN, Ind. (Wire) \u2014 A dam broke. Two fled.", "A dam broke."),
        ("NEW FORD, Conn., Oct. 5 (Wire) - A dam broke. Two fled.", "A dam broke."),
        ("(Wire) - A dam broke. Two fled.", "A dam broke."),
        ("1 of 3. Divers look for the ferry. It sank.", "Divers look for the ferry."),
        ("2/9.\nDivers look for the ferry. It sank.", "Divers look for the ferry."),
        ("1 of 3 ferries sank. Two float.", "1 of 3 ferries sank."),
        ("St. Olaf's bridge fell. It was old.", "St. Olaf's bridge fell."),
        ("Her party left Sen. Mary J. Olm alone. She spoke.", "Her party left Sen. Mary J. Olm alone."),
        ("It burned at 4 a.m. in the port. Men fled.", "It burned at 4 a.m. in the port."),
        ('"It fell." So said Ann. "Then all ran."', '"It fell."'),
        ("Am 3. Mai brach der Damm. Zwei flohen.", "Am 3. Mai brach der Damm."),
        ("El Sr. Paz y la Sra. Gil renuncian. Es hoy.", "El Sr. Paz y la Sra. Gil renuncian."),
        ("\u6c34\u5e93\u51b3\u53e3\u3002\u4e24\u4eba\u9003\u79bb\u3002", "\u6c34\u5e93\u51b3\u53e3\u3002"),
        ("Rowers on the lake\n\n4 May, 6:12\n\nA dam broke. Two fled.", "A dam broke."),
        ("A dam without a stop\n\nand a line", "A dam without a stop"),
        ("2026. \n 12.", ""),
        ("Correction: an earlier report spoke of five dead. One died in the mill. It burned.", "One died in the mill."),
        ("Rectificaci\u00f3n: Esto no era as\u00ed. Lo sentimos.\n\nEl puerto cierra. Es hoy.", "El puerto cierra."),
        (
            "\u8a02\u6b63\uff1a\u8aa4\u308a\u3067\u3057\u305f\u3002\u6a4b\u304c\u843d\u3061\u305f\u3002",
            "\u6a4b\u304c\u843d\u3061\u305f\u3002",
        ),
        ("Correction: the port is open.", "Correction: the port is open."),
        ("Corrections officers strike: they want more. It is May.", "Corrections officers strike: they want more."),
    ],
)
def test_a_lead_is_a_whole_sentence(text: str, lead: str) -> None:
    """Neither a dateline nor the count of a picture is one, and an abbreviation ends none."""
    assert first_sentence(text) == lead


def test_signs_that_stand_for_a_sentence_make_no_text_many_times_as_long() -> None:
    """A text of nothing else is cut: each of them is four words."""
    assert len(forms("\u0645\u062d\u0645\u062f \ufdfa", "ar")) == 5
    assert len(forms("\ufdfa " * 1_000, "ar")) < 3 * 1_000
