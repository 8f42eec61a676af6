"""`wirewatch watches check` says which languages a `topic:` reaches."""

from pathlib import Path

from click.testing import CliRunner

from wirewatch.cli import main


def check(tmp_path: Path, query: str) -> str:
    """Return the output of the check of one watch."""
    path = tmp_path / "strikes.toml"
    path.write_text(f"query = '{query}'\n", encoding="utf-8")
    return CliRunner().invoke(main, ["watches", "check", str(path)]).output.replace("\n", " ")


def test_a_topic_says_its_languages(tmp_path: Path) -> None:
    """Who watches a topic reads where it is known."""
    out = check(tmp_path, "topic:labour AND port")
    assert "strikes: topic: reaches articles in" in out
    assert " es," in out
    assert " cs," not in out
    assert "0 findings" in out


def test_a_topic_in_languages_without_topics_never_matches(tmp_path: Path) -> None:
    """A watch that asks for a topic and for languages that have none is a finding, not a footnote."""
    out = check(tmp_path, "topic:labour AND (lang:th OR lang:vi)")
    assert "never matches: articles in th, vi have no topics" in out
    assert "1 finding" in out
    assert "0 findings" in check(tmp_path, "topic:labour AND (lang:th OR lang:sw)")


def test_words_alone_say_nothing_of_topics(tmp_path: Path) -> None:
    """Words are found in every language."""
    assert "topic:" not in check(tmp_path, "strike AND port")
