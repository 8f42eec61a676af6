"""Mails as `wirewatch ingest` reads them: one a file, many in one, in parts, packed, broken and hostile."""

import gzip
import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from agents.fetch.files import mails
from agents.fetch.files.found import Found, Reading, Refusal
from agents.fetch.files.reading import read_path
from streams.records import Raw
from tests.support.packs import PACKS

LIMIT = 8 * 1024 * 1024
HTML = "<html><body><h1>Fähre fährt wieder</h1><p>Die Fähre nach Föhr fährt ab Montag wieder.</p></body></html>"


def letter(subject: str = "Fähre fährt wieder", **heads: str) -> EmailMessage:
    """Return a mail without a text."""
    mail = EmailMessage()
    given = {"From": "Hafenamt <presse@hafen.example>", "Date": "Mon, 2 Mar 2026 10:00:00 +0200", "Message-ID": "<1@x>"}
    for name, value in (
        {"Subject": subject} | given | {name.replace("_", "-"): value for name, value in heads.items()}
    ).items():
        mail[name] = value
    return mail


def read(path: Path) -> list[Found]:
    """Return the records and refusals of a file."""
    return list(read_path(path, Reading(LIMIT)))


def one(path: Path) -> Raw:
    """Return the only record of a file."""
    [found] = read(path)
    assert isinstance(found, Raw), found
    return found


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("packing", ["base64", "quoted-printable"])
def test_a_mail_in_html_alone_is_an_article(tmp_path: Path, packing: str, charset: str) -> None:
    """Its subject, its date, the host of its sender, and its page as it was."""
    mail = letter()
    mail.set_content(HTML, subtype="html", cte=packing, charset=charset)
    path = tmp_path / "a.eml"
    path.write_bytes(mail.as_bytes())

    raw = one(path)

    assert (raw.title, raw.source, raw.url, raw.id) == ("Fähre fährt wieder", "hafen.example", None, "1@x")
    assert (raw.content_type, raw.content.strip()) == ("text/html", HTML)
    assert raw.fetched_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert raw.published_at == "2026-03-02T10:00:00+02:00"


def test_of_two_forms_the_page_is_read_and_attachments_are_not(tmp_path: Path) -> None:
    """A text beside the page is the same again; a mail without a page is its text."""
    both, plain = letter(Archived_At="<https://lists.example/1>"), letter()
    both.set_content("Die Fähre fährt.")
    both.add_alternative(HTML, subtype="html")
    both.add_attachment("<p>Fahrplan</p>", subtype="html", filename="plan.html")
    plain.set_content("Die Fähre fährt.")
    plain.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="plan.pdf")
    (tmp_path / "a.eml").write_bytes(both.as_bytes())
    (tmp_path / "b.eml").write_bytes(plain.as_bytes())

    a, b = one(tmp_path / "a.eml"), one(tmp_path / "b.eml")

    assert (a.content.strip(), a.url) == (HTML, "https://lists.example/1")
    assert (b.content.strip(), b.content_type) == ("Die Fähre fährt.", "text/plain")


@pytest.mark.parametrize(("end", "pack"), [("", bytes), *PACKS.items()])
def test_the_mails_of_a_file_are_told_apart(tmp_path: Path, end: str, pack: Callable[[bytes], bytes]) -> None:
    """By the line before each; a line of a text that looks like it was marked, and is as it was again."""
    texts = ["From Föhr to Amrum\n\nFrom Monday on", "Second", "Third"]
    written = b""
    for number, text in enumerate(texts):
        mail = letter(f"Mail {number}")
        mail.set_content(text, cte="8bit")
        lines = mail.as_bytes().replace(b"\nFrom F", b"\n>From F").replace(b"\nFrom M", b"\n>From M")
        written += b"From a@b Mon Mar  2 10:00:00 2026\n" + lines + b"\n"
    path = tmp_path / f"list.mbox{end}"
    path.write_bytes(pack(written))

    found = [(each.title, each.content.strip()) for each in read(path) if isinstance(each, Raw)]

    assert found == [(f"Mail {number}", text) for number, text in enumerate(texts)]


def test_a_mail_without_a_text_is_refused_with_its_place(tmp_path: Path) -> None:
    """The others are read; a packed file that breaks off says so."""
    picture = letter()
    picture.set_content(b"\x89PNG", maintype="image", subtype="png")
    good = letter()
    good.set_content("Die Fähre fährt.")
    mark = b"From a@b Mon Mar  2 10:00:00 2026\n"
    written = mark + picture.as_bytes() + b"\n" + mark + good.as_bytes()
    (tmp_path / "a.mbox").write_bytes(written)
    (tmp_path / "b.mbox.gz").write_bytes(gzip.compress(written)[:-20])

    refused, raw = read(tmp_path / "a.mbox")
    assert isinstance(raw, Raw)
    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.where[-15:]) == ("no_content", "/a.mbox, mail 1")
    assert [each.reason for each in read(tmp_path / "b.mbox.gz") if isinstance(each, Refusal)][-1] == "unreadable"


@pytest.mark.parametrize(
    "head",
    [
        b"Subject: =?x-nobody?B?4pi6?=\nFrom: =?utf-8?q?=\nDate: Mon, 99 Foo 9999 99:99:99\n",
        b"Subject: =?utf-8?B?A?=\nFrom: @@@\nDate: \nMessage-ID: <\x01>\nArchived-At: <javascript:1>\n",
        b"Content-Type: multipart/mixed; boundary=\nSubject:\n",
        b"Content-Transfer-Encoding: base64\nContent-Type: text/html; charset=x-nobody\nDate: Fri, 31 Dec 9999 23:59:59 -9999\n",
        b"",
    ],
)
def test_a_strangers_mail_is_read_or_refused(tmp_path: Path, head: bytes) -> None:
    """Whatever its headers hold: no exception, and no address of a script."""
    noise = random.Random(head).randbytes(300)
    (tmp_path / "a.eml").write_bytes(head + b"\nFerry sails\n" + noise)

    for found in read(tmp_path / "a.eml"):
        assert isinstance(found, Refusal) or found.url is None


def test_a_mail_is_read_up_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is larger is refused with its size, and the next is read."""
    monkeypatch.setattr(mails, "MAX_BYTES", 2_000)
    monkeypatch.setattr(mails, "LINE_BYTES", 500)
    mark = b"From a@b Mon Mar  2 10:00:00 2026\n"
    large, small = b"Subject: a\n\n" + b"x" * 5_000 + b"\n\n", b"Subject: b\n\nFerry sails\n"
    (tmp_path / "a.mbox").write_bytes(mark + large + mark + small)

    refused, raw = read(tmp_path / "a.mbox")

    assert isinstance(refused, Refusal)
    assert (refused.reason, refused.size_bytes) == ("too_large", len(mark + large))
    assert isinstance(raw, Raw)
    assert raw.title == "b"


@pytest.mark.parametrize(
    ("date", "found"),
    [
        ("Mon, 1 Jan 99999999999 00:00:00 +0000", None),
        ("1 Jan 2020 99999999999999999999:00:00 +0000", None),
        ("Mon, 1 Jan 2020 00:00:00 +99999999999999999999", None),
        ("Mon, 1 Jan 2020 00:00:00 +1400", "2020-01-01T00:00:00+14:00"),
    ],
)
@pytest.mark.parametrize("end", [".eml", ".mhtml"])
def test_a_date_of_no_calendar_is_none(tmp_path: Path, date: str, found: str | None, end: str) -> None:
    """The mail, or the page that was saved, is read all the same."""
    path = tmp_path / f"a{end}"
    path.write_text(f"Subject: Ferry\nDate: {date}\nContent-Type: text/html\n\n{HTML}\n")

    raw = one(path)

    assert raw.content.strip() == HTML
    assert raw.published_at == (found if end == ".eml" else None)


@pytest.mark.parametrize(
    "head",
    [
        "From: " + "(" * 4_000,
        "Content-Type: multipart/mixed; boundary*=punycode''b%ff",
    ],
)
def test_a_mail_whose_headers_end_the_parser_is_refused_alone(tmp_path: Path, head: str) -> None:
    """The mail behind it is read."""
    path = tmp_path / "a.mbox"
    path.write_text(f"From x\nSubject: First\n{head}\n\nText\n\nFrom x\nSubject: Second\n\nThe ferry runs again.\n")

    first, second = read(path)

    assert isinstance(first, Refusal)
    assert (first.where, first.reason) == (f"{path}, mail 1", "unreadable")
    assert isinstance(second, Raw)
    assert second.title == "Second"
