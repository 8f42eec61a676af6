"""Counted things of an article, and where two accounts count one thing differently."""

from time import process_time

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.stories.reading.facts import (
    COUNTED,
    MOST_FACTS,
    PERCENT,
    PLAIN_COUNTED,
    SCORES,
    SMALL_NUMBERS,
    STORY_FACTS,
    TENS,
    TERMS,
    TEXT_CHARACTERS,
    YEARS,
    Facts,
    differing,
    fact,
    facts_of,
    scores_of,
    together,
    unpacked,
    written_percentages,
)
from streams.text.plain_words import SIGNS
from tests.agents.stories.conftest import Make

ASCII = "".join(map(chr, range(128)))
PIECES = st.sampled_from(["23", "4.", "5", ",", " ", "-", "two ", "pirates ", "Somali ", ", 34,", " aged ", "years "])
TEXTS = st.lists(PIECES | st.characters()).map("".join)


def found(title: str, text: str = "") -> set[int]:
    """Return the facts of an article."""
    return set(unpacked(facts_of(title, text)).tolist())


def compared(article: str, story: str) -> tuple[float, float]:
    """Return whether the ages of two texts differ, and how many other numbers do."""
    features = differing(unpacked(facts_of(article, "")), row(unpacked(facts_of(story, ""))))
    return float(features.ages[0]), float(features.others[0])


def row(facts: Facts) -> Facts:
    """Return the facts of a story as a memory's row of them."""
    filled = np.zeros((1, STORY_FACTS), np.uint64)
    filled[0, : len(facts)] = facts
    return filled


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("Navy holds 23 pirates", "pirate", "23"),
        ("Navy holds 23 Somali pirates", "pirate", "23"),
        ("Two boats capsized", "boat", "2"),
        ("1,200 homes are dark", "home", "1200"),
        ("A 5.6-magnitude earthquake", "magnitude", "5.6"),
        ("A 19-year-old man", YEARS, "19"),
        ("An 18-month-old girl", "month", "18"),
        ("Jo Example, 34, of Tolmin", YEARS, "34"),
        ("a man aged 51 was hurt", YEARS, "51"),
        ("Fourteen miners came up", "miner", "14"),
        ("Forty-two homes burned", "home", "42"),
        ("Nine thousand homes without power", "home", "9000"),
        ("Some 1.2 million doses arrive", "dose", "1200000"),
        ("Clerk jailed for nine years", TERMS, "9 year"),
        ("She was sentenced to 18 months on Friday", TERMS, "18 month"),
        ("A 12-year sentence for the mayor", TERMS, "12 year"),
        ("Inflation eased to seven per cent", "% inf", "7"),
        ("Growth of 2% lets inflation rise: 21.25pct", "% inf", "21.25"),
        ("Prices up 9 % as inflation bites", "% inf", "9"),
        ("Nurses back the strike: 87.5% voted yes", "% vot", "87.5"),
    ],
)
def test_a_number_and_its_thing(text: str, unit: str, value: str) -> None:
    """Figures, small numbers in words, and ages are found with the thing that they count."""
    assert fact(unit, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "It was in 2013 elections",
        "On 12 March",
        "for 3 days",
        "paid $160 to charities",
        "sank three weeks ago",
        "27 hours later",
    ],
)
def test_a_number_that_counts_nothing(text: str) -> None:
    """Years, parts of dates, money, and how long ago something was are no facts."""
    assert found(text) == set()


def test_two_accounts_that_count_one_thing_differently() -> None:
    """Ages are told apart from other numbers, and a thing that only one counts says nothing."""
    assert compared("A 19-year-old held 23 pirates", "A 44-year-old held 26 Somali pirates") == (1, 1)
    assert compared("A 19-year-old held 23 pirates", "Then 19 years later 23 pirates held 9 boats") == (0, 0)
    assert compared("23 pirates", "9 boats") == (0, 0)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Hale, 58, was jailed for nine years in prison", "Hale got four years in prison", (0, 1)),
        ("Hale, 58, was charged", "Hale was sentenced to nine years in prison", (0, 0)),
        ("Inflation is 7 per cent", "Inflation is 9 %", (0, 1)),
        ("The offer of 4.5 per cent is fair", "An offer of 5.2 per cent", (0, 0)),
        ("Seven per cent turnout", "Turnout was 7%", (0, 0)),
    ],
)
def test_sentences_and_percentages(one: str, other: str, differ: tuple[int, int]) -> None:
    """Years in prison are no age; a percentage is compared where its text says what it measures."""
    assert compared(one, other) == differ


@pytest.mark.parametrize(
    "text", ["two " * 700, "jailed " * 400, "a" * 3_000, "9 years " * 400, "sentenced" + " x" * 1_400]
)
def test_text_that_is_nearly_a_fact_over_and_over(text: str) -> None:
    """No pattern reads a text more than a few times."""
    before = process_time()
    facts_of("", text)
    assert process_time() - before < 1


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [("Nineteen dead in flood", "Flood: 34 dead", 0), ("Two dead in shooting", "Four dead in shooting", 1)],
)
def test_a_toll_of_many_grows(one: str, other: str, differ: int) -> None:
    """Rescuers count on; how many a single blow killed is known at once, and tells it from another."""
    assert compared(one, other) == (0, differ)


def test_one_number_in_common_is_enough() -> None:
    """A story counts on as it goes: an account agrees with it by any of its numbers."""
    assert compared("7 trawlers sank", "5 trawlers sank, then 7 trawlers sank") == (0, 0)


@given(st.lists(PIECES | st.sampled_from(ASCII + SIGNS)).map("".join))
@example(ASCII.replace("", "7 ducks ") + SIGNS)
def test_a_plain_text_counts_the_same_by_the_quicker_pattern(text: str) -> None:
    """What may stand before a number is written out for it, and what else stands there is no beginning."""
    assert PLAIN_COUNTED.findall(text) == COUNTED.findall(text)


@given(st.text("4% percnty.", max_size=40))
@example("6% of 7 percent, 8 per cent, 9 pct; 5 percentage, 4 percents")
def test_percentages_are_found_in_order(text: str) -> None:
    """Those that are looked for character by character are the ones that a pattern finds from left to right."""
    found = [match.span() for match in written_percentages(text)]
    assert found == sorted(found)
    assert {end for _, end in found} <= {match.end() for match in PERCENT.finditer(text)}


def test_facts_of_a_later_article_stay() -> None:
    """A full story forgets the facts that it got first."""
    story = b""
    for number in range(2 * STORY_FACTS):
        story = together(story, facts_of(f"{number + 2} trawlers", ""))
    assert len(unpacked(story)) == STORY_FACTS
    assert fact("trawler", str(2 * STORY_FACTS + 1)) in unpacked(story)
    assert fact("trawler", "2") not in unpacked(story)


def test_articles_in_other_languages_have_no_facts(article: Make) -> None:
    """The patterns are English: in French "5 mars" would count as five of something."""
    assert article("a", "Neuf morts le 5 mars", "Un bateau de 23 tonnes.", language="fr").facts == b""
    assert article("a", "Nine dead", "A boat of 23 tons.", language="en-GB").facts != b""


def test_numbers_far_down_are_not_read() -> None:
    """Background at the end of a long text has the numbers of other events."""
    assert found("", "x" * TEXT_CHARACTERS + " 23 pirates") == set()


@given(TEXTS, TEXTS)
def test_facts_of_any_text(title: str, text: str) -> None:
    """They are bounded, ascending, each once, and an article never contradicts itself."""
    facts = unpacked(facts_of(title, text))
    assert len(facts) <= MOST_FACTS
    assert (facts[1:] > facts[:-1]).all()
    features = differing(facts, row(facts))
    assert (features.ages[0], features.others[0]) == (0, 0)


@given(TEXTS, TEXTS)
def test_a_story_never_contradicts_the_article_that_it_took_in(one: str, other: str) -> None:
    """Whatever the story counted before, the article's numbers are among its own."""
    article = facts_of(other, "")
    features = differing(unpacked(article), row(unpacked(together(facts_of(one, ""), article))))
    assert (features.ages[0], features.others[0]) == (0, 0)


def scores(title: str, text: str = "") -> set[int]:
    """Return the scores of an article."""
    return set(unpacked(scores_of(title, text)).tolist())


@pytest.mark.parametrize(
    "title",
    [
        "Brandvik beat Tolmin 3-1",
        "«Тольмин» проиграл: 1:3",
        "Tolmin perd 1\u20133 contre Brandvik",
        "Brandvik goleia o Tolmin por 3 a 1",
        "布兰德维克3比1取胜",
        "\u0628\u0631\u0627\u0646\u062f\u0641\u064a\u0643 \u0663-\u0661",
    ],
)
def test_a_score_is_one_fact_whoever_is_named_first(title: str) -> None:
    """Desks write it in their own way, and the home side first or last."""
    assert scores(title) == {fact(SCORES, "1-3")}


@pytest.mark.parametrize(
    "title", ["Kick-off is at 20:45.30", "Up 3-5% on 2025-11-28", "Born 12.03.1998", "Call 555-1234"]
)
def test_times_dates_and_shares_are_no_scores(title: str) -> None:
    """Numbers beside each other that belong to something longer."""
    assert not scores(title)


@pytest.mark.parametrize("number", [*TENS.split(), *SMALL_NUMBERS.split(), "sixty-two", "1,200"])
def test_each_written_number_counts_a_thing(number: str) -> None:
    """None begins otherwise than the search for them expects."""
    assert facts_of("", f"There were {number} ferries.")
