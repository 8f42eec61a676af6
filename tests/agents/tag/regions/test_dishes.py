"""Dishes that are called after a country, and news of the country's food."""

import pytest

from tests.agents.tag.regions.conftest import Tag

NEWS = (
    ("it", "Insalata russa, la ricetta della nonna", "Cuocere le patate a cubetti e legare con la maionese.", None),
    ("es", "Receta de tortilla francesa perfecta", "Echar los huevos a la sartén y cuajar a fuego lento.", None),
    ("ru", "Морковь по-корейски", "Натрите морковь, добавьте уксус. Корейская закуска готова через час.", None),
    ("en", "Easy Swiss meringue", "Whisk the egg whites and stir in the sugar over a saucepan.", None),
    ("pl", "Francuska zupa cebulowa", "Pokrój cebulę, smaż ją na maśle i dopraw tymiankiem.", None),
    ("tr", "Rus salatası", "Patatesleri haşlayın, mayonezle karıştırın.", None),
    ("de", "Französische Zwiebelsuppe", "Zwiebeln schälen und anbraten, dann köcheln lassen.", None),
    ("cs", "Vídeňský řízek bez oleje", "Maso naklepejte, obalte ve strouhance a osmažte dozlatova.", None),
    ("sk", "Parížska rolka", "Vyšľahajte smotanu a pridajte dve lyžice kakaa.", None),
    ("hr", "Bečki odrezak", "Meso posolite, uvaljajte u brašno. Ispržite londonske štanglice za desert.", None),
    ("sr", "Бечка шницла", "Месо уваљајте у брашно и испржите. Уз то иде париска салата.", None),
    ("sl", "Dunajski zrezek", "Meso povaljajte v moki in ocvrite v vročem olju.", None),
    ("hu", "Párizsi szelet", "A húst forgassuk lisztbe, süssük ki forró olajban.", None),
    ("cs", "Vídeňský soud rozhodl", "Muž dostal tři roky. Vaří ve vězeňské kuchyni.", "AT"),
    ("hu", "A párizsi szakácsok sztrájkolnak", "Béremelést kérnek a szakszervezetek.", "FR"),
    ("en", "French farmers stir up butter row", "Ministers met late. Prices of flour fell.", "FR"),
    ("fr", "La mafia italienne mélange ciment et argent sale", "Le parquet enquête sur douze sociétés.", "IT"),
    ("it", "I cuochi francesi in sciopero", "I sindacati chiedono aumenti. Lo stipendio resta fermo.", "FR"),
    ("en", "Tensions simmer as Israeli remarks stir anger", "The foreign ministry summoned the ambassador.", "IL"),
    ("es", "El pacto chileno no acaba de cuajar", "Lo que se cuece en el Senado inquieta a los socios.", "CL"),
    (
        "en",
        "School for cooks opens in Lyon, France",
        "Pupils whisk the egg whites and stir in the sugar over a saucepan.",
        "FR",
    ),
    ("en", "Whisk, stir, fry: a school for French cooks opens in Lyon, France", "It takes sixty pupils.", "FR"),
)


@pytest.mark.parametrize(("language", "title", "text", "country"), NEWS, ids=[row[1] for row in NEWS])
def test_a_recipe_is_of_no_country(tag: Tag, language: str, title: str, text: str, country: str | None) -> None:
    """Two words that a cook is told make a recipe; one, two figures of speech, or a place's name, make none."""
    assert tag(text, title=title, language=language).primary_country == country
