"""Nouns of German that are spelt like a town or its people: the food, the hall, a hamburger.

German writes nouns with a capital. A town has no article, a noun has one: in Essen, das Essen. What people of a town are called
is also what they eat: Hamburger, Wiener.
"""

import re

from agents.tag.regions.lexicon.gazetteer import CITY, Gazetteer, Kind
from agents.tag.regions.mentions import Mention, Passage
from agents.tag.regions.not_places.first_words import is_open
from streams.text.word_lists import word_lists

#: Articles and words like them before a noun.
ARTICLES = frozenset(word_lists("agents.tag.regions")["german_articles"])
#: Those that an adjective may stand behind, before a noun, and the endings of such adjectives: das gemeinsame Essen. Towns are
#: told of like that behind a preposition, too: im schönen Essen.
BEFORE_ADJECTIVE = frozenset(word_lists("agents.tag.regions")["german_before_adjective"])
ADJECTIVE = re.compile("[a-zäöüß]{3,}(?:e|em|en|er|es)")
#: Towns of more people are believed after an article too: das Köln der Nachkriegszeit.
LARGEST_NOUN = 600_000
#: Sausages, cakes and buns called after the people of a town, and words of kitchens.
DISHES = frozenset(word_lists("agents.tag.regions")["german_dishes"])
KITCHEN = re.compile(
    r"\b(?:Rezept\w*|Brötchen|Hackfleisch|Senf|Ketchup|Kartoffelsalat|Würst\w+|Sauerkraut|Patty|Pattys|Grill\w*|Pommes|"
    r"Teig|Marmelade|Füllung|Konditor\w*|Bäcker\w*|Imbiss\w*|Fast[ -]?Food|Speisekarte|gebraten\w*|gegrillt\w*|backen|"
    r"schmeck\w+)\b"
)


def drop_nouns(gazetteer: Gazetteer, passage: Passage) -> None:
    """Mark as dropped the towns of a German text that an article makes nouns, and people of towns who are dishes."""
    mentions = [mention for mention in passage.mentions if not mention.dropped]
    dishes = [mention for mention in mentions if mention.name.surface in DISHES]
    for mention in mentions:
        mention.dropped |= is_noun(gazetteer, passage, mention)
    drop_bare_nouns(passage, mentions)
    if not dishes or not KITCHEN.search(passage.folded):
        return
    named = {mention.name.first.country for mention in mentions if not mention.dropped and mention not in dishes}
    for mention in dishes:
        mention.dropped |= mention.name.first.country not in named and not has_noun(passage, mention)


def drop_bare_nouns(passage: Passage, mentions: list[Mention]) -> None:
    """Mark as dropped the first words of sentences that are nouns elsewhere in the text: Halle gesperrt. Die Halle ist alt.

    A town that is named within a sentence too stays wherever it stands.
    """
    nouns = {mention.name.surface for mention in mentions if mention.dropped}
    bare = [mention for mention in mentions if not mention.dropped and mention.name.surface in nouns] if nouns else []
    nouns -= {mention.name.surface for mention in bare if not is_open(passage, mention)}
    for mention in bare:
        mention.dropped |= mention.name.surface in nouns


def join_inhabitants(passage: Passage) -> None:
    """Let the adjective of a town mean the same place as the town, which may be a namesake abroad: the Freiburger of Fribourg."""
    towns = {mention.name.surface: mention.name for mention in passage.mentions if not mention.name.alone}
    for mention in passage.mentions if towns else ():
        name = mention.name
        if name.first.kind == Kind.DEMONYM and name.surface.endswith("er"):
            mention.name = towns.get(name.surface.removesuffix("er"), name)


def is_noun(gazetteer: Gazetteer, passage: Passage, mention: Mention) -> bool:
    """Return whether an article stands before a town's name of one word."""
    name = mention.name
    if name.level != CITY or name.first.kind != Kind.NAME or mention.first != mention.last or mention.parent != -1:
        return False
    if not mention.first or name.population >= LARGEST_NOUN or passage.folded[mention.start - 1] != " ":
        return False
    return gazetteer.level[name.first.place] == CITY and has_article(passage, mention)


def has_article(passage: Passage, mention: Mention) -> bool:
    """Return whether an article stands before a word, perhaps with an adjective between them."""
    words, first = passage.words, mention.first
    if words[first - 1].lower() in ARTICLES:
        return True
    return (
        first > 1
        and words[first - 2].lower() in BEFORE_ADJECTIVE
        and ADJECTIVE.fullmatch(words[first - 1]) is not None
        and passage.folded[words.starts[first - 1] - 1] == " "
    )


def has_noun(passage: Passage, mention: Mention) -> bool:
    """Return whether a noun follows, of which the people's name is the adjective: Hamburger Hafen."""
    after = passage.words.after(mention.last)
    return after[:1].isupper() and not KITCHEN.fullmatch(after)
