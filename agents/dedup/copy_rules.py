"""Rules of copies: how much an article and an earlier one must share, and the differences that tell them apart all the same."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agents.dedup.sketch import BRIEF_LEADS, LEAD_WORDS, SHORT_WORDS, Overlap, Sketch, samples
from agents.dedup.stored import StoredVerdict
from streams.records import DuplicateKind


class Rule(NamedTuple):
    """Least shares that make a duplicate: of the smaller article's shingles and facts.

    `facts_with_numbers`: of the facts, where all numbers but one, or `AGREEING_NUMBERS` of them, are shared. `numbers`:
    whether they must agree. `length`: of the longer article's words. `words`: the shorter article has as many; templates
    are briefs.
    """

    containment: float
    jaccard: float
    facts: float
    facts_with_numbers: float = 0.0
    numbers: bool = True
    length: float = 0.0
    words: int = 0


#: The first rule whose containment and words are reached decides. Chosen on the development halves of neardup_synth and of the
#: natural pairs, over three draws of the sampling, 2026-11-24, numbers on 2026-11-26; `is_copy` says what they are for.
RULES = (
    Rule(containment=0.8, jaccard=0.0, facts=0.5),
    Rule(containment=0.6, jaccard=0.0, facts=0.5, words=100),
    Rule(containment=0.6, jaccard=0.0, facts=0.65, facts_with_numbers=0.42),
    Rule(containment=0.36, jaccard=0.1, facts=0.65, facts_with_numbers=0.42),
    Rule(containment=0.3, jaccard=0.15, facts=0.65, facts_with_numbers=0.42),
    Rule(containment=0.22, jaccard=0.14, facts=0.72, numbers=False, length=0.9),
)
LEAST = RULES[-1]
#: Of articles of fewer than `SHORT_WORDS` words.
SHORT_CONTAINMENT, SHORT_FACTS = 0.6, 0.35
AGREEING_NUMBERS = 0.8
#: From so many numbers on, half of them are shared. Of fewer, a count that was corrected changes one of two.
FEWEST_NUMBERS, NUMBERS_OF_REPORT = 6, 0.5
#: The least share of three to five numbers: of two briefs alike, and of longer pieces up to so many words. Of 1,305 pairs of one
#: piece on the development half of neardup_synth two have less, both longer, and none of 131 with two numbers shares neither.
NUMBERS_OF_BRIEF, NUMBERS_OF_PIECE, LONG_WORDS = 0.6, 0.4, 300
#: From so many numbers on a text is a table or a list of prices, and shares more of them with its copies.
TABLE_NUMBERS, NUMBERS_OF_TABLE = 10, 0.7
#: Below this containment and with no more of the numbers shared, two texts are one template's, unless of the facts so many
#: are shared. Chosen on own cases in sixteen languages and the development half of neardup_synth, 2026-11-28.
TEMPLATE_CONTAINMENT, DIFFERING_NUMBERS, FACTS_DESPITE_NUMBERS = 0.75, 0.25, 0.8
#: Words of a text that may be a form that is filled, at most; how alike its length is to another's; facts from which on it is
#: judged; and the share of them that two of one piece have at least: .85 of 300 pairs on the development half of neardup_synth,
#: where forms made up for this had .50 to .75 (2026-11-29).
BRIEF_WORDS, BRIEF_LENGTH, BRIEF_FEWEST, BRIEF_FACTS = 130, 0.9, 5, 0.78
#: From so many shared facts on, and with this share of them, two texts have the same: a title names one more.
SAME_FEWEST, SAME_FACTS = 6, 0.9
#: Fewer facts say nothing.
FEWEST_FACTS = 3
#: Articles of fewer words are copies only by their whole text and title; up to `SHORT_WORDS`, only with two facts.
FEWEST_WORDS = 16
FEWEST_SHORT_FACTS = 2
#: A text so many times as long as another may be a roundup that holds it, where less of its lead is the other's: the piece
#: before may be a brief that ends within the lead.
ROUNDUP_LENGTH, ROUNDUP_LEAD = 1.6, 0.3
#: One of three items or more is shorter than this share of the list, whose cut version is as likely longer.
ITEM = 0.5
#: Two texts that share less, each with a lead of which the other has less than this, share a background. On the development half
#: of neardup_synth no copy of those with leads of their own shares less than .7, and of the real pairs the one such .58; of 411
#: pieces with half of the text new, before the background of an earlier one, 242 share less (2026-11-29).
BACKGROUND, OWN_LEAD = 0.55, 0.08
#: Two briefs of one source share less than this as two days' lists. One copy on the development half of neardup_synth shares .54.
BULLETIN = 0.5
#: Of one source under another title the leads may share more, and both texts as much as notices do: a firm's press releases
#: begin and end with who it is. Of seven copies by one source that share so little on the development half of neardup_synth none
#: has leads under .2; of five pairs of made-up releases all have at most .14 (2026-11-30).
LEAD_OF_SOURCE = 0.2
#: A smaller shared part may be the lines that an organisation writes below each of its notices, which hold a smaller share of the
#: facts, and of each lead: below a short notice they begin within it.
NOTICE, NOTICE_FACTS, NOTICE_LEAD = 0.7, 0.65, 0.35
#: Of two titles that are alike, the shorter shares as many of its words.
TITLES_ALIKE = 0.5
#: Fewer shared shingles than this are chance.
FEWEST_SHARED = 3
#: Jaccard from which two texts are the same piece, and the ratio of lengths below which one is part of the other.
SAME_PIECE = 0.8
PART = 0.8

Flags = npt.NDArray[np.bool_]


class Likeness(NamedTuple):
    """A leader, and how much an article has in common with it."""

    leader: StoredVerdict
    shingles: Overlap
    facts: Overlap
    numbers: Overlap


def is_copy(match: Likeness, new: Sketch) -> bool:
    """Return whether so much in common makes an article a copy.

    Most of the smaller article's shingles are enough, but for a template filled with other facts or a table with other
    numbers. With fewer, the facts guard: a template shares half of its shingles and half of its facts, a copy shares as
    many shingles and more facts. Misspelt names count against the facts, so where the numbers agree fewer facts are
    enough: templates are full of numbers, and differ in them. The smaller the Jaccard, the longer is one of the two, and
    shares facts with anything: a roundup. With a misspelling in every fourth word a text of the same length keeps a
    quarter of its shingles and most of its facts.
    """
    contained, facts, old = match.shingles.containment, match.facts, match.leader.sketch
    shortest, longest = sorted((new.words, old.words))
    if shortest < FEWEST_WORDS:
        return False
    if shortest < SHORT_WORDS:
        least = FACTS_DESPITE_NUMBERS if numbers_differ(match) else SHORT_FACTS
        if not numbers_agree(match, longest):
            return False
        if contained < SHORT_CONTAINMENT or facts.containment < least or facts.shared < FEWEST_SHORT_FACTS:
            return False
        return not is_in_roundup(new, old) and not is_follow_up(new, match)
    rule = next((rule for rule in RULES if contained >= rule.containment and shortest >= rule.words), None)
    if rule is None or match.shingles.jaccard < rule.jaccard or shortest < rule.length * longest:
        return False
    if is_brief(shortest, longest, match) and facts.containment < BRIEF_FACTS:
        return False
    if rule.numbers and not numbers_agree(match, longest):
        return False
    return facts_agree(match, rule, new) and not is_in_roundup(new, old) and not is_follow_up(new, match)


def is_brief(shortest: int, longest: int, match: Likeness) -> bool:
    """Return whether both texts are short and as long as each other, with most of their words and enough facts: a filled form.

    Reports of matches, markets and tremors are written so. An edit or a misspelling seldom hits a fact, a form changes
    nothing else.
    """
    facts = match.facts
    return (
        match.shingles.containment >= SHORT_CONTAINMENT
        and longest < BRIEF_WORDS
        and shortest >= BRIEF_LENGTH * longest
        and min(facts.new, facts.old) >= BRIEF_FEWEST
    )


def facts_agree(match: Likeness, rule: Rule, new: Sketch) -> bool:
    """Return whether enough facts are shared, or, where nearly all numbers are, fewer.

    Without a number in common, two texts of one source agree in none: each of its columns begins with the same lines.
    """
    facts, numbers = match.facts, match.numbers
    if rule.containment >= SHORT_CONTAINMENT and min(facts.new, facts.old) < FEWEST_FACTS:
        return True
    if numbers_differ(match):
        return facts.containment >= FACTS_DESPITE_NUMBERS
    agree = min(numbers.new, numbers.old) - numbers.shared <= 1 or numbers.containment >= AGREEING_NUMBERS
    if not numbers.shared and new.source == match.leader.sketch.source:
        agree = False
    return facts.containment >= (rule.facts_with_numbers if agree and rule.facts_with_numbers else rule.facts)


def have_same_facts(match: Likeness) -> bool:
    """Return whether one text has all numbers and nearly all facts of the other, and enough for that to be no chance."""
    facts, numbers = match.facts, match.numbers
    return facts.shared >= SAME_FEWEST and facts.containment >= SAME_FACTS and numbers.containment == 1.0


def numbers_differ(match: Likeness) -> bool:
    """Return whether both have numbers and hardly share one, as two reports from one template: another victim, another hour.

    Of a text that is nearly whole in the other, an updated toll is as likely.
    """
    numbers = match.numbers
    return (
        match.shingles.containment < TEMPLATE_CONTAINMENT
        and min(numbers.new, numbers.old) > 0
        and numbers.containment <= DIFFERING_NUMBERS
    )


def numbers_agree(match: Likeness, longest: int) -> bool:
    """Return whether enough numbers are shared, where there are enough to tell: more of a table's than of a report's.

    In scripts without capitals and in German most words are facts, so of a form that is filled only its numbers tell.
    """
    numbers = match.numbers
    fewest = min(numbers.new, numbers.old)
    if fewest >= FEWEST_NUMBERS:
        return numbers.containment >= (NUMBERS_OF_REPORT if fewest < TABLE_NUMBERS else NUMBERS_OF_TABLE)
    if fewest < 2:
        return True
    if longest < BRIEF_WORDS and match.shingles.containment >= SHORT_CONTAINMENT:
        return numbers.containment >= NUMBERS_OF_BRIEF or (fewest == 2 and numbers.shared > 0)
    return numbers.shared > 0 and (fewest == 2 or longest >= LONG_WORDS or numbers.containment >= NUMBERS_OF_PIECE)


def is_in_roundup(new: Sketch, old: Sketch) -> bool:
    """Return whether the longer text is a roundup that holds the shorter one: much longer, and it begins with another piece.

    A piece and its cut version begin alike, and so do a piece and its update. What is set as a list of several reports may
    begin with the very one; that has a title of its own, and a part of the list has not.
    """
    shorter, longer = sorted((new, old), key=lambda sketch: sketch.words)
    if longer.roundup and not shorter.roundup and longer.title != shorter.title:
        return shorter.words < ITEM * longer.words
    return longer.words >= ROUNDUP_LENGTH * shorter.words and share_of_lead(longer, shorter) < ROUNDUP_LEAD


def is_follow_up(new: Sketch, match: Likeness) -> bool:
    """Return whether two texts share no more than a background: about half is other text, and neither has the other's lead.

    A piece that is written through keeps more, and what an editor puts before it or cuts off it leaves one of the leads.
    Of two briefs with leads of their own it may be more than half: whom to call.
    """
    old, share = match.leader.sketch, match.shingles.containment
    if max(new.words, old.words) < BRIEF_LEADS * LEAD_WORDS and have_own_leads(new, old):
        return True
    if is_next_bulletin(new, match):
        return True
    if share >= NOTICE:
        return False
    if share >= BACKGROUND and match.facts.containment < NOTICE_FACTS:
        return have_own_leads(new, old, NOTICE_LEAD)
    if is_next_of_source(new, old):
        return have_own_leads(new, old, LEAD_OF_SOURCE)
    return share < BACKGROUND and have_own_leads(new, old)


def is_next_bulletin(new: Sketch, match: Likeness) -> bool:
    """Return whether one source sent two briefs as long as each other, half of which differs: a list of another day.

    Courts sit and films begin at the same hours, so that numbers agree, and names may be none.
    """
    old = match.leader.sketch
    shortest, longest = sorted((new.words, old.words))
    is_form = longest < BRIEF_WORDS and shortest >= BRIEF_LENGTH * longest
    return new.source == old.source and is_form and match.shingles.containment < BULLETIN


def is_next_of_source(new: Sketch, old: Sketch) -> bool:
    """Return whether one source sent two texts, each under its own title."""
    return new.source == old.source and new.title != old.title


def have_own_leads(new: Sketch, old: Sketch, most: float = OWN_LEAD) -> bool:
    """Return whether each text shares less than `most` of its lead with the other."""
    return share_of_lead(new, old) < most and share_of_lead(old, new) < most


def share_of_lead(text: Sketch, other: Sketch) -> float:
    """Return how much of a text's lead stands anywhere in another; 1 where there is too little to tell."""
    if not text.lead:
        return 1.0
    lead = samples(text)[0][flags(text.lead, len(text.shingles) // 4)]
    lead = lead[lead < other.shingles_below]
    return float(np.isin(lead, samples(other)[0]).mean()) if len(lead) >= FEWEST_SHARED else 1.0


def flags(bits: bytes, count: int) -> Flags:
    """Return `count` bits as an array."""
    return np.unpackbits(np.frombuffer(bits, np.uint8), count=count).astype(np.bool_)


def is_other_page(new: Sketch, old: Sketch) -> bool:
    """Return whether two texts are the boilerplate of two pages: neither fits its title, and the titles are not alike."""
    if not new.stray_title or not old.stray_title:
        return False
    titles = [set(np.frombuffer(sketch.stray_title, "<u2").tolist()) for sketch in (new, old)]
    return len(titles[0] & titles[1]) < TITLES_ALIKE * min(map(len, titles))


def kind_of(new: Sketch, match: Likeness) -> DuplicateKind:
    """Classify a copy: the same piece, part of it, or more than it."""
    old = match.leader.sketch
    if match.shingles.jaccard < SAME_PIECE:
        if new.words < PART * old.words:
            return "truncated"
        if old.words < PART * new.words:
            return "extended"
    return "copy"
