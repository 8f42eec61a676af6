"""Grades of crude oil that are called after a place: Brent at 80 dollars is no news of a borough of London.

Brent is the grade in an article of oil, unless a council or a part of the town stands behind it; and in other languages than
English wherever no preposition of place shows the borough.
"""

import re
from typing import Final

from agents.tag.regions.mentions import Mention, Passage

#: The grade that all news of the price of oil names.
BRENT: Final = "Brent"
#: Words of oil and of its price, in all languages.
OIL: Final = re.compile(
    r"\b(?:crude|oil|barrels?|brut|pétrole|baril\w*|petróleo|crudo|barril\w*|greggio|petrolio|baril[ei]|Rohöl\w*|Ölpreis\w*|Fass|"
    r"ruwe|olie\w*|vat(?:en)?|ropa|ropy|barył\w+|petrol|varil\w*|țiței\w*|råolj\w*|olj\w*|olje\w*|råoli\w*|öljy\w*|kőolaj\w*|hordó\w*|"
    r"нефт\w+|баррел\w+|нафт\w+|барел\w+|minyak|dầu|OPEC|ОПЕК|OPEP)\b"
)
#: Behind the borough's name in English, which no preposition of place need stand before.
BOROUGH: Final = re.compile(
    r" (?:Council|council|Cross|borough|Borough|East|North|Central|residents|schools?|MP|councillors?)\b"
)
#: Behind a place's name that a grade is called after: Dubai crude, Basra Light.
GRADE: Final = re.compile(r" (?:[Cc]rude|[Ll]ight crude|Light|Heavy|Medium|[Bb]lend)\b(?! [A-Z])")
GRADED: Final = frozenset(("Dubai", "Oman", "Basra", "Basrah", "Kirkuk", "Bonny", "Brent", "Tapis", "Maya"))
#: Countries that these places are in.
COUNTRIES_OF_GRADES: Final = ("GB", "US", "AE", "OM", "IQ", "NG", "MY", "PH")


def drop_crudes(passage: Passage, language: str) -> None:
    """Mark as dropped the names of places that stand for a grade of crude oil."""
    graded = [mention for mention in passage.mentions if mention.name.surface in GRADED]
    if not graded:
        return
    brents = [mention for mention in graded if mention.name.surface == BRENT]
    if brents and is_grade(passage, brents, language):
        for mention in brents:
            mention.dropped = True
    for mention in graded if language == "en" else ():
        mention.dropped |= GRADE.match(passage.folded, mention.end) is not None


def is_grade(passage: Passage, brents: list[Mention], language: str) -> bool:
    """Return whether Brent is the oil, by the words of the article and those beside it."""
    text = passage.folded
    if OIL.search(text):
        return not any(BOROUGH.match(text, mention.end) for mention in brents)
    return language != "en" and not any(passage.is_led(mention) for mention in brents)
