"""The language of a text.

py3langid: its code and the model inside its wheel are BSD-3-Clause, so that depending on it puts no condition on ours.
fasttext's lid.176 was a little more accurate (.995 against .977 on 215 news texts) but its weights are CC BY-SA 3.0, a
share-alike licence, and no wheel of it states that: not taken.

The page's own claim (`lang`, the feed) decides only where the text is too short or the model is in doubt: templates
claim English for everything. A headline in letters that one language alone writes needs no claim.
"""

import re
from collections import Counter
from functools import lru_cache
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
from py3langid.langid import MODEL_FILE, LanguageIdentifier

#: Characters that are looked at: accuracy was the same on 200 and 1,000 characters.
SAMPLE = 250
#: Below this probability the page's claim is taken, if the model thinks it possible at all.
CERTAIN = 0.8
POSSIBLE = 0.02
#: Below this a guess that nothing supports is not given.
LEAST = 0.5
#: Fewer letters than this say nothing.
MIN_LETTERS = 20
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
#: Codes that mean the same language as another; Wu and Cantonese news is written in Chinese, and the model shares it out.
_SAME = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "wuu": "zh", "yue": "zh"}
#: Letters that one language alone writes, and with kana also Han: enough of them tell it, however short the text is.
_OWN_LETTERS = {
    "ko": re.compile("[\u1100-\u11ff\uac00-\ud7a3]"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "el": re.compile("[\u0370-\u03ff\u1f00-\u1fff]"),
    "ka": re.compile("[\u10a0-\u10ff]"),
    "hy": re.compile("[\u0530-\u058f]"),
    "ta": re.compile("[\u0b80-\u0bff]"),
    "te": re.compile("[\u0c00-\u0c7f]"),
}
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
#: Least letters of a language's own, and their least share with Han.
OWN_LEAST, OWN_SHARE = 3, 0.7


class Identifier(LanguageIdentifier):  # type: ignore[misc]
    """The library's model, with the states of its automaton found for all bytes of a text at once.

    The library goes through them one after the other. But a state is the longest beginning of an n-gram that the text
    ends with there, so that it depends on as many bytes before it as the longest n-gram has, and no more: so many steps
    of an array lead to all states. The scores are the library's to the last bit.

    Its table comes in numbers of 16 bits, which are widened here once: processors without arithmetic for them would widen some
    twenty thousand for each text.
    """

    __slots__ = ("depth", "features", "moves", "rows")

    def __init__(self, table: npt.NDArray[Any], *args: Any, **options: Any) -> None:
        super().__init__(table.astype(np.float32), *args, **options)
        self.moves: npt.NDArray[np.uint32] = np.asarray(self.tk_nextmove)
        self.rows: npt.NDArray[np.int64] = np.array(self.tk_row, dtype=np.int64) << 8
        self.features: npt.NDArray[np.int64] = np.array(self.tk_output, dtype=np.int64)
        self.depth = longest_way(self.moves.reshape(-1, 256), self.rows >> 8)

    def states(self, text: bytes) -> npt.NDArray[np.uint32]:
        """Return the state behind each byte."""
        letters = np.frombuffer(text, dtype=np.uint8)
        states = np.zeros(len(letters), dtype=np.uint32)
        for back in range(min(self.depth, len(letters)) - 1, -1, -1):
            states[back:] = self.moves[self.rows[states[back:]] + letters[: len(letters) - back]]
        return states

    def shares(self, text: str) -> npt.NDArray[np.float32]:
        """Return the probability of each of the model's languages."""
        shares: npt.NDArray[np.float32] = self._decide(text)
        return shares

    def ranking(self, shares: npt.NDArray[np.float32]) -> list[tuple[str, float]]:
        """Return all languages and their probabilities, the likeliest first."""
        named = zip(map(self.language, range(len(shares))), shares.tolist(), strict=True)
        return sorted(named, key=itemgetter(1), reverse=True)

    def language(self, number: int) -> str:
        """Return the code of one of the model's languages."""
        code: str = self.nb_classes[number]
        return _SAME.get(code, code)

    def _raw_score(self, text: bytes) -> npt.NDArray[Any]:
        """Return the score of each language."""
        features = self.features[self.states(text)]
        visits = Counter(features[features >= 0].tolist())
        scores: npt.NDArray[Any] = self._sparse_score(visits, self.nb_ptc) if visits else super()._raw_score(text)
        return scores


def longest_way(moves: npt.NDArray[np.uint32], rows: npt.NDArray[np.int64]) -> int:
    """Return the most bytes that an automaton needs from its first state to any other: those of its longest n-gram.

    `moves`: the next state for each row and byte; `rows`: the row of each state.
    """
    reached = np.zeros(len(rows), dtype=bool)
    seen_rows = np.zeros(len(moves), dtype=bool)
    edge = np.zeros(1, dtype=np.int64)
    steps = 0
    while len(edge):
        reached[edge] = True
        new = np.unique(rows[edge])
        new = new[~seen_rows[new]]
        seen_rows[new] = True
        following = np.zeros(len(rows), dtype=bool)
        for start in range(0, len(new), 2048):
            following[moves[new[start : start + 2048]]] = True
        edge = np.flatnonzero(following & ~reached)
        steps += bool(len(edge))
    return steps


@lru_cache(1)
def identifier() -> Identifier:
    """Return the model, loaded once a process (about half a second)."""
    found: Identifier = Identifier.from_model_file(MODEL_FILE, norm_probs=True)
    return found


def primary(tag: str | None) -> str:
    """Return the language of a BCP 47 tag in lower case (`pt-BR` is pt), empty where it is none."""
    match = _TAG.fullmatch((tag or "").strip())
    if match is None:
        return ""
    language = re.split(r"[-_]", match.group().lower())[0]
    return _SAME.get(language, language)


def by_letters(text: str) -> str | None:
    """Return the language whose own letters a text is in, None where no one language alone has them."""
    letters = "".join(filter(str.isalpha, text))
    for language, own in _OWN_LETTERS.items():
        count = len(own.findall(letters))
        if count >= OWN_LEAST:
            mixed = len(_HAN.findall(letters)) if language == "ja" else 0
            return language if count + mixed >= OWN_SHARE * len(letters) else None
    return None


def identify(title: str, text: str, claims: list[str]) -> tuple[str | None, float, str]:
    """Return the language, its probability from 0 to 1, and the reason; `claims`: of page and source, best first.

    A guess of the model below `LEAST` that no claim supports is no language: None, with its probability.
    """
    sample = f"{title}. {text[:SAMPLE]}" if title else text[:SAMPLE]
    said = [language for claim in claims if (language := primary(claim))]
    if sum(map(str.isalpha, sample)) < MIN_LETTERS:
        own = by_letters(sample)
        if own:
            return own, 1.0, "the letters themselves"
        if said:
            return said[0], 0.0, "the text is too short to tell: the page's claim"
        return None, 0.0, "the text is too short to tell, and nothing claims a language"
    model = identifier()
    shares = model.shares(sample)
    likeliest = int(shares.argmax())
    best, score = model.language(likeliest), min(1.0, float(shares[likeliest]))
    if score < CERTAIN and said:
        # Of codes that mean the same the likeliest counts.
        scores = dict(reversed(model.ranking(shares)))
        for language in said:
            if scores.get(language, 0.0) >= POSSIBLE:
                return language, min(1.0, scores[language]), f"the page's claim; the text alone may be {best}"
    if score < LEAST and not said:
        score = min(1.0, sum(share for language, share in model.ranking(shares) if language == best))
    if score < LEAST:
        return None, score, f"the text may be {best}, too uncertain to say so"
    return best, score, "the text itself"
