"""Which of several places of one name an article means, and the part of a dateline or a state beside an unknown town."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries

SHOW = "The new collections were shown in Paris on Sunday, three of them by newcomers."


@pytest.mark.parametrize(
    ("source", "text", "country"),
    [
        ("nytimes.com", SHOW, "FR"),
        ("cbc.ca", "A bus ran over a bollard in London and nobody was hurt.", "GB"),
        ("chron.com", "Road works in Paris will close the bypass until June.", "US"),
        ("nytimes.com", "A fire in Newport burned a boat house to the ground.", "US"),
    ],
)
def test_a_paper_of_a_nation_means_the_famous_city(tag: Tag, source: str, text: str, country: str) -> None:
    """Its Paris is the capital; a paper of a state means the town beside it, and towns of like size are those at home."""
    assert tag(text, source=source).primary_country == country


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("ru", "В городе Ньюпорт сгорел старый мост.", "US"),
        ("ja", "ニューポートで古い橋が焼けた。", "US"),
        ("ru", "В городе Париж сгорел старый мост.", "FR"),
    ],
)
def test_a_name_in_another_script_has_its_namesakes(tag: Tag, language: str, text: str, country: str) -> None:
    """A town at home is written like the large city abroad that the gazetteer knows in that script."""
    assert tag(text, source="nytimes.com", language=language).primary_country == country


@pytest.mark.parametrize(
    ("text", "division"),
    [
        ("WINDHAM, Vt., May 4 - The maker of skis closed its mill.", "US-VT"),
        ("A barn burned down near Oxbow Ridge, N.D., on Monday.", "US-ND"),
        ("WOODLANDS, Texas, May 4 - The maker of drills closed its mill.", "US-TX"),
    ],
)
def test_a_state_after_an_unknown_town_counts(tag: Tag, text: str, division: str) -> None:
    """The gazetteer has towns from 5,000 people on; the state beside a smaller one says where it is."""
    tags = tag(text)

    assert tags.primary_country == "US"
    assert division in {region.code for region in tags.regions}


def test_a_word_after_a_comma_is_no_state(tag: Tag) -> None:
    """Mass is said in a church everywhere."""
    assert tag("After the procession in the square, Mass. was said by the new priest.").primary_country is None


def test_a_legislator_with_party_and_district_is_american(tag: Tag) -> None:
    """R- and D- before a district are how papers of the United States name their legislators."""
    assert tag("The bill of Anna Lund, R-Pine Hollow, was sent back to the committee.").primary_country == "US"


@pytest.mark.parametrize(
    ("text", "primary"),
    [
        ("{} The third goal came late, from a striker who had joined from a club in Colombia.", "GB"),
        ("{} Colombia lost in the final. The squad flies home to Colombia on Friday.", "CO"),
        ("A striker from Colombia scored the third goal. {}", "CO"),
    ],
)
def test_one_mention_in_passing_does_not_outweigh_home(tag: Tag, text: str, primary: str) -> None:
    """Deep in a text, and once, a country is not the subject of a paper's own news."""
    filler = "The hosts were the better side for an hour, and the crowd was loud from the first minute. " * 4

    tags = tag(text.format(filler), source="bbc.co.uk")

    assert tags.primary_country == primary
    assert "CO" in {region.country for region in tags.regions}


@pytest.mark.parametrize(
    ("title", "country"),
    [("MOTOR GROUP'S CAR SALES JUMP", None), ("UAE BANK BUYS RIVAL", "AE")],
)
def test_a_word_of_a_title_in_capitals_is_no_abbreviation(tag: Tag, title: str, country: str | None) -> None:
    """CAR is a country's abbreviation only where the text has it too."""
    assert tag("Sales rose by a fifth, the group said.", title=title).primary_country == country


def test_a_capital_is_a_seat_where_all_else_is_one_other_country(tag: Tag) -> None:
    """A country and its capital behind the dateline of a neighbour's: the story is theirs."""
    text = "VILNIUS, Nov 5 (Wire) - Belarus closed its opera for repairs. Minsk did not say for how long."
    assert tag(text).primary_country == "BY"
    assert tag("VILNIUS, Nov 5 (Wire) - The opera closes for repairs. Singers go to Belarus.").primary_country == "LT"


def test_the_short_form_of_a_long_name(tag: Tag) -> None:
    """A city's name without its addition is that city where the article has both."""
    tags = tag(
        "Walkers reached Santiago de Compostela on Sunday. Inns in Santiago and Arzúa were full.", source="cook.example"
    )
    assert {region.country for region in tags.regions} == {"ES"}


def test_a_town_on_a_river_without_it(tag: Tag) -> None:
    """British towns are called without their river at home: Kingston is not the one in Jamaica."""
    tags = tag("Buses from Kingston to Roehampton will stop at Richmond.", source="surrey-paper.co.uk")
    assert {region.country for region in tags.regions} == {"GB"}


def test_a_world_capital_beside_another(tag: Tag) -> None:
    """A capital stays one although a town of its name lies in the country that the rest of the article is about."""
    tags = tag("The Foreign Office in London called its ambassador home from Washington.")
    assert {region.country for region in tags.regions} == {"GB", "US"}


def test_a_town_of_that_name_with_something_near(tag: Tag) -> None:
    """The same name means the town where a place near it is named."""
    tags = tag("Police closed a bank in Moscow and a bridge in Pullman, and Idaho troopers helped.")
    assert tags.primary_country == "US"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Cairo ferry to close", "CAIRO, Ill. - The last ferry across the river closes in May, its owner said."),
        ("Cuba library burns", "CUBA, Mo. (AP) - Books were carried into the street. Cuba has no other library."),
    ],
)
def test_an_unknown_town_with_its_state_is_meant_everywhere(tag: Tag, title: str, text: str) -> None:
    """A small town that shares its name with a capital or a country is in its state in the title too."""
    assert countries(tag(text, title=title)) == {"US"}


@pytest.mark.parametrize(
    ("language", "title", "text", "country"),
    [
        ("en", "Polish driver jailed", "A Polish driver wept when a judge in London sent him to prison.", "GB"),
        ("de", "Türkischer Arbeiter verletzt", "Ein türkischer Arbeiter stürzte in Köln von einem Gerüst.", "DE"),
        ("es", "Rescatan a jornaleros marroquíes", "Doce jornaleros marroquíes vivían en un corral de Sevilla.", "ES"),
        ("ja", "ベトナム人実習生が死亡", "ベトナム人実習生が東京の工場で亡くなった。", "JP"),
        ("zh", "印度游客遇难", "一名印度游客在曼谷溺水身亡。", "TH"),
        ("hi", "दुबई में भारतीय इंजीनियर घायल", "दुबई में एक भारतीय इंजीनियर सीढ़ी से गिर गया।", "AE"),
        ("tr", "Japon dağcı Bergen'de kayboldu", "Bir Japon dağcı Bergen'de sisin içinde kayboldu.", "NO"),
        ("nl", "Nederlandse wielrenster valt", "Een Nederlandse wielrenster viel in Nice van haar fiets.", "FR"),
        ("en", "Irish troops hurt", "Two Irish soldiers were hurt when a mortar fell near Kidal.", "ML"),
    ],
)
def test_a_nationality_comes_after_the_scene(tag: Tag, language: str, title: str, text: str, country: str) -> None:
    """A driver, a worker or a tourist abroad is news of the country that she is in."""
    tags = tag(text, title=title, language=language)

    assert tags.primary_country == country
    assert len(countries(tags)) == 2


@pytest.mark.parametrize(
    ("language", "title", "text", "found"),
    [
        ("fr", "Lausanne : un orgue part pour le Chili", "Le temple vide de Lausanne a vendu son orgue.", {"CH", "CL"}),
        ("fr", "Namur, deux Danois primés", "Le festival de Namur a primé deux films.", {"BE", "DK"}),
        ("it", "Lugano, rubati tre violini cechi", "Tre violini sono spariti da una bottega di Lugano.", {"CH", "CZ"}),
        ("es", "Cádiz: vuelve el buque noruego", "El buque amarró en Cádiz al alba.", {"ES", "NO"}),
        (
            "pl",
            "Łódź: remont czeskich tramwajów",
            "Warsztaty w Łodzi naprawią tramwaje. Łódź ma ich sto.",
            {"PL", "CZ"},
        ),
    ],
)
def test_a_town_that_a_title_begins_with_is_a_scene(
    tag: Tag, language: str, title: str, text: str, found: set[str]
) -> None:
    """Before a colon, or a comma and a word in small letters: the text names it too, with accents or without."""
    assert countries(tag(text, title=title, language=language)) == found


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("fr", "Lausanne, Namur : le Chili achète", "Le Chili achète deux orgues."),
        ("it", "Lugano: “Rivoglio i violini cechi”", "Il liutaio Bruno Lugano rivuole i suoi violini cechi."),
    ],
)
def test_a_name_that_a_title_begins_with_is_none_alone(tag: Tag, language: str, title: str, text: str) -> None:
    """A list of towns, and a person who is quoted, are no scene."""
    assert len(countries(tag(text, title=title, language=language))) == 1


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Greek border guards fired into the air near Edirne. Greek border guards gave no reason.", "GR"),
        ("Omani coast guards boarded a trawler in Gwadar. Omani coast guards let its crew go.", "OM"),
        ("Kenyan soldiers were ordered to wait in Kismayo. Kenyan soldiers are trained for that.", "KE"),
        ("Indian troops were deployed in Kandy. Indian troops are needed there, a general said.", "IN"),
    ],
)
def test_those_who_act_for_their_state_bring_it_first(tag: Tag, text: str, country: str) -> None:
    """Guards of a border, and soldiers to whom something else is done than harm, are no private persons abroad."""
    assert tag(text).primary_country == country


def test_soldiers_stand_for_their_country(tag: Tag) -> None:
    """Those who act for a state are no persons abroad."""
    assert tag("Kenyan soldiers fired near Kismayo.", title="Kenyan soldiers fire").primary_country == "KE"


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("cs", "Polský řidič havaroval u Olomouce.", "CZ"),
        ("hu", "Az ukrán sofőr Debrecenben ült a volánnál.", "HU"),
        ("hr", "Talijanski turist ozlijeđen u Rijeci.", "HR"),
        ("pl", "Ukraiński kierowca zginął pod Chełmem.", "PL"),
    ],
)
def test_a_town_at_home_needs_no_second_name(tag: Tag, language: str, text: str, country: str) -> None:
    """Where another country is sure, one small town of the language's own country is believed too."""
    tags = tag(text, language=language)

    assert tags.primary_country == country
    assert len(countries(tags)) == 2


def test_suburbs_of_a_publisher_are_no_towns_abroad(tag: Tag) -> None:
    """Two names that nothing of their country supports are the publisher's own suburbs."""
    text = "Stockton's beach is gone. The council of New South Wales's Lake Macquarie has sand, and Swansea wants it."

    assert countries(tag(text, source="newcastleherald.com.au")) == {"AU"}


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Guadalajara beat Barcelona on penalties, and Zapopan danced.", "MX"),
        ("Guadalajara and Sigüenza lose a doctor, Castilla-La Mancha said.", "ES"),
    ],
)
def test_the_larger_city_beside_a_famous_one_elsewhere(tag: Tag, text: str, country: str) -> None:
    """Barcelona does not make Guadalajara Spanish where a town beside it is Mexican."""
    assert tag(text).primary_country == country
