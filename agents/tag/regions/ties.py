"""Ties between a place and the division or country named after it: Athens, Ga.; Paris, Texas; Baden (Switzerland)."""

import re
from bisect import bisect_left
from typing import Literal

from agents.tag.regions.lexicon.gazetteer import ADMIN1, CITY, Kind
from agents.tag.regions.lexicon.names import Namer, Sense
from agents.tag.regions.mentions import Mention, Passage

#: Between a place and the division or country around it, and its first characters.
TIES = frozenset((", ", " (", ",", " "))
SIGNS = frozenset((" ", ","))
#: Kinds of names that a place may be tied to.
NAMES = frozenset((Kind.NAME, Kind.UNSURE_NAME))
NAMES_AND_DISTRICTS = NAMES | {Kind.DISTRICT}
#: First letters of the codes of states and provinces whose names follow a place's after a comma.
STATES = ("US-", "CA-")
#: Punctuation after the phrase of a town and its state; none at the end of the text.
CLOSING = frozenset(("", ".", ";", ":", "?", "!", ")", "\n"))
#: A state as newspapers of the United States abbreviate it behind a town; without those that are words (Miss., Del., Me.).
STATE_AFTER_TOWN = re.compile(
    r", (Ala|Ariz|Ark|Calif|Colo|Conn|Fla|Ga|Ill|Ind|Kan|Ky|Mass|Md|Mich|Minn|Mo|Mont|Neb|Nev|N\.[CDHJMY]|"
    r"Okla|Ore|Pa|R\.I|S\.[CD]|Tenn|Tex|Va|Vt|Wash|W\.Va|Wis|Wyo|"
    r"ALA|ARK|FLA|GA|ILL|IND|KAN|KY|MD|MO|NEB|NEV|ORE|PA|TEX|VA|VT|WIS|WYO)\."
)
#: The town before it, at the end of so many characters: a text of nothing but A-A-A is not read from each letter.
TOWN, TOWN_CHARACTERS = re.compile(r"\b[A-Z][\w'-]{1,40}\Z"), 41
#: A legislator of the United States with party and district: Smith, R-Elbow Lake; (D-Ohio).
LEGISLATOR = re.compile(r"[,(] ?([RD]-[A-Z][\w.]{1,40})")
#: Between a part of a city and the city: Victoria, central London.
WITHIN = re.compile(r", (?:central|inner|downtown|(?:north|south)[- ]?(?:east|west)?|east|west)(?:ern)? (?=[A-Z])")
#: `Mention.parent` of a division or country that is tied to the place before it.
TIED = -2


def add_states(namer: Namer, passage: Passage) -> None:
    """Add the states that stand abbreviated after towns too small for the gazetteer (Killington, Vt.), and legislators."""
    gazetteer, words = namer.gazetteer, passage.words
    text = passage.folded
    found = [
        state
        for state in STATE_AFTER_TOWN.finditer(text)
        if TOWN.search(text, max(0, state.start() - TOWN_CHARACTERS), state.start())
    ]
    legislator = LEGISLATOR.search(text) if "D-" in text or "R-" in text else None
    if not found and not legislator:
        return
    covered = {index for mention in passage.mentions for index in range(mention.first, mention.last + 1)}
    for match in (*found, *filter(None, [legislator])):
        index = bisect_left(words.starts, match.start(1))
        sense = (
            gazetteer.countries["US"] << 3 | Kind.CUE
            if match is legislator
            else gazetteer.after_comma.get(state_of(match[1]))
        )
        if sense is None or index in covered or (match is not legislator and index - 1 in covered):
            continue
        where: Literal["title", "text"] = "text" if match.start(1) >= passage.offset else "title"
        last = bisect_left(words.starts, match.end(1)) - 1
        name = namer.name(match[1], [sense])
        passage.mentions.append(Mention(where, match.start(1), match.end(1), index, last, name))
    passage.mentions.sort(key=lambda mention: mention.start)


def state_of(abbreviation: str) -> str:
    """Return a state's abbreviation in small letters but the first, unless its stops part initials: IND is Ind, N.J is N.J."""
    return abbreviation if "." in abbreviation else abbreviation.title()


def attach_parents(namer: Namer, passage: Passage) -> None:
    """Note for each mention the division or country that a comma ties to it.

    A name that a comma ties to an American state without a known place of that name (Cuba, New York, is too small) means
    a place in that state, and counts for it.
    """
    following = {mention.first: mention for mention in passage.mentions}
    for mention in passage.mentions:
        if WITHIN.match(passage.folded, mention.end) and within_city(mention, following):
            continue
        own = following.get(mention.last + 1)
        gap = gap_after(mention, passage, named=own is not None)
        if gap is None:
            continue
        if own is not None and tie_to_name(namer, passage, mention, own, gap, following):
            continue
        if gap != " ":
            tie_to_abbreviation(namer, passage, mention)


def within_city(mention: Mention, following: dict[int, Mention]) -> bool:
    """Tie a name to the city that it is a part of: Victoria, central London. Drop it where no place of that name is there."""
    if mention.first < 0:
        return False
    around = following.get(mention.last + 3) or following.get(mention.last + 2)
    if around is None or around.name.first.place == around.name.first.country:
        return False
    country = around.name.first.country
    if holds_any(mention, country):
        mention.parent = country
    elif mention.name.level >= ADMIN1:
        mention.dropped = True
    return True


def gap_after(mention: Mention, passage: Passage, *, named: bool) -> str | None:
    """Return the characters up to the next word where they may tie the mention to it; `named`: that word is a name."""
    words, end = passage.words, mention.end
    after = mention.last + 1
    sign = words.text[end : end + 1]
    if sign not in SIGNS or after >= words.count or mention.parent == TIED or mention.first < 0:
        return None
    if not named and sign == " " and words.text[end + 1] != "(":
        return None
    gap = words.text[end : words.starts[after]]
    return gap if gap in TIES else None


def tie_to_name(
    namer: Namer, passage: Passage, mention: Mention, own: Mention, gap: str, following: dict[int, Mention]
) -> bool:
    """Tie a mention to the name after it; tell whether nothing else is to be tried."""
    gazetteer = namer.gazetteer
    kinds = NAMES if gap == " " else NAMES_AND_DISTRICTS
    parents = [sense.place for sense in own.name.senses if sense.kind in kinds]
    for parent in parents:
        if gazetteer.level[parent] != CITY and holds_any(mention, parent):
            mention.parent = parent
            own.parent, own.place, own.sure = TIED, parent, 1.0
            return True
    states = [parent for parent in parents if gazetteer.level[parent] == ADMIN1]
    state = next((parent for parent in states if gazetteer.code[parent].startswith(STATES)), None)
    if state is None or gap != ", " or not is_closed(passage, own, following):
        return False
    mean_town_in(namer, passage, mention, state << 3)
    return True


def mean_town_in(namer: Namer, passage: Passage, mention: Mention, state: int) -> None:
    """Let a name mean an unknown town in a state, by its sense, everywhere: the same name in an article is the same place."""
    name = namer.name(mention.name.surface, [state])
    for other in passage.mentions:
        if other.name.surface == mention.name.surface and other.parent == -1:
            other.name = name


def is_closed(passage: Passage, state: Mention, following: dict[int, Mention]) -> bool:
    """Return whether a state's name ends its phrase: before punctuation or at the end, and not in a list of places."""
    words = passage.words
    sign = words.text[state.end : state.end + 1]
    if sign not in (",", " ") or state.last + 1 >= words.count:
        return sign in CLOSING
    after, next_word = following.get(state.last + 1), words[state.last + 1]
    if sign == " ":  # a Bradford, Ontario court
        return after is None and next_word.islower() and next_word not in ("and", "or", "to")
    country = {sense.country for sense in state.name.senses}
    if after is not None:  # Stroud, Ontario, Canada
        return any(sense.place == sense.country and sense.country in country for sense in after.name.senses)
    return next_word not in ("and", "or")


def tie_to_abbreviation(namer: Namer, passage: Passage, mention: Mention) -> None:
    """Tie a mention to an abbreviation of a division or country after it, of two words or one: N.Y., Ga."""
    gazetteer, words = namer.gazetteer, passage.words
    after = mention.last + 1
    for last in (after + 1, after):
        if last >= words.count:
            continue
        abbreviation = gazetteer.after_comma.get(words.text[words.starts[after] : words.ends[last]])
        if abbreviation is None:
            continue
        if holds_any(mention, abbreviation >> 3):
            mention.parent, mention.end = abbreviation >> 3, words.ends[last]
            return
        state = gazetteer.code[abbreviation >> 3].startswith(STATES)
        if state and words.text[words.ends[last] : words.ends[last] + 2].startswith((".", " (")):
            mean_town_in(namer, passage, mention, abbreviation)
            mention.end = words.ends[last]
            return


def holds_any(mention: Mention, parent: int) -> bool:
    """Return whether a division or country holds one of the places that a mention may name."""
    return any(inside(sense, parent) for sense in mention.name.senses)


def inside(sense: Sense, parent: int) -> bool:
    """Return whether a place lies in a division or a country (and is not the same)."""
    return sense.place != parent and parent in (sense.division, sense.country)
