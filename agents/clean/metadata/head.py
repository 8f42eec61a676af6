"""The head of a page: meta tags, links, title and scripts of structured data, as they stand."""

from collections.abc import Iterator
from html import unescape

import orjson
from selectolax.lexbor import LexborHTMLParser, LexborNode

TITLE_META = (
    "og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "parsely-title", "sailthru.title",
    "headline", "title",
)  # fmt: skip
AUTHOR_META = (
    "author", "parsely-author", "sailthru.author", "citation_author", "citation_authors", "dc.creator",
    "dcterms.creator", "article:author", "og:article:author", "byl", "byline", "dc.creator.name", "article.author",
    "authors", "creator", "rnews:author", "twitter:author",
)  # fmt: skip
DATE_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published",
    "datepublished", "parsely-pub-date", "sailthru.date",
    "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "date", "dc.date.issued",
    "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "article.published",
    "citation_publication_date", "citation_date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "og:pubdate", "displaydate", "published-date", "published_time",
    "article_date_original", "originalpublicationdate", "timestamp", "datecreated", "rnews:datepublished",
    "published", "created", "published_at", "last-published", "search_date", "article-published", "origindate",
    "video:release_date",
)  # fmt: skip
MODIFIED_META = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified",
    "article:modified", "revised",
)  # fmt: skip
SITE_META = (
    "og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site", "dc.publisher", "publisher",
    "copyright", "article:publisher",
)  # fmt: skip
#: Keys of Parse.ly's JSON in the meta tag `parsely-page`, by the meta tags that say the same.
_PARSELY = {"title": "parsely-title", "pub_date": "parsely-pub-date", "author": "parsely-author"}
#: Characters of a meta tag that are read, and of one that holds JSON; tags that are read.
MAX_META, MAX_JSON, MAX_TAGS = 2_000, 100_000, 1_000


#: All that is read of a head, found in one search.
_READ = 'meta, title, link[rel="canonical"], script[type*="ld+json"]'


class Head:
    """The head of a page: meta tags by lower-case name, links, JSON-LD scripts, title."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        found: dict[str, list[LexborNode]] = {"meta": [], "title": [], "link": [], "script": []}
        for node in tree.css(_READ):
            found[node.tag or ""].append(node)
        self.meta: dict[str, list[str]] = {}
        for node in found["meta"][:MAX_TAGS]:
            self._read_meta(node.attributes)
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
        self.canonical = (found["link"][0].attributes.get("href") or "").strip() if found["link"] else ""

    def _read_meta(self, attributes: dict[str, str | None]) -> None:
        """Add the content of a meta tag under each of its names."""
        content = attributes.get("content")
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
