"""Watches that alert on stories: one alert each, waiting for sources, merges, and forgotten stories."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from agents.deliver.alerts import why_held_back
from agents.watch.judgement import WatchOutcome
from agents.watch.stories import Stories
from agents.watch.throttle import Decision, Throttle
from streams.records import Growth, Story, StoryArticle, encode

Decide = Callable[..., Decision]
START = datetime(2026, 3, 2, tzinfo=UTC)


def story_news(
    story: str, article: str | None, sources: int = 1, merged_into: str | None = None, related: Sequence[str] = ()
) -> bytes:
    """Write a record of news.stories."""
    about = StoryArticle(id=article, title="T", source="s", fetched_at=START) if article else None
    return encode(
        Story(
            id=story,
            event_id=f"{story}{article}{sources}",
            event="merged" if merged_into else "grown",
            merged_into=merged_into,
            title="T",
            languages=["en"],
            first_seen_at=START,
            last_seen_at=START,
            articles=sources,
            sources=sources,
            growth=Growth(now=2.0 * sources, life=2.0),
            article=about,
            related=list(related),
        )
    )


@pytest.fixture
def stories() -> Stories:
    """Return a view of stories: a strike in Antwerp, one in La Guaira, a second article on each."""
    view = Stories()
    for story, article in (("antwerp", "a1"), ("antwerp", "a2"), ("guaira", "g1"), ("guaira", "g2")):
        view.take(story_news(story, article))
    return view


def test_cool_down_is_by_story_where_stories_are_known(decide: Decide, stories: Stories) -> None:
    """A minute after an alert on one strike, another strike is alerted on, and the next article on either is not."""
    throttle = Throttle(stories)
    outcomes = [
        decide(name, n, on=throttle, cool_down="30m").outcome for n, name in enumerate(("a1", "g1", "a2", "g2"))
    ]
    assert outcomes == [WatchOutcome.RAISED, WatchOutcome.RAISED, WatchOutcome.COOL_DOWN, WatchOutcome.COOL_DOWN]
    assert decide("a1", 0, on=throttle, cool_down="30m").replay


def test_story_is_waited_for_where_it_decides(decide: Decide, stories: Stories, noon: datetime) -> None:
    """In a cool-down, an article whose story is not known waits for it, for a while, and is decided once."""
    throttle = Throttle(stories)
    decide("a1", on=throttle, cool_down="30m")
    assert decide("x1", 1, on=throttle, cool_down="30m").outcome is WatchOutcome.WAITING
    assert decide("x2", 1, on=throttle, cool_down="30m").outcome is WatchOutcome.WAITING
    assert throttle.decide_waiting(now=noon + timedelta(minutes=1, seconds=1)) == []
    stories.take(story_news("fire", "x1"))
    [(_, known)] = throttle.decide_waiting(now=noon + timedelta(minutes=1, seconds=2))
    [(_, unknown)] = throttle.decide_waiting(now=noon + timedelta(minutes=2))
    assert known.alert
    assert (known.outcome, known.alert.article.id, known.alert.story) == (WatchOutcome.RAISED, "x1", "fire")
    assert unknown.outcome is WatchOutcome.COOL_DOWN
    assert throttle.decide_waiting(now=noon + timedelta(minutes=3)) == []
    assert decide("x1", 1, on=throttle, cool_down="30m").alert == known.alert


def test_each_story_is_alerted_once(decide: Decide, stories: Stories, noon: datetime) -> None:
    """With `each = "story"` articles of one story are one alert, whichever comes first, and a merged one is the same."""
    throttle = Throttle(stories)
    outcomes = [decide(name, n, on=throttle, each="story").outcome for n, name in enumerate(("a1", "a2", "g1"))]
    assert outcomes == [WatchOutcome.RAISED, WatchOutcome.REPEAT, WatchOutcome.RAISED]
    stories.take(story_news("antwerp2", "a3"))
    stories.take(story_news("antwerp2", None, merged_into="antwerp"))
    assert decide("a3", 9, on=throttle, each="story").outcome is WatchOutcome.REPEAT


def test_a_story_that_was_not_known_when_it_was_alerted_on_is_not_alerted_on_again(decide: Decide) -> None:
    """An alert without a story counts for the story of its article once that is known, and for a new text of it."""
    late = Stories()
    throttle = Throttle(late)
    assert decide("a1", on=throttle, each="story").outcome is WatchOutcome.RAISED
    for story, article in (("antwerp", "a1"), ("antwerp", "a2"), ("guaira", "g1")):
        late.take(story_news(story, article))
    assert decide("a2", 5, on=throttle, each="story").outcome is WatchOutcome.REPEAT
    assert decide("a1", 6, on=throttle, each="story").outcome is WatchOutcome.REPEAT
    assert decide("g1", 7, on=throttle, each="story").outcome is WatchOutcome.RAISED


def test_a_story_that_was_alerted_on_and_is_merged_is_not_alerted_on_again(decide: Decide, stories: Stories) -> None:
    """The older story that took it in is the one that was told."""
    throttle = Throttle(stories)
    stories.take(story_news("antwerp2", "a3"))
    assert decide("a3", on=throttle, each="story").outcome is WatchOutcome.RAISED
    stories.take(story_news("antwerp2", None, merged_into="antwerp"))
    assert decide("a1", 9, on=throttle, each="story").outcome is WatchOutcome.REPEAT


def test_watch_waits_until_its_story_is_large_enough(decide: Decide, stories: Stories, noon: datetime) -> None:
    """A condition on the story holds an article back until the story has so many sources; then it is alerted, once."""
    throttle = Throttle(stories)
    query = "oil AND story.sources >= 3 AND story.growth >= 3"
    assert decide("a1", on=throttle, each="story", query=query).outcome is WatchOutcome.WAITING
    assert decide("a2", 1, on=throttle, each="story", query=query).outcome is WatchOutcome.WAITING
    stories.take(story_news("antwerp", "a3", sources=2))
    assert throttle.decide_waiting(now=noon + timedelta(minutes=2)) == []
    other = Throttle(stories)
    other.restore("w", throttle.snapshot("w"))
    stories.take(story_news("antwerp", "a4", sources=3))
    for each in (throttle, other):
        found = each.decide_waiting(now=noon + timedelta(hours=5))
        stories.take(story_news("antwerp", "a4", sources=3))
        assert [(decision.outcome, decision.alert and decision.alert.article.id) for _, decision in found] == [
            (WatchOutcome.RAISED, "a2")
        ]
    assert decide("a4", 301, on=throttle, each="story", query=query).outcome is WatchOutcome.REPEAT


def test_condition_on_the_story_is_never_taken_for_met(decide: Decide) -> None:
    """Where no story is known nothing is alerted, and where the article's record carries its story the query has decided."""
    query = "oil AND story.sources >= 3"
    assert decide("a1", query=query).outcome is WatchOutcome.WAITING
    assert decide("a2", query=query, story="s1").outcome is WatchOutcome.RAISED


def test_story_that_stays_small_is_forgotten(decide: Decide, stories: Stories, noon: datetime) -> None:
    """A story that never became so large raises nothing, and is kept for three days and no longer."""
    throttle = Throttle(stories)
    decide("a1", on=throttle, query="oil AND story.sources >= 9")
    assert throttle.decide_waiting(now=noon + timedelta(days=4)) == []
    stories.take(story_news("antwerp", "a5", sources=9))
    assert throttle.decide_waiting(now=noon + timedelta(days=4, minutes=1)) == []


def test_after_a_restart_a_story_of_which_nothing_is_known_yet_is_waited_for(
    decide: Decide, stories: Stories, noon: datetime
) -> None:
    """A worker that knows no story yet raises nothing of those that had too few sources; their next news decides."""
    throttle, empty = Throttle(stories), Stories()
    assert decide("a1", on=throttle, query="oil AND story.sources >= 3").outcome is WatchOutcome.WAITING
    restarted = Throttle(empty)
    restarted.restore("w", throttle.snapshot("w"))
    assert restarted.decide_waiting(now=noon + timedelta(minutes=1)) == []
    empty.take(story_news("antwerp", "a3", sources=3))
    [(_, decision)] = restarted.decide_waiting(now=noon + timedelta(minutes=2))
    assert decision.outcome is WatchOutcome.RAISED


def test_another_language_on_the_event_is_held_back_by_name(decide: Decide, stories: Stories) -> None:
    """With `each = "event"` the first article of a related story is named once, without a cool-down too, for two days."""
    throttle, quake = Throttle(stories), {"each": "event", "severity": "critical"}
    stories.take(story_news("fr-antwerp", "f1", related=["antwerp"]))
    stories.take(story_news("fr-antwerp", "f2", related=["antwerp"]))
    french = {"language": "fr"}
    told = [decide(name, n, on=throttle, fields=french, **quake) for n, name in enumerate(("a1", "f1", "f2"))]
    assert [one.outcome for one in told] == [WatchOutcome.RAISED, WatchOutcome.COOL_DOWN, WatchOutcome.REPEAT]
    other = decide("g1", 5, on=throttle, **quake).alert
    assert other is not None
    assert other.suppressed == 1
    assert [(one.related_to, one.language, one.reason) for one in other.held_back] == [("antwerp", "fr", "cool_down")]
    assert why_held_back(other.held_back[0]) == "also told in French"


def test_a_relation_holds_an_event_back_for_two_days(decide: Decide, stories: Stories) -> None:
    """What another language tells later is news again, and what is not related is never held back."""
    throttle = Throttle(stories)
    stories.take(story_news("fr-antwerp", "f1", related=["antwerp"]))
    assert decide("a1", on=throttle, each="event").outcome is WatchOutcome.RAISED
    assert decide("f1", 49 * 60, on=throttle, each="event").outcome is WatchOutcome.RAISED
    assert decide("g1", 49 * 60, on=throttle, each="event").outcome is WatchOutcome.RAISED


def test_a_relation_that_comes_after_the_second_alert_changes_nothing(decide: Decide, stories: Stories) -> None:
    """Each story that was alerted on stays so, under the alert that it had."""
    throttle = Throttle(stories)
    stories.take(story_news("fr-antwerp", "f1"))
    told = [decide(name, n, on=throttle, each="event") for n, name in enumerate(("a1", "f1"))]
    stories.take(story_news("fr-antwerp", "f2", related=["antwerp"]))
    assert [one.outcome for one in (*told, decide("f2", 3, on=throttle, each="event"))] == [
        WatchOutcome.RAISED, WatchOutcome.RAISED, WatchOutcome.REPEAT,
    ]  # fmt: skip


@pytest.mark.parametrize("each", ["story", "article"])
def test_a_watch_on_stories_tells_each_language(decide: Decide, stories: Stories, each: str) -> None:
    """A relation may be wrong: it holds back nothing where nobody asked for events, within a cool-down either."""
    throttle = Throttle(stories)
    stories.take(story_news("fr-antwerp", "f1", related=["antwerp"]))
    told = [decide(name, n, on=throttle, each=each, cool_down="30m").outcome for n, name in enumerate(("a1", "f1"))]
    assert told == [WatchOutcome.RAISED, WatchOutcome.RAISED]


def test_watch_waits_until_its_event_is_told_in_languages(decide: Decide, stories: Stories, noon: datetime) -> None:
    """One article in each of three languages is no story of several sources, but of three languages."""
    throttle = Throttle(stories)
    asked = {"query": "oil AND story.languages >= 3", "each": "story"}
    assert decide("a1", on=throttle, **asked).outcome is WatchOutcome.WAITING
    stories.take(story_news("antwerp", None, related=["fr-antwerp"]))
    assert throttle.decide_waiting(now=noon) == []
    stories.take(story_news("antwerp", None, related=["fr-antwerp", "ar-antwerp"]))
    ((_, told),) = throttle.decide_waiting(now=noon)
    assert told.outcome is WatchOutcome.RAISED
