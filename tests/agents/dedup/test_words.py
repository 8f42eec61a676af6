"""Words, their hashes, and facts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.dedup.words import CHUNK, NUMBER_BIT, HashedText, fold, hash_list, hash_words, split


def words_of(title: str, body: str) -> HashedText:
    """Split one article."""
    return split([(title, body)])[0]


def names(*words: str) -> set[int]:
    """Return the facts that these names are."""
    return {int(value & ~NUMBER_BIT) for value in hash_list(words)}


def numbers(*words: str) -> set[int]:
    """Return the facts that these numbers are."""
    return {int(value | NUMBER_BIT) for value in hash_words(" ".join(words).encode())[0]}


@given(st.lists(st.text("abcXYZ019", min_size=1, max_size=12), max_size=30))
def test_a_word_has_one_hash_wherever_it_stands(words: list[str]) -> None:
    """The hash of a word depends on nothing around it, and not on its case."""
    alone = [int(hash_list([word])[0]) for word in words]

    assert hash_list(words).tolist() == alone
    assert hash_list([word.lower() for word in words]).tolist() == alone


@given(st.sets(st.text(st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=8), max_size=50))
def test_different_words_have_different_hashes(words: set[str]) -> None:
    """No two words of any script share a hash."""
    assert len(set(hash_list(words).tolist())) == len(words)


def test_long_texts_are_hashed_in_parts() -> None:
    """Words past the first part have the same hashes, and their places count from the start."""
    text = b"word other " * (CHUNK // 5)
    hashes, starts, lengths = hash_words(text)

    assert set(hashes[-2:].tolist()) == set(hash_list(["word", "other"]).tolist())
    assert text[starts[-1] : starts[-1] + lengths[-1]] == b"other"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Don't stop", "DON\u2019T  stop!"),
        ("caf\u00e9 cr\u00e8me", "cafe creme"),
        ("word\u2014word", "word - word"),
        ("Vi\u1ec7t Nam th\u1ea3o lu\u1eadn", "Viet Nam thao luan"),
    ],
)
def test_spellings_that_are_one(one: str, other: str) -> None:
    """Case, punctuation, apostrophes and marks on Latin letters make no other words."""
    assert words_of("", one).body.tolist() == words_of("", other).body.tolist()


@pytest.mark.parametrize("text", ["It left at {} for Lima.", "Поезд ушёл в {} в Тверь."], ids=("Latin", "Cyrillic"))
def test_hours_are_one_however_they_are_written(text: str) -> None:
    """Half of the world's papers set a point in an hour, and the other half a colon."""
    point, colon = (words_of("", text.format(hour)).facts.tolist() for hour in ("18.05", "18:05"))

    assert sorted(point) == sorted(colon)


def test_points_and_commas_hold_numbers_together() -> None:
    """A number is one word with its points and commas, and a sentence's final point is none of it."""
    assert len(words_of("", "It rose 1,234.5 points to 12. Then fell.").body) == 8
    assert numbers("1234.5", "12") <= set(words_of("", "It rose 1,234.5 points to 12. Then fell.").facts.tolist())


def test_capitals_of_sentences_are_no_facts() -> None:
    """A word that also stands without its capital is no name, in the title or in the body."""
    facts = set(
        words_of(
            "Talks with Lima fail", "The talks ended. Ministers from Quito said the ministers left."
        ).facts.tolist()
    )

    assert facts == names("Lima", "Quito")


def test_title_and_body_are_apart() -> None:
    """Words of the title are none of the body, whatever either holds."""
    words = words_of("One two\x1e three", "four five")

    assert (len(words.title), len(words.body)) == (3, 2)


@pytest.mark.parametrize(
    "text",
    ["\u4e2d\u56fd\u4eba\u6c11\u94f6\u884c\u5ba3\u5e03", "\u0e1b\u0e23\u0e30\u0e40\u0e17\u0e28\u0e44\u0e17\u0e22"],
)
def test_scripts_without_spaces_give_runs_of_characters(text: str) -> None:
    """Eight characters give four overlapping runs of five."""
    assert fold(text[:8]) == [text[i : i + 5] for i in range(4)]
    assert not words_of("", text).spaced


def test_marks_belong_to_their_letters() -> None:
    """Vowel signs of Hindi and points of Arabic do not cut a word."""
    assert len(fold("\u0939\u093f\u0928\u094d\u0926\u0940 \u0938\u092e\u093e\u091a\u093e\u0930")) == 2
    assert len(fold("\u0645\u064f\u062d\u064e\u0645\u064e\u0651\u062f")) == 1


@given(st.text(), st.text())
def test_any_text_can_be_split(title: str, body: str) -> None:
    """No text, however broken, is refused."""
    words = words_of(title, body)

    assert words.body.dtype == np.uint64


@given(st.lists(st.tuples(st.text(), st.text() | st.sampled_from(["On 3 May Lima fell", "word " * 5000])), max_size=9))
def test_an_article_is_split_alike_in_any_company(articles: list[tuple[str, str]]) -> None:
    """Split together or alone, an article has the same words and facts."""
    for (title, body), words in zip(articles, split(articles), strict=True):
        alone = words_of(title, body)
        assert words.title.tolist() == alone.title.tolist()
        assert words.body.tolist() == alone.body.tolist()
        assert sorted(words.facts.tolist()) == sorted(alone.facts.tolist())
        assert words.spaced == alone.spaced


def test_signs_that_stand_for_a_sentence_make_no_text_many_times_as_long() -> None:
    """One of them among words is read as the words that it stands for; a text of nothing else is cut."""
    sign, words = (
        "\ufdfa",
        "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064a\u0647 \u0648\u0633\u0644\u0645",
    )
    among = "\u0645\u062d\u0645\u062f {} \u0631\u0633\u0648\u0644"
    one, other = split([("", among.format(sign)), ("", among.format(words))])
    assert one.body.tolist() == other.body.tolist()
    assert len(split([("", f"{sign} " * 1_000)])[0].body) < 3 * 1_000
