"""Word lists in files: their two spellings, and faults that name the file and the list."""

import sys
from pathlib import Path

import pytest

from streams.text.word_lists import WordListError, by_language, word_lists


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package without code, whose name is its folder's."""
    folder = tmp_path / f"lists_{tmp_path.name}"
    folder.mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return folder


def test_both_spellings_are_read_in_order(package: Path) -> None:
    """Words stand in a string over several lines, entries with spaces in an array."""
    (package / "word_lists.toml").write_text(
        'b = """pear\n  apple"""\na = ["black currant", "fig"]\n', encoding="utf-8"
    )
    lists = word_lists(package.name)
    assert list(lists.items()) == [("b", ("pear", "apple")), ("a", ("black currant", "fig"))]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("fruit = 3", "fruit"),
        ("fruit = ''", "fruit"),
        ("fruit = ['fig', 3]", "fruit"),
        ("fruit = 'fig pear fig'", "'fig'"),
        ("fruit = fig", "line 1"),
    ],
)
def test_faults_name_file_and_list(package: Path, text: str, fault: str) -> None:
    """A number, an empty list, a word that stands twice, and a file that is no TOML."""
    (package / "fruit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(WordListError, match=rf"{package.name}/fruit\.toml: .*{fault}"):
        word_lists(package.name, "fruit.toml")


def test_a_missing_file_is_named(package: Path) -> None:
    """The error says which file was looked for."""
    with pytest.raises(WordListError, match=r"nowhere\.toml"):
        word_lists(package.name, "nowhere.toml")


def test_entries_that_begin_with_a_language_are_put_together() -> None:
    """A language may have several."""
    assert by_language(["es Meta Salta", "pt Natal", "es Colina"]) == {
        "es": {"Meta", "Salta", "Colina"},
        "pt": {"Natal"},
    }
