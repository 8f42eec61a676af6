"""Topics in languages other than English. All articles here are invented."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from agents.tag.step import models
from agents.tag.topics import TopicTagger
from agents.tag.topics.language import LANGUAGES, heard
from agents.tag.topics.stems import Stems
from agents.tag.topics.tagger import covered_languages, covers
from streams.records import Clean, NewsTopic
from tests.support.tables import rows_of


@pytest.fixture(scope="module")
def tagger() -> TopicTagger:
    """Return the tagger with the tables that ship."""
    return models()[1]


def article(language: str | None, title: str, text: str) -> Clean:
    """Return a clean record."""
    fetched = datetime(2026, 1, 1, tzinfo=UTC)
    record = {"id": "0", "source": "news.example", "title": title, "text": text, "language": language}
    return Clean(**record, fetched_at=fetched, extractor="given")  # type: ignore[arg-type]


STRIKES = [
    ("es", "Los estibadores van a la huelga", "El sindicato exige mejores salarios y un nuevo convenio colectivo."),
    ("fr", "Les dockers en grève", "Le syndicat réclame une hausse des salaires et de nouvelles embauches."),
    ("de", "Hafenarbeiter im Warnstreik", "Die Gewerkschaft fordert höhere Löhne und einen neuen Tarifvertrag."),
    ("it", "Sciopero dei portuali", "Il sindacato chiede salari più alti e un nuovo contratto collettivo."),
    ("pt", "Estivadores entram em greve", "O sindicato exige salários mais altos e um novo acordo coletivo."),
    ("nl", "Havenarbeiders leggen het werk neer", "De vakbond staakt voor hogere lonen en een nieuwe cao."),
    ("pl", "Strajk dokerów w portach", "Związek zawodowy żąda wyższych płac dla pracowników."),
    ("ru", "Докеры начали забастовку", "Профсоюз требует повышения зарплаты и коллективного договора."),
    ("uk", "Докери почали страйк", "Профспілка вимагає підвищення зарплати для працівників."),
    ("tr", "Liman işçileri greve gitti", "Sendika daha yüksek ücret ve yeni toplu sözleşme istiyor."),
    ("ar", "عمال الموانئ يعلنون الإضراب", "وتطالب النقابة برفع الأجور وتحسين ظروف العمل للعمال."),
    ("hi", "बंदरगाह के मज़दूरों की हड़ताल", "यूनियन ने कर्मचारियों के वेतन में बढ़ोतरी की मांग की।"),
    ("zh", "码头工人宣布罢工", "工会要求提高工资，改善工作条件。"),
    ("ja", "港湾労働者がストライキ", "労働組合は賃上げと労働条件の改善を求めている。"),
    ("ko", "항만 노동자들 파업 돌입", "노조는 임금 인상과 새 단체협약을 요구했다."),
]


@pytest.mark.parametrize(("language", "title", "text"), STRIKES, ids=[strike[0] for strike in STRIKES])
def test_a_strike_is_labour_in_every_language(tagger: TopicTagger, language: str, title: str, text: str) -> None:
    """A strike for wages gets the topic labour at the default thresholds, with spans of its own words."""
    topics = tagger.tag(article(language, title, text))
    assert [topic.id for topic in topics if topic.level == 1][:1] == ["medtop:09000000"]
    assert topics[0].method == "words+stems"
    assert topics[0].evidence


DESK_NEWS = rows_of(Path(__file__).with_name("desk_news.tsv"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everyday_news_has_its_topic_in_every_language(tagger: TopicTagger, language: str) -> None:
    """Ten short reports of strikes, floods, elections, trials, transfers and the like get their topic by default."""
    news = [(topic, title, text) for told, topic, title, text in DESK_NEWS if told == language]
    found = {
        title: {tag.id[7:9] for tag in tagger.tag(article(language, title, text)) if tag.level == 1}
        for _, title, text in news
    }
    assert len(news) >= 10
    assert [title for topic, title, _ in news if topic not in found[title]] == []


COMMERCE = (
    (
        "de",
        "Hafenstreik legt Autoverladung lahm",
        "Neuwagen warten. Der Betreiber rechnet mit Verlusten in Millionenhöhe.",
    ),
    ("nl", "Havenstaking kost rederijen miljoenen", "Containers blijven staan en handelaren vrezen voor hun omzet."),
    (
        "fr",
        "Grève au port : les exportateurs s'inquiètent",
        "Le commerce de céréales recule, les prix montent à la bourse.",
    ),
    (
        "pt",
        "Greve no porto deixa navios à espera",
        "Os exportadores contam prejuízos e temem que falte soja nos armazéns.",
    ),
)


@pytest.mark.parametrize(("language", "title", "text"), COMMERCE, ids=[told[0] for told in COMMERCE])
def test_a_strike_in_the_title_counts_more_than_the_trade_around_it(
    tagger: TopicTagger, language: str, title: str, text: str
) -> None:
    """A strike of which only prices, ships and losses are told is labour first."""
    assert tagger.tag(article(language, title, text))[0].id == "medtop:09000000"


@pytest.mark.parametrize(("language", "title", "text"), STRIKES, ids=[strike[0] for strike in STRIKES])
def test_a_strike_in_the_title_is_a_labour_dispute(tagger: TopicTagger, language: str, title: str, text: str) -> None:
    """A concept named in the title is tagged beneath its topic, with its parents."""
    codes = {topic.id for topic in tagger.tag(article(language, title, f"{text} {title}."))}
    named = "medtop:20000529" in codes
    assert named or language == "nl"  # the Dutch title has no name of it


def test_a_concept_needs_its_topic(tagger: TopicTagger) -> None:
    """A golpe in a match report is no coup."""
    clean = article(
        "es", "Golpe de estado en el área", "El delantero marcó el gol del empate en el partido de liga. " * 3
    )
    assert "medtop:20000070" not in {topic.id for topic in tagger.tag(clean)}


REFUGEES = (
    (
        "de",
        "Flüchtlinge warten an der Grenze",
        "Im Lager fehlt den Flüchtlingen Wasser, viele Familien sind obdachlos.",
    ),
    ("zh", "难民潮涌向边境", "难民营已经超负荷，许多家庭无家可归。"),
    ("uk", "Біженці просять про притулок", "Табори для біженців переповнені, родинам бракує їжі."),
)


@pytest.mark.parametrize(("language", "title", "text"), REFUGEES, ids=[told[0] for told in REFUGEES])
def test_a_concept_of_title_and_lead_brings_its_topic(
    tagger: TopicTagger, language: str, title: str, text: str
) -> None:
    """Refugees, whose topic is politics, are tagged where society comes first, and society stays first."""
    topics = {topic.id: topic.score for topic in tagger.tag(article(language, title, text))}
    assert "medtop:20000645" in topics
    assert topics["medtop:14000000"] > topics["medtop:11000000"]


AFRICAN_FRENCH = (
    (
        "Mali : une attaque jihadiste fait trente morts près de Mopti",
        "Des hommes à moto ont tiré sur les villageois. L'armée dit avoir riposté.",
    ),
    (
        "Soudan : les paramilitaires bombardent le marché d'El-Fasher",
        "Les drones ont frappé à l'aube. Les combats s'intensifient autour de la ville.",
    ),
)


@pytest.mark.parametrize(("title", "text"), AFRICAN_FRENCH)
def test_french_african_news_of_war_is_conflict(tagger: TopicTagger, title: str, text: str) -> None:
    """It is told by default, though MasakhaNEWS's table, which does not label conflict, speaks against it."""
    assert tagger.tag(article("fr", title, text))[0].id == "medtop:16000000"


def test_masakhanews_is_heard_less_against_topics_that_it_does_not_label() -> None:
    """Its say against conflict has a bound where French is sure of it, and none where French is not, or against politics."""
    topics = ["medtop:11000000", "medtop:16000000"]
    second = np.array([-6, -7], np.float32)
    assert heard(np.array([3, 3], np.float32), second, topics).tolist() == [-6, -1]
    assert heard(np.array([3, 1], np.float32), second, topics).tolist() == [-6, -7]


def test_a_nurse_in_court_brings_no_health(tagger: TopicTagger) -> None:
    """Hospitals and those who work there are where news happens and to whom, and no further topic."""
    text = "Das Gericht verurteilte den Krankenpfleger wegen Diebstahls zu zwei Jahren Haft, sagte der Richter."
    clean = article("de", "Krankenpfleger wegen Diebstahls verurteilt", text)
    assert {topic.id for topic in tagger.tag(clean) if topic.level == 1} == {"medtop:02000000"}


def test_a_vote_of_no_confidence_is_no_censorship() -> None:
    """French and its sisters call both by one word."""
    for language, title in (("fr", "La motion de censure est rejetée"), ("es", "Fracasa la moción de censura")):
        assert "medtop:20000588" not in {hit.code for hit in Stems.read(language).find(title, "")}


EVENTS = (
    ("de", "Dürre tötet Tausende Rinder", "Die Bauern warten seit zwei Jahren auf Regen.", "20000152"),
    ("ja", "飢饉の恐れ、国連が警告", "百万人の子どもが飢えている。", "20000149"),
    ("es", "Secuestran a veinte alumnos de una escuela", "Los secuestradores piden un rescate.", "20000100"),
    ("es", "Incendio en el mercado de abastos", "Los comerciantes calculan pérdidas.", "20000150"),
    ("de", "Großbrand in Möbelfabrik", "Die Firma rechnet mit hohen Kosten.", "20000150"),
    ("ko", "항구서 코카인 1톤 압수", "마약 밀수 조직원 네 명을 붙잡았다.", "20000096"),
)


@pytest.mark.parametrize(("language", "title", "text", "code"), EVENTS, ids=[told[0] for told in EVENTS])
def test_an_event_counts_more_than_where_it_happens(
    tagger: TopicTagger, language: str, title: str, text: str, code: str
) -> None:
    """Drought is a disaster and no weather, a kidnapping at a school no education."""
    assert f"medtop:{code}" in {topic.id for topic in tagger.tag(article(language, title, text))}


@pytest.mark.parametrize("language", ["cs", "sv", "el", "he", "vi", "th", "fi", "ro"])
def test_no_table_means_no_topic(tagger: TopicTagger, language: str) -> None:
    """Where nothing was learnt there is no tag, not even at threshold 0."""
    swedish = "Hamnarbetarna går ut i strejk på måndag, meddelar facket som kräver högre löner."
    assert tagger.tag(article(language, "Strejk i hamnarna", swedish), 0.0) == []


def best(topics: list[NewsTopic]) -> str:
    """Return the id of the best top-level topic."""
    return next(topic.id for topic in topics if topic.level == 1)


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("es", "Derrumbe de la bolsa tras el dato de inflación", "El índice perdió un seis por ciento."),
        ("de", "Einsturz der Börsenkurse in Frankfurt", "Banken gaben am stärksten nach."),
    ],
)
def test_prices_that_collapse_are_no_disaster(tagger: TopicTagger, language: str, title: str, text: str) -> None:
    """A fire in a title is one wherever it burns; markets collapse, too."""
    assert best(tagger.tag(article(language, title, text))) == "medtop:04000000"


def test_a_region_of_a_language_has_its_topics(tagger: TopicTagger) -> None:
    """A tag with a country is read like its language."""
    story = STRIKES[4]
    assert best(tagger.tag(article("pt-BR", *story[1:]))) == "medtop:09000000"


def test_covered_languages_are_those_that_are_tagged() -> None:
    """The list that people read names English, French, Hindi and Swahili, and no Czech."""
    listed = covered_languages()
    assert {"en", "fr", "hi", "sw"} <= set(listed)
    assert all(map(covers, listed))
    assert not covers("cs")
    assert not covers(None)
