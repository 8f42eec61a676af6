"""Parts in and below an article that are written like it and none of it.

They are articles within it, the next article, the offer to pay for the rest, summaries of other articles that break off,
and a heading of which the rest was left out.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np

from agents.clean.page.blocks import Page
from agents.clean.page.corrections.cards import (
    CARD_WORDS,
    HEADLINE_LINKS,
    Kind,
    card_of,
    headline_of,
    is_card,
    kind_of,
    numbered,
    whole_card,
)
from agents.clean.page.features import HEADINGS, WHOLE, PageFeatures
from agents.clean.page.series import months
from agents.clean.page.walls import offers
from agents.clean.text.words import STOPS, normal

#: Fewest words of an article above the next one.
BEFORE_NEXT = 60
#: Fewest words of an article above an offer to read on.
BEFORE_OFFER = 12
#: Fewest words of an article above those within it.
OUTER_WORDS = 60
#: Fewest words of a brief that stands with its title.
BRIEF_WORDS = 25
#: An article within another that has so many times its words is the text.
INNER_TEXT = 3
#: Fewest cards that are alike.
CARDS = 3
#: Largest share of link in a line below a headline.
CARD_LINKS = 0.5
#: Share of a text's words that stand in its element.
WHOLE_TEXT = 0.8
#: Fewest other articles below whose headlines are links.
OTHERS = 2
#: Largest share of the text that they take.
OTHERS_SHARE = 0.4
#: Most blocks of an article above its heading.
ABOVE_HEADING = 3
#: Blocks of an article among which its date stands.
HEAD = 4
#: Most characters of a line with an article's date.
DATE_CHARS = 80
#: Most characters of a line that says who may read on.
OFFER_CHARS = 140
#: Smallest share of link in a line of a menu.
MENU_LINKS = 0.8
#: Most words of a box that offers to read on, where it says so below its head.
SMALL_OFFER = 100
#: Most words of a heading at the end.
HEADING_WORDS = 8
#: Fewest summaries of other articles below it.
SUMMARIES = 2

_CUT_OFF, _SENTENCE = ("…", "..."), (*STOPS, ":")
#: Most words of a line of links at the end.
LINK_LINE = 12
#: Fewest such lines: one may be the article's source.
LINK_LINES = 2
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBERS = re.compile(r"\d[./-]\d{1,2}[./-]|\d\s?[年년]")
_LETTERS = re.compile(r"[^\W\d_]+")


def without_nested(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks without those of articles within the article: comments and teasers, as HTML has it."""
    page = features.page
    if page.tags.count("article") < 2:
        return kept
    depth = [0] * len(page.tags)
    for element, tag in enumerate(page.tags):
        above = page.parents[element]
        depth[element] = (depth[above] if above >= 0 else 0) + (tag == "article")
    outer = [index for index in kept if depth[page.owners[index]] == 1]
    inner = [index for index in kept if depth[page.owners[index]] > 1]
    told = float(features.words[outer].sum())
    if not inner or told < OUTER_WORDS or inner[0] < outer[-1]:
        return kept
    # A paper has its authors' addresses outside of the element of its text; no comment is so long.
    largest = max(
        (element for element, tag in enumerate(page.tags) if tag == "article" and depth[element] == 2),
        key=lambda element: float(features.words[page.starts[element] : page.ends[element]].sum()),
    )
    if float(features.words[page.starts[largest] : page.ends[largest]].sum()) > INNER_TEXT * told:
        return kept
    return [index for index in kept if depth[page.owners[index]] <= 1]


def without_others(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks without those of whole articles beside this one, each with an h1 of its own.

    Pages that go on without an end load the next article below.
    """
    page = features.page
    headings = [index for index, tag in enumerate(features.tags) if tag == "h1"]
    if len(headings) < 2 or page.tags.count("article") < 2 or features.title_block < 0:
        return kept
    outermost: list[int] = []
    for element, tag in enumerate(page.tags):
        above = page.parents[element]
        known = outermost[above] if above >= 0 else -1
        outermost.append(element if known < 0 and tag == "article" else known)
    own = outermost[page.owners[features.title_block]]
    title = normal(page.texts[features.title_block])
    others = {outermost[page.owners[index]] for index in headings if normal(page.texts[index]) != title} - {-1, own}
    rest = [index for index in kept if outermost[page.owners[index]] not in others]
    return rest if own >= 0 and float(features.words[rest].sum()) >= OUTER_WORDS else kept


def without_linked(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks without those of short `article` elements below this one whose headlines are links.

    They are teasers. Where they are much of the text it is told in them, as a live blog is.
    """
    page = features.page
    if features.title_block < 0 or page.tags.count("article") < OTHERS:
        return kept
    nearest: list[int] = []
    for element, tag in enumerate(page.tags):
        above = page.parents[element]
        nearest.append(element if tag == "article" else nearest[above] if above >= 0 else -1)
    others: set[int] = set()
    for index in range(features.title_block + 1, kept[-1] + 1):
        article = nearest[page.owners[index]]
        if article < 0 or features.tags[index] not in HEADINGS or features.links[index] < HEADLINE_LINKS:
            continue
        below = page.starts[article] > features.title_block and index - page.starts[article] <= ABOVE_HEADING
        if below and float(features.words[page.starts[article] : page.ends[article]].sum()) <= CARD_WORDS:
            others.add(article)
    if len(others) < OTHERS:
        return kept
    rest = [index for index in kept if nearest[page.owners[index]] not in others]
    return rest if may_go(features, kept, rest) else kept


def without_cards(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks without the lines of cards below the title: each card begins with a headline that is a link.

    The network has left the headline out, and cards beside it are like it, or the line breaks off. With a date, and outside of
    the text, more counts as alike: cards in wrappers, with numbers in their names, and with a word or two above the headline.
    """
    page, title = features.page, features.title_block
    if title < 0:
        return kept
    blocks = features.at(kept)
    # Paragraphs stand in one element, which is looked at once.
    known: dict[int, bool] = {}
    every = {
        index: card
        for index in blocks[(blocks > title) & (features.links[blocks] < CARD_LINKS)].tolist()
        if (card := card_of(features, index, known)) >= 0 and title < page.starts[card]
    }
    kept = without_listed(features, kept, every)
    chosen = set(kept)
    cards = {index: card for index, card in every.items() if headline_of(features, card) not in chosen}
    if not cards:
        return kept
    plain = {index: card for index, card in cards.items() if headline_of(features, card) == page.starts[card]}
    gone = alike(features, plain, kind_of) | {index for index in plain if page.texts[index].endswith(_CUT_OFF)}
    rest = [index for index in kept if index not in gone]
    kept = rest if may_go(features, kept, rest) else kept
    whole = {index: whole_card(page, card) for index, card in cards.items()}
    dated = {index: card for index, card in whole.items() if any(map(is_dated, page.texts[page.starts[card] : index]))}
    gone = alike(features, dated, numbered)
    rest = [index for index in kept if index not in gone]
    return rest if len(rest) < len(kept) and is_outside(features, kept, rest) else kept


def without_listed(features: PageFeatures, kept: list[int], cards: dict[int, int]) -> list[int]:
    """Return the kept blocks without cards in a list outside of the text, each with a date, that the network took whole."""
    page = features.page
    if len(cards) < CARDS:
        return kept
    whole = {index: whole_card(page, card) for index, card in cards.items()}
    dated = {
        index: card for index, card in whole.items() if any(is_dated(page.texts[block]) for block in page.blocks(card))
    }
    listed = {whole[index] for index in alike(features, dated, numbered)}
    if len(listed) < CARDS:
        return kept
    gone = {index for card in listed for index in page.blocks(card)}
    rest = [index for index in kept if index not in gone]
    return rest if rest and is_outside(features, kept, rest) else kept


def alike(features: PageFeatures, cards: dict[int, int], kind: Callable[[Page, int], Kind]) -> set[int]:
    """Return the blocks of those cards that have others of their kind beside them. `cards`: block and element."""
    page = features.page
    if not cards:
        return set()
    wanted = {kind(page, card) for card in cards.values()}
    parents = {parent for parent, _, _ in wanted}
    begun = [element for element, parent in enumerate(page.parents) if parent in parents]
    count = Counter(kind(page, element) for element in begun if is_card(features, element))
    return {index for index, card in cards.items() if count[kind(page, card)] >= CARDS}


def may_go(features: PageFeatures, kept: list[int], rest: list[int]) -> bool:
    """Return whether the kept blocks that are not in `rest` are no part of the text: few of its words, or outside of it."""
    total = float(features.words[features.at(kept)].sum())
    few = total - float(features.words[rest].sum()) <= OTHERS_SHARE * total
    return few or is_outside(features, kept, rest)


def is_outside(features: PageFeatures, kept: list[int], rest: list[int]) -> bool:
    """Return whether the kept blocks that are not in `rest` stand outside of the element that holds nearly all of the rest."""
    page = features.page
    words = np.zeros(features.count + 1)
    sentences = features.good[rest]
    # Labels and notices may stand anywhere on the page.
    words[1:][rest] = sentences if sentences.any() else features.words[rest]
    before = words.cumsum()
    told = float(before[-1])
    if told < BRIEF_WORDS:
        return False
    # The lowest element that holds nearly all of the text.
    element = page.owners[int(words.argmax()) - 1]
    while element >= 0 and before[page.ends[element]] - before[page.starts[element]] < WHOLE_TEXT * told:
        element = page.parents[element]
    gone, inside = set(kept) - set(rest), page.blocks(element)
    # A brief is one where its own title stands with it.
    return element >= 0 and gone.isdisjoint(inside) and (told >= OUTER_WORDS or features.title_block in inside)


def without_next(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks without those of articles below this one, in elements like its own beside it.

    Each begins with a heading of the first level, or with a headline that is a link as this one's is, or stands in an
    `article` with a heading and a date below it.
    """
    page, title = features.page, features.title_block
    if title < 0:
        return kept
    like = linked_alike(features, title, kept[-1])
    below = [index for index in range(title + 1, kept[-1] + 1) if features.tags[index] in ("h1", "h2") or index in like]
    if not below:
        return kept
    inside = around(page, page.owners[title])
    dropped: set[int] = set()
    key = normal(page.texts[title])
    known: dict[int, int] = {}
    for index in below:
        other = outermost(page, page.owners[index], inside, known)
        own = inside[page.parents[other]] if other >= 0 and other not in inside else -1
        if own < 0 or index - page.starts[other] > ABOVE_HEADING or normal(page.texts[index]) == key:
            continue
        if is_next(page, index, own, other, first=features.tags[index] == "h1" or index in like):
            above = [block for block in kept if page.starts[own] <= block < page.ends[own]]
            if float(features.words[above].sum()) >= BEFORE_NEXT:
                dropped.update(page.blocks(other))
    return [index for index in kept if index not in dropped] if dropped else kept


def linked_alike(features: PageFeatures, title: int, last: int) -> set[int]:
    """Return the blocks up to `last` that are links in an element like the title's, where the title is a link too."""
    linked = features.links[: last + 1] >= HEADLINE_LINKS
    like = set(np.flatnonzero(linked & (features.groups[: last + 1] == features.groups[title])).tolist())
    return like if title in like else set()


def around(page: Page, element: int) -> dict[int, int]:
    """Return the elements around an element and itself, -1 for the page, each with the next one further in, -1 for none."""
    inside: dict[int, int] = {}
    child = -1
    while element >= 0:
        inside[element] = child
        child, element = element, page.parents[element]
    return inside | {-1: child}


def outermost(page: Page, element: int, inside: Mapping[int, int], known: dict[int, int]) -> int:
    """Return the last element on the way up from one before those of `inside`; answers on the way are kept in `known`."""
    path = []
    while element >= 0 and page.parents[element] not in inside and element not in known:
        path.append(element)
        element = page.parents[element]
    element = known.get(element, element)
    known.update(dict.fromkeys(path, element))
    return element


def is_next(page: Page, heading: int, own: int, other: int, *, first: bool) -> bool:
    """Return whether an element is another article than `own` beside it. `first`: its heading is of the first level."""
    if page.tags[own] != page.tags[other]:
        return False
    if first:
        return page.tags[other] == "article" or bool(page.names[own] and page.names[own] == page.names[other])
    if page.tags[other] != "article":
        return False
    head = page.texts[heading + 1 : min(heading + 1 + HEAD, page.ends[other])]
    return any(map(is_dated, head))


def is_dated(text: str) -> bool:
    """Return whether a short line has a year, and a month by its name or its number."""
    if len(text) > DATE_CHARS or not _YEAR.search(text):
        return False
    return bool(_NUMBERS.search(text)) or not months().isdisjoint(_LETTERS.findall(text.lower()))


def without_end(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks without summaries at their end, each cut off below a headline, and without a last heading.

    Lines of links above the text, a menu, are no part of it either.
    """
    page, tags = features.page, features.tags
    kept = kept[next((at for at, index in enumerate(kept) if not is_menu_line(features, index)), 0) :]
    end = len(kept)
    if not end:
        return kept
    while end > 1 and page.texts[kept[end - 1]].endswith(_CUT_OFF):
        above = kept[end - 1] - 1
        if tags[above] not in HEADINGS and features.links[above] < HEADLINE_LINKS:
            break
        end -= 1 + (kept[end - 2] == above)
    end = end if len(kept) - end >= SUMMARIES and end > 0 else len(kept)
    last = kept[end - 1]
    if end > 2 and tags[last] in HEADINGS and tags[kept[end - 2]] not in HEADINGS:
        end -= bool(features.words[last] <= HEADING_WORDS and not page.texts[last].endswith(_SENTENCE))
    return kept[: above_links(features, kept, end)]


def above_links(features: PageFeatures, kept: list[int], end: int) -> int:
    """Return where a text ends without lines of links below it: the page before, the next article, the way home."""
    first, lines = end, 0
    while first > 1 and is_menu_line(features, kept[first - 1]) and features.words[kept[first - 1]] <= LINK_LINE:
        first -= 1
        lines += 1 + features.page.texts[kept[first]].count(" | ")
    return first if lines >= LINK_LINES and features.good[kept[first - 1]] > 0 else end


def is_menu_line(features: PageFeatures, index: int) -> bool:
    """Return whether a block is links for the most part, perhaps with bars between them; no heading, and no sentence."""
    page, text = features.page, features.page.texts[index]
    letters = sum(len(part.strip()) for part in text.split("|"))
    linked = page.link_chars[index] >= MENU_LINKS * letters
    return linked and features.tags[index] not in HEADINGS and not text.endswith(_SENTENCE)


def without_offer(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks without the box at their end that begins by saying who may read on, and lists why to pay.

    A heading may stand above that line; in a small box it may stand anywhere, and lead to a form.
    """
    page = features.page
    box = page.owners[kept[-1]]
    while box >= 0 and page.tags[box] not in WHOLE:
        first, end = page.starts[box], page.ends[box]
        if end - first > 1:
            small = float(features.words[first:end].sum()) <= SMALL_OFFER
            head = first + 1 + (features.tags[first] in HEADINGS)
            said = [at for at in range(first, end if small else head) if len(page.texts[at]) <= OFFER_CHARS]
            if any(offers().search(page.texts[at]) and (at < head or page.link_chars[at]) for at in said):
                above = [index for index in kept if index < first]
                return above if float(features.words[above].sum()) >= BEFORE_OFFER else kept
        box = page.parents[box]
    return kept
