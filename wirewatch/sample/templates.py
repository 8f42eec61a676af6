"""Articles as their publishers show them: a page design each, with the boilerplate that stands around the text.

The designs are files in `designs/`, filled by `string.Template`; what repeats in them (a paragraph, a link) is here.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from importlib import resources
from string import Template

import orjson

from streams.records import ContentType, utc
from wirewatch.sample.library import Publisher, articles, boilerplate, number


@dataclass(frozen=True, kw_only=True)
class Page:
    """An article at one publisher. `edition` counts fetches: the boilerplate changes with it."""

    publisher: Publisher
    slug: str
    title: str
    authors: tuple[str, ...]
    paragraphs: tuple[str, ...]
    published_at: datetime
    language: str
    dateline: str | None = None
    edition: int = 0

    @property
    def url(self) -> str:
        """The article's URL at this publisher."""
        return self.publisher.url(self.slug)


@dataclass(frozen=True, kw_only=True)
class Design:
    """The parts that repeat in a page design, and the boilerplate that stands in the middle of the text."""

    paragraph: str = "<p>{}</p>"
    link: str = '<li><a href="/{}">{}</a></li>'
    dateline: str = "{} — {}"
    inset: str = ""
    inset_after: int = 3
    suffix: str = "html"


DESIGNS = {
    "classic": Design(
        dateline="<b>{}</b> — {}",
        inset='<aside class="inline-related"><span>{read_more}</span> <a href="/{n}">{other}</a></aside>',
    ),
    "wire": Design(dateline="{} (MW) - {}"),
    "tabloid": Design(
        link='<div class="it"><a href="/{}.html"><span>{}</span></a></div>',
        inset='<div class="ad-inline" data-ad="mid"><span>{advert}</span></div>',
        inset_after=2,
    ),
    "blog": Design(
        dateline="<strong>{}</strong> | {}", inset='<div class="ad-unit"><small>{advert}</small></div>', inset_after=1
    ),
    "soup": Design(paragraph="{}<br><br>", link='<div class="i"><a href="/{}">{}</a></div>', dateline="[{}] {}"),
    "amp": Design(inset='<amp-ad type="none" width="320" height="50"></amp-ad>', inset_after=2),
    "regional": Design(
        inset='<p class="read-more"><strong>{read_more}:</strong> <a href="/{n}">{other}</a></p>', inset_after=2
    ),
    "clips": Design(paragraph="{}", link="{1}", suffix="txt"),
    "lines": Design(paragraph="{}", link="{1}", suffix="txt"),
}


def content_type(publisher: Publisher) -> ContentType:
    """Return the content type of a publisher's pages."""
    return "text/plain" if DESIGNS[publisher.design].suffix == "txt" else "text/html"


def render(page: Page) -> str:
    """Return the page as its publisher would send it: HTML, or plain text as a scraper would leave it."""
    design = DESIGNS[page.publisher.design]
    words = boilerplate()[page.language]
    quote = escape if design.suffix == "html" else str
    others = [quote(title) for title in other_titles(page)]
    published_text = page.published_at.strftime(words["date"])
    fields = {key: quote(value) for key, value in words.items() if isinstance(value, str)}
    fields |= {
        "related_label": fields["related"],
        "most_read_label": fields["most_read"],
        "tags_label": fields["tags"],
        "direction": "rtl" if page.language == "ar" else "ltr",
        "language": page.language,
        "title": quote(page.title),
        "summary": quote(page.paragraphs[0][:150]),
        "name": quote(page.publisher.name),
        "host": page.publisher.host,
        "url": page.url,
        "number": number(page.publisher.key, page.slug),
        "authors": quote(", ".join(page.authors)),
        "published_iso": utc(page.published_at),
        "published_text": published_text,
        "published_day": page.published_at.strftime("%d %B, %Y"),
        "year": str(page.published_at.year),
        "home": quote(words["nav"][0]),
        "section": quote(words["nav"][1]),
        "nav": links(design, [quote(label) for label in words["nav"]]),
        "nav_lines": "\n".join(words["nav"]),
        "related": links(design, others[:4]),
        "most_read": links(design, others[3:8]),
        "tags": ", ".join(f'<a href="/tag/{tag}">{tag}</a>' for tag in page.slug.split("-")),
        "comment_list": "\n".join(
            f'<div class="comment"><b>{escape(who)}</b><p>{escape(said)}</p></div>'
            for who, said in words["comment_list"]
        ),
        "json_ld": json_ld(page),
        "body": body(page, design, fields, others),
    }
    return template(f"{page.publisher.design}.{design.suffix}").substitute(fields)


def body(page: Page, design: Design, fields: dict[str, str], others: list[str]) -> str:
    """Return the article's paragraphs in the design's markup, its dateline before and its inset between them."""
    quote = escape if design.suffix == "html" else str
    paragraphs = [quote(paragraph) for paragraph in page.paragraphs]
    if page.dateline:
        paragraphs[0] = design.dateline.format(quote(page.dateline), paragraphs[0])
    blocks = [design.paragraph.format(paragraph) for paragraph in paragraphs]
    if design.inset and others:
        inset = design.inset.format(**fields, n=number("inset", page.slug), other=others[-1])
        blocks.insert(design.inset_after, inset)
    return "\n".join(blocks)


def other_titles(page: Page) -> list[str]:
    """Return the headlines that a page links to: articles in its language, others on each fetch, never its own."""
    titles = [a.title for a in articles().values() if a.language == page.language and a.slug != page.slug]
    turn = (int(number("related", page.slug)) + 5 * page.edition) % max(len(titles), 1)
    return (titles[turn:] + titles[:turn])[:8]


def links(design: Design, labels: list[str]) -> str:
    """Return labels as the links of a design, a line each."""
    return "\n".join(design.link.format(number("link", label), label) for label in labels)


def json_ld(page: Page) -> str:
    """Return the page's schema.org description, as it stands in a script element."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "mainEntityOfPage": page.url,
        "datePublished": utc(page.published_at),
        "inLanguage": page.language,
        "author": [{"@type": "Person", "name": author} for author in page.authors],
        "publisher": {"@type": "Organization", "name": page.publisher.name},
    }
    return orjson.dumps(data).decode().replace("</", "<\\/")


@cache
def template(name: str) -> Template:
    """Return the design in the file `name`."""
    return Template((resources.files("wirewatch.sample") / "designs" / name).read_text(encoding="utf-8"))
