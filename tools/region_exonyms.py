"""Names of places abroad in languages that have their own for them: Aachen is Aix-la-Chapelle in French, Akwizgran in Polish."""

from agents.tag.regions.lexicon.gazetteer import ADMIN1, CITY, Kind
from tools.region_forms import name_forms
from tools.region_names import ALTERNATES_FROM, Names, parse, resolve
from tools.region_places import Places
from tools.region_tables import rows


def add_exonyms(places: Places, names: Names) -> None:
    """Add the names of `exonyms.tsv`, inflected, but for those that are known: those of all other tables come first.

    An island that is a small town's name too (Kos) becomes a name of its country, which needs no other name beside it.
    """
    for country, reference, *cells in rows("exonyms.tsv"):
        place = resolve(reference, country, places)
        for cell in cells:
            language, _, surfaces = cell.partition(" ")
            for surface in surfaces.split("|"):
                word, target, kind, fixed = parse(surface, Kind.NAME, place, places)
                for form in {word} if fixed else name_forms(word, language):
                    if not is_known(form, target, language, places, names):
                        names.add(form, target, kind, language)


def is_known(form: str, place: int, language: str, places: Places, names: Names) -> bool:
    """Return whether a language has a name of its own, or shares that of a division or large city of the same country."""
    if form in names.of[language]:
        return True
    level, population, country = (places.columns[column] for column in ("level", "population", "country"))
    known = [sense >> 3 for sense in names.shared.get(form, ()) if country[sense >> 3] == country[place]]
    return any(
        level[other] <= ADMIN1 or (level[other] == CITY and population[other] >= ALTERNATES_FROM) for other in known
    )
