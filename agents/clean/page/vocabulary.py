"""Parts of pages by the names that publishers give them: classes, ids, roles and tags, as bits of one integer.

A page template names its parts for its own programmers, and they choose the same words all over the web.
`masks` splits such names into words (`articleBody`, `article-body` and `article_body` are two words each) and
returns the parts that they stand for. parts.toml lists the words by part; a word that is not listed counts by a listed
word that it starts or ends with (`sidebarleft`), if that is long enough to be no accident.
"""

import re
from typing import ClassVar

from streams.text.word_lists import word_lists


def words(text: str) -> frozenset[str]:
    """Return the words of a table."""
    return frozenset(text.split())


#: The parts, in the order of their bits. The order is part of the model: append only, and train again.
PARTS = word_lists(__package__, "parts.toml")

#: Tags that say where a block stands, in the order of their bits, after the parts.
PLACES = tuple(
    """
    article main aside nav header footer form figure table ul li blockquote section button dl details figcaption pre
    h1 h2 h3 h4 p td a address
    """.split()  # noqa: SIM905 - a list of words is read more easily
)
#: Tags that count as another.
ALIASES = {"ol": "ul", "th": "td", "h5": "h4", "h6": "h4", "dd": "dl", "dt": "dl", "menu": "ul"}

PART_BIT = {part: 1 << index for index, part in enumerate(PARTS)}
PLACE_BIT = {tag: 1 << (len(PARTS) + index) for index, tag in enumerate(PLACES)}
PLACE_BIT |= {tag: PLACE_BIT[other] for tag, other in ALIASES.items()}
#: Set by the page itself: style, `hidden`, `aria-hidden`.
INVISIBLE = 1 << (len(PARTS) + len(PLACES))
BITS = len(PARTS) + len(PLACES) + 1
assert BITS < 64, "masks are kept in 64-bit integers"

_WORDS = {word: PART_BIT[part] for part, names in PARTS.items() for word in names}
#: Words that count at the beginning and the end of longer ones, and the lengths that they have.
_LONG = {word: bit for word, bit in _WORDS.items() if len(word) >= 6}
_LENGTHS = sorted({len(word) for word in _LONG})
_SPLIT = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
#: Blanks in the place of all ASCII but small letters: most names have no others, and are split sooner so.
_SMALL = "".join(char if char.islower() else " " for char in map(chr, range(128)))

#: Bounded caches: emptied when full, which a template's few hundred names seldom make them.
CACHE_LIMIT = 20_000
#: Characters of a class, id or role that are looked at.
NAMES_READ = 400


class Bits(dict[str, int]):
    """The parts that texts stand for, as bits: read where they are first asked for."""

    #: Longer texts are read each time, so that the cache stays small.
    longest: ClassVar[int]

    def __missing__(self, text: str) -> int:
        """Read a text, and remember it where it is not too long."""
        mask = self.read(text)
        if len(text) <= self.longest:
            if len(self) >= CACHE_LIMIT:
                self.clear()
            self[text] = mask
        return mask

    def read(self, text: str) -> int:
        """Return the parts of a text."""
        raise NotImplementedError


class Words(Bits):
    """The parts that a word stands for."""

    longest = 40

    def read(self, text: str) -> int:
        """Look a word up, by itself or by its beginning and end."""
        low = text.lower()
        mask = _WORDS.get(low, 0)
        if not mask and len(low) > 6:
            for length in _LENGTHS:
                if length > len(low):
                    break
                mask |= _LONG.get(low[:length], 0) | _LONG.get(low[-length:], 0)
        return mask


_words = Words()


class Masks(Bits):
    """The parts that a class, id or role stands for."""

    longest = NAMES_READ

    def read(self, text: str) -> int:
        """Look up the words that a name is made of."""
        mask = 0
        names = text[:NAMES_READ]
        plain = names.isascii() and names.islower()
        for word in names.translate(_SMALL).split() if plain else _SPLIT.findall(names):
            mask |= _words[word]
        return mask


#: The masks of a process. A dictionary, since each element of a page is looked up: a call for each would cost more.
masks = Masks()
