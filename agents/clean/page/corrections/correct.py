"""Corrections of the network's choice of blocks, each for a kind of page on which shapes alone mislead.

Captions and slide shows outside a figure, boxes of highlights and of other articles, invitations to newsletters,
comments below a short article, the next article of an endless page, and paragraphs that stand on the page twice. Each
acts only where it leaves most of the article: a rule that would take more is wrong about the page.
"""

from bisect import bisect_left
from collections.abc import Iterator

from agents.clean.page.blocks import Page
from agents.clean.page.corrections.accordions import with_openers
from agents.clean.page.corrections.asides import asides, site_boxes
from agents.clean.page.corrections.captions import MOST_CAPTIONS, captions, tell_story, with_captions
from agents.clean.page.corrections.cards import card_of
from agents.clean.page.corrections.discussions import BEFORE_COMMENTS, without_comments
from agents.clean.page.corrections.following import (
    CARD_LINKS,
    without_cards,
    without_end,
    without_linked,
    without_nested,
    without_next,
    without_offer,
    without_others,
)
from agents.clean.page.corrections.invitations import invitations
from agents.clean.page.corrections.leads import with_lead
from agents.clean.page.corrections.repeats import without_repeats
from agents.clean.page.corrections.skipped import skipped
from agents.clean.page.corrections.subheadings import with_subheadings
from agents.clean.page.features import HEADINGS, WHOLE, PageFeatures
from agents.clean.page.labels import box_headings, speaking
from agents.clean.page.results import cell_of, with_tables
from agents.clean.page.walls import is_request, may_be_request, signs

#: Share of the article's words that a rule may take away, at most.
MOST = 0.4
#: The same of boxes in which a site speaks of itself in several ways.
MOST_OF_SITE = 0.75
#: Words of a heading of highlights, at most.
HEADING_WORDS = 6
#: Most words of a line that leads to another article.
TEASER_WORDS = 30
#: Smallest share of link in such a line.
TEASER_LINKS = 0.5
#: Most blocks of a box that asks for consent.
BOX_BLOCKS = 20
#: Blocks at the end of a text among which one is looked for.
FOOT = 3
#: Most blocks of a text that is looked through as a whole.
BRIEF_BLOCKS = 15
#: Most characters of a label above links to other articles.
LABEL_CHARS = 40
#: Smallest share of link in a block below it.
LISTED_LINKS = 0.9
#: Smallest share of link in a block that holds a label of other articles and lines below it.
MOSTLY_LINKS = 0.5
#: Smallest share of link in these lines, numbers left out.
LISTED_SHARE = 0.8
#: Fewest bars in a line of links that is a menu.
MENU_BARS = 3
#: Smallest share of link in its words.
MENU_LINKS = 0.95
#: Share of links in the text behind the label of such a line.
FOLLOWING_LINKS = 0.8
#: Smallest share of link in a headline that stands alone among the paragraphs.
WHOLE_LINK = 0.98
#: Fewest and most words of such a headline.
HEADLINE = (4, 25)
#: Most such headlines in a text.
FEW_HEADLINES = 2
#: Words below the headline of a card among the paragraphs, at most.
CARD_WORDS = 25
#: Headlines that are links, with text below, from which on they are a list of other articles.
ANNOUNCEMENTS = 2
#: Words of such a headline with its text, at most.
ANNOUNCEMENT_WORDS = 60
#: Words below the title, and their share, from which on a list above it is no part of the article.
BELOW_TITLE, BELOW_SHARE = 60, 0.2
#: Share of links in a sentence that announces no other article, at most.
FEW_LINKS = 0.15

#: Arrows that point to another article.
_HANDS = "☞▶►➤☛>"
#: Punctuation and dates around a line of a list, and marks at the end of a sentence.
_BULLETS, _STOPS = " -–*•·・∙›»>▪■◆○()[]/.:0123456789", (".", "。")  # noqa: RUF001
#: Punctuation between a label and its link.
_BETWEEN = " \n:：-–—|»>►▸→]］】」"  # noqa: RUF001


def correct(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks after all corrections, in order."""
    page, chosen = features.page, kept
    if not kept:
        return kept
    kept = without_nested(features, without_next(features, without_others(features, kept)))
    kept = without_consent(features, below_title(features, without_linked(features, kept)))
    kept = without_cards(features, kept)
    if not kept:
        return kept
    # A discussion would make the captions of a photo essay look few.
    kept = without_comments(features, kept)
    kept = with_captions(features, without_captions(features, kept))
    kept = without(features, kept, set(skipped(features, kept)))
    kept = without(features, kept, set(asides(features, kept)))
    kept = without(features, kept, set(site_boxes(features, kept)), MOST_OF_SITE)
    begun = speaking(page.texts[: kept[-1] + 1])
    kept = without_boxes(features, kept, set(boxes(features, kept, begun)))
    kept = without(features, kept, set(teasers(features, kept)))
    kept = without(features, kept, set(labelled(features, kept, begun)))
    kept = without(features, kept, {*headlines(features, kept), *card_texts(features, kept)})
    kept = without(features, kept, set(invitations(features, kept, begun)))
    kept = without_offer(features, kept)
    kept = with_subheadings(features, kept, chosen)
    kept = with_lead(features, with_openers(features, with_tables(features, kept)), chosen)
    return without_end(features, without_repeats(features, kept))


def without(features: PageFeatures, kept: list[int], dropped: set[int], most: float = MOST) -> list[int]:
    """Return the kept blocks but for the dropped ones, unless these are too much of the article."""
    if not dropped:
        return kept
    rest = [index for index in kept if index not in dropped]
    words = float(features.words[features.at(kept)].sum())
    return rest if words - float(features.words[rest].sum()) <= most * words else kept


def without_boxes(features: PageFeatures, kept: list[int], dropped: set[int]) -> list[int]:
    """Return the kept blocks without those of boxes; a list of other articles may be longer than a brief report above it."""
    if not dropped:
        return kept
    first = min(dropped)
    above = [index for index in kept if index < first]
    label = features.page.texts[first]
    told = float(features.words[above].sum()) >= BEFORE_COMMENTS and float(features.good[above].sum()) > 0
    brief = told and box_headings().teasers.fullmatch(label.rstrip(_BETWEEN)) is not None
    return without(features, kept, dropped, 1.0 if brief else MOST)


def below_title(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks without lists of other articles above the title, where enough stands below it."""
    title = features.title_block
    if kept[0] >= title or is_inside(features, kept, title):
        return kept
    above = [index for index in kept if index < title]
    below = [index for index in kept if index >= title]
    words = float(features.words[below].sum())
    if words < BELOW_TITLE or words < BELOW_SHARE * float(features.words[features.at(kept)].sum()):
        return kept
    # A line or two may be a kicker or a deck; sentences are a teaser, or speak of the site.
    told = features.tags[title] == "h1" and features.good[above].any()
    if (
        len(above) >= 3
        or told
        or any(features.links[index] < CARD_LINKS and card_of(features, index, {}) >= 0 for index in above)
    ):
        return below
    # In another cell of an old page they are its menu, or the weather.
    cell, *others = (cell_of(features.page, features.page.owners[index]) for index in (title, *above))
    beside = features.tables[title] >= 0 and cell not in others
    return below if beside and not features.good[above].any() else kept


def is_inside(features: PageFeatures, kept: list[int], title: int) -> bool:
    """Return whether a heading with the title's words is one within the text: sentences above and below it are siblings."""
    page = features.page
    told = [index for index in kept if features.good[index] > 0 and features.links[index] < FEW_LINKS]
    beside = {page.above(index) for index in told if index > title}
    return any(page.above(index) in beside for index in told if index < title)


def without_consent(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks without requests for consent above the title, whatever their element is called.

    What stands beside a request in a box of its own is part of it.
    """
    page, title = features.page, features.title_block
    above = kept[: bisect_left(kept, title)]
    boxes = {page.above(index) for index in above}
    asking = {box for box in boxes if box >= 0 and asks(page, box, title)}
    gone = {index for index in above if is_request(page.texts[index]) or page.above(index) in asking}
    # At the foot of a page without names such a request is the last of the text, or follows a brief; it may stand twice.
    foot = kept[1:] if len(kept) <= BRIEF_BLOCKS else kept[1:][-FOOT:]
    # One look at all of them tells of nearly every page that none is.
    texts = "\n".join([page.texts[index] for index in foot])
    asked = [index for index in foot if is_request(page.texts[index])] if may_be_request(texts) else []
    if asked:
        same = {page.texts[index] for index in asked}
        if not any(signs(page.texts[index]) for index in kept if index < asked[0] and page.texts[index] not in same):
            gone.update(index for index in kept if page.texts[index] in same)
    return [index for index in kept if index not in gone] if gone else kept


def asks(page: Page, box: int, title: int) -> bool:
    """Return whether a small box without the title asks for consent."""
    blocks = page.blocks(box)
    if page.tags[box] in WHOLE or len(blocks) > BOX_BLOCKS or title in blocks:
        return False
    return any(is_request(page.texts[index]) for index in blocks)


def without_captions(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks without captions, unless they tell the story."""
    found = set(captions(features, kept))
    return kept if not found or tell_story(features, kept, found) else without(features, kept, found, MOST_CAPTIONS)


def teasers(features: PageFeatures, kept: list[int]) -> Iterator[int]:
    """Yield the kept blocks that lead to another article: "Read also" and a link, or headlines with a line below each."""
    headings = box_headings()
    announced = [index for index in kept if is_announcement(features, index)]
    if len(announced) >= ANNOUNCEMENTS:
        yield from announced
    blocks = features.at(kept)
    links = features.links[blocks]
    for index in blocks[(links > 0) & (features.words[blocks] <= TEASER_WORDS)].tolist():
        text, chars = features.page.texts[index], features.page.link_chars[index]
        handed = text[0] in _HANDS and chars >= FOLLOWING_LINKS * len(text.strip(_HANDS + _BETWEEN))
        # Newspapers set a headline in brackets among the paragraphs.
        bracketed = text[0] == "[" and text[-1] == "]" and chars >= len(text) - 4
        if handed or bracketed or is_menu(text, chars):
            yield index
        elif headings.teasers_begin.may_begin(text) and (label := headings.teasers.match(text)):
            # The label is often none of the link, and may be longer than it.
            behind = len(text[label.end() :].strip(_BETWEEN))
            if chars >= TEASER_LINKS * len(text) or chars >= FOLLOWING_LINKS * behind:
                yield index
    for index in blocks[links >= MOSTLY_LINKS].tolist():
        text, chars = features.page.texts[index], features.page.link_chars[index]
        if "\n" in text and features.tags[index] not in HEADINGS and is_list(text, chars):
            yield index


def is_list(text: str, link_chars: int) -> bool:
    """Return whether a block is a label of other articles with lines of links below it: old pages break no block there."""
    label, *lines = text.split("\n")
    if box_headings().teasers.fullmatch(label.rstrip(_BETWEEN)) is None or any(line.endswith(_STOPS) for line in lines):
        return False
    return link_chars >= LISTED_SHARE * sum(len(line.strip(_BULLETS)) for line in lines)


def headlines(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks between two sentences that are one link, as long as a headline, and no sentence.

    One or two lead elsewhere; more are what the text is built of: books, products, companies.
    """
    good, ends = features.good, features.shapes[4]
    found = [
        index
        for before, index, after in zip(kept, kept[1:], kept[2:], strict=False)
        if features.links[index] >= WHOLE_LINK and good[before] and good[after] and not ends[index]
    ]
    found = [index for index in found if HEADLINE[0] <= features.words[index] <= HEADLINE[1]]
    among = [index for index in found if features.tags[index] not in HEADINGS]
    return among if len(found) <= FEW_HEADLINES else []


def card_texts(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks of cards of other articles, one or two among the paragraphs: below a linked headline in its box."""
    page, blocks = features.page, features.at(kept)[1:-1]
    brief = (features.links[blocks - 1] >= WHOLE_LINK) & (features.words[blocks] <= CARD_WORDS)
    found = [
        index
        for index in blocks[brief].tolist()
        if features.tags[index - 1] in HEADINGS
        and any(
            page.starts[box] == index - 1 and page.ends[box] == index + 1
            for box in page.around(index, features.title_block)
        )
    ]
    return found if len(found) <= FEW_HEADLINES else []


def is_menu(text: str, link_chars: int) -> bool:
    """Return whether a block is a line of links with bars between them, or of the articles before and after, with arrows."""
    if text[0] == "←" and text[-1] == "→" and link_chars >= MENU_LINKS * (len(text.strip("← →")) - len(" | ")):
        return True
    bars = text.count(" | ")
    return bars >= MENU_BARS and link_chars >= MENU_LINKS * (len(text) - len(" | ") * bars)


def labelled(features: PageFeatures, kept: list[int], begun: set[int]) -> Iterator[int]:
    """Yield the kept blocks that are a label of other articles ("Read more:") with links alone below it, or at the end."""
    headings, texts = box_headings(), features.page.texts
    labels = [at for at, index in enumerate(kept) if index in begun and len(texts[index]) < LABEL_CHARS]
    links = (features.links[features.at(kept)] >= LISTED_LINKS).tolist() if labels else []
    end = told = 0
    for at in labels:
        text = texts[kept[at]]
        if headings.teasers_begin.may_begin(text):
            # Labels one below the other end at the same place.
            end = max(end, at + 1)
            while end < len(kept) and links[end]:
                end += 1
            if (end > at + 1 or at == len(kept) - 1) and headings.teasers.fullmatch(text.rstrip(_BETWEEN)):
                yield from kept[max(at, told) : end]
                told = end


def is_announcement(features: PageFeatures, index: int) -> bool:
    """Return whether a block's first line, some words long, is a link, and others below it are none."""
    text = features.page.texts[index]
    line = text.find("\n")
    return (
        0 < line == features.page.link_chars[index]
        and text.count(" ", 0, line) >= 2
        and float(features.words[index]) <= ANNOUNCEMENT_WORDS
    )


def boxes(features: PageFeatures, kept: list[int], begun: set[int]) -> Iterator[int]:
    """Yield the blocks of boxes that begin with a heading of highlights, of contents, or of other articles."""
    page, last, title = features.page, kept[-1], features.title_block
    headings = box_headings()
    for index in sorted(begun):
        text = page.texts[index]
        if (
            index <= last
            and len(text) < 40
            and text.count(" ") < HEADING_WORDS
            and headings.boxes_begin.may_begin(text)
            and headings.boxes.fullmatch(text)
        ):
            box = page.owners[index]
            while box >= 0 and page.ends[box] - page.starts[box] < 2:
                box = page.parents[box]
            blocks = page.blocks(box) if box >= 0 else range(0)
            begins = blocks[:1] == range(index, index + 1) and page.tags[box] not in ("body", "main")
            if begins and page.tags[box] == "article":
                # Systems set a box of other articles into one of its own.
                begins = 0 <= title < index and float(features.words[blocks].sum()) <= ANNOUNCEMENT_WORDS
            if begins and (not headings.contents.fullmatch(text) or are_links(page, blocks[1:])):
                yield from blocks


def are_links(page: Page, blocks: range) -> bool:
    """Return whether blocks are links for the most part: a table of contents is, a section about contents is none."""
    chars = sum(len(page.texts[index]) for index in blocks)
    return sum(page.link_chars[index] for index in blocks) >= LISTED_LINKS * chars
