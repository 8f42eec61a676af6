"""Where each key and value of a TOML text stands: tomllib gives values without their places.

The text has been read by tomllib before, so that only well-formed TOML comes here.
"""

import re
from dataclasses import dataclass

#: A path of keys and, in arrays, indexes.
Path = tuple[str | int, ...]

BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
PART = r"""(?:[\w\-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
DOTTED = rf"{PART}(?:\s*\.\s*{PART})*"
HEADER = re.compile(rf"(\[\[?)\s*({DOTTED})\s*\]\]?")
KEY = re.compile(rf"({DOTTED})\s*=[ \t]*")
STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL)
BARE = re.compile(r"[^\s,\]}#]+(?: [0-9:.Z+-]+)?")
ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[ \t]*\n\s*|.)")


def not_utf8(error: UnicodeDecodeError) -> str:
    """Return in plain words which byte keeps a file from being read as UTF-8, and the remedy."""
    line = error.object[: error.start].count(b"\n") + 1
    return f"line {line} is not UTF-8 (byte 0x{error.object[error.start]:02x}): save the file as UTF-8"


@dataclass(frozen=True)
class Places:
    """The text, and the index at which each key and each value begins."""

    text: str
    keys: dict[Path, int]
    values: dict[Path, int]

    def key(self, path: Path) -> tuple[int, int]:
        """Return the line and column, from 1, of a key; of the nearest one around it where it has no place."""
        while path and path not in self.keys:
            path = path[:-1]
        return self.line_and_column(self.keys.get(path, 0))

    def in_string(self, path: Path, index: int) -> tuple[int, int]:
        """Return the line and column of a character of a string value, by its index in the string."""
        at = self.values.get(path)
        if at is None:
            return self.key(path)
        quote = next(mark for mark in ('"""', "'''", '"', "'") if self.text.startswith(mark, at))
        at += len(quote)
        if len(quote) == 3 and self.text.startswith("\n", at):
            at += 1
        for _ in range(index):
            escape = ESCAPE.match(self.text, at) if quote[0] == '"' else None
            while escape and escape[0].endswith(("\n", " ")) and "\n" in escape[0]:
                at = escape.end()
                escape = ESCAPE.match(self.text, at)
            at = escape.end() if escape else at + 1
        return self.line_and_column(at)

    def line_and_column(self, index: int) -> tuple[int, int]:
        """Return the line and column, from 1, of an index into the text."""
        return self.text.count("\n", 0, index) + 1, index - self.text.rfind("\n", 0, index)


def find_places(text: str) -> Places:
    """Return where everything stands in a well-formed TOML text whose lines end in line feeds alone."""
    places = Places(text=text, keys={}, values={})
    table: Path = ()
    seen: dict[Path, int] = {}
    at = skip(text, 0)
    while at < len(text):
        header = HEADER.match(text, at)
        if header:
            table = within(names(header[2]), seen)
            if header[1] == "[[":
                array = table[:-1] if isinstance(table[-1], int) else table
                seen[array] = seen.get(array, -1) + 1
                table = (*array, seen[array])
            places.keys.setdefault(table, at)
            at = header.end()
        else:
            at = pair(places, at, table)
        at = skip(text, at)
    return places


def within(table: Path, arrays: dict[Path, int]) -> Path:
    """Return a table's path with the index of the newest element after each array of tables on it."""
    path: Path = ()
    for part in table:
        path = (*path, part)
        if path in arrays:
            path = (*path, arrays[path])
    return path


def pair(places: Places, at: int, table: Path) -> int:
    """Note a key and its value; return the index after them."""
    key = KEY.match(places.text, at)
    if key is None:
        return len(places.text)
    path = (*table, *names(key[1]))
    places.keys[path] = at
    return value(places, key.end(), path)


def value(places: Places, at: int, path: Path) -> int:
    """Note a value and its parts; return the index after it."""
    text = places.text
    places.values[path] = at
    if text[at : at + 1] not in {"[", "{"}:
        match = STRING.match(text, at) or BARE.match(text, at)
        return match.end() if match else at + 1
    close, index = {"[": "]", "{": "}"}[text[at]], 0
    at = skip(text, at + 1)
    while at < len(text) and text[at] != close:
        at = value(places, at, (*path, index)) if close == "]" else pair(places, at, path)
        index += 1
        at = skip(text, at)
        if text[at : at + 1] == ",":
            at = skip(text, at + 1)
    return at + 1


def skip(text: str, at: int) -> int:
    """Return the index after blanks and comments."""
    match = BLANK.match(text, at)
    return match.end() if match else at


def names(dotted: str) -> Path:
    """Return a dotted key's parts."""
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in re.findall(PART, dotted))
