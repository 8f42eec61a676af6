"""Ingest: files become raw records, and their faults are named and do not stop the rest."""

import bz2
import gzip
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pytest
from click.testing import CliRunner

from agents.fetch.asking.requests import unpack
from agents.fetch.files.encodings import text_of
from agents.fetch.files.found import Reading, Refusal
from agents.fetch.files.reading import read_lines, read_path
from streams.journal.store import Store
from streams.records import Raw, encode
from wirewatch.cli import main
from wirewatch.cli.ingest import Refusals, total_bytes

#: The user without rights.
NOBODY = 65534
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


def test_hidden_files_of_a_folder_are_passed_over(tmp_path: Path) -> None:
    """A system's and a program's own are no news; one that is named itself is read, and any file in a hidden folder too."""
    (tmp_path / "in" / ".git").mkdir(parents=True)
    for name in ("a.jsonl", ".b.jsonl", ".DS_Store", ".git/c.jsonl"):
        (tmp_path / "in" / name).write_bytes(GOOD)

    assert len(list(read_path(tmp_path / "in", Reading(LIMIT)))) == 1
    assert len(list(read_path(tmp_path / "in" / ".b.jsonl", Reading(LIMIT)))) == 1
    assert len(list(read_path(tmp_path / "in" / ".git", Reading(LIMIT)))) == 1


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
    """A folder gives its pages and lines in the order of names; a page's URL is the one that it names, else it has its file's."""
    (tmp_path / "b.html").write_bytes(
        '<html><head><link rel="canonical" href="https://a.example/b"></head>Größe</html>'.encode("latin-1")
    )
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(GOOD))
    (tmp_path / "a.html.bz2").write_bytes(bz2.compress(b"<p>no address</p>"))
    (tmp_path / "notes.doc").write_text("?")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "1.txt").write_text("A text.")
    found = list(read_path(tmp_path, Reading(LIMIT)))
    assert isinstance(found[0], Raw) and found[0].url is None and found[0].source == tmp_path.name
    ids = [each.id if isinstance(each, Raw) else "" for each in found]
    assert ids == ["a.html.bz2", None, None, "", "old/1.txt"]
    assert [raw.id for raw in read_path(tmp_path / "old" / "1.txt", Reading(LIMIT)) if isinstance(raw, Raw)] == [
        "1.txt"
    ]
    assert isinstance(found[1], Raw) and found[1].url == "https://a.example/b" and "Größe" in found[1].content
    assert isinstance(found[2], Raw)
    assert isinstance(found[3], Refusal) and found[3].reason == "unknown_file"


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


def test_a_link_to_nothing_is_named(tmp_path: Path) -> None:
    """A folder's link whose file is gone is an article that is missing; a loop of folders is not followed."""
    (tmp_path / "gone.html").symlink_to(tmp_path / "nowhere.html")
    (tmp_path / "loop").symlink_to(tmp_path)

    [found] = read_path(tmp_path, Reading(LIMIT))

    assert isinstance(found, Refusal) and found.where.endswith("gone.html")


def test_a_text_is_an_article(tmp_path: Path) -> None:
    """In any encoding, of its folder's name as source; lines of JSON in a file of that name are none."""
    folder = tmp_path / "gazette"
    folder.mkdir()
    (folder / "a.txt").write_bytes(
        "Порт закрыт\n\nПорт останется закрытым до вторника, сообщило управление порта.".encode("cp1251")
    )
    (folder / "b.md").write_text(f"# {JAPANESE}\n", encoding="utf-8")
    (folder / "c.txt").write_bytes(GOOD)
    first, second, third = read_path(folder, Reading(LIMIT))
    assert isinstance(first, Raw) and "сообщило управление порта" in first.content
    assert (first.content_type, first.source, first.url) == ("text/plain", "gazette", None)
    assert isinstance(second, Raw) and JAPANESE in second.content
    assert isinstance(third, Refusal)


def test_apply_tags_a_text(tmp_path: Path) -> None:
    """The command that takes a saved page takes a text, too."""
    path = tmp_path / "a.txt"
    path.write_text(
        "Port strike in Chile\n\nDockers in Valparaíso stopped work on Monday, the union said.\n", encoding="utf-8"
    )
    done = CliRunner().invoke(main, ["apply", "clean,tag", str(path)])
    assert done.exit_code == 0, done.output
    assert orjson.loads(done.stdout)["primary_country"] == "CL"


def test_many_refusals_are_counted_by_cause(capsys: pytest.CaptureFixture[str]) -> None:
    """The first ones are shown one by one; of the others each cause has a count and its first place."""
    refusals = Refusals()
    for number in range(60):
        refusals.report(Refusal(f"in.jsonl:{number}", "invalid_json", "unexpected end"))
    refusals.report(Refusal("in.jsonl:99", "too_large", "9 MB"))
    refusals.sum_up()

    lines = capsys.readouterr().err.splitlines()
    assert lines[49:] == [
        "in.jsonl:49: invalid_json: unexpected end",
        "11 more not sent: 10 as in.jsonl:50: invalid_json: unexpected end; in.jsonl:99: too_large: 9 MB",
    ]


@contextmanager
def without_rights() -> Iterator[Path]:
    """Give a folder that a user without rights over others' files may read, as that user."""
    with TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        user = os.geteuid()
        try:
            if user == 0:
                os.chown(made, NOBODY, -1)
                os.seteuid(NOBODY)
            yield Path(made)
        finally:
            os.seteuid(user)


def test_folders_and_files_without_rights_are_named() -> None:
    """Neither a folder nor a file that this user must not read goes missing in silence; the others are read."""
    with without_rights() as folder:
        for name in ("closed", "listed", "open"):
            (folder / name).mkdir()
            (folder / name / "a.jsonl").write_bytes(GOOD)
        (folder / "secret.html").write_text("x")
        for name, rights in (("closed", 0), ("listed", 0o400), ("secret.html", 0)):
            (folder / name).chmod(rights)
        found = list(read_path(folder, Reading(LIMIT)))
        assert total_bytes([folder]) == len(GOOD) + len("x")
        for name in ("closed", "listed"):
            (folder / name).chmod(0o700)
    assert sum(isinstance(each, Raw) for each in found) == 1
    assert [(each.where, each.error) for each in found if isinstance(each, Refusal)] == [
        (f"{folder}/closed", "the folder cannot be read: Permission denied"),
        (f"{folder}/listed/a.jsonl", "Permission denied"),
        (f"{folder}/secret.html", "Permission denied"),
    ]


def test_a_link_to_a_folder_elsewhere_is_named(tmp_path: Path) -> None:
    """A folder elsewhere is read where it is given itself; a link to one whose files are there anyway changes nothing."""
    for name in ("in", "elsewhere"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.jsonl").write_bytes(GOOD)
    (tmp_path / "in" / "more").symlink_to("../elsewhere")
    (tmp_path / "in" / "round").symlink_to(".")
    first, second = read_path(tmp_path / "in", Reading(LIMIT))
    assert isinstance(first, Raw)
    assert isinstance(second, Refusal) and second.where == f"{tmp_path}/in/more"
    assert second.error == "a link to a folder elsewhere, which is not followed: give that folder itself"
