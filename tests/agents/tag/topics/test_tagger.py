"""The topic tagger as its callers see it. All articles here are invented."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.tag.step import models
from agents.tag.topics import TopicTagger
from streams.records import Clean, NewsTopic


@pytest.fixture(scope="module")
def tagger() -> TopicTagger:
    """Return the tagger with the weights that ship."""
    return models()[1]


def article(title: str, text: str = "", language: str | None = "en") -> Clean:
    """Return a clean record."""
    return Clean(
        id="0" * 32,
        source="news.example",
        title=title,
        text=text,
        language=language,
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        extractor="given",
    )


STRIKE = article(
    "Tram drivers strike over wages",
    "The trade union said that its members would stay off work until employers raise pay.\n\n"
    "Talks with the trade union ended at midnight.",
)
WAR = article(
    "Army shells rebel town as ceasefire talks fail",
    "Troops fired artillery at insurgent positions overnight, and militants answered with rockets.",
)


def top(topics: list[NewsTopic]) -> list[str]:
    """Return the ids of the top-level topics, best first."""
    return [topic.id for topic in topics if topic.level == 1]


@pytest.mark.parametrize(
    ("clean", "topic"),
    [
        (STRIKE, "medtop:09000000"),
        (WAR, "medtop:16000000"),
        (
            article(
                "Snow and freezing rain expected overnight", "Forecasters said temperatures would drop below zero."
            ),
            "medtop:17000000",
        ),
        (
            article("Keeper saves penalty as hosts reach cup final", "The striker missed twice before half-time."),
            "medtop:15000000",
        ),
        (
            article("Bishops gather in cathedral to pray", "The archbishop led the Mass for thousands of faithful."),
            "medtop:12000000",
        ),
        (
            article("Pupils sit exams late after teachers fall ill", "The school will mark the papers in June."),
            "medtop:05000000",
        ),
        (
            article("Rescuers dig for survivors after landslide buries village", "At least forty people are missing."),
            "medtop:03000000",
        ),
    ],
)
def test_plain_stories_get_their_topic(tagger: TopicTagger, clean: Clean, topic: str) -> None:
    """Stories that leave no doubt are tagged at the default thresholds, topics without a desk of their own too."""
    assert top(tagger.tag(clean))[0] == topic


def test_a_war_of_football_players_is_sport(tagger: TopicTagger) -> None:
    """Words of war in a match report do not make a war."""
    clean = article(
        "City go to war in derby", "The midfielder said his team would battle for the title in the last league match."
    )
    assert "medtop:16000000" not in top(tagger.tag(clean))


def test_a_concept_carries_its_parents(tagger: TopicTagger) -> None:
    """Naming unions gives the concept, those between and the top-level topic."""
    assert {"medtop:09000000", "medtop:20000533", "medtop:20000521"} & {topic.id for topic in tagger.tag(STRIKE)}
    levels = {topic.level for topic in tagger.tag(STRIKE)}
    assert levels == set(range(1, max(levels) + 1))


def test_each_topic_stands_once(tagger: TopicTagger) -> None:
    """A topic from both the model and the concepts is one entry."""
    ids = [topic.id for topic in tagger.tag(WAR, 0.0)]
    assert len(ids) == len(set(ids))


def test_evidence_cuts_out_words_that_speak_for_the_topic(tagger: TopicTagger) -> None:
    """The spans of a topic lie in the article and hold the words that made it."""
    labour = next(topic for topic in tagger.tag(STRIKE) if topic.id == "medtop:09000000")
    fields = {"title": STRIKE.title, "text": STRIKE.text}
    found = {fields[span.field][span.start : span.end].lower() for span in labour.evidence}
    assert found & {"strike", "trade union", "union", "wages", "employers"}


def test_evidence_leaves_out_words_inside_other_evidence_and_function_words(tagger: TopicTagger) -> None:
    """A reader sees *central bank* once, and no article or auxiliary that happens to stand in such news."""
    title = "La banque centrale relève son taux directeur à 4,5 %"
    clean = article(title, "Elle veut freiner la hausse des prix. Les obligations ont reculé.", "fr")
    (economy,) = (topic for topic in tagger.tag(clean) if topic.level == 1)
    found = [title[span.start : span.end] for span in economy.evidence if span.field == "title"]
    assert found == ["banque centrale", "taux directeur"]


def test_nothing_to_read_gives_no_topics(tagger: TopicTagger) -> None:
    """An empty article has no topics, whatever the threshold."""
    assert tagger.tag(article("", ""), 0.0) == []


@pytest.mark.parametrize(
    ("title", "text", "language"),
    [
        ("Pracovníci jdou do stávky za vyšší mzdy", "Odbory vyzvaly k třídenní stávce ve všech závodech.", "cs"),
        ("Statsministern avgår", "Riksdagen röstade för misstroende mot regeringen.", "sv"),
        ("Miniștrii au demisionat", "Parlamentul a votat moțiunea de cenzură împotriva guvernului.", "ro"),
    ],
)
def test_languages_that_the_model_does_not_know_are_left_untagged(
    tagger: TopicTagger, title: str, text: str, language: str
) -> None:
    """Where the text's language was not learnt there is no tag rather than a guess, whatever the threshold."""
    assert tagger.tag(article(title, text, language), 0.0) == []


def test_french_is_tagged(tagger: TopicTagger) -> None:
    """French has two tables."""
    clean = article(
        "Football : les Lions gagnent le match",
        "L'équipe nationale a remporté la finale de la coupe avec deux buts.",
        "fr",
    )
    assert top(tagger.tag(clean))[:1] == ["medtop:15000000"]


def test_french_religion_and_arts_are_heard(tagger: TopicTagger) -> None:
    """MasakhaNEWS has no French article of either, so its table does not silence a procession."""
    procession = article(
        "Une foule à la procession du quartier",
        "Le maire, deux ministres et mille fidèles ont marché du stade jusqu'à la chapelle. "
        "L'évêque a dit une messe pour les marins du pays.",
        "fr",
    )
    assert top(tagger.tag(procession))[:1] == ["medtop:12000000"]


def test_a_higher_threshold_never_adds_a_topic(tagger: TopicTagger) -> None:
    """A topic shown at a threshold shows at each lower one."""
    shown = [{topic.id for topic in tagger.tag(WAR, threshold)} for threshold in (0.0, 0.3, 0.6, 0.9, 1.0)]
    assert all(more >= fewer for more, fewer in pairwise(shown))


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=500), st.sampled_from(["en", "fr", "de", None, "zh-Hant", ""]))
def test_any_text_is_tagged_without_fail_and_in_order(
    tagger: TopicTagger, title: str, text: str, language: str | None
) -> None:
    """Scores are probabilities, spans lie inside, levels and scores are in order."""
    clean = article(title, text, language)
    topics = tagger.tag(clean, 0.0)
    assert topics == sorted(topics, key=lambda topic: (topic.level, -topic.score, topic.id))
    for topic in topics:
        assert 0 <= topic.score <= 1
        for span in topic.evidence:
            assert 0 <= span.start < span.end <= len(title if span.field == "title" else text)
