"""Structured data: the statements of a page's JSON-LD about its article (schema.org Article and its kinds).

Publishers' JSON-LD is often broken: raw line breaks in strings, CDATA or HTML comments around it, trailing commas,
semicolons. A script that strict parsing refuses is repaired once and then left alone.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

from agents.clean.text.words import normal
from streams.text.character_references import unescape

_ARTICLE = re.compile(r"(?i)(?:article|posting|^report$|newsstory|^review$|recipe|^howto$)")
_PAGE = re.compile(r"(?i)^(?:webpage|itempage|creativework|videoobject|podcastepisode|faqpage)$")
_WRAPPING = re.compile(
    r"^\s*(?:/\*\s*)?(?:<!\[CDATA\[|<!--)(?:\s*\*/)?|(?:/\*\s*)?(?:\]\]>|-->)(?:\s*\*/)?\s*$|//\s*(?:<!\[CDATA\[|\]\]>)"
)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_ORGANISATION = re.compile(r"(?i)organi[sz]ation|corporation|website|brand")
#: Kinds of which a page may hold others than its own: a video beside the text.
_MEDIA = re.compile(r"(?i)^(?:creativework|videoobject|podcastepisode)$")
_PERSON = re.compile(r"(?i)^person$")
_SITE = re.compile(r"(?i)^(?:website|newsmediaorganization|organization)$")
MAX_CHARS = 2_000_000
MAX_NODES = 5_000
#: Entries of a live blog that are read.
MAX_UPDATES = 1_000
#: No name of a type is longer.
MAX_TYPE = 200
#: Characters of a title, date or name that are read.
MAX_TEXT = 1_000
#: The share of the words of a name and a title, of the shorter one, that two names of one thing have in common.
SHARED = 0.3
#: Properties that lead to other articles, never to this one.
_ELSEWHERE = frozenset(
    (
        "itemListElement",
        "hasPart",
        "relatedLink",
        "mentions",
        "citation",
        "review",
        "comment",
        "video",
        "isBasedOn",
        "liveBlogUpdate",
    )
)


@dataclass(slots=True)
class StructuredData:
    """Titles and dates as they stand, authors by kind, publisher's names, body text, and the entries of a live blog.

    An author that is said to be a person and an organisation at once, as plugins say of the owner of a site (`owners`), is
    a person.
    """

    headlines: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    updates: str = ""
    languages: list[str] = field(default_factory=list)
    article: bool = False


def read_jsonld(scripts: list[str], title: str) -> StructuredData:
    """Return the statements of scripts of type application/ld+json about the page's main article.

    `title`: the page's own title, by which the article is told from others that the page lists.
    """
    claims = StructuredData()
    nodes: list[dict[str, Any]] = []
    for script in scripts:
        if len(script) <= MAX_CHARS:
            nodes.extend(_nodes(parse(script)))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    for node in nodes:
        if _is(node, _SITE) and not _is(node, _PERSON):
            _name(node, claims.publishers)
    articles = [node for node in nodes if _is(node, _ARTICLE)]
    article = _main(articles, title)
    claims.article = article is not None
    pages = [node for node in nodes if _is(node, _PAGE) and (not _is(node, _MEDIA) or is_called(node, title))]
    for node in ([article] if article else []) + pages[:2]:
        _read(node, by_id, claims, main=node is article)
    return claims


def parse(script: str) -> Any:
    """Parse a script of JSON-LD, repaired if need be; None where it cannot be read."""
    try:
        return orjson.loads(script)
    except orjson.JSONDecodeError:
        pass
    script = _TRAILING_COMMA.sub(r"\1", _WRAPPING.sub("", script).strip().rstrip(";"))
    if script.startswith(("{&quot;", "[{&quot;")):
        script = unescape(script)
    try:
        return json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of JSON-LD that may be about this page, outer ones first, at most `MAX_NODES`."""
    queue, index = [data], 0
    while index < len(queue) and index < MAX_NODES:
        item = queue[index]
        index += 1
        if isinstance(item, list):
            queue.extend(item[:500])
        elif isinstance(item, dict):
            yield item
            queue.extend(
                value for key, value in item.items() if key not in _ELSEWHERE and isinstance(value, (dict, list))
            )


def _is(node: dict[str, Any], kind: re.Pattern[str]) -> bool:
    types = node.get("@type")
    return any(
        isinstance(name, str) and len(name) <= MAX_TYPE and _is_kind(name, kind)
        for name in (types if isinstance(types, list) else (types,))
    )


@lru_cache(1024)
def _is_kind(name: str, kind: re.Pattern[str]) -> bool:
    return kind.search(name.rsplit("/", 1)[-1]) is not None


def _main(articles: list[dict[str, Any]], title: str) -> dict[str, Any] | None:
    """Return the article that shares most words with the page's title; the first one where the page has no title.

    None where there are several, and none of them has a word of the title: they are those that the page leads to.
    """
    best, most = None, -1.0
    words = set(title.lower().split())
    for article in articles:
        headline = set(name_of(article).lower().split())
        score = len(words & headline) / max(1, len(words | headline))
        score += 0.2 * ("datePublished" in article) + 0.1 * ("author" in article)
        if score > most:
            best, most = article, score
    several = len(set(map(name_of, articles))) > 1
    return None if several and best is not None and not is_called(best, title) else best


def name_of(node: dict[str, Any]) -> str:
    """Return the headline of a node, or else its name; empty where it has neither."""
    return str(node.get("headline") or node.get("name") or "")


def is_called(node: dict[str, Any], title: str) -> bool:
    """Return whether a node has no name, or one that shares words with the title, or is a part of it or the whole of it."""
    name = normal(name_of(node)[:MAX_TEXT])
    own = normal(title[:MAX_TEXT])
    if not name or not own or name in own or own in name:
        return True
    words, others = set(name.split()), set(own.split())
    return len(words & others) >= SHARED * min(len(words), len(others))


def _read(node: dict[str, Any], by_id: dict[str, dict[str, Any]], claims: StructuredData, *, main: bool) -> None:
    """Add the statements of one node. Of a page's node only title, date and authors: its name is often the site's."""
    for key in ("headline", "name", "alternativeHeadline") if main else ("headline",):
        value = node.get(key)
        if isinstance(value, str) and value.strip():
            claims.headlines.append(value[:MAX_TEXT])
            break
    for key in ("datePublished", "dateCreated", "uploadDate") if main else ("datePublished",):
        value = node.get(key)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, dict):
            value = value.get("@value")
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and value.strip():
            claims.published.append(value[:MAX_TEXT])
    modified = node.get("dateModified")
    if main and isinstance(modified, str):
        claims.modified.append(modified[:MAX_TEXT])
    if not claims.people and not claims.organisations:
        for key in ("author", "creator"):
            _authors(node.get(key), by_id, claims, depth=0)
            if claims.people:
                break
    publisher = node.get("publisher")
    for item in publisher if isinstance(publisher, list) else [publisher]:
        if isinstance(item, dict):
            known = by_id.get(str(item.get("@id")), item)
            if not _is(known, _PERSON):
                _name(known, claims.publishers)
        elif isinstance(item, str):
            claims.publishers.append(item[:MAX_TEXT])
    body = node.get("articleBody")
    if isinstance(body, str) and main:
        claims.bodies.append(body)
    if main and isinstance(updates := node.get("liveBlogUpdate"), list):
        claims.updates = "\n\n".join(_updates(updates[:MAX_UPDATES]))
    language = node.get("inLanguage")
    if isinstance(language, str):
        claims.languages.append(language)


def _updates(entries: list[Any]) -> Iterator[str]:
    """Yield headline and text of each entry of a live blog, in their order."""
    for entry in entries:
        if isinstance(entry, dict) and isinstance(body := entry.get("articleBody"), str):
            headline = entry.get("headline")
            yield from (text for text in (headline, body) if isinstance(text, str) and text.strip())


def _authors(value: Any, by_id: dict[str, dict[str, Any]], claims: StructuredData, depth: int) -> None:
    if depth > 3:
        return
    if isinstance(value, list):
        for item in value[:30]:
            _authors(item, by_id, claims, depth + 1)
    elif isinstance(value, str):
        if value.strip() in by_id:
            _authors(by_id[value.strip()], by_id, claims, depth + 1)
        else:
            claims.people.append(unescape(value[:MAX_TEXT]))
    elif isinstance(value, dict) and (items := value.get("@list") or value.get("@set")):
        _authors(items, by_id, claims, depth + 1)
    elif isinstance(value, dict):
        known = by_id.get(str(value.get("@id")))
        if "name" not in value and known is not None and known is not value:
            value = known
        if "name" not in value and isinstance(value.get("author"), (dict, list)):
            _authors(value["author"], by_id, claims, depth + 1)  # a Role around the person
            return
        organisation, person = _is(value, _ORGANISATION), _is(value, _PERSON)
        _name(value, claims.organisations if organisation and not person else claims.people)
        if organisation and person:
            _name(value, claims.owners)


def _name(node: dict[str, Any], names: list[str]) -> None:
    name = node.get("name") or node.get("byline") or _name_in_parts(node)
    for item in name if isinstance(name, list) else [name]:
        if isinstance(item, dict):
            item = item.get("@value")  # noqa: PLW2901
        if isinstance(item, str) and item.strip():
            names.append(unescape(item[:MAX_TEXT]).strip())


def _name_in_parts(node: dict[str, Any]) -> str:
    """Return the name of a person whose given and family names stand apart."""
    parts = [node.get(key) for key in ("givenName", "additionalName", "familyName")]
    return " ".join(part.strip() for part in parts if isinstance(part, str) and part.strip())
