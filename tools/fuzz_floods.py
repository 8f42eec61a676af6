"""Floods for tools/fuzz.py: one part of a page, or one character, thousands of times, and words of several languages in turn.

Elements that parsers treat apart (tables within tables, drawings and formulas, formatting that is never closed), heads and
structured data of thousands of entries, attributes without number or end, characters that stand on one letter, turn lines around,
join, or stand for many others.
"""
# ruff: noqa: RUF001 - the characters that look like others are what is wanted

import random
from collections.abc import Callable

#: Parts of a page; `{n}` is the number of each.
PARTS = (
    "<table><tr><td>",
    "<table><tr><td>Cell {n}</td><td>{n}</td></tr></table>",
    "<tr><td>Name {n}</td><td>{n}</td></tr>",
    "<ul><li>x",
    "<li>One thing {n} that happened today</li>",
    "<dl><dt>Term {n}</dt><dd>is another.</dd></dl>",
    "<b><i><a href=x>t</b>",
    "<table><b>x",
    "<p><font color={n}>x",
    "<nobr>",
    "<svg><desc><p>x",
    "<svg><text>hello</text></svg>",
    "<math><mi>x</mi><mtext><p>y</p></mtext></math>",
    "<template><p>hello there {n}</p></template>",
    "<noscript><p>no {n}",
    "<!--{n}--><p>x</p>",
    "<!-- <!",
    "<select><option>x{n}</option>",
    "<details><summary>Q{n}</summary><p>It is so.</p></details>",
    "<time datetime='2026-11-{n}'>{n} May 2026</time>",
    "<p class=byline>By Anna Example{n} and Bob Sample</p>",
    "<h1>Head {n} of the page</h1>",
    "<h2>Head {n}</h2>",
    "<p>Published 1 May 2026 at 12:{n}</p>",
    "<a href=/{n}>Link {n}</a> ",
    "<figure><img src='data:image/png;base64,AAAA{n}'><figcaption>A picture {n}</figcaption></figure>",
    "<ruby>漢<rt>kan</rt></ruby>",
    "<div class=comment><p class=author>User {n}</p><p>I think that this is so.</p></div>",
    "<x-el{n}>hello world</x-el{n}>",
    "<base href='https://{n}.example/a'>",
    "<meta http-equiv=refresh content='0;url=/{n}'>",
    "<meta charset=utf-{n}>",
    "<meta name=author content='Anna Example {n}'>",
    "<meta property='og:title' content='A title {n}'>",
    "<link rel=canonical href=/{n}>",
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"A {n}","author":{"name":"An Author {n}"}}</script>',
    '<script type="application/ld+json">{"@graph":[',
    "<script>var a{n}=1;</script>",
    "<plaintext>",
    "<textarea>",
    "<xmp>",
    "<frameset>",
    "<p hidden>hello {n}</p>",
    "<div role=dialog>hello {n}</div>",
    "<img srcset='/{n}.jpg {n}w, /{n}.png 2x'>",
    "<wbr>a",
    f"<p>&#{'9' * 5_000};</p>",
    f"<meta name=author content='&amp;#{'9' * 5_000};'>",
    "<br>word {n}",
)
#: Attributes of one tag.
ATTRIBUTES = ("a{n} ", "a{n}=1 ", "a{n}='>'", 'a{n}="<b>"', "class=c{n} ", "/", "style=color:{n} ", "data-a{n}='{n}'/")
#: Characters and pieces of text.
SIGNS = (
    "\u0301",
    "e\u0301\u0302",
    "ﷺ",
    "㍿ ",
    "👨\u200d👩\u200d👧 ",
    "a\u200b",
    "\u202ea\u202c ",
    "\u2066",
    "\U000e0041",
    "a\ufe0f",
    "\u1100\u1161\u11a8",
    "\u1100",
    "ภาษา",
    "ᄀ",
    "Ａ",
    "İ",
    "ß",
    "ﬁ",
    "K",
    "9",
    "1.2.2026 ",
    "+275760-09-13T00:00:00Z ",
    "0000-00-00 ",
    "9999-12-31T23:59:60Z ",
    "令和8年",
    "民國115年",
    "২০২৬ ",
    "&NotEqualTilde;",
    "&#x110000;",
    "&#0;",
    "&amp;amp;",
    "London, ",
    "Mr. Smith and Mrs. Jones ",
    "A. B. ",
    "He said “no”. ",
    "five killed in ",
    "a@b.example ",
    "http://a.example/ ",
    "@a ",
    "€5 million ",
    "Monday, May 1 ",
    "LONDON (Reuters) - ",
    "\x1b[0m",
    "a\u2028",
)
#: A word of each language, to stand in turn.
WORDS = (
    "the",
    "der",
    "les",
    "una",
    "het",
    "och",
    "jest",
    "что",
    "和",
    "で",
    "그",
    "في",
    "של",
    "का",
    "และ",
    "και",
    "ve",
    "và",
)


def flooded(content: str, rng: random.Random) -> str:
    """Return a page or text with one part of a page, in its head, its body or its middle, thousands of times."""
    at = max(content.find(rng.choice(("</head>", "<body", "<h1", "<p", "</article>"))), 0)
    return content[:at] + numbered(rng.choice(PARTS), rng.choice((20, 2_000, 12_000))) + content[at:]


def crowded(content: str, rng: random.Random) -> str:
    """Return a page one of whose tags has thousands of attributes, or one without an end; perhaps behind a quote in a comment."""
    tag, many = rng.choice(("<p", "<div", "<body", "<article", "<a", "<h1")), rng.choice((600, 12_000, 100_000))
    given = numbered(rng.choice(ATTRIBUTES), many) if rng.random() < 0.7 else f"class='{'word ' * many}'"
    quote = rng.choice(("", '<!-- <a b="-->', '<textarea><a b="</textarea>'))
    return content.replace(tag, f"{quote}{tag} {given} ", 1)


def signed(content: str, rng: random.Random) -> str:
    """Return a page or text with one character or piece of text thousands of times, as a paragraph, or behind every blank."""
    sign = rng.choice(SIGNS)
    if rng.random() < 0.3:
        return content.replace(" ", f" {sign}", 5_000)
    at = max(content.find(rng.choice(("</p>", "</h1>", "</title>", ". "))), 0)
    return content[:at] + sign * rng.choice((30, 2_000, 20_000)) + content[at:]


def mixed(content: str, rng: random.Random) -> str:
    """Return a page or text with a word of another language behind each of its words."""
    words = rng.sample(WORDS, len(WORDS))
    head, *rest = content.split(" ")
    return head + "".join(f" {words[n % len(words)]} {word}" for n, word in enumerate(rest))


def numbered(part: str, count: int) -> str:
    """Return a part many times, each with its number."""
    return "".join(part.replace("{n}", str(n)) for n in range(count))


#: Floods that a page or a text may be given.
FLOODS: tuple[Callable[[str, random.Random], str], ...] = (flooded, flooded, crowded, signed, mixed)
