"""The head of a page: meta tags, links, title and scripts of structured data, as they stand."""

import re
from collections.abc import Iterator

import orjson
from selectolax.lexbor import LexborHTMLParser, LexborNode

from streams.text.character_references import unescape
from streams.text.word_lists import word_lists

TITLE_META = word_lists(__package__)["title_meta"]
AUTHOR_META = word_lists(__package__)["author_meta"]
DATE_META = word_lists(__package__)["date_meta"]
MODIFIED_META = word_lists(__package__)["modified_meta"]
SITE_META = word_lists(__package__)["site_meta"]
#: Keys of Parse.ly's JSON in the meta tag `parsely-page`, by the meta tags that say the same.
_PARSELY = {
    "title": "parsely-title",
    "pub_date": "parsely-pub-date",
    "author": "parsely-author",
    "authors": "parsely-author",
}
#: Characters of a meta tag that are read.
MAX_META = 2_000
#: Characters that are read of a meta tag that holds JSON.
MAX_JSON = 100_000
#: Meta tags that are read.
MAX_TAGS = 1_000


#: Types in microdata of what readers write.
_READERS = re.compile(r"/(?:Review|Comment|UserComments|Answer|Rating)$")
#: All that is read of a head, found in one search; and templates.
_READ = 'meta, title, link[rel="canonical"], script[type*="ld+json"], template'
#: The attribute of a template that a browser shows, newer and older.
_SHADOW = frozenset(("shadowrootmode", "shadowroot"))


class Head:
    """The head of a page: meta tags by lower-case name, links, JSON-LD scripts, title.

    `shadows`: the page has templates that a browser shows, which are found here without a search of their own.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        found: dict[str, list[LexborNode]] = {"meta": [], "title": [], "link": [], "script": [], "template": []}
        for node in tree.css(_READ):
            found[node.tag or ""].append(node)
        self.meta: dict[str, list[str]] = {}
        for node in found["meta"][:MAX_TAGS]:
            attributes = node.attributes
            if "itemprop" not in attributes or not is_readers(node):
                self._read_meta(attributes)
        self._read_parsely()
        title = found["title"][0].text() if found["title"] else ""
        self.title = " ".join(unescape(title[:MAX_META]).split())[:1000]
        self.scripts = [text for node in found["script"] if (text := node.text())]
        if not self.scripts:
            # Some frameworks write a script's type and text as the name and content of a meta tag.
            self.scripts = [text for name, texts in self.meta.items() if "ld+json" in name for text in texts]
        root = tree.root
        self.language = (
            ((root.attributes.get("lang") or root.attributes.get("xml:lang")) or "").strip() if root is not None else ""
        )
        self.shadows = any(not _SHADOW.isdisjoint(node.attributes) for node in found["template"])
        self.canonical = (found["link"][0].attributes.get("href") or "").strip() if found["link"] else ""

    def _read_meta(self, attributes: dict[str, str | None]) -> None:
        """Add the content of a meta tag under each of its names."""
        content = attributes.get("content")
        if content is None:  # as some systems write a date
            content = attributes.get("datetime")
        if content is None:
            return
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = attributes.get(key)
            if name:
                limit = MAX_JSON if "ld+json" in name or name == "parsely-page" else MAX_META
                self.meta.setdefault(name.lower().strip(), []).append(" ".join(unescape(content).split())[:limit])

    def _read_parsely(self) -> None:
        """Add the fields of the JSON in `parsely-page` as the meta tags that say the same."""
        for text in self.meta.get("parsely-page", ())[:1]:
            try:
                data = orjson.loads(text)
            except orjson.JSONDecodeError:
                return
            for key, name in _PARSELY.items() if isinstance(data, dict) else ():
                value = data.get(key)
                for item in value[:20] if isinstance(value, list) else [value]:
                    if isinstance(item, str) and item.strip():
                        self.meta.setdefault(name, []).append(" ".join(item.split())[:MAX_META])

    def values(self, names: tuple[str, ...]) -> Iterator[str]:
        """Yield the contents of the meta tags of these names, in the order of the names."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value.strip():
                    yield value


def is_readers(node: LexborNode) -> bool:
    """Return whether a meta tag stands in the microdata of a reader's review, comment or answer on the page."""
    scope = node.parent
    while scope is not None and "itemtype" not in scope.attributes:
        scope = scope.parent
    return (
        scope is not None
        and _READERS.search(scope.attributes["itemtype"] or "") is not None
        and scope.css_first("h1") is None
    )
