"""Documents that are made to hurt those who read them; none is larger than the bound up to which a body is read at all."""

import json
import random
from collections.abc import Callable
from functools import partial

URL = "https://e.org/feed"
MANY = 100_000
#: As much as a poll takes: of larger documents no more is read.
LARGE = 15_000_000


def two_items(inner: str, head: str = "", root: str = "<rss>") -> bytes:
    """Return a feed of two items, the first with something nasty in it."""
    first = f"<item><title>first</title><description>{inner}</description></item>"
    return f"{head}{root}<channel>{first}<item><title>second</title></item></channel></rss>".encode()


def laughs() -> bytes:
    """Return entities that grow tenfold, nine times."""
    steps = "".join(f"<!ENTITY l{n} '" + f"&l{n - 1};" * 10 + "'>" for n in range(1, 10))
    return two_items("&l9;", f'<!DOCTYPE x [<!ENTITY l0 "ha">{steps}]>')


#: Feeds of which both items are to come out.
FEEDS: dict[str, Callable[[], bytes]] = {
    "billion laughs": laughs,
    "quadratic entities": partial(two_items, "&a;" * MANY, f'<!DOCTYPE x [<!ENTITY a "{"a" * MANY}">]>'),
    "short entities": partial(two_items, "&a;" * MANY * 4, f'<!DOCTYPE x [<!ENTITY a "{"a" * 200}">]>'),
    "external entity": partial(two_items, "&a;", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'),
    "nested elements": partial(two_items, "<div>" * MANY + "</div>" * MANY),
    "nested elements in CDATA": partial(two_items, "<![CDATA[" + "<div>" * MANY + "]]>"),
    "elements without an end": partial(two_items, "<b>" * MANY),
    "bare ampersands": partial(two_items, "&" * MANY * 4),
    "bare brackets": partial(two_items, "<" * MANY * 4),
    "references": partial(two_items, "&#150;" * MANY * 4),
    "a long attribute": partial(two_items, f'<a href="{"x" * 12_000_000}"/>'),
    "many attributes": partial(two_items, "<a " + " ".join(f"a{n}='1'" for n in range(MANY)) + "/>"),
    "many name spaces": partial(
        two_items, "x", root="<rss " + " ".join(f"xmlns:n{n}='urn:{n}'" for n in range(MANY)) + ">"
    ),
    "a long text": partial(two_items, "x" * 12_000_000),
    "scripts without an end": partial(two_items, "&lt;script&gt;" * MANY),
}


def one_tag() -> bytes:
    """Return one tag that never ends."""
    return b"<rss><channel><item><title>first</title></item><item " + b"x" * LARGE


def noise(seed: int, size: int) -> bytes:
    """Return bytes at random."""
    return random.Random(seed).randbytes(size)


def parameters() -> bytes:
    """Return parameter entities that grow tenfold, nine times."""
    steps = "".join(f"<!ENTITY % p{n} '" + f"%p{n - 1};" * 10 + "'>" for n in range(1, 10))
    return two_items("x", f'<!DOCTYPE x [<!ENTITY % p0 "ha">{steps}%p9;]>')


#: Others, each with something in it that may be read or not: with an entry, or with a note on why there is none.
OTHERS: dict[str, Callable[[], bytes]] = {
    "one tag without an end": one_tag,
    "two million tags": lambda: b"<rss><channel>" + b"<item/>" * (LARGE // 7),
    "a million items": lambda: b"<rss><channel>" + b"<item><title>a</title></item>" * 500_000 + b"</channel></rss>",
    "a title of 10 MB": lambda: two_items("x").replace(b"first", b"first " + b"word " * 2_000_000),
    "a title of 10 MB without blanks": lambda: two_items("x").replace(b"first", b"first" * 2_000_000),
    "parameter entities": parameters,
    "a DTD from elsewhere": lambda: two_items("&a;", '<!DOCTYPE x SYSTEM "file:///etc/hostname">'),
    "an entity in an entity": lambda: two_items("&a;", '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'),
    "comments of a DTD without ends": lambda: two_items("x", "<!DOCTYPE x [" + "<!--" * 500_000 + "]>"),
    "instructions of a DTD without ends": lambda: two_items("x", "<!DOCTYPE x [" + "<?a " * 500_000 + "]>"),
    "included from elsewhere": lambda: two_items(
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="file:///etc/hostname"/>'
    ),
    "a comment without an end": lambda: b"<rss><channel><item><title>a</title></item><!--" + b"-" * LARGE,
    "CDATA without an end": lambda: b"<rss><channel><item><title>a</title></item><item><![CDATA[" + b"]" * LARGE,
    "instructions": lambda: b"<?a b?>" * 2_000_000 + two_items("x"),
    "an attribute without an end": lambda: b'<rss><channel><item><title>a</title></item><item a="' + b"<" * LARGE,
    "UTF-8 broken at each second byte": lambda: two_items("x").replace(b"first", b"first" + b"a\xc3" * 5_000_000),
    "UTF-16 that is none": lambda: b"\xff\xfe" + two_items("x" * 1_000_000),
    "UTF-16 cut in a sign": lambda: b"\xff\xfe" + two_items("x").decode().encode("utf-16-le") + b"\x3d\xd8",
    "UTF-32": lambda: two_items("x").decode().encode("utf-32"),
    "UTF-7": lambda: two_items("x", '<?xml version="1.0" encoding="utf-7"?>'),
    "a charset that is none": lambda: two_items("x", f'<?xml version="1.0" encoding="{"x" * 100_000}"?>'),
    "zeros": lambda: bytes(LARGE),
    "noise": lambda: noise(1, LARGE),
    "bold without an end": lambda: two_items("<b>x").replace(b"first", b"<i>first" * 35_000 + b"</u>" * 35_000),
    "noise after a feed's beginning": lambda: b"<rss><channel><item><title>a</title></item>" + noise(2, LARGE),
    "JSON nested without an end": lambda: b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * LARGE,
    "JSON of one number": lambda: b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"9" * LARGE,
    "JSON of a million items": lambda: json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": str(n), "title": "a"} for n in range(400_000)]}
    ).encode(),
    "an index of itself": lambda: b"<sitemapindex>" + f"<sitemap><loc>{URL}</loc></sitemap>".encode() * 200_000,
    "a page of links": lambda: b"<html><body>" + b"<a href='/feed.xml'>feed</a>" * 400_000,
    "a page of feeds": lambda: b"<html><head>" + b"<link rel=alternate type='application/rss+xml' href=/f>" * 200_000,
    "a page of attributes": lambda: (
        b"<html><body><a href=/feed.xml " + b" ".join(b"a%d" % n for n in range(10 * MANY)) + b">feed</a>"
    ),
    "a page of tables": lambda: b"<html><body>" + b"<table><tr><td>" * 500_000,
}
