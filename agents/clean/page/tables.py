"""The tables of a page that its blocks stand in."""

from agents.clean.page.blocks import Page


def table_of(page: Page, element: int) -> int:
    """Return the table that an element stands in, at most five levels up; -1 outside."""
    for _ in range(6):
        if element < 0 or page.tags[element] == "table":
            return element
        element = page.parents[element]
    return -1


def tables_of(page: Page) -> tuple[list[int], dict[int, int], dict[int, int]]:
    """Return the table that each block of a page stands in (-1 outside), and the rows and cells of each."""
    rows: dict[int, int] = {}
    cells: dict[int, int] = {}
    if "tr" in page.tags:
        for element, tag in enumerate(page.tags):
            if tag == "tr":
                table = table_of(page, element)
                rows[table] = rows.get(table, 0) + 1
                cells[table] = cells.get(table, 0) + page.ends[element] - page.starts[element]
    if not rows:
        return [-1] * len(page.texts), rows, cells
    tables = [-1] * len(page.texts)
    known: dict[int, int] = {}
    for index in page.within("table"):
        owner = page.owners[index]
        if owner not in known:
            known[owner] = table_of(page, owner)
        tables[index] = known[owner]
    return tables, rows, cells
