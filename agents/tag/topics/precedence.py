"""Which of an English article's likely topics is its main one: what happened, and not the field in which it happened.

The table tells which topics an article has far better than which of them is the first: a trial of a surgeon has words of
hospitals in each sentence. So the order follows the labelling rules of the project's gold (tests/quality/gold/RULES.md).
"""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from agents.tag.topics.linear import Floats
from agents.tag.topics.stems import Hit, top_of

#: What happens somewhere, and the topics of the fields in which it does. The arts are none of them: what has words of both is a
#: film or a novel about a crime as often as a crime of an artist, and desks call either arts.
FIELDS: Final = (5, 6, 7, 10, 12, 13, 14, 15)
#: Topics, by their numbers, that come before others where both are likely: crime, disasters, conflict, human interest, education.
BEFORE: Final[dict[int, tuple[int, ...]]] = {
    2: FIELDS,
    3: FIELDS,
    16: FIELDS,
    8: (5, 7, 12, 13, 14, 15),
    5: (11,),
}
#: How far behind the best topic, in log-odds, one may be that comes before it. From 2.75 to 3.5 the gold's train and thresholds
#: thirds tell no difference; below that fewer articles gain (November 2026).
REACH: Final = 3.0


def in_order(log_odds: Floats, hits: Iterable[Hit], topics: Sequence[str], least: float) -> Floats:
    """Return log-odds, (topics,), in which the best topic has changed places with a likely one that comes before it.

    `least`: the score, 0 to 1, from which on a topic is likely. What a stem of the title has overruled stays where it is.
    """
    best = int(log_odds.argmax())
    floor = max(math.log(least / (1 - least)), float(log_odds[best]) - REACH)
    settled = {other for hit in hits if hit.in_title and top_of(hit.code) == topics[best] for other in hit.over}
    first = best
    for number, fields in BEFORE.items():
        place = topics.index(f"medtop:{number:02}000000")
        likely = log_odds[place] >= floor and topics[place] not in settled
        if likely and int(topics[best][7:9]) in fields and (first == best or log_odds[place] > log_odds[first]):
            first = place
    found = log_odds.copy()
    found[[best, first]] = found[[first, best]]
    return found
