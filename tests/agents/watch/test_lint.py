"""Trying first: lint, explanations and backtests."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.watch.backtest import SAMPLE, Past, PastStory, backtest, by_time
from agents.watch.errors import QueryError
from agents.watch.judgement import WatchOutcome
from agents.watch.language.implication import implies
from agents.watch.language.parse import parse
from agents.watch.lint import lint
from agents.watch.matching.article import SearchableArticle
from agents.watch.matching.explain import explain
from agents.watch.records import Watch
from agents.watch.stories import CausingArticle
from streams.records import ArticleStory, Growth, NewsTopic, Region, Tagged

ODD = [
    ("oil AND NOT oil", "never_matches"),
    ('"oil price" AND NOT oil', "never_matches"),
    ("sanctions AND NOT sanction*", "never_matches"),
    ("title:oil AND NOT oil", "never_matches"),
    ('region:VE AND NOT region:"South America"', "never_matches"),
    ("topic:basketball AND NOT topic:sport", "never_matches"),
    ("oil AND lang:en AND lang:es", "never_matches"),
    ("oil AND source:a.org AND source:b.org", "never_matches"),
    ("oil AND source:https://a.org/news", "never_matches"),
    ("lang:en", "nearly_everything"),
    ("an OR oil", "nearly_everything"),
    ('oil OR "oil price"', "unused_term"),
    ("sanctions OR sanction*", "unused_term"),
    ("oil OR =OIL", "unused_term"),
    ("oil OR gas OR oil", "unused_term"),
    ('oil AND "oil price"', "unused_term"),
    ("oil AND oil NEAR/3 price", "unused_term"),
    ("region:VE AND region:005", "unused_term"),
    ("score >= 3 { oil:2, oil:1 }", "unused_term"),
    ("region:Texa", "unknown_place"),
    ("region:Venezula", "unknown_place"),
    ('region:"West Afrika"', "unknown_place"),
    ('region:"Great Lakes"', "unknown_place"),
    ("region:Gulf", "unknown_place"),
    ("region:Benelux AND NOT region:EU", "never_matches"),
    ("region:ASEAN AND region:VN", "unused_term"),
    ("region:Benelux OR region:NATO", "unused_term"),
    ("region:Georgia", "ambiguous_place"),
    ("oil AND lang:xx", "unknown_language"),
    ("oil AND lang:eng", "unknown_language"),
    ("the", "nearly_everything"),
    ("über OR und", "nearly_everything"),
    ("streik* AND lang:de", "misses"),
    ("C++ AND oil", "symbols"),
    ("US AND oil", "case"),
    ("oil NEAR/60 price", "wide_near"),
]


@pytest.mark.parametrize(("query", "check"), ODD)
def test_odd_query_is_found(watch: Callable[..., Watch], query: str, check: str) -> None:
    """Each check finds its own fault, and nothing else is found."""
    assert {finding.check for finding in lint(watch(query))} == {check}


@pytest.mark.parametrize(
    "query",
    [
        "oil AND (sanctions OR embargo) AND NOT film",
        "=US AND oil",
        "G7",
        "5G OR F-16",
        '"9 11"',
        '"oil price" OR "gas price"',
        "region:VE AND topic:economy AND lang:es",
        "region:EU",
        "region:Sahel AND NOT region:ML",
        "region:NATO AND NOT region:EU",
        "port AND region:US AND NOT region:(IN OR US-TX)",
        "oil NEAR/8 (price* OR cost) AND NOT olive",
        "score >= 5 { oil:3, gas:3, film:-5 }",
    ],
)
def test_sensible_query_is_left_alone(watch: Callable[..., Watch], query: str) -> None:
    """Nothing is said about a query that has nothing odd."""
    assert lint(watch(query)) == []


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("region:Venezula", '"venezuela"'),
        ('region:"West Afrika"', '"west africa"'),
        ('region:"Great Lakes"', '"African Great Lakes"'),
        ("region:Gulf", '"Gulf states"'),
        ("region:Skandinavia", '"Scandinavia"'),
        ("region:Amerika", '"americas"'),
        ("lang:jp", "lang:ja"),
        ("region:Georgia", "US-GA"),
    ],
)
def test_name_that_is_unknown_gets_a_suggestion(watch: Callable[..., Watch], query: str, hint: str) -> None:
    """A place or language that is slightly wrong is answered with the one that is meant."""
    assert hint in "".join(finding.hint for finding in lint(watch(query)))


def test_sample_shows_what_a_term_misses(watch: Callable[..., Watch], article: Callable[..., Tagged]) -> None:
    """Endings, compounds and accents that stand in several articles and are not found are named, with how to find them."""
    texts = [
        "Streiks am Hafen",
        "ein Warnstreik",
        "Warnstreik und Streiks",
        "das Café",
        "zum Café",
        "Streik im Cafe",
        "nun",
    ]
    sample = [SearchableArticle(article("x", text)) for text in texts * 20]
    by_query = {
        query: str(next(f for f in lint(watch(query), sample) if f.check == "misses")) for query in ("streik", "cafe")
    }
    assert by_query["streik"] == "`streik` misses streiks (40 articles), warnstreik (40 articles) (write *streik*)"
    assert by_query["cafe"] == "`cafe` misses café (40 articles) (list them with OR)"
    assert (
        str(lint(watch("streik"), sample[:7])[0])
        == "`streik` misses streiks (2 articles), warnstreik (2 articles) (write *streik*)"
    )
    assert "misses" not in {finding.check for finding in lint(watch("*streik* OR café OR cafe"), sample)}


def test_sample_shows_what_a_query_alone_does_not(watch: Callable[..., Watch], article: Callable[..., Tagged]) -> None:
    """Over articles: a term that is in none of them, no match at all, or far too many."""
    sample = [SearchableArticle(article("Oil", f"number {number}")) for number in range(100)]
    assert [f.check for f in lint(watch("oil"), sample)] == ["nearly_everything"]
    assert [f.check for f in lint(watch("oil AND venzuela"), sample)] == ["never_matches", "unused_term"]
    # one letter alone is in nearly every article, but not in these
    assert [f.check for f in lint(watch("x"), sample)] == ["never_matches", "unused_term"]
    assert lint(watch("oil AND venzuela"), sample[:99]) == []
    assert lint(watch("trend:Chile,labour"), sample) == []


TERMS = ["oil", '"oil price"', "pric*", "=Oil", "(oil OR gas)", "oil NEAR/2 price", "title:oil", "ATLEAST/2 oil", "gas"]


@given(
    st.lists(st.sampled_from(TERMS), min_size=1, max_size=3).map(" AND ".join),
    st.lists(st.sampled_from(TERMS), min_size=1, max_size=3).map(" OR ".join),
    st.booleans(),
    st.lists(st.sampled_from(["Oil", "oil", "price", "gas", "x", "|"]), max_size=10).map(" ".join),
)
@settings(max_examples=500, deadline=None)
def test_what_is_implied_always_holds(
    article: Callable[..., Tagged], one: str, other: str, swap: bool, words: str
) -> None:
    """Where lint says that one query implies another, no article matches the first alone."""
    left, right = (parse(other), parse(one)) if swap else (parse(one), parse(other))
    title, _, text = words.partition("|")
    seen = SearchableArticle(article(title, text))
    if implies(left, right) and left.find(seen) is not None:
        assert right.find(seen) is not None


EXPLAINED = [
    ("oil", "not found"),
    ("=Us", "found only as US, us"),
    ('"price crude"', "one after another"),
    ('"crude gas"', "no gas"),
    ("crude NEAR/1 price", "2 words apart, 1 allowed"),
    ("price PRE/3 crude", "other order"),
    ("crude NEAR/3 gas", "gas: not found"),
    ("ATLEAST/4 us", "found 3 times, 4 needed"),
    ("crude AND NOT price", "must not be"),
    ("title:price", "not in the title"),
    ("region:VE", "no region"),
    ("lang:en", "lang es"),
    ("score >= 5 { crude:3, gas:4 }", "3 of 5: crude +3"),
    ("crude AND (gas OR coal)", "gas: not found"),
    ("a1 OR a2 OR a3 OR a4 OR a5", "none of 5: a1, a2, a3, a4"),
]


@pytest.mark.parametrize(("query", "says"), EXPLAINED)
def test_explanation_says_what_is_missing(article: Callable[..., Tagged], query: str, says: str) -> None:
    """The smallest part that is missing is named with its reason."""
    record = article("US crude", "crude at the price us, US", language="es")
    assert says in "; ".join(explain(parse(query), record).missing())


def test_topics_and_stories_are_explained_in_words(
    article: Callable[..., Tagged], on: Callable[[str], NewsTopic], noon: datetime
) -> None:
    """A topic has its name, and of a story the number that is asked for is told, growth as the ratio that it is."""
    growth = Growth(now=1.0, life=2.0)
    story = ArticleStory(id="en-a", event="grown", articles=4, sources=1, growth=growth, first_seen_at=noon)
    record = article("Rain", topics=[on("medtop:15000000")], story=story)

    def missing(query: str) -> str:
        [reason] = explain(parse(query), record).missing()
        return reason.partition(": ")[2]

    assert missing("trend:Chile,labour") == "this is an article, and trends are on news.trends"
    assert missing("topic:labour").endswith("not labour; the article has topic sport")
    assert missing("rain AND story.sources >= 2") == "its story has 1 source"
    assert missing("rain AND story.articles >= 5") == "its story has 4 articles"
    assert missing("rain AND story.growth >= 2") == "its story grows 0.5 times: 1 articles an hour now, 2 over its life"


def test_explanation_of_a_match_marks_each_part(article: Callable[..., Tagged], about: Callable[..., Region]) -> None:
    """Each part that matches has its spans, and nothing is missing; of a group the countries that are there are named."""
    found = explain(parse("oil AND (gas OR coal)"), article("Oil", "coal"))
    assert found.missing() == []
    assert found.found() == ["oil (found once)", "coal (found once)"]
    assert [(span.field, span.start) for span in found.parts[0].spans] == [("title", 0)]
    group = explain(parse("region:Benelux"), article("Oil", regions=[about("NL"), about("BE"), about("FR")]))
    assert group.found() == ["region:Benelux (the article has BE, NL)"]


@given(st.sampled_from([query for query, _ in EXPLAINED]), st.text(alphabet="crudepisgoal US", max_size=40))
@settings(max_examples=200, deadline=None)
def test_explanation_agrees_with_the_match(article: Callable[..., Tagged], query: str, text: str) -> None:
    """An explanation says matched exactly where the query matches."""
    record = article(text, text)
    assert explain(parse(query), record).matched == (parse(query).find(SearchableArticle(record)) is not None)


def test_backtest_counts_alerts_by_day_and_what_cool_down_held_back(
    watch: Callable[..., Watch], article: Callable[..., Tagged], noon: datetime
) -> None:
    """Two days with three articles each, an hour apart, and a cool-down of two hours."""
    records = [
        article("Oil", id=f"{day}-{hour}", fetched_at=noon + timedelta(days=day, hours=hour), published_at=None)
        for day in range(2)
        for hour in range(3)
    ]
    result = backtest([watch("oil", cool_down="2h"), watch("gas", "never")], records)
    assert result["w"].alerts_by_day == {"2026-03-02": 2, "2026-03-03": 2}
    assert (result["w"].matched, result["w"].alerts, result["w"].held_back_by_cool_down) == (6, 4, 2)
    assert (result["w"].alerts_by_hour[12], result["w"].alerts_by_hour[14]) == (2, 2)
    assert result["w"].alerts_per_day == 2
    assert (result["never"].alerts, result["never"].alerts_by_day) == (0, {"2026-03-02": 0, "2026-03-03": 0})


def test_backtest_keeps_a_sample(watch: Callable[..., Watch], article: Callable[..., Tagged], noon: datetime) -> None:
    """However many alerts there are, the sample stays small, and late articles are told apart."""
    records = [article("Oil", id=f"a{number}") for number in range(SAMPLE + 5)]
    records.append(article("Oil", id="old", published_at=noon - timedelta(days=3)))
    result = backtest([watch("oil")], records)["w"]
    assert len(result.sample) == SAMPLE
    assert result.outcomes == {WatchOutcome.RAISED: SAMPLE + 5, WatchOutcome.LATE: 1}


def test_backtest_knows_stories_as_a_worker_does(
    watch: Callable[..., Watch], article: Callable[..., Tagged], noon: datetime
) -> None:
    """Cool-down and `each` go by stories, and a watch that asks for a story's size is told once it has come to it."""
    records: list[Past] = []
    for number, (story, sources) in enumerate([("oil", 1), ("gas", 1), ("oil", 2), ("oil", 3), ("gas", 2)]):
        at = noon + timedelta(minutes=number)
        records.append(article("Oil and gas", id=f"a{number}", fetched_at=at, published_at=at))
        records.append(story_news(story, f"a{number}", sources, at - timedelta(minutes=3)))
    watches = [watch("oil", "cool", cool_down="1h"), watch("gas", "each", each="story")]
    watches.append(watch("oil AND story.sources >= 3", "large", each="story"))

    results = backtest(watches, by_time(reversed(records)))

    assert {name: result.alerts for name, result in results.items()} == {"cool": 2, "each": 2, "large": 1}
    assert results["cool"].outcomes == {WatchOutcome.RAISED: 2, WatchOutcome.COOL_DOWN: 3}
    assert results["each"].outcomes == {WatchOutcome.RAISED: 2, WatchOutcome.REPEAT: 3}
    assert results["large"].outcomes == {WatchOutcome.RAISED: 1, WatchOutcome.REPEAT: 2, WatchOutcome.WAITING: 2}


def test_backtest_takes_a_corrected_article_and_its_story_in_turn(
    watch: Callable[..., Watch], article: Callable[..., Tagged], noon: datetime
) -> None:
    """Of an article that came twice the first text goes with the story's first record: it is not as large then as later."""
    first, later = (article("Oil", id="a", revision=n, fetched_at=noon + timedelta(hours=n)) for n in range(2))
    records: list[Past] = [first, later, story_news("oil", "a", 1, noon), story_news("oil", "a", 4, noon)]
    result = backtest([watch("oil AND story.sources >= 4", each="story")], by_time(records))["w"]
    assert [alert.raised_at for alert in result.sample] == [noon + timedelta(hours=1)]


def story_news(story: str, article: str, sources: int, at: datetime) -> PastStory:
    """Return what becomes of a story as an article comes to it."""
    return PastStory(
        id=story, event="new" if sources == 1 else "grown", title=story, articles=sources, sources=sources,
        growth=Growth(now=float(sources), life=1.0), first_seen_at=at, last_seen_at=at, article=CausingArticle(article),
    )  # fmt: skip


def test_query_error_is_a_settings_error() -> None:
    """Whoever catches wrong settings catches wrong queries."""
    with pytest.raises(QueryError, match="line 1, column 5: unexpected `and`"):
        parse("oil and gas")
