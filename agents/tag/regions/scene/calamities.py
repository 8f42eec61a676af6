"""Calamities abroad that a correspondent reports from another country's city: an earthquake in Nepal, written in Delhi.

Everywhere else a dateline stands for its country (`agents.tag.regions.weights`). Hunger, disease, disasters and war are news of
where they strike, where the first sentence says so behind a preposition of place, and names nobody who acts for the dateline's
country: soldiers, ministers, courts, tourists.
"""

import re
from collections.abc import Iterable
from typing import Final

from agents.tag.regions.lexicon.gazetteer import COUNTRY, Gazetteer, Kind
from agents.tag.regions.mentions import Mention
from streams.text.word_lists import by_language, word_lists

LISTS: Final = word_lists(__package__, "calamities.toml")


def beginnings(entries: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """Return patterns of words by how they begin, by language; those with a full stop are whole words.

    German ones count as they are written, others in any case.
    """
    return {
        language: re.compile(
            rf"\b(?:{'|'.join(sorted(words))})".replace(".", r"\b"), 0 if language == "de" else re.IGNORECASE
        )
        for language, words in by_language(entries).items()
    }


CALAMITIES: Final = beginnings(LISTS["calamities"])
AT_HOME: Final = beginnings(LISTS["at_home"])
#: What stands right before the country, by language.
WITHIN: Final = {entry[:2]: re.compile(entry[3:]) for entry in LISTS["within"]}
#: So many characters after the dateline the country's name stands at most, and the sentence is read.
COUNTRY_CHARACTERS: Final = 200
SENTENCE_CHARACTERS: Final = 320
SENTENCE_END: Final = re.compile(r"[^\W\d_]{3}[.!?][\"”»]? (?=[^\W\d_a-z])|\n")


def strikes_abroad(gazetteer: Gazetteer, mentions: list[Mention], text: str, language: str) -> bool:
    """Return whether the first sentence behind a dateline tells of a calamity in the first country that it names."""
    if language not in WITHIN:
        return False
    datelines = [mention for mention in mentions if mention.dateline]
    first = next((mention for mention in mentions if mention.where == "text" and not mention.dateline), None)
    if not datelines or first is None:
        return False
    start = datelines[-1].end
    if first.kind != Kind.NAME or gazetteer.level[first.place] != COUNTRY or first.start > start + COUNTRY_CHARACTERS:
        return False
    end = SENTENCE_END.search(text, start, start + SENTENCE_CHARACTERS)
    stop = end.end() if end else start + SENTENCE_CHARACTERS
    return (
        first.start < stop
        and WITHIN[language].search(text[start : first.start]) is not None
        and CALAMITIES[language].search(text, start, stop) is not None
        and AT_HOME[language].search(text, start, stop) is None
    )
