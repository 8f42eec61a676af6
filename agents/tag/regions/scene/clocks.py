"""Places by whose clock a time is told: a match in Doha at eight, Moscow time, is not in Russia.

News of events abroad tells its readers when to watch by the clock at home. Such a place counts for nothing where the article
names another country.
"""
# ruff: noqa: RUF001 - letters of many alphabets

import re

from agents.tag.regions.beside import by_language, drop_beside_others
from agents.tag.regions.mentions import Mention, Passage

#: Words for a clock right before a place, by language: hora de Madrid, بتوقيت القاهرة.
BEFORE = by_language(
    {
        "es": re.compile(r"\bhoras?(?: local)? (?:de |del |en )?(?:la |el )?\Z"),
        "pt": re.compile(r"\b(?:horas?|[Hh]orário)(?: local)? (?:de |do |da |em )?\Z"),
        "fr": re.compile(r"\bheures?(?: locale)? (?:de |à |d['\u2019])?(?:la )?\Z"),
        "it": re.compile(r"\b(?:ora|ore)(?: locale)? (?:di |a |d['\u2019])?\Z"),
        "ro": re.compile(r"\bor[ae] \Z"),
        "pl": re.compile(r"\bczasu(?: w)? \Z"),
        "ru": re.compile(r"\bпо(?: времени)? \Z"),
        "el": re.compile(r"\bώρα (?:της )?\Z"),
        "ar": re.compile(r"(?<!\w)بتوقيت (?:دولة |مدينة )?\Z"),
        "fa": re.compile(r"(?<!\w)به وقت \Z"),
        "he": re.compile(r"(?<!\w)[בל]?שעון \Z"),
        "vi": re.compile(r"\bgiờ(?: của)? \Z"),
        "id ms": re.compile(r"\bwaktu \Z"),
        "th": re.compile(r"(?:ตาม)?เวลา(?:ประเทศ)?\Z"),
    }
)
#: What has to follow where the word before could mean something else: по Москве is also through Moscow.
CLOSED = {"ru": re.compile(r" *[,.;)\n(]|\Z")}
#: Words for a clock right behind a place: London time, deutscher Zeit, 北京时间.
BEHIND = by_language(
    {
        "en": re.compile(r" (?:[Ss]tandard |[Ss]ummer |local )?(?:[Tt]ime)\b(?! ?(?:zone|limit|trial|warner|out))"),
        "de": re.compile(r" (?:Orts|Sommer|Winter)?[Zz]eit\b(?! (?:der|des|von)\b)"),
        "nl": re.compile(r" (?:zomer|winter)?tijd\b"),
        "sv nb da": re.compile(r" ti[de]d?\b(?! (?:sedan|siden))"),
        "pl": re.compile(r" czasu\b"),
        "cs sk": re.compile(r" času\b"),
        "ru": re.compile(r" времени\b"),
        "uk": re.compile(r" час(?:ом|у)\b"),
        "tr": re.compile(r" (?:saati(?:yle|ne göre)?|yerel saati)\b"),
        "fi": re.compile(r" aikaa\b"),
        "hu": re.compile(r" idő szerint\b"),
        "hi": re.compile(r"(?: मानक)? समय ?(?:अनुसार|के अनुसार|ानुसार)?"),
        "bn": re.compile(r" সম[\u09af\u09df]"),
        "zh": re.compile(r"(?:时间|時間)(?!管理|表)"),
        "ja": re.compile(r"時間(?!外)"),
        "ko": re.compile(r" ?시[간각](?=으로| |,|\)|\.)"),
    }
)
#: A time of day or a day of the week is told beside them, within so many characters.
TIME = re.compile(
    r"\d{1,2} ?[:.h\u6642\u65f6\u70b9\u9ede시] ?\d{0,2}|\b\d{1,2} ?(?:[ap]\.?m\b|uhr|uur|horas?|heures?|ore|kl\b|óra)|"
    r"\b(?:alle|ore|um|ab|las|às|à) \d{1,2}\b|午[前後]|未明|早朝|日夜|[一二三四五六七八九十]日|\d日|\bबजे|টা|"
    r"\b(?:noon|midnight|GMT|UTC|klokken|klo|kl\.|godz|h(?:oras)?)\b|[\u0660-\u0669\u06f0-\u06f9]",
    re.IGNORECASE,
)
AROUND, BEFORE_CHARACTERS = 40, 24
#: Languages whose words before and behind a place are said of nothing but a clock, whatever stands around.
SURE = frozenset(("ar", "zh", "ko", "fa", "he", "hu"))


def drop_clocks(passage: Passage, language: str) -> None:
    """Mark as dropped the places by whose clock a time is told, where another country is named."""
    if language in BEFORE or language in BEHIND:
        drop_beside_others(passage, lambda mention: is_clock(passage, mention, language))


def is_clock(passage: Passage, mention: Mention, language: str) -> bool:
    """Return whether a word for a clock stands beside a place, and a time around it unless the word is sure."""
    text, before, behind = passage.folded, BEFORE.get(language), BEHIND.get(language)
    if behind is None or not behind.match(text, mention.end):
        if before is None or not passage.before(mention, before, BEFORE_CHARACTERS):
            return False
        if language in CLOSED and not CLOSED[language].match(text, mention.end):
            return False
    return language in SURE or TIME.search(text[max(0, mention.start - AROUND) : mention.end + AROUND]) is not None
