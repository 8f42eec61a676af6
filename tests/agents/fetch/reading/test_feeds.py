"""RSS, RDF and Atom, as publishers write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.fetch.reading.documents import read
from agents.fetch.reading.entries import Document, Entry

URL = "https://news.example.org/feeds/top.xml"
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


def rss(items: str, channel: str = "", attributes: str = "") -> Document:
    """Read an RSS 2.0 document."""
    feed = f'<?xml version="1.0"?><rss version="2.0" {attributes}><channel>{channel}{items}</channel></rss>'
    return read(feed.encode(), URL)


def item(inner: str, attributes: str = "") -> Entry:
    """Read a document of one item."""
    return rss(f"<item>{inner}</item>", attributes=attributes).entries[0]


def atom(inner: str) -> Document:
    """Read an Atom 1.0 document."""
    return read(f"<feed {ATOM}>{inner}</feed>".encode(), URL)


def test_an_item_of_rss_is_an_entry() -> None:
    """Every field of an item comes out, times in UTC."""
    document = rss(
        "<item><title>Flood &amp; fire</title><link>https://news.example.org/1</link><guid isPermaLink='false'>n1</guid>"
        "<pubDate>Thu, 26 Nov 2026 10:00:00 CET</pubDate><description>&lt;p&gt;Short&lt;/p&gt;</description>"
        "<dc:creator>Ana Ruiz</dc:creator><category>World</category></item>",
        "<title>News</title><link>https://news.example.org/</link><language>en</language><ttl>15</ttl>"
        "<skipHours><hour>3</hour></skipHours><skipDays><day>Sunday</day></skipDays>",
        DC,
    )

    assert (document.kind, document.title, document.link) == ("rss", "News", "https://news.example.org/")
    assert (document.ttl_seconds, document.skip_hours, document.skip_days) == (900, frozenset([3]), frozenset([6]))
    assert document.entries == (
        Entry(
            url="https://news.example.org/1",
            guid="n1",
            title="Flood & fire",
            authors=("Ana Ruiz",),
            published_at=datetime(2026, 11, 26, 9, tzinfo=UTC),
            summary="<p>Short</p>",
            categories=("World",),
            language="en",
        ),
    )


def test_a_section_within_a_section_leaves_no_marks() -> None:
    """CDATA that a program put into CDATA is a title and a body without either's marks."""
    begin, end, text = "<![CDATA[<![CDATA[", "]]]]><![CDATA[>]]>", "<p>It is warm &amp; dry.</p>"
    entry = item(f"<title>{begin}Oven lit{end}</title><description>{begin}{text}{end}</description>")

    assert (entry.title, entry.summary) == ("Oven lit", text)


def test_rdf_is_read_beside_its_channel() -> None:
    """In RSS 1.0 items stand beside the channel, and have their address in rdf:about too."""
    document = read(
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        b"<channel><title>Old</title></channel><item rdf:about='https://e.org/a'><title>A</title></item></rdf:RDF>",
        URL,
    )

    assert (document.kind, document.title, document.entries[0].url) == ("rdf", "Old", "https://e.org/a")


def test_an_atom_title_is_what_its_type_says() -> None:
    """Text is text, HTML and XHTML are markup."""
    document = atom(
        "<entry><title>if a &lt;b&gt; c</title></entry><entry><title type='html'>&lt;b&gt;Bold&lt;/b&gt; claim</title></entry>"
        "<entry><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>An <i>X</i> title</div></title></entry>"
    )

    assert [e.title for e in document.entries] == ["if a <b> c", "Bold claim", "An X title"]


def test_angle_brackets_that_are_no_tag_stay_in_a_title() -> None:
    """`List<String>` is text, `<em>` is markup."""
    assert item("<title>List&lt;String&gt; &lt;em&gt;now&lt;/em&gt;</title>").title == "List<String> now"


@pytest.mark.parametrize(
    ("inner", "url"),
    [
        ("<link>https://e.org/a</link><guid>https://e.org/b</guid>", "https://e.org/a"),
        ("<guid>https://e.org/b</guid>", "https://e.org/b"),
        ("<guid isPermaLink='false'>https://e.org/b</guid>", None),
        ("<link>/a/b?x=1&amp;y=2</link>", "https://news.example.org/a/b?x=1&y=2"),
        ("<link>https://news.example.org/</link><guid>https://news.example.org/1</guid>", "https://news.example.org/1"),
        ("<link>https://news.example.org/</link>", "https://news.example.org/"),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>https://e.org/a?x=1&y=2</link>", "https://e.org/a?x=1&y=2"),
        (
            "<link>https://short.example/1</link><feedburner:origLink>https://e.org/long</feedburner:origLink>",
            "https://e.org/long",
        ),
    ],
)
def test_the_address_of_an_article(inner: str, url: str | None) -> None:
    """The original, then the link, then a permanent guid; never the site's where there is another."""
    document = rss(f"<item>{inner}</item>", "<link>https://news.example.org/</link>")

    assert document.entries[0].url == url


def test_an_address_that_is_none_is_noted() -> None:
    """A text that could not be read as an address stands in a note."""
    assert item("<link>http://[broken</link>").notes == ("link: http://[broken",)


def test_a_guid_that_repeats_identifies_nothing() -> None:
    """`N/A` for all is no id, and the document says so."""
    document = rss("<item><guid>N/A</guid></item><item><guid>N/A</guid></item><item><guid>x</guid></item>")

    assert [e.guid for e in document.entries] == [None, None, "x"]
    assert document.notes == ("guid_repeated: 1, the first N/A",)


def test_entities_of_html_do_not_cut_a_text() -> None:
    """Names that XML does not know are characters all the same, in titles and texts; bare ampersands too."""
    entry = item("<title>Pr&eacute;sident &mdash; AT&T &bogus; R&D</title>")

    assert entry.title == "Président — AT&T &bogus; R&D"


def test_undeclared_prefixes_are_read() -> None:
    """`dc:creator` without a declaration is still the author."""
    assert item("<dc:creator>Ana</dc:creator>").authors == ("Ana",)


def test_a_title_of_a_picture_is_not_the_articles() -> None:
    """Titles inside media groups, images and sources stay there."""
    entry = item(
        "<media:content><media:title>Photo</media:title></media:content><source><title>Agency</title></source>"
        "<title>Real</title>",
        'xmlns:media="http://search.yahoo.com/mrss/"',
    )

    assert entry.title == "Real"


def test_content_and_summary_are_kept_apart() -> None:
    """The full text is the content, the description the summary; scripts are in neither."""
    entry = item(
        "<description>Short</description><content:encoded><![CDATA[<p>Long</p><script>track()</script>]]></content:encoded>",
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"',
    )

    assert (entry.summary, entry.content, entry.content_type) == ("Short", "<p>Long</p>", "text/html")


@pytest.mark.parametrize(
    "given",
    [
        "<description>Short</description><summary>The long</summary>",
        "<summary>Short</summary><description>The long</description>",
    ],
)
def test_of_two_summaries_the_second_is_the_content(given: str) -> None:
    """Feeds without a content give the full text second."""
    entry = item(given)

    assert (entry.summary, entry.content) == ("Short", "The long")


@pytest.mark.parametrize(
    ("links", "url"),
    [
        (
            "<link rel='related' href='https://a.example/of'/><link href='https://a.example/own'/>",
            "https://a.example/own",
        ),
        ("<link rel='via' href='https://a.example/via'/>", "https://a.example/via"),
        ("<link rel='edit' href='https://a.example/edit'/><link rel='self' href='https://a.example/self'/>", None),
    ],
)
def test_the_relation_of_a_link_tells_whether_it_leads_to_the_article(links: str, url: str | None) -> None:
    """A page that is related stands in for an alternate one where there is none; other relations are no page."""
    (entry,) = atom(f"<entry><title>Ships</title>{links}</entry>").entries

    assert entry.url == url


def test_xhtml_content_is_html() -> None:
    """Elements of XHTML come out without their namespace."""
    document = atom(
        "<entry><content type='xhtml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'><x:p>One<x:br/>two</x:p></x:div>"
        "</content></entry>"
    )

    assert document.entries[0].content == "<div><p>One<br>two</p></div>"


def test_names_are_taken_from_mail_addresses() -> None:
    """`mail (Name)` and `Name (mail)` are the name; a mail address alone stays."""
    found = [item(f"<author>{text}</author>").authors for text in ("a@e.org (Ana)", "Ana (a@e.org)", "a@e.org")]

    assert found == [("Ana",), ("Ana",), ("a@e.org",)]


def test_a_date_that_nobody_reads_is_kept_as_written() -> None:
    """No time is invented: the text goes along, and a note says so."""
    entry = item("<pubDate>lun. 24 novembre 2026</pubDate>")

    assert (entry.published_at, entry.published_text) == (None, "lun. 24 novembre 2026")
    assert entry.notes == ("date: lun. 24 novembre 2026",)


def test_more_entries_than_are_read_are_counted() -> None:
    """A cap is a note, never silent."""
    document = rss("<item><title>x</title></item>" * 2500)

    assert len(document.entries) == 2000
    assert document.notes == ("entries_cut: 2000 of 2500 read",)


def test_a_feed_behind_a_servers_warnings_is_read() -> None:
    """The output of a broken template before the feed is passed over."""
    assert read(
        b"\n<br />\n<b>Warning</b>: x in y.php<br />\n<?xml version='1.0'?><rss><channel><item/></channel></rss>", URL
    ).entries


def test_a_text_that_speaks_of_doctypes_keeps_them() -> None:
    """Only a DTD in the prolog is taken out."""
    assert item("<title>About &lt;!DOCTYPE html&gt;</title>").title == "About <!DOCTYPE html>"


LINK_AND_DATE = "<link>https://a.example/1</link><pubDate>2026-03-02</pubDate>"


@pytest.mark.parametrize(
    "inner",
    [
        f"<title>One</title><description>Ships <b>wait</description>{LINK_AND_DATE}",
        f"<title>One</title><description>Ships<br>wait <img src=a.png>on</description>{LINK_AND_DATE}",
        f"<title>One</title><description><b><i>Ships</b></i></p> wait</description>{LINK_AND_DATE}",
        f"<title>One</title><description><ul><li>Ships<li>wait</ul></description>{LINK_AND_DATE}",
        f'<title>One</title><description><a href="/x>Ships</a> <font color=red>wait</description>{LINK_AND_DATE}',
        f"<title>One</title><description>Ships wait{LINK_AND_DATE}",
        f"<title>One{LINK_AND_DATE}",
        f"<title>One</TITLE>{LINK_AND_DATE.replace('</link>', '</Link>')}",
        f"<title>One</title>{LINK_AND_DATE.replace('</pubDate>', '')}",
        f"<title>One</title></rss>{LINK_AND_DATE}",
        f"<title>One</title>{LINK_AND_DATE}<content:encoded><p>Ships <b>wait<br>on</p></content:encoded>",
    ],
)
@pytest.mark.parametrize("end", ["</item>", ""])
def test_an_element_that_is_not_closed_swallows_nothing(inner: str, end: str) -> None:
    """HTML as it is in a description, an end tag that is missing or another's: link, date and the next item are read."""
    first, second = rss(f"<item>{inner}{end}<item><title>Two</title><link>https://a.example/2</link></item>").entries

    assert (first.url, first.title, second.url) == ("https://a.example/1", "One", "https://a.example/2")
    assert first.published_at == datetime(2026, 3, 2, tzinfo=UTC)
    if "Ships" in inner:
        assert "Ships" in f"{first.summary}{first.content}"


def test_a_less_than_sign_is_no_tag() -> None:
    """Only where a name follows it; the rest of a title stays."""
    assert item(f"<title>Is 1 < 2 and x<y? <b>Yes</title>{LINK_AND_DATE}").title == "Is 1 < 2 and x<y? Yes"


def test_an_address_that_a_feed_breaks_off_in_is_left_out() -> None:
    """Half of it would be another article; the entries before it are read."""
    whole = f"<rss><channel><item><title>One</title>{LINK_AND_DATE}</item><item><title>Two</title><link>https://a.exam"

    first, second = read(whole.encode(), URL).entries

    assert (first.url, second.title, second.url) == ("https://a.example/1", "Two", None)


def test_a_broken_atom_entry_keeps_its_link_and_content() -> None:
    """Links of HTML in its content end no content."""
    broken = (
        '<content type="xhtml"><div><p>Ships<br>wait <link rel="x" href="y"/>on</div></content>'
        '<link href="https://a.example/1"/><published>2026-03-02T09:30:00Z</published>'
    )
    first, second = atom(f"<entry><title>One</title>{broken}</entry><entry><title>Two</title></entry>").entries

    assert (first.url, first.title, second.title) == ("https://a.example/1", "One", "Two")
    assert first.content is not None and "wait" in first.content and "on" in first.content.partition("wait")[2]


def test_a_page_is_no_feed() -> None:
    """HTML and nothing at all are told apart from feeds."""
    assert read(b"<!doctype html><title>Home</title>", URL).kind == "page"
    assert read(b"", URL).notes == ("not_a_feed: no element",)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_as_something(document: bytes) -> None:
    """Nothing that a stranger writes raises."""
    assert read(document, URL).kind


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_within_a_feed_is_read(title: str, link: str) -> None:
    """Whatever stands in an item, both items are there."""
    inner = f"<title><![CDATA[{title.replace(']]>', '')}]]></title><link>{link.replace('<', '')}</link>"
    feed = f"<rss><channel><item>{inner}</item><item/></channel></rss>"

    assert len(read(feed.encode("utf-8", "replace"), URL).entries) == 2


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=80))
def test_a_plain_title_comes_out_as_it_is(title: str) -> None:
    """Letters and digits of any script are kept."""
    assert item(f"<title>{title}</title>").title == title[:2000]
