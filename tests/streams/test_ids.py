"""Canonical URLs and the ids made of them."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.ids import article_id, canonical_url, fetch_id, site_of

Address = tuple[str, str, list[tuple[str, str]]]

SAFE = "abcXYZ019-_.~"
names = st.text("abcXYZ019_", min_size=1, max_size=6).map("n{}".format)
values = st.text(SAFE, max_size=6)
pairs = st.tuples(names, values)
segments = st.text(SAFE, min_size=1, max_size=8)
paths = st.lists(segments, max_size=4).map(lambda parts: "/" + "/".join(parts))
hosts = st.lists(st.text("abcxyz019", min_size=1, max_size=8), min_size=2, max_size=3).map(".".join)
tracking = st.sampled_from(
    [
        "utm_source=x",
        "utm_campaign=a%20b",
        "fbclid=IwAR0",
        "gclid=1",
        "mc_cid=2",
        "UTM_Medium=rss",
        "at_medium=y",
        "igshid=",
    ]
)


def build(scheme: str, host: str, path: str, query: list[tuple[str, str]]) -> str:
    """Return a URL of its parts."""
    joined = "&".join(f"{name}={value}" for name, value in query)
    return f"{scheme}://{host}{path}{'?' if joined else ''}{joined}"


urls = st.builds(build, st.sampled_from(["http", "https"]), hosts, paths, st.lists(pairs, max_size=4))
PIECES = [*"aZ0:/?#[]@!$&'()*+,;=%.-~ \t\n\\^|`\"<>{}\u00e9\u4e2d\u00df\u3002\ud800\x00"]
PIECES += ["%2f", "%41", "%zz", "://", "::", ":80", "utm_a="]
url_like = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(st.one_of(st.text(), url_like, url_like.map("http://{}".format), urls))
@example("http://a:80:80/")
@example("http://a:80::@b:80:/")
@example("http://[::1]:80")
@example("//..")
@example("HTTP://%41%C3.ß。De:0080")
@example("http://a/%%34%31")
@example("%41://a")
@example("http://a:443:80\u3002")
def test_twice_changes_nothing(url: str) -> None:
    """Canonicalising a canonical URL gives it back, for any string, and it is plain ASCII."""
    once = canonical_url(url)

    assert canonical_url(once) == once
    assert once.isascii()
    assert once.isprintable()


@given(urls, st.lists(tracking, min_size=1, max_size=3), st.data())
def test_tracking_parameters_never_split(url: str, added: list[str], data: st.DataObject) -> None:
    """Tracking parameters, wherever they stand in the query, do not make another article."""
    base, _, query = url.partition("?")
    parameters = query.split("&") if query else []
    for parameter in added:
        parameters.insert(data.draw(st.integers(0, len(parameters))), parameter)

    assert canonical_url(f"{base}?{'&'.join(parameters)}") == canonical_url(url)


@given(hosts, paths, st.lists(pairs, max_size=3), st.text(SAFE + "!/?:", max_size=8))
def test_case_port_user_point_and_fragment_never_split(
    host: str, path: str, query: list[tuple[str, str]], fragment: str
) -> None:
    """Scheme and host in any case, the default port, a user, a final point and a fragment make no other article."""
    plain = build("https", host, path, query)
    dressed = build("HTTPS", f"me:secret@{host.upper()}.:443", path, query)

    assert canonical_url(f" {dressed}#{fragment}\n") == canonical_url(plain)


@given(hosts, paths, st.lists(pairs, max_size=5, unique_by=lambda pair: pair[0]), st.randoms(use_true_random=False))
def test_order_of_the_query_never_splits(host: str, path: str, query: list[tuple[str, str]], random: object) -> None:
    """Different parameters in any order make one article."""
    shuffled = list(query)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert canonical_url(build("http", host, path, shuffled)) == canonical_url(build("http", host, path, query))


@given(st.text(SAFE + "\u00e9\u00fc\u4e2d!*'()", min_size=1, max_size=12), st.booleans())
def test_spelling_of_escapes_never_splits(word: str, lower: bool) -> None:
    """Characters written plainly or as escapes, in upper or lower case, make one article."""
    escaped = "".join(f"%{byte:02x}" if lower else f"%{byte:02X}" for byte in word.encode())

    one, other, third = (f"https://news.example/{w}?q={w}" for w in (word, escaped, quote(word, safe="")))

    assert canonical_url(one) == canonical_url(other) == canonical_url(third)


addresses = st.tuples(hosts, paths, st.lists(pairs, max_size=4))


@given(addresses, addresses)
def test_different_articles_never_join(one: Address, other: Address) -> None:
    """Two URLs have one canonical form only where host, path and each parameter's values in order are the same."""

    def by_name(address: Address) -> Address:
        host, path, query = address
        return host, path, sorted(query, key=lambda pair: pair[0])

    joined = canonical_url(build("http", *one)) == canonical_url(build("http", *other))

    assert joined == (by_name(one) == by_name(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://n.example/a%2Fb", "https://n.example/a/b"),
        ("https://n.example/a%3Fb", "https://n.example/a?b"),
        ("https://n.example/a%23b", "https://n.example/a#b"),
        ("https://n.example/a+b", "https://n.example/a%20b"),
        ("https://n.example/?q=a+b", "https://n.example/?q=a%20b"),
        ("https://n.example/?q=a%2Bb", "https://n.example/?q=a+b"),
        ("https://n.example/?q=a%26b=1", "https://n.example/?q=a&b=1"),
        ("https://n.example/?q%3Da=1", "https://n.example/?q=a=1"),
        ("https://n.example/?a=", "https://n.example/"),
        ("https://n.example/?a=", "https://n.example/?a"),
        ("https://n.example/?a=1&a=2", "https://n.example/?a=2&a=1"),
        ("https://n.example/?id=1", "https://n.example/?id=2"),
        ("https://n.example/?ID=1", "https://n.example/?id=1"),
        ("https://n.example/Story", "https://n.example/story"),
        ("https://n.example/story/", "https://n.example/story"),
        ("https://n.example:8080/", "https://n.example/"),
        ("http://n.example/", "https://n.example/"),
        ("https://www.n.example/", "https://n.example/"),
        ("https://n.example/%252F", "https://n.example/%2F"),
        ("https://stra\u00dfe.example/", "https://strasse.example/"),
        ("https://n.example/?pk_id=1", "https://n.example/?pk_id=2"),
    ],
)
def test_what_a_server_may_tell_apart_stays_apart(one: str, other: str) -> None:
    """Spellings that can be two pages keep two ids."""
    assert article_id(one, None, None, "") != article_id(other, None, None, "")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://News.Example:80", "http://news.example/"),
        ("https://news.example/a?b=2&a=1&utm_source=x#top", "https://news.example/a?a=1&b=2"),
        ("https://news.example/?tag=b&page=1&tag=a", "https://news.example/?page=1&tag=b&tag=a"),
        ("https://news.example/?a[]=1", "https://news.example/?a%5B%5D=1"),
        ("https://b\u00fccher.example/", "https://xn--bcher-kva.example/"),
        ("https://B\u00dcCHER\u3002example/", "https://xn--bcher-kva.example/"),
        ("https://[2001:DB8::1]:443/x", "https://[2001:db8::1]/x"),
        ("https://news.example/100%", "https://news.example/100%25"),
        ("https://news.example/?&&", "https://news.example/"),
        ("", ""),
    ],
)
def test_canonical_form(url: str, canonical: str) -> None:
    """The canonical form never changes: ids are kept in other people's stores."""
    assert canonical_url(url) == canonical


def test_article_id_of_a_url_is_that_of_its_canonical_form() -> None:
    """The id is the first half of the SHA-256 of the canonical URL, whatever source, title and text are."""
    assert article_id("HTTP://a.example/#x", "s", "t", "b") == article_id("http://a.example/", None, None, "")
    assert len(article_id("http://a.example/", None, None, "")) == 32


@given(st.tuples(*[st.text("a\\n\n", max_size=4)] * 3), st.tuples(*[st.text("a\\n\n", max_size=4)] * 3))
def test_without_a_url_all_three_parts_tell_articles_apart(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    """Two articles without a URL share an id only where source, title and text are the same, line breaks and all."""
    assert (article_id(None, *one) == article_id(" ", *other)) == (one == other)


@given(st.text(), st.text())
def test_any_text_has_an_id(url: str, text: str) -> None:
    """No string, however broken, is without an id."""
    assert len(article_id(url, "source", "title", text)) == 32


def test_fetch_id_is_the_same_in_every_time_zone() -> None:
    """The same moment gives the same fetch id, written in UTC."""
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(hours=5, minutes=30)))

    assert fetch_id("a" * 32, elsewhere) == fetch_id("a" * 32, moment) == "a" * 32 + ":2026-11-24T12:00:00Z"


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.News.example.org:443/oil", "news.example.org"),
        ("http://user@news.example.org", "news.example.org"),
        ("https://wwwx.example", "wwwx.example"),
        ("news.example.org/oil", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_a_site_is_called_by_its_host(url: str, site: str) -> None:
    """Without `www.`, user and port; an address without a host is no site's."""
    assert site_of(url) == site
