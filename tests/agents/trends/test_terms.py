"""Terms: which phrases an article has, which of them are counted, and how they are described."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.trends.counting import TERM, Stream
from agents.trends.settings import TrendsSettings
from agents.trends.step import TrendsSettler
from agents.trends.terms import HALF_STEPS, MOST_TERMS, Sketch, terms_of
from agents.trends.unspaced import is_unspaced
from streams.message import Message, Settlement
from streams.records import ArticleStory, Growth, Tagged, Trend, encode
from streams.settings import Settings
from streams.topics import STORIED

HOUR = 3600.0
DAY = 24 * HOUR
PHRASE = "~hunger strike"


def test_a_title_gives_phrases_and_a_text_names() -> None:
    """Phrases stay within a clause, begin and end with words, and keep how they stood."""
    found = terms_of("Miners on hunger strike: no talks in Tolmin", "They met Ana Maria Kobal in the town hall.")
    assert found["hunger strike"] == "hunger strike"
    assert found["ana maria kobal"] == "Ana Maria Kobal"
    assert "strike talks" not in found
    assert not any(term.startswith(("on ", "no ", "in ")) for term in found)


@pytest.mark.parametrize(
    ("title", "text", "kept", "left"),
    [
        ("Norvik raises offer for Hald", "", "norvik raises offer", "for hald"),
        ("Search for Carys Pugh goes on", "", "carys pugh", "search for"),
        ("Storm nears New York harbour", "", "new york", "harbour in"),
        (
            "Awards",
            "In Albstadt fell snow, and Prime Minister Evika Silina came.",
            "prime minister evika silina",
            "in albstadt",
        ),
        ("Denial", "There is no plan, Jean-Philippe Champagne said.", "jean-philippe champagne", "philippe champagne"),
    ],
)
def test_terms_are_what_a_person_would_say(title: str, text: str, kept: str, left: str) -> None:
    """None ends in a preposition or begins a sentence with one, and a double name is whole."""
    found = terms_of(title, text, "en")
    assert kept in found
    assert left not in found


@pytest.mark.parametrize(
    ("language", "title", "text", "kept", "left"),
    [
        (
            "ru",
            "Итоги",
            "Президент принял отставку министра, сообщил Павел Дергунов.",
            "павел дергунов",
            "принял отставку",
        ),
        ("el", "Νέα", "Ο πρωθυπουργός μίλησε με τον Νίκο Παππά χθες.", "νίκο παππά", "πρωθυπουργός μίλησε"),
        ("fr", "Bilan", "Les étudiants étrangers élisent Anne Étienne.", "anne étienne", "étudiants étrangers"),
        ("tr", "Son durum", "Zonguldak'ın Kilimli ilçesinde Kemal Artun'un evi.", "kemal artun", "ın kilimli"),
        ("tr", "Kemal Artun’un istifası", "", "kemal artun'un istifası", "artun un"),
        ("tr", "İZMİR DEPREMİ", "", "izmir depremi", "i̇zmir depremi̇"),
        ("en", "In Storm Ottilie's wake", "", "storm ottilie", "storm ottilie's"),
        ("hi", "दिल्ली में भूकंप के झटके", "", "भूकंप के झटके", "द ल"),
        ("pl", "Wyrok", "Prezes Rady Ministrów Donald Tusk mówił.", "donald tusk", "tusk mówił"),
        ("ar", "زلزال يضرب شمال المغرب", "قال رئيس الوزراء إن", "شمال المغرب", "رئيس الوزراء"),
    ],
)
def test_names_are_told_in_every_script(language: str, title: str, text: str, kept: str, left: str) -> None:
    """A capital is one in any alphabet, a vowel sign ends no word, and a case behind an apostrophe is no name of its own."""
    found = terms_of(title, text, language)
    assert kept in found
    assert left not in found


@given(st.text(max_size=500), st.text(max_size=900))
def test_any_text_gives_few_terms(title: str, text: str) -> None:
    """However strange a text is, its terms are bounded and no longer than allowed."""
    found = terms_of(title, text)
    assert len(found) <= MOST_TERMS
    assert all(2 <= len(term.split()) <= 4 or is_unspaced(title) for term in found)


@pytest.mark.parametrize(
    ("language", "title", "kept", "left"),
    [
        ("zh", "台风“海葵”登陆福建", "台风海葵", "海葵"),
        ("zh", "四川雅安的地震", "四川雅安", "的地震"),
        ("ja", "能登半島で震度6強の地震", "能登半島", "半島で震度"),
        ("ja", "ハリケーン「メリッサ」、ジャマイカに上陸", "ハリケーンメリッサ", "メリッ"),
        ("ja", "ドナルド・トランプ氏が来日", "ドナルド・トランプ氏", "トランプ氏が"),
        ("ko", "尹 대통령 탄핵안 표결 시작", "탄핵안 표결 시작", "尹"),
        ("th", "น้ำท่วมหาดใหญ่", "", "น้ำท่วม"),
    ],
)
def test_chinese_and_japanese_titles_have_pieces(language: str, title: str, kept: str, left: str) -> None:
    """Nothing says where a word ends: pieces between kana and marks are counted, a word in katakana is not cut."""
    found = terms_of(title, "", language)
    assert not kept or kept in found
    assert left not in found


def test_of_a_name_in_signs_the_whole_is_shown() -> None:
    """Its pieces come as often, and are shorter."""
    stream = Stream(6.0, 1000)
    usual(stream, 5)
    found = []
    for number in range(24):
        title = ("台风海葵登陆福建", "福建防御台风“海葵”", "台风海葵致漳州停电")[number % 3]
        keys = [TERM + term for term in terms_of(title, "", "zh")]
        found += list(stream.add(5 * DAY + number * 200, keys, 1000 + number, "zh-1"))
    found += list(stream.advance(5 * DAY + 4 * HOUR))
    assert {burst.key for burst in found} == {"~台风海葵"}


def test_a_phrase_counts_from_its_second_source_on() -> None:
    """The same source again is no second one; the first is known then, and after half a day it is forgotten."""
    sketch = Sketch()
    assert sketch.first_said("hunger strike", 1, 70_000) is None
    assert sketch.first_said("hunger strike", 1, 70_006) is None
    assert sketch.first_said("hunger strike", 2, 70_012) == (70_000, 1)
    assert sketch.first_said("hunger strike", 3, 69_999) == (70_000, 1)
    assert sketch.first_said("bread queue", 1, 70_012) is None
    assert sketch.first_said("bread queue", 2, 70_012 + 3 * HALF_STEPS) is None


def test_a_term_counts_whoever_said_it_first() -> None:
    """Nine articles of nine sources are nine, and one of the hours before the window is none of them."""
    for ago, count in ((timedelta(minutes=30), 9), (timedelta(hours=5), 8)):
        settler, start = TrendsSettler(Settings(TrendsSettings(min_score=6.9))), datetime(2026, 5, 1, tzinfo=UTC)
        begun = start + timedelta(days=4, hours=6)
        told = [article(number, start + timedelta(minutes=15 * number), "Report", "en-0") for number in range(4 * 96)]
        told += [article(1000, begun - ago, "Hunger strike", "en-9")]
        told += [article(1001 + n, begun + timedelta(seconds=30 * n), "Hunger strike", "en-9") for n in range(8)]
        told += [article(2000, begun + timedelta(minutes=11), "Report", "en-0")]
        (trend,) = trends([settler.settle(each, None) for each in told])
        assert (trend.count, trend.sources) == (count, count)


def usual(stream: Stream, days: float) -> None:
    """Let days pass with an article each quarter of an hour, of which each 16th says the phrase."""
    for number in range(int(days * DAY / (HOUR / 4))):
        list(stream.add(number * HOUR / 4, [PHRASE] if number % 16 == 0 else [], number % 97, f"en-{number}"))


def test_a_burst_of_phrases_shows_one_of_each_story() -> None:
    """Of a story's phrases the longest of those most told is shown, and for half a day no other."""
    stream = Stream(6.0, 1000)
    usual(stream, 5)
    found = []
    for number in range(24):
        keys = [PHRASE, "~hunger strike in", "~strike in tolmin mine"]
        found += list(stream.add(5 * DAY + number * 200, keys, 1000 + number, "en-1"))
    found += list(stream.advance(5 * DAY + 4 * HOUR))
    assert {burst.key for burst in found} == {"~strike in tolmin mine"}


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("~storm ottilie", "~storm ottilie hits galway", False),
        ("~storm ottilie hits", "~storm ottilie", False),
        ("~雅安地震", "~安地震", False),
        ("~art deco", "~smart deco", True),
        ("~storm ottilie", "~ferry malampa", True),
    ],
)
def test_a_part_of_what_was_shown_is_not_shown(first: str, second: str, *, shown: bool) -> None:
    """An event that is two stories is told once, also where its second story says more words or fewer."""
    stream = Stream(6.0, 1000)
    usual(stream, 5)
    found = []
    for number in range(48):
        key, story = (first, "en-1") if number < 24 else (second, "en-2")
        found += list(stream.add(5 * DAY + number * 200, [key], 1000 + number, story))
    found += list(stream.advance(5 * DAY + 4 * HOUR))
    assert {burst.key for burst in found} == ({first, second} if shown else {first})


@pytest.mark.parametrize(
    ("stories", "shown"),
    [
        # one event, told apart into two stories
        ((("en-1", "en-1", "en-2", "en-1"), ("en-2", "en-2", "en-1", "en-2")), 1),
        # two, and a round-up of the day
        ((("en-1", "en-1", "en-1", "en-3"), ("en-2", "en-2", "en-2", "en-3")), 2),
    ],
)
def test_an_event_of_several_stories_is_told_once(stories: tuple[tuple[str, ...], tuple[str, ...]], shown: int) -> None:
    """Phrases without a word in common are one event's where the same stories tell them."""
    stream = Stream(6.0, 1000)
    usual(stream, 5)
    found = []
    for number in range(48):
        key = ("~storm ottilie", "~ferry malampa")[number % 2]
        story = stories[number % 2][number // 2 % 4]
        found += list(stream.add(5 * DAY + number * 100, [key], 1000 + number, story))
    found += list(stream.advance(5 * DAY + 4 * HOUR))
    assert len({burst.key for burst in found}) == shown


def test_phrases_that_nobody_says_any_more_are_forgotten() -> None:
    """A key is dropped weeks later, its row is another key's, and the state topic is told."""
    stream = Stream(6.0, 1000)
    usual(stream, 4)
    row = stream.rows[PHRASE]
    list(stream.advance(6 * DAY))
    for number in range(80 * 24):
        list(stream.add(6 * DAY + number * HOUR, [], number, "en-2"))
    assert PHRASE not in stream.rows
    assert stream.dropped == [PHRASE]
    list(stream.add(86 * DAY, ["~bread queue"], 1, "en-3"))
    assert stream.rows["~bread queue"] == row


def test_countries_and_topics_keep_their_room() -> None:
    """Phrases take no more than their share of the keys."""
    stream = Stream(6.0, 10)
    for number in range(20):
        list(stream.add(float(number), [f"{TERM}phrase {number}"], number, "en-1"))
    for number in range(2):
        list(stream.add(30.0 + number, [f"NO medtop:{number}"], number, "en-1"))
    assert sum(not key.startswith((TERM, "*")) for key in stream.rows) == 2
    assert len(stream) <= 11


def test_windows_wait_for_articles_that_are_late() -> None:
    """While a backlog comes in, the clock closes no window; once nothing more comes, it does."""
    settler, start = TrendsSettler(Settings(TrendsSettings())), datetime(2026, 5, 1, tzinfo=UTC)
    settler.settle(article(1, start, "Report", "en-0"), None)
    settler.due(frozenset({0}), start + timedelta(hours=5))
    settler.settle(article(2, start + timedelta(minutes=5), "Report", "en-0"), None)
    assert settler.stream.step == start.timestamp() // 600
    settler.due(frozenset({0}), start + timedelta(hours=5))
    assert settler.stream.step == start.timestamp() // 600
    settler.due(frozenset({0}), start + timedelta(hours=5, minutes=2))
    assert settler.stream.step == (start.timestamp() + 5 * HOUR + 60) // 600


def test_a_worker_that_has_just_begun_closes_no_window() -> None:
    """The articles that waited for it come first, or they would be counted in the window of now."""
    settler, start = TrendsSettler(Settings(TrendsSettings())), datetime(2026, 5, 1, tzinfo=UTC)
    begun, later = TrendsSettler(Settings(TrendsSettings())), start + timedelta(hours=2)
    for change in settler.settle(article(1, start, "Report", "en-0"), None).changes:
        begun.restore(change.topic, change.key, change.value)
    begun.due(frozenset({0}), later)
    assert begun.stream.step == start.timestamp() // 600
    begun.due(frozenset({0}), later + timedelta(minutes=1))
    assert begun.stream.step == later.timestamp() // 600


def article(number: int, time: datetime, title: str, story: str | None, language: str = "en") -> Message:
    """Return the message of an article with a story."""
    told = ArticleStory(
        id=story or "", event="grown", articles=1, sources=1, growth=Growth(now=1, life=1), first_seen_at=time
    )
    tagged = Tagged(
        id=f"{number:032x}",
        source=f"s{number % 61}.example",
        title=title,
        text="",
        fetched_at=time,
        published_at=time,
        language=language,
        extractor="given",
        story=told if story is not None else None,
    )
    return Message(STORIED.name, 0, number, None, encode(tagged), {}, time.timestamp())


def trends(settlements: list[Settlement]) -> list[Trend]:
    """Return the trends among the outputs."""
    return [out.record for each in settlements for out in each.outputs if isinstance(out.record, Trend)]


def test_a_trend_of_a_term_names_it_its_story_and_articles() -> None:
    """Its key holds the term alone; a restored settler knows it, and articles without a story have no terms."""
    settler, start = TrendsSettler(Settings(TrendsSettings(min_score=6.9))), datetime(2026, 5, 1, tzinfo=UTC)
    settlements = [
        settler.settle(article(number, start + timedelta(minutes=15 * number), f"Report {number}", "en-0"), None)
        for number in range(4 * 96)
    ]
    begun = start + timedelta(days=4)
    settlements += [
        settler.settle(
            article(1000 + number, begun + timedelta(minutes=2 * number), "Hunger strike at mine", "en-9"), None
        )
        for number in range(40)
    ]
    trend, *later = trends(settlements)
    assert later
    assert {(each.id, each.state) for each in later} == {(trend.id, "growing")}
    assert trend.key.term in {"hunger strike", "strike at mine"}
    assert (trend.key.country, trend.stories[0].id, trend.stories[0].title) == (None, "en-9", "Hunger strike at mine")
    assert trend.articles
    assert trend.id.startswith(f"{trend.key.term}:")
    changes = {change.key: change.value for each in settlements for change in each.changes}
    assert f"{TERM}{trend.key.term}" in changes
    without = settler.settle(article(2000, begun, "Hunger strike at mine", None), None)
    assert not any(change.key.startswith(TERM) for change in without.changes)


def test_a_name_in_several_cases_is_counted_once_in_its_commonest_form() -> None:
    """Half of the articles say it in the nominative; a restored worker names it so, too."""
    start = datetime(2026, 5, 1, tzinfo=UTC)
    settler, again = (TrendsSettler(Settings(TrendsSettings(min_score=6.9))) for _ in range(2))
    begun = start + timedelta(days=4)
    forms = ("Дело Павла Дергунова", "Суд над Павлом Дергуновым", "Арестован Павел Дергунов")
    told = [article(number, start + timedelta(minutes=15 * number), "Сводка", "ru-0", "ru") for number in range(4 * 96)]
    for number in range(12):
        title = forms[min(number % 4, 2)] if number < 11 else forms[2].upper()
        told.append(article(1000 + number, begun + timedelta(seconds=30 * number), title, "ru-9", "ru"))
    for each in told:
        for change in settler.settle(each, None).changes:
            again.restore(change.topic, change.key, change.value)
    last = article(2000, begun + timedelta(minutes=11), "Сводка", "ru-0", "ru")
    for one in (settler, again):
        (trend,) = trends([one.settle(last, None)])
        assert (trend.label, trend.key.term, trend.count) == ("Павел Дергунов", "павел дергунов", 12)
        assert trend.id.startswith("павл дерг:")
        assert trend.forms == ["павлом дергуновым", "павла дергунова"] * (one is settler)


def test_forms_of_a_phrase_that_is_counted_no_more_are_forgotten() -> None:
    """They would be kept for ever otherwise: a phrase is new with each event."""
    settler, start = TrendsSettler(Settings(TrendsSettings())), datetime(2026, 5, 1, tzinfo=UTC)
    for number in range(2):
        settler.settle(article(number, start, "Арестован Павел Дергунов", "ru-9", "ru"), None)
    key = next(key for key in settler.stream.rows if settler._forms.others(key, ""))
    settler.stream.forget(key)
    settler.stream.dropped.append(key)
    settler.settle(article(2, start, "Сводка", "ru-0", "ru"), None)
    assert settler._forms.others(key, "") == []


def test_after_a_restart_a_trend_is_named_as_before() -> None:
    """A burst counted before it is told by its phrase as it stood, with the titles of its stories."""
    start = datetime(2026, 5, 1, tzinfo=UTC)
    settler, again = (TrendsSettler(Settings(TrendsSettings(min_score=6.9))) for _ in range(2))
    begun = start + timedelta(days=4)
    told = [article(number, start + timedelta(minutes=15 * number), "Report", "en-0") for number in range(4 * 96)]
    told += [article(1000 + n, begun + timedelta(seconds=30 * n), "Hunger Strike at Mine", "en-9") for n in range(15)]
    for each in told:
        for change in settler.settle(each, None).changes:
            again.restore(change.topic, change.key, change.value)
    later = begun + timedelta(minutes=12)
    for one in (settler, again):
        one.due(frozenset({0}), later)  # still waits for articles that are late
    (before,), (after,) = (trends([one.due(frozenset({0}), later + timedelta(minutes=2))]) for one in (settler, again))
    assert (after.id, after.label, after.key, after.count) == (before.id, before.label, before.key, before.count)
    assert after.label == "Strike at Mine"
    assert [story.title for story in after.stories] == ["Hunger Strike at Mine"]
