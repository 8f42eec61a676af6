"""Commands as people meet them: errors with advice, summaries, help."""

import contextlib
import os
import pty
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click
import cramjam
import orjson
import pytest

from streams.errors import SettingsError
from streams.records import Raw, encode
from streams.topics import TOPICS
from tests.support.commands import run
from wirewatch import __version__, testing
from wirewatch.cli import main
from wirewatch.cli.apply_records import Causes, Summary
from wirewatch.cli.names import language_code, region_code, region_codes, topic_id
from wirewatch.cli.tail import passes, read
from wirewatch.terminal.records import clock


def test_a_folder_named_like_the_package_does_not_hide_it(tmp_path: Path) -> None:
    """`python -m wirewatch` beside a clone named wirewatch runs the installed package, and finds no empty one."""
    (tmp_path / "wirewatch").mkdir()

    done = subprocess.run(
        [sys.executable, "-m", "wirewatch", "--version"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout.split()[-1:]) == (0, [__version__]), done.stderr


def test_each_command_shows_itself_in_80_columns() -> None:
    """The help of each command has an example of it, no line over 80 columns, and no sentence that is cut."""

    def look(command: click.Command, path: str, parent: click.Context | None) -> None:
        name = path.rpartition(" ")[2]
        context = click.Context(command, parent, name, terminal_width=80, help_option_names=["-h", "--help"])
        lines = command.get_help(context).splitlines()
        assert max(map(len, lines)) <= 80, path
        assert not any(line.endswith("...") for line in lines[1:]), path
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                inner = command.get_command(context, name)
                assert inner is not None
                look(inner, f"{path} {name}", context)
        else:
            assert any(f" {path}" in line for line in lines[1:]), path

    look(main, "wirewatch", None)


@pytest.mark.parametrize(
    "words",
    ["move . --data .", "receivers test desk --bootstrap here:9092", "export -o x.csv --bootstrap here:9092"],
)
def test_an_option_that_means_nothing_is_refused(words: str) -> None:
    """A folder or a Kafka that a command would not look at is no option of it."""
    code, _, error = run(*words.split())
    assert (code, "No such option" in error) == (2, True), error


# -- apply


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


def test_more_causes_than_are_named_are_counted() -> None:
    """A folder of a hundred kinds of errors is told in a few, and how many are left."""
    causes = Causes()
    for number in range(300):
        causes.add(f"file{number}", f"error {'x' * number}")
    assert str(causes).startswith("100 as file200: error")
    assert str(causes).endswith(f"; and {300 - 100 - 7} for other reasons") and causes.total == 300


def test_a_file_of_another_kind_is_told_where_it_belongs(tmp_path: Path) -> None:
    """A feed and a picture given as JSON lines: the first refusal says how pages and feeds are taken."""
    for name, content in (("feed.xml", b"<rss><channel/></rss>"), ("picture.png", b"\x89PNG\r\n")):
        (tmp_path / name).write_bytes(content)
        _, _, error = run("apply", "clean", str(tmp_path / name))
        assert "a saved page is named *.html, a feed goes through the step `poll`" in error
    (tmp_path / "raw.jsonl").write_bytes(b"{}\nbroken\n")
    assert "named *.html" not in run("apply", "clean", str(tmp_path / "raw.jsonl"))[2]


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
    command = [sys.executable, "-m", "wirewatch", *words]
    shown = b""
    with subprocess.Popen(command, stdout=output or theirs, stderr=theirs, stdin=theirs) as process:
        os.close(theirs)
        with contextlib.suppress(OSError):  # the other end is closed
            while piece := os.read(ours, 65_536):
                shown += piece
        assert process.wait(60) == 0
    os.close(ours)
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


def test_the_list_of_topics_reads_from_left_to_right() -> None:
    """At 80 columns each topic has two or three lines of whole phrases, not a column of single words."""
    _, listed, _ = run("topics", "list")
    assert max(map(len, listed.splitlines())) <= 80
    read = " ".join(listed.split())
    assert all(f"{topic.name} {topic.carries} key: {topic.key};" in read for topic in TOPICS.values())


# -- ingest


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("feed.xml", b"<rss/>", "wirewatch apply poll"),
        ("notes.docx", b"x", "one raw record a line"),
        ("raw.jsonl.zst", bytes(cramjam.zstd.compress(b"{}")), "`zstd -dc "),
        ("archive.ods", b"url,title", "write its articles as CSV or Parquet"),
    ],
)
def test_a_file_of_another_kind_gets_advice(tmp_path: Path, name: str, content: bytes, advice: str) -> None:
    """The error has advice for a feed, and for anything else."""
    from agents.fetch.files.found import Reading, Refusal  # noqa: PLC0415
    from agents.fetch.files.reading import read_path  # noqa: PLC0415

    (tmp_path / name).write_bytes(content)
    [found] = read_path(tmp_path / name, Reading(1_000))
    assert isinstance(found, Refusal)
    assert advice in found.error


def test_a_record_without_its_time_gets_advice(tmp_path: Path) -> None:
    """A missing `fetched_at` is the commonest fault of a first record: the error shows how it is written."""
    from agents.fetch.files.found import Reading, Refusal  # noqa: PLC0415
    from agents.fetch.files.reading import read_path  # noqa: PLC0415

    file = tmp_path / "raw.jsonl"
    file.write_text('{"url": "https://a.example/", "content_type": "text/html", "content": "x"}\n', encoding="utf-8")
    [found] = read_path(file, Reading(1_000))
    assert isinstance(found, Refusal)
    assert '"fetched_at": "20' in found.error


def test_an_address_is_no_file() -> None:
    """`ingest https://…` is for the fetch step, so it needs Kafka; a file that is not there is named."""
    code, _, error = run("ingest", "https://a.example/feed", "--bootstrap", "127.0.0.1:1")
    assert code == 3
    assert "127.0.0.1:1" in error
    assert "no such file" in run("ingest", "nowhere.jsonl")[2]


# -- tail


def test_regions_and_topics_have_names() -> None:
    """Names and codes in any case lead to the codes of the headers."""
    assert [region_code(name) for name in ("ve", "Venezuela", "US-TX")] == ["VE", "VE", "US-TX"]
    assert (region_codes("us"), region_codes("Baltics")) == (("US",), ("EE", "LT", "LV"))
    assert topic_id("labour") == topic_id("medtop:09000000") == "medtop:09000000"


@pytest.mark.parametrize("name", ["Venezula", "Caracas", "Q9", "US-ZZ", "VA-XX"])
def test_an_unknown_region_is_an_error(name: str) -> None:
    """A region that no header can have is refused, not waited for in silence."""
    with pytest.raises(SettingsError, match=name):
        region_code(name)


@pytest.mark.parametrize("option", [("--step", "claen"), ("--reason", "timed_out")])
def test_an_unknown_step_or_reason_puts_nothing_back(option: tuple[str, str]) -> None:
    """A name that no dead letter can have is refused, with those that it may be."""
    code, _, error = run("replay", *option)
    assert code == 2
    assert f"{option[0]} {option[1]}: there is none of this name (did you mean" in error


def test_an_unknown_language_is_an_error() -> None:
    """A name, or a code that no article has, would match nothing for ever."""
    for name in ("english", "xx"):
        with pytest.raises(SettingsError, match="is the code of no language"):
            language_code(name)
    assert [language_code(code) for code in ("ES", "zh", "pt-br")] == ["es", "zh", "pt-br"]


def test_a_line_of_another_day_has_its_day() -> None:
    """A time without its day would be taken for today's; a time that is none is no time."""
    now = datetime.now(UTC)
    assert clock({"published_at": "2026-03-02T12:30:00Z"}) == "02 Mar"
    assert clock({"fetched_at": now.isoformat()}) in (f"{now:%H:%M}", f"{now:%d %b}")  # midnight may come between
    assert clock({"published_at": "soon"}) == clock({}) == "--:--"


def test_bytes_that_are_no_record_are_shown_as_such() -> None:
    """`tail` goes on with whatever stands on a topic."""
    assert read(b'{"title": "x"}') == {"title": "x"}
    assert "no JSON object" in str(read(b"\xff")["title"]) and "no JSON object" in str(read(b"[1]")["title"])
    assert passes(b"VE,CO", ["CO"]) and not passes(b"\xff", ["CO"]) and passes(None, [])


# -- watches


def test_a_receiver_that_the_settings_lack_is_refused(tmp_path: Path) -> None:
    """`watches put` refuses a watch that nobody would be told of, and puts nothing."""
    (tmp_path / "wirewatch.toml").write_text('[receivers.desk]\ntype = "file"\npath = "alerts.jsonl"\n')
    (tmp_path / "w.toml").write_text('query = "rain"\nreceivers = ["desc"]\n')
    code, _, error = run("watches", "put", str(tmp_path / "w.toml"), "--config", str(tmp_path / "wirewatch.toml"))
    assert code == 2
    assert "w: desc" in error.replace("\n", " ")
    assert "desk" in error and "--any-receiver" in error


# -- output, help and settings


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_encoding_without_a_script_ends_no_command(tmp_path: Path, encoding: str) -> None:
    """Where a terminal or a pipe is not UTF-8, letters that it lacks are escapes, and the help is whole."""
    path = tmp_path / "floods.toml"
    path.write_text('query = "port AND region:\u092d\u093e\u0930\u0924"\n', encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    command = [sys.executable, "-m", "wirewatch"]

    checked = subprocess.run(
        [*command, "watches", "check", str(path)], env=environment, capture_output=True, check=False
    )
    helped = subprocess.run([*command, "--help"], env=environment, capture_output=True, check=False)

    assert checked.returncode == 1, checked.stderr.decode()
    assert b"`\\u092d\\u093e\\u0930\\u0924` is no name" in checked.stdout
    assert helped.returncode == 0, helped.stderr.decode()


def test_help_imports_no_library_but_click() -> None:
    """`wirewatch --help` is quick: neither Kafka's clients, nor rich, nor a step is imported for it."""
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom wirewatch.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "bad = {'faust', 'aiokafka', 'rich', 'numpy', 'msgspec', 'agents'} & {m.partition('.')[0] for m in sys.modules}\n"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_wrong_setting_is_refused_before_kafka_is_imported(tmp_path: Path) -> None:
    """The error comes before the engine is loaded."""
    (tmp_path / "wirewatch.toml").write_text("[kafka]\nboot = 1\n")
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom wirewatch.cli import main\n"
        f"result = CliRunner().invoke(main, ['run', '--config', {str(tmp_path / 'wirewatch.toml')!r}])\n"
        "assert result.exit_code == 2, result\n"
        "assert not {'faust', 'aiokafka'} & {m.partition('.')[0] for m in sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# -- receivers


def test_a_receiver_is_tested_without_kafka(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that says that it is a test arrives; where it cannot, exit 1 and the reason; an unknown name is named."""
    monkeypatch.chdir(tmp_path)
    settings = '[receivers.desk]\ntype = "file"\npath = "alerts.jsonl"\n'
    settings += '[receivers.nowhere]\ntype = "file"\npath = "wirewatch.toml/alerts.jsonl"\n'
    (tmp_path / "wirewatch.toml").write_text(settings)

    good, wrong, unknown = (run("receivers", "test", name) for name in ("desk", "nowhere", "desc"))

    assert good[:2] == (0, "desk: delivered\n")
    assert orjson.loads((tmp_path / "alerts.jsonl").read_bytes())["article"]["title"] == "Test message from wirewatch"
    assert wrong[0] == 1
    assert "not delivered" in wrong[2]
    assert unknown[0] == 2
    assert "there are desk, nowhere" in " ".join(unknown[2].split())
