"""Two stories that turn out to be one, and two that look alike and are not."""

import msgspec
import numpy as np
import pytest

from agents.stories.decide import Decider
from agents.stories.decision import Decision
from agents.stories.merging import merged
from agents.stories.reading.facts import facts_of
from agents.stories.reading.gather import ArticleFeatures
from agents.stories.state import story as stories
from streams.records import Region
from tests.agents.stories.conftest import BAKERY, Make

#: Two wordings of one event that share hardly a word, and a report that has the words of both.
AGROUND = (
    "The ferry Solveig ran aground off Brandvik in thick fog with 212 people on board, the coast guard of Norland said."
)
DIVERS = "Divers found nine metres of torn hull under the vessel Solveig near Brandvik, owner Norlinje told its shareholders."
BOTH = (
    "Divers of Norlinje found the torn hull of the ferry Solveig, which ran aground off Brandvik in thick fog with 212 people"
    " on board, the coast guard of Norland said; nine metres are torn, its owner Norlinje told shareholders."
)
ANOTHER = (
    "The ferry Astrid ran aground off Kolvik in thick fog with 97 people on board, the coast guard of Norland said."
)


def city(name: str) -> Region:
    """Return a city that an article is about."""
    return Region(country="NO", code="NO-46", level="city", name=name, role="about", score=1.0)


def told(decider: Decider, articles: list[ArticleFeatures]) -> list[Decision]:
    """Return the decisions on some articles."""
    return [decider.decide(article) for article in articles]


def pieces(article: Make, hours: float) -> list[ArticleFeatures]:
    """Return one event in two stories, and so many hours later a report that fits both."""
    return [
        article("z1", "No bread in Tolmin", BAKERY),
        article("a1", "Ferry Solveig aground off Brandvik", AGROUND),
        article("b1", "Hull of the Solveig torn at Brandvik", DIVERS, hours=3),
        article("c1", "Ferry Solveig aground off Brandvik: hull torn", BOTH, hours=hours),
    ]


def names(decision: Decision) -> list[tuple[str, str]]:
    """Return the merged stories' founders, each with that of the story that took it in."""
    return [(lost.id[-2:], kept.id[-2:]) for lost, kept in decision.merged]


def test_a_report_that_fits_two_young_stories_makes_them_one(decider: Decider, article: Make) -> None:
    """The younger is merged into the older, which holds all three articles from then on."""
    *before, last = told(decider, pieces(article, 6))
    assert [decision.outcome for decision in before] == ["new", "new", "new"]
    assert names(last) == [("b1", "a1")]
    story = last.places[0].story
    assert story is not None
    assert (story.id[-2:], story.articles, story.sources) == ("a1", 3, 3)
    again = decider.decide(pieces(article, 6)[2])
    assert (again.outcome, again.places[0].story) == ("known", story)


def test_a_merged_story_has_the_names_of_both(decider: Decider, article: Make) -> None:
    """By them it is told from look-alikes, and found in other languages."""
    told(decider, [article("a1", "Aground", AGROUND), article("z1", "No bread in Tolmin", BAKERY)])
    older, younger = decider.stories()
    before = np.frombuffer(older.names + younger.names, np.uint32)
    merged(older, younger)
    assert set(np.frombuffer(older.names, np.uint32).tolist()) == set(before.tolist())
    assert len(before) > len(np.frombuffer(younger.names, np.uint32)) > 0


def test_a_merge_is_told_again_when_its_article_is_delivered_again(decider: Decider, article: Make) -> None:
    """A kill may have come between the state and the telling; a new text of the article tells nothing."""
    *_, last = told(decider, pieces(article, 6))
    again = decider.decide(pieces(article, 6)[-1])
    assert (again.outcome, names(again)) == ("known", names(last))
    assert names(decider.decide(article("c1", "Ferry Solveig aground", BOTH, hours=9))) == []


def test_a_story_of_last_week_keeps_its_id(decider: Decider, article: Make) -> None:
    """An id that has been in use for days is not given up."""
    assert names(told(decider, pieces(article, 7 * 24))[-1]) == []
    assert len(decider) == 3


def test_two_events_that_look_alike_stay_two(decider: Decider, article: Make) -> None:
    """Another ship elsewhere is another story, although a report names both."""
    decisions = told(
        decider,
        [
            article("z1", "No bread in Tolmin", BAKERY),
            article("a1", "Ferry Solveig aground off Brandvik", AGROUND),
            article("b1", "Ferry Astrid aground off Kolvik", ANOTHER, hours=3),
            article("c1", "Ferry Astrid follows the Solveig aground", f"{ANOTHER} {AGROUND}", hours=6),
        ],
    )
    assert [names(decision) for decision in decisions] == [[], [], [], []]


@pytest.mark.parametrize(
    ("fields", "text"),
    [({}, DIVERS.replace("nine metres", "a 30-year-old hull, 14 metres")), ({"regions": [city("Kolvik")]}, DIVERS)],
)
def test_stories_that_contradict_stay_two(
    decider: Decider, article: Make, fields: dict[str, list[Region]], text: str
) -> None:
    """Two stories with a number of one thing each, or about a city each, are not merged by a report that fits both."""
    bread, ferry, _, both = pieces(article, 6)
    ferry = msgspec.structs.replace(
        ferry, facts=facts_of("", "a 12-year-old hull"), regions=[("NO-46/Brandvik", "Brandvik")]
    )
    other = article("b1", "Hull of the Solveig torn at Brandvik", text, hours=3, **fields)
    assert names(told(decider, [bread, ferry, other, both])[-1]) == []
    assert len(decider) == 3


def test_a_merge_that_a_kill_cut_in_half_is_ended_at_the_restore(decider: Decider, article: Make) -> None:
    """The older story has taken the younger in, and the younger is not forgotten yet: then it is forgotten."""
    log: dict[str, bytes] = {}
    *before, last = told(decider, pieces(article, 6))
    for decision in before:
        log.update({change.key: change.value for change in decision.changes if change.value is not None})
    lost = next(change.key for change in last.changes if change.value is None)
    log.update({change.key: change.value for change in last.changes if change.value is not None})
    assert lost in log
    restored = Decider(window_days=30, headline_days=7, max_stories=1000)
    for key, value in reversed(log.items()):
        restored.restore(key, value)
    again = restored.decide(pieces(article, 6)[2])
    assert again.outcome == "known"
    assert again.places[0].story is not None
    assert again.places[0].story.id[-2:] == "a1"
    assert len(restored) == len(decider) == 2


def restored(log: dict[str, bytes]) -> Decider:
    """Return a decider that has read some state."""
    decider = Decider(window_days=30, headline_days=7, max_stories=1000)
    for key, value in log.items():
        decider.restore(key, value)
    return decider


def test_articles_of_a_merged_story_are_known_after_a_restart(decider: Decider, article: Make) -> None:
    """The younger story's articles are the older one's, although its end stands behind that in the state."""
    other = Decider(window_days=30, headline_days=7, max_stories=1000)
    for decision in told(decider, pieces(article, 6)):
        for change in decision.changes:
            other.restore(change.key, change.value)
    again = other.decide(pieces(article, 6)[2])
    assert again.outcome == "known"
    assert again.places[0].story is not None
    assert again.places[0].story.id[-2:] == "a1"


def test_a_story_whose_founder_joined_another_later_is_kept(decider: Decider, article: Make) -> None:
    """A long story forgets its first article, which may come again and join another; that is no merge."""
    first, second = article("a1", "Ferry Solveig aground off Brandvik", AGROUND), article("b1", "No bread", BAKERY)
    third = article("a2", "Ferry Solveig aground off Brandvik", AGROUND, hours=1)
    log: dict[str, bytes] = {}
    for decision in told(decider, [first, second, third]):
        log.update({change.key: change.value for change in decision.changes if change.value is not None})
    name = next(key for key in log if key.startswith("story:") and key.endswith("b1"))
    story = stories.decoder.decode(log[name])
    story.known += stories.article_key(first.id)
    log[name] = stories.encoder.encode(story)
    again = restored(log)
    assert again.decide(third).outcome == "known"
    assert len(again) == 2
