"""Names of a feed's elements: by namespace where it is known, by prefix where nobody declared it."""

from typing import Any

#: Namespaces by address, in lower case and without what its end varies in; the empty one is the feed's own.
_PREFIXES = {
    "http://purl.org/rss/1.0": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://my.netscape.com/publish/formats/rss-0.91.dtd": "",
    "http://channel.netscape.com/rdf/simple/0.9": "",
    "http://backend.userland.com/rss": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://purl.org/net/rss1.1": "",
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/atom/ns": "atom",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/elements/1.0": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "",
}


class Names:
    """Names of the elements of one document, `local` or `prefix:local`, in lower case."""

    def __init__(self, root: Any) -> None:
        """Take the namespace of the root for the document's own."""
        self._own = _namespace(root.tag) if _prefix(_namespace(root.tag)) in ("", "atom", None) else ""
        self._names: dict[str, str] = {}

    def __call__(self, element: Any) -> str:
        """Return an element's name, an empty string for a comment or an instruction."""
        tag = element.tag
        if not isinstance(tag, str):
            return ""
        name = self._names.get(tag)
        if name is None:
            name = self._names[tag] = self._name(tag)
        return name

    def _name(self, tag: str) -> str:
        namespace, local = _namespace(tag), tag.rpartition("}")[2].lower()
        if not namespace or namespace == self._own:
            return local  # an undeclared prefix is still there
        prefix = _prefix(namespace)
        if prefix is None:
            return f"other:{local}"
        return f"{prefix}:{local}" if prefix else local


def _namespace(tag: str) -> str:
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def _prefix(namespace: str) -> str | None:
    return _PREFIXES.get(namespace.strip().lower().rstrip("/#")) if namespace else ""
