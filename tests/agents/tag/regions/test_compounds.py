"""Countries that are joined in one word."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries

COMPOUNDS = {
    "en": "DE FR A Franco-German plan|CN RU the Sino-Russian border|AT HU Austro-Hungarian relics",
    "fr": "IL LB la frontière israélo-libanaise|DE PL un couple germano-polonais|DE FR IT un projet franco-germano-italien",
    "es": "ES MA un tratado hispanomarroquí|CN US las relaciones sino-estadounidenses",
    "pt": "BR PT um projeto luso-brasileiro",
    "it": "AR IT un film italo-argentino|AR IT un film italoargentino",
    "ru": "CN RU российско-китайские связи|AM AZ армяно-азербайджанская граница",
    "uk": "PL UA українсько-польський кордон",
    "bg": "BG TR българо-турската граница",
    "ro": "RO UA granița româno-ucraineană",
    "fi": "FI SE suomalais-ruotsalainen hanke",
    "el": "GR TR τα ελληνοτουρκικά σύνορα",
    "zh": "CN US 中美关系紧张|CN JP KR 中日韩峰会召开|IL PS 巴以冲突持续",
    "ja": "JP US 日米首脳会談|CN US 米中の対立",
    "ko": "KR US 한미 정상회담|KP KR 남북 대화",
    "vi": "US VN quan hệ Việt - Mỹ",
    "hi": "IN PK भारत-पाक सीमा",
}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in COMPOUNDS.items() for text in texts.split("|")]
)
def test_both_parts_of_a_compound_count(tag: Tag, language: str, text: str) -> None:
    """The first part has a form that is no name by itself."""
    words = text.split(" ")
    named = {word for word in words if len(word) == 2 and word.isascii() and word.isupper()}
    phrase = " ".join(word for word in words if word not in named)

    assert countries(tag(phrase, language=language)) == named
