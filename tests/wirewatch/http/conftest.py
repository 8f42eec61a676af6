"""A browser, and the page of a worker whose history a search finds two articles in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from tests.support.browser import as_at_first, chromium, serving_pages
from tests.support.search_page import fill_page


@pytest.fixture(scope="package")
def shared_browser() -> Iterator[Chrome]:
    """A browser for all these modules: it takes seconds to start."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def browser(shared_browser: Chrome) -> Chrome:
    """A browser, with the screen and the colours that it had at first."""
    as_at_first(shared_browser)
    return shared_browser


@pytest.fixture(scope="package")
def history(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a history of two articles with the word `zygote` and many without."""
    path: Path = tmp_path_factory.mktemp("page") / "archive.db"
    fill_page(path)
    return f"sqlite:{path}"


@pytest.fixture(scope="package")
def url(history: str) -> Iterator[str]:
    """The address of a worker with that history."""
    with serving_pages(history) as address:
        yield address
