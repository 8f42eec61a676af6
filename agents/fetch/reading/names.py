"""Names of a feed's elements: by namespace where it is known, by prefix where nobody declared it."""

from typing import Any

from streams.text.word_lists import word_lists

#: Namespaces by address, in lower case and without what its end varies in; the empty one is the feed's own.
_PREFIXES = {
    address: prefix for prefix, found in word_lists(__package__, "namespaces.toml").items() for address in found
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
