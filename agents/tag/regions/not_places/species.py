"""Animals, plants, dishes and hats that are called after a country: Spanische Wegschnecke, Panama-Hüte, 俄式红菜汤.

A slug in a garden in Ulm is no news of Spain. The nouns are those that hardly stand for goods of the country: no oysters of
the Netherlands, no cheese of France.
"""

from typing import Final

from agents.tag.regions.beside import is_beside, is_of_country, words_beside
from agents.tag.regions.mentions import Passage

#: So many characters before an adjective are read.
BEFORE_CHARACTERS: Final = 32
#: Nouns beside a country's name or adjective, by language.
NOUNS: Final = words_beside("species")


def drop_species(passage: Passage, language: str) -> None:
    """Mark as dropped the countries that an animal, a plant, a disease, a dish or a hat is called after."""
    listed = NOUNS.get(language)
    if listed is None:
        return
    for mention in passage.mentions:
        if is_of_country(mention):
            mention.dropped |= is_beside(passage, mention, listed.before, listed.behind, BEFORE_CHARACTERS)
