"""The query language: reading, writing again, refusals."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.watch.errors import QueryError
from agents.watch.language.anchors import cheapest, entries, expected_cost, unanchored
from agents.watch.language.common import languages
from agents.watch.language.parse import parse
from agents.watch.language.query import (
    And,
    AtLeast,
    Author,
    Facet,
    InTitle,
    Near,
    Not,
    Or,
    Query,
    Score,
    StoryCondition,
    Term,
)
from agents.watch.language.vocabulary import (
    CALLED_OTHERWISE,
    is_known_region,
    named_languages,
    suggested_regions,
    topics,
)
from streams.text.word_lists import word_lists

CANONICAL = [
    ("oil AND story.sources>=5", "oil AND story.sources >= 5"),
    ("*streik OR *hafen*", "*streik OR *hafen*"),
    ('F.B.I. OR "U.S. oil"', 'f.b.i OR "u.s oil"'),
    ("oil", "oil"),
    ("Oil AND (GAS OR coal)", "oil AND (gas OR coal)"),
    ("oil NOT olive", "oil AND NOT olive"),
    ("NOT (NOT oil)", "oil"),
    ("(oil AND gas) AND coal", "oil AND gas AND coal"),
    ("oil OR gas AND coal", "oil OR gas AND coal"),
    ("Crude-Oil", '"crude oil"'),
    ('"crude oil"', '"crude oil"'),
    ("sanction*", "sanction*"),
    ('"oil sanction*"', '"oil sanction*"'),
    ("oil NEAR/5 price PRE/3 rise", "oil NEAR/5 price PRE/3 rise"),
    ("oil NEAR/5 (price PRE/3 rise)", "oil NEAR/5 (price PRE/3 rise)"),
    ("ATLEAST/3 oil", "ATLEAST/3(oil)"),
    ("title:oil", "title:oil"),
    ("title:(oil OR gas)", "title:(oil OR gas)"),
    ("=US AND ='Apple", "=US AND =Apple"),
    ('="World Cup"', '="World Cup"'),
    ("region:Venezuela", "region:VE"),
    ('region:"south america"', 'region:"South America"'),
    ("region:005", 'region:"South America"'),
    ("region:us-tx", "region:US-TX"),
    ("region:eu", 'region:"European Union"'),
    ('region:"sahel  Region"', "region:Sahel"),
    (
        "region:(MENA OR US OR AU OR Georgia)",
        'region:"Middle East and North Africa" OR region:US OR region:AU OR region:GE',
    ),
    ("region:Mali AND region:Arizona", "region:ML AND region:arizona"),
    ("topic:sport", "topic:medtop:15000000"),
    ("topic:(medtop:15000000 OR 04000000)", "topic:medtop:15000000 OR topic:medtop:04000000"),
    ("lang:zh-Hant", "lang:zh-hant"),
    ("source:News.Example.org", "source:news.example.org"),
    ('author:"Ana Paz"', 'author:"ana paz"'),
    ('score>=5 {oil:3, "film":-2, gas:+2,}', "score >= 5 { oil:3, film:-2, gas:2 }"),
    ("制裁", "制裁"),
    ('"and" OR score', '"and" OR score'),
    ('"AND" OR gas', '"and" OR gas'),
]


@pytest.mark.parametrize(("written", "canonical"), CANONICAL)
def test_query_is_printed_in_canonical_form(written: str, canonical: str) -> None:
    """Each construct prints in one form only, however it was written."""
    assert str(parse(written)) == canonical


@pytest.mark.parametrize(
    "written", ["“crude oil” AND gas", "„crude oil“ AND gas", "« crude oil » AND gas", '"crude oil” AND gas']
)
def test_typographic_quotation_marks_are_quotation_marks(written: str) -> None:
    """A phrase that a telephone or a word processor has set in its own marks is that phrase."""
    assert str(parse(written)) == '"crude oil" AND gas'


REFUSED = [
    ("oil OR story.sources >= 5", 1, 8, "holds for the whole query"),
    ("oil AND story.sources >= 0", 1, 9, "holds for every story"),
    ("story.sources >= 5", 1, 1, "none of the watch's words"),
    ("*tion", 1, 1, "fewer than 5 letters behind"),
    ("stre*ik", 1, 1, "end of a word"),
    ("", 1, 1, "empty"),
    ("oil and gas", 1, 5, "capitals"),
    ("oil gas", 1, 5, "two terms need"),
    ("(strike OR lockout) NAER/5 port", 1, 21, "did you mean NEAR/5?"),
    ("strike neer/5 port", 1, 8, "did you mean NEAR/5?"),
    ("oil ADN gas", 1, 5, "did you mean AND?"),
    ("court DNA", 1, 7, 'court AND DNA, or "court DNA" as a phrase'),
    ("title:'crude oil'", 1, 14, 'double quotes: "crude oil"'),
    ("'crude oil price'", 1, 8, 'double quotes: "crude oil …"'),
    ("oil AND", 1, 8, "last operator"),
    ("oil AND\n  (gas OR", 2, 10, "closing parenthesis"),
    ("oil)", 1, 4, "no parenthesis was opened"),
    ("OR oil", 1, 1, "term on each side"),
    ('oil AND "gas', 1, 9, "closing quotation mark"),
    ("score > 5 { oil:3 }", 1, 7, "write score >= 5 {"),
    ("score >= 5", 1, 11, "in braces behind it"),
    ("score >= 5 { oil 3 }", 1, 18, "behind a colon: oil:3"),
    ('score >= 5 { "crude oil" 3 }', 1, 26, 'behind a colon: "crude oil":3'),
    ("score >= 5 { gas:1, oil:3 gas:2 }", 1, 27, "a comma stands between the terms of a score: oil:3, gas"),
    ("oil AND story.growth > 3", 1, 22, "write story.growth >= 3"),
    ("oil AND story.source >= 5", 1, 22, "the conditions on a story are story.sources >= 5"),
    ("oil NEAR gas", 1, 5, "NEAR/8"),
    ("oil W/5 gas", 1, 5, "NEAR/8"),
    ("oil NEAR/500 gas", 1, 5, "NEAR/100"),
    ("oil NEAR/5 region:VE", 1, 5, "words or phrases"),
    ("oil NEAR/5 (gas AND coal)", 1, 5, "words or phrases"),
    ("ATLEAST/0 oil", 1, 1, "ATLEAST/1"),
    ("san*", 1, 1, "fewer than 4 letters"),
    ("*tion AND oil", 1, 1, "fewer than 5 letters"),
    ("oil AND sanc*ion", 1, 9, "end of a word"),
    ("=Oil*", 1, 1, "exact case"),
    ("制裁*", 1, 1, "no wildcard"),
    ("-oil", 1, 1, "NOT oil"),
    ("&", 1, 1, "no letters"),
    ("colour:Texas", 1, 7, "is no field"),
    ("place:Texas", 1, 6, "write region:Texas"),
    ('oil AND Headline:"oil spill"', 1, 17, 'write title:"oil spill"'),
    ("oil AND date:2026-01-01", 1, 13, "holds no time"),
    ("port strike*", 1, 6, 'port AND strike*, or "port strike*"'),
    ("oil -spill", 1, 5, "write AND NOT spill"),
    ("oil || gas", 1, 5, "(write OR)"),
    ("oil & gas", 1, 5, "(write AND)"),
    ('"oil price"~3', 1, 12, "oil NEAR/3 price"),
    ("lang:Français", 1, 6, "lang:fr"),
    ("topic:football", 1, 7, 'did you mean "soccer"'),
    ("topic:labor", 1, 7, 'did you mean "labour"?'),
    ("topic:strikes", 1, 7, 'did you mean "labour strike"'),
    ("topic:crimes", 1, 7, 'did you mean "crime"'),
    ("region:UE", 1, 8, "European Union"),
    ("region:QQ", 1, 8, "no country"),
    ("region:QQ-TX", 1, 8, "no country"),
    ("topic:econmy", 1, 7, '"economy"'),
    ("topic:99999999", 1, 7, "IPTC"),
    ("lang:english_us", 1, 6, "lang:en"),
    ("title:(oil AND region:VE)", 1, 1, "cannot stand inside"),
    ("score >= 0 { oil:1 }", 1, 1, "below 1"),
    ("score >= 9 { oil:3, gas:3 }", 1, 1, "less than 9"),
    ("oil AND score >= 1 { oil:1", 1, 27, "closing brace"),
    ("(" * 31 + "oil" + ")" * 31, 1, 31, "nest deeper"),
    ("oil OR " * 4000 + "gas", 1, 1, "20,000"),
    ("NOT oil", 1, 1, "none of the watch's words"),
    ("oil OR NOT gas", 1, 1, "alternative `NOT gas`"),
    ("oil OR (gas AND coal) OR (NOT gas AND NOT coal)", 1, 1, "alternative"),
]


@pytest.mark.parametrize(("query", "line", "column", "says"), REFUSED)
def test_wrong_query_is_refused_with_place_and_hint(query: str, line: int, column: int, says: str) -> None:
    """A wrong query names its line and column, and a correct form."""
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert says in str(caught.value)


@given(st.text(max_size=60) | st.text(alphabet='ab"*=():{},>- \nANDORT/5é制การ', max_size=40))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the parser fail in any other way, and a query that is read and printed reads the same."""
    with contextlib.suppress(QueryError):
        query = parse(text)
        assert parse(str(query)) == query


WORDS = st.sampled_from(
    ["oil", "Gas", "crude-oil", "AND", "score", "naïve", "Straße", "O'Hara", "U.S.", "制裁", "イラン", "제재", "ข่าว"]
)


def terms() -> st.SearchStrategy[str]:
    """Write words, phrases, wildcards and exact terms, and words of any letters."""
    phrase = st.lists(WORDS, min_size=1, max_size=3).map(lambda words: '"' + " ".join(words) + '"')
    letters = st.text(st.characters(categories=("L", "Nd", "Mn", "Mc")), min_size=1, max_size=8).map(lambda w: f'"{w}"')
    return st.one_of(phrase, letters, st.just("sanction*"), st.just('"new sanction*"'), phrase.map(lambda p: "=" + p))


def placed() -> st.SearchStrategy[str]:
    """Write terms, groups of terms, and NEAR over them."""
    return st.recursive(
        terms(),
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
            st.tuples(inner, st.sampled_from(["NEAR", "PRE"]), st.integers(0, 20), inner).map(
                lambda near: f"({near[0]} {near[1]}/{near[2]} {near[3]})"
            ),
        ),
        max_leaves=4,
    )


def queries() -> st.SearchStrategy[str]:
    """Write whole queries."""
    facet = st.sampled_from(["region:VE", 'region:"South America"', "lang:pt-BR", "topic:sport", 'author:"Ana Paz"'])
    atom = st.one_of(
        placed(),
        placed().map(lambda inner: f"ATLEAST/2({inner})"),
        placed().map(lambda inner: f"title:({inner})"),
        facet,
        st.tuples(terms(), terms()).map(lambda two: f"score >= 2 {{ {two[0]}:2, {two[1]}:-1 }}"),
    )
    return st.recursive(
        atom,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["AND", "OR", "AND NOT"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            inner.map(lambda part: f"NOT {part}"),
        ),
        max_leaves=6,
    )


@given(queries())
@settings(max_examples=400, deadline=None)
def test_printing_and_parsing_gives_the_same_query(text: str) -> None:
    """A printed query is read as the same query, and prints the same again."""
    try:
        query = parse(text)
    except QueryError:
        return
    again = parse(str(query))
    assert again == query
    assert str(again) == str(query)


def test_every_node_type_is_reached_by_the_printing_test() -> None:
    """The examples hold each kind of node, so that none can be added without being printed and read."""
    seen = {type(node) for written, _ in CANONICAL for node in parse(written).walk()}
    assert seen == {And, AtLeast, Author, Facet, InTitle, Near, Not, Or, Score, StoryCondition, Term}
    assert seen == set(Query.__subclasses__())


def test_negation_of_a_negation_anchors() -> None:
    """NOT (a OR NOT b) needs b, so it is anchored."""
    assert unanchored(parse("NOT (oil OR NOT gas)")) == ""


@pytest.mark.parametrize("word", ["\u062c\u0633\u0631", "\u05d2\u05e9\u05e8"])
def test_a_word_behind_its_prefixes_costs_one_word(word: str) -> None:
    """An Arabic or Hebrew word is found in many forms, and is as rare as any; two words cost twice as much."""
    once, twice = (
        sum(expected_cost(cheapest(entry)) for entry in entries(parse(query)))
        for query in (word, f"{word} OR {word[::-1]}")
    )
    assert once <= 0.2
    assert twice == pytest.approx(2 * once)


def test_the_names_of_areas_in_other_languages_lead_to_areas() -> None:
    """Each name is unknown by itself, and is answered with one that `region:` knows."""
    names = word_lists("agents.watch.language", "area_names.toml")
    for area, others in names.items():
        assert is_known_region(area)
        assert {other: suggested_regions(other) for other in others} == dict.fromkeys(others, (area,))
        assert not [other for other in others if is_known_region(other)]


def test_usual_names_of_topics_lead_to_those_of_iptc() -> None:
    """Each is no topic by itself, and is answered with some that are."""
    names = topics()[0]
    assert not names.keys() & CALLED_OTHERWISE.keys()
    assert names.keys() >= {meant for each in CALLED_OTHERWISE.values() for meant in each}


def test_other_fields_and_named_languages_lead_to_what_can_be_written() -> None:
    """Each field that is advised is read, but for time, which has advice of its own; so is each language."""
    fields = word_lists("agents.watch.language", "other_fields.toml")
    values = dict.fromkeys(fields, "sport") | {"lang": "en", "region": "VE", "trend": "VE"}
    assert all(parse(f"oil AND {field}:{values[field]}") for field in fields if field not in ("time", "trend"))
    assert set(named_languages().values()) <= languages()
