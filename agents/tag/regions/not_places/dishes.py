"""Adjectives of countries and towns in recipes, names of dishes: insalata russa, Swiss rolls, vídeňský řízek.

A text is a recipe where it has two words of the kitchen or more, such as a cook is told; trade in flour and butter has none. In
news tensions simmer and remarks stir anger: one of the words at least is no such figure.
"""

import re

from agents.tag.regions.mentions import Passage, is_adjective
from streams.text.word_lists import by_language, word_lists

#: Beginnings of words that tell a cook what to do, by language.
KITCHEN = {
    language: re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})")
    for language, words in by_language(word_lists("agents.tag.regions")["kitchen"]).items()
}
#: Those of them that news use as figures.
FIGURES = by_language(word_lists("agents.tag.regions")["kitchen_figures"])
#: Different ones that make a recipe, and characters in which they are looked for.
LEAST_WORDS, RECIPE_CHARACTERS = 2, 2000


def drop_dishes(passage: Passage, language: str) -> None:
    """Mark as dropped the adjectives of a recipe that names no place."""
    kitchen = KITCHEN.get(language)
    live = [mention for mention in passage.mentions if not mention.dropped]
    if kitchen is None or not live or not all(map(is_adjective, live)):
        return
    found = set(kitchen.findall(passage.folded[:RECIPE_CHARACTERS].lower()))
    if len(found) >= LEAST_WORDS and found.difference(FIGURES.get(language, ())):
        for mention in live:
            mention.dropped = True
