"""The SQL of docs/api.md, on both stores."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from agents.archive.entries import EventEntry
from agents.archive.store import Store
from tests.agents.archive.conftest import START, article

DOCUMENT = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("opened", ["sqlite", "postgres"], indirect=True)
def test_the_documented_queries_find_articles(
    opened: Callable[[], Store], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Who asks the store by SQL as the document says gets the articles of a country, and stories with their numbers."""
    store = opened()
    story = EventEntry("story", "s1", "en-1", START.timestamp(), b"", member=f"{0:032x}")
    store.add([article(0, "oil rises"), article(1, "oil falls", country="CL")], [story])
    store.close()
    [block] = re.findall(r"```sql\n(.*?)```", DOCUMENT, re.DOTALL)
    asked = dict(re.findall(r"-- (\w+):[^\n]*\n([^;]+;)", block))
    if request.node.callspec.params["opened"] == "sqlite":
        with sqlite3.connect(tmp_path / "archive.db") as connection:
            answers = [connection.execute(asked[of]).fetchall() for of in ("SQLite", "either")]
    else:
        with psycopg.connect(request.getfixturevalue("postgres").url) as server:
            answers = [server.execute(asked[of]).fetchall() for of in ("PostgreSQL", "either")]
    [latest, stories] = answers
    assert [row[2] for row in latest] == ["Article 0"]
    assert stories == [("en-1", 1, "Article 0")]
