"""The shapes of texts: how many words, commas, stops and digits they have, and how they begin and end."""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from agents.clean.text.words import count_words

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[Any]

SENTENCE_END = frozenset(".!?…。！？।؟۔።։။\"”“»«」』’':;")
#: Characters of a text in which commas and stops are counted.
HEAD = 2_000
#: Longer texts are paragraphs: how many digits they hold says nothing.
WITH_DIGITS = 300
#: Shorter texts are labels, whose commas and stops say nothing.
LABEL = 12
#: Characters from which a text counts as a sentence in scripts that write no full stop: Thai, Lao, Khmer, Burmese.
LONG_UNSPACED = 60
#: The first bytes of such characters in UTF-8; commas and stops beyond ASCII.
_UNSPACED_BYTES, _WIDE_COMMAS, _WIDE_STOPS = (b"\xe0", b"\xe1"), ("，", "、", "،"), ("。", "। ")
#: Stands between texts: no page holds it, for parsers replace it.
SEPARATOR = "\0"


def unspaced(char: str) -> bool:
    """Return whether a character is of a script whose sentences end without a mark."""
    return "\u0e00" <= char <= "\u0eff" or "\u1000" <= char <= "\u109f" or "\u1780" <= char <= "\u17ff"


class Shapes:
    """The shapes of a page's texts. Characters are counted in all texts at once, in one array of their UTF-8."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.data = SEPARATOR.join(texts).encode("utf-8", "surrogatepass")
        self.codes: npt.NDArray[np.uint8] = np.frombuffer(self.data, dtype=np.uint8)
        #: Where each text begins; the last is behind the last text, as if another came.
        self.bounds: Ints = np.zeros(len(texts) + 1, dtype=np.int64)
        np.add(np.flatnonzero(self.codes == ord(SEPARATOR)), 1, out=self.bounds[1:-1])
        self.bounds[-1] = len(self.data) + 1
        self.sizes: Ints = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        self.labels = self.sizes < LABEL

    def count(self, found: Numbers) -> Ints:
        """Return how many bytes of each text are found. `found`: a truth value for each byte."""
        before = found.nonzero()[0].searchsorted(self.bounds)
        counts: Ints = before[1:] - before[:-1]
        return counts

    def words(self) -> Floats:
        """Return the words of each text, as `count_words` counts them."""
        words = (self.count(self.codes == ord(" ")) + 1).astype(np.float32)
        for index in np.flatnonzero(self.sizes > 12 * words).tolist():
            words[index] = count_words(self.texts[index])
        return words

    def rows(self) -> list[Sequence[float] | Numbers]:
        """Return the shapes, a row for each kind.

        Commas, sentence stops, lines, share of digits (of short texts); whether they end like a sentence, start with a
        capital, are in capitals throughout, hold an @.
        """
        texts = self.texts
        return [
            self._commas(), self._stops(), self._lines(), self._digits(), self._ends(),
            [text[0].isupper() for text in texts], [text.isupper() for text in texts], ["@" in text for text in texts],
        ]  # fmt: skip

    def _commas(self) -> Ints:
        return self._at_head(self.count(self.codes == ord(",")), (",",), _WIDE_COMMAS)

    def _stops(self) -> Ints:
        found = (self.codes == ord(".")) | (self.codes == ord("?")) | (self.codes == ord("!"))
        # No text begins with a space, so that a mark at a text's end has none behind it.
        found[:-1] &= self.codes[1:] == ord(" ")
        found[-1:] = False
        return self._at_head(self.count(found), (". ", "? ", "! "), _WIDE_STOPS)

    def _at_head(self, counts: Ints, signs: tuple[str, ...], wide: tuple[str, ...]) -> Ints:
        """Return the counts of characters in whole texts as those at their heads, with the characters beyond ASCII."""
        for index in np.flatnonzero(self.sizes > HEAD).tolist():
            counts[index] = sum(map(self.texts[index][:HEAD].count, signs))
        for sign in wide:
            # The first byte alone is found far sooner, and most pages have none.
            if (code := sign.encode())[:1] in self.data and code in self.data:
                counts += [text.count(sign, 0, HEAD) for text in self.texts]
        counts[self.labels] = 0
        return counts

    def _lines(self) -> Numbers:
        counts = self.count(self.codes == ord("\n"))
        counts[self.labels] = 0
        return np.minimum(counts, 10) / 10

    def _digits(self) -> Numbers:
        # In unsigned bytes all that is less than "0" is far above it.
        counts = self.count(self.codes - ord("0") < 10)
        counts[self.sizes >= WITH_DIGITS] = 0
        for index in np.flatnonzero(self.labels & (np.diff(self.bounds) > self.sizes + 1)).tolist():
            counts[index] = sum(map(str.isdigit, self.texts[index]))
        return counts / self.sizes

    def _ends(self) -> list[bool]:
        ends = [text[-1] in SENTENCE_END for text in self.texts]
        if any(byte in self.data for byte in _UNSPACED_BYTES):
            for index, text in enumerate(self.texts):
                ends[index] = ends[index] or (len(text) >= LONG_UNSPACED and unspaced(text[-1]))
        return ends
