"""Series of an article: posts of a live blog, slides, entries of a timeline, cards of a list.

The network says less of each that follows, since they are short and stand further and further from the text. They are one
or the other together: where enough of a series is text, all of it is, with its headings.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

import numpy as np

from agents.clean.languages import gather
from agents.clean.page.blocks import Page
from agents.clean.page.features import WHOLE, PageFeatures
from agents.clean.page.places import ELSEWHERE
from agents.clean.page.shapes import Floats

#: Blocks of a lower probability are never taken along.
FAINT = 0.05
#: Headings and dates of entries are taken along above this probability.
FAINT_HEADING = 0.1
#: Share of links in a block of a series, at most.
SERIES_LINKS = 0.3
#: Fewest entries of a series.
ENTRIES = 3
#: Smallest share of the entries that is text by the network.
TEXT_SHARE = 0.5
#: Levels above a block at which its entry stands.
ENTRY_LEVELS = 4
#: Blocks between two entries that follow each other, at most.
APART = 10
#: Blocks below the last kept one among which a series goes on.
FAR = 60
#: Most words of an entry's heading.
HEADING_WORDS = 20
#: Most characters of its date.
DATE_CHARS = 30
#: Blocks between the last of the text and a timeline below it, at most: its heading.
BELOW_END = 3
#: Letters of words beside a time, at most: "am", "Uhr".
BESIDE_TIME = 3
_WORDS = re.compile(r"[^\W\d_]+")
_HEADINGS = frozenset(["h2", "h3", "h4", "h5"])
#: Elements that every paragraph of a text has: no entries by themselves.
_PLAIN = frozenset(["p", "br", "span"])


def with_series(features: PageFeatures, chance: Floats, kept: list[int]) -> list[int]:
    """Return the kept blocks with the rest of each series of which enough is kept, and with the headings in it."""
    if not kept:
        return kept
    page = features.page
    unsure = (chance > FAINT) & (features.links < SERIES_LINKS) & (features.good > 0)
    blocks = features.at(kept)
    unsure[blocks] = False
    unsure[: kept[0]] = False
    unsure[kept[-1] + FAR :] = False
    chosen = set(kept)
    more = np.flatnonzero(unsure).tolist()
    if more:
        names = {page.names[page.owners[index]] for index in more}
        good = (features.good[blocks] > 0).tolist()
        like = [
            index
            for index, is_good in zip(kept, good, strict=True)
            if is_good and page.names[page.owners[index]] in names
        ]
        among = sorted([*like, *more])
        for series in series_above(page, among) if len(like) > 1 else ():
            have = sum(index in chosen for index in series)
            if have < len(series) and have >= max(2, TEXT_SHARE * len(series)):
                chosen.update(series)
    chosen.update(headings(features, chance, chosen))
    chosen.update(timelines(features, kept[0], max(chosen)))
    return sorted(chosen) if len(chosen) > len(kept) else kept


def timelines(features: PageFeatures, first: int, last: int) -> Iterator[int]:
    """Yield the blocks of timelines within a text or right below it: a date and a text without links, at least three times.

    Comments have a date above each, too, and a name beside it.
    """
    page, words = features.page, features.words
    end = min(last + BELOW_END + 1, features.count - 1)
    if end - first < 2 * ENTRIES:
        return
    unlinked = features.links[first : features.count] == 0
    likely = (features.chars[first:-1] <= DATE_CHARS) & (words[first + 1 :] > words[first:-1])
    starts = (np.flatnonzero(likely & unlinked[:-1] & unlinked[1:]) + first).tolist()
    if len(starts) < ENTRIES:
        return
    entries: list[int] = []
    for index in [start for start in starts if begins_entry(page, start)]:
        follows = (
            entries
            and index == entries[-1] + 2
            and page.names[page.owners[index]] == page.names[page.owners[entries[0]]]
        )
        if not follows:
            if index >= end:
                break
            entries = []
        entries.append(index)
        if len(entries) >= ENTRIES:
            for entry in entries[-1:] if len(entries) > ENTRIES else entries:
                yield from (entry, entry + 1)


def begins_entry(page: Page, index: int) -> bool:
    """Return whether a block is a date or a time and nothing else, and the next one may be its text."""
    owner, below = page.owners[index], page.owners[index + 1]
    if (page.ancestors[owner] | page.ancestors[below]) & ELSEWHERE or page.tags[below] in _HEADINGS:
        return False
    return is_moment(page.texts[index])


def is_moment(text: str) -> bool:
    """Return whether a short text has a number, and no words but months and the words of a time."""
    return any(map(str.isdigit, text)) and all(
        len(word) <= BESIDE_TIME or word in months() for word in _WORDS.findall(text.lower())
    )


@lru_cache(1)
def months() -> frozenset[str]:
    """Return the names of months in all languages, in lower case."""
    return frozenset(form.lower() for form in gather(lambda item: chain.from_iterable(item.dates.months)))


def series_above(page: Page, blocks: list[int]) -> Iterator[list[int]]:
    """Yield the blocks of entries that are alike and beside each other, first those that are entries, then level by level above.

    Entries are alike where the elements down to the block have the same tags and names: each such chain has a number.
    """
    owners, ancestors, parents, tags, names = page.owners, page.ancestors, page.parents, page.tags, page.names
    chains: dict[tuple[int, str, str], int] = {}
    standing = [(index, owners[index], 0) for index in blocks if not ancestors[owners[index]] & ELSEWHERE]
    for level in range(ENTRY_LEVELS):
        found: dict[tuple[int, int], list[int]] = defaultdict(list)
        entries: dict[tuple[int, int], set[int]] = defaultdict(set)
        above: list[tuple[int, int, int]] = []
        for index, element, below in standing:
            tag, name, parent = tags[element], names[element], parents[element]
            chain = chains.setdefault((below, tag, name), len(chains) + 1)
            if parent >= 0:
                above.append((index, parent, chain))
            if (not name and tag in WHOLE) if level else tag in _PLAIN:
                continue  # no entry: nearly every paragraph has such an element, or all of the text
            key = (parent, chain)
            before = found[key]
            if before and index - before[-1] > APART:
                yield from ended(before, entries[key])
                found[key], entries[key] = [], set()
            found[key].append(index)
            entries[key].add(element)
        for key, series in found.items():
            yield from ended(series, entries[key])
        standing = above


def ended(series: list[int], entries: set[int]) -> Iterator[list[int]]:
    """Yield a series that has enough entries."""
    if len(entries) >= ENTRIES:
        yield series


def headings(features: PageFeatures, chance: Floats, chosen: set[int]) -> Iterator[int]:
    """Yield headings of which at least three stand right above a kept sentence, each in an entry with it."""
    page = features.page
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, tag in enumerate(features.tags[:-1]):
        if (
            tag not in _HEADINGS
            or index + 1 not in chosen
            or features.links[index]
            or features.words[index] > HEADING_WORDS
        ):
            continue
        if chance[index] > FAINT_HEADING and features.good[index + 1] > 0:
            owner = page.owners[index]
            if not page.ancestors[owner] & ELSEWHERE:
                found[tag, page.names[owner]].append(index)
    for alike in found.values():
        if len(alike) >= ENTRIES:
            yield from alike
