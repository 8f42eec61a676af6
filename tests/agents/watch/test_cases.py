"""Twenty watches on invented news: recall and precision.

Each file in `cases` holds a question, the watch that asks it, and short articles labelled by the question, not by the
query: some that answer it are worded so that the query misses them.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from agents.watch.files import read_record
from agents.watch.lint import lint
from agents.watch.matching.matcher import Matcher
from streams.records import Tagged

CASES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).parent.glob("cases/*.toml"))
}

MIN_PRECISION, MIN_RECALL = 0.95, 0.90


@pytest.fixture(scope="module")
def judged(article: Callable[..., Tagged], about: Any, on: Any) -> list[tuple[str, bool, bool, str]]:
    """Return for each article: its watch, whether it should match, whether it does, and its title.

    All watches are in one matcher, as they are when they run.
    """
    matcher = Matcher(read_record(orjson.dumps(case["watch"])) for case in CASES.values())
    found = []
    for name, case in CASES.items():
        for label in ("match", "miss"):
            for given in case[label]:
                fields: dict[str, Any] = {"language": given.get("language", "en")}
                fields["regions"] = [about(country) for country in given.get("regions", [])]
                fields["topics"] = [on(topic) for topic in given.get("topics", [])]
                record = article(given["title"], given["text"], **fields)
                matched = name in [match.watch.name for match in matcher.match(record)]
                found.append((name, label == "match", matched, given["title"]))
    return found


def test_cases_are_twenty_with_half_of_them_hard_negatives() -> None:
    """Each watch has twelve articles or more, about half of them to be left out."""
    assert len(CASES) == 20
    for case in CASES.values():
        assert len(case["match"]) >= 6
        assert len(case["miss"]) >= 6


def test_precision_over_all_watches(judged: list[tuple[str, bool, bool, str]]) -> None:
    """Of 100 matches 95 are right."""
    found = [each for each in judged if each[2]]
    wrong = [(name, title) for name, right, _, title in found if not right]
    assert 1 - len(wrong) / len(found) >= MIN_PRECISION, wrong


def test_recall_over_all_watches(judged: list[tuple[str, bool, bool, str]]) -> None:
    """Of 100 articles that should be found 90 are."""
    wanted = [each for each in judged if each[1]]
    missed = [(name, title) for name, _, matched, title in wanted if not matched]
    assert 1 - len(missed) / len(wanted) >= MIN_RECALL, missed


@pytest.mark.parametrize("name", CASES)
def test_watch_of_a_case_has_nothing_odd(name: str) -> None:
    """Lint finds nothing in the watches that we show as examples."""
    assert lint(read_record(orjson.dumps(CASES[name]["watch"]))) == []
