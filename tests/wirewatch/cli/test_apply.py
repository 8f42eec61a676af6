"""`wirewatch apply` as people meet it: pages and folders, refusals with advice, the view of a terminal."""

import contextlib
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import orjson
import pytest

from streams.records import Raw, encode
from tests.support.commands import run
from tests.support.forked import forked
from wirewatch import testing
from wirewatch.cli.apply_records import Causes, Summary


def test_a_saved_page_is_tagged(tmp_path: Path) -> None:
    """`apply clean,tag page.html` needs no record around the page."""
    (tmp_path / "page.html").write_text(testing.page(), encoding="utf-8")
    code, out, _ = run("apply", "clean,tag", str(tmp_path / "page.html"))
    assert code == 0
    assert orjson.loads(out)["title"] == testing.TITLE
    assert orjson.loads(out)["primary_country"] == "CL"


def test_a_folder_is_read_and_what_is_no_page_is_named(tmp_path: Path) -> None:
    """Pages of a folder are cleaned and counted; other files are counted at the end, with what to do about each kind."""
    (tmp_path / "page.html").write_text(testing.page(), encoding="utf-8")
    (tmp_path / "feed.xml").write_text("<rss/>", encoding="utf-8")
    for n in range(6):
        (tmp_path / f"picture{n}.png").write_bytes(b"x")
    code, out, error = run("apply", "clean", str(tmp_path))
    assert code == 2
    assert len(out.splitlines()) == 1
    assert error.startswith("1 clean\nwirewatch: 7 not read: ")
    assert f"6 as {tmp_path}/picture0.png: neither .jsonl" in error
    assert "feed.xml" in error and "wirewatch apply poll" in error


def test_a_summary_counts_kinds_and_reasons() -> None:
    """The last line says how many of each kind came out, and why records are dead."""
    summary = Summary()
    for line in (
        b'{"schema":"wirewatch.tagged.v1"}',
        b'{"schema":"wirewatch.duplicate.v1"}',
        b'{"schema":"wirewatch.dead.v1","reason":"empty"}',
        b'{"schema":"wirewatch.dead.v1","reason":"too_large"}',
        b'{"schema":"wirewatch.tagged.v1"}',
    ):
        summary.add(line)
    assert str(summary) == "2 tagged, 1 duplicate, 2 dead (1 empty, 1 too_large)"
    assert str(Summary()) == "no records"


def test_refusals_are_told_without_a_terminal(tmp_path: Path) -> None:
    """A file of something else is not refused in silence: one line counts, and has the first error; the exit code stays."""
    (tmp_path / "list.json").write_text('[{"url": "https://a.example/1"}]\n')
    code, out, error = run("apply", "clean", str(tmp_path / "list.json"))
    assert code == 0
    assert orjson.loads(out)["reason"] == "invalid_record"
    assert error.startswith("1 dead (1 invalid_record); refused: line 1: a JSON object is needed, not list: ")
    assert "jq -c '.[]' FILE" in error and error.count("\n") == 1


def test_refused_pages_are_told_by_their_files(tmp_path: Path) -> None:
    """A page without an address has its file's name: the first of each cause is found in the folder, and each in the output."""
    (tmp_path / "old").mkdir()
    for name in ("1.html", "old/2.html"):
        (tmp_path / name).write_text("<html><body><nav>Home</nav></body></html>")
    code, out, error = run("apply", "clean", str(tmp_path))
    assert code == 0
    assert [orjson.loads(line)["ref"] for line in out.splitlines()] == ["1.html", "old/2.html"]
    assert "refused: 2 as 1.html: " in error


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("library.ris", "TY  - NEWS\nTI  - Harbour closed\nER  - \n"),
        ("library.bib", "\n@article{harbour,\n  title = {Harbour closed}\n}\n"),
    ],
)
def test_a_file_of_an_unknown_kind_is_refused_whole(tmp_path: Path, name: str, text: str) -> None:
    """As `ingest` refuses it: a dead record for each of its lines helps nobody. JSON under any name is read."""
    (tmp_path / name).write_text(text)
    code, out, error = run("apply", "clean", str(tmp_path / name))
    assert (code, out) == (2, "")
    assert error.startswith(f"wirewatch: {tmp_path / name}: neither .jsonl, .html, ")

    (tmp_path / name).write_text('{"url": "https://a.example/1"}\n' + text)
    code, out, _ = run("apply", "clean", str(tmp_path / name))
    assert (code, out.count("\n")) == (0, 1 + len(text.strip().splitlines()))


def test_a_summary_has_the_first_refusal_of_each_cause(tmp_path: Path) -> None:
    """However many there are of one, none hides another; places and sizes make no cause of their own."""
    lines = [f'{{"url": "https://a.example/{number}"}}' for number in range(30)]
    binary = b"".join(b"\n%*b" % (number % 7 + 1, bytes((number,))) for number in range(0xF0, 0x100))
    text = "\n".join([*lines, "[", '{"a": 1} {"b": 2}', "no json"])
    (tmp_path / "raw.jsonl").write_bytes(text.encode() + binary)
    _, _, error = run("apply", "clean", str(tmp_path / "raw.jsonl"))

    _, said = error.split("refused: ")
    assert [part.split(":")[0] for part in said.split("; ")] == [
        "30 as line 1", "16 as line 34", "line 31", "line 32", "line 33",
    ]  # fmt: skip
    assert error.count("jq -c") == 4  # of the list and of the line with two records, each with both commands


def test_a_folder_says_of_each_kind_why_it_was_not_read(tmp_path: Path) -> None:
    """Seven pictures do not hide a feed, a table and a list over several lines, each with what is to be done."""
    for number in range(7):
        (tmp_path / f"a{number}.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "feed.xml").write_text("<rss/>")
    (tmp_path / "list.json").write_text('[{"url": "https://a.example/1"},\n{"url": "https://a.example/2"}]\n')
    (tmp_path / "table.csv").write_text("url,headline\n")
    code, _, error = run("apply", "clean", str(tmp_path))

    assert code == 2
    assert error.startswith(f"wirewatch: 11 not read: 7 as {tmp_path}/a0.png: neither .jsonl")
    assert (
        f"`wirewatch apply poll {tmp_path}/feed.xml` reads its entries" in error and "among url, headline: `" in error
    )
    assert f"{tmp_path}/list.json:1: " in error and "`jq -c '.[]' FILE`" in error


def test_a_place_that_the_error_names_is_not_said_twice() -> None:
    """As of an entry without a text of its own, whose error begins with its address."""
    causes = Causes()
    causes.add("https://a.example/1", "https://a.example/1: the document holds no text of it", "https://a.example/1")
    causes.add("feed.xml", "no text")
    assert str(causes) == "https://a.example/1: the document holds no text of it; feed.xml: no text"


def test_more_causes_than_are_named_are_counted() -> None:
    """A folder of a hundred kinds of errors is told in a few, and how many are left."""
    causes = Causes()
    for number in range(300):
        causes.add(f"file{number}", f"error {'x' * number}")
    assert str(causes).startswith("100 as file200: error")
    assert str(causes).endswith(f"; and {300 - 100 - 7} for other reasons") and causes.total == 300


def test_a_file_of_another_kind_is_told_where_it_belongs(tmp_path: Path) -> None:
    """A feed and a picture given as JSON lines: the first refusal says how pages and feeds are taken."""
    for name, content in (("feed.jsonl", b"<rss><channel/></rss>"), ("picture.jsonl", b"\x89PNG\r\n")):
        (tmp_path / name).write_bytes(content)
        _, _, error = run("apply", "clean", str(tmp_path / name))
        assert "a saved page is named *.html, a feed goes through the step `poll`" in error
    (tmp_path / "raw.jsonl").write_bytes(b"{}\nbroken\n")
    assert "named *.html" not in run("apply", "clean", str(tmp_path / "raw.jsonl"))[2]


def test_a_page_is_no_file_for_a_later_step(tmp_path: Path) -> None:
    """Each line of a page would be a dead letter: the file is refused whole, with the step that reads pages."""
    (tmp_path / "page.html").write_text(testing.page(), encoding="utf-8")
    code, out, error = run("apply", "tag", str(tmp_path / "page.html"))
    assert (code, out) == (2, "")
    assert "page.html: the step tag takes lines of JSON, which `clean` makes of pages" in error


def test_the_file_before_the_steps_is_named(tmp_path: Path) -> None:
    """Whoever gives the file first hears of the order."""
    code, _, error = run("apply", str(tmp_path / "raw.jsonl"))
    assert code == 2
    assert "the steps come first, then the file" in error


def test_a_closed_standard_input_is_an_empty_one(tmp_path: Path) -> None:
    """A service without standard streams (`<&-`) gets no traceback."""
    command = [sys.executable, "-m", "wirewatch", "ingest", "--data", str(tmp_path / "data")]

    done = subprocess.run(
        ["sh", "-c", '"$@" <&- >&-', "sh", *command], cwd=tmp_path, stderr=subprocess.PIPE, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "0 sent, 0 refused" in done.stderr


def on_terminal(*words: str, output: BinaryIO | None = None) -> bytes:
    """Run a command at a terminal, or with its output in a file, and return all that the terminal gets."""
    ours, theirs = pty.openpty()
    process = forked().start(words, output=output.fileno() if output else theirs, errors=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while piece := os.read(ours, 65_536):
            shown += piece
    os.close(ours)
    assert process.wait(60) == 0
    return shown


def test_a_terminal_gets_a_summary_and_no_control_character(tmp_path: Path) -> None:
    """On a terminal the JSON is safe to show and a summary follows; the records are the same."""
    title = "Port \x1b]0;owned\x07 \u202e strike"
    raw = Raw(
        source="a.example",
        fetched_at=testing.FETCHED_AT,
        content_type="text/plain",
        content="\n\n".join(testing.PARAGRAPHS),
        title=title,
    )
    file = tmp_path / "raw.jsonl"
    file.write_bytes(encode(raw).replace(b'"source":"a.example"', '"source":"a.example\u2067"'.encode()) + b"\n")
    shown = on_terminal("apply", "clean", str(file))
    text = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", shown).decode()
    assert "1 clean" in text and "1/1" not in text
    assert "\x1b" not in text and not {"\u202e", "\u2067", "\x07"} & set(text)


def test_a_terminal_shows_how_far_a_file_has_come(tmp_path: Path) -> None:
    """`wirewatch apply … > FILE` at a terminal has a bar on standard error; it stood still for minutes."""
    file = tmp_path / "raw.jsonl"
    file.write_bytes(encode(next(iter(testing.raw_records()))) + b"\n")
    with (tmp_path / "out.jsonl").open("wb") as out:
        shown = on_terminal("apply", "clean", str(file), output=out)
    assert b"1/1" in shown and b"1 clean" in shown
