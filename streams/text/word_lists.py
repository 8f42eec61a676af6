"""Word lists: TOML files of a package, in which each list has a name.

A list is a string of single words, or an array where an entry holds a space. Comments are TOML's.
"""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files


class WordListError(ValueError):
    """A file of lists that cannot be used; the text names the file and the list."""


@cache
def word_lists(package: str, name: str = "word_lists.toml") -> dict[str, tuple[str, ...]]:
    """Return the lists of a package's file in their order, read once a process; raise `WordListError`."""
    try:
        tables = tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WordListError(f"{package}/{name}: {error}") from error
    return {title: _entries(value, f"{package}/{name}: {title}") for title, value in tables.items()}


def by_language(entries: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return words by language, of entries that each begin with one: `es Meta Salta`; a language may have several."""
    found: dict[str, frozenset[str]] = {}
    for entry in entries:
        language, *words = entry.split()
        found[language] = found.get(language, frozenset()).union(words)
    return found


def _entries(value: object, where: str) -> tuple[str, ...]:
    """Return the entries of one list."""
    found = value.split() if isinstance(value, str) else value
    if not isinstance(found, list) or not found or not all(isinstance(entry, str) and entry for entry in found):
        raise WordListError(f"{where} is neither words nor an array of them")
    if len(set(found)) < len(found):
        raise WordListError(f"{where} holds {sorted(entry for entry in set(found) if found.count(entry) > 1)} twice")
    return tuple(found)
