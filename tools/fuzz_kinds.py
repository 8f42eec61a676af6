"""Kinds of input for tools/fuzz.py: shapes of pages and texts, and the documents in which articles come.

Shapes are what pages have beside an article or around it: menus that are never closed, templates, buttons that open a text,
letters of one case, headers of a mail. Documents are feeds, sitemaps and tables of articles.
"""
# ruff: noqa: RUF001 - letters of many alphabets

import io
import random
from collections.abc import Callable
from html import escape

import orjson

from agents.clean.plain.headers import LABELS

#: Elements that hide or hold apart what stands in them, and those whose heads readers press.
AROUND = (
    "nav",
    "dialog",
    "footer",
    "noscript",
    "template",
    "template shadowrootmode=open",
    "aside",
    "details",
    "form",
    "svg",
)
OPENERS = ("<button>{}</button>", "<a href='#'>{}</a>", "<h3 class=accordion>{}</h3>", "<summary>{}</summary>")
SEPARATORS = (": ", ":", " : ", "：", "\t: ")
TIMES = (
    "Thu, 26 Nov 2026 12:00:00 +0000", "2026-11-26T12:00:00Z", "26.11.2026", "99999999999999999999", "", "-1",
    "2026-02-30", "Tue, 31 Feb 99999 25:61:61 +9999", "ayer", "٢٠٢٦-١١-٢٦",
)  # fmt: skip


def wrapped(content: str, rng: random.Random) -> str:
    """Return a page all or a part of which stands in elements that are often no part of it, open or closed."""
    name = rng.choice(AROUND)
    start = content.find(rng.choice(("<body", "<h1", "<p", "<article")))
    start, end = max(start, 0), rng.choice((len(content), max(content.rfind("</p>"), 0)))
    depth = rng.choice((1, 1, 3, 400))
    closed = f"</{name.split()[0]}>" * rng.choice((0, 1, depth))
    return content[:start] + f"<{name}>" * depth + content[start:end] + closed + content[end:]


def linked(content: str, rng: random.Random) -> str:
    """Return a page with a list of many links somewhere, as a menu that is unfolded has them."""
    at = content.find(rng.choice(("<h1", "<p", "</article>", "</body>")))
    many = rng.choice((5, 200, 3_000))
    items = "".join(
        f"<li><a href='/{n}'>{rng.choice(('World', 'More about it', '漢字', '»'))} {n}</a>" for n in range(many)
    )
    return content[:at] + rng.choice(("<ul>{}</ul>", "<div class=menu>{}", "<nav>{}")).format(items) + content[at:]


def opened(content: str, rng: random.Random) -> str:
    """Return a page whose paragraphs stand each below a button."""
    opener, count = rng.choice(OPENERS), rng.choice((3, 50, 100_000))
    return content.replace("<p", opener.format(rng.choice(("How?", "Step", "0:15", "W" * 300))) + "<div><p", count)


def boxed(content: str, rng: random.Random) -> str:
    """Return a page with boxes of its own blocks between its paragraphs: lists of offers, cards, comments."""
    head = rng.choice(("Read more", "Comments", "Related", "Newsletter", "続きを読む", "", "x" * 5_000))
    card = f"<section><h2>{head}</h2><a href=/a><h3>{head}</h3></a><p>{head}</p></section>"
    return content.replace("</p>", "</p>" + card * rng.choice((1, 3, 40)), rng.choice((1, 10, 200)))


def one_case(content: str, rng: random.Random) -> str:
    """Return a page or text in letters of one case, or with the case of each letter changed."""
    return rng.choice((str.upper, str.lower, str.title, str.swapcase, str.casefold))(content)


def with_headers(content: str, rng: random.Random) -> str:
    """Return a text that begins as a mail does."""
    labels = rng.choices(sorted(LABELS), k=rng.choice((1, 4, 19, 500)))
    values = [*TIMES, "Re: Fwd: Aw: " * rng.choice((1, 2_000)), "A storm at sea", content[:200], ":" * 2_000]
    lines = [label.title() + rng.choice(SEPARATORS) + rng.choice(values) for label in labels]
    return rng.choice(("\n", "\r\n", "\n\n", "\r")).join([*lines, "", content])


#: What a page or a text may be made into.
SHAPES: tuple[Callable[[str, random.Random], str], ...] = (wrapped, linked, opened, boxed, one_case, with_headers)


def rss(entries: list[dict[str, str]], rng: random.Random) -> str:
    """Return articles as RSS, well-formed before it is mutated."""
    items = "".join(
        f"<item><title>{escape(e['title'])}</title><link>{escape(e['url'])}</link><guid>{n}</guid><pubDate>{rng.choice(TIMES)}"
        f"</pubDate><content:encoded><![CDATA[{e['content']}]]></content:encoded><description>{escape(e['content'][:300])}"
        "</description></item>"
        for n, e in enumerate(entries)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>A</title>{items}</channel></rss>'


def atom(entries: list[dict[str, str]], rng: random.Random) -> str:
    """Return articles as Atom."""
    items = "".join(
        f"<entry><title type='html'>{escape(e['title'])}</title><link href='{escape(e['url'])}'/><id>{n}</id><updated>"
        f"{rng.choice(TIMES)}</updated><author><name>{escape(e['title'][:20])}</name></author>"
        f"<content type='{rng.choice(('html', 'xhtml', 'text', ''))}'>{escape(e['content'])}</content></entry>"
        for n, e in enumerate(entries)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>{items}</feed>'


def json_feed(entries: list[dict[str, str]], rng: random.Random) -> str:
    """Return articles as a JSON Feed, some of its fields of another type."""
    odd: tuple[object, ...] = (None, 1, [], {}, [[]], "x")
    items = [
        {"id": n, "url": e["url"], "title": rng.choice((e["title"], *odd)), "content_html": rng.choice((e["content"], *odd)),
         "date_published": rng.choice((*TIMES, *odd)), "authors": rng.choice(([{"name": e["title"]}], *odd))}
        for n, e in enumerate(entries)
    ]  # fmt: skip
    return orjson.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": rng.choice((items, *odd, items))}
    ).decode()


def sitemap(entries: list[dict[str, str]], rng: random.Random) -> str:
    """Return articles as a news sitemap, or as an index of sitemaps."""
    items = "".join(
        f"<url><loc>{escape(e['url'])}</loc><lastmod>{rng.choice(TIMES)}</lastmod><news:news><news:title>{escape(e['title'])}"
        f"</news:title><news:publication_date>{rng.choice(TIMES)}</news:publication_date></news:news></url>"
        for e in entries
    )
    name = rng.choice(("urlset", "urlset", "sitemapindex"))
    items = items if name == "urlset" else items.replace("url>", "sitemap>")
    return f'<{name} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items * rng.choice((1, 1, 300))}</{name}>'


def table(entries: list[dict[str, str]], rng: random.Random) -> str:
    """Return articles as a table, with quotes that are doubled, escaped or left as they are."""
    delimiter, quote = rng.choice(",;\t|"), rng.choice(('""', '\\"', '"', "'"))
    out = io.StringIO()
    out.write(
        delimiter.join(rng.choice((("url", "title", "text", "date"), ("link", "headline", "body", "published")))) + "\n"
    )
    for entry in entries:
        cells = (entry["url"], entry["title"], entry["content"], rng.choice(TIMES))
        out.write(
            delimiter.join('"' + cell.replace('"', quote) + '"' for cell in cells) + rng.choice(("\n", "\r\n", "\r"))
        )
    return out.getvalue()


def lines(entries: list[dict[str, str]], rng: random.Random) -> str:
    """Return articles as lines of JSON with fields of others."""
    names = rng.choice(
        (("url", "title", "text", "date"), ("link", "headline", "body", "published_at"), ("uri", "name", "x", "y"))
    )
    rows = [dict(zip(names, (e["url"], e["title"], e["content"], rng.choice(TIMES)), strict=True)) for e in entries]
    return "\n".join(orjson.dumps(row).decode() for row in rows)


#: Makers of documents by the suffix of their files; those of none are what a server answers.
DOCUMENTS: tuple[tuple[str, Callable[[list[dict[str, str]], random.Random], str]], ...] = (
    ("", rss), ("", atom), ("", json_feed), ("", sitemap), (".csv", table), (".tsv", table), (".jsonl", lines), (".json", lines),
)  # fmt: skip
