"""Tags with more attributes than any page has: the tag ends behind so many, and the rest is text."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.text.html_attributes import MOST_ATTRIBUTES, end_crowded, is_uncrowded

MANY = 60_000


def names(html: bytes) -> int:
    """Return how many attributes stand in the first tag, where no value holds a `>`."""
    return len(re.findall(rb"[ab]\d+", html[: html.index(b">")]))


@pytest.mark.parametrize("attribute", ["a{} ", "a{}=1 ", "a{}='x y' ", 'a{}="b" ', "a{}/", "a{} = 1 ", 'a{}="b"'])
def test_a_tag_ends_behind_so_many_attributes(attribute: str) -> None:
    """However they are written and parted."""
    html = f"<p>Before</p><div {''.join(attribute.format(n) for n in range(MANY))}>".encode()
    ended = end_crowded(html)
    assert ended.startswith(b"<p>Before</p><div a0")
    assert names(ended[len(b"<p>Before</p>") :]) == MOST_ATTRIBUTES
    assert ended.replace(b">", b"") == html.replace(b">", b"")


def test_signs_of_tags_in_values_end_none() -> None:
    """A value may hold the characters of the tag's end, or of another's beginning."""
    html = f"<div {''.join(f'a{n}=|<b>|' for n in range(MANY))}>Text".replace("|", '"').encode()
    assert end_crowded(html) == html.replace(b'"a%d=' % MOST_ATTRIBUTES, b'">a%d=' % MOST_ATTRIBUTES, 1)


@pytest.mark.parametrize(
    "before",
    [
        '<!-- <a b="-->',
        '<textarea><a b="</textarea>',
        '<!DOCTYPE html "<a b=">',
        "<svg><![CDATA[ <a b=' ]]>",
        "<script><!--<script></script><a b='</script></script>",
        "<p><a<b c='>",
    ],
)
def test_a_tag_is_found_behind_a_quote_that_a_parser_does_not_see(before: str) -> None:
    """In a comment, a declaration, a script or another tag's name a quote opens nothing, and the tag behind it is one."""
    html = f"{before}<div {''.join(f'a{n} ' for n in range(MANY))}>\"'>".encode()
    ended = end_crowded(html)
    assert ended == html.replace(b" a%d " % MOST_ATTRIBUTES, b"> a%d " % MOST_ATTRIBUTES)


def test_a_tag_is_found_within_another_that_has_too_many() -> None:
    """A text that looks like a tag has as many only behind quotes; the true one begins within it, and ends first."""
    attributes = "".join(f"a{n} " for n in range(MANY))
    html = f"""<textarea><a b="</textarea><h1 {attributes}{'</"' * MOST_ATTRIBUTES} {attributes}>""".encode()
    ended = end_crowded(html)
    assert b" a%d> a%d " % (MOST_ATTRIBUTES - 1, MOST_ATTRIBUTES) in ended
    assert ended.replace(b">", b"") == html.replace(b">", b"")


def test_tags_within_tags_are_read_so_often() -> None:
    """Each might be another tag up to the same end: beyond the bound no character begins one."""
    tag = "<a" + "/" * 1_000
    html = f"<p>Before</p>{tag * 900}>".encode()
    ended = end_crowded(html)
    assert ended.startswith(b"<p>Before</p><a/")
    assert ended.replace(b" a/", b"<a/") == html
    assert 0 < ended.count(b"<a/") < 900


def test_a_usual_page_stays_as_it_is() -> None:
    """Comparisons in scripts, quotes in texts, comments and tags that never end are no reason to change a page."""
    odd = (
        '<script>for(i=0;i<n;i++){x="a>b"}</script><!-- a <b c --><p>He said "a<b, c</p><a href=x title=\'a > b\'>'
        * 900
    )
    html = f"<html><body>{odd}<p>{'word ' * 20_000}</p><div class='never ends".encode()
    assert end_crowded(html) is html


def most_attributes(html: bytes) -> int:
    """Return how many attributes the tag has that has most, character by character, if each `<` before a letter begins one."""
    most = 0
    for begin in re.finditer(rb"<[a-zA-Z][^\s/>]*", html):
        at, count = begin.end(), 0
        while name := re.compile(rb"[\s/]*([^\s/>][^\s/>=]*)(\s*=\s*)?").match(html, at):
            count, at = count + 1, name.end() if name[2] else name.end(1)
            if name[2] and html[at : at + 1] in (b'"', b"'") and html.find(html[at : at + 1], at + 1) >= 0:
                at = html.index(html[at : at + 1], at + 1) + 1
            elif name[2]:
                while at < len(html) and html[at] not in b" \t\n\r\f\v>":
                    at += 1
        most = max(most, count)
    return most


ODD = (
    *(b"<a", b"<b ", b"<p>a</p>", b"<!--", b"-->", b"<script>", b"if(i<n)", b">", b"/>", b'"', b"'", b"=", b" ", b"/", b"\0"),
    *(b" x", b"/x", b' a="x"', b"a='>'", b' a=">"', b" a =\n'>'", b'a=""', b"=='>", b" a=x>", b' a="<b>"', b" a='\">'", b"it's"),
    b" a=" + b" " * 120 + b"'>'",
)  # fmt: skip
runs = st.tuples(st.lists(st.sampled_from(ODD), min_size=1, max_size=3), st.sampled_from((1, 2, 30, 400, 999, 1_000)))


@settings(max_examples=60, deadline=None)
@given(st.lists(runs, min_size=1, max_size=6))
@example([([b"<a"], 1), ([b' a=">"'], 1_000), ([b">"], 1)])
@example([([b"<b "], 1), ([b"a='>'"], 1_000), ([b'"'], 1)])
def test_no_page_is_called_uncrowded_that_has_a_crowded_tag(parts: list[tuple[list[bytes], int]]) -> None:
    """Quotes that open nothing, characters of tags in values, comments, scripts, NULs and tags that never end hide none."""
    html = b"".join(b"".join(pieces) * times for pieces, times in parts)
    if html.count(b"<") <= 100 and is_uncrowded(html):
        assert most_attributes(html) < MOST_ATTRIBUTES


def test_usual_pages_are_called_uncrowded() -> None:
    """Long texts and scripts without a tag, and values that hold characters of tags, need no second reading."""
    script = "<script>" + "for(i=0;i<n;i++){x='<b>'+y}" * 20 + "word " * 4_000 + "</script>"
    html = f"""<html>{script}{'<p class="a" title="b > c">It is so.</p>' * 900}</html>""".encode()
    assert is_uncrowded(html)


def test_pages_with_a_quote_behind_a_blank_are_called_uncrowded() -> None:
    """Only behind a `=` does a quote open a value: one in a comment or a text makes no tag behind it doubtful."""
    html = f"""<html><!-- '"` -->{"<p class=a title=b>It is so.</p>" * 2_000}</html>""".encode()
    assert is_uncrowded(html)


def test_scripts_without_blanks_are_called_uncrowded() -> None:
    """A long one without a `>` compares thousands of times, and each comparison might begin a tag: none parts attributes."""
    html = f"<html><script>{'for(;i<n;)i=o<p;' * 5_000}</script>{'<p>It is so.</p>' * 900}</html>".encode()
    assert is_uncrowded(html)
