"""Cities of the world by their names in Greek, Hebrew, Persian and Urdu."""

import pytest

from tests.agents.tag.regions.conftest import Tag, countries


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("el", "Συγκέντρωση στο Μόναχο και στη Μοσούλη.", "DE IQ"),
        ("el", "Ο δήμαρχος της Βαρκελώνης απάντησε στον δήμαρχο του Λονδίνου.", "ES GB"),
        ("he", "עצרות נערכו אתמול בבגדאד, במינכן ובבוסטון.", "IQ DE US"),
        ("he", "הפגנה במילאנו.", "IT"),
        ("fa", "آنکارا و حلب شاهد تجمع بودند.", "TR SY"),
        ("fa", "دیروز در مونیخ تجمعی برگزار شد.", "DE"),
        ("ur", "کل انقرہ اور ممبئی میں ریلی ہوئی۔", "TR IN"),
        ("ur", "بصرہ میں آگ لگ گئی۔", "IQ"),
    ],
)
def test_world_cities_have_names(tag: Tag, language: str, text: str, expected: str) -> None:
    """A capital or a large city names its country, with the particles and in the cases of the language."""
    assert countries(tag(text, language=language)) == set(expected.split())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("he", "שני מליון שקל הושקעו. הוועדה דוחה את ההצעה. המשפחה בצרה."),
        ("fa", "تیم کانو قهرمان شد."),
    ],
)
def test_words_that_are_spelt_like_a_city_are_none(tag: Tag, language: str, text: str) -> None:
    """A Hebrew million is not from Lyon."""
    assert countries(tag(text, language=language)) == set()
