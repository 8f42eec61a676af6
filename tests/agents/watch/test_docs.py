"""The page on watches: all that it shows can be used as it stands."""

import re
from pathlib import Path

import pytest

from agents.watch.files import read_toml
from agents.watch.language.parse import parse
from agents.watch.lint import lint
from agents.watch.records import Watch
from streams.records import WatchRecord

PAGE = (Path(__file__).parents[3] / "docs" / "watches.md").read_text(encoding="utf-8")
QUERIES = [query.strip() for query in re.findall(r"```query\n(.*?)```", PAGE, re.DOTALL)]


def test_cookbook_has_ten_recipes() -> None:
    """Ten, as the page says."""
    assert len(QUERIES) == 10


@pytest.mark.parametrize("query", QUERIES)
def test_recipe_is_read_and_has_nothing_odd(query: str) -> None:
    """Each recipe can be copied into a watch, and lint finds nothing in it."""
    assert lint(Watch(record=WatchRecord(name="w", query=query), query=parse(query))) == []


def test_example_file_shows_every_setting() -> None:
    """The examples are read without a fault and leave no field out."""
    shown: set[str] = set()
    for example in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL):
        watches, faults = read_toml(example, "example.toml")
        assert faults == []
        assert len(watches) == 1
        shown |= set(re.findall(r"^(\w+) =", example, re.MULTILINE))
    assert shown == set(WatchRecord.__struct_fields__) - {"schema"}


def test_table_of_the_language_can_be_read() -> None:
    """Each piece in the table's first column is a query."""
    table = PAGE.split("| write | finds |")[1].split("\n\n")[0]
    codes = [code for row in table.splitlines()[2:] for code in re.findall(r"`([^`]+)`", row.split(" | ")[0])]
    queries = [parse(code.replace("a NOT b", "a AND NOT b")) for code in codes if code != "( )"]
    assert len(queries) > 20
