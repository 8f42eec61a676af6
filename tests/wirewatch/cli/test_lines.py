"""Files of records as they come: packed, from Windows, cut off."""

import bz2
import codecs
import gzip
import io
import lzma
import random
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from agents.fetch.files.found import Reading, Refusal
from agents.fetch.files.opening import Lines, opened
from agents.fetch.files.piped import read_piped
from agents.fetch.files.reading import read_lines, read_path
from streams.errors import InputError
from streams.records import Raw, Tagged, encode
from streams.settings import Settings
from tests.support.packs import PACKS, zstd
from wirewatch.cli import main
from wirewatch.cli.apply_records import opened_lines
from wirewatch.cli.ingest import print_summary
from wirewatch.ingest.sending import Count

#: Dead records need no model: the steps refuse these before any work.
WRONG = b'{"id": 1}\r\n{"id": 2}\r\n'
LIMIT = 8 * 1024 * 1024
EACH_PACK = pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
RECORD = b'{"url": "https://a.example/1", "fetched_at": "2026-01-01T00:00:00Z", "content_type": "text/html", "content": "x"}\n'


def applied(path: Path) -> tuple[int, list[int | None], str]:
    """Return exit code, refs and standard error of `wirewatch apply dedup` over a file."""
    result = CliRunner().invoke(main, ["apply", "dedup", str(path)])
    return result.exit_code, [orjson.loads(line)["ref"] for line in result.stdout.splitlines()], result.stderr


@EACH_PACK
@pytest.mark.parametrize("name", ["records.jsonl.gz", "records.jsonl"])
def test_apply_unpacks_a_file_whatever_its_name(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    """A packed file gives the records in it, not a dead record for each line of compressed bytes."""
    (tmp_path / name).write_bytes(pack(WRONG))

    assert applied(tmp_path / name)[:2] == (0, [1, 2])


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
def test_a_byte_order_mark_is_no_part_of_the_first_record(pack: type[bytes]) -> None:
    """A byte order mark is passed over, inside a packed file too; anything after it is kept."""
    assert opened(io.BytesIO(pack(codecs.BOM_UTF8 + WRONG))).read() == WRONG


def test_streams_of_xz_may_be_padded_and_ask_for_no_more_memory_than_is_given() -> None:
    """`xz --block-size` and tape tools write zeros between streams. A stranger's file could ask for gigabytes."""
    padded = lzma.compress(b"one\n") + bytes(8) + lzma.compress(b"two\n") + bytes(200_000)
    assert opened(io.BytesIO(padded)).read() == b"one\ntwo\n"
    large = [{"id": lzma.FILTER_LZMA2, "dict_size": 256 << 20, "mode": lzma.MODE_FAST, "mf": lzma.MF_HC3}]
    with pytest.raises(lzma.LZMAError, match="Memory usage limit"):
        opened(io.BytesIO(lzma.compress(RECORD, filters=large))).read()


def test_frames_of_zstd_may_stand_among_others_and_ask_for_no_more_memory_than_is_given() -> None:
    """Programs that pack in parallel write frames of their own between those of zstd. `--long=31` asks for two gigabytes."""
    other = b"\x50\x2a\x4d\x18\x04\x00\x00\x00size"
    framed = other + zstd.compress(b"one\n") + other + zstd.compress(b"two\n")
    assert opened(io.BytesIO(framed)).read() == b"one\ntwo\n"
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 28})
    with pytest.raises(zstd.ZstdError, match="too much memory"):
        opened(io.BytesIO(packer.compress(RECORD) + packer.flush())).read()


def test_a_text_that_begins_as_files_of_bzip2_do_is_a_text(tmp_path: Path) -> None:
    """Three letters do not make a packed file. An empty one that is packed stays one."""
    (tmp_path / "a.txt").write_bytes(b"BZh the club of Hertogenbosch is called, and it won on Sunday.")
    (tmp_path / "b.jsonl").write_bytes(bz2.compress(b""))
    [article] = read_path(tmp_path, Reading(LIMIT, source="desk.example"))
    assert isinstance(article, Raw) and article.content.startswith("BZh the club")


def zipped(content: bytes) -> bytes:
    """Return a zip archive of one file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("records.jsonl", content)
    return file.getvalue()


def test_an_encoding_that_is_not_read_is_refused_as_a_whole(tmp_path: Path) -> None:
    """Not a dead record for each line and exit 0, but one error with the command that writes it as it is read."""
    file, command = tmp_path / "my records", "iconv -f UTF-16 -t UTF-8"
    file.write_bytes(WRONG.decode().encode("utf-16"))

    code, refs, error = applied(file)
    CliRunner().invoke(main, ["apply", "dedup", str(file), "-o", str(tmp_path / "out.csv")])

    assert (code, refs) == (2, [])
    assert f"`{command} '{file}' | wirewatch … -`" in error
    assert not (tmp_path / "out.csv.part").exists(), "no run has begun that would have to be resumed"
    [refusal] = read_lines(io.BytesIO(RECORD.decode().encode("utf-16")), "records", Reading(LIMIT))
    assert isinstance(refusal, Refusal)
    assert f"`… | {command} | wirewatch … -`" in refusal.error


def test_a_zip_archive_is_to_be_unpacked_into_a_folder(tmp_path: Path) -> None:
    """Through a pipe its pages would be one page: three hundred of them gave one article, with exit 0."""
    (tmp_path / "pages.zip").write_bytes(zipped(WRONG))

    code, refs, error = applied(tmp_path / "pages.zip")

    assert (code, refs) == (2, [])
    assert "unpack it into a folder (`unzip -d FOLDER …`), and give that or a file in it" in error
    [refusal] = read_lines(io.BytesIO(zipped(RECORD)), "records", Reading(LIMIT))
    assert isinstance(refusal, Refusal) and "unzip -d" in refusal.error


@pytest.mark.parametrize(("end", "pack"), [("", bytes), *PACKS.items()])
def test_a_tar_archive_is_to_be_unpacked_into_a_folder(
    tmp_path: Path, end: str, pack: Callable[[bytes], bytes]
) -> None:
    """Its bytes gave one dead record, with exit 0, packed or not. Of bzip2 the first bytes alone tell nothing."""
    file, packed = tmp_path / f"pages.tar{end}", io.BytesIO()
    page = tarfile.TarInfo("page.html")
    page.size = 1 << 16
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.addfile(page, io.BytesIO(random.Random(1).randbytes(page.size)))
    file.write_bytes(pack(packed.getvalue()))

    code, refs, error = applied(file)

    assert (code, refs) == (2, [])
    assert "a tar archive, which is not read: unpack it into a folder (`tar -xf FILE" in error
    with pytest.raises(InputError, match="standard input is a tar archive"):
        opened(io.BytesIO(file.read_bytes()))


@pytest.mark.parametrize(
    "line", ["                 {} of 3 DOCUMENTS", "End of Document", "Document LEDGR0020261126em2q0000{}"]
)
def test_a_text_of_many_articles_is_refused(tmp_path: Path, line: str) -> None:
    """An export of a newspapers' database was one article of all its texts, in silence."""
    file = tmp_path / "export.txt"
    file.write_text(
        "\n\n".join(f"Strike\n\nDockers walked out.\n\n{line.format(n)}" for n in range(1, 4)), encoding="utf-8"
    )

    done = CliRunner().invoke(main, ["apply", "clean", str(file)])

    assert (done.exit_code, done.stdout) == (2, "")
    assert "a database's export of 3 articles, where a text is one" in " ".join(done.stderr.split())


@EACH_PACK
@pytest.mark.parametrize("end", [b"", b"no stream at all"], ids=["cut", "damaged"])
def test_apply_gives_what_it_could_read_of_a_file_that_breaks_off(
    tmp_path: Path, pack: Callable[[bytes], bytes], end: bytes
) -> None:
    """The records before the break come out, then the error names the file and the exit code is that of a wrong input."""
    file = tmp_path / "cut.jsonl.gz"
    file.write_bytes(pack(WRONG) + (end or pack(WRONG)[:-9]))

    code, refs, error = applied(file)

    assert code == 2
    assert refs[:2] == [1, 2]
    assert "cut.jsonl.gz breaks off after line" in error.replace("\n", "")


@EACH_PACK
def test_ingest_names_where_a_packed_file_breaks_off(pack: Callable[[bytes], bytes]) -> None:
    """The records before the break are taken, and the break is a refusal with its line."""
    packed = pack(RECORD) + pack(RECORD)[:50]

    *taken, last = read_lines(io.BytesIO(packed), "cut.jsonl.gz", Reading(LIMIT))

    assert len(taken) == 1 and isinstance(taken[0], Raw)
    assert isinstance(last, Refusal)
    assert (last.where, last.reason) == ("cut.jsonl.gz:2", "unreadable")


def test_a_line_without_an_end_ends_its_file() -> None:
    """A small packed file can unpack for hours, and the files behind it in a folder wait: it ends at 128 limits."""
    limit, sizes = 10_000, list[int]()
    long = gzip.compress(RECORD + bytes(100 * limit) + b"\n" + RECORD)
    endless = gzip.compress(RECORD + bytes(1_000 * limit) + b"\n" + RECORD)

    assert [type(each) for each in read_lines(io.BytesIO(long), "long.jsonl.gz", Reading(limit))] == [Raw, Refusal, Raw]
    _, last = read_lines(io.BytesIO(endless), "endless.jsonl.gz", Reading(limit, progress=sizes.append))
    assert isinstance(last, Refusal)
    assert (last.where, last.reason) == ("endless.jsonl.gz:2", "too_large")
    assert last.error.endswith("nothing behind it is read")
    assert 128 * limit < sum(sizes) < 131 * limit


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        (
            "a.csv",
            b"title,place\n" + b"x,y\n" * 9,
            "no column of text or HTML (text, content, body, html …) among title, place: rename the column that has the articles",
        ),
        ("a.xlsx", b"title,place\n", "write its articles as CSV or Parquet"),
        ("a", b"PAR1\x15\x04", "is a Parquet file"),
        ("a.xlsx", b"PK\x03\x04", "write its articles as CSV or Parquet"),
        ("a", b"From: <Saved by Blink>\n\nx\n", "saved as MHTML, which is not read: give the file, named *.mhtml"),
        ("a.mht", b"From: <Saved by Blink>\n\nx\n", "holds no page as MHTML does: save it as HTML"),
        ("a", b"%PDF-1.7\nx\n", "is a PDF document"),
    ],
)
def test_a_file_that_holds_no_lines_is_refused_as_a_whole(
    tmp_path: Path, name: str, content: bytes, advice: str
) -> None:
    """Not a dead record for each of its lines; lines of JSON whose file is named like a table are read."""
    (tmp_path / name).write_bytes(content)
    result = CliRunner().invoke(main, ["apply", "clean", str(tmp_path / name)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert advice in result.stderr

    (tmp_path / "b.csv").write_bytes(RECORD)
    assert len(CliRunner().invoke(main, ["apply", "clean", str(tmp_path / "b.csv")]).stdout.splitlines()) == 1


def test_ingest_takes_packed_lines_from_standard_input_and_windows() -> None:
    """Lines without a name that ends in .gz are unpacked, and a byte order mark costs no record."""
    [found] = read_lines(io.BytesIO(gzip.compress(codecs.BOM_UTF8 + RECORD)), "standard input", Reading(LIMIT))

    assert isinstance(found, Raw)


WARC = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/1\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x"


@pytest.mark.parametrize(
    "content",
    [
        b"url,title,text\nhttps://a.example/1,x,y\nhttps://a.example/2,x,y",
        codecs.BOM_UTF8 + b"\n\nlink\tbody\nhttps://a.example/1\tx\nhttps://a.example/2\ty\n",
        b'url;text\nhttps://a.example/1;"' + b"long\n" * 40_000 + b'\\"quoted\\"."\nhttps://a.example/2;y\n',
        b'{"url": "https://a.example/1", "text": "x"}\n{"url": "https://a.example/2", "text": "y"}\n',
        RECORD + RECORD.replace(b"/1", b"/2"),
        b'{"status": "ok", "articles": [{"link": "https://a.example/1", "content": "x"}]}\n',
        b'[\n{"link": "https://a.example/1", "content": "x"},\n {"link": "https://a.example/2", "content": "y"}]\n',
        b'\n<!DOCTYPE html>\n<link rel=canonical href="https://a.example/1"><p>x',
        WARC + b"Content-Length: %d\r\n\r\n" % len(HTTP) + HTTP + b"\r\n\r\n",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_what_its_first_line_says(content: bytes, *, packed: bool) -> None:
    """A table, lines with fields of their own, a page and an archive need no name; all else is lines."""
    found = list(read_piped(io.BytesIO(gzip.compress(content) if packed else content), Reading(LIMIT)))

    urls = [each.url for each in found if isinstance(each, Raw)]
    assert urls in (["https://a.example/1", "https://a.example/2"], ["https://a.example/1"])
    assert len(urls) == len(found) == max(1, content.count(b"https://a.example/"))


def test_apply_and_ingest_take_a_table_through_a_pipe(tmp_path: Path) -> None:
    """A table through a pipe is read as the file is, and its columns are named; one without a text names its own."""
    table = "url,title,text\nhttps://a.example/1,x,\n"
    applied = CliRunner().invoke(main, ["apply", "clean", "-"], input=table)
    sent = CliRunner().invoke(main, ["ingest", "--data", str(tmp_path)], input=table)
    wrong = CliRunner().invoke(main, ["apply", "clean"], input="url,title\nhttps://a.example/1,x\n")

    assert [orjson.loads(line)["reason"] for line in applied.stdout.splitlines()] == ["empty"]
    assert "tables: standard input: read url, title, text" in applied.stderr
    assert "1 sent, 0 refused" in sent.stderr
    assert wrong.exit_code == 2 and "no column of text or HTML" in wrong.stderr


def test_watches_are_tried_on_packed_articles(tmp_path: Path) -> None:
    """A packed file of tagged articles is read, and one without a title is shown by its URL."""
    article = Tagged(
        id="a", url="https://a.example/1", source="a.example", title="", text="A tram line opens.", extractor="plain",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC), processed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    (tmp_path / "tram.toml").write_text('query = "tram"')
    (tmp_path / "tagged.jsonl").write_bytes(gzip.compress(encode(article) + b"\n"))

    result = CliRunner().invoke(main, ["watches", "test", str(tmp_path / "tram.toml"), str(tmp_path / "tagged.jsonl")])

    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[:2] == ["https://a.example/1", "  tram: matches"]

    waiting = '\n[[watch]]\nname = "{}"\nquery = "tram AND story.sources >= 5"\n'
    others = '\n[[watch]]\nname = "{}"\nquery = "bus"\n'
    for watches, said in (([waiting], "a: waits for its story"), ([others] * 4, "nor does any of 1 other watch match")):
        (tmp_path / "several.toml").write_text(
            "".join(each.format(name) for each, name in zip(watches, "abcd", strict=False))
        )
        several = ["watches", "test", str(tmp_path / "several.toml"), str(tmp_path / "tagged.jsonl")]
        assert said in CliRunner().invoke(main, several).stdout


def test_watches_that_could_be_tried_on_nothing_are_no_success(tmp_path: Path) -> None:
    """Where no line is a tagged article, the exit code says so, and the error how articles are tagged."""
    (tmp_path / "tram.toml").write_text('query = "tram"')

    result = CliRunner().invoke(main, ["watches", "test", str(tmp_path / "tram.toml")], input=RECORD)

    assert result.exit_code == 1
    assert "no tagged article or trend was read" in result.stderr


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Schemas that cannot be written are one line and a failure, not a traceback."""
    (tmp_path / "taken").write_text("")

    result = CliRunner().invoke(main, ["schema", "--write", str(tmp_path / "taken" / "schemas")])

    assert result.exit_code == 2
    assert "taken/schemas cannot be written" in result.stderr.replace("\n", "")


@pytest.mark.parametrize("long", [99, 100, 101, 102, 202, 203, 1000])
def test_a_line_without_an_end_is_cut_and_the_next_is_read(long: int) -> None:
    """Memory stays bounded whatever a file holds; lines up to the bound are whole."""
    lines = list(Lines(io.BytesIO(b"a" * long + b"\nnext\n"), 100))

    assert lines == [b"a" * min(long, 101) + (b"\n" if long < 101 else b""), b"next\n"]


def test_a_line_for_a_file_is_not_cut_in_two(capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no terminal no line is wrapped at one's width: what is looked for stands in one."""
    print_summary(Count(sent=10, refused={f"reason_number_{n}": n for n in range(1, 9)}), 0)
    assert capsys.readouterr().err.count("\n") == 1


def test_the_fault_of_a_line_is_at_a_character_of_it(tmp_path: Path) -> None:
    """The parser's "line 1" is no line of the file: `line 3: …: line 1 column 9` sent people to the file's first line."""
    file = tmp_path / "records.jsonl"
    file.write_bytes(RECORD + RECORD + b'{"url": \n')

    done = CliRunner().invoke(main, ["apply", "clean", str(file)])

    assert "line 3: unexpected end of data at character 8" in " ".join(done.stderr.split())
    assert orjson.loads(done.stdout.splitlines()[-1])["error"] == "unexpected end of data at character 8"


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.xz", "pages"])
def test_it_is_known_how_much_has_been_read(tmp_path: Path, name: str) -> None:
    """By the bytes on the disk: how many records a packed file or a folder has nobody knows, nor what it unpacks to."""
    rng = random.Random(3)
    noise = [rng.randbytes(30_000).hex() for _ in range(20)]
    if name == "a.jsonl.gz":
        lines = (RECORD.replace(b'"x"', f'"{text}"'.encode()) for text in noise)
        (tmp_path / name).write_bytes(gzip.compress(b"".join(lines)))
    elif name == "a.csv.xz":
        rows = "".join(f"https://a.example/{number},{text}\n" for number, text in enumerate(noise))
        (tmp_path / name).write_bytes(lzma.compress(f"url,text\n{rows}".encode()))
    else:
        (tmp_path / name).mkdir()
        for number, text in enumerate(noise):
            (tmp_path / name / f"{number:02}.html").write_text(f"<p>{text}", encoding="utf-8")

    with opened_lines("clean", tmp_path / name, Settings()) as (records, total):
        assert total() is None
        shares = [records.share() or 0.0 for _ in records]

    assert len(shares) == 20
    assert shares == sorted(shares)
    assert shares[9] == pytest.approx(0.5, abs=0.2)
    assert shares[-1] == pytest.approx(1, abs=0.1)


def test_how_much_has_been_read_can_be_asked_after_the_end(tmp_path: Path) -> None:
    """Standard input is closed with the reader that was put on it, while its last articles are still worked on."""
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(WRONG))
    with (tmp_path / "a.jsonl.gz").open("rb", buffering=0) as file:
        records = Lines(file)
        assert [records.share() for _ in records] == [1.0, 1.0]
        assert file.closed
        assert records.share() is None
