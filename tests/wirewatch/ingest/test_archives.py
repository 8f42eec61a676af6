"""Saved pages and web archives as `wirewatch ingest` reads them: MHTML, WARC, WACZ, whole, broken and hostile."""

import base64
import gzip
import io
import quopri
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from agents.fetch.files import mhtml
from agents.fetch.files.found import Reading, Refusal
from agents.fetch.files.reading import read_path
from streams.records import Raw
from tests.support.packs import PACKS
from wirewatch.cli import main
from wirewatch.sample import write_warc

LIMIT = 8 * 1024 * 1024
CLOSED = "Порт закрыт до вторника, сообщило управление порта."


def mail_of(html: bytes, packing: str, address: str, end: bytes) -> bytes:
    """Return a page as browsers save it with a picture, in lines that end so."""
    packed = base64.encodebytes(html) if packing == "base64" else quopri.encodestring(html)
    lines = [
        b"From: <Saved by Blink>",
        f"Snapshot-Content-Location: {address}".encode(),
        *[b"Date: Mon, 2 Mar 2026 10:00:00 +0200", b"MIME-Version: 1.0"],
        *[b"Content-Type: multipart/related;", b'\ttype="text/html"; boundary="--edge--"', b""],
        *[b"", b"----edge--", b"Content-Type: image/png", b"Content-Transfer-Encoding: base64", b"", b"aGk=", b"----edge--"],
        *[b"Content-Type: text/html; charset=koi8-r", f"Content-Transfer-Encoding: {packing}".encode(), b""],
        *[*packed.split(b"\n"), b"----edge----", b""],
    ]  # fmt: skip
    return end.join(lines)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("packing", ["base64", "quoted-printable"])
def test_a_page_that_a_browser_saved_with_its_pictures_is_read(tmp_path: Path, packing: str, end: bytes) -> None:
    """The page among its pictures, with the address and time of its saving; one that names its own address keeps that."""
    for name, head in (("a.mhtml", ""), ("b.MHT", '<link rel=canonical href="https://a.example/b">')):
        html = f"<html><head>{head}<title>Порт закрыт</title></head>\n<p>{CLOSED}".encode("koi8-r")
        (tmp_path / name).write_bytes(mail_of(html, packing, "https://a.example/saved", end))

    a, b = sorted(
        (each for each in read_path(tmp_path, Reading(LIMIT)) if isinstance(each, Raw)), key=lambda raw: raw.url or ""
    )

    assert (a.url, b.url) == ("https://a.example/b", "https://a.example/saved")
    assert all(CLOSED in each.content and each.content_type == "text/html" for each in (a, b))
    assert a.fetched_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(("pictures", "read"), [(mhtml.MAX_PARTS - 1, True), (mhtml.MAX_PARTS, False)])
def test_a_saved_page_is_looked_for_among_a_bounded_number_of_parts(pictures: int, *, read: bool) -> None:
    """A file may be nothing but millions of parts, and parts of parts."""
    picture, page = b"\n--x\nContent-Type: image/png\n\n.", b"\n--x\nContent-Type: text/html\n\n<p>Closed."
    found = mhtml.page_in(b"Content-Type: multipart/related; boundary=x\n\n" + pictures * picture + page + b"\n--x--\n")
    assert (found is not None) == read


def test_archive_with_a_bomb(tmp_path: Path) -> None:
    """A web archive gives its pages; a compressed bomb is refused with its URL, and memory stays small."""
    archive = tmp_path / "sample.warc.gz"
    write_warc(archive, datetime(2026, 1, 1, tzinfo=UTC))
    found = list(read_path(archive, Reading(LIMIT)))
    refused = [f for f in found if isinstance(f, Refusal)]
    assert len(found) - len(refused) == 3
    assert [f.reason for f in refused] == ["too_large"]
    assert refused[0].url


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_collection_of_archives_gives_their_pages(tmp_path: Path, packing: int) -> None:
    """A .wacz file has the pages and refusals of its web archives, each named by its place in both."""
    archive, collection = tmp_path / "sample.warc.gz", tmp_path / "crawl.wacz"
    write_warc(archive, datetime(2026, 1, 1, tzinfo=UTC))
    with zipfile.ZipFile(collection, "w", packing) as file:
        file.writestr("datapackage.json", "{}")
        for name in ("archive/one.warc.gz", "archive/two.warc.gz"):
            file.write(archive, name)

    found = list(read_path(collection, Reading(LIMIT)))

    assert [type(each) for each in found] == 2 * [type(each) for each in read_path(archive, Reading(LIMIT))]
    refused = [each.where for each in found if isinstance(each, Refusal)]
    assert [where.partition("crawl.wacz/")[2].partition("#")[0] for where in refused] == [
        "archive/one.warc.gz",
        "archive/two.warc.gz",
    ]


@pytest.mark.parametrize("name", ["archive/a.warc.gz", "archive/a.warc"])
def test_a_collection_packed_over_and_over_is_refused(tmp_path: Path, name: str) -> None:
    """A kilobyte that unpacks to megabytes, and with gzip within zip to gigabytes, costs its archive alone."""
    archive, bomb = tmp_path / "sample.warc.gz", bytes(1 << 20)
    write_warc(archive, datetime(2026, 1, 1, tzinfo=UTC))
    with zipfile.ZipFile(tmp_path / "crawl.wacz", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, gzip.compress(bomb * 8) if name.endswith(".gz") else bomb)
        file.write(archive, "archive/b.warc.gz")

    refused, *rest = read_path(tmp_path / "crawl.wacz", Reading(LIMIT))

    assert isinstance(refused, Refusal) and refused.reason == "too_large" and name in refused.where
    assert any(isinstance(each, Raw) for each in rest)


def test_a_collection_that_holds_no_archive_is_named(tmp_path: Path) -> None:
    """A zip archive of something else, one that was cut and one with a damaged member are refused, not a crash."""
    empty, cut, damaged = (tmp_path / f"{name}.wacz" for name in ("empty", "cut", "damaged"))
    with zipfile.ZipFile(empty, "w") as file:
        file.writestr("pages/pages.jsonl", "{}")
    cut.write_bytes(empty.read_bytes()[:60])
    with zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("archive/a.warc", bytes(range(256)) * 40)
    packed = bytearray(damaged.read_bytes())
    packed[60:90] = bytes(30)
    damaged.write_bytes(packed)

    for path in (empty, cut, damaged):
        [found] = read_path(path, Reading(LIMIT))
        assert isinstance(found, Refusal) and found.reason == "unreadable" and found.error


def test_broken_archive_is_named(tmp_path: Path) -> None:
    """A file that is no archive is refused, not a crash."""
    archive = tmp_path / "broken.warc.gz"
    archive.write_bytes(gzip.compress(b"this is no archive at all\r\n"))
    found = list(read_path(archive, Reading(LIMIT)))
    assert found and all(isinstance(f, Refusal) for f in found)


def answer(writer: WARCWriter, url: str, type_: str, status: str = "200 OK") -> Any:
    """Return a response as a record of a web archive."""
    head = StatusAndHeaders(status, [("Content-Type", type_)] if type_ else [], protocol="HTTP/1.1")
    return writer.create_warc_record(url, "response", payload=io.BytesIO(b"<p>News</p>"), http_headers=head)


def test_records_of_an_archive_that_are_no_page_are_counted_by_kind(tmp_path: Path) -> None:
    """Every record is a page, refused or counted; `ingest` and `apply` say the counts, also where no page is left."""
    archive, pictures = tmp_path / "a.warc.gz", tmp_path / "pictures.warc"
    with archive.open("wb") as file, pictures.open("wb") as other:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record("a.warc.gz", {"software": "test"}))
        for number, (type_, status) in enumerate(
            [
                ("Text/HTML; charset=utf-8", "200 OK"),
                ("text/html", "301 Moved Permanently"),
                ("text/html", "404 Not Found"),
                *[("image/svg+xml", "200 OK"), ("image/png", "200 OK"), ("text/css", "200 OK")],
                *[("application/rss+xml", "200 OK"), ("application/zip", "200 OK"), ("", "200 OK")],
            ]
        ):
            writer.write_record(answer(writer, f"https://a.example/{number}", type_, status))
        writer.write_record(answer(writer, "https://a.example/robots.txt", "text/plain"))
        writer.write_record(writer.create_warc_record("dns:a.example", "response", payload=io.BytesIO(b"1")))
        writer.write_record(writer.create_warc_record("https://a.example/0", "screenshot", payload=io.BytesIO(b"1")))
        plain = WARCWriter(other, gzip=False)
        plain.write_record(answer(plain, "https://a.example/1", "image/png"))
    counted: Counter[str] = Counter()

    found = list(read_path(archive, Reading(LIMIT, passed_over=lambda kind: counted.update([kind]))))

    assert [each.url for each in found if isinstance(each, Raw)] == ["https://a.example/0"]
    kinds = {"image": 2, "redirect": 1, "status other than 200": 1, "style or script": 1, "feed or XML": 1}
    kinds |= {"other type": 1, "without a type": 1, "robots.txt": 1, "not HTTP": 1, "warcinfo": 1, "other record": 1}
    assert counted == kinds
    sent = CliRunner().invoke(main, ["ingest", "--data", str(tmp_path / "data"), str(archive), str(pictures)])
    assert "1 sent, 0 refused\n13 records of web archives were no page: 3 image, 1 feed or XML, " in sent.stderr
    applied = CliRunner().invoke(main, ["apply", "clean", str(pictures)])
    assert (applied.exit_code, applied.stdout) == (0, "")
    assert applied.stderr == "no records\n1 record of a web archive was no page: 1 image\n"


def test_a_record_of_an_archive_that_nobody_can_read_costs_no_other(tmp_path: Path) -> None:
    """A date that is none, an encoding that is none of texts: it is refused or read as it can be, and the next one comes."""
    archive = tmp_path / "a.warc"
    with archive.open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        for number, (when, kind) in enumerate(
            [
                ("2026-01-01T00:00:00Z", "text/html; charset=rot13"),
                ("2026-13-01T00:00:00Z", "text/html"),
                ("2026-01-03T00:00:00Z", "text/html"),
            ]
        ):
            head = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"https://a.example/{number}",
                "response",
                payload=io.BytesIO(b"<p>News \xff\xfe\xff"),
                http_headers=head,
                warc_headers_dict={"WARC-Date": when},
            )
            writer.write_record(record)

    first, second, third = read_path(archive, Reading(LIMIT))

    assert isinstance(first, Raw) and "News" in first.content
    assert isinstance(second, Refusal) and second.where == f"{archive}#2"
    assert isinstance(third, Raw) and third.url == "https://a.example/2"


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_that_breaks_off_says_so_wherever_it_does(tmp_path: Path, *, packed: bool) -> None:
    """Cut at any byte, an archive gives its whole pages, none in part, and is refused from there on."""
    archive = io.BytesIO()
    writer = WARCWriter(archive, gzip=packed)
    ends = []
    for number in range(3):
        writer.write_record(answer(writer, f"https://a.example/{number}", "text/html"))
        ends.append(archive.tell())
    content = archive.getvalue()
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    for end in range(ends[0] + 3, len(content) + 1, 3):
        path.write_bytes(content[:end])

        found = list(read_path(path, Reading(LIMIT)))

        pages = [each for each in found if isinstance(each, Raw)]
        assert all(page.content == "<p>News</p>" for page in pages), end
        left_over = min((end - each for each in ends if each <= end), default=end)
        assert len(pages) + (len(found) > len(pages)) >= sum(each <= end for each in ends) + bool(left_over), end
    path.write_bytes(content)
    assert [type(each) for each in read_path(path, Reading(LIMIT))] == [Raw] * 3


@pytest.mark.parametrize(("end", "pack"), PACKS.items())
def test_an_archive_that_is_packed_as_a_whole_is_read(tmp_path: Path, end: str, pack: Callable[[bytes], bytes]) -> None:
    """`gzip crawl.warc` packs the file and not each record, as crawlers do: its pages come, and a cut is still a cut."""
    archive = io.BytesIO()
    writer = WARCWriter(archive, gzip=False)
    for number in range(3):
        writer.write_record(answer(writer, f"https://a.example/{number}", "text/html"))
    path = tmp_path / f"a.warc{end}"
    path.write_bytes(pack(archive.getvalue()))
    assert [each.url for each in read_path(path, Reading(LIMIT)) if isinstance(each, Raw)] == [
        f"https://a.example/{number}" for number in range(3)
    ]
    path.write_bytes(pack(archive.getvalue())[:-20])
    assert isinstance([*read_path(path, Reading(LIMIT))][-1], Refusal)


@pytest.mark.parametrize(
    ("begin", "unit"),
    [
        (b"", b"\0"),
        (b"WARC/1.0\r\n", b"a: %b\r\n" % (b"b" * 5_000)),
        (b"WARC/1.0\r\nA: b\r\n", b" %b\r\n" % (b"b" * 90_000)),
        (b"", b"WARC"),
    ],
)
def test_a_head_without_an_end_is_not_kept(tmp_path: Path, begin: bytes, unit: bytes) -> None:
    """A megabyte of gzip unpacks to gigabytes of one line, or of many fields: no more than a head may have is read."""
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(begin + unit * (9_000_000 // len(unit)), 1))
    [found] = read_path(path, Reading(LIMIT))

    assert isinstance(found, Refusal) and found.reason == "unreadable"
    assert "a record's head has over 262144 bytes in a line, or over 8388608 in all" in found.error


def test_a_damaged_archive_says_where_and_no_bytes_of_its_own(tmp_path: Path) -> None:
    """The pages before the damage are given; the refusal says that the rest is not read, in words that fit a line."""
    whole, file = io.BytesIO(), tmp_path / "a.warc.gz"
    writer = WARCWriter(whole, gzip=False)
    for number in range(3):
        page, head = (
            io.BytesIO(CLOSED.encode()),
            StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1"),
        )
        address = f"https://a.example/{number}"
        writer.write_record(writer.create_warc_record(address, "response", payload=page, http_headers=head))
    file.write_bytes(whole.getvalue() + bytes(range(128, 256)) * 40 + b"\r\n" + whole.getvalue())

    *pages, damaged = read_path(file, Reading(LIMIT))

    assert len(pages) == 3 and isinstance(damaged, Refusal)
    assert "the file is damaged behind record 3, and what follows is not read" in damaged.error
    assert damaged.error.isascii() and len(damaged.error) < 200
