"""Authors of an article that a page keeps in its scripts alone, with the article's text."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from agents.clean.metadata.bylines.names import is_person, may_be_name, split_names
from agents.clean.metadata.claims import Choice
from agents.clean.metadata.states.articles import objects_titled
from agents.clean.metadata.states.texts import in_small_letters, text_under

#: Objects with the article's title that are looked at, and authors of one.
MAX_OBJECTS, MAX_AUTHORS = 20, 20
#: Names of authors in an article's object, and of an author's name in her own.
_AUTHORS = ("author", "authors", "byline", "bylines", "writer", "writers", "contributors", "creator")
_NAME = ("name", "fullname", "full_name", "displayname", "display_name", "title", "text")


def state_authors(tree: LexborHTMLParser, title: str, publishers: Iterable[str]) -> Choice[list[str]]:
    """Return the persons whom the object of this title in a page's scripts names as its authors; an empty list for none."""
    publishers = list(publishers)
    for item in islice(objects_titled(tree, title), MAX_OBJECTS):
        low = in_small_letters(item)
        for key in _AUTHORS:
            names = split_names("; ".join(islice(names_in(low.get(key)), MAX_AUTHORS)), publishers)
            if names and all(is_person(name) or may_be_name(name) for name in names):
                return Choice(names, f"{key} in a script", "the page shows no author, nor its text")
    return Choice([], "", "the page names nobody")


def names_in(value: Any, *, nested: bool = True) -> Iterator[str]:
    """Yield the names that a value has: a text, an object with a name or (if `nested`) with authors, or a list of these."""
    for item in value if isinstance(value, list) else (value,):
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            low = in_small_letters(item)
            if name := text_under(_NAME, low):
                yield name
            elif nested and (inner := next((low[key] for key in _AUTHORS if key in low), None)):
                yield from names_in(inner, nested=False)
