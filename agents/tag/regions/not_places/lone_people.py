"""People who are called by a place's name alone: by the given name before it, their surname behind it, or their age.

An article that names somebody in full calls her by one name from then on: "Tom Holland plays the spider again. Holland
said …", "London Breed conceded … Breed said she …". Only names are looked at that nothing else in the article supports and
no preposition of place leads.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from agents.tag.regions.lexicon.gazetteer import Gazetteer
from agents.tag.regions.lexicon.words import WordSpans
from agents.tag.regions.mentions import Mention, Passage
from agents.tag.regions.not_places.first_words import BEFORE_PLACE
from streams.text.word_lists import word_lists

#: Pronouns of a person, and those of a country, in the sentence of a name.
PERSON = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself|who)\b")
STATE = re.compile(r"\b(?:its|itself|it (?:would|will|has|had|is|was|could|must|may))\b")
#: So far back the word before another is looked for.
WORD_CHARACTERS = 60
SENTENCE_END = re.compile(r"[.!?…]\s|\n")
#: Letters of a sentence that are read for pronouns.
SENTENCE_CHARACTERS = 300
SHORTEST_SURNAME = 4
#: An age right behind a name, in the languages that set it between commas or in brackets.
AGE = re.compile(
    r",? \(\d\d\)|, (?:(?:que tiene|de|aged?|who(?: i|')s|who (?:was|turns|turned)) )?[1-9]\d"
    r"(?: (?:años|ans|anni|anos|Jahre|jaar|lat|år|years old))?,"
)
#: What somebody does, right behind her name.
DOES = re.compile(
    r" (?:[a-z]{3,}ed|said|says|won|wed|ran|sang|is|was|has|had|made|took|went|came|got|wore|wrote|met|sold|bought)\b"
)
#: What nobody but a person does or suffers, right behind the surname.
LIVES = re.compile(
    r" (?:scored|headed (?:in|home|wide|over)|pleaded|died|married|was (?:booked|sent off|born|arrested|jailed|sentenced|"
    r"stabbed|injured|buried|substituted))\b"
)
#: Somebody's profession, right behind the surname.
ROLE = re.compile(
    r", (?:[\w-]+ ){0,3}?(?:MP|MEP|professor|lecturer|analyst|author|founder|director|chief executive|manager|editor|coach|"
    r"economist|researcher|spokes(?:man|woman|person)|candidate|lawyer|barrister|surgeon|headteacher)\b"
)

#: A trade right behind a name, which no country has; Turkey is a candidate, and Germany a founder.
TRADE = re.compile(rf", (?:an?|the) (?:[\w-]+ ){{0,3}}?(?:{'|'.join(word_lists('agents.tag.regions')['trades'])})\b")

#: Words with a capital before a place's name that are nobody's given name.
NO_GIVEN_NAME = frozenset(word_lists("agents.tag.regions")["no_given_names"])
#: Endings of adjectives and adverbs, which a sentence may begin with: Historic Salford drew her back.
NO_NAME_ENDS = word_lists("agents.tag.regions")["no_name_endings"]
#: What stands before and behind somebody who is named in full and quoted: said Gerda Lecco, an analyst; in other languages
#: perhaps with a profession before the name: sagte Analystin Gerda Lecco.
QUOTED = re.compile(r"\b(?:said|says|told|added|adds|asked|explained|recalled|[Aa]ccording to) $")
INTRODUCED = re.compile(r"(?:, (?:an?|the|who|whose|chief|head|director|president|professor|senior|\d\d)\b|\.|:)")
QUOTED_ELSEWHERE = re.compile(
    r"\b(?:sagte?|erklärte?|[Ss]elon|estime|explique|dijo|explicó|[Ss]egún|dice|spiega|[Ss]econdo|disse|afirmou|[Ss]egundo|zei|zegt|"
    r"aldus|mówi|powiedział|powiedziała) (?:(?:el|la|il|lo|o|a|le) )?(?:[A-Za-zÀ-ÿ]{4,} )?$"
)
INTRODUCED_ELSEWHERE = re.compile(r"(?:, [a-zà-ÿ\d]|[.:])")
#: A given name, at the end of what stands before another name; its characters with the blank.
GIVEN = re.compile(r"\b([A-Z][a-zà-ÿ'-]{2,20}) \Z")
GIVEN_CHARACTERS = 22
WORD_EDGE = re.compile(r"\b")
#: Names of large cities that people elsewhere are given: Milan Kundera, Sofía Vergara, Мілан.
GIVEN_TOO = frozenset(word_lists("agents.tag.regions")["given_too"])
#: A third word with a capital, as events and clubs have: Milan Fashion Week.
THIRD_NAME = re.compile(r"[ -][A-ZÀ-ÝА-Я]")
#: Languages of an alphabet without capitals whose words are set apart.
UNCASED = frozenset(("ar", "fa", "ur"))
#: The Arabic article, and the beginnings of verbs in the third person, feminine, now and to come.
NO_SURNAME = ("\u0627\u0644", "\u062a", "\u0633\u062a")
#: Letters of a surname's case ending at most: Kundera, Kunderovi.
CASE_ENDING = 3


class FullName(NamedTuple):
    """A given name and where it begins, and where the name behind it ends."""

    given: str
    start: int
    end: int


def is_called(gazetteer: Gazetteer, passage: Passage, group: list[Mention], language: str) -> bool:
    """Return whether a name that nothing else supports is somebody's: by an age, a given name before or a surname behind."""
    if is_led(passage, group):
        return False
    return (
        any(TRADE.match(passage.folded, mention.end) for mention in group)
        or any(AGE.match(passage.folded, mention.end) or has_surname(gazetteer, passage, mention) for mention in group)
        or follows_given_name(gazetteer, passage, group)
        or precedes_surname(gazetteer, passage, group)
        or (language in UNCASED and precedes_word(group, passage))
        or (language != "en" and precedes_case(gazetteer, passage, group, language))
        or acts(passage, group)
        or is_introduced(passage, group)
    )


def has_surname(gazetteer: Gazetteer, passage: Passage, mention: Mention) -> bool:
    """Return whether a given name is followed by a surname, and this by an age or a person's verb: Jordan Tollemache, 26, ….

    Firms are fined and sold; nobody but a person is booked, jailed or born.
    """
    if not mention.name.given or mention.first < 0:
        return False
    after = passage.words.after(mention.last)
    if len(after) < SHORTEST_SURNAME or not after.istitle() or after in gazetteer.lists["place_words"]:
        return False
    end = passage.words.ends[mention.last + 1]
    return bool(AGE.match(passage.folded, end) or LIVES.match(passage.folded, end) or ROLE.match(passage.folded, end))


def is_introduced(passage: Passage, group: list[Mention]) -> bool:
    """Return whether an unknown given name stands before a name, and a quotation or a pronoun shows that both are somebody's."""
    text = passage.folded
    places = {mention.start for mention in passage.mentions}
    full = [
        name
        for name in full_names(text, group[0].name.surface)
        if name.start >= passage.offset and name.start not in places
        if name.given not in NO_GIVEN_NAME and not name.given.endswith(NO_NAME_ENDS)
    ]
    if not full:
        return False
    for before, behind in ((QUOTED, INTRODUCED), (QUOTED_ELSEWHERE, INTRODUCED_ELSEWHERE)):
        if any(
            before.search(text, max(0, name.start - WORD_CHARACTERS), name.start) and behind.match(text, name.end)
            for name in full
        ):
            return True
    whole = {name.end for name in full}
    alone = [sentence_after(text, mention.end) for mention in group if mention.end not in whole]
    return (
        bool(alone)
        and any(map(PERSON.search, (*alone, *(sentence_after(text, name.end) for name in full))))
        and not any(map(STATE.search, alone))
    )


def full_names(text: str, surface: str) -> Iterator[FullName]:
    """Yield where a word with a capital stands before a name, from left to right.

    The name is looked for first, since a text has few of them and many words with capitals.
    """
    taken = 0
    for start in whole_words(text, surface):
        given = GIVEN.search(text, max(taken, start - GIVEN_CHARACTERS), start)
        if given:
            taken = start + len(surface)
            yield FullName(given[1], given.start(), taken)


def whole_words(text: str, words: str) -> Iterator[int]:
    """Yield where words stand in a text that are no part of longer ones."""
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        if WORD_EDGE.match(text, start) and WORD_EDGE.match(text, end):
            yield start
            start = text.find(words, end)
        else:
            start = text.find(words, start + 1)


def is_led(passage: Passage, group: list[Mention]) -> bool:
    """Return whether a preposition of place stands before a mention of a name."""
    return any(map(passage.is_led, group))


def follows_given_name(gazetteer: Gazetteer, passage: Passage, group: list[Mention]) -> bool:
    """Return whether a given name, which is no place here, stands before a name once and the name alone elsewhere."""
    places = {mention.start for mention in passage.mentions if not mention.dropped}
    return any(
        name.given in gazetteer.people and name.given not in gazetteer.lists["titles"] and name.start not in places
        for name in full_names(passage.folded, group[0].name.surface)
    )


def precedes_surname(gazetteer: Gazetteer, passage: Passage, group: list[Mention]) -> bool:
    """Return whether one and the same word with a capital follows a name each time, and stands for the person elsewhere.

    After a name that people seldom bear the word must be a surname, or do something as he or she does.
    """
    surnames = {passage.words.after(mention.last) for mention in group} - {""}
    surname = surnames.pop() if surnames else ""
    if (
        surnames
        or len(surname) < SHORTEST_SURNAME
        or not surname.istitle()
        or surname in gazetteer.lists["place_words"]
        or next(whole_words(passage.folded, surname.lower()), None) is not None
    ):
        return False
    ends = [
        start + len(surname)
        for start in whole_words(passage.folded, surname)
        if passage.folded[max(0, start - WORD_CHARACTERS) : start].rstrip().rpartition(" ")[2] != group[0].name.surface
    ]
    if not ends:
        return False
    return (
        group[0].name.given
        or surname in gazetteer.surnames
        or any(DOES.match(passage.folded, end) and PERSON.search(sentence_after(passage.folded, end)) for end in ends)
    )


def precedes_case(gazetteer: Gazetteer, passage: Passage, group: list[Mention], language: str) -> bool:
    """Return whether one surname follows a given name each time, and stands alone elsewhere, perhaps in another case.

    Where the title and the text have both names, the surname need not stand alone, except in German, whose nouns have capitals.
    Not in English, where any noun of a headline has one: Milan Archbishop Opens Soup Kitchen.
    """
    name, words = group[0].name, passage.words
    surname, *others = {words.after(mention.last) for mention in group}
    if others or len(surname) <= SHORTEST_SURNAME or not surname.istitle() or surname in gazetteer.lists["place_words"]:
        return False
    given_too = name.surface in GIVEN_TOO
    if (given_too or name.given) and language != "de" and is_named_twice(passage, group):
        return True
    return given_too and stands_alone(words, surname, {mention.last + 1 for mention in group})


def is_named_twice(passage: Passage, group: list[Mention]) -> bool:
    """Return whether the title and the text have a name and the word behind it, and no third name follows: Milan Fashion Week."""
    ends = [passage.words.ends[mention.last + 1] for mention in group]
    both = len({mention.where for mention in group}) > 1
    return both and not any(THIRD_NAME.match(passage.folded, end) for end in ends)


def stands_alone(words: WordSpans, surname: str, known: set[int]) -> bool:
    """Return whether a surname, perhaps in another case, is among the words of an article other than those of `known` indexes."""
    return any(
        index not in known and words[index].startswith(surname[:-1]) and len(words[index]) <= len(surname) + CASE_ENDING
        for index in range(words.count)
    )


def precedes_word(group: list[Mention], passage: Passage) -> bool:
    """Return whether one word follows a given name in the title and in the text, in an alphabet without capitals.

    No preposition stands before the name anywhere. The word has no article, as an adjective has (ميلان الإيطالي), and does not
    begin as the verbs do whose subject is a city: باريس تدعم.
    """
    if group[0].name.surface not in GIVEN_TOO:
        return False
    words = passage.words
    if any(words.before(mention.first) in BEFORE_PLACE for mention in group):
        return False
    surnames = [
        {words.after(mention.last) for mention in group if mention.where == where} for where in ("title", "text")
    ]
    return any(
        len(surname) >= SHORTEST_SURNAME and not surname.startswith(NO_SURNAME) for surname in surnames[0] & surnames[1]
    )


def acts(passage: Passage, group: list[Mention]) -> bool:
    """Return whether a given name does something each time, as she or he does in the same sentence."""
    return (
        group[0].name.given
        and all(DOES.match(passage.folded, mention.end) for mention in group)
        and is_he_or_she(passage, group)
    )


def is_he_or_she(passage: Passage, group: list[Mention]) -> bool:
    """Return whether a pronoun of a person, and none of a country, stands behind a name in its sentences."""
    sentences = [sentence_after(passage.folded, mention.end) for mention in group]
    return any(map(PERSON.search, sentences)) and not any(map(STATE.search, sentences))


def sentence_after(text: str, start: int) -> str:
    """Return the rest of a sentence."""
    most = start + SENTENCE_CHARACTERS
    end = SENTENCE_END.search(text, start, most + 1)  # no further: a text may have no sentence and a thousand names
    return text[start : min(most, end.start() if end else len(text))]
