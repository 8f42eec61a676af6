"""Output of the region tagger: roles, scores, levels, codes, evidence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.tag.regions import RegionTagger
from tests.agents.tag.regions.conftest import Tag, article


def test_nothing_named_by_nobody_known_is_empty(tag: Tag) -> None:
    """An article that names nothing, from nobody known, has no regions and no primary country."""
    tags = tag("The cake was good and the tea was better.")

    assert (tags.regions, tags.primary_country, tags.macro_regions) == ([], None, [])


def test_publisher_is_primary_only_where_nothing_is_named(tag: Tag) -> None:
    """A publisher's country is inferred where the text names nothing, and stays a role of its own."""
    tags = tag("The cake was good and the tea was better.", source="lemonde.fr")

    assert tags.primary_country == "FR"
    assert [(region.country, region.role, region.inferred) for region in tags.regions] == [("FR", "publisher", True)]


def test_publisher_does_not_outweigh_what_is_named(tag: Tag) -> None:
    """A foreign story keeps its country."""
    tags = tag("Kenya's president spoke in Nairobi.", source="lemonde.fr")

    assert tags.primary_country == "KE"
    assert [region.role for region in tags.regions if region.country == "FR"] == ["publisher"]


def test_worldwide_publisher_is_no_primary(tag: Tag) -> None:
    """An agency's home says nothing about a story that names nothing."""
    tags = tag("The cake was good and the tea was better.", source="reuters.com")

    assert tags.primary_country is None
    assert [region.role for region in tags.regions] == ["publisher"]


def test_dateline_has_its_role(tag: Tag) -> None:
    """The place before the dash is the dateline, and its country counts."""
    tags = tag("NAIROBI (Reuters) - Farmers waited for rain.")

    assert tags.primary_country == "KE"
    assert [region.name for region in tags.regions if region.role == "dateline"] == ["Nairobi"]


def test_about_and_mentioned_are_apart(tag: Tag) -> None:
    """A country named once in passing is mentioned; the one that the article is about is about."""
    text = (
        "Brazil's senate voted. Brazil will sell oil, said Brazil's minister in Brasília. " * 3 + "Spain did so in May."
    )
    roles = {
        region.country: region.role for region in tag(text, title="Brazil votes").regions if region.level == "country"
    }

    assert roles == {"BR": "about", "ES": "mentioned"}


def test_city_carries_its_division_and_coordinates(tag: Tag) -> None:
    """A city has its division's ISO 3166-2 code, GeoNames id and place on the map."""
    tags = tag("A fire broke out in Munich on Monday.")

    city = next(region for region in tags.regions if region.level == "city")
    assert (city.country, city.code, city.geonames_id) == ("DE", "DE-BY", 2867714)
    assert city.latitude == pytest.approx(48.14, abs=0.05)
    assert city.longitude == pytest.approx(11.58, abs=0.05)


def test_division_has_its_own_entry(tag: Tag) -> None:
    """A first-level division is tagged with its code."""
    tags = tag("Voters in Queensland went to the polls.")

    assert [(region.code, region.country) for region in tags.regions if region.level == "admin1"] == [("AU-QLD", "AU")]


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("A ferry sank off Palawan on Tuesday, the coast guard said.", "en", "PH-41"),
        ("Rescuers in Leyte dug for survivors on Monday.", "en", "PH-08"),
        ("Un incendie a détruit deux maisons dans l'Hérault, selon les pompiers.", "fr", "FR-OCC"),
        ("Seine-Saint-Denis : une école fermée après une fuite.", "fr", "FR-IDF"),
        ("A storm cut power in Pas-de-Calais on Sunday.", "en", "FR-HDF"),
        ("Pożar w Maine-et-Loire zniszczył młyn.", "pl", "FR-PDL"),
    ],
)
def test_a_province_or_department_stands_for_its_division(tag: Tag, text: str, language: str, code: str) -> None:
    """A well-known division of the second level, named once and alone, tells the country and the division above it."""
    tags = tag(text, language=language)

    assert tags.primary_country == code[:2]
    assert [region.code for region in tags.regions if region.level == "admin1"] == [code]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Savoie scored twice before Cher sang.", "en"),
        ("Die Regierung eines Landes und eure Fragen. Landes, Eure, Gard.", "de"),
        ("Somme toute, le match était bon. Allier les deux est un art.", "fr"),
    ],
)
def test_a_department_that_is_also_a_word_or_a_name_is_none(tag: Tag, text: str, language: str) -> None:
    """Cher the singer, eines Landes, somme toute: such départements are left out."""
    assert tag(text, language=language).regions == []


def test_macro_regions_are_those_of_what_it_is_about(tag: Tag) -> None:
    """UN M49 names come from the countries that the article is about."""
    assert set(tag("Kenya's parliament met in Nairobi.").macro_regions) == {
        "Eastern Africa",
        "Africa",
        "Sub-Saharan Africa",
    }


def test_antarctica_lies_in_no_region(tag: Tag) -> None:
    """Antarctica is tagged as a country, and M49 has no region around it."""
    tags = tag("The station in Antarctica was cut off for a week.")

    assert (tags.primary_country, tags.macro_regions) == ("AQ", [])


def test_institutions_infer_their_country(tag: Tag) -> None:
    """A country that only its institutions speak for is tagged with their words, as inferred."""
    country = tag("The Bundestag passed the law after a long night.").regions[0]

    assert (country.country, country.inferred) == ("DE", True)
    assert country.evidence


def test_title_counts(tag: Tag) -> None:
    """A country named in the title alone is found there."""
    region = tag("The vote is on Sunday.", title="Uruguay goes to the polls").regions[0]

    assert (region.country, region.evidence[0].field) == ("UY", "title")


@pytest.mark.parametrize(
    ("language", "text", "country"),
    [
        ("es", "El presidente francés viajó a Pekín. Los franceses esperan.", "FR"),
        ("fr", "Les autorités allemandes ont fermé un pont à Berlin.", "DE"),
        ("de", "Die türkische Regierung in Ankara wies das zurück.", "TR"),
        ("it", "Il governo spagnolo ha deciso a Madrid.", "ES"),
        ("pt", "O governo argentino anunciou em Buenos Aires.", "AR"),
        ("nl", "De Poolse regering in Warschau wil dat niet.", "PL"),
        ("pl", "Władze Ukrainy poinformowały w Kijowie o rozmowach.", "UA"),
        ("ru", "Во Франции бастуют железнодорожники, в Париже стоят поезда.", "FR"),
        ("uk", "У Польщі провели вибори, повідомили у Варшаві.", "PL"),
        ("tr", "Almanya'nın başkenti Berlin'de binlerce kişi yürüdü.", "DE"),
        ("ar", "وقال مسؤول في القاهرة إن الحكومة المصرية وافقت.", "EG"),
        ("hi", "जापान की सरकार ने टोक्यो में यह घोषणा की।", "JP"),
        ("zh", "法国总统在巴黎发表讲话。", "FR"),
        ("ja", "ドイツ政府はベルリンで発表した。", "DE"),
        ("ko", "프랑스 정부는 파리에서 이를 발표했다.", "FR"),
        ("sv", "Regeringen i Frankrike avgick.", "FR"),
        (None, "Regjeringen i Ghana møtte pressen.", "GH"),
    ],
)
def test_languages(tag: Tag, language: str | None, text: str, country: str) -> None:
    """Names, adjectives and cities are known in each language, in the forms that sentences have them."""
    assert tag(text, language=language).primary_country == country


PIECES = st.sampled_from(
    (
        *(
            "Paris, Texas",
            "Georgia",
            "KYIV (AP) - ",
            "U.S.",
            "N'Djamena",
            "the",
            "Mr",
            "Jordan",
            "Côte d’Ivoire",
            "İzmir",
        ),
        *(
            "ß",
            "\ufffd",
            "北京",
            "파리에서",
            "русские",
            "وبريطانيا",
            "हिंदी",
            "\n\n",
            ", ",
            ". ",
            "—",
            "St. ",
            "Ga.",
            "'s ",
        ),
        *("ŉ", "ﬁ", "\U0001f600", "$", "(", "-"),
    )
)


@settings(max_examples=150, deadline=None)
@given(
    title=st.lists(PIECES, max_size=6).map(" ".join),
    text=st.lists(PIECES | st.text(max_size=6), max_size=30).map(" ".join),
    language=st.sampled_from(["en", "ar", "hi", "zh", "ko", "tr", "xx", None]),
)
def test_any_text_yields_a_valid_record(tagger: RegionTagger, title: str, text: str, language: str | None) -> None:
    """Whatever the text, spans lie within it, scores within 0 and 1 and in order, and tagging twice is the same."""
    clean = article(text, title=title, language=language)

    tags = tagger.tag(clean)

    assert tags == tagger.tag(clean)
    scores = [region.score for region in tags.regions]
    assert scores == sorted(scores, reverse=True)
    assert all(0.0 <= score <= 1.0 for score in scores)
    for region in tags.regions:
        for evidence in region.evidence:
            assert 0 <= evidence.start < evidence.end <= len(title if evidence.field == "title" else text)


def test_a_place_in_passing_is_mentioned(tag: Tag) -> None:
    """A story of one harbour is not about the province that a grower comes from, though it is about the country."""
    text = (
        "Cranes stood still in Durban for the eighth day, and the union called the offer an insult. "
        "Talks will go on in Durban on Friday, with a mediator from the ministry at the table and lorries in a queue of miles. "
        "The port of Durban handles most of South Africa's boxes, and shops in Durban have begun to ration imported fish. "
        "A grower of oranges from Limpopo said that his last crop was lost. The governor of KwaZulu-Natal asked for calm."
    )
    roles = {region.name: region.role for region in tag(text, title="Strike shuts Durban harbour").regions}

    assert roles["South Africa"] == roles["Durban"] == roles["KwaZulu-Natal"] == "about"
    assert roles["Limpopo"] == "mentioned"
