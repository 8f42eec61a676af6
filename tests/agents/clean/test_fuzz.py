"""A seeded share of the inputs of tools/fuzz.py: 20,000 are run by hand."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    """Return tools/fuzz.py."""
    spec = importlib.util.spec_from_file_location("tools_fuzz", ROOT / "tools" / "fuzz.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["tools_fuzz"] = module
    spec.loader.exec_module(module)
    return module


def test_mutated_pages_are_cleaned_or_refused(fuzz: ModuleType) -> None:
    """Whatever a page or a text has become, it gives an article or a refusal, and no other error."""
    findings = fuzz.run(seed=7, count=100)
    assert findings.errors == []
    assert findings.outcomes["ok"] > 20


def test_mutated_feeds_sitemaps_and_tables_are_read_or_refused(fuzz: ModuleType) -> None:
    """Whatever a document has become, its readable parts are read, and nothing else happens."""
    findings = fuzz.run_documents(seed=7, count=150)
    assert findings.errors == []
    assert {"rss", "atom", "json", "sitemap", ".csv Raw", ".json Raw"} <= findings.outcomes.keys()


def test_a_seed_gives_the_same_inputs(fuzz: ModuleType) -> None:
    """An input that failed is found again by its seed and number."""
    first, second = (dict(fuzz.inputs(3, 5)) for _ in range(2))
    assert first == second
