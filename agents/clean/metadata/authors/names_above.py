"""Names above the heading: some blog systems set author, date and minutes to read there, and then the title."""

from agents.clean.metadata.authors.lines import MAX_NAME, is_spoken_of, lines_beside
from agents.clean.metadata.bylines.names import is_name_alone
from agents.clean.metadata.dates.labels import MAX_LABEL
from agents.clean.metadata.dates.parsing import parse_date
from agents.clean.page.blocks import Page
from agents.clean.page.places import Setting, first_heading, setting

#: Blocks above the heading that are looked at.
ABOVE = 4


def name_above_heading(page: Page) -> str:
    """Return the person's name right above the heading beside a date, of whom the page does not speak; else nothing."""
    start = first_heading(page)
    for at in range(start - 1, max(-1, start - 1 - ABOVE), -1):
        text = page.texts[at]
        if len(text) >= MAX_NAME or not is_name_alone(text) or setting(page, at, start) is not Setting.INSIDE:
            continue
        dated = any(len(line) <= MAX_LABEL and parse_date(line) for line in lines_beside(page, at))
        return text if dated and not is_spoken_of(page, text, at) else ""
    return ""
