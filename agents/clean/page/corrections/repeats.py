"""Paragraphs and bodies that stand on a page twice."""

import re
from collections.abc import Iterator

from agents.clean.page.blocks import Page
from agents.clean.page.features import HEADINGS, WHOLE, PageFeatures
from agents.clean.page.vocabulary import INVISIBLE, NAMES_READ, PART_BIT
from agents.clean.text.words import STOPS, normal

#: Words of a paragraph that is not written twice by chance, and of a block that may hold the whole article again.
REPEATED_WORDS, WHOLE_WORDS = 8, 60
#: Share of the words that such a block has: about half.
WHOLE_SHARE = (0.35, 0.65)
#: Share of its words that the rest of an article has too, in a block that repeats it (in runs of `RUN`) and in a copy of it.
REPEATED_SHARE, RUN = 0.8, 8
#: Paragraphs of a text that stand twice, at least, for the element around the second to be a copy.
COPIED = 2
#: Blocks at the beginning of a text, one of which may be its deck.
DECKS = 2
#: Blocks below the deck that may begin with the same words.
BELOW_DECK = 3
#: Fewest lines of a table of contents.
CONTENTS = 2
#: Smallest share of link in each.
ALL_LINK = 0.9
#: Marks at the end of a text that is cut off.
_CUT = " .…"
#: Elements up to one that is called a pulled quote.
QUOTE_LEVELS = 3
#: Words of the name and post below a pulled quote, at most.
NAME_WORDS = 12
_QUOTE, _PULLED = PART_BIT["quote"], re.compile(r"(?i)pull(?:ed)?[_-]?quote")


def without_repeats(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks without paragraphs that stand twice, the visible one kept, and without a second body.

    Microdata and scripts repeat a body in one hidden block, templates repeat the standfirst.
    """
    page = features.page
    if listed := set(contents(features, kept)):
        kept = [index for index in kept if index not in listed]
    seen: dict[str, int] = {}
    # A quote goes before its paragraph would go as a repetition of it.
    quotes = set(pulled_quotes(page, kept))
    repeated: set[int] = set()
    blocks = features.at(kept)
    for index in blocks[features.words[blocks] >= REPEATED_WORDS].tolist():
        if index in quotes:
            continue
        key = page.texts[index]
        earlier = seen.setdefault(key, index)
        if earlier != index:
            hidden = page.ancestors[page.owners[earlier]] & INVISIBLE
            repeated.add(earlier if hidden else index)
            seen[key] = index if hidden else earlier
    dropped = quotes.union(repeated, rest_of_copy(features, kept, repeated), repeated_decks(features, kept))
    if dropped:
        kept = [index for index in kept if index not in dropped]
    words = features.words[features.at(kept)]
    largest = int(words.argmax()) if len(kept) > 2 else 0
    size, total = float(words[largest]), float(words.sum())
    if size >= WHOLE_WORDS and WHOLE_SHARE[0] * total <= size <= WHOLE_SHARE[1] * total:
        rest = [other for other in kept if other != kept[largest]]
        if is_repetition(page, kept[largest], rest):
            return rest
    return kept


def contents(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks that are links with the words of a heading below: a table of contents, of at least two lines."""
    page, blocks = features.page, features.at(kept)
    linked = blocks[features.links[blocks] >= ALL_LINK].tolist()
    if len(linked) < CONTENTS:
        return []
    headings = {page.texts[index]: index for index in kept if features.tags[index] in HEADINGS}
    found = [index for index in linked if headings.get(page.texts[index], index) > index]
    return found if len(found) >= CONTENTS else []


def rest_of_copy(features: PageFeatures, kept: list[int], repeated: set[int]) -> list[int]:
    """Return the kept blocks of the smallest element around all repetitions where it has little else: a copy for printing."""
    if len(repeated) < COPIED:
        return []
    page = features.page
    first, last = min(repeated), max(repeated)
    element = page.owners[first]
    while element >= 0 and page.ends[element] <= last:
        element = page.parents[element]
    if element < 0 or page.tags[element] in WHOLE:
        return []
    among, texts = set(kept), {page.texts[index] for index in repeated}
    inside = [index for index in page.blocks(element) if index in among]
    if any(page.texts[index] in texts for index in inside if index not in repeated):
        return []  # what is repeated stands in it, too
    copied = float(features.words[features.at([index for index in inside if index in repeated])].sum())
    return inside if copied >= REPEATED_SHARE * float(features.words[features.at(inside)].sum()) else []


def repeated_decks(features: PageFeatures, kept: list[int]) -> Iterator[int]:
    """Yield the kept blocks above the text that are nothing but the beginning of a paragraph right below."""
    texts = features.page.texts
    for at, index in enumerate(kept[:DECKS]):
        deck = texts[index].rstrip(_CUT)
        if features.words[index] >= REPEATED_WORDS and any(
            len(texts[below]) > len(texts[index]) and texts[below].startswith(deck)
            for below in kept[at + 1 : at + 1 + BELOW_DECK]
        ):
            yield index


def pulled_quotes(page: Page, kept: list[int]) -> list[int]:
    """Return the kept blocks that are called pulled quotes, and whose words another one holds: they adorn the page."""
    quotes = [index for index in kept if page.ancestors[page.owners[index]] & _QUOTE and is_pulled(page, index)]
    if not quotes:
        return []
    others = " ".join(normal(page.texts[index]) for index in kept if index not in quotes)
    pulled = [index for index in quotes if normal(page.texts[index]) in others]
    # Who said it stands below, in the same element.
    said = set(pulled)
    names = [index for index in quotes if index - 1 in said and index not in said and is_name_below(page, index)]
    return [*pulled, *names]


def is_name_below(page: Page, index: int) -> bool:
    """Return whether a block is a few words that end no sentence, in an element with the pulled quote above it."""
    text = page.texts[index]
    if text.count(" ") >= NAME_WORDS or text.endswith(STOPS):
        return False
    element = page.owners[index]
    for _ in range(QUOTE_LEVELS):
        if element < 0 or page.starts[element] < index:
            return element >= 0
        element = page.parents[element]
    return False


def is_pulled(page: Page, index: int) -> bool:
    """Return whether a block's element, or one around it, is called a pulled quote."""
    element = page.owners[index]
    for _ in range(QUOTE_LEVELS):
        if element < 0:
            return False
        if _PULLED.search(page.names[element][:NAMES_READ]):
            return True
        element = page.parents[element]
    return False


def is_repetition(page: Page, index: int, rest: list[int]) -> bool:
    """Return whether nearly all of a block stands in other blocks too."""
    words = normal(page.texts[index]).split()
    runs = [" ".join(words[start : start + RUN]) for start in range(0, len(words) - RUN, RUN)]
    others = " ".join(normal(page.texts[other]) for other in rest).split()
    # word by word: a search for each run in the whole text takes time that grows with the square of a page
    wanted = set(runs)
    found = wanted.intersection(" ".join(others[start : start + RUN]) for start in range(len(others) - RUN + 1))
    return bool(runs) and sum(run in found for run in runs) >= REPEATED_SHARE * len(runs)
