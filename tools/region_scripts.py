"""Scripts that few countries write: in these the gazetteer knows the cities of those countries, and capitals."""

import re

#: Countries by the script of their news.
_WRITERS = {
    "greek": "GR CY",
    "thai": "TH",
    "bengali": "BD IN",
    "tamil": "IN LK",
    "telugu": "IN",
    "armenian": "AM",
    "persian": "IR AF PK",
    "ethiopic": "ET ER",
    "khmer": "KH",
    "burmese": "MM",
    "lao": "LA",
    "sinhala": "LK",
    **dict.fromkeys(("malayalam", "kannada", "gujarati", "gurmukhi", "odia"), "IN"),
}
#: Countries whose towns are known too, and people of a city in a country with many towns that are called like a plain word.
WITH_TOWNS, LARGE_IN = frozenset(("GR", "CY", "ET", "ER", "KH", "MM", "LA", "LK")), {"IN": 500_000}
#: Countries whose divisions are known in a language that has no table of its own.
HOME_DIVISIONS = {
    "el": "GR CY", "th": "TH", "bn": "BD IN", "ta": "IN LK", "te": "IN", "mr": "IN", "fa": "IR AF", "ur": "PK IN",
    "hy": "AM", "id": "ID", "ms": "MY ID",
}  # fmt: skip
#: Whole names in each script. `persian`: Arabic's letters with those of Persian and Urdu; a name without these is an Arabic one.
OWN_PATTERNS = {
    "greek": re.compile(r"[Ά-Ϋ][ά-ώΆ-Ϋ '-]+$"),
    "thai": re.compile("[\u0e01-\u0e4e]+$"),
    "bengali": re.compile("[\u0980-\u09e3 ]+$"),
    "tamil": re.compile("[\u0b82-\u0bcd ]+$"),
    "telugu": re.compile("[\u0c00-\u0c63 ]+$"),
    "armenian": re.compile("[\u0531-\u0587 ]+$"),
    "ethiopic": re.compile("[\u1200-\u135f ]+$"),
    "khmer": re.compile("[\u1780-\u17d3]+$"),
    "burmese": re.compile("[\u1000-\u103f]+$"),
    "lao": re.compile("[\u0e81-\u0ecd]+$"),
    "sinhala": re.compile("[\u0d82-\u0ddf]+$"),
    "malayalam": re.compile("[\u0d02-\u0d7f]+$"),
    "kannada": re.compile("[\u0c82-\u0cde]+$"),
    "gujarati": re.compile("[\u0a82-\u0acd]+$"),
    "gurmukhi": re.compile("[\u0a02-\u0a71]+$"),
    "odia": re.compile("[\u0b02-\u0b5f]+$"),
    "persian": re.compile("[ء-يپچژگکیےہٹڈڑںھ ]+$"),
}
#: Letters and marks of such a name at least: a shorter one is too often a word or a part of one.
OWN_SHORTEST = dict.fromkeys(OWN_PATTERNS, 4) | {"thai": 5, "khmer": 5, "burmese": 6, "ethiopic": 3}


def is_written_so(script: str, code: str, population: int) -> bool:
    """Return whether the news of a country, by its ISO 3166-1 code, writes a city of so many people in one of these scripts."""
    return code in _WRITERS[script].split() and population >= LARGE_IN.get(code, 0)
