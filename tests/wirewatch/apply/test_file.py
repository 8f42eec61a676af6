"""`wirewatch apply … --output`: a table, the same whether and wherever the run was stopped."""

import asyncio
import errno
import os
import shutil
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import orjson
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from agents.dedup.settings import DedupSettings
from streams.errors import InputError, OutputError
from streams.message import Change
from streams.records import Clean, encode
from streams.settings import Settings
from streams.topics import REPEATED_LINES
from tests.support.forked import forked
from wirewatch.apply import part, resuming
from wirewatch.apply.chain import Chain
from wirewatch.apply.part import unwritable
from wirewatch.apply.resuming import Report, Target
from wirewatch.cli import main
from wirewatch.cli.progress import LINE_SECONDS, Lines
from wirewatch.sample import raw_records
from wirewatch.tables.writing import Format, TableFile

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ALL_STEPS, STEPS = "clean,dedup,tag,stories", "dedup"
SEGMENT = 25


class StopError(Exception):
    """Stands for whatever stops a run."""


@pytest.fixture(scope="module")
def raw_lines() -> list[bytes]:
    """The sample's records, with copies, revisions, plain texts and broken ones among them."""
    return [line for line in raw_records(NOW) if len(line) < 200_000][:160]


class Run(NamedTuple):
    """A run of all steps over raw records that nothing stopped: its table and its records."""

    table: Path
    records: list[bytes]


@pytest.fixture(scope="module")
def all_steps(raw_lines: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The run that others are held against."""
    made = Run(tmp_path_factory.mktemp("all") / "whole.parquet", [])
    asyncio.run(run(raw_lines, made.table, steps=ALL_STEPS, came=made.records.append))
    return made


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    """Clean records, with copies and a broken one among them."""
    return [*clean_records(120), b"{}", *clean_records(160)[120:]]


async def run(
    lines: list[bytes],
    path: Path,
    form: Format = "parquet",
    *,
    steps: str = STEPS,
    plan: str = "plan",
    resume: bool = False,
    came: Callable[[bytes], None] = lambda _: None,
    begun: Callable[[int], None] = lambda _: None,
) -> None:
    """Run the steps over lines into a file."""
    settings = Settings()
    settings.worker.processes = 1
    settings[DedupSettings].max_articles = 20_000
    target = Target(path, form, plan, resume, SEGMENT)
    await resuming.apply_to_file(Chain(steps, settings), lines, target, Report(came, begun))


def stop_after(count: int) -> Callable[[bytes], None]:
    """Return a step that stops a run at its so-manieth record."""
    left = iter(range(count))

    def came(_: bytes) -> None:
        if next(left, None) is None:
            raise StopError

    return came


@pytest.mark.parametrize(
    ("form", "steps", "thinned_bytes"), [("parquet", ALL_STEPS, 0), ("csv", STEPS, 1 << 20), ("jsonl", STEPS, 0)]
)
async def test_a_run_that_was_stopped_gives_the_same_file(
    raw_lines: list[bytes],
    lines: list[bytes],
    all_steps: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    form: Format,
    steps: str,
    thinned_bytes: int,
) -> None:
    """Stopped twice in the middle and resumed, the file has the bytes of a run that was not; from raw records and clean ones."""
    monkeypatch.setattr(part, "THINNED_BYTES", thinned_bytes)
    whole, stopped = tmp_path / f"whole.{form}", tmp_path / f"stopped.{form}"
    if steps is ALL_STEPS:
        lines = raw_lines
        shutil.copy(all_steps.table, whole)
    else:
        await run(lines, whole, form, steps=steps)
    begun: list[int] = []

    with pytest.raises(StopError):
        await run(lines, stopped, form, steps=steps, came=stop_after(60))
    with pytest.raises(StopError):
        await run(lines, stopped, form, steps=steps, resume=True, came=stop_after(110), begun=begun.append)
    assert not stopped.exists()
    await run(lines, stopped, form, steps=steps, resume=True, begun=begun.append)

    assert stopped.read_bytes() == whole.read_bytes()
    assert begun == [50, 100]
    assert [path.name for path in sorted(tmp_path.iterdir())] == [stopped.name, whole.name]


def test_the_changes_of_a_part_stay_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are thinned out to the last one of each key, what was forgotten is gone, and a stop in between does no harm."""
    monkeypatch.setattr(part, "THINNED_BYTES", 500)
    folder = tmp_path / "out.csv.part"
    begun = part.Part(tmp_path / "out.csv", "plan", resume=False)
    for line in range(16):
        changes = [Change(REPEATED_LINES, 0, f"{key}.example", b"%d" % line * 9) for key in "ba"]
        begun.commit(line, "", [*changes, Change(REPEATED_LINES, 0, "gone.example", None if line % 2 else b"x")])
        assert sum(path.stat().st_size for path in folder.glob("changes*")) < 800
    begun.close()
    (folder / "changes-77.jsonl").write_bytes(b"half of a li")

    again = part.Part(tmp_path / "out.csv", "plan", resume=True)
    found: dict[str, bytes | None] = {}
    again.restore(lambda _, key, value: found.update({key: value}))
    again.close()

    assert again.mark.thinned > 3
    assert {key: value for key, value in found.items() if value} == {f"{key}.example": b"15" * 9 for key in "ba"}
    assert [path.name for path in folder.glob("changes*")] == [f"changes-{again.mark.thinned}.jsonl"]


def test_the_table_has_country_topic_and_story(all_steps: Run) -> None:
    """Each line is a row; tagged articles have their country, topic and story, copies their original, dead ones why."""
    rows = pq.read_table(all_steps.table).to_pylist()

    assert len(rows) == len(all_steps.records)
    tagged = [row for row in rows if row["kind"] == "tagged"]
    assert {row["kind"] for row in rows} >= {"tagged", "duplicate", "dead"}
    for name in ("country", "topic", "story"):
        assert any(row[name] for row in tagged), name
    assert all(row["duplicate_of"] and row["copy"] for row in rows if row["kind"] == "duplicate")
    assert all(row["step"] and row["reason"] for row in rows if row["kind"] == "dead")


async def test_a_part_is_not_begun_anew_by_mistake(lines: list[bytes], tmp_path: Path) -> None:
    """Without --resume the part of a stopped run is left alone; with it, it must be the same run and input."""
    file = tmp_path / "out.parquet"
    with pytest.raises(StopError):
        await run(lines, file, came=stop_after(60))

    with pytest.raises(OutputError, match="--resume"):
        await run(lines, file)
    with pytest.raises(OutputError, match="other steps"):
        await run(lines, file, plan="another", resume=True)
    with pytest.raises(InputError, match="not the one"):
        await run([lines[1], *lines[1:]], file, resume=True)
    with pytest.raises(InputError, match="not the one"):
        await run(lines[:30], file, resume=True)


@pytest.mark.parametrize("resume", [False, True])
async def test_a_run_beside_another_into_the_same_file_is_refused(
    lines: list[bytes], tmp_path: Path, resume: bool
) -> None:
    """It hears that one runs, not that one was stopped; the other goes on, and leaves the file and nothing else."""
    file = tmp_path / "out.jsonl"
    refused: list[str] = []

    async def beside() -> None:
        with pytest.raises(OutputError) as error:
            await run(lines, file, "jsonl", resume=resume)
        refused.append(str(error.value))

    others: list[asyncio.Task[None]] = []

    def came(_: bytes) -> None:
        if not others:
            others.append(asyncio.ensure_future(beside()))

    await run(lines, file, "jsonl", came=came)
    await others[0]

    assert refused == [f"another run is writing {file}: wait until it is done, or write into another file"]
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_two_exports_into_one_file_do_not_mix(tmp_path: Path) -> None:
    """A table that is being written is nobody else's; once it is there, the next run writes another."""
    file = tmp_path / "out.jsonl"
    first = TableFile(file, "jsonl")
    with pytest.raises(OutputError, match="another run is writing"):
        TableFile(file, "jsonl")
    first.write(clean_records(1))
    first.close()
    TableFile(file, "jsonl").abandon()

    assert len(file.read_bytes().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


async def test_a_stop_while_the_table_is_written_costs_nothing(
    lines: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is on disk by then: the run that goes on writes the table at once."""
    file = tmp_path / "out.csv"
    with monkeypatch.context() as patched:
        patched.setattr(resuming, "timeless", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await run(lines, file, "csv")
    begun: list[int] = []
    await run(lines, file, "csv", resume=True, begun=begun.append)

    assert begun == [len([line for line in lines if line.strip()])]
    assert file.exists()


# -- the command


def articles(path: Path, count: int) -> None:
    """Write clean records."""
    path.write_bytes(b"".join(line + b"\n" for line in clean_records(count)))


def clean_records(count: int) -> list[bytes]:
    """Return clean records: each third is a copy of the one before."""
    return [encode(clean_record(number)) for number in range(count)]


def clean_record(number: int) -> Clean:
    """Return the so-manieth clean record."""
    told = number - (number % 3 == 2)
    text = "\n\n".join(f"Report {told} of {told * 7} ships in port {told + line} on day {line}." for line in range(6))
    return Clean(
        id=f"{number:032x}",
        url=f"https://a.example/{number}",
        source="a.example",
        title=f"Report {told}",
        text=text,
        fetched_at=NOW + timedelta(seconds=number),
        language="en",
        extractor="test",
    )


def apply(*words: str) -> Result:
    """Run `wirewatch apply`."""
    return CliRunner().invoke(main, ["apply", *words])


class Whole(NamedTuple):
    """A run that nothing stopped: its input, its table and the sum that it ended with."""

    input: Path
    table: bytes
    summary: str


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """A run over so many articles that another one can be stopped in their middle."""
    folder = tmp_path_factory.mktemp("whole")
    articles(folder / "clean.jsonl", 2500)
    done = apply("dedup", str(folder / "clean.jsonl"), "-o", str(folder / "whole.parquet"))
    summary = done.stderr.splitlines()[-1].partition(": ")[2]
    return Whole(folder / "clean.jsonl", (folder / "whole.parquet").read_bytes(), summary)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_command_that_is_stopped_goes_on(whole: Whole, tmp_path: Path, stop: signal.Signals) -> None:
    """Ctrl-C, SIGTERM and SIGKILL in the middle: --resume gives the same file and sums up all of it."""
    file, mark = tmp_path / "out.parquet", tmp_path / "out.parquet.part" / "mark.json"
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = forked().start(["apply", "dedup", str(whole.input), "-o", str(file)], output=output.fileno())
    end = time.monotonic() + 120
    while not mark.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    process.send_signal(stop)
    code, errors = process.wait(120), log.read_text()
    if code == 0:
        pytest.skip("the run was over before it could be stopped")

    resumed = apply("dedup", str(whole.input), "-o", str(file), "--resume", "--progress")

    assert code == (-9 if stop is signal.SIGKILL else 130)
    assert "Traceback" not in errors
    assert stop is signal.SIGKILL or "--resume goes on" in errors
    assert resumed.exit_code == 0, resumed.output
    assert file.read_bytes() == whole.table
    assert resumed.stderr.splitlines()[-1].partition(": ")[2] == whole.summary
    assert " duplicate" in whole.summary


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dedup", "in.jsonl", "--resume"), "--output"),
        (("dedup", "in.jsonl", "--format", "csv"), "--output"),
        (("dedup", "in.jsonl", "-o", "out"), "--format"),
        (("poll", "in.jsonl", "-o", "out.csv"), "--output"),
        (("clean", "in.jsonl", "--explain", "-o", "out.csv"), "--explain"),
        (("poll,clean", "in.jsonl", "--explain"), "--explain"),
    ],
)
def test_options_that_do_not_go_together_are_named(
    words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, with the option to mend."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_bytes(b"")
    result = apply(*words)

    assert result.exit_code == 2
    assert said in result.stderr


def test_a_file_that_is_there_is_replaced_and_that_is_said(tmp_path: Path) -> None:
    """Before the run, and of such a file alone; the input is never replaced, and no folder is made for a misspelt one."""
    articles(given := tmp_path / "clean.jsonl", 3)
    words = ("dedup", str(given), "-o")

    made = tmp_path / "out.csv"
    assert "is replaced" not in apply(*words, str(made)).stderr
    made.write_text("of yesterday")
    again = apply(*words, str(made))
    assert f"{made} is there: it is replaced once the new one is whole" in again.stderr
    assert len(made.read_text().splitlines()) > 3

    before = given.read_bytes()
    itself, missing = apply(*words, str(given)), apply(*words, str(tmp_path / "otu" / "out.csv"))
    assert (itself.exit_code, missing.exit_code) == (2, 2)
    assert "is the input" in itself.stderr and "there is no folder" in missing.stderr
    assert given.read_bytes() == before and {path.name for path in tmp_path.iterdir()} == {given.name, made.name}


def test_an_input_that_breaks_off_is_an_error(tmp_path: Path) -> None:
    """The lines before the break are in the file, the error names the break, and the exit code is that of a wrong input."""
    import gzip  # noqa: PLC0415

    articles(tmp_path / "clean.jsonl", 50)
    packed = gzip.compress((tmp_path / "clean.jsonl").read_bytes())
    (tmp_path / "cut.jsonl.gz").write_bytes(packed[:-9])
    result = apply("dedup", str(tmp_path / "cut.jsonl.gz"), "-o", str(tmp_path / "out.csv"))

    assert result.exit_code == 2
    assert "breaks off" in result.stderr.replace("\n", " ")


def test_progress_is_said_at_once_and_then_now_and_then() -> None:
    """Without a terminal there is a line in the first second, and one every ten, with rate and time left."""
    said: list[str] = []
    now = [100.0]
    shown = Lines(2000, said.append, lambda: now[0])
    shown.begin_at(500)
    for _ in range(100):
        now[0] += 0.25
        shown.advance(5)

    assert said[0] == "0 of 2000 articles"
    assert said[1] == "700 of 2000 articles, 20.0/s, 1:05 left"
    assert len(said) == 1 + 25 // LINE_SECONDS


@pytest.mark.parametrize(("begin", "left"), [(0, ", 0:30 left"), (500, "")])
def test_where_nobody_knows_how_many_there_are_the_input_says_how_long(begin: int, left: str) -> None:
    """A quarter of a packed file in ten seconds. A run that goes on reads what is done far sooner, and says nothing."""
    said: list[str] = []
    now = [100.0]
    shown = Lines(None, said.append, lambda: now[0], share=lambda: 0.25)
    if begin:
        shown.begin_at(begin)
    now[0] += 10
    shown.advance(50)

    assert said == ["0 articles", f"{begin + 50} articles, 5.0/s{left}"]


def test_records_come_out_without_the_time_of_processing() -> None:
    """The one field that is another in each run is left out."""
    assert orjson.loads(resuming.timeless(b'{"id":"a","processed_at":"2026-01-01T00:00:00Z"}')) == {"id": "a"}


def test_a_full_disk_does_not_end_a_run_for_good(tmp_path: Path) -> None:
    """Who has made room goes on with --resume, and hears so; that mends no missing right."""
    full, forbidden = (
        unwritable(tmp_path, OSError(number, os.strerror(number))) for number in (errno.ENOSPC, errno.EACCES)
    )

    assert str(full) == f"{tmp_path} cannot be written: No space left on device; make room, and go on with --resume"
    assert str(forbidden) == f"{tmp_path} cannot be written: Permission denied"
