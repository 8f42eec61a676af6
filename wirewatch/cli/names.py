"""Names of regions, topics and languages that people give to a command, as the codes that messages carry."""

from streams.errors import SettingsError


def language_code(name: str) -> str:
    """Return the code of a language; raise `SettingsError` for a text that is none, which would match nothing for ever."""
    from agents.watch.language.common import SHORTER, languages

    code = name.strip().lower()
    if code.split("-")[0] not in languages():
        shorter = SHORTER.get(code.split("-")[0])
        hint = f"articles have {shorter}" if shorter else "as in en, es or zh"
        raise SettingsError(f"--language {name} is the code of no language: {hint}")
    return code


def region_codes(name: str) -> tuple[str, ...]:
    """Return the codes of a place, or of a group's countries, that the header `regions` has.

    Raise `SettingsError` for no such place.
    """
    from agents.watch.language.vocabulary import country_group

    group = country_group(name)
    return group.countries if group else (region_code(name),)


def region_code(name: str) -> str:
    """Return the code of a country or division that the header `regions` has; raise `SettingsError` for no such place."""
    from agents.watch.language.vocabulary import UnknownName, did_you_mean, region, suggested_regions
    from streams.standards.m49 import DIVISION, areas

    try:
        found = region(name)
    except UnknownName as error:
        raise SettingsError(f"--region {error}: {error.hint}") from error
    if found in areas():
        return found
    if DIVISION.fullmatch(found):
        from wirewatch.watches.divisions import why_no_division

        if why := why_no_division(found):
            raise SettingsError(f"--region {name} {why}")
        return found
    from wirewatch.watches.places import english_place

    place = english_place(found)
    nearest = f"write {place.code} ({place.name})" if place and place.code else did_you_mean(suggested_regions(name))
    nearest = nearest or "name one as VE, Venezuela or US-TX"
    raise SettingsError(f"--region {name} is no country and no division: {nearest}")


def topic_id(name: str) -> str:
    """Return the id of an IPTC topic by id or English name; raise `SettingsError` for no such topic."""
    from agents.watch.language.vocabulary import UnknownName, topic

    try:
        return topic(name)
    except UnknownName as error:
        raise SettingsError(f"--topic {error}: {error.hint}") from error
