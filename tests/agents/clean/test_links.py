"""The links of an article: other pages of its site that its own text leads to."""

from datetime import UTC, datetime

from agents.clean.article import LINK_CHARS, MAX_LINKS, clean_raw, links_of
from streams.records import Raw

HARBOUR = "https://harbour.example"
TEXT = (
    f'<p>The crane that fell <a href="/2026/05/crane?utm_source=front#top">on Tuesday</a> at Pier 4 had no permit, the port of'
    f' Elsmouth said, and <a href="{HARBOUR}/2026/05/crane">its operator</a> did not answer our questions.</p>'
    '<p>Two dockers are still in hospital, <a href="https://union.example/news">the union</a> wrote, and work has stopped on'
    " every pier until an engineer has looked at all cranes of that make.</p>"
)
PAGE = (
    "<html><head><title>Fallen crane had no permit</title></head><body><nav><a href='/'>Home</a><a href='/sport'>Sport</a></nav>"
    f"<article><h1>Fallen crane had no permit</h1>{TEXT}</article>"
    "<aside><h3>Most read</h3><ul><li><a href='/2026/05/regatta'>Regatta draws a record crowd</a></li></ul></aside></body></html>"
)


def test_links_in_the_text_are_kept_and_those_around_it_are_not() -> None:
    """Each page of the site is there once, without parameters that track readers; other sites and menus are not."""
    fetched = datetime(2026, 5, 9, tzinfo=UTC)
    url = f"{HARBOUR}/2026/05/permit"
    raw = Raw(url=url, fetched_at=fetched, content_type="text/html", content=PAGE)
    assert clean_raw(raw).clean.links == [f"{HARBOUR}/2026/05/crane"]


def test_links_have_bounds() -> None:
    """Broken and endless addresses are left out, as are the page itself and all beyond the first few."""
    many = ["http://[", "#comments", "/" + "x" * LINK_CHARS, *(f"/a/{number}" for number in range(20))]
    assert links_of(f"{HARBOUR}/b", many) == [f"{HARBOUR}/a/{number}" for number in range(MAX_LINKS)]
    assert links_of(None, many) == []


def test_a_host_written_another_way_is_the_same_site() -> None:
    """Capitals, a port, a dot at its end, a user and an address without a scheme lead to the site, a longer host does not."""
    same = [
        "HTTPS://Harbour.Example/a",
        f"{HARBOUR}:443/b",
        f"{HARBOUR}./c",
        "https://me@harbour.example/d",
        "//harbour.example/e",
    ]
    other = [
        "https://harbour.example.org/f",
        "https://www.harbour.example/g",
        "https://harbour.example@union.example/h",
    ]
    assert links_of(f"{HARBOUR}/z", [*other, *same]) == [f"{HARBOUR}/{page}" for page in "abcde"]
