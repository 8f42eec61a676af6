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
#: What such a word is otherwise: continents, and states of their own; the Caribbean, which is called after India.
NO_PARTS = frozenset(("Amerika", "Irland", "Īrija", "Sudan", "Korea", "Koreja"))
INDIES, EAST_AND_WEST = (
    frozenset(("Indien", "India")),
    frozenset(["Ost", "West", "Öst", "Väst", "Øst", "Vest", "Ida", "Lääne"]),
)
LEAST_LETTERS = 4


def country_in(word: str, language: str) -> str:
    """Return the word behind a point of the compass with a capital, or nothing."""
    for point in POINTS.get(language, "").split():
        if word.startswith(point):
            rest = word[len(point) :]
            country = rest[:1].upper() + rest[1:]
            if country in NO_PARTS or (country in INDIES and point in EAST_AND_WEST):
                return ""
            return country if len(rest) >= LEAST_LETTERS and rest[0].islower() else ""
    return ""
