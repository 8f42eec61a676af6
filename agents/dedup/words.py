"""Words of a text in any script, their hashes, and the facts among them.

Latin text is folded to ASCII letters first ("Erdoğan" and "Erdogan" are one word: desks spell both) and split in a few
calls that work on the whole text. Other scripts are split at what is no letter, mark or digit; scripts that set no
spaces give overlapping runs of five characters, so that four of them in a row, a shingle, span eight characters, about
as much as four words.
"""

import re
import unicodedata
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

#: Distinct words whose hashes are remembered; their number is bounded, not their choice: news repeats its words.
CACHED_WORDS = 1 << 17

#: Characters to a token in scripts without spaces.
CHARACTER_GRAM = 5

#: Thai, Lao, Burmese, Khmer, kana, Han.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
#: Combining marks of Hebrew, Arabic and the Indic scripts, which Python's \w leaves out.
MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd"
    "\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
)

ANY_TOKEN = re.compile(rf"[^\W_{MARKS}][\w{MARKS}]*")
UNSPACED_RUN = re.compile(rf"[{UNSPACED}]+")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

APOSTROPHES = "'`"
ALONE = "".join(chr(c) if chr(c).isalnum() else " " for c in range(128))
KEEP_CASE = {c: None if chr(c) in APOSTROPHES else ALONE[c] for c in range(128)}
FOLD_CASE = {c: None if chr(c) in APOSTROPHES else ALONE[c].lower() for c in range(128)}
DASHES = re.compile("[\u2010-\u2015\u2212/\u00ab\u00bb\u201c-\u201f]")


class Words(NamedTuple):
    """Words of a text, in order and folded, and its facts; `spaced` is false where words are runs of characters."""

    words: list[str]
    facts: set[str]
    spaced: bool = True


class WordHashes(dict[str, bytes]):
    """64-bit BLAKE2 of each word, little-endian, computed once while it is remembered."""

    def __missing__(self, word: str) -> bytes:
        if len(self) >= CACHED_WORDS:
            self.clear()
        value = self[word] = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return value


CACHE = WordHashes()


def hashes(words: list[str]) -> Hashes:
    """Return the 64-bit hash of each word, the same on every machine and in every process."""
    return np.frombuffer(b"".join(map(CACHE.__getitem__, words)), "<u8")


def split(text: str) -> Words:
    """Return a text's words and facts.

    Facts are its numbers and the words that it writes with a capital and never without one, which leaves out most of
    what stands with one only because it begins a sentence. A script without capitals gives the words that occur once
    and have four characters or more.
    """
    if text.isascii():
        return split_latin(text)
    decomposed = unicodedata.normalize("NFKD", DASHES.sub(" ", text))
    latin = decomposed.encode("ascii", "ignore").decode()
    if 10 * sum(map(str.isalpha, latin)) >= 9 * sum(map(str.isalpha, decomposed)):
        return split_latin(latin)
    return split_any(unicodedata.normalize("NFKC", text))


def split_latin(text: str) -> Words:
    """Return words and facts of ASCII text."""
    words = text.translate(FOLD_CASE).split()
    capitals = {word.lower() for word in text.translate(KEEP_CASE).split() if "A" <= word[0] <= "Z" and len(word) > 1}
    capitals.difference_update([word for word in text.translate(KEEP_CASE).split() if word[0] >= "a"])
    capitals.update(NUMBER.findall(text))
    return Words(words, capitals)


def split_any(text: str) -> Words:
    """Return words and facts of text in any script."""
    cased = ANY_TOKEN.findall(text)
    tokens = [piece for token in cased for piece in pieces(token.casefold())]
    spaced = sum(map(len, UNSPACED_RUN.findall(text))) * 2 < len(text)
    facts = {token.casefold() for token in cased if token[0].isupper() and len(token) > 1}
    if facts:
        facts.difference_update(cased)
    if len(facts) * 50 < len(tokens):
        seen: dict[str, int] = {}
        for token in tokens:
            seen[token] = seen.get(token, 0) + 1
        facts.update(token for token, times in seen.items() if times == 1 and len(token) >= 4)
    facts.update(NUMBER.findall(text))
    return Words(tokens, facts, spaced)


def pieces(token: str) -> list[str]:
    """Return a token, or its overlapping runs of characters where its script sets no spaces."""
    if not UNSPACED_RUN.search(token):
        return [token]
    out: list[str] = []
    position = 0
    for run in UNSPACED_RUN.finditer(token):
        if run.start() > position:
            out.append(token[position : run.start()])
        characters = run.group()
        count = max(1, len(characters) - CHARACTER_GRAM + 1)
        out += [characters[i : i + CHARACTER_GRAM] for i in range(count)]
        position = run.end()
    if position < len(token):
        out.append(token[position:])
    return out
