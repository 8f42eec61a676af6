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


def test_a_file_of_something_else_is_no_sample(tmp_path: Path) -> None:
    """Of many wrong lines some are told, and that nothing was read is an error: no finding would say nothing."""
    (tmp_path / "w.toml").write_text("query = 'oil'\n")
    (tmp_path / "raw.jsonl").write_text('{"url": "https://a.example/"}\n' * 40)
    path, file = str(tmp_path / "w.toml"), str(tmp_path / "raw.jsonl")
    for words in (["check", path, "--sample", file], ["backtest", path, "--file", file]):
        ended = CliRunner().invoke(main, ["watches", *words])
        assert ended.exit_code == 2
        assert "no tagged article is in the file" in ended.stderr.replace("\n", " ")
        assert "35 more lines" in ended.stderr
        assert len(ended.stderr.splitlines()) < 12


def test_words_alone_say_nothing_of_topics(tmp_path: Path) -> None:
    """Words are found in every language."""
    assert "topic:" not in check(tmp_path, "strike AND port")
