"""Tables and JSON documents of articles, with names of their own: CSV, Parquet, JSON lines."""

import csv
import gzip
import io
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from agents.fetch.files.found import Reading, Refusal
from agents.fetch.files.reading import read_path
from streams.records import Raw, encode
from wirewatch.cli import main

LIMIT = 8 * 1024 * 1024
GOOD = encode(
    Raw(url="https://a.example/1", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), content_type="text/html", content="x")
)


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


@pytest.mark.parametrize("ending", ["", ",", ",,,"])
def test_empty_cells_at_the_end_of_a_row(tmp_path: Path, ending: str) -> None:
    """A row whose last cell is empty is whole, and so is one that a spreadsheet ends with more of them."""
    file = tmp_path / "a.csv"
    file.write_text(f"url,text,authors\nhttps://a.example/1,{STRIKE},{ending}\n")
    [found] = read_path(file, Reading(LIMIT))
    assert isinstance(found, Raw) and found.content == STRIKE


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


def test_a_damaged_parquet_file_ends_no_other_process(tmp_path: Path) -> None:
    """One byte of its index, a column's type, is another: pyarrow's C++ ends the process there. The next file is read."""
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    rows = {"title": ["T"] * 5, "text": [STRIKE] * 5, "date": ["2026"] * 5, "url": ["https://a.example/1"] * 5}
    parquet.write_table(arrow.table(rows), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole.replace(b"\x15\x0c%\x02\x18\x05title", b"\x15\x04%\x02\x18\x05title"))
    (tmp_path / "b.parquet").write_bytes(whole)

    damaged, found, *_ = read_path(tmp_path, Reading(LIMIT))

    assert isinstance(damaged, Refusal) and damaged.reason == "unreadable"
    assert "its reader ended with" in damaged.error
    assert isinstance(found, Raw) and found.content == STRIKE


@pytest.mark.parametrize("field", ["authors", "date", "title", "text"])
@pytest.mark.parametrize(("end", "place"), [(".jsonl", ":1"), (".json", "#1")])
def test_a_value_that_is_nested_deep_costs_its_own_row(tmp_path: Path, field: str, end: str, place: str) -> None:
    """The row behind it is read. It is named by its line, in a document by its number among the articles."""
    good = orjson.dumps({"title": "T", "text": STRIKE})
    deep = orjson.dumps({"title": "T", "text": STRIKE, field: 0}).replace(b":0", b":" + b"[" * 1_000 + b"]" * 1_000)
    rows = b"\n".join([deep, good]) if end == ".jsonl" else b"[" + deep + b"," + good + b"]"
    (tmp_path / f"a{end}").write_bytes(rows)

    first, second = read_path(tmp_path / f"a{end}", Reading(LIMIT))

    assert isinstance(first, Refusal) and first.error == "a value is nested too deep"
    assert first.where.endswith(f"a{end}{place}")
    assert isinstance(second, Raw) and second.content == STRIKE


@pytest.mark.parametrize(("kind", "value"), [("date32", 2**31 - 1), ("timestamp", 2**62)])
def test_a_parquet_table_of_a_day_that_no_calendar_has_is_refused(tmp_path: Path, kind: str, value: int) -> None:
    """By its fault."""
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    days = arrow.array([value], arrow.date32() if kind == "date32" else arrow.timestamp("us"))
    parquet.write_table(arrow.table({"text": [STRIKE], "date": days}), tmp_path / "a.parquet")

    [found] = read_path(tmp_path / "a.parquet", Reading(LIMIT))

    assert isinstance(found, Refusal) and "OverflowError" in found.error


def test_the_day_of_a_row_is_read_in_words_and_as_a_clock(tmp_path: Path) -> None:
    """A row was fetched on its day, however that is written; a time that nobody can read is said, with its row."""
    days = {
        "29 mars 2026": datetime(2026, 3, 29, tzinfo=UTC),
        "29 марта 2026, 14:05": datetime(2026, 3, 29, 14, 5, tzinfo=UTC),
        "2026年3月29日": datetime(2026, 3, 29, tzinfo=UTC),
        "3/29/26 2:05 PM": datetime(2026, 3, 29, 14, 5, tzinfo=UTC),
        "1774749600.512": datetime(2026, 3, 29, 2, tzinfo=UTC),
        "1774749600512000": datetime(2026, 3, 29, 2, tzinfo=UTC),
        "1956-06-20 09:18:00": datetime(1956, 6, 20, 9, 18, tzinfo=UTC),
        "20 juin 1888": datetime(1888, 6, 20, tzinfo=UTC),
    }
    file = tmp_path / "a.csv"
    rows = [["url", "title", "text", "date"]]
    rows += [
        [f"https://a.example/{at}", f"Day {at}", STRIKE, day] for at, day in enumerate([*days, "46110", "", "soon"])
    ]
    file.write_text(csv_of(rows), encoding="utf-8")

    done = CliRunner().invoke(main, ["apply", "clean", str(file)])

    records = [orjson.loads(line) for line in done.stdout.splitlines()]
    for field in ("fetched_at", "published_at"):
        found = [datetime.fromisoformat(record[field]) for record in records[: len(days)]]
        assert found == list(days.values()), field
    assert {record["published_at"] for record in records[len(days) :]} == {None}
    assert f"2 times in tables that are in no form known here: {file}:10 (46110), {file}:12 (soon)" in done.stderr
