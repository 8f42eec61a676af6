"""Blocks that speak of the site: invitations to newsletters and channels, boxes of these, notes, credits alone."""

from collections import Counter
from collections.abc import Iterator

from agents.clean.page.blocks import Page
from agents.clean.page.corrections.captions import CREDIT_CHARS
from agents.clean.page.corrections.cards import Kind, numbered, whole_card
from agents.clean.page.features import HEADINGS, WHOLE, PageFeatures
from agents.clean.page.labels import box_headings, is_credit, is_invitation

#: Most characters of an invitation to a newsletter.
INVITATION_CHARS = 280
#: Most words of the box below it.
INVITING_WORDS = 60
#: Most blocks of that box.
BOX_BLOCKS = 20
#: Most characters of a paragraph that praises the site before it invites.
PROMOTION_CHARS = 400
#: What one subscribes to, in most languages.
NEWSLETTER = "newsletter"
#: Most characters of a heading that is a channel's name alone.
NAME_CHARS = 40
#: Smallest share of link in a block that leads on to the channel.
WHOLE_LINK = 0.98
#: Fields of a page that are looked at for each such heading.
MOST_FIELDS = 100


def invitations(features: PageFeatures, kept: list[int], begun: set[int]) -> Iterator[int]:
    """Yield the kept blocks that speak of the site: "Sign up for our newsletter", "Got a tip?", "Photo: Jane Doe".

    Where one is the heading of a small box, all of the box does.
    """
    page = features.page
    yield from below_channels(features, range(kept[0] + 1, kept[-1]), begun)
    yield from promotions(page, kept)
    for index in kept:
        text = page.texts[index]
        if len(text) > INVITATION_CHARS:
            continue
        if is_invitation(text, begun=index in begun):
            box = page.above(index)
            inside = page.blocks(box) if page.tags[box] not in WHOLE else range(0)
            own = inside[:1] == range(index, index + 1) and len(inside) <= BOX_BLOCKS
            yield from inside if own and float(features.words[inside].sum()) <= INVITING_WORDS else (index,)
        elif index in begun and len(text) <= 2 * CREDIT_CHARS and is_credit(text):
            yield index


def promotions(page: Page, kept: list[int]) -> Iterator[int]:
    """Yield the kept paragraphs of two sentences, the second of which asks to subscribe: advertisements of the site's own.

    A newsletter is mostly the site's. News says, too, where else somebody is followed, but in no paragraph that stands apart.
    """
    found = [
        index
        for index in kept
        if page.link_chars[index] and len(page.texts[index]) <= PROMOTION_CHARS and ends_inviting(page.texts[index])
    ]
    if not found:
        return
    shared = Counter(wrapping(page, index) for index in kept)
    for index in found:
        apart = shared[wrapping(page, index)] == 1 and whole_card(page, page.owners[index]) != page.owners[index]
        if apart or NEWSLETTER in page.texts[index].rpartition(". ")[2].lower():
            yield index


def ends_inviting(text: str) -> bool:
    """Return whether a paragraph is two sentences, the second of which asks to subscribe."""
    praise, _, last = text.partition(". ")
    return bool(praise and last) and ". " not in last and is_invitation(last)


def wrapping(page: Page, index: int) -> Kind:
    """Return the kind of the largest element with nothing but a block: templates wrap each paragraph in one of a name."""
    return numbered(page, whole_card(page, page.owners[index]))


def below_channels(features: PageFeatures, blocks: range, begun: set[int]) -> Iterator[int]:
    """Yield the blocks of small boxes that begin with a heading which is a channel's name alone, kept or not: "Newsletter".

    They end in a link or a button, or have a field beside them: else a section tells of that channel.
    """
    page, channels = features.page, box_headings().channels
    for index in begun.intersection(blocks):
        if (
            features.tags[index] in HEADINGS
            and len(page.texts[index]) < NAME_CHARS
            and channels.fullmatch(page.texts[index])
        ):
            box = page.above(index)
            inside = page.blocks(box) if page.tags[box] not in WHOLE else range(0)
            if (
                inside[:1] == range(index, index + 1)
                and float(features.words[inside].sum()) <= INVITING_WORDS
                and (leads_on(features, inside[-1]) or has_field(features, page.parents[box]))
            ):
                yield from inside


def leads_on(features: PageFeatures, index: int) -> bool:
    """Return whether a block is nothing but a link or a button."""
    return features.tags[index] == "button" or bool(features.links[index] >= WHOLE_LINK)


def has_field(features: PageFeatures, element: int) -> bool:
    """Return whether a small element has a field to fill in."""
    page, inside = features.page, features.page.blocks(element)
    if len(inside) > BOX_BLOCKS or float(features.words[inside.start : inside.stop].sum()) > INVITING_WORDS:
        return False
    return any(
        inside.start <= page.starts[field] and page.ends[field] <= inside.stop for field in page.fields[:MOST_FIELDS]
    )
