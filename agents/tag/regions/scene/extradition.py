# ruff: noqa: RUF001 - letters of many alphabets
"""Extraditions: where somebody was arrested or stands before a court, before the countries that want him.

A court in Lisbon that lets an Angolan be sent to Luanda is news of Portugal. The other countries count as nationalities do
(`nationality.py`), for the order of countries alone, where the article speaks of an extradition and one sentence has the court or
the arrest and its place.
"""

import re
from typing import NamedTuple

from agents.tag.regions.beside import by_language
from agents.tag.regions.lexicon.gazetteer import COUNTRY, DEMONYMS
from agents.tag.regions.mentions import Mention, Passage
from agents.tag.regions.scene.venues import VENUES, Venue, is_here, sentence_around


class Extradition(NamedTuple):
    """Parts of the words for an extradition in one language, and words for a court or an arrest."""

    parts: tuple[str, ...]
    custody: re.Pattern[str]


def words(parts: str, custody: str) -> Extradition:
    """Compile the words of one language."""
    return Extradition(tuple(parts.split("|")), re.compile(custody))


WORDS = by_language(
    {
        "en": words("xtradit", r"\b(?:[Cc]ourts?|[Jj]udges?|[Jj]ury|magistrates?|arrested|detained|held)\b"),
        "de": words("usliefer|usgeliefer", r"gericht\w*\b|\bRichter\w*|\bfest(?:genommen|gesetzt)|\bverhaftet|\bFestnahme"),
        "nl": words("itlever|uitgeleverd", r"\b(?:recht(?:er|bank)\w*|gerechtshof|aangehouden|opgepakt|gearresteerd)\b"),
        "fr": words("xtrad", r"\b(?:cour|tribunal|juges?|arrêté\w*|interpellé\w*|détenu\w*)\b"),
        "es": words("xtradi", r"\b(?:[Tt]ribunal|[Cc]orte|[Jj]uzgado|[Jj]ue(?:z|za|ces)|[Aa]udiencia|det[ue]\w+|arrest\w+)\b"),
        "pt": words("xtradi", r"\b(?:[Tt]ribunal|[Rr]elação|[Jj]u[ií]z\w*|det[eé]\w+|detid[oa]s?|pres[oa]s?|prend\w+)\b"),
        "it": words("stradi", r"\b(?:[Cc]orte|[Tt]ribunale|[Gg]iudic\w+|arrest\w+|fermat\w+)\b"),
        "pl": words("kstrady|wydani", r"\b(?:[Ss]ąd\w*|zatrzym\w+|areszt\w+)\b"),
        "ru": words("кстради|ыдач|ыдать", r"\b(?:[Сс]уд\w*|задерж\w+|арест\w+)\b"),
        "uk": words("кстради|идач|идати", r"\b(?:[Сс]уд\w*|затрим\w+|арешт\w+)\b"),
        "cs sk": words("xtradi|ydání|ydani", r"\b(?:[Ss]oud\w*|[Ss]úd\w*|zadrž\w+|zatk\w+|zatčen\w*)\b"),
        "hr sr sl": words("zruč|зруч", r"\b(?:[Ss]ud\w*|[Ss]odišč\w*|uhi\w+|uhapš\w+|prije\w+|[Сс]уд\w*|ухапш\w+)\b"),
        "bg": words("кстрадиц|кстрадир", r"\b(?:[Сс]ъд\w*|задърж\w+|арест\w+)\b"),
        "ro": words("xtrăd|xtrad", r"\b(?:[Tt]ribunal\w*|[Cc]urte\w*|judecăt\w+|arestat\w*|reținut\w*)\b"),
        "sv da nb": words(
            "tlämn|dlever|tlever", r"\b(?:\w*domstol\w*|\w*ret|tingrett\w*|tingsrätt\w*|(?:på)?grep\w*|anholdt|arrest\w+)\b"
        ),
        "fi": words("uovut", r"\b(?:\w*oikeu\w+|tuomioistui\w+|pidät\w+)\b"),
        "hu": words("iadatás|iadását", r"\b(?:[Bb]íróság\w*|letartóztat\w*|őrizet\w*|elfog\w*)\b"),
        "el": words("κδοσ|κδοθ", r"(?<!\w)(?:[Δδ]ικαστήρι\w+|[Εε]φετεί\w+|συνελήφθ\w+|σύλληψ\w+)"),
        "tr": words("iade", r"(?:[Mm]ahkeme\w*|gözalt\w+|tutukla\w+|yakala\w+)"),
        "ar": words("تسليم|بتسليم", "محكمة|المحكمة|قاض|القاضي|اعتقل|أوقف|توقيف|القبض"),
        "fa": words("استرداد", "دادگاه|بازداشت|دستگیر"),
        "id ms": words("kstradisi", r"\b(?:[Pp]engadilan|[Mm]ahkamah|[Hh]akim|ditangkap|ditahan|menangkap)\b"),
        "vi": words("dẫn độ", "[Tt]òa|bắt|thẩm phán"),
        "hi": words("प्रत्यर्पण", "अदालत|कोर्ट|गिरफ्तार|न्यायाधीश"),
        "bn": words("প্রত্যর্পণ", "আদালত|গ্রেপ্তার|বিচারক"),
        "zh": words("引渡|遣返", "法院|法庭|法官|逮捕|拘捕|被捕|抓获"),
        "ja": words("引き渡|送還", "裁判|地裁|高裁|逮捕|拘束"),
        "ko": words("송환|인도", "법원|재판|체포|붙잡|검거|구금"),
    }
)  # fmt: skip

#: An extradition is spoken of in so many characters of a text.
LEAD_CHARACTERS = 1000
#: A court that is called after its city: Tribunal da Relação de Lisboa, a Valletta court; the former within so many characters.
OF_CITY, OF_CITY_CHARACTERS = re.compile(r"\b(?:of|de|da|do|di|d['’])(?: la)? ?\Z"), 40
CITY_COURT = re.compile(r" (?:court|judge|magistrate|jury)\b")


def mark_extradition(passage: Passage, language: str) -> None:
    """Mark the countries that want somebody who is before a court elsewhere."""
    words, here = WORDS.get(language), VENUES.get(language)
    if words is None or here is None:
        return
    end = passage.offset + LEAD_CHARACTERS
    if not any(passage.folded.find(part, 0, end) >= 0 for part in words.parts):
        return
    holder = next((mention for mention in passage.mentions if holds(passage, mention, words, here)), None)
    if holder is None:
        return
    country = holder.name.first.country
    for mention in passage.mentions:
        mention.nationality |= mention.name.first.country != country


def holds(passage: Passage, mention: Mention, words: Extradition, here: Venue) -> bool:
    """Return whether a court or an arrest stands in the sentence of a place, in which it is."""
    text, name = passage.folded, mention.name
    if mention.dropped or mention.nationality or name.first.kind in DEMONYMS:
        return False
    if is_here(passage, mention, here):
        start, end = sentence_around(text, mention)
        return words.custody.search(text, start, end) is not None
    if name.level == COUNTRY:
        return False
    if CITY_COURT.match(text, mention.end):
        return True
    near = max(0, mention.start - OF_CITY_CHARACTERS)
    return (
        OF_CITY.search(text, near, mention.start) is not None
        and words.custody.search(text, near, mention.start) is not None
    )
