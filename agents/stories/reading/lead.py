"""The lead of an article: its first sentence, as stories and digests show it."""

import re

from streams.text.word_lists import word_lists

LEAD_CHARACTERS = 240

#: Place, state, day and agency before a report: `GARY, Ind., Oct. 5 (Wire) —`, `(Wire) -`.
DATELINE = re.compile(
    r"\A(?:[A-Z\u00c0-\u00dd][A-Z\u00c0-\u00dd .'-]{2,30}(?:,? [A-Z\u00c0-\u00dd][\w.]{1,12},?|,? \d{1,2},?){0,4}"
    r"\s*(?:\([^()\n]{2,30}\))?|\([^()\n]{2,30}\))\s*[\u2014\u2013-]{1,2}\s+"
)
#: The place of a picture in its row.
COUNTER = re.compile(r"\A\d{1,3} ?(?:of|/) ?\d{1,3}\.\s+")
SENTENCE_END = re.compile(
    r"[.!?][\"'\u201d\u2019)]*(?=\s)|[\u3002\uff01\uff1f\u0964][\"'\u201d\u2019)\u300d\u300f\uff09]*"
)
LAST_WORD = re.compile(r"(\w+)\.[\"'\u201d\u2019)]*\Z")
ABBREVIATIONS = frozenset(word_lists(__package__)["abbreviations"])
#: Before a note on an earlier version, which repeats what was wrong: in brackets or alone, up to a colon.
NOTE = re.compile(
    rf"(?i)[\[(*_\u3010\uff08]{{0,3}}(?:{'|'.join(map(re.escape, word_lists(__package__)['corrections']))})"
    r"[*_]{0,3}\s?[:\uff1a\u3011\uff09]"
)
#: Characters of a text in which what stands behind a note is looked for.
NOTE_CHARACTERS = 8 * LEAD_CHARACTERS


def first_sentence(text: str) -> str:
    """Return the first sentence of a body without its dateline, cut at a blank where it is long.

    A note on what an earlier version had wrong is none, where anything else stands there.
    """
    return sentence(text) if (note := NOTE.match(text := text.strip())) is None else behind_note(text, note.end())


def behind_note(text: str, begins: int) -> str:
    """Return the first sentence behind a note on an earlier version: of the next line, or of the note's own."""
    line, _, rest = text[:NOTE_CHARACTERS].partition("\n")
    if any(map(str.isalpha, rest)):
        return sentence(rest)
    ends = (match.end() for match in SENTENCE_END.finditer(line, begins) if is_end(line, match.end()))
    return sentence(line[next(ends, len(line)) :]) or sentence(line)


def sentence(text: str) -> str:
    """Return the first sentence of a text."""
    lines = [
        lead
        for line in text[: 3 * LEAD_CHARACTERS].strip().splitlines()
        if any(map(str.isalpha, lead := DATELINE.sub("", COUNTER.sub("", f"{line.strip()} "))))
    ]
    # A line without a stop above the first one with it is a caption or a date; in Thai no line has one.
    lead = next(filter(SENTENCE_END.search, lines), lines[0] if lines else "")
    ends = (match.end() for match in SENTENCE_END.finditer(lead))
    return shortened(lead[: next((end for end in ends if is_end(lead, end)), None)], LEAD_CHARACTERS)


def is_end(text: str, end: int) -> bool:
    """Return whether a sentence ends where a stop does: not behind an abbreviation, an initial or a German ordinal."""
    if text[end:].lstrip()[:1].islower():
        return False
    word = LAST_WORD.search(text, max(0, end - 40), end)
    if word is None:
        return True
    if word[1].isdecimal():
        return len(word[1]) > len("31")
    short = len(word[1]) == 1 or (len(word[1]) == len("St") and word[1][0].isupper())
    return not short and word[1] not in ABBREVIATIONS


def shortened(text: str, most: int) -> str:
    """Return a text in one line of at most `most` characters, cut between words."""
    line = " ".join(text[: 4 * most].split())
    if len(line) <= most:
        return line
    cut = line.rfind(" ", most // 2, most)
    return f"{line[: cut if cut > 0 else most - 1]}\u2026"
