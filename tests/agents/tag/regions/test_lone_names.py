"""Names of places that mean a person, a thing, a month or a school where nothing else speaks for the place."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    "dateline",
    [
        "OSLO, Nov 3 (Wire) -",
        "OSLO, Nov. 3 (Wire) -",
        "OSLO, 3 Nov (Wire) -",
        "OSLO, Tue., Nov. 3 -",
        "Oslo, Nov 3, 2026 —",
    ],
)
def test_a_month_in_a_dateline_is_no_town(tag: Tag, dateline: str) -> None:
    """Nov is a town in Tajikistan, and a month beside a number."""
    assert countries(tag(f"{dateline} Ferries will run again from noon, the harbour office said.")) == {"NO"}


@pytest.mark.parametrize(
    ("title", "text", "country"),
    [
        (
            "Turkey is dear this year",
            "Turkey costs more than ever, butchers said. A turkey of ten pounds is 40 dollars.",
            "TR",
        ),
        ("China on sale", "China from the old factory is sold at half price. Plates of bone china go first.", "CN"),
        ("Jersey of the champions", "Jersey makers work at night. A jersey with the new badge costs 90 dollars.", "JE"),
        (
            "Chile takes over kitchens",
            "Chile sauce is in every shop. Cooks say that a red chile is enough for six.",
            "CL",
        ),
    ],
)
def test_a_plain_word_is_no_country(tag: Tag, title: str, text: str, country: str) -> None:
    """Where the word also stands in small letters, and nothing else speaks for the country, it is the thing."""
    assert country not in countries(tag(text, title=title))


def test_a_country_stays_beside_the_plain_word(tag: Tag) -> None:
    """Its capital or its people are enough."""
    text = "Turkey has banned frozen turkey. Officials in Ankara said the ban would last until June."
    assert countries(tag(text)) == {"TR"}


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Jordan missed two free throws, and his coach took him out. Jordan said he was tired.", "JO"),
        ("Norway mended the boiler. Norway, a retired plumber from the next street, took no money.", "NO"),
        ("France hit the bar twice. France, the striker of the visitors, was taken off late.", "FR"),
        ("Georgia sang the last song alone. She had lost her voice the week before.", "GE"),
        ("Israel Okoye won by knock-out in the third round. Okoye wants to fight again in May.", "IL"),
        ("Naples won the reading prize. Naples, who is 16, owns two hundred books.", "IT"),
        ("Israel won the chess cup for schools, and his mother cried. Israel, who is nine, wants a dog.", "IL"),
    ],
)
def test_a_person_by_a_country_s_name_is_no_country(tag: Tag, text: str, country: str) -> None:
    """A name that people bear, with he or she beside it and no preposition of place before it, is a person."""
    assert country not in countries(tag(text))


def test_a_country_that_acts_stays_a_country(tag: Tag) -> None:
    """It and its tell a state from a person."""
    assert "JO" in countries(tag("Jordan said it would reopen its border. Jordan had shut it in May."))
    assert "IE" in countries(tag("Ireland drew. Ireland, a founder of the league, had led at the break."))
    assert "FR" in countries(tag("France closed two reactors. In France, a plumber waits a month for a part."))


def test_a_university_by_its_short_name_is_no_district(tag: Tag) -> None:
    """Columbia among students is no part of the District of Columbia."""
    for text in (
        "Columbia will admit fewer students. Its professors object.",
        "Los estudiantes de Columbia votaron el viernes. Columbia no respondió.",
        "Gli studenti della Columbia hanno votato venerdì. La Columbia non ha risposto.",
    ):
        assert "US-DC" not in {region.code for region in tag(text).regions}


def test_a_college_that_is_called_after_a_valley_is_no_country(tag: Tag) -> None:
    """Students are at a school, and in a country."""
    assert tag("Students at Lebanon Valley planted oaks. Lebanon Valley gave them the day off.").regions == []
    assert "LB" in countries(tag("Students in Lebanon planted cedars."))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ystad pleaded guilty to theft on Monday, the court said. Ystad, who was sentenced before, is 40.", False),
        ("The lorry hit a wall in Ystad. Ystad was driving home from work, the police report says.", True),
        ("Ystad was flooded when the river broke its banks. Ystad had been warned on Sunday.", True),
    ],
)
def test_a_small_town_that_drives_is_a_surname(tag: Tag, text: str, named: bool) -> None:
    """A name that acts as people do, and stands after no preposition of place, is somebody's."""
    assert ("SE" in countries(tag(text))) is named


def test_a_company_of_a_country_is_no_surname(tag: Tag) -> None:
    """A word that the text also has in small letters is none."""
    text = "Israel Railways will buy 60 trains. Railways elsewhere lost money, and no one else makes such trains for railways."
    assert "IL" in countries(tag(text))


def test_a_capital_after_a_seat_s_dateline_is_what_the_story_is_about(tag: Tag) -> None:
    """A capital stands for its country there."""
    text = "NAIROBI, May 2 (Wire) - A blast in Mogadishu killed four soldiers, Somali police said."
    assert tag(text).primary_country == "SO"


@pytest.mark.parametrize("place", ["SEOUL, Oct 5", "Wien, 5. Okt.", "Berlin, 5. Okt.", "MOSCOW, Oct 5"])
def test_a_capital_that_is_a_division_too_is_the_seat_of_its_reporters(tag: Tag, place: str) -> None:
    """Seoul and Vienna are divisions of their own, and capitals all the same."""
    tags = tag(f"{place} (Wire) - Fiji evacuated two islands on Monday, its weather office in Suva said.")
    assert tags.primary_country == "FJ"


def test_a_dateline_of_a_seat_is_not_what_the_story_is_about(tag: Tag) -> None:
    """Aid agencies speak in Geneva; the story is where the need is."""
    tags = tag("GENEVA, Oct 5 (Wire) - Half of the wells in Chad are dry, a relief group said on Monday.")
    roles = {(region.country, region.role) for region in tags.regions if region.level == "country"}
    assert tags.primary_country == "TD"
    assert roles == {("TD", "about"), ("CH", "mentioned")}


def test_a_dateline_still_tells_where_a_story_is(tag: Tag) -> None:
    """A company's town is where its story is, though it sells abroad."""
    assert tag("OSAKA, Oct 5 (Wire) - The maker of pumps said sales to Brazil rose by a tenth.").primary_country == "JP"


@pytest.mark.parametrize("end", [".", " ", ", the board said."])
def test_a_small_town_by_a_country_s_name_is_in_its_state(tag: Tag, end: str) -> None:
    """Town and state in a title are no country, wherever the phrase ends."""
    tags = tag("The board of Peru, Nebraska, meets on Monday.", title=f"School board meets in Peru, Nebraska{end}")
    assert {region.country for region in tags.regions} == {"US"}


def test_the_country_of_the_story_is_primary_before_that_of_adjectives(tag: Tag) -> None:
    """A country that only an abbreviation before other words speaks for yields to the one whose leader acts."""
    text = (
        "Maduro said that Venezuela was ready to talk. A U.S. military spokesman called that new. "
        "U.S. officials had asked for it, and U.S. envoys will answer. Maduro named no date."
    )
    assert tag(text, title="Maduro open to talks").primary_country == "VE"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Martin Holland runs the bakery. Holland said the oven was his grandfather's.", "NL"),
        ("Denise Houston paints trams. Houston began with bicycles.", "US"),
        ("London Hartley rows across the lake each day. Hartley said she would stop at ninety.", "GB"),
        ("India, 31, wants to swim to the lighthouse and back.", "IN"),
        ("Austin loved trains. Austin wrote his first book on them at twenty.", "US"),
    ],
)
def test_who_is_called_by_one_name_is_no_place(tag: Tag, text: str, country: str) -> None:
    """A given name before it, a surname behind it, an age or a deed tells that a name is a person's."""
    assert country not in countries(tag(text))


def test_a_plain_word_is_no_city(tag: Tag) -> None:
    """At the beginning of a sentence every word has a capital; elsewhere a city keeps it."""
    assert countries(tag("Cayenne was taken off the shelves. Lead was found in cayenne of three makers.")) == set()
    assert countries(tag("Roads are flooded. The harbour of Bologna is not: a bologna costs more there.")) != set()


def test_java_is_a_language_beside_words_of_programs(tag: Tag) -> None:
    """The island stays where nobody programs."""
    assert countries(tag("Java has a new release. Developers wait for its compiler.")) == set()
    assert countries(tag("Floods hit Java on Monday. Java has not seen such rain for years.")) == {"ID"}
