"""Text from outside can do nothing to a terminal."""

import fcntl
import io
import logging
import os
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.live import Live
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text

from streams.errors import OutputError, ReaderGone
from wirewatch.terminal.console import (
    SafeConsole,
    SafeFormatter,
    safe_json,
    safe_text,
    show_text,
    write_json,
    write_text,
)
from wirewatch.terminal.records import line_of, print_record
from wirewatch.terminal.standard import checked

#: A window title, a cleared screen, a C1 introducer, a bidi override, a lone surrogate, forged lines.
HOSTILE = "\x1b]0;x\x07 \x1b[2J \x9b31m \u202e \ud800 \r\n done \u2028 \x7f"


def acts(text: str) -> bool:
    """Return whether a text has a character that could act on a terminal, line ends aside."""
    return any(
        char != "\n" and (unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in "\u202a\u202e\u2066\u2069")
        for char in text
    )


def printed(*renderables: object) -> str:
    """Return the output of a console without colours."""
    out = io.StringIO()
    console = SafeConsole(file=out, width=200, markup=False, emoji=False, highlight=False, color_system=None)
    for renderable in renderables:
        console.print(renderable)
    return out.getvalue()


@given(st.text(st.characters(codec=None)))
def test_safe_text_has_signs_instead_of_controls(text: str) -> None:
    """No character of any text can act on a terminal, and one that cannot is left as it is."""
    safe = safe_text(text)
    assert not acts(safe)
    assert "\n" not in safe
    if not acts(text) and "\n" not in text:
        assert safe == text


def test_signs_say_what_they_stand_for() -> None:
    """A control character is its picture, others are their code point, a tab is a space."""
    assert safe_text("a\x1b[1m\tb\x7f\u202e\ud800") == "a␛[1m b␡<U+202E><U+D800>"


def test_persian_joiners_and_arabic_marks_stay() -> None:
    """Characters that scripts need are no controls."""
    text = "می\u200cخواهم \u200fعربي 👩\u200d🚒"
    assert safe_text(text) == text


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3))
def test_safe_json_is_the_same_value(value: dict[str, str]) -> None:
    """A line of JSON that is shown on a terminal can still be read, and says the same."""
    line = orjson.dumps(value)
    assert orjson.loads(safe_json(line)) == value
    assert not acts(safe_json(line).decode())


@pytest.mark.parametrize(
    "wrap", [str, Text, Panel, lambda text: Text(text, style="red")], ids=["str", "Text", "Panel", "styled"]
)
def test_a_console_prints_no_control_character(wrap: object) -> None:
    """Whatever holds the text, the output cannot act on the terminal."""
    assert callable(wrap)
    assert not acts(printed(wrap(HOSTILE)))


def test_tables_and_live_views_print_no_control_character() -> None:
    """Cells and updates of a live view are made safe too."""
    table = Table("name")
    table.add_row(HOSTILE)
    assert not acts(printed(table))
    out = io.StringIO()
    console = SafeConsole(file=out, width=80, color_system=None, force_terminal=False)
    with Live(Text("start"), console=console) as live:
        live.update(Text(HOSTILE))
    assert not acts(out.getvalue())


def test_markup_of_strangers_is_text() -> None:
    """Brackets and colons of an article are shown as they are."""
    assert printed("[red]x[/] [/none] :smile:").strip() == "[red]x[/] [/none] :smile:"


@pytest.mark.parametrize(
    "record",
    [
        {"schema": "wirewatch.tagged.v1", "title": HOSTILE, "source": HOSTILE, "regions": [], "topics": []},
        {"schema": "wirewatch.dead.v1", "url": HOSTILE, "error": HOSTILE, "step": "clean", "reason": "error"},
        {"schema": "wirewatch.delivery.v1", "outcome": "dead", "error": HOSTILE, "watch": "w", "receiver": "r"},
        {"schema": "wirewatch.story.v1", "event": "merged", "title": HOSTILE, "merged_into": HOSTILE},
        {"schema": "wirewatch.trend.v1", "label": HOSTILE, "at": HOSTILE},
        {"schema": "wirewatch.digest.v1", "name": "day", "title": HOSTILE, "sections": []},
        {"schema": "wirewatch.health.v1", "source": HOSTILE, "to": "quiet", "reason": HOSTILE},
        {"schema": "wirewatch.source.v1", "name": "a", "url": HOSTILE},
        {
            "schema": "wirewatch.alert.v1",
            "watch": "w",
            "severity": "info",
            "article": {"title": HOSTILE, "snippet": HOSTILE, "source": HOSTILE},
            "spans": [{"field": "title", "start": 0, "end": 3}],
        },
    ],
    ids=lambda record: str(record["schema"]),
)
def test_records_are_lines_of_their_own(record: dict[str, object]) -> None:
    """A record of a stranger cannot forge a line: it takes the lines of its kind, and no more."""
    lines = printed(line_of(record)).rstrip("\n").split("\n")
    assert len(lines) == (2 if record["schema"] == "wirewatch.alert.v1" else 1)
    assert not any(map(acts, lines))


def test_a_reader_that_has_gone_ends_no_process_from_within() -> None:
    """It is an error of a write, which a running task can clean up after."""
    reading, writing = os.pipe()
    os.close(reading)
    pipe = os.fdopen(writing, "w")
    with pytest.raises(ReaderGone):
        SafeConsole(file=pipe).print("x")
    with pytest.raises(BrokenPipeError):
        pipe.close()  # of the text that is left


def test_a_terminal_cuts_news_and_shows_errors_whole() -> None:
    """A pipe has all of both, in one line."""
    tagged = {"schema": "wirewatch.tagged.v1", "title": "port " * 40 + "end", "regions": [], "topics": []}
    dead = {"schema": "wirewatch.dead.v1", "step": "clean", "reason": "error", "error": "port " * 30 + "end"}

    def lines(record: dict[str, Any], *, terminal: bool) -> list[str]:
        out = io.StringIO()
        print_record(SafeConsole(file=out, width=60, color_system=None, force_terminal=terminal), record)
        return out.getvalue().splitlines()

    [cut] = lines(tagged, terminal=True)
    assert len(cut) == 60 and cut.endswith("\u2026")
    assert "end" in "".join(lines(dead, terminal=True)) and max(map(len, lines(dead, terminal=True))) <= 60
    assert [len(lines(record, terminal=False)) for record in (tagged, dead)] == [1, 1]


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        (
            {"schema": "wirewatch.story.v1", "event": "grown", "title": "Fire", "articles": 3, "sources": 1}
            | {"last_seen_at": "2026-01-02T03:04:05Z"},
            "02 Jan grown 1 source Fire  3 articles",
        ),
        (
            {"schema": "wirewatch.story.v1", "event": "merged", "title": "Fire", "articles": 1, "sources": 2}
            | {"last_seen_at": "2026-01-02T03:04:05Z", "merged_into": "en-1"},
            "02 Jan merged 2 sources Fire  1 article, now part of en-1",
        ),
        (
            {"schema": "wirewatch.trend.v1", "label": "Chile: labour", "count": 7, "sources": 6, "window_hours": 3.5}
            | {"expected": 0.617, "at": "2026-01-02T03:04:05Z"},
            "02 Jan Chile: labour 7 articles of 6 sources in 3.5 h, usually 0.6",
        ),
        (
            {"schema": "wirewatch.trend.v1", "label": "Chile: labour", "state": "over", "peak_count": 31}
            | {"window_hours": 3.5, "at": "2026-01-02T03:04:05Z"},
            "02 Jan over Chile: labour at most 31 articles in 3.5 h",
        ),
        (
            {"schema": "wirewatch.digest.v1", "name": "day", "title": "The day", "sections": [{"stories": [{}, {}]}]}
            | {"at": "2026-01-02T03:04:05Z", "since": "2026-01-01T03:04:05Z", "left_out": 4},
            "02 Jan day The day  2 stories, 4 left out",
        ),
        (
            {"schema": "wirewatch.health.v1", "source": "gazette", "was": "healthy", "to": "failing", "reason": "404"}
            | {"since": "2026-01-02T03:04:05Z"},
            "02 Jan gazette failing (was healthy)  404",
        ),
        (
            {"schema": "wirewatch.source.v1", "name": "gazette", "url": "https://a.example/feed", "kind": "feed"},
            "gazette feed https://a.example/feed",
        ),
        (
            {"schema": "wirewatch.source.v1", "name": "gazette", "url": "https://a.example/feed", "enabled": False},
            "gazette paused https://a.example/feed",
        ),
    ],
)
def test_each_topic_has_lines_of_what_it_is_about(record: dict[str, Any], shown: str) -> None:
    """`wirewatch tail` shows what has happened to a story or a source, and not only a title or an address."""
    assert line_of(record).plain == shown


@pytest.mark.parametrize(
    "record",
    [
        {"schema": "wirewatch.delivery.v1", "outcome": "failed", "watch": "w", "receiver": "r"},
        {"schema": "wirewatch.health.v1", "source": "gazette", "was": "healthy", "to": "failing"},
        {"schema": "wirewatch.duplicate.v1", "kind": "copy", "duplicate_of": "0"},
    ],
    ids=lambda record: str(record["schema"]),
)
def test_no_letter_is_yellow_without_a_ground_of_its_own(record: dict[str, Any]) -> None:
    """On a white terminal it could not be read, and it is what somebody should look at."""
    styles = [Style.parse(str(span.style)) for span in line_of(record).spans]
    assert styles
    assert [style for style in styles if style.color and style.color.name == "yellow"] == []


def test_the_topics_of_an_article_leave_room_for_its_title() -> None:
    """Of a topic's list of names the first is shown: the rest is as long as a title."""
    topics = [
        {"label": label, "level": 1, "score": 1.0}
        for label in ("disaster, accident and emergency incident", "science and technology")
    ]
    record = {"schema": "wirewatch.tagged.v1", "title": "Quake", "source": "a.example", "regions": [], "topics": topics}
    assert line_of(record).plain == "--:-- ·  disaster science and technology Quake  a.example"


@pytest.mark.parametrize(
    ("snippet", "start", "shown"),
    [
        ("The ferry ran aground on a", 0, "The ferry ran aground on a …"),
        ("aground.", 40, "… aground."),
        ("搁浅。", 0, "搁浅。"),
    ],
)
def test_an_alert_says_where_its_text_goes_on(snippet: str, start: int, shown: str) -> None:
    """In a pipe, which cuts no line, too: dots stand where words are left out."""
    article = {"title": "Ferry", "source": "a.example", "snippet": snippet, "snippet_start": start}
    record = {"schema": "wirewatch.alert.v1", "watch": "w", "severity": "info", "article": article}
    assert line_of(record).plain.split("\n")[1].strip() == shown


@pytest.mark.parametrize(("severity", "shown"), [("critical", "critical: w"), ("warning", "warning: w"), ("info", "w")])
def test_an_alert_says_how_urgent_it_is(severity: str, shown: str) -> None:
    """In words, since a pipe and `NO_COLOR` have no colours."""
    article = {"title": "Oil", "source": "s.example"}
    line = line_of({"schema": "wirewatch.alert.v1", "watch": "w", "severity": severity, "article": article})
    assert line.plain.split("  ")[1].strip() == shown


def test_an_alert_without_a_title_shows_its_address() -> None:
    """Spans of a title that is not there mark nothing of the address."""
    article = {"title": "", "url": "https://a.example/1", "source": "a.example"}
    spans = [{"field": "title", "start": 0, "end": 3}]
    line = line_of(
        {"schema": "wirewatch.alert.v1", "watch": "w", "severity": "info", "article": article, "spans": spans}
    )
    assert "https://a.example/1  a.example" in line.plain
    assert not [span for span in line.spans if "yellow" in str(span.style)]


def test_log_lines_are_safe() -> None:
    """A log line that quotes a stranger is safe to show."""
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "receiver said %s", (HOSTILE,), None)
    assert not acts(SafeFormatter("%(message)s").format(record))


def test_a_stranger_forges_no_line_of_a_log() -> None:
    """A title with line ends stays in its line; a traceback has lines of its own."""
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "of %s", ("a\n2026 ERROR b\r\nc",), None)
    assert SafeFormatter("%(name)s: %(message)s").format(record) == "x: of a\u240a2026 ERROR b\u240d\u240ac"
    try:
        int("one\ntwo")
    except ValueError:
        record.exc_info = sys.exc_info()
    assert "\nTraceback" in SafeFormatter("%(message)s").format(record)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_what_cannot_be_written_is_said_or_dropped() -> None:
    """A full disk under standard output is an error of one line, at whatever size; under standard error nobody can be told."""
    with Path("/dev/full").open("wb", buffering=0) as full:
        for text in ("short\n", "long " * 5000):
            told = checked(full.fileno(), None, lossy=True)
            told.write(text)
            told.flush()
        asked = checked(os.dup(full.fileno()), None, lossy=False)
        asked.write("short\n")
        with pytest.raises(OutputError, match="standard output cannot be written: No space left on device"):
            asked.flush()


def test_a_pipe_that_takes_nothing_for_now_is_waited_for() -> None:
    """A reader that made the pipe non-blocking, as a terminal's other programs may, gets all of it."""
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    size = 4 * fcntl.fcntl(theirs, fcntl.F_GETPIPE_SZ) if sys.platform == "linux" else 1 << 20
    with open(ours, "rb") as reader, ThreadPoolExecutor(1) as other:  # noqa: PTH123 - the number of a file
        got = other.submit(reader.read)
        file = checked(theirs, None, lossy=False)
        file.write("x" * size)
        file.flush()
        os.close(theirs)
        assert len(got.result(60)) == size


class Output(io.TextIOWrapper):
    """Standard output that is a terminal, or none."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8")
        self.terminal = terminal

    def isatty(self) -> bool:
        """Tell which of both."""
        return self.terminal


@pytest.mark.parametrize("terminal", [True, False])
def test_whole_records_and_texts_act_on_no_terminal(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> None:
    """A file or a pipe has them byte for byte."""
    given = "A\x9b2J\u202eB\n"
    out = Output(terminal=terminal)
    monkeypatch.setattr(sys, "stdout", out)

    write_json([orjson.dumps({"error": given})])
    write_text(given)

    said = out.buffer.getvalue().decode()  # type: ignore[attr-defined]
    first, _, rest = said.partition("\n")
    assert orjson.loads(first) == {"error": given}
    assert acts(said) is not terminal and (rest == given) is not terminal


@pytest.mark.parametrize("terminal", [True, False])
def test_a_text_is_broken_at_its_words_in_a_terminal_alone(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> None:
    """Where it is broken no address is: it would be no link. A pipe has the lines as they are."""
    address = "https://a.example/" + "x" * 60
    given = f"one two three four five six seven eight nine\n- a.example: {address}\n"
    out = Output(terminal=terminal)
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("COLUMNS", "20")

    show_text(given)

    said = out.buffer.getvalue().decode()  # type: ignore[attr-defined]
    lines = [line.rstrip() for line in said.splitlines()]
    if terminal:
        assert lines == ["one two three four", "five six seven eight", "nine", "- a.example:", address]
    else:
        assert said == given


def test_no_command_writes_past_them() -> None:
    """Commands print by a console, or by these; beside them stand only words and schemas of our own."""
    own = {'click.echo("interrupted", err=True)', "click.echo(schemas.text_of(document))"}
    folder = Path(sys.modules["wirewatch.cli"].__file__ or "").parent
    lines = [line.strip() for file in folder.glob("*.py") for line in file.read_text().splitlines()]
    assert {line for line in lines if line.startswith(("click.echo(", "print(", "sys.stdout.write("))} <= own
