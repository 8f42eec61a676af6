"""The rough text of entries and pages: tags and scripts are no part of it, and none that is never closed costs more than once."""

from pathlib import Path

import pytest

from agents.fetch.asking.documents import long_lines, visible
from agents.fetch.files.found import Reading
from agents.fetch.files.reading import read_page
from streams.records import Raw

LINE = "The council voted to keep the ferry until the new bridge is open to lorries in spring."
pytestmark = pytest.mark.timeout(60)  # each took minutes where it was looked for an end from each start


def test_tags_and_scripts_are_left_out() -> None:
    """Also a script that is never closed, with all that follows it."""
    assert visible(f"<p class='a'>{LINE}</p><script>let a = 1 < 2;</script> <b>Then</b><style>p {{}}") == f"{LINE} Then"
    assert long_lines(f"<div>{LINE}</div><p>short</p><br>{LINE} <i>Twice.</i>") == [LINE, f"{LINE} Twice."]


@pytest.mark.parametrize("sign", ["<", "<p ", "<script>", "</script "])
def test_tags_that_never_end_are_read_once(sign: str) -> None:
    """The line before them stays."""
    assert visible(f"{LINE}{sign * 300_000}").startswith(LINE)
    assert long_lines(f"{LINE}<br>{sign * 300_000}")[0] == LINE


@pytest.mark.parametrize("tag", ["<link ", "<link rel=canonical ", "<meta property=og:url "])
def test_a_page_of_links_without_end_has_no_address(tmp_path: Path, tag: str) -> None:
    """A saved page is looked through once for the tag that names it."""
    (page := tmp_path / "page.html").write_text(f"<html>{tag * 100_000}")
    assert url_of(page) is None
    page.write_text(f"<html>{tag}><link rel='canonical' href='https://harbour.example/ferry'>")
    assert url_of(page) == "https://harbour.example/ferry"


def url_of(page: Path) -> str | None:
    """Return the address that a saved page names."""
    found = read_page(page, Reading(8 << 20))
    assert isinstance(found, Raw), found
    return found.url
