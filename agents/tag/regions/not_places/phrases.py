"""Names that the words beside them show to mean no place: a language, a double surname, a saint's church, a hotel, a ship.

For English texts; the other languages write their languages and adjectives in small letters or with other words around.
"""

import re

from agents.tag.regions.lexicon.gazetteer import CITY, COUNTRY, DEMONYMS, Gazetteer, Kind
from agents.tag.regions.mentions import Mention, Passage

#: Adjectives that are also names of languages.
LANGUAGES = frozenset(
    (
        *(
            "English",
            "French",
            "Spanish",
            "German",
            "Italian",
            "Portuguese",
            "Russian",
            "Chinese",
            "Japanese",
            "Korean",
        ),
        *("Dutch", "Danish", "Swedish", "Norwegian", "Finnish", "Icelandic", "Polish", "Czech", "Slovak", "Hungarian"),
        *("Romanian", "Bulgarian", "Serbian", "Croatian", "Slovenian", "Ukrainian", "Greek", "Turkish", "Persian"),
        *("Vietnamese", "Thai", "Malay", "Indonesian", "Welsh", "Irish", "Nepali", "Mongolian", "Somali", "Albanian"),
    )
)
#: Words before a language, words that may follow one where it stands alone, and nouns that make it a language.
BEFORE_LANGUAGE = re.compile(
    r"\b(?:in|into|speaks?|spoke|spoken|speaking|learn(?:s|ed|ing)?|study(?:ing)?|studie[sd]|teach(?:es|ing)?|taught|"
    r"fluent|understands?|broken|basic|fluently|(?:maths?|mathematics|science|history|reading),? and|"
    r"(?:learn(?:s|ed|ing)?|study(?:ing)?|teach(?:es|ing)?|taught|speaks?|spoke) [A-Z][a-z]+ (?:and|or)) $"
)
AFTER_LANGUAGE = re.compile(
    r"\s*(?:[.,;:!?)\"'”\n-]|$)|"
    r" (?:and|or|as|at|to|for|where|when|but|after|on|in|from|with|by|well|may|can|is|are|was|were|will)\b"
)
LANGUAGE_NOUNS = re.compile(
    r"[ -](?:languages?|speak(?:ing|ers?)|lessons?|class(?:es)?|subtitles?|translations?|translators?|teachers?|dictionar\w+|"
    r"proficiency|grammar)\b"
)
#: Between two languages: "in English and Spanish".
JOINED = re.compile(r"^(?:,? (?:and|or) |, )$")
#: Broadcasters that are named as a source: what somebody said to one is no news about its country.
BROADCASTERS = frozenset(("BBC", "ITV", "Channel 4"))
TOLD = re.compile(r"\b(?:told|tells|to|with|by|from) (?:the )?$")
REPORTS = re.compile(
    r"(?:'s)? (?:[Nn]ews|[Rr]adio|World Service|reports?|reported|correspondent|journalist|said|says)\b"
)
#: What is called after a saint, and after a people or an order of monks.
OF_SAINTS = re.compile(
    r"(?:'s)?(?: [A-Z][\w-]+)? (?:Basilica|Cathedral|Church|Hospital|Medical|School|Catholic|Parish|Square)\b"
)
ORDERS = re.compile(r" (?:Hospital|[Oo]rder|[Ff]riars?|[Mm]onks?|[Nn]uns?|[Ss]isters|[Pp]riests?|University)\b")
SAINT = re.compile(r"^(?:St\.?|Saint) ")
CULTURE = re.compile(r" (?:[Cc]ulture|[Tt]ribe|[Cc]ivili[sz]ation)\b")
#: Words beside which Java is a language that programs are written in.
PROGRAMMING = re.compile(
    r"\b(?:programming|programmers?|compilers?|software|developers?|source code|JavaScript|Python)\b"
)
HOTELS = frozenset(("Hotel", "Hôtel", "Café"))
#: Of the Americas, not of India: beside words of tribes, and in papers of the United States where India is not named.
INDIANS = frozenset(("Indian", "Indians"))
TRIBES = re.compile(r"\b(?:[Tt]rib(?:e|es|al)|Native Americans?|[Rr]eservations?|Indigenous|indigenous)\b")
#: A ship before its name: the tanker Singapore Spirit, HMS Richmond.
SHIP = re.compile(
    r"\b(?:(?:[Tt]ankers?|[Cc]argo ships?|[Cc]ontainer ships?|[Cc]ruise (?:ships?|liners?)|[Bb]ulk carriers?|[Ff]reighters?|"
    r"[Tt]rawlers?|[Ff]rigates?|[Dd]estroyers?|[Ss]ubmarines?|[Ww]arships?|[Aa]ircraft carriers?|[Yy]achts?)(?: named| called)?|"
    r"M/?[VTS]|USS|HM[CA]?S|RMS)\s[\"'“]?$"
)
SHIP_CHARACTERS = 30
#: Before a name that is that of a place with more words: Monte San Savino is not Savino, Los Feliz not Feliz.
SAINTS = frozenset(("Los", "Las", "San", "Santa", "Santo", "Sant", "S\u00e3o", "Saint", "Sainte", "Sankt"))
#: Behind a town's name in Romance languages, where another goes on: V\u00e9lez de Benaudalla is not V\u00e9lez. Larger towns go
#: by their names alone, and what follows is whose they are.
LONGER = re.compile(r" d[ei] ([A-Z\u00c0-\u00dd][a-z\u00df-\u00ff]{3,})")
LARGEST_PART = 100_000
#: A street before another that it meets, or a second one of two.
CROSSING = re.compile(r"\b(?:\d+(?:st|nd|rd|th)|Street|Avenue|Road|Boulevard|St\.|Ave\.|Rd\.|Blvd\.) (?:and|&|at) $")
STREETS = re.compile(r" (?:and|&) [A-Z][\w.-]+ (?:streets|avenues|roads|Streets|Avenues|Roads)\b")
LONG_STREET = re.compile(r" ([A-Z][a-z]+) (?:Parkway|Road|Street|Avenue|Drive|Boulevard|Lane)\b")
#: Parts of a town that a street may be called after with it.
PARTS = frozenset(
    ("Center", "Centre", "City", "Station", "North", "South", "East", "West", "High", "Town", "Park", "Main")
)
CROSSING_CHARACTERS = 16
#: Behind a city's name that nothing belongs to, and the few cities that have an article.
ALONE = re.compile(
    r"[.,;:!?)\"\u201d]|$| (?:was|is|has|had|will|by|in|on|to|for|with|from|of|at|as|which|who|that|when)\b"
)
WITH_ARTICLE = frozenset(
    ("Hague", "Bronx", "Vatican", "Woodlands", "Villages", "Dalles", "Entrance", "Gap", "Pas", "Nation")
)
#: A house with a city's name, and a preposition before it without an article.
VENUE = re.compile(
    r" (?:[Hh]ospital|[Hh]otel|[Cc]inema|[Rr]estaurant|[Mm]osque|[Mm]arket|[Cc]linic|[Cc]afe|[Cc]afé|[Mm]all)\b"
)
TO_VENUE = re.compile(r"\b(?:at|to|in|from|near|outside|of) $")


def drop_phrases(gazetteer: Gazetteer, passage: Passage, home: int) -> None:
    """Mark as dropped the mentions of an English text that mean no place there; `home`: the publisher's country, or -1."""
    mentions = [mention for mention in passage.mentions if not mention.dropped]
    drop_languages(passage, mentions)
    drop_indians(gazetteer, passage, mentions, home)
    called = {mention.name.surface for mention in mentions if is_culture(passage, mention)}
    ships = {ship_of(passage, mention) for mention in mentions if is_ship(passage, mention)}
    for mention in mentions:
        mention.dropped |= (
            mention.name.surface in called
            or ship_of(passage, mention) in ships
            or is_thing(gazetteer, passage, mention)
        )


def drop_parts(passage: Passage) -> None:
    """Mark the towns that are part of a longer name, in any language: behind a saint's title, before "de" and another name."""
    begun = {mention.start for mention in passage.mentions}
    for mention in passage.mentions:
        name = mention.name
        if mention.first > 0 and name.level == CITY and name.first.kind == Kind.NAME and mention.parent < 0:
            led = passage.folded[mention.start - 1] == " " and passage.words[mention.first - 1] in SAINTS
            longer = LONGER.match(passage.folded, mention.end) if name.population < LARGEST_PART else None
            mention.dropped |= led or (longer is not None and longer.start(1) not in begun)


def drop_languages(passage: Passage, mentions: list[Mention]) -> None:
    """Mark languages: after a word of speech, before a noun of it, or joined to another one."""
    text, last = passage.folded, None
    for mention in mentions:
        if mention.name.surface not in LANGUAGES or mention.name.first.kind not in DEMONYMS:
            continue
        joined = last is not None and JOINED.match(text[last.end : mention.start])
        alone = AFTER_LANGUAGE.match(text, mention.end)
        before = passage.before(mention, BEFORE_LANGUAGE, 28)
        if (alone and (joined or before)) or LANGUAGE_NOUNS.match(text, mention.end):
            mention.dropped, last = True, mention


def drop_indians(gazetteer: Gazetteer, passage: Passage, mentions: list[Mention], home: int) -> None:
    """Mark the Indians of America, where nothing else names India."""
    india = gazetteer.countries["IN"]
    ours = [mention for mention in mentions if any(sense.country == india for sense in mention.name.senses)]
    if not ours or any(mention.name.surface not in INDIANS for mention in ours):
        return
    if home == gazetteer.countries["US"] or TRIBES.search(passage.folded):
        for mention in ours:
            mention.dropped = True


def is_culture(passage: Passage, mention: Mention) -> bool:
    """Return whether a town's name is that of a people of old: the Adena culture."""
    return mention.name.level == CITY and CULTURE.match(passage.folded, mention.end) is not None


def is_ship(passage: Passage, mention: Mention) -> bool:
    """Return whether a kind of ship stands before a place's name."""
    if mention.name.first.kind in DEMONYMS or mention.first < 0:
        return False
    return passage.before(mention, SHIP, SHIP_CHARACTERS) is not None


def ship_of(passage: Passage, mention: Mention) -> str:
    """Return a ship's whole name: the name, and the word after it if that has a capital."""
    after = passage.words.after(mention.last) if mention.first >= 0 else ""
    return f"{mention.name.surface} {after if after.istitle() else ''}"


def is_thing(gazetteer: Gazetteer, passage: Passage, mention: Mention) -> bool:
    """Return whether the words beside a mention make it a surname, a hotel, a church, an order or a source."""
    text, surface = passage.folded, mention.name.surface
    if surface in BROADCASTERS:
        told = passage.before(mention, TOLD, 10)
        return told is not None or REPORTS.match(text, mention.end) is not None
    if surface == "Java":
        return PROGRAMMING.search(text) is not None
    if surface == "Dominican":
        return ORDERS.match(text, mention.end) is not None
    if mention.name.level == COUNTRY or mention.first < 0 or mention.parent >= 0:
        return False
    if is_street(passage, mention) or has_article(gazetteer, text, mention) or is_venue(gazetteer, passage, mention):
        return True
    if SAINT.match(surface) and OF_SAINTS.match(text, mention.end):
        return True
    words = passage.words
    before = words[mention.first - 1] if mention.first and text[mention.start - 1] == " " else ""
    return before in HOTELS or is_double_surname(gazetteer, passage, mention)


def has_article(gazetteer: Gazetteer, text: str, mention: Mention) -> bool:
    """Return whether an article stands before a city's name that no noun follows: the flight of the Phoenix."""
    name = mention.name
    if gazetteer.level[name.first.place] != CITY or name.surface in WITH_ARTICLE or mention.first != mention.last:
        return False
    article = text[max(0, mention.start - 4) : mention.start] == "the "
    return article and ALONE.match(text, mention.end) is not None


def is_venue(gazetteer: Gazetteer, passage: Passage, mention: Mention) -> bool:
    """Return whether a house is called after a city abroad: Medina hospital in Mogadishu, which no article leads.

    Nothing else in the article names the city's countries, and the sentence names a place of another one.
    """
    text = passage.folded
    if mention.where == "title" or not VENUE.match(text, mention.end) or not passage.before(mention, TO_VENUE, 9):
        return False
    others = [other for other in passage.mentions if other is not mention and not other.dropped]
    if any(other.name.first.country == mention.name.first.country for other in others):
        return False
    return any(
        other.name.first.kind == Kind.NAME
        and (other.name.level == COUNTRY or other.name.first.place in gazetteer.capitals)
        for other in others
    )


def is_street(passage: Passage, mention: Mention) -> bool:
    """Return whether a town's name is that of a street, or of one that meets another: Main Street and Adelaide."""
    text = passage.folded
    street = LONG_STREET.match(text, mention.end) if mention.name.level != COUNTRY else None
    if street and street[1] not in PARTS:
        return True
    crossing = passage.before(mention, CROSSING, CROSSING_CHARACTERS)
    return crossing is not None or STREETS.match(text, mention.end) is not None


def is_double_surname(gazetteer: Gazetteer, passage: Passage, mention: Mention) -> bool:
    """Return whether a hyphen ties a town's name to a surname, and no name of a place: Melbourne-Blake."""
    words, text = passage.words, passage.folded
    if text[mention.end : mention.end + 1] != "-" or mention.last + 1 >= words.count:
        return False
    after = words[mention.last + 1]
    named = any(other.start == mention.end + 1 for other in passage.mentions)
    return after in gazetteer.surnames and not named
