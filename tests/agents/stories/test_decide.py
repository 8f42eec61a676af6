"""The decider: articles that found a story or join it, and verdicts that never move."""

import random
from datetime import timedelta

import msgspec
import pytest

from agents.stories.decide import Decider
from agents.stories.decision import Decision
from agents.stories.view import named, record_of
from streams.records import Region
from tests.agents.stories.conftest import BAKERY, FERRY, FERRY_LATER, START, Make


def story_id(decision: Decision) -> str | None:
    """Return the id of the story that the decided article belongs to."""
    story = decision.places[0].story
    return story.id if story is not None else None


def test_of_stories_that_say_the_same_the_oldest_is_first(decider: Decider, article: Make) -> None:
    """However many there are: a sum is rounded otherwise in another row of a matrix."""
    draw = random.Random(4)
    pieces = [first + second for first in "bcdfglmnprst" for second in "aeiou"]
    words = ["".join(draw.choices(pieces, k=draw.randint(2, 4))) for _ in range(90)]
    decider.decide(article("1", "Ferry aground off Brandvik", f"{FERRY} {' '.join(words)}."))
    language = decider.languages["en"]
    first = language.story(0)
    later = article(
        "2", "Ferry aground off Brandvik: divers find a tear", f"{FERRY_LATER} {' '.join(words[:60])}.", hours=2
    )
    for number in range(1, 40):
        language.put(msgspec.structs.replace(first, id=f"{first.id}-{number}", serial=first.serial + number))
        rows = language.fit(later, language.weighed(later), decider.clock).rows
        assert [int(language.memory.serial[row]) for row in rows] == [first.serial + each for each in range(number + 1)]


def test_a_report_on_the_same_event_joins_and_another_event_founds(decider: Decider, article: Make) -> None:
    """Two reports on one event share an id made from the first; a third on something else has its own."""
    first = decider.decide(article("a1", "Ferry runs aground off Brandvik", FERRY))
    second = decider.decide(article("a2", "Torn hull of the ferry Solveig", FERRY_LATER, hours=5))
    other = decider.decide(article("a3", "No bread in Tolmin as bakers strike", BAKERY, hours=6))
    assert story_id(first) == "en-" + "a1".zfill(32)
    assert story_id(second) == story_id(first)
    assert other.outcome == "new"
    assert story_id(other) != story_id(first)


DURBAN = (
    "Cranes stood still in Durban for a second week as dock workers voted by 91 per cent to go on with a strike over pay and"
    " night shifts. Shipping agents counted 32 ships at anchor, and citrus growers in Limpopo fear for late oranges. The union"
    " wants three night shifts in a row at most; the port said that it would not discuss shifts until work resumed."
)
MONTREAL = (
    "Dock workers at the port of Montreal voted by 94 per cent for a strike over pay, night shifts and cameras in place of"
    " gate checkers. A strike would close the container port and leave ships at anchor, shipping agents said. The union wants"
    " fewer night shifts in a row, and importers in Ontario began to book through Halifax."
)
STRIKES = (
    ("Port strike enters second week in Durban", DURBAN),
    ("Montreal dock workers vote for port strike", MONTREAL),
)


@pytest.mark.parametrize(("second", "stories"), [("CA", 2), ("ZA", 1)])
def test_the_first_strikes_of_two_countries_are_two_stories(
    decider: Decider, article: Make, second: str, stories: int
) -> None:
    """While it is not known yet how common the words of all strikes are, another country is another story."""
    for number in range(30):
        word = "".join(chr(97 + ord(digit) - ord("0")) for digit in f"{number:03}")
        decider.decide(
            article(f"z{number}", f"Choir {word} sings", f"The choir of {word} sang in {word}hall on Sunday evening.")
        )
    before = len(decider)
    for name, (title, text), country in zip("ab", STRIKES, ("ZA", second), strict=True):
        about = Region(country=country, code=country, level="country", name=country, role="about", score=1.0)
        decider.decide(article(f"{name}1", title, text, regions=[about]))
    assert len(decider) - before == stories


def test_an_article_that_comes_again_keeps_its_story_and_counts_once(decider: Decider, article: Make) -> None:
    """Delivered again, even with another text, an article stays where it is."""
    decider.decide(article("a1", "Ferry runs aground off Brandvik", FERRY))
    decider.decide(article("a2", "Torn hull of the ferry Solveig", FERRY_LATER, hours=5))
    again = decider.decide(article("a2", "No bread in Tolmin as bakers strike", BAKERY, hours=6))
    assert again.outcome == "known"
    assert story_id(again) == "en-" + "a1".zfill(32)
    assert again.places[0].story is not None
    assert again.places[0].story.articles == 2


def test_a_corrected_title_takes_the_place_of_the_wrong_one(decider: Decider, article: Make) -> None:
    """A new text of the article that speaks for its story speaks for it from then on, and an old one never again."""
    decider.decide(article("a1", "Ferry runs aground, 212 dead", FERRY))
    corrected = decider.decide(article("a1", "Correction: 212 on board, nobody hurt", FERRY, hours=1))
    old = decider.decide(article("a1", "Ferry runs aground, 212 dead", FERRY, hours=0.5))
    for decision in (corrected, old):
        assert decision.outcome == "known"
        assert decision.places[0].story is not None
        assert decision.places[0].story.medoid.title == "Correction: 212 on board, nobody hurt"
        assert decision.places[0].story.articles == 1
    assert [change.key for change in corrected.changes] == ["story:en-" + "a1".zfill(32), "clock"]


def test_a_copy_counts_as_a_source_of_its_originals_story(decider: Decider, article: Make, copy: Make) -> None:
    """A copy adds an article and a source and no words."""
    decider.decide(article("a1", "Ferry runs aground off Brandvik", FERRY))
    decision = decider.decide(copy("b1", "a1", hours=1))
    story = decision.places[0].story
    assert decision.outcome == "copy"
    assert story is not None
    assert (story.articles, story.sources, story.originals) == (2, 2, 1)


def test_a_copy_that_comes_before_its_original_waits_for_it(decider: Decider, article: Make, copy: Make) -> None:
    """A copy whose original is still being tagged joins with it, and is counted then."""
    early = decider.decide(copy("b1", "a1"))
    assert early.outcome == "waiting"
    decision = decider.decide(article("a1", "Ferry runs aground off Brandvik", FERRY, hours=1))
    assert [place.article.id for place in decision.places] == ["a1".zfill(32), "b1".zfill(32)]
    story = decision.places[1].story
    assert story is not None
    assert story.articles == 2


def test_what_waits_is_counted_once(decider: Decider, article: Make, copy: Make) -> None:
    """A copy that comes again, or is fetched again, and a further fetch of the article itself, while it is being tagged."""
    for again in (copy("b1", "a1"), copy("b1", "a1"), copy("b1", "a1", hours=0.5), copy("a1", "a1", hours=0.5)):
        assert decider.decide(again).outcome == "waiting"
    decision = decider.decide(article("a1", "Ferry runs aground off Brandvik", FERRY, hours=1))
    story = decision.places[-1].story
    assert story is not None
    assert story.articles == 2
    assert decider.decide(copy("b1", "a1")).outcome == "known"


def test_backfill_joins_and_never_founds(decider: Decider, article: Make) -> None:
    """An old article joins a running story without making it younger; alone it founds none."""
    decider.decide(article("a1", "Ferry runs aground off Brandvik", FERRY))
    old = article("a2", "Torn hull of the ferry Solveig", FERRY_LATER, hours=5, backfill=True)
    joined = decider.decide(old)
    assert joined.outcome == "grown"
    story = joined.places[0].story
    assert story is not None
    assert story.last == story.first
    alone = decider.decide(article("a3", "No bread in Tolmin as bakers strike", BAKERY, hours=6, backfill=True))
    assert (alone.outcome, alone.places[0].story) == ("alone", None)


def test_a_roundup_has_no_story(decider: Decider, article: Make) -> None:
    """News in brief draws no events together, even where it tells of one that runs."""
    decider.decide(article("a1", "Ferry runs aground off Brandvik", FERRY))
    decision = decider.decide(article("a2", "World news in brief", f"{FERRY}\n\n{BAKERY}", hours=1))
    assert (decision.outcome, decision.places[0].story) == ("alone", None)


def test_a_story_without_articles_for_its_window_ends_and_its_id_is_gone(article: Make) -> None:
    """An article on the event after that founds a new story."""
    decider = Decider(window_days=2, headline_days=1, max_stories=1000)
    decider.decide(article("a1", "Ferry runs aground off Brandvik", FERRY))
    late = decider.decide(article("a2", "Torn hull of the ferry Solveig", FERRY_LATER, hours=49))
    assert late.outcome == "new"
    ended = []
    for number in range(300):
        decision = decider.decide(
            article(f"c{number}", f"Notice {number}", f"Notice number {number} of the day.", hours=50)
        )
        ended += [story.id for story in decision.ended]
    assert ended == ["en-" + "a1".zfill(32)]


def test_more_stories_than_allowed_end_the_quietest(article: Make) -> None:
    """The bound holds, and its cost is said."""
    decider = Decider(window_days=30, headline_days=7, max_stories=2)
    decider.decide(article("a1", "Ferry runs aground off Brandvik", FERRY))
    decider.decide(article("a2", "No bread in Tolmin as bakers strike", BAKERY, hours=1))
    third = decider.decide(
        article(
            "a3",
            "Comet seen over Quito",
            "A comet with two tails was seen by thousands of people over Quito shortly before dawn.",
            hours=2,
        )
    )
    assert [story.id for story in third.ended] == ["en-" + "a1".zfill(32)]
    assert len(decider) == 2


def test_a_report_from_before_the_latest_news_is_no_development(decider: Decider, article: Make) -> None:
    """A first report that is fetched late joins; the newest stays the one published last."""
    for number in range(80):
        word = "".join(chr(97 + ord(digit) - ord("0")) for digit in f"{number:03}")
        decider.decide(
            article(f"z{number}", f"Choir {word} sings", f"The choir of {word} sang in {word}hall on Sunday evening.")
        )
    for name, title, text, hours in (
        ("a1", "Ferry runs aground off Brandvik", FERRY, 6),
        ("a2", "Hull of ferry Solveig torn for nine metres", FERRY_LATER, 9),
    ):
        decision = decider.decide(article(name, title, text, hours, published_at=START + timedelta(hours=hours)))
    story = decision.places[0].story
    assert story is not None
    assert story.newest is not None
    assert story.newest.title == "Hull of ferry Solveig torn for nine metres"

    late = (
        "The ferry Solveig sent a distress call off Brandvik. A lighthouse keeper, Ragna Tofte, heard rockets, saw lanterns swing"
        " and rang the bell of Kolvik chapel until trawlers cast off."
    )
    decision = decider.decide(
        article("a3", "Ferry Solveig sends distress call off Brandvik", late, 10, published_at=START)
    )
    story = decision.places[0].story
    assert story is not None
    assert (story.articles, decision.outcome) == (3, "grown")
    assert story.newest is not None
    assert story.newest.title == "Hull of ferry Solveig torn for nine metres"


def test_the_report_that_came_out_last_is_named(decider: Decider, article: Make) -> None:
    """A denial has few words of its own, so it is no development; neither an opinion nor an older report takes its place."""
    rumour = "Dam above Kinloch reported breached, residents told to leave"
    denial = "No breach at Glenmorran dam, operator says: reports were false"
    told = (
        "Residents below the Glenmorran dam at Kinloch were told to leave their homes after reports that the dam was breached. "
        "Water poured through a crack in the wall of the Glenmorran dam, messages said. Police closed the road to Kinloch."
    )
    denied = told.replace("Water poured", "No water pours").replace("were told to leave", "may go back to")
    decider.decide(article("1", rumour, told), 0.0)
    decider.decide(article("2", denial, denied, hours=3), 0.0)
    decider.decide(
        article("3", "Opinion: the Glenmorran dam and Kinloch", denied + " It is time to think.", hours=4), 0.0
    )
    late = article("4", "Glenmorran dam breached, say Kinloch residents", told, hours=5, published_at=START)
    story = decider.decide(late, 0.0).places[-1].story

    assert story is not None
    assert (story.originals, story.newest) == (4, None)
    assert story.latest is not None and story.latest.title == denial
    assert record_of(story, "grown", "e").latest == named(story.latest, duplicate=False)


def test_an_opinion_is_neither_the_newest_development_nor_the_title(decider: Decider, article: Make) -> None:
    """It has words that the story lacked, and lies in its middle."""
    decider.decide(article("1", "Ferry Solveig aground off Brandvik", FERRY), 0.0)
    decider.decide(article("2", "Hull of ferry Solveig torn for nine metres", FERRY_LATER, hours=3), 0.0)
    text = f"{FERRY} {FERRY_LATER} Owners of such ships have for years deferred repairs, and ministers let them."
    place = decider.decide(
        article("3", "Opinion: ferry Solveig aground off Brandvik, again", text, hours=5), 0.0
    ).places[-1]
    story = place.story
    assert story is not None
    assert story.originals == 3
    assert story.newest is not None
    assert "Opinion" not in story.newest.title + story.medoid.title
