"""Pages that are too much: bounded time, no crash, and the text where there is one."""

import re
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.clean import article as clean
from agents.clean.page.depth import check_depth, may_be_formats
from agents.clean.page.unshown import open_shadows
from agents.clean.page.walk import parse
from streams.errors import Refused
from streams.records import Clean, Raw
from streams.text.html_attributes import MOST_ATTRIBUTES

PARAGRAPH = "The committee voted eleven to four to send the measure to the full chamber for a vote this week. "
PARAGRAPHS = [f"{PARAGRAPH}Amendment {number} was withdrawn before the debate on it began." for number in range(12)]
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
#: A page may take ten times the 250 ms that the slowest percent of real pages may take.
LIMIT_SECONDS = 2.5


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """Load the models once."""
    clean.load()


def extract(content: str, content_type: str = "text/html") -> Clean:
    """Return the article, within the time limit."""
    record = Raw(
        url="https://example.org/a",
        fetched_at=datetime(2026, 1, 3, tzinfo=UTC),
        content_type=content_type,  # type: ignore[arg-type]
        content=content,
    )
    started = time.process_time()
    try:
        return clean.clean_raw(record).clean
    finally:
        assert time.process_time() - started < LIMIT_SECONDS


def test_all_words_are_loaded_before_the_first_page() -> None:
    """No page waits for a table of words or a pattern of all languages: they are there when a process begins."""
    modules = [module for name, module in sys.modules.items() if name.startswith("agents.clean.")]
    tables = {item for module in modules for item in vars(module).values() if hasattr(item, "cache_info")}
    late = [item.__qualname__ for item in tables if item.cache_info().maxsize == 1 and not item.cache_info().currsize]
    assert late == []


def test_five_thousand_nested_tags_give_the_text() -> None:
    """Depth alone does not hide the article."""
    nested = "<div>" * 5_000 + BODY + "</div>" * 5_000
    assert PARAGRAPH.strip() in extract(f"<html><body><h1>Vote</h1>{nested}</body></html>").text


@pytest.mark.parametrize("tag", ["div", "b", "span", "a", "table", "font"])
def test_a_hundred_thousand_nested_tags_are_refused(tag: str) -> None:
    """Nesting beyond any real page is refused before it costs anything."""
    with pytest.raises(Refused) as refused:
        extract(f"<{tag}>" * 100_000 + "deep")
    assert refused.value.reason == "too_deep"


@pytest.mark.parametrize(
    "place", ["<meta name='author' content='{}'>", "<title>{}</title>", "<h1>{}</h1>", "<p>{}</p>"]
)
def test_a_character_of_endless_digits_costs_no_page(place: str) -> None:
    """Nor does one that a page writes twice over, as data in a tag often is."""
    endless = "&#" + "9" * 5_000 + ";"
    for written in (endless, "&amp;" + endless[1:]):
        page = f"<html><head>{place.format(written)}</head><body>{BODY}</body></html>"
        assert PARAGRAPH.strip() in extract(page).text
    assert (
        PARAGRAPH.strip() in extract("\n\n".join([endless, "A &amp; B", "C &amp; D", *PARAGRAPHS]), "text/plain").text
    )


def test_many_tags_are_not_deep() -> None:
    """A long page of closed elements is long, not deep."""
    assert extract("<html><body>" + BODY + "<p>One more line.</p>" * 25_000 + "</body></html>").text


def test_twenty_thousand_links_do_not_drown_the_article() -> None:
    """A huge menu is left out, the article stays."""
    links = "".join(f"<li><a href='/{number}'>Section number {number}</a></li>" for number in range(20_000))
    text = extract(f"<html><body><ul>{links}</ul><article><h1>Vote</h1>{BODY}</article></body></html>").text
    assert PARAGRAPH.strip() in text
    assert "Section number 17" not in text


@pytest.mark.parametrize("content_type", ["text/html", "text/plain"])
def test_megabytes_of_one_paragraph(content_type: str) -> None:
    """A paragraph without end is text."""
    text = PARAGRAPH * 30_000
    content = f"<html><body><p>{text}</p></body></html>" if content_type == "text/html" else text
    assert len(extract(content, content_type).text) > 2_500_000


def test_a_page_cut_in_the_middle_gives_what_came() -> None:
    """A page that ends within a tag gives the paragraphs before it."""
    page = f"<html><body><article><h1>Vote</h1>{BODY}<p>The last one was never comp</p><div class='rel"
    assert PARAGRAPH.strip() in extract(page).text


def test_nul_bytes_and_lone_surrogates_are_dropped() -> None:
    """A block without text does not end the text."""
    first = f"<p>\x00 Before the vote, members spoke for an hour.\ud800 {PARAGRAPH}</p>"
    page = f"<html><body><article><h1>Vo\x00te</h1>{first}{BODY}</article></body></html>"
    text = extract(page).text
    assert "\x00" not in text
    assert "\ud800" not in text
    assert text.count("eleven to four") >= 10


def test_an_endless_class_name_is_bounded() -> None:
    """Attributes of megabytes cost no more than their bytes."""
    assert extract(f"<html><body><div class='{'article-' * 200_000}'><h1>Vote</h1>{BODY}</div></body></html>").text


def test_a_byline_with_an_endless_class_name_is_bounded() -> None:
    """Whether the class says that it tells of the author is seen at its beginning: 100 kB of it took a minute."""
    byline = f"<p itemprop=author class='{'author' * 40_000}'>Jane <span class='{'byline' * 40_000}'>Doe</span></p>"
    assert extract(f"<html><body><article><h1>Vote</h1>{byline}{BODY}</article></body></html>").authors == ["Jane Doe"]


@pytest.mark.parametrize(
    "content", ["<p {}>Text", "<!-- <a b='--><p {}>Text'>", "<template shadowrootmode=open><p {}>Text"]
)
def test_of_a_tag_few_attributes_are_read(content: str) -> None:
    """In a page and in HTML that a script holds: a parser's time grows with the square of their number."""
    tree = parse(open_shadows(content.format("".join(f"a{n}=1 " for n in range(60_000))).encode()))
    assert [len(tag.attributes) for tag in tree.css("p")] == [MOST_ATTRIBUTES]


@pytest.mark.parametrize("crowd", ["".join(f"a{n}=1 " for n in range(60_000)), "<b <b " * 50_000])
def test_a_tag_with_thousands_of_attributes_hides_no_text(crowd: str) -> None:
    """A parser compares each with all others: they end before that takes long."""
    page = f"<html><body><h1>Vote</h1>{BODY}<p {crowd}>{PARAGRAPH}</p></body></html>"
    assert "eleven to four" in extract(page).text


@pytest.mark.parametrize(
    "rest",
    [
        "<template " * 40_000,
        "<noscript>" * 40_000,
        "<noscript><p><p>" + "<" * 400_000 + "</noscript>",
        "<" + "a" * 400_000,
    ],
    ids=["endless tags", "open parts", "signs in a part", "an endless name"],
)
def test_tags_that_never_end_are_read_once(rest: str) -> None:
    """Each of them is not looked for its end in all that follows."""
    with pytest.raises(Refused):
        extract(f"<html><body><p>Hello there</p>{'<b></b>' * 21_000}{rest}")


def test_the_same_page_gives_the_same_article() -> None:
    """A redelivered page is cleaned the same, however often."""
    page = f"<html><body><article><h1>Vote</h1>{BODY}</article></body></html>"
    assert len({extract(page).text for _ in range(10)}) == 1


def test_tags_that_a_parser_looks_through_a_deep_page_for_are_bounded() -> None:
    """Each end of a paragraph that is not open looks through all that are: thousands of both together are too many."""
    with pytest.raises(Refused) as refused:
        check_depth(b"<div>" * 9_000 + b"</p>" * 30_000)
    assert refused.value.reason == "too_deep"
    check_depth(b"<div>" * 9_000 + b"</p>" * 9_000)
    check_depth((b"<div>" * 60 + b"<p>x</p>" * 200 + b"</div>" * 60) * 300)


@pytest.mark.parametrize("inside", ["<a href=/x>a story of other things here</a>" * 8_000, PARAGRAPH * 2_000])
def test_thousands_of_menus_in_each_other_take_no_longer_than_one(inside: str) -> None:
    """Each of them holds the text of all further in: some are looked at for the title, and the rest is boilerplate."""
    html = "<title>Another thing</title>" + "<nav><h2>Vote</h2>" * 4_000 + inside
    with suppress(Refused):
        extract(html)


def test_links_of_menus_in_each_other_are_counted_a_few_times() -> None:
    """Each of 300 menus holds the links of all further in: what is looked at in all of them has an end."""
    html = "<title>Another thing</title>" + "<nav>" * 300 + PARAGRAPH * 2 + "<a href=/x></a>" * 55_000
    with suppress(Refused):
        extract(html)


def test_formats_that_are_never_closed_are_bounded() -> None:
    """A parser opens each anew in each paragraph; equal ones three times at most, closed ones and usual pages not at all."""
    fonts = b"".join(b"<font color=%d>" % n for n in range(2_000))
    with pytest.raises(Refused) as refused:
        check_depth(b"<p>" + fonts + b"<p>x" * 2_000)
    assert refused.value.reason == "too_deep"
    check_depth(b"<p>" + b"<FONT color=1>" * 2_000 + b"<p>x" * 2_000)
    check_depth(b"<p>" + b"".join(b"<b id=%d>x</b>" % n for n in range(2_000)) + b"<p>x" * 2_000)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            (*"<>/ =", "<b", "<I", "<u>", "<s/", "<Em ", "<strong>", "<font\n", "<nobr", "<p", "</b>", "</Small>", "b")
        )
    )
)
def test_no_format_is_passed_over(parts: list[str]) -> None:
    """The look at the first letters of tags may count others, too: cut off at the page's end, in capitals, behind slashes."""
    html = "".join(parts).encode()
    signs = np.frombuffer(html + b" ", dtype=np.uint8)
    tags = re.finditer(rb"(?i)<(/?)(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", html)
    before = np.array([tag.end(1) - 1 for tag in tags], dtype=np.int64)
    assert may_be_formats(signs, before).all()


def test_a_large_table_with_formats_in_its_cells_is_no_deep_page() -> None:
    """Results of 12,000 parishes, with six formats in their cells, each of them closed: a parser takes hundredths of a second."""
    cells = "".join(f"<td><{tag}>x</{tag}></td>" for tag in ("b", "i", "em", "strong", "small", "code"))
    check_depth(f"<table>{f'<tr>{cells}</tr>' * 12_000}</table>".encode())
