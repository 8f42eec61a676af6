"""Tables of an article: results, standings, budgets and votes are lines of its text, and layouts are none."""

from bisect import bisect_left
from collections.abc import Iterator

import numpy as np

from agents.clean.page.blocks import Page
from agents.clean.page.features import PageFeatures
from agents.clean.page.vocabulary import PART_BIT, PLACE_BIT

#: Fewest rows of a table of results.
TABLE_ROWS = 4
#: Fewest and most cells in a row.
TABLE_CELLS = (2, 12)
#: Most words of a cell, at the median.
CELL_WORDS = 12
#: Largest share of link in the table.
TABLE_LINKS = 0.5
#: A score by parts of a match: the two sides below a row of headings, and cells in a row.
SCORE_ROWS, SCORE_CELLS = 3, 5
#: Most cells of a row of data.
ROW_CELLS = 200
#: Most characters of a cell.
CELL_CHARS = 300
#: Blocks between the last of the text and a table of results below it, at most: its heading.
BELOW_END = 3
#: Elements above a block in which its cell is looked for.
CELL_LEVELS = 6
#: Blocks of a page's tables that are looked at: those of tables in tables count once for each.
TABLE_BLOCKS = 20_000
_OUTSIDE = PART_BIT["comment"] | PART_BIT["related"] | PLACE_BIT["aside"] | PLACE_BIT["nav"]


def with_tables(features: PageFeatures, kept: list[int]) -> list[int]:
    """Return the kept blocks with the tables of results among them: standings, budgets, votes."""
    page = features.page
    tables = sorted({table for table in features.tables if table >= 0})
    if not tables:
        return kept
    first, last = kept[0], kept[-1]
    body = common_element(page, kept)
    chosen = set(kept)
    left = TABLE_BLOCKS
    for table in tables:
        start, end = page.starts[table], page.ends[table]
        if start <= first or start > last + BELOW_END or not (page.starts[body] <= start and end <= page.ends[body]):
            continue
        left -= end - start
        if left < 0:
            break
        if not page.ancestors[table] & _OUTSIDE and is_results(features, table):
            chosen.update(range(start, end))
    return sorted(chosen)


def ancestors(page: Page, element: int) -> Iterator[int]:
    """Yield an element and those above it."""
    while element >= 0:
        yield element
        element = page.parents[element]


def common_element(page: Page, kept: list[int]) -> int:
    """Return the lowest element around at least nine tenths of the kept blocks, which are in order."""
    best = 0
    for element in ancestors(page, page.owners[kept[len(kept) // 2]]):
        best = element
        inside = bisect_left(kept, page.ends[element]) - bisect_left(kept, page.starts[element])
        if inside >= 0.9 * len(kept):
            break
    return best


def is_results(features: PageFeatures, table: int) -> bool:
    """Return whether a table has rows of short cells, and no other table or menu in it."""
    page = features.page
    start, end = page.starts[table], page.ends[table]
    rows = {row_of(page, index) for index in range(start, end)} - {-1}
    cells = (end - start) / max(1, len(rows))
    if len(rows) < (TABLE_ROWS if cells < SCORE_CELLS else SCORE_ROWS) or not TABLE_CELLS[0] <= cells <= TABLE_CELLS[1]:
        return False
    chars = sum(len(page.texts[index]) for index in range(start, end))
    if sum(page.link_chars[start:end]) > TABLE_LINKS * chars:
        return False
    return float(np.median(features.words[start:end])) <= CELL_WORDS


def row_of(page: Page, index: int) -> int:
    """Return the row that a block's cell belongs to, -1 outside of tables."""
    element = page.owners[index]
    for _ in range(4):
        if element < 0 or page.tags[element] == "table":
            return -1
        if page.tags[element] == "tr":
            return element
        element = page.parents[element]
    return -1


def cell_of(page: Page, element: int) -> int:
    """Return the cell that an element stands in, near above it, or the element itself."""
    above = element
    for _ in range(CELL_LEVELS):
        if above < 0 or page.tags[above] in ("td", "th"):
            return above
        above = page.parents[above]
    return element


def holds_data(page: Page, row: int) -> bool:
    """Return whether a table's row has short cells of one block each; old pages are laid out with tables, too."""
    start, end = page.starts[row], page.ends[row]
    if end - start > ROW_CELLS:
        return False
    cells = [cell_of(page, owner) for owner in page.owners[start:end]]
    return len(set(cells)) == len(cells) and max(map(len, page.texts[start:end])) <= CELL_CHARS
