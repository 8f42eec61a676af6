"""Texts in small letters or in capitals throughout."""

import pytest

from agents.tag.regions.lexicon.one_case import with_capitals
from tests.agents.tag.regions.conftest import Tag, countries

ARTICLES = [
    ("en", "ohio mayor opens bridge", "the bridge over the river near dayton is the longest of ohio.", {"US"}),
    (
        "en",
        "dutch firm to build harbour",
        "a dutch firm will build a harbour in south korea, near busan.",
        {"NL", "KR"},
    ),
    ("en", "mayor resigns", "the mayor of athens, ga., resigned on monday, the council of athens said.", {"US"}),
    ("es", "nuevo tren a quito", "el tren saldrá de guayaquil hacia quito, dijo la empresa ecuatoriana.", {"EC"}),
    ("pt", "greve no porto", "os trabalhadores de portugal param na sexta-feira em lisboa.", {"PT"}),
    ("tr", "izmir'de yangın", "türkiye'nin izmir kentinde yangın çıktı, ığdır'dan ekip geldi.", {"TR"}),
    ("ru", "рейс в ташкент отменён", "самолёт из казахстана не вылетел в ташкент из-за тумана.", {"UZ", "KZ"}),
]


@pytest.mark.parametrize(("language", "title", "text", "named"), ARTICLES)
def test_names_are_known_without_their_capitals(
    tag: Tag, language: str, title: str, text: str, named: set[str]
) -> None:
    """Small letters throughout, and capitals throughout, have the countries that usual letters have."""
    large = str.maketrans("iı", "İI") if language == "tr" else {}

    assert countries(tag(text, title=title, language=language)) == named
    assert countries(tag(text.translate(large).upper(), title=title.upper(), language=language)) == named


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the meeting at noon was nice, and reading mobile split the region and the acre near the pool"),
        ("en", "brine the turkey for a day, then roast the turkey and serve the turkey with bread"),
        ("en", "jordan murphy and paris jones sang for an hour, and chad miller played the drums"),
        ("ru", "после того как закончилась кампания, оба игрока сказали, что самое трудное впереди"),
        ("es", "la reunión de la junta fue en la bahía y salta a la vista la victoria"),
    ],
)
def test_plain_words_and_people_stay_what_they_are(tag: Tag, language: str, text: str) -> None:
    """Words that are places elsewhere, and the names of people."""
    assert countries(tag(text, language=language)) == set()
    assert countries(tag(text.upper(), language=language)) == set()


def test_evidence_lies_where_the_name_does(tag: Tag) -> None:
    """The offsets are those of the text as it came."""
    text = "the u.s. sent two ships to the port of são luís in brazil"
    spans = {text[span.start : span.end] for region in tag(text).regions for span in region.evidence}

    assert {"u.s", "são luís", "brazil"} <= spans


def test_usual_text_is_left_alone(tag: Tag) -> None:
    """A text with capitals where they belong keeps its small letters."""
    assert countries(tag("Nice weather for reading, said Anna. The region is split, and the turkey is cold.")) == set()


def test_length_is_kept(tagger: object) -> None:
    """Letters whose capital has another length stay small."""
    vocabulary = tagger.finder.vocabularies["en"]  # type: ignore[attr-defined]
    text = "ŉ ßeta in the straße near paris, ǰ and ﬁnland, i̇zmir"

    assert len(with_capitals(text, vocabulary, "tr")) == len(text)
