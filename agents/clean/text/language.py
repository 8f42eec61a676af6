"""The language of a text.

py3langid: its code and the model inside its wheel are BSD-3-Clause, so that depending on it puts no condition on ours.
fasttext's lid.176 was a little more accurate (.995 against .977 on 215 news texts) but its weights are CC BY-SA 3.0, a
share-alike licence, and no wheel of it states that: not taken.

The page's own claim (`lang`, the feed) decides only where the text is too short or the model is in doubt: templates
claim English for everything.
"""

import re
from functools import lru_cache

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
#: Codes that mean the same language as another.
_SAME = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no"}


@lru_cache(1)
def identifier() -> LanguageIdentifier:
    """Return the model, loaded once a process (about half a second)."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def primary(tag: str | None) -> str:
    """Return the language of a BCP 47 tag in lower case (`pt-BR` is pt), empty where it is none."""
    match = _TAG.fullmatch((tag or "").strip())
    if match is None:
        return ""
    language = re.split(r"[-_]", match.group().lower())[0]
    return _SAME.get(language, language)


def identify(title: str, text: str, claims: list[str]) -> tuple[str | None, float, str]:
    """Return the language, its probability from 0 to 1, and the reason; `claims`: of page and source, best first.

    A guess of the model below `LEAST` that no claim supports is no language: None, with its probability.
    """
    sample = f"{title}. {text[:SAMPLE]}" if title else text[:SAMPLE]
    said = [language for claim in claims if (language := primary(claim))]
    if sum(map(str.isalpha, sample)) < MIN_LETTERS:
        if said:
            return said[0], 0.0, "the text is too short to tell: the page's claim"
        return None, 0.0, "the text is too short to tell, and nothing claims a language"
    best, score = identifier().classify(sample)
    best = _SAME.get(best, best)
    score = min(1.0, float(score))
    if score < CERTAIN and said:
        ranking = identifier().rank(sample)
        scores = {_SAME.get(language, language): value for language, value in reversed(ranking)}
        for language in said:
            if scores.get(language, 0.0) >= POSSIBLE:
                return language, min(1.0, float(scores[language])), f"the page's claim; the text alone may be {best}"
    if score < LEAST:
        return None, score, f"the text may be {best}, too uncertain to say so"
    return best, score, "the text itself"
