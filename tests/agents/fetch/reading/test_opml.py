"""Lists of sources, in and out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.fetch.reading.opml import name_of, read_opml, write_opml
from streams.records import Source

LETTERS = st.text(st.characters(categories=["L", "N", "P"], exclude_characters=","), min_size=1, max_size=20)


def outline(attributes: str) -> bytes:
    """Return a list of one outline in a folder."""
    return f"<opml version='2.0'><body><outline text='World'><outline {attributes}/></outline></body></opml>".encode()


def test_a_feed_of_a_list_is_a_source() -> None:
    """Name, address, title and folder come out."""
    sources, notes = read_opml(
        outline("text='Le Journal &amp; Co' type='rss' xmlUrl='https://j.example/feed?a=1&amp;b=2'")
    )

    assert notes == []
    assert sources == [
        Source(name="le-journal-co", url="https://j.example/feed?a=1&b=2", title="Le Journal & Co", tags=["World"])
    ]


def test_folders_within_folders_are_tags() -> None:
    """The outermost first, each once; a category that is a path counts as its parts."""
    inner = "<outline text='Ports'><outline text='A' xmlUrl='https://a.org/f' category='/Trade/Ships,daily'/></outline>"

    sources, _ = read_opml(f"<opml version='2.0'><body><outline text='North'>{inner}</outline></body></opml>".encode())

    assert sources[0].tags == ["Trade", "Ships", "daily", "North", "Ports"]


@pytest.mark.parametrize("address", ["feed://a.org/f", "feed:http://a.org/f", "FEED://a.org/f", "itpc://a.org/f"])
def test_an_address_for_feed_readers_is_a_web_address(address: str) -> None:
    """Older readers and podcast players write such lists."""
    assert [source.url for source in read_opml(outline(f"text='A' xmlUrl='{address}'"))[0]] == ["http://a.org/f"]


def test_names_are_unique() -> None:
    """A second source of the same title has a number; the same address is one source."""
    feed = "<outline text='News' xmlUrl='https://{}/f'/>"
    body = "".join(feed.format(host) for host in ("a.org", "b.org", "a.org"))

    sources, _ = read_opml(f"<opml version='2.0'><body>{body}</body></opml>".encode(), {"news": None})

    assert [source.name for source in sources] == ["news-2", "news-3"]


def test_a_known_feed_is_no_second_source() -> None:
    """A feed at the address of a source is that source, with all that it has."""
    mine = Source(name="mine", url="https://a.org/f", body="entry", tags=["kept"])
    body = "<outline text='News' xmlUrl='https://a.org/f'/><outline text='Mine' xmlUrl='https://b.org/f'/>"

    sources, _ = read_opml(f"<opml version='2.0'><body>{body}</body></opml>".encode(), {"mine": mine})

    assert sources == [mine, Source(name="mine-2", url="https://b.org/f", title="Mine")]


def test_a_list_that_breaks_off_says_so() -> None:
    """The feeds before the fault are taken, and a note has its line."""
    sources, notes = read_opml(outline("text='A' xmlUrl='https://a.org/f'")[:-20])

    assert [source.name for source in sources] == ["a"]
    assert [note[:14] for note in notes] == ["broken: line 1"]


def test_a_title_in_another_script_is_named_by_its_host() -> None:
    """A name is ASCII."""
    assert read_opml(outline("text='新闻' xmlUrl='https://www.xw.example/feed'"))[0][0].name == "xw-example"


def test_an_entry_without_an_address_is_named() -> None:
    """Entries of a list that are no feeds are said one by one, up to a bound; a folder with feeds is none."""
    feed = '<outline text="Gulls"><outline text="Coast" xmlUrl="https://a.example/feed"/></outline>'
    odd = '<outline text="Bare" type="rss"/><outline title="Site" htmlUrl="https://b.example/"/><outline xmlUrl=" "/>'
    found, notes = read_opml(f"<opml><body>{feed}{odd}</body></opml>".encode())
    assert [source.name for source in found] == ["coast"]
    assert notes == [f"link: {each} has no address of a feed" for each in ("Bare", "Site", "an entry without a title")]
    many = "<outline text='Bare'/>" * 30
    _, notes = read_opml(f"<opml><body>{feed}{many}</body></opml>".encode())
    assert notes[-1] == "link: 10 others have no address of a feed" and len(notes) == 21


def test_what_is_left_out_is_noted() -> None:
    """An address that is none, and a list that holds nothing."""
    assert read_opml(outline("text='x' xmlUrl='ftp://x.org/'"))[1] == ["link: ftp://x.org/", "no_entries"]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list(document: bytes) -> None:
    """Nothing that a stranger writes raises."""
    assert isinstance(read_opml(document)[0], list)


@given(st.lists(st.tuples(LETTERS, st.lists(LETTERS, max_size=1)), max_size=5))
def test_an_exported_list_comes_back(given_sources: list[tuple[str, list[str]]]) -> None:
    """Addresses, titles and folders survive an export and an import."""
    sources = [
        Source(name=f"s{n}", url=f"https://e.org/{n}?a=1&b=2", title=title, tags=tags)
        for n, (title, tags) in enumerate(given_sources)
    ]

    back, _ = read_opml(write_opml(sources).encode())

    assert sorted((s.url, s.title, tuple(s.tags)) for s in back) == sorted(
        (s.url, s.title, tuple(s.tags)) for s in sources
    )


def test_many_feeds_of_one_title_are_named_without_going_through_all_names() -> None:
    """A thousand editions have one title: each name is asked for twice, not all before it again."""
    asked = 0

    class Taken(set[str]):
        def __contains__(self, name: object) -> bool:
            nonlocal asked
            asked += 1
            return super().__contains__(name)

    taken, numbers = Taken(), dict[str, int]()
    for _ in range(1_000):
        taken.add(name_of("News", "https://a.example/", taken, numbers))

    assert len(taken) == 1_000
    assert asked < 2_001


def test_folders_without_an_end_hold_nothing() -> None:
    """Around each feed all its folders are listed: of thousands within each other that would be gigabytes."""
    folders = 300
    feed = b'<outline text="a" xmlUrl="https://a.example/"/>'
    body = b'<outline text="x">' * folders + feed + b"</outline>" * folders

    sources, notes = read_opml(b"<opml><body>" + body + b"</body></opml>")

    assert sources == []
    assert any(note.startswith("broken: ") and "depth" in note for note in notes)
