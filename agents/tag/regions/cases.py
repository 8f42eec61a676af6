"""Cases: what a word of a language that inflects its names may be in the nominative."""
# ruff: noqa: RUF001 - letters of many alphabets

from collections.abc import Iterator

#: Endings of cases in languages of which the gazetteer has the names of countries and large cities alone, the longest first.
#: Behind a colon is what the nominative has in its place.
ENDINGS = {
    "fi": "ssa ssä sta stä lla llä lta ltä lle seen een iin in an en n",
    "hu": "ában:a ából:a ára:a ával:a ának:a ban ben ból ből nak nek val vel tól től hoz hez höz ra re on en ön",
    "cs": "sku:sko ska:sko skem:sko cku:cko cka:cko ii:ie ií:ie ině:ina ě:a y:a u:o u a em",
    "el": "ας:α ης:η ου:ος ο:ος ς",
    "ro": "iei:ia ei:a ului",
    "hr": "skoj:ska ske:ska sku:ska ji:ja je:ja ju:ja u a om",
    "sv": "s", "da": "s", "nb": "s", "no": "s", "bn": "ের ে র",
}  # fmt: skip
ENDINGS["sk"], ENDINGS["sr"], ENDINGS["sl"] = ENDINGS["cs"], ENDINGS["hr"], ENDINGS["hr"]
#: Letters before an ending, at least, and before one of a single letter: Malin is a name, and no case of Mali.
LEAST_STEM, LEAST_BEFORE_LETTER = 3, 5
#: Prepositions, article and conjunction that are written onto a Hebrew word, which has so many letters at least.
HEBREW_PREFIXES, LEAST_HEBREW = "בלמהוכש", 3


def nominatives(word: str, language: str) -> Iterator[str]:
    """Yield what a word may be in the nominative, by the endings of its language's cases or a Hebrew word's prefixes."""
    if language == "he":
        for cut in (1, 2):
            if len(word) - cut >= LEAST_HEBREW and all(letter in HEBREW_PREFIXES for letter in word[:cut]):
                yield word[cut:]
    for ending in ENDINGS.get(language, "").split():
        old, _, new = ending.partition(":")
        least = LEAST_STEM if len(old) > 1 or language == "bn" else LEAST_BEFORE_LETTER
        if word.endswith(old) and len(word) - len(old) >= least:
            yield word.removesuffix(old) + new
