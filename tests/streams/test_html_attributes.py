"""Tags with more attributes than any page has: the tag ends behind so many, and the rest is text."""

import re

import pytest

from streams.html_attributes import MOST_ATTRIBUTES, end_crowded

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
    """A value may hold what looks like the tag's end, or another's beginning."""
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


def test_tags_within_tags_are_read_so_often() -> None:
    """Each might be another tag up to the same end: beyond the bound no sign begins one."""
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
