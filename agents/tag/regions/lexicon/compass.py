"""Parts of a country that are written in one word with it: Ostukraine, Sydlibanon, Austrumukraina, 남레바논."""

#: Points of the compass that begin such a word, the longest first, by language.
POINTS = {
    "de": "Nordost Nordwest Südost Südwest Zentral Nord Süd Ost West",
    "sv": "Nordöst Nordväst Sydöst Sydväst Central Nord Syd Öst Väst",
    "da": "Nordøst Nordvest Sydøst Sydvest Central Nord Syd Øst Vest",
    "nb": "Nordøst Nordvest Sørøst Sørvest Sentral Nord Sør Øst Vest",
    "lv": "Austrum Rietum Ziemeļ Dienvid Centrāl",
    "fi": "Itä Länsi Pohjois Etelä Keski",
    "et": "Ida Lääne Põhja Lõuna Kesk",
}
#: Those of Korean, whose words are found by their letters (`mentions.Matcher`), and letters of a name behind them, at least.
KOREAN_POINTS, LONG_KOREAN = frozenset("동서남북"), 3
#: Behind any point: continents, and states of their own.
NO_PARTS = frozenset(("Amerika", "Irland", "Īrija", "Sudan", "Korea", "Koreja"))
#: Behind east and west: the Indies.
INDIES = frozenset(("Indien", "India"))
EAST_AND_WEST = frozenset(("Ost", "West", "Öst", "Väst", "Øst", "Vest", "Ida", "Lääne"))
#: Letters of a country's name in such a word, at least.
LEAST_LETTERS = 4


def country_in(word: str, language: str) -> str:
    """Return the country in a word that begins with a point of the compass, capitalised, or an empty string."""
    point = next(filter(word.startswith, POINTS.get(language, "").split()), "")
    rest = word[len(point) :]
    if not point or len(rest) < LEAST_LETTERS or not rest[0].islower():
        return ""
    country = rest[0].upper() + rest[1:]
    return "" if country in NO_PARTS or (country in INDIES and point in EAST_AND_WEST) else country
