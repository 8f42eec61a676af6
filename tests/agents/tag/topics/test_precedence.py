"""In English, what happened comes before the field in which it happened, where an article is likely to have both."""

import numpy as np
import pytest

from agents.tag.topics import TopicTagger, load
from agents.tag.topics.precedence import in_order
from agents.tag.topics.stems import Hit
from bench.topics import clean

CRIME, HEALTH = "medtop:02000000", "medtop:07000000"
TOPICS = [f"medtop:{number:02}000000" for number in range(1, 18)]
LIKELY = 0.72

#: Main topic, title, text: invented for wirewatch.
NEWS = (
    (
        "02",
        "Principal took bribes for places at elite school, tribunal hears",
        "Parents paid so that their children would skip the entrance exam, the prosecutor said. The teacher kept a list.",
    ),
    (
        "03",
        "Ferry of pilgrims sinks on the way to shrine",
        "Eighty worshippers were on board. Rescue boats found 31 survivors. Priests held prayers on the shore.",
    ),
    (
        "16",
        "Bomb in mosque kills thirty at Friday prayers",
        "Worshippers were on their knees when the blast tore through the hall. The imam is among the dead.",
    ),
    (
        "08",
        "Twin brothers become fathers on the same day in the same hospital",
        "Their wives had shared the cravings, too. The four grandparents ran. The babies will share a birthday.",
    ),
    (
        "12",
        "Pilgrims light a thousand candles for peace",
        "Believers knelt in the square while the archbishop prayed for soldiers on both sides. Bells rang in all churches.",
    ),
    (
        "05",
        "Law school starts a course on prisons, inside one",
        "Students and inmates sit next to each other in class. Grades are given to both. The professor brings no phone.",
    ),
    (
        "01",
        "Photographer shows twenty years of war on gallery walls",
        "The exhibition in Durban has soldiers asleep and rebels who dance. The artist says that she is done with bombs.",
    ),
)


@pytest.fixture(scope="module")
def tagger() -> TopicTagger:
    """Return the tagger with the tables that ship."""
    return load(languages=())


@pytest.mark.parametrize(("topic", "title", "text"), NEWS)
def test_what_happened_is_the_main_topic(tagger: TopicTagger, topic: str, title: str, text: str) -> None:
    """Bribes at a school are crime, a ferry of pilgrims is a disaster; prayers for peace stay religion."""
    found = tagger.tag(clean({"id": "a", "title": title, "text": text, "language": "en"}), 0.0)
    assert found[0].id == f"medtop:{topic}000000"


def odds(crime: float, health: float) -> np.ndarray:
    """Return log-odds in which all other topics are unlikely."""
    found = np.full(len(TOPICS), -5, np.float32)
    found[TOPICS.index(CRIME)], found[TOPICS.index(HEALTH)] = crime, health
    return found


@pytest.mark.parametrize(
    ("crime", "health", "first"),
    [(2, 4, CRIME), (4, 2, CRIME), (0.9, 2, HEALTH), (2, 5.5, HEALTH)],
    ids=["close", "ahead", "unlikely", "far behind"],
)
def test_an_event_comes_first_where_it_is_likely_and_close(crime: float, health: float, first: str) -> None:
    """A crime in a hospital changes places with health; one that is only hinted at does not."""
    found = in_order(odds(crime, health), [], TOPICS, LIKELY)
    assert TOPICS[int(found.argmax())] == first
    assert sorted(found) == sorted(odds(crime, health))


def test_what_a_title_has_overruled_stays_behind() -> None:
    """Where the title says that health overrules crime, it does."""
    hit = Hit(HEALTH, True, 0, 4, over=(CRIME,))
    assert TOPICS[int(in_order(odds(2, 4), [hit], TOPICS, LIKELY).argmax())] == HEALTH
