"""Matching: words, phrases, distances, fields and scripts; and the index, which must change nothing."""

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.watch.errors import QueryError
from agents.watch.language import vocabulary
from agents.watch.language.country_groups import country_groups
from agents.watch.language.parse import parse
from agents.watch.language.ranges import MAX_PLACES
from agents.watch.matching.article import SearchableArticle
from agents.watch.matching.matcher import STEPS_OF_WATCH, Matcher
from agents.watch.records import Watch
from streams.records import Tagged, WatchRecord
from streams.standards.m49 import areas

Marked = Callable[..., list[str] | None]


def test_word_is_found_whatever_its_case(marked: Marked) -> None:
    """Case does not matter unless the query says so."""
    assert marked("OIL", "Oil falls", "The oil price.") == ["Oil", "oil"]


def test_word_is_not_found_inside_another(marked: Marked) -> None:
    """Words have boundaries: `oil` is not in `turmoil`."""
    assert marked("oil", "Turmoil", "oilfield spoils") is None


def test_possessive_and_hyphen_are_boundaries(marked: Marked) -> None:
    """`Iran's` and `oil-rich` hold the words before the mark."""
    assert marked("Iran AND oil", "Iran's oil-rich south") == ["Iran", "oil"]


def test_exact_case_tells_a_country_from_a_pronoun(marked: Marked) -> None:
    """=US finds the country only."""
    assert marked("=US", "They told us", "The US said") == ["US"]
    assert marked("=US", "They told us") is None


def test_wildcard_stands_for_any_ending(marked: Marked) -> None:
    """`sanction*` finds the word itself and every longer one."""
    assert marked("sanction*", "Sanctions", "a sanctioned sanction, sanctuary") == [
        "Sanctions",
        "sanctioned",
        "sanction",
    ]


def test_phrase_needs_its_words_in_a_row(marked: Marked) -> None:
    """A phrase may run over punctuation, and may not miss a word."""
    assert marked('"crude oil"', "x", "Crude, oil and crude heavy oil") == ["Crude, oil"]


def test_phrase_does_not_run_from_title_into_text(marked: Marked) -> None:
    """Title and text are two places."""
    assert marked('"crude oil"', "Crude", "oil") is None
    assert marked("crude NEAR/100 oil", "Crude", "oil") is None


@pytest.mark.parametrize(("distance", "found"), [(1, None), (2, ["oil", "price"]), (9, ["oil", "price"])])
def test_near_counts_the_words_between(marked: Marked, distance: int, found: list[str] | None) -> None:
    """NEAR/n allows n other words between."""
    assert marked(f"price NEAR/{distance} oil", "x", "oil at the price") == found


def test_pre_keeps_the_order(marked: Marked) -> None:
    """PRE/n is NEAR/n with the left side first."""
    assert marked("oil PRE/3 price", "oil at the price") == ["oil", "price"]
    assert marked("price PRE/3 oil", "oil at the price") is None


def test_near_takes_groups_and_other_nears(marked: Marked) -> None:
    """A group and a NEAR are places as a word is."""
    assert marked("(bank OR fund) NEAR/2 cut NEAR/3 rate*", "Bank will cut its rates") == ["Bank will cut", "rates"]


def test_word_is_not_near_itself(marked: Marked) -> None:
    """The two sides of NEAR never are one word."""
    assert marked("oil NEAR/5 oil", "oil") is None
    assert marked("oil NEAR/5 oil", "oil and oil") == ["oil", "oil"]


def test_at_least_counts_places_that_do_not_overlap(marked: Marked) -> None:
    """`crude oil` is one place for `oil OR "crude oil"`."""
    assert marked('ATLEAST/2(oil OR "crude oil")', "crude oil") is None
    assert marked('ATLEAST/2(oil OR "crude oil")', "crude oil", "oil") == ["crude oil", "oil"]


def test_title_field_looks_in_the_title_only(marked: Marked) -> None:
    """title:(…) holds for the whole group."""
    assert marked("title:(oil AND price)", "Oil price", "price") == ["Oil", "price"]
    assert marked("title:(oil AND price)", "Oil", "price") is None
    assert marked('title:"oil price"', "Oil price", "It rises.") == ["Oil price"]
    assert marked('title:"oil price"', "Rates", "The oil price rises.") is None


def test_not_leaves_out(marked: Marked) -> None:
    """AND NOT takes articles away and marks nothing."""
    assert marked("oil AND NOT olive", "Oil") == ["Oil"]
    assert marked("oil AND NOT olive", "Olive oil") is None


def test_score_adds_each_term_once(marked: Marked) -> None:
    """Weights add up over different terms; a negative one takes away."""
    query = "score >= 15 { sanctions:10, embargo:8, film:-20 }"
    assert marked(query, "Sanctions, sanctions") is None
    assert marked(query, "Sanctions and embargo") == ["Sanctions", "embargo"]
    assert marked(query, "Sanctions and embargo", "a film") is None


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("制裁", "中国宣布新制裁措施", ["制裁"]),
        ("制裁 NEAR/4 措施", "中国宣布新制裁措施", ["制裁", "措施"]),
        ("石油", "イランの石油輸出", ["石油"]),
        ("イラン", "イランの石油輸出", ["イラン"]),
        ("การคว่ำบาตร", "ประกาศการคว่ำบาตรใหม่", ["การคว่ำบาตร"]),
        ("제재*", "미국이 제재를 발표", ["제재를"]),
        ("हिन्दी", "यह हिन्दी में है", ["हिन्दी"]),
        ("نفط", "أسعار نفط خام", ["نفط"]),
        ("nato", "ＮＡＴＯ首脳会議", ["ＮＡＴＯ"]),
        ("café", "at the cafe\u0301 today", ["cafe\u0301"]),
        ("οδοσ", "ΟΔΟΣ και οδός", ["ΟΔΟΣ", "οδός"]),
        ("istanbul", "\u0130STANBUL haber", ["\u0130STANBUL"]),
    ],
)
def test_scripts_are_cut_as_their_readers_read_them(marked: Marked, query: str, text: str, found: list[str]) -> None:
    """Scripts without spaces are searched as substrings, the others by words, accents and widths made one."""
    assert marked(query, "x", text) == found


def test_spans_count_code_points(marked: Marked) -> None:
    """Characters outside the basic plane, and letters whose lower case is longer, shift nothing."""
    assert marked("oil", "x", "😀 \u0130 𝒳 oil") == ["oil"]


def test_region_is_matched_by_country_division_and_macro_region(marked: Marked, about: Any) -> None:
    """An article about Zulia matches its code, its name, Venezuela and South America."""
    regions = [about("VE", "Zulia", "VE-V")]
    for query in ("region:VE-V", "region:Zulia", "region:Venezuela", 'region:"South America"', "region:419"):
        assert marked(query, "x", regions=regions) == []
    assert marked("region:CO", "x", regions=regions) is None


def test_region_needs_the_article_to_be_about_it(marked: Marked, about: Any) -> None:
    """A mention or the publisher's country does not count."""
    assert marked("region:VE", "x", regions=[about("VE", role="mentioned"), about("VE", role="publisher")]) is None


def test_each_group_of_countries_finds_its_own_and_no_other(
    watch: Callable[..., Watch], article: Callable[..., Tagged], about: Any
) -> None:
    """An article about a country, a place in it or a trend there matches the groups that it belongs to, alone and with words."""
    groups = country_groups()
    queries = {name: f'region:"{name}"' for group in groups for name in (group.name, *group.others)}
    matcher = Matcher(
        [watch(query, name) for name, query in queries.items()]
        + [watch(f"strike AND (port OR mine) AND {query}", f"{name}, strike") for name, query in queries.items()]
    )
    for country in (code for code, area in areas().items() if area.is_country):
        its = {name for group in groups if country in group.countries for name in (group.name, *group.others)}
        record = article("Strike in the mine", regions=[about(country, "Town", f"{country}-X1")])
        assert {found.watch.name for found in matcher.match(record)} == its | {f"{name}, strike" for name in its}
    assert matcher.match(article("Strike in the mine", regions=[about("ML", role="mentioned")])) == []


def test_groups_of_countries_are_countries_and_no_name_of_one_is_another() -> None:
    """Each code is a country's, each group has some, and no name is a country's, an M49 region's or another group's."""
    groups = country_groups()
    names = [vocabulary.key(name) for group in groups for name in (group.name, *group.others)]
    assert len(names) == len(set(names))
    assert not set(names) & set(vocabulary.regions()[0])
    rows = files("agents.watch.language").joinpath("country_groups.tsv").read_text(encoding="utf-8").splitlines()
    codes = {code for row in rows if not row.startswith("#") for code in row.split("\t")[2].split()}
    assert codes <= set(areas())
    sizes = {group.name: len(group.countries) for group in groups}
    assert min(sizes.values()) > 1
    # As their organisations count them.
    members = {"European Union": 27, "African Union": 55, "ASEAN": 11, "NATO": 32, "Arab League": 22, "ECOWAS": 12}
    members |= {"Eurozone": 21, "Schengen area": 29, "SADC": 16, "CARICOM": 15, "Gulf states": 6, "G7": 7}
    assert {name: sizes[name] for name in members} == members


def test_topic_matches_narrower_topics(marked: Marked, on: Any) -> None:
    """An article on basketball is on sport."""
    assert marked("topic:sport", "x", topics=[on("medtop:20000851")]) == []
    assert marked("topic:medtop:20000851", "x", topics=[on("medtop:15000000")]) is None


def test_language_source_and_author_match_as_they_are_read(marked: Marked) -> None:
    """lang:pt is any Portuguese, a source's subdomains count, and an author's byline may hold more words."""
    fields = {"language": "pt-BR", "source": "sport.example.org", "authors": ["By Ana Paz"]}
    assert marked('lang:pt AND source:example.org AND author:"ana paz"', "x", **fields) == []
    assert marked("lang:pt-PT", "x", **fields) is None
    assert marked("source:port.example.org", "x", **fields) is None
    assert marked('author:"paz ana"', "x", **fields) is None


def test_put_replaces_and_discard_removes(watch: Callable[..., Watch], article: Callable[..., Tagged]) -> None:
    """A watch of the same name takes the place of the one before; one discarded never matches again."""
    matcher = Matcher([watch("oil AND (price OR cost)", "a"), watch("gas", "b")])
    matcher.put(watch("coal", "a"))
    assert [match.watch.name for match in matcher.match(article("oil price gas coal"))] == ["a", "b"]
    assert matcher.match(article("oil price")) == []
    matcher.discard("a")
    matcher.discard("b")
    assert matcher.match(article("coal gas")) == []
    assert matcher._index == {}


def test_refiling_changes_no_match(watch: Callable[..., Watch], article: Callable[..., Tagged]) -> None:
    """After the watches were filed anew by the counts, they match as before."""
    matcher = Matcher([watch("oil AND sanctions", "a"), watch("(oil OR gas) AND rare*", "b")])
    seen = [len(matcher.match(article("Oil sanctions", f"gas rarely {number}"))) for number in range(300)]
    assert set(seen) == {2}


VOCABULARY = ["oil", "gas", "sanctions", "sanctioned", "bank", "US", "us", "制裁", "石油", "Ana"]
VOCABULARY += [
    "U.S.",
    "O.I.L.",
    "u",
    "s",
    "ÉLITE",
    "ELITE",
    "élite",
    "والبنك",
    "בנק",
    "ובבנק",
    "λόγος",
    "ΛΟΓΟΣ",
    "λογός",
    "Weiß",
]
TERMS = ["oil", "gas", "sanction*", "bank", "=US", '"oil gas"', '"bank oil"', "制裁", "石", '"制裁 石油"']
TERMS += [
    "u.s.",
    '"u.s. oil"',
    "*nctions",
    "*nctio*",
    "élite",
    "بنك",
    "البنك",
    "בנק",
    "λόγος",
    "λογος",
    "weiss",
    '="U.S. oil"',
]


def random_queries() -> st.SearchStrategy[str]:
    """Write queries over few words, so that they often match."""
    term = st.sampled_from(TERMS)
    near = st.tuples(term, st.sampled_from(["NEAR", "PRE"]), st.integers(0, 4), term).map(
        lambda n: f"({n[0]} {n[1]}/{n[2]} {n[3]})"
    )
    scored = st.lists(st.tuples(term, st.integers(-3, 4)), min_size=1, max_size=4).map(
        lambda items: "score >= 3 { " + ", ".join(f"{word}:{weight}" for word, weight in items) + " }"
    )
    others = st.sampled_from(
        ["lang:en", "region:VE", "title:oil", "ATLEAST/2 oil", "author:Ana", "title:(gas NEAR/2 oil)"]
    )
    return st.recursive(
        st.one_of(term, near, scored, others),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["AND", "OR", "AND NOT"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            inner.map(lambda part: f"NOT {part}"),
        ),
        max_leaves=6,
    )


def random_articles() -> st.SearchStrategy[dict[str, Any]]:
    """Write articles over the same few words."""
    words = st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join)
    return st.fixed_dictionaries(
        {"title": words, "text": words, "language": st.sampled_from(["en", "es"]), "authors": st.just(["Ana Paz"])}
    )


@given(st.lists(random_queries(), min_size=1, max_size=8), st.lists(random_articles(), min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_index_finds_what_trying_every_watch_finds(
    article: Callable[..., Tagged], texts: list[str], articles: list[dict[str, Any]]
) -> None:
    """The index is a shortcut: it brings up each watch that matches, and no match is lost or added."""
    watches = []
    for number, text in enumerate(texts):
        try:
            watches.append(Watch(record=WatchRecord(name=f"w{number}", query=text), query=parse(text)))
        except QueryError:
            continue
    matcher = Matcher(watches)
    for fields in articles:
        record = article(**fields)
        tried = [watch.name for watch in watches if watch.query.find(SearchableArticle(record)) is not None]
        assert [match.watch.name for match in matcher.match(record)] == tried


HEAVY = [
    ("the NEAR/100 the", "the " * 20_000),
    (
        f"({' OR '.join(f'w{n}' for n in range(800))}) NEAR/100 ({' OR '.join(f'w{n}' for n in range(800))})",
        "w7 " * 2_600_000,
    ),
    (" NEAR/100 ".join(["the"] * 20), "the " * 20_000),
    ("strike AND workers", "strike " * 60_000 + "workers " * 60_000),
    ("ATLEAST/1000(the NEAR/100 (the OR of))", "the of " * 40_000),
    ("u.s. NEAR/9 u.s.", "u.s. " * 90_000),
]


@pytest.mark.parametrize(("query", "text"), HEAVY)
def test_work_on_any_article_is_bounded(
    watch: Callable[..., Watch], article: Callable[..., Tagged], query: str, text: str
) -> None:
    """However often words are repeated, a query takes no more steps than one watch may, and the article is said to be cut."""
    searchable = SearchableArticle(article("x", text))
    Matcher([watch(query)]).match_article(searchable)
    assert searchable.spent <= STEPS_OF_WATCH + 20 * MAX_PLACES
    assert searchable.is_cut


def test_watch_that_spends_its_budget_stops_no_other(
    watch: Callable[..., Watch], article: Callable[..., Tagged]
) -> None:
    """A query that takes too long is named as unfinished, and the watches after it are tried."""
    greedy = " NEAR/100 ".join(["the"] * 20)
    searchable = SearchableArticle(article("x", "the " * 20_000 + "oil"))
    found = Matcher([watch(greedy, "a"), watch("oil", "b")]).match_article(searchable)
    assert [match.watch.name for match in found] == ["b"]
    assert searchable.unfinished == ["a"]
