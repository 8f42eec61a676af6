# ruff: noqa: RUF001 - letters of many alphabets
"""Adjectives of towns, which are written small: a debreceni kórházban, ostravský magistrát, zagrebački sud.

The gazetteer has those of countries. Those of the towns at home of a language, and of the cities that it has a name of its own
for, are made of the towns' names. Where a stem changes in a way of its own it is listed.
"""

from collections.abc import Iterable, Iterator

from agents.tag.regions.lexicon.gazetteer import CITY, Gazetteer, Kind, Names

#: People of a town at home, at least.
LEAST_TOWN = 20_000
VOWELS = "aeiouyáéíýěаеиоу"
#: Towns with their stems where the rule has another one, and cities abroad, by language.
STEMS = {
    "hu": "Párizs párizsi London londoni Berlin berlini Moszkva moszkvai Brüsszel brüsszeli Varsó varsói Prága prágai "
          "Kijev kijevi Belgrád belgrádi Bukarest bukaresti Peking pekingi Teherán teheráni Washington washingtoni",
    "cs": "Brno brněnsk Praha pražsk Paříž pařížsk Londýn londýnsk Berlín berlínsk Moskva moskevsk Vídeň vídeňsk Brusel bruselsk "
          "Kyjev kyjevsk Peking pekingsk Teherán teheránsk Washington washingtonsk",
    "sk": "Praha pražsk Paríž parížsk Londýn londýnsk Berlín berlínsk Moskva moskovsk Viedeň viedensk Brusel bruselsk "
          "Kyjev kyjevsk Peking pekinsk Teherán teheránsk Washington washingtonsk",
    "hr": "Zagreb zagrebačk Rijeka riječk Osijek osječk Pariz parišk London londonsk Berlin berlinsk Moskva moskovsk Beč bečk "
          "Bruxelles briselsk Kijev kijevsk Peking pekinšk Teheran teheransk Washington vašingtonsk",
    "sr": "Niš nišk Kragujevac kragujevačk Čačak čačansk Pančevo pančevačk Pariz parišk London londonsk Berlin berlinsk "
          "Moskva moskovsk Beč bečk Brisel briselsk Kijev kijevsk Peking pekinšk Teheran teheransk Ниш нишк "
          "Крагујевац крагујевачк Чачак чачанск Панчево панчевачк Париз паришк Лондон лондонск Берлин берлинск "
          "Москва московск Беч бечк Брисел бриселск Кијев кијевск Пекинг пекиншк Техеран техеранск Загреб загребачк",
    "sl": "Celje celjsk Kranj kranjsk Velenje velenjsk Pariz parišk London londonsk Berlin berlinsk Moskva moskovsk "
          "Dunaj dunajsk Bruselj bruseljsk Kijev kijevsk Peking pekinšk Teheran teheransk",
    "ru": "Стокгольм стокгольмск Афины афинск Багдад багдадск Белград белградск Братислава братиславск Копенгаген копенгагенск "
          "Амстердам амстердамск Мадрид мадридск Милан миланск Мюнхен мюнхенск Гамбург гамбургск Стамбул стамбульск "
          "Тегеран тегеранск Кабул кабульск Бейрут бейрутск Иерусалим иерусалимск Каир каирск Токио токийск Сеул сеульск "
          "Пхеньян пхеньянск Вашингтон вашингтонск Гавана гаванск Тбилиси тбилисск Ереван ереванск Баку бакинск "
          "Ташкент ташкентск Бишкек бишкекск Дублин дублинск",
    "uk": "Стокгольм стокгольмськ Афіни афінськ Багдад багдадськ Белград белградськ Братислава братиславськ "
          "Копенгаген копенгагенськ Амстердам амстердамськ Мадрид мадридськ Мілан міланськ Мюнхен мюнхенськ Гамбург гамбурзьк "
          "Стамбул стамбульськ Тегеран тегеранськ Кабул кабульськ Бейрут бейрутськ Єрусалим єрусалимськ Каїр каїрськ "
          "Токіо токійськ Сеул сеульськ Вашингтон вашингтонськ Гавана гаванськ Тбілісі тбіліськ Єреван єреванськ Баку бакинськ "
          "Ташкент ташкентськ Кишинів кишинівськ Дублін дублінськ",
}  # fmt: skip
_CZECH = "ý á é ého ému ém ým ou ých ými"
_SLOVAK = "ý á é ého ému om ým ej ú ou ých ými í"
_CROATIAN = "i a o e og oga om ome im ima ih oj u и а о е ог ога ом оме им има их ој у"
_RUSSIAN, _UKRAINIAN = "ий ого ому им ом ая ой ую ое ие их ими", "ий ого ому им ім а ої ій у ою е і их ими"
#: Endings behind the stem.
ENDINGS = {
    "hu": [""], "cs": _CZECH.split(), "sk": _SLOVAK.split(), "hr": _CROATIAN.split(), "sr": _CROATIAN.split(),
    "sl": ["i", "a", "o", "e", "ega", "emu", "em", "im", "ih", "imi"],
    "ru": _RUSSIAN.split(), "uk": _UKRAINIAN.split(),
}  # fmt: skip
#: Stems that are plain words: Hungarian pápai is the Pope's, Serbian kraljevski the king's, and Romans are mostly the old ones.
PLAIN_STEMS = frozenset(["pápai", "kraljevsk", "краљевск", "římsk", "rímsk", "rimsk", "римск"])
LEAST_STEM = 5
#: Languages whose towns at home the gazetteer has the adjectives of. Cities that treaties are called after (Vienna, Warsaw,
#: Geneva) are not listed: no news of Austria comes of the Vienna Convention.
LISTED_ALONE = frozenset(("ru", "uk"))


def town_adjectives(gazetteer: Gazetteer, own: Names, language: str, homes: set[int]) -> dict[str, int]:
    """Return the adjectives of a language, in small letters, with the sense of their town."""
    if language not in ENDINGS:
        return {}
    towns: dict[str, int] = {}
    if language not in LISTED_ALONE:
        towns = dict(cities(own, gazetteer)) | dict(towns_at_home(gazetteer, language, homes))
    stems = {stem_of(name, language): sense for name, sense in towns.items() if " " not in name}
    stems |= dict(listed_stems(gazetteer, own, language))
    return {
        form: sense
        for stem, sense in stems.items()
        if len(stem) >= LEAST_STEM and stem not in PLAIN_STEMS
        for form in forms(stem, language)
    }


def towns_at_home(gazetteer: Gazetteer, language: str, homes: set[int]) -> Iterator[tuple[str, int]]:
    """Yield the towns at home of a language with their senses, in Serbian under their Cyrillic names too."""
    wanted = {place for place in range(len(gazetteer.name)) if is_town(gazetteer, place, homes)}
    yield from ((gazetteer.name[place], place << 3) for place in wanted)
    if language == "sr":
        for surface in gazetteer.shared.entries:
            senses = gazetteer.shared.senses(surface) if surface[0] > "Ѐ" else []
            if senses and senses[0] >> 3 in wanted:
                yield surface, senses[0]


def listed_stems(gazetteer: Gazetteer, own: Names, language: str) -> Iterator[tuple[str, int]]:
    """Yield the stems that are listed, with the sense of the largest city of the name."""
    listed = STEMS[language].split()
    for name, stem in zip(listed[::2], listed[1::2], strict=True):
        senses = own.senses(name) or gazetteer.shared.senses(name)
        large = [sense for sense in senses if sense & 7 == Kind.NAME and gazetteer.level[sense >> 3] == CITY]
        if large:
            yield stem, max(large, key=lambda sense: gazetteer.population[sense >> 3])


def cities(own: Names, gazetteer: Gazetteer) -> Iterator[tuple[str, int]]:
    """Yield the cities that a language has a name of its own for."""
    for surface in own.entries:
        senses = own.senses(surface)
        if senses and senses[0] & 7 == Kind.NAME and gazetteer.level[senses[0] >> 3] == CITY and surface[0].isupper():
            yield surface, senses[0]


def is_town(gazetteer: Gazetteer, place: int, homes: set[int]) -> bool:
    """Return whether a place is a town of some size at home."""
    return (
        gazetteer.level[place] == CITY
        and gazetteer.country[place] in homes
        and gazetteer.population[place] >= LEAST_TOWN
    )


def stem_of(name: str, language: str) -> str:
    """Return the stem of a town's adjective: ostravsk, olomouck, debreceni; nothing where the last consonant changes."""
    word = name.lower()
    if language == "hu":
        return word if word.endswith("i") else f"{word}i"
    word = word.rstrip(VOWELS)
    if word.endswith(("c", "č", "ц", "ч")):
        return f"{word}k" if language in ("cs", "sk") else ""
    if word.endswith(("k", "g", "h", "z", "s", "š", "ž", "к", "г", "х", "з", "с", "ш", "ж")):
        return ""
    return f"{word}{'ск' if word[-1:] > 'Ѐ' else 'sk'}"


def forms(stem: str, language: str) -> Iterable[str]:
    """Yield the forms of an adjective."""
    yield from (f"{stem}{ending}" for ending in ENDINGS[language])
    if language == "cs":
        yield f"{stem[:-2]}{'čtí' if stem.endswith('ck') else 'ští'}"
