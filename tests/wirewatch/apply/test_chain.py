"""`wirewatch apply`: the steps over lines, in order, nothing swallowed."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from agents.archive.settings import ArchiveSettings
from agents.tag.settings import TagSettings
from streams.errors import SettingsError
from streams.records import Raw, Tagged, encode
from streams.settings import Settings
from tests.support.forked import forked
from wirewatch.apply.chain import Chain, left_before
from wirewatch.cli import main
from wirewatch.sample import raw_records
from wirewatch.steps import STAGES

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BODY = (
    "<p>The port of Maracaibo reopened on Tuesday after a strike of nine days, the harbour office said.</p>"
    "<p>Some 40 ships had waited off the coast of Venezuela, and shops in the city had run out of flour and medicine.</p>"
    "<p>The union and the office agreed on a raise of 12 percent, to be paid from July on, both sides said in the evening.</p>"
)


def page(url: str, title: str, body: str = BODY, ref: str | int | None = None, minutes: int = 0) -> bytes:
    """Return a raw record, fetched so many minutes after NOW."""
    fetched = NOW + timedelta(minutes=minutes)
    html = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
    return encode(Raw(id=ref, url=url, fetched_at=fetched, content_type="text/html", content=html))


async def applied(steps: str, lines: list[bytes]) -> list[dict[str, object]]:
    """Return the output records."""
    settings = Settings()
    settings.worker.processes = 2
    return [orjson.loads(record) async for record in Chain(steps, settings).run(lines)]


async def test_every_line_comes_out_in_its_place() -> None:
    """Tagged, duplicate and dead records stand in the order of their lines, each with its ref."""
    lines = [
        page("https://a.example/1", "Port of Maracaibo reopens", ref="first"),
        b'{"id": "second", "url": "https://a.example/2"}',
        page("https://b.example/9", "Port of Maracaibo reopens", ref=3),
        b"no json",
    ]
    out = await applied("clean,dedup,tag", lines)
    assert [record["schema"] for record in out] == [
        "wirewatch.tagged.v1", "wirewatch.dead.v1", "wirewatch.duplicate.v1", "wirewatch.dead.v1",
    ]  # fmt: skip
    assert [record.get("ref") for record in out] == ["first", "second", 3, None]
    assert out[2]["duplicate_of"] == out[0]["id"]
    assert out[1]["reason"] == "invalid_record" and out[1]["step"] == "clean"


async def test_steps_one_by_one_give_the_records_of_all_at_once() -> None:
    """Copies that `dedup` wrote pass through `tag` in their place, where the steps are run one after the other over files."""
    lines = [
        page("https://a.example/1", "Port of Maracaibo reopens"),
        page("https://b.example/9", "Port of Maracaibo reopens"),
    ]
    together = await applied("clean,dedup,tag", lines)
    apart = await applied("tag", [orjson.dumps(record) for record in await applied("clean,dedup", lines)])
    assert [record["schema"] for record in apart] == ["wirewatch.tagged.v1", "wirewatch.duplicate.v1"]
    assert [(record["schema"], record["id"]) for record in apart] == [
        (record["schema"], record["id"]) for record in together
    ]


def test_each_step_passes_the_records_that_earlier_ones_wrote_beside_their_own() -> None:
    """`trends` and `watch` take no stories, `stories` takes copies; no step passes over articles that are not ready for it."""
    passed = {name: [line.split(b".")[1].decode() for line in left_before(steps[0])] for name, steps in STAGES.items()}
    assert passed == {
        "clean": [], "dedup": [], "tag": ["duplicate"], "stories": [], "trends": ["duplicate", "story"], "watch": ["story"],
    }  # fmt: skip


async def test_same_article_fetched_again() -> None:
    """The same text is exact, another text a revision that goes on."""
    again = (
        BODY
        + "<p>Late on Tuesday the office added that two cranes were still out of order, and that 300 workers had stayed away.</p>"
    )
    lines = [
        page("https://a.example/1", "Port"),
        page("https://a.example/1?utm_source=x", "Port", minutes=5),
        page("https://a.example/1", "Port", again, minutes=9),
        page("https://a.example/1", "Port", again + "<p>On Thursday 12 ferries sailed.</p>", minutes=9),
    ]
    out = await applied("clean,dedup", lines)
    what = [(str(r["schema"]).split(".")[1], r["revision"]) for r in out]
    assert what == [("clean", 0), ("duplicate", 0), ("clean", 1), ("clean", 2)]
    assert out[1]["kind"] == "exact"
    assert len({r["id"] for r in out}) == 1


async def test_clean_records_without_fetch_id_are_taken() -> None:
    """A clean record made elsewhere gets its fetch id from its id and fetch."""
    line = orjson.dumps({
        "schema": "wirewatch.clean.v1", "ref": "r", "id": "ab" * 16, "revision": 0, "url": "https://a.example/1",
        "source": "a.example",
        "title": "Port of Maracaibo reopens", "authors": [], "published_at": None, "fetched_at": "2026-01-01T00:00:00Z",
        "language": "en", "language_score": 1.0, "text": "The port of Maracaibo in Venezuela reopened on Tuesday.",
        "extractor": "given",
    })  # fmt: skip
    (tagged,) = await applied("tag", [line])
    assert tagged["fetch_id"] == "ab" * 16 + ":2026-01-01T00:00:00Z"
    assert tagged["primary_country"] == "VE"
    assert tagged["ref"] == "r"


async def test_result_does_not_depend_on_the_processes() -> None:
    """The sample gives the same records with one process and with three."""
    lines = [line for line in raw_records(NOW) if len(line) < 1_000_000]
    results = []
    for processes in (1, 3):
        settings = Settings()
        settings.worker.processes = processes
        records = [orjson.loads(record) async for record in Chain("clean,dedup", settings).run(lines)]
        results.append([{**record, "processed_at": None} for record in records])
    assert len(results[0]) == len(lines)
    assert results[0] == results[1]


@pytest.mark.parametrize("steps", ["tag,clean", "polish", "", "clean,,nothing"])
def test_wrong_steps_are_refused(steps: str) -> None:
    """An unknown step, the wrong order or none at all is an error that names the steps."""
    with pytest.raises(SettingsError, match="clean, dedup, tag"):
        Chain(steps, Settings())


@pytest.mark.parametrize(
    ("steps", "missing"), [("clean,stories", "tag"), ("clean,dedup,stories,trends", "tag"), ("dedup,trends", "tag")]
)
def test_a_step_that_is_left_out_in_the_middle_is_named(steps: str, missing: str) -> None:
    """All articles would be dead letters: a step does not take the records that the one before it gives."""
    with pytest.raises(SettingsError, match=f"gives: put {missing} between them"):
        Chain(steps, Settings())


@pytest.mark.quality
async def test_seed_comes_out_clean() -> None:
    """The seed text gives its title, author, date, eight paragraphs, its two countries and the main one."""
    seed = Path(__file__).parents[4] / "shared" / "data" / "seed"
    files = sorted(seed.glob("*.txt")) if seed.is_dir() else []
    if not files:
        pytest.skip("the development sets are not beside the project")
    raw = {
        "url": "https://rajasthaninews.example/x",
        "fetched_at": "2026-01-03T00:00:00Z",
        "content_type": "text/plain",
        "content": files[0].read_text(),
    }
    (article,) = await applied("clean,dedup,tag", [orjson.dumps(raw)])
    assert article["title"] == files[0].read_text().splitlines()[0]
    assert article["authors"] == ["krish rathore"]
    assert str(article["published_at"]).startswith("2026-01-02")
    assert len(str(article["text"]).split("\n\n")) == 8
    assert "Newsletter" not in str(article["text"])
    assert article["primary_country"] == "VE"
    assert {"VE", "US"} <= {region["country"] for region in article["regions"]}  # type: ignore[attr-defined]


def test_watch_writes_the_alerts_of_an_archive(tmp_path: Path) -> None:
    """`apply watch` raises by the articles' own clock: cool-down counts from one fetch to the next, not from now."""
    folder = tmp_path / "watches"
    folder.mkdir()
    (folder / "oil.toml").write_text("query = 'oil'\ncool_down = '1h'\n")
    lines = []
    for number, minute in enumerate((0, 30, 90)):
        fetched = datetime(2026, 3, 2, 12, tzinfo=UTC) + timedelta(minutes=minute)
        article = Tagged(
            id=f"{number:032x}", source="s.example", title="Oil", text="Text.", fetched_at=fetched, extractor="test"
        )
        lines.append(encode(article).decode())
    result = CliRunner().invoke(main, ["apply", "watch", "--watches", str(folder)], input="\n".join(lines))
    assert result.exit_code == 0, result.output
    alerts = [orjson.loads(line) for line in result.stdout.splitlines()]
    assert [(a["schema"], a["article"]["id"][-1], a["suppressed"]) for a in alerts] == [
        ("wirewatch.alert.v1", "0", 0),
        ("wirewatch.alert.v1", "2", 1),
    ]


@pytest.mark.parametrize(
    ("name", "value"), [("url", ""), ("url_env", "NO_SUCH_VARIABLE"), ("url", "postgresql://u@h/d")]
)
async def test_a_file_needs_no_store_of_history(name: str, value: str) -> None:
    """A run over a file keeps no history: it takes any settings of a store, and none."""
    archive = ArchiveSettings(**{name: value})  # type: ignore[arg-type]
    chain = Chain("clean", Settings(archive))
    [record] = [orjson.loads(record) async for record in chain.run([page("https://a.example/1", "Port reopens")])]
    assert record["title"] == "Port reopens"


def test_watch_needs_watches() -> None:
    """The step and its option go together; the error says so."""
    result = CliRunner().invoke(main, ["apply", "watch"], input="")
    assert result.exit_code == 2
    assert "the step `watch` needs --watches PATH" in result.output
    with pytest.raises(SettingsError, match="add it behind"):
        Chain("tag", Settings(), [])


async def test_an_encoder_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    """The setting is refused before the first article, with the file that is missing."""
    settings = Settings()
    settings[TagSettings].embed_model = str(tmp_path)
    with pytest.raises(SettingsError, match=r"there is no file .*model\.onnx"):
        [record async for record in Chain("tag", settings).run([])]


def run_apply(file: Path) -> Result:
    """Run `wirewatch apply clean FILE` and return its result."""
    return CliRunner().invoke(main, ["apply", "clean", str(file)])


def test_compressed_input_is_unpacked(tmp_path: Path) -> None:
    """A file that begins as gzip does is unpacked, whatever its name."""
    file = tmp_path / "raw.jsonl"
    file.write_bytes(gzip.compress(page("https://a.example/1", "Port of Maracaibo reopens") + b"\n"))
    assert orjson.loads(run_apply(file).stdout)["schema"] == "wirewatch.clean.v1"


def test_compressed_input_that_breaks_off_is_an_error(tmp_path: Path) -> None:
    """Where a compressed file is cut, the command says so in one line and fails."""
    file = tmp_path / "raw.jsonl.gz"
    file.write_bytes(gzip.compress(page("https://a.example/1", "Port of Maracaibo reopens") + b"\n")[:200])
    result = run_apply(file)
    assert result.exit_code == 2
    assert "raw.jsonl.gz breaks off after line 0" in result.stderr.replace("\n", " ")
    assert result.stderr.count("\n") == 1


async def test_byte_order_mark_and_windows_line_ends_are_no_mistake() -> None:
    """Byte order marks and line ends of Windows are passed over."""
    line = page("https://a.example/1", "Port of Maracaibo reopens")
    out = await applied("clean", [b"\xef\xbb\xbf" + line + b"\r\n", line + b"\r\n"])
    assert [record["schema"] for record in out] == ["wirewatch.clean.v1"] * 2


async def test_what_is_refused_names_its_line() -> None:
    """Two bad lines that are the same are two dead records, each with the number of its line, blank ones counted."""
    records = await applied(
        "clean", [b"no json", b"", page("https://a.example/1", "Port of Maracaibo reopens"), b"no json"]
    )

    assert [record.get("offset") for record in records] == [1, None, 4]
    assert [record["fetch_id"].rpartition(":")[2] for record in records if "reason" in record] == ["line-1", "line-4"]  # type: ignore[attr-defined]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_a_full_disk_is_an_error_of_one_line(tmp_path: Path) -> None:
    """Where the output finds no room, the command says so, and nothing else."""
    file = tmp_path / "raw.jsonl"
    file.write_bytes(page("https://a.example/1", "Port of Maracaibo reopens") + b"\n")
    said = tmp_path / "said"
    with Path("/dev/full").open("wb") as full, said.open("wb") as errors:
        running = forked().start(["apply", "clean", str(file)], output=full.fileno(), errors=errors.fileno())
        assert running.wait(60) == 2
    assert said.read_text() == "wirewatch: standard output cannot be written: No space left on device\n"
