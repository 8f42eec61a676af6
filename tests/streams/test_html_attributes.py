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


def test_a_usual_page_stays_as_it_is() -> None:
    """Comparisons in scripts, quotes in texts, comments and tags that never end are no reason to change a page."""
    odd = (
        '<script>for(i=0;i<n;i++){x="a>b"}</script><!-- a <b c --><p>He said "a<b, c</p><a href=x title=\'a > b\'>'
        * 900
    )
    html = f"<html><body>{odd}<p>{'word ' * 20_000}</p><div class='never ends".encode()
    assert end_crowded(html) is html
