"""Charsets that are declared, and those that documents are in."""

import pytest

from agents.fetch.reading.charset import decode
from agents.fetch.reading.documents import read

TEXT = "<rss><channel><item><title>Новости дня: всё о погоде</title></item></channel></rss>"


@pytest.mark.parametrize(
    ("charset", "declared", "header"),
    [
        ("utf-8", "windows-1251", None),
        ("utf-8", "utf-8", "text/xml; charset=iso-8859-1"),
        ("cp1251", "windows-1251", None),
        ("cp1251", "utf-8", "text/xml; charset=windows-1251"),
        ("koi8-r", "koi8-r", None),
        ("utf-16", "utf-16", None),
        ("utf-16-le", "utf-16", None),
    ],
)
def test_a_feed_is_read_whatever_its_declaration_says(charset: str, declared: str, header: str | None) -> None:
    """UTF-8 comes first, then the encoding that the server or the document declares."""
    document = f'<?xml version="1.0" encoding="{declared}"?>{TEXT}'.encode(charset)

    assert read(document, "https://e.org/", header).entries[0].title == "Новости дня: всё о погоде"


def test_gb2312_is_read_as_the_larger_charset() -> None:
    """A character that only GB18030 has does not break a feed that declares GB2312."""
    assert decode('<?xml encoding="gb2312"?>朱镕基'.encode("gb18030"))[:2] == (
        '<?xml encoding="gb2312"?>朱镕基',
        "gb18030",
    )


def test_a_few_broken_bytes_are_noted() -> None:
    """A text that was cut in a character is still UTF-8."""
    text, charset, notes = decode(("é" * 50).encode() + b"\xff")

    assert (text, charset) == ("é" * 50 + "\ufffd", "utf-8")
    assert notes == ("charset: 1 characters are no utf-8",)


@pytest.mark.parametrize("name", ["zip", "base64", "rot13", "undefined", "idna", "punycode", "unicode_escape", "hex"])
def test_an_encoding_that_is_no_charset_is_none(name: str) -> None:
    """Python has encodings of bytes, of names and of nothing; a stranger may declare them, and his text is read as any."""
    document = f'<?xml version="1.0" encoding="{name}"?><p>Caf\xe9 xn--{"a" * 50}'.encode("cp1252")

    text, charset, _ = decode(document, f"text/html; charset={name}")

    assert "Café" in text
    assert charset not in (name, "idna", "punycode")
