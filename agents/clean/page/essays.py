"""Photo essays: articles that the captions of their pictures tell, with little text between."""

from agents.clean.page.features import GOOD_LINKS, PageFeatures
from agents.clean.page.results import common_element
from agents.clean.page.slides import LEVELS, SlideShows
from agents.clean.page.vocabulary import PLACE_BIT

#: Captions that tell a story, at least, and words of one. Most pictures of a report come with a line of a few words.
FEWEST, CAPTION_WORDS = 4, 12
#: Words of these captions for each word of the text between them, at least.
TOLD = 1.0
_CAPTION = PLACE_BIT["figcaption"]
_ELSEWHERE = PLACE_BIT["aside"] | PLACE_BIT["nav"] | PLACE_BIT["footer"]


def with_captions(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks with the captions among them and right below, where these tell more than the text does.

    They stand in `figcaption`, outside of slide shows, often with a credit behind. A report with many pictures has more text
    than captions.
    """
    page = features.page
    if len(page.pictures) < FEWEST or "figcaption" not in page.tags:
        return kept
    within = page.blocks(common_element(page, kept))
    text = float(features.words[features.at(kept)].sum())
    found = [
        index
        for index in range(max(kept[0], features.title_block + 1), within.stop)
        if (mask := page.ancestors[page.owners[index]]) & _CAPTION
        and not mask & _ELSEWHERE
        and features.words[index] >= CAPTION_WORDS
        and features.links[index] < GOOD_LINKS
    ]
    own = set(kept).intersection(found)
    text -= float(features.words[sorted(own)].sum()) if own else 0.0
    if len(found) < FEWEST or float(features.words[found].sum()) < TOLD * text:
        return kept
    slides = SlideShows(page, features.title_block)
    if any(slides.level(page.owners[index]) < LEVELS for index in found):
        return kept
    return sorted({*kept, *found})
