"""The values of a TOML text that may come from anybody who is to write a watch, a digest or a source."""

import re
import tomllib
from typing import Any

MOST_PARTS = 64
#: A key of many parts, none of them endless. tomllib keeps the way to each of them: a hundred thousand take 20 GB.
LONG_KEY = re.compile(
    rf"""(?:(?:(?<![\w-])[A-Za-z0-9_-]++|"(?:\\.|[^"\\\n]){{0,200}}+"|'[^'\n]{{0,200}}+')[ \t]*+\.[ \t]*+){{{MOST_PARTS}}}""",
    re.ASCII,
)


class LongKeyError(ValueError):
    """A key has more parts than any table has levels."""

    def __init__(self) -> None:
        super().__init__(f"a key has over {MOST_PARTS} parts")


def values_of(text: str) -> dict[str, Any]:
    """Return the values of a TOML text. Raise `TOMLDecodeError`, another `ValueError` or `RecursionError` where it has none."""
    if LONG_KEY.search(text):
        raise LongKeyError
    return tomllib.loads(text)
