"""Names that the words beside them show to mean no place, and the same names where they do mean it."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Canada's clinic has leaflets in Spanish and Italian.", {"ES", "IT"}),
        ("In Canada the witness spoke German, and she had studied Portuguese.", {"DE", "PT"}),
        ("A Spanish-speaking clerk helped the family in Canada.", {"ES"}),
        ("Canadian pupils take science and English on Mondays.", {"GB"}),
        ("Officials in Peru told the BBC that two bridges had been closed.", {"GB"}),
        ("The tribal council in Arizona said that Indian artists would sell pots.", {"IN"}),
        ("Chile sent Maria Melbourne-Clarke to the talks in Peru.", {"AU"}),
        ("The family stayed at the Hotel Krakow in Lima, Peru.", {"PL"}),
        ("The bell of St. Petersburg Cathedral was cast in Peru.", {"RU"}),
        ("A Dominican monk taught in Peru.", {"DO"}),
        ("Police in Kingston, Ontario, found it at Princess Street and Adelaide.", {"AU"}),
        ("The Adena culture built mounds. Graves of the Adena culture were opened in Peru.", {"YE"}),
        ("MOSCOW, SANA - The foreign ministry of Russia spoke of Syria.", {"YE"}),
    ],
)
def test_a_phrase_that_means_no_place(tag: Tag, text: str, never: set[str]) -> None:
    """A language, a source, a people of America, a surname, a hotel, a church, an order, an agency."""
    assert not countries(tag(text)) & never


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Strikes closed roads in French Polynesia and in Spanish ports.", "ES"),
        ("He worked in German factories for ten years.", "DE"),
        ("India said that Indian tribal artists would sell pots.", "IN"),
        ("The Melbourne-Sydney train was late.", "AU"),
        ("The BBC will cut jobs, and ministers in London want to know why.", "GB"),
        ("The Dominican baseball league begins on Friday.", "DO"),
    ],
)
def test_the_same_words_for_a_place(tag: Tag, text: str, country: str) -> None:
    """A phrase that only looks like one keeps its country."""
    assert country in countries(tag(text))


def test_an_english_county_does_not_outweigh_a_town_at_home(tag: Tag) -> None:
    """Norfolk in a paper of Nebraska's Norfolk is not England."""
    tags = tag("The band of Norfolk played on Monday.", source="norfolkdailynews.com")
    assert tags.primary_country == "US"
