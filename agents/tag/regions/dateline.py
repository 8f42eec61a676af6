# ruff: noqa: RUF001, RUF003 - dashes and brackets of several scripts
"""Datelines: the place before the dash or bracket that opens an agency's text, where its reporter stands.

A title may begin so too: `Lille : deux écoles fermées`, `Lugano, truffa a un'anziana`.
"""

import re

from agents.tag.regions.mentions import Passage

#: `BEIRUT (AP) -`, `NEW FAIRFIELD, Conn., March 18 -`, `(Reuters) - `, `Roma, 5 mar. -`, `北京（新华社）`.
DATELINE = re.compile(
    r"""\s*
    (?:\([A-Z][\w/\ ]{1,20}\)\s*[-–—]\s*)?          # an agency first
    [^\W\d_][^\n(（]{1,60}?                          # the place, perhaps its state, perhaps the day
    (?:\s*\((?!\d+\))[^)\n]{2,40}\)\s*[-–—:\ufffd]?           # the agency after it, in brackets
      |\s*（[^）\n]{2,12}）
      |\s+[-–—\ufffd]{1,2}\s|[-–—]{2}|\s?[–—]\s?)    # or a dash
    """,
    re.VERBOSE,
)
#: A place that begins later than this many characters into the text is part of its first sentence.
FURTHEST = 30
#: What stands behind a place that a title begins with, as a scene and not in a list.
BEHIND_HEAD = re.compile(r"\s?[:：]\s|,\s(?=[^\W\d_])(?![A-ZÀ-ÖØ-ÞŁŚŻŠŽČА-ЯЁΑ-Ω])")
SMALL_WORD = re.compile(r"\b[a-zà-ÿа-яё]{3,}\b")


def mark_dateline(passage: Passage) -> None:
    """Mark the mentions in the dateline of a passage's text, if it has one."""
    offset = passage.offset
    mentions = [mention for mention in passage.mentions if offset <= mention.start]
    if not mentions or mentions[0].start > offset + FURTHEST:
        return
    match = DATELINE.match(passage.folded, offset, offset + 120)
    # a sentence that happens to hold a dash has words in small letters before it; a dateline at most a month
    if match is None or len(SMALL_WORD.findall(match[0].split("(")[0])) > 1:
        return
    for mention in mentions:
        if mention.start >= match.end():
            break
        mention.dateline = True


def mark_heads(passage: Passage) -> None:
    """Mark the mention that a passage's title begins with, before a colon, or a comma and a word in small letters."""
    for mention in passage.mentions:
        if mention.start == 0 and mention.end < passage.offset:
            mention.heads = BEHIND_HEAD.match(passage.folded, mention.end, passage.offset) is not None
