"""docs/measured.md keeps one section for each bench."""

from pathlib import Path

from bench.measured import HEAD, record, table


def test_a_section_replaces_the_one_before_it_and_no_other(tmp_path: Path) -> None:
    """The newest figures of each bench stand in the place of the older ones; text between sections stays."""
    file = tmp_path / "measured.md"
    record("one", "One", "first figure", command="python bench/one.py", file=file)
    record("two", "Two", "other figure", command="python bench/two.py", file=file)
    file.write_text(
        file.read_text(encoding="utf-8").replace("<!-- two -->", "By hand.\n\n<!-- two -->"), encoding="utf-8"
    )

    record("one", "One", "new \\1 figure", command="python bench/one.py", file=file)

    text = file.read_text(encoding="utf-8")
    assert text.startswith(HEAD)
    assert text.index("new \\1 figure") < text.index("By hand.") < text.index("other figure")
    assert "first figure" not in text
    assert "`python bench/one.py`, 20" in text


def test_a_table_has_a_line_for_each_row() -> None:
    """Cells of any type are written as text."""
    assert table(["what", "value"], [["speed", 1.5]]) == "| what | value |\n| --- | --- |\n| speed | 1.5 |"
