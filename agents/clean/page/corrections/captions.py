"""Captions of pictures, which are no text of a report; of a photo essay they tell the story, with little text between."""

from collections.abc import Iterator

from agents.clean.page.blocks import Page
from agents.clean.page.corrections.slides import LEVELS, SlideShows, is_caption, is_deck
from agents.clean.page.features import GOOD_LINKS, PageFeatures
from agents.clean.page.labels import box_headings
from agents.clean.page.results import common_element
from agents.clean.page.vocabulary import NAMES_READ, PLACE_BIT

#: Most words of a caption.
MOST_WORDS = 60
#: Characters at a caption's end in which its credit is looked for.
CREDIT_CHARS = 40
#: Share of captions in the article's words, at most: a short report may have many pictures, but where captions are more than
#: half, the story is told by them.
MOST_CAPTIONS = 0.5
#: Fewest captions in `figcaption` that tell a story. Most pictures of a report come with a line of a few words.
FEWEST = 4
#: Fewest words of such a caption.
TELLING_WORDS = 12
#: Words of these captions for each word of the text between them, at least.
TOLD = 1.0
_CAPTION = PLACE_BIT["figcaption"]
_ELSEWHERE = PLACE_BIT["aside"] | PLACE_BIT["nav"] | PLACE_BIT["footer"]


def captions(features: PageFeatures, kept: list[int]) -> Iterator[int]:
    """Yield the kept blocks that are captions, and a deck above the text.

    Those are named so, in a slide show, alone with a picture above the text, or name the photographer of a picture that they
    hold or stand below.

    Within the text a paragraph alone with its picture is as often the way in which a guide is written.
    """
    page = features.page
    in_slides = SlideShows(page, features.title_block)
    with_picture = set(page.pictures)
    below_picture = {
        (page.parents[element], page.starts[element])
        for element in with_picture
        if element >= 0 and page.starts[element] == page.ends[element]
    }
    begun = False
    blocks = features.at(kept)
    captioned, good = features.captioned[blocks].tolist(), (features.good[blocks] > 0).tolist()
    short = (features.words[blocks] <= MOST_WORDS).tolist()
    for index, alone, sentence, brief in zip(kept, captioned, good, short, strict=True):
        owner = page.owners[index]
        name = page.names[owner][:NAMES_READ]
        deck = not begun and name != "" and is_deck(name)
        above = alone or bool(page.ancestors[owner] & _CAPTION)
        begun = begun or (sentence and not above and not deck)
        if brief and (
            deck
            or (above and not begun)
            or (with_picture and is_credited(page, index, with_picture, below_picture))
            or (name and is_caption(name))
            or in_slides.level(owner) < LEVELS
        ):
            yield index


def is_credited(page: Page, index: int, with_picture: set[int], below_picture: set[tuple[int, int]]) -> bool:
    """Return whether a block names the photographer of a picture in its element, or at its end that of one around or above it."""
    owner, text = page.owners[index], page.texts[index]
    if owner in with_picture and box_headings().credit.search(text):
        return True
    above = page.parents[owner]
    around = above >= 0 and above in with_picture and page.ends[above] - page.starts[above] == 1
    below = (above, index) in below_picture
    return (around or below) and box_headings().credit.search(text[-CREDIT_CHARS:]) is not None


def tell_story(features: PageFeatures, kept: list[int], found: set[int]) -> bool:
    """Return whether the captions `found` among the kept blocks, and longer ones by their names, are most of the article."""
    page = features.page
    named = [index for index in kept if index in found or is_caption(page.names[page.owners[index]][:NAMES_READ])]
    return float(features.words[named].sum()) > MOST_CAPTIONS * float(features.words[features.at(kept)].sum())


def with_captions(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks with the captions among them and right below, where these tell more than the text does.

    They stand in `figcaption`, outside of slide shows, often with a credit behind. A report with many pictures has more text
    than captions.
    """
    page = features.page
    if len(page.pictures) < FEWEST or "figcaption" not in page.tags:
        return kept
    within = page.blocks(common_element(page, kept))
    found = [
        index
        for index in range(max(kept[0], features.title_block + 1), within.stop)
        if (mask := page.ancestors[page.owners[index]]) & _CAPTION
        and not mask & _ELSEWHERE
        and features.words[index] >= TELLING_WORDS
        and features.links[index] < GOOD_LINKS
    ]
    telling = set(found)
    text = float(features.words[[index for index in kept if index not in telling]].sum())
    if len(found) < FEWEST or float(features.words[found].sum()) < TOLD * text:
        return kept
    slides = SlideShows(page, features.title_block)
    if any(slides.level(page.owners[index]) < LEVELS for index in found):
        return kept
    return sorted(telling.union(kept))
