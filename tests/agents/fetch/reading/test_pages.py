"""Links of a page: feeds, hub, sitemap, other pages."""

from agents.fetch.reading.documents import read
from agents.fetch.reading.entries import Link

URL = "https://e.org/"


def test_a_page_names_its_feeds() -> None:
    """Feeds of the head come first, those of comments last, and pages of the same site after them."""
    document = read(
        b"""<!doctype html><html lang="de"><head><title>Home</title>
        <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
        <link rel="alternate" type="application/rss+xml; charset=utf-8" title="News" href="/feed">
        <link rel="alternate" hreflang="fr" href="/fr"></head>
        <body><a href="/article-1#top">One</a><a href="https://other.org/">Other</a></body></html>""",
        URL,
    )

    assert (document.kind, document.title, document.language) == ("page", "Home", "de")
    assert document.links == (
        Link("feed", "https://e.org/feed", "News"),
        Link("feed", "https://e.org/comments/feed", "Comments"),
        Link("page", "https://e.org/article-1", "One"),
    )


def test_links_that_look_like_feeds_are_guessed_where_the_head_names_none() -> None:
    """`/rss.xml` in a footer is a feed to be tried."""
    links = read(b"<html><body><a href='/rss.xml'>RSS</a><a href='/feedback'>Feedback</a></body></html>", URL).links

    assert [link.url for link in links if link.kind == "feed"] == ["https://e.org/rss.xml"]


def test_relative_links_follow_the_base() -> None:
    """`<base>` counts."""
    page = b"<html><head><base href='https://b.org/x/'><link rel=alternate type=application/atom+xml href=a.xml></head></html>"

    assert read(page, URL).links == (Link("feed", "https://b.org/x/a.xml"),)
