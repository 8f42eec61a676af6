"""Ingest: files become raw records, and their faults are named and do not stop the rest."""

import base64
import csv
import gzip
import io
import quopri
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from agents.fetch.asking.requests import unpack
from agents.fetch.files.encodings import text_of
from agents.fetch.files.found import Reading, Refusal
from agents.fetch.files.reading import read_lines, read_path
from streams.journal.store import Store
from streams.records import Raw, encode
from wirewatch.cli import main
from wirewatch.sample import write_warc

LIMIT = 8 * 1024 * 1024
GOOD = encode(
    Raw(url="https://a.example/1", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), content_type="text/html", content="x")
)


def test_wrong_lines_are_named_and_the_rest_goes_on() -> None:
    """A line that is no record is refused with its number; blank lines are passed over."""
    lines = io.BytesIO(GOOD + b"\n\n{\n" + GOOD + b"\n[]\n" + GOOD)
    found = list(read_lines(lines, "in.jsonl", Reading(LIMIT)))
    assert sum(isinstance(f, Raw) for f in found) == 3
    refused = [f for f in found if isinstance(f, Refusal)]
    assert [(f.where, f.reason) for f in refused] == [("in.jsonl:3", "invalid_json"), ("in.jsonl:5", "invalid_record")]


def test_a_document_over_several_lines_says_how_to_cut_it(tmp_path: Path) -> None:
    """A pretty-printed list is the file that many have: its first line says how it becomes lines."""
    (tmp_path / "list.json").write_text('[\n {"link": "https://a.example/1"}\n]\n')
    (tmp_path / "empty").mkdir()
    found = next(iter(read_path(tmp_path / "list.json", Reading(LIMIT))))
    assert isinstance(found, Refusal) and "`jq -c '.[]' FILE`" in found.error
    [nothing] = read_path(tmp_path / "empty", Reading(LIMIT))
    assert isinstance(nothing, Refusal) and nothing.error == "the folder holds no file"


def test_a_line_over_the_limit_is_refused_without_reading_it_whole() -> None:
    """A line that is too long keeps its URL and size, and the next line is read."""
    long = b'{"url": "https://big.example/1", "content": "' + b"x" * 5000 + b'"}\n'
    found = list(read_lines(io.BytesIO(long + GOOD), "in", Reading(1000)))
    assert isinstance(found[0], Refusal)
    assert (found[0].reason, found[0].url, found[0].size_bytes) == ("too_large", "https://big.example/1", len(long))
    assert isinstance(found[1], Raw)


def test_folder_of_pages_and_compressed_lines(tmp_path: Path) -> None:
    """A folder gives its pages and lines in the order of names; a page's URL is the one that it names."""
    (tmp_path / "b.html").write_bytes(
        '<html><head><link rel="canonical" href="https://a.example/b"></head>Größe</html>'.encode("latin-1")
    )
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(GOOD))
    (tmp_path / "a.html").write_text("<p>no address</p>")
    (tmp_path / "notes.txt").write_text("?")
    found = list(read_path(tmp_path, Reading(LIMIT)))
    assert isinstance(found[0], Raw) and found[0].url is None and found[0].source == tmp_path.name
    assert isinstance(found[1], Raw) and found[1].url == "https://a.example/b" and "Größe" in found[1].content
    assert isinstance(found[2], Raw)
    assert isinstance(found[3], Refusal) and found[3].reason == "unknown_file"


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
        html = f"<html><head>{head}<title>Порт закрыт</title></head>\n<p>{RUSSIAN}".encode("koi8-r")
        (tmp_path / name).write_bytes(mail_of(html, packing, "https://a.example/saved", end))

    a, b = sorted(
        (each for each in read_path(tmp_path, Reading(LIMIT)) if isinstance(each, Raw)), key=lambda raw: raw.url or ""
    )

    assert (a.url, b.url) == ("https://a.example/b", "https://a.example/saved")
    assert all(RUSSIAN in each.content and each.content_type == "text/html" for each in (a, b))
    assert a.fetched_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


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


def test_byte_order_mark_is_no_mistake() -> None:
    """The mark that editors on Windows put at the start of a file is passed over."""
    assert isinstance(next(read_lines(io.BytesIO(b"\xef\xbb\xbf" + GOOD), "in", Reading(LIMIT))), Raw)


RUSSIAN = (
    "Порт Владивостока во вторник был закрыт третий день подряд, пока спасатели искали в воде, сообщила администрация."
)
JAPANESE = "横浜港は火曜日も閉鎖され、捜索隊が海中の捜索を続けていると港湾局が発表した。"


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        (RUSSIAN, "koi8-r", "koi8-r"),
        (RUSSIAN, "koi8-r", None),
        (RUSSIAN, "windows-1251", "utf-8"),
        (JAPANESE, "shift_jis", "utf-8"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (JAPANESE, "iso2022_jp", None),
    ],
)
def test_pages_in_any_encoding_are_read(text: str, encoding: str, declared: str | None) -> None:
    """A page is read by its declared encoding, or by the likeliest where it declares none or a wrong one."""
    meta = f"<meta charset={declared}>" if declared else ""
    assert text in text_of(f"<html><head>{meta}</head><body><p>{text * 3}</p></body></html>".encode(encoding))


def test_a_utf_8_page_with_a_broken_byte_is_read() -> None:
    """A page that was cut within a letter keeps all the others."""
    content = f"<html><head><meta charset=utf-8></head><p>{RUSSIAN}".encode()
    assert text_of(content[:-2]) == content[:-3].decode() + "\ufffd"


def test_an_address_is_asked_for_by_the_fetch_step(tmp_path: Path) -> None:
    """A request for the page lies in the laptop's inbox, keyed by its domain; nothing is fetched by the command."""
    result = CliRunner().invoke(main, ["ingest", "https://www.news.example/a?b=1", "--data", str(tmp_path)])

    [(topic, key, headers, value, _)] = Store(tmp_path).left(10)
    request = unpack(value or b"")
    assert result.exit_code == 0, result.output
    assert (topic, key, dict(headers)["ce_id"].decode()) == ("wirewatch.fetches", b"news.example", request.id)
    assert (request.url, request.source, request.page, request.via) == (
        "https://www.news.example/a?b=1",
        "news.example",
        True,
        "page",
    )


@pytest.mark.parametrize(("days", "said"), [(None, True), (0, False), (9_000, False), (10**9, False)])
def test_an_archive_older_than_history_is_told(tmp_path: Path, days: int | None, *, said: bool) -> None:
    """Whoever searches for the articles in vain learns why when they are sent, and not at all where they are kept."""
    (tmp_path / "new.jsonl").write_bytes(
        GOOD.replace(b"2026-01-01", b"2099-01-01").replace(b"/1", b"/2") + b"\n" + GOOD
    )
    (tmp_path / "ww.toml").write_text("" if days is None else f"[archive]\ndays = {days}\n")
    arguments = ["ingest", str(tmp_path / "new.jsonl"), "--config", str(tmp_path / "ww.toml"), "--data", str(tmp_path)]

    sent = CliRunner().invoke(main, arguments)

    assert "2 sent, 0 refused" in sent.stderr
    assert ("1 of them from longer ago than history is kept (archive.days)" in sent.stderr) == said


def test_what_is_no_address_is_refused(tmp_path: Path) -> None:
    """An address without a host is named."""
    result = CliRunner().invoke(main, ["ingest", "https:///x", "--data", str(tmp_path)])

    assert result.exit_code == 2
    assert "is no web address" in " ".join(result.output.split())


def test_a_file_that_goes_away_is_refused(tmp_path: Path) -> None:
    """Whatever its kind: the others of its folder are read."""
    for name in ("gone.html", "gone.jsonl", "gone.warc"):
        [found] = read_path(tmp_path / name, Reading(LIMIT))
        assert isinstance(found, Refusal)
        assert (found.reason, found.error) == ("unreadable", "No such file or directory")


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


# -- tables

STRIKE = "Hafenarbeiter in Valparaíso streiken für höhere Löhne; Schiffe warten."


def csv_of(rows: list[list[str]], delimiter: str = ",") -> str:
    """Return rows as CSV."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "delimiter", "encoding"),
    [
        ("a.csv", ",", "utf-8"), ("a.csv", ";", "utf-8-sig"), ("a.csv", "|", "cp1252"), ("a.tsv", "\t", "utf-8"),
        ("a.csv", "\t", "utf-16"), ("a.CSV.gz", ",", "utf-8"),
    ],
)  # fmt: skip
def test_a_table_is_read_by_the_names_of_its_columns(tmp_path: Path, name: str, delimiter: str, encoding: str) -> None:
    """Whatever wrote the file: delimiter, encoding and packing are found, and the columns that are not read are named."""
    rows = [
        ["Story ID", "Web URL", "Headline", "Publish Date", "Body", "authors", "Score"],
        ["7", "https://a.example/7", "Streik", "2020-03-02 09:30", f'{STRIKE}\n\n"Zwei".', "['A. Peña', \"J. O'Hara\"]", "1"],
        ["8", "https://a.example/8", "Ohne Text", "1583193600.0", "NaN", "", ""],
    ]  # fmt: skip
    content = csv_of(rows, delimiter).encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    noted: list[str] = []

    first, second = read_path(tmp_path / name, Reading(LIMIT, noted=lambda _, columns: noted.append(columns)))

    assert isinstance(first, Raw) and isinstance(second, Raw)
    assert (first.url, first.title, first.content) == ("https://a.example/7", "Streik", rows[1][4])
    assert (first.authors, first.content_type) == (["A. Peña", "J. O'Hara"], "text/plain")
    assert (first.published_at, first.fetched_at) == ("2020-03-02 09:30", datetime(2020, 3, 2, 9, 30, tzinfo=UTC))
    assert first.backfill, "an archive that is sent today is no news"
    assert (second.content, second.fetched_at) == ("", datetime(2020, 3, 3, tzinfo=UTC))
    read = "read Web URL as url, Headline as title, Body as text, Publish Date as published_at, authors"
    assert noted == [f"{read}; passed over Story ID, Score"]


def test_what_is_no_row_of_a_table_costs_no_other(tmp_path: Path) -> None:
    """Unquoted commas, a row over the limit, one in another encoding and a cut file: each has its line, and the rest is read."""
    file = tmp_path / "a.csv"
    rows = [
        b"link,head,body",
        b"https://a.example/2,Streik," + STRIKE.replace(";", "").encode(),
        b"https://a.example/3,Ships, dockers, pay,text",
        b'https://a.example/4,Long,"' + b"x" * 40 + b"\n" * 40 + b"x" * 2000 + b'"',
        b"",
        b"https://a.example/46,Streik," + STRIKE.encode("cp1252") + b",,",
        b"https://a.example/" + b"4" * 9000 + b",Streik,x",
    ]
    file.write_bytes(b"\r\n".join(rows))
    found = list(read_path(file, Reading(1000)))

    taken = [each for each in found if isinstance(each, Raw)]
    assert [each.content for each in taken] == [STRIKE.replace(";", ""), STRIKE]
    refused = [(each.where.rpartition(":")[2], each.reason) for each in found if isinstance(each, Refusal)]
    assert refused == [("3", "invalid_record"), ("4", "too_large"), ("47", "too_large")]

    packed = gzip.compress(
        csv_of([["url", "text"], *([f"https://a.example/{n}", str(n) * 50] for n in range(99))]).encode()
    )
    (tmp_path / "cut.csv.gz").write_bytes(packed[:-9])
    *_, last = read_path(tmp_path / "cut.csv.gz", Reading(LIMIT))
    assert isinstance(last, Refusal) and "the file breaks off here" in last.error


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("text", ["one line", "two\nlines, with a comma\nand https://a.example/in, the text"])
@pytest.mark.parametrize("known", ["url", "date"])
def test_a_quote_that_is_not_closed_costs_its_own_row(tmp_path: Path, text: str, known: str, *, last: bool) -> None:
    """The next row is found by its address or time, also where two would pass as one; the line and its extent are named."""
    key = "https://a.example/{}" if known == "url" else "2026-03-1{}"
    rows = [[known, "text", "lang"], *([key.format(n), f"{text} {n}", "en"] for n in range(9))]
    order = [0, 2, 1] if last else [0, 1, 2]
    lines = csv_of([[cells[place] for place in order] for cells in rows])
    lines = (
        lines.replace(f"{text} 3", f'"{text} 3', 1) if '"' not in lines else lines.replace(f'{text} 3"', f"{text} 3")
    )
    (tmp_path / "a.csv").write_text(lines, newline="")
    read: list[int] = []

    found = list(read_path(tmp_path / "a.csv", Reading(LIMIT, progress=read.append)))

    assert [each.content[-1] for each in found if isinstance(each, Raw)] == list("01245678")
    [refusal] = [each for each in found if isinstance(each, Refusal)]
    height = text.count("\n") + 1
    assert refusal.where.endswith(f":{2 + 3 * height}")
    assert refusal.error.endswith(f"the next row is read from line {2 + 4 * height} on")
    assert sum(read) <= len(lines), "what is read again is no progress"


def test_open_quotes_are_looked_behind_no_longer_than_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that opens a quote in every other line costs no square of its length: behind the bound no row is looked for."""
    monkeypatch.setattr("agents.fetch.files.row_lines.TWICE", 200_000)
    row = 'https://a.example/1,x"y,"z\nhttps://a.example/2,a,b\n'
    (tmp_path / "a.csv").write_text("url,title,text\n" + row * 3_000)

    found = list(read_path(tmp_path / "a.csv", Reading(60_000)))

    refused = [each for each in found if isinstance(each, Refusal)]
    assert [each.reason for each in refused[:2]] == ["invalid_record", "invalid_record"]
    assert "too_large" in {each.reason for each in refused}
    assert 2 < len(refused) < 10


@pytest.mark.parametrize("packed", [False, True])
def test_quotes_behind_a_backslash_are_those_of_a_cell(tmp_path: Path, *, packed: bool) -> None:
    """As databases and Spark write them; where quotes are doubled a backslash is only itself."""
    written = b'url,text\na.example,"\\"Strike\\", she said, \\"at C:\\new\\"."\nb.example,"x, y"\n'
    doubled = b'url,text\na.example,"C:\\"\nb.example,"x, ""y"""\n'
    texts = []
    for content in (written, doubled):
        (tmp_path / "a.csv").write_bytes(gzip.compress(content) if packed else content)
        texts.append([each.content for each in read_path(tmp_path / "a.csv", Reading(LIMIT)) if isinstance(each, Raw)])

    assert texts == [['"Strike", she said, "at C:\\new".', "x, y"], ["C:\\", 'x, "y"']]


@pytest.mark.parametrize("content", [b"", b"\n\n", bytes(4 << 20), b'"' * 4000, b"\x00,\xff\n\x00,\xff"])
def test_a_table_without_a_head_is_refused(tmp_path: Path, content: bytes) -> None:
    """An empty file and one of other bytes give one refusal, whatever their size."""
    (tmp_path / "a.csv").write_bytes(content)
    [found] = read_path(tmp_path / "a.csv", Reading(10_000))
    assert isinstance(found, Refusal) and found.reason == "unreadable"


def test_a_parquet_table_is_read_in_batches(tmp_path: Path) -> None:
    """Times, lists, structs and bytes of pages become a record's fields; a damaged file and one without articles are named."""
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    rows = [
        {
            "id": number,
            "source": {"uri": "a.example", "title": "A"},
            "date": datetime(2020, 3, 2, 9, 30, number % 60, tzinfo=UTC),
            "authors": ["A. Peña", "J. O'Hara"],
            "html": f"<p>{STRIKE}</p>".encode("cp1252") if number % 2 else None,
            "text": STRIKE,
            "body": "not read",
        }
        for number in range(150)
    ]
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "a.parquet", row_group_size=70)
    sizes: list[int] = []
    found = list(read_path(tmp_path / "a.parquet", Reading(LIMIT, progress=sizes.append)))

    assert [each.id for each in found if isinstance(each, Raw)] == list(range(150))
    even, odd = found[:2]
    assert isinstance(even, Raw) and isinstance(odd, Raw)
    assert (even.source, even.content, even.content_type) == ("a.example", STRIKE, "text/plain")
    assert (odd.content, odd.content_type, odd.authors) == (f"<p>{STRIKE}</p>", "text/html", ["A. Peña", "J. O'Hara"])
    assert odd.fetched_at == datetime(2020, 3, 2, 9, 30, 1, tzinfo=UTC)
    assert sum(sizes) == pytest.approx((tmp_path / "a.parquet").stat().st_size, rel=0.01)

    (tmp_path / "a.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-99])
    parquet.write_table(arrow.Table.from_pylist([{"url": "https://a.example/1", "title": "x"}]), tmp_path / "b.parquet")
    damaged, links = read_path(tmp_path, Reading(LIMIT))
    assert isinstance(damaged, Refusal) and isinstance(links, Refusal)
    assert "among url, title: `wirewatch ingest ADDRESS…` asks" in links.error


def test_a_column_that_unpacks_to_more_than_its_rows_may_hold_is_refused(tmp_path: Path) -> None:
    """A small file of Parquet holds gigabytes as easily as a packed one: its own index says so, before anything is unpacked."""
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    parquet.write_table(arrow.table({"text": ["x" * 100_000]}), tmp_path / "a.parquet", compression="zstd")

    [found] = read_path(tmp_path / "a.parquet", Reading(10_000))

    assert isinstance(found, Refusal) and found.reason == "too_large"


def test_apply_says_which_columns_it_read_and_counts_rows(tmp_path: Path) -> None:
    """Each row comes out or is counted; by the articles' own clock none is old."""
    row = ["https://a.example/1", " ".join([STRIKE] * 3), "2020-03-02"]
    (tmp_path / "a.csv").write_text(csv_of([["url", "text", "date"], row, ["https://a.example/2", "", ""], ["x"]]))

    result = CliRunner().invoke(main, ["apply", "clean", str(tmp_path / "a.csv")])

    assert result.exit_code == 2
    records = [orjson.loads(line) for line in result.stdout.splitlines()]
    assert [(each.get("reason"), each.get("backfill")) for each in records] == [(None, None), ("empty", None)]
    assert "1 clean, 1 dead (1 empty)" in result.stderr and "1 not read:" in result.stderr
    assert "a.csv: read url, text, date as published_at" in result.stderr


def test_json_lines_with_fields_of_their_own_are_a_table(tmp_path: Path) -> None:
    """As crawlers and archives write them; a line of another kind costs no other, and a raw record with a fault stays one."""
    lines = [
        {"url": "https://a.example/1", "maintext": STRIKE, "date_publish": "2020-03-02 09:30:00", "score": 1},
        {"date_publish": 1583141400, "body": f"<p>{STRIKE}</p>", "source": {"uri": "a.example", "title": "A"}},
        {"url": "https://a.example/3"},
    ]
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(
        gzip.compress(
            b"\n".join([b"", *map(orjson.dumps, lines), b"", b"[1]", b"{", b'{"text": "' + b"x" * 70_000, b"1"])
        )
    )
    noted: list[str] = []

    first, second, *refused = read_path(file, Reading(500, noted=lambda _, columns: noted.append(columns)))

    assert isinstance(first, Raw) and isinstance(second, Raw)
    assert (first.content, first.content_type) == (STRIKE, "text/plain")
    assert first.fetched_at == second.fetched_at == datetime(2020, 3, 2, 9, 30, tzinfo=UTC)
    assert (second.source, second.content_type) == ("a.example", "text/html")
    assert noted == ["read url, maintext as text, date_publish as published_at; passed over score"]
    assert [(each.where.rpartition(":")[2], each.reason) for each in refused if isinstance(each, Refusal)] == [
        ("4", "invalid_record"), ("6", "invalid_json"), ("7", "invalid_json"), ("8", "too_large"),
    ]  # fmt: skip
    assert isinstance(refused[-1], Refusal) and refused[-1].error.endswith("nothing behind it is read")
    (tmp_path / "b.jsonl").write_bytes(b'{"url": "https://a.example/1", "content_type": "text/html", "content": "x"}')
    [fault] = read_path(tmp_path / "b.jsonl", Reading(LIMIT))
    assert isinstance(fault, Refusal) and "missing required field `fetched_at`" in fault.error


ARTICLE = {"title": "Streik", "url": "https://a.example/1", "publishedAt": "2026-03-02T09:30:00Z", "content": STRIKE}


@pytest.mark.parametrize("option", [0, orjson.OPT_INDENT_2])
@pytest.mark.parametrize(
    "document",
    [
        [ARTICLE, 7],
        {"status": "ok", "totalResults": 2, "articles": [{"source": {"id": None, "name": "Hafen"}, **ARTICLE}, None]},
        {"response": {"pages": 1, "results": [ARTICLE, {"id": "x"}]}},
        ARTICLE,
        [orjson.loads(GOOD) | {"url": ARTICLE["url"], "content": STRIKE}, {"schema": "x", "content_type": "text/html"}],
    ],
)
def test_a_document_of_json_gives_its_articles(tmp_path: Path, document: object, option: int) -> None:
    """The answer of a news API, over one line or many: its list is found wherever it stands, a part that is none is named."""
    path = tmp_path / "a.json"
    path.write_bytes(orjson.dumps(document, option=option))

    first, *rest = read_path(path, Reading(LIMIT))

    assert isinstance(first, Raw) and (first.url, first.content) == (ARTICLE["url"], STRIKE)
    assert [each.where.rpartition("a.json")[2] for each in rest if isinstance(each, Refusal)] == ["#2"][: len(rest)]
    assert len(rest) == (document is not ARTICLE)


def test_a_document_without_texts_or_articles_says_so(tmp_path: Path) -> None:
    """Addresses alone are for `ingest ADDRESS…`; a document without a list of articles stays a file of lines."""
    (tmp_path / "a.json").write_bytes(
        orjson.dumps({"articles": [{"url": "https://a.example/1", "title": "x", "seendate": "2026"}]})
    )
    (tmp_path / "b.json").write_bytes(orjson.dumps({"error": {"message": ["none"]}}, option=orjson.OPT_INDENT_2))

    a, *b = read_path(tmp_path, Reading(LIMIT))

    assert isinstance(a, Refusal) and "`wirewatch ingest ADDRESS…`" in a.error
    assert isinstance(b[0], Refusal) and b[0].reason == "invalid_json"


def test_a_link_to_nothing_is_named(tmp_path: Path) -> None:
    """A folder's link whose file is gone is an article that is missing; a loop of folders is not followed."""
    (tmp_path / "gone.html").symlink_to(tmp_path / "nowhere.html")
    (tmp_path / "loop").symlink_to(tmp_path)

    [found] = read_path(tmp_path, Reading(LIMIT))

    assert isinstance(found, Refusal) and found.where.endswith("gone.html")
