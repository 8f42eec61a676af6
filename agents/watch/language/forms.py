"""Forms: the ways in which an article may write a query's word.

Beyond its one spelling a word is found

- in Arabic and Hebrew behind the article, the conjunction and the prepositions that are written onto it: `جسر` finds
  الجسر and بالجسر, `גשר` finds הגשר and ובגשר. Words of fewer than three letters stand alone: most words that end in
  them are others (بحر, the sea, is not ب and حر);
- in Amharic behind the prepositions that are written onto it: `ኢትዮጵያ` finds የኢትዮጵያ and በኢትዮጵያ;
- in capitals without its accents, as headlines in French, Spanish, Italian, Portuguese and Greek are set: `Élysée`
  finds ELYSEE, `papá` finds PAPA and not papa. A first letter in capitals is often set without its accent alone:
  `Élysée` finds Elysée, `État` finds Etat and not etat. A Greek word that the query writes without accents (`ΑΘΗΝΑ`) is found
  with any;
- with dots between its letters: `FBI` finds F.B.I. A dotted abbreviation in a query finds both, and its letters one
  after another: `J.K.` finds J.K., JK and J. K.
- in pairs of letters, as Spanish abbreviates plurals: `EEUU` and `EE.UU.` find EEUU, EE.UU., EE. UU. and EE UU.

`=Word` finds none of these but the dots.
"""

import re
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from agents.watch.language.words import GREEK, greek_without_accents

#: Fewest letters of a word that is also found behind a prefix.
MIN_PREFIXED_LETTERS = 3
#: Fewest letters of one that is found in capitals without accents.
MIN_CAPITAL_LETTERS = 4

ARABIC = re.compile(r"[\u0620-\u06d3]+")
HEBREW = re.compile(r"[\u05d0-\u05ea]+")
ETHIOPIC = re.compile(r"[\u1200-\u135a]+")

#: And (wa, fa); with, as, for (bi, ka, li); the. Li and the article are written as two lams.
ARABIC_CONJUNCTIONS = ("", "\u0648", "\u0641")
ARABIC_PREPOSITIONS = ("", "\u0628", "\u0643", "\u0644")
ARABIC_ARTICLE = "\u0627\u0644"
ARABIC_PREFIXES = tuple(
    f"{conjunction}{rest}"
    for conjunction, rest in product(
        ARABIC_CONJUNCTIONS,
        (
            *ARABIC_PREPOSITIONS,
            ARABIC_ARTICLE,
            f"\u0628{ARABIC_ARTICLE}",
            f"\u0643{ARABIC_ARTICLE}",
            "\u0644\u0644",
        ),
    )
    if conjunction or rest
)
#: And; the, in, as, to, from, that, and those that are written together.
HEBREW_PREFIXES = tuple(
    f"{conjunction}{rest}"
    for conjunction, rest in product(
        ("", "\u05d5"),
        ("", "ה", "ב", "כ", "ל", "מ", "ש", "מה", "שה", "שב", "של", "שמ", "כש", "כשה", "מש"),
    )
    if conjunction or rest
)

#: In, from, of, to; about, like.
ETHIOPIC_PREFIXES = ("በ", "ከ", "የ", "ለ", "ስለ", "እንደ")

PREFIXES = frozenset((*ARABIC_PREFIXES, *HEBREW_PREFIXES, *ETHIOPIC_PREFIXES))
LONGEST_PREFIX = max(map(len, PREFIXES))

#: The accents that capitals are set without. Letters of their own stay: ä ö ü å ñ.
ACCENTS = str.maketrans("àáâãèéêëìíîïòóôõùúûç", "aaaaeeeeiiiioooouuuc")

#: Stands before a Greek word without accents that is written with some in the article.
ANY_ACCENT = "~"

#: Two letters or more with a dot behind each, or two doubled ones; the last dot may be missing.
SPELLED_OUT = re.compile(
    r"(?:[^\W\d_](?:\.[^\W\d_])+|(?P<first>[^\W\d_])(?P=first)\.(?P<second>[^\W\d_])(?P=second))\.?"
)
#: Letters of an abbreviation of doubled letters without dots: EEUU, RRHH.
DOUBLED_LETTERS = 4


class Forms(NamedTuple):
    """The forms of a word: as words of an article, and, where it has accents, the word without them, else empty.

    `initial`: the word without the accent of its first letter, else empty. `letters`: the single letters of an abbreviation
    that the query writes with dots, else empty.
    """

    words: tuple[str, ...]
    capitals: str = ""
    initial: str = ""
    letters: tuple[str, ...] = ()


def is_plain(word: str) -> bool:
    """Say whether a word has no form but itself, without looking further; wildcards have none in this sense."""
    return word.isascii() and "." not in word and not is_doubled(word)


def is_doubled(word: str) -> bool:
    """Say whether a word is two doubled letters: EEUU."""
    return len(word) == DOUBLED_LETTERS and word.isalpha() and word[0] == word[1] and word[2] == word[3]


@lru_cache(maxsize=1 << 14)
def forms_of(word: str) -> Forms:
    """Return the forms of a query's word, which may hold wildcards."""
    if "." in word:
        parts = tuple(word.split("."))
        return Forms(("".join(parts),), letters=parts)
    if is_doubled(word):
        return Forms((word,), letters=(word[:2], word[2:]))
    if word.isascii():
        return Forms((word,))
    bare = word.strip("*")
    if not word.startswith("*") and (prefixes := prefixes_of(bare)):
        return Forms((word, *(prefix + word for prefix in prefixes), *after_li(word)))
    if GREEK.match(bare):
        plain = greek_without_accents(bare)
        return Forms((word,), word.replace(bare, plain)) if plain else Forms((word, ANY_ACCENT + word))
    capitals = word.translate(ACCENTS)
    if capitals == word or len(bare) < MIN_CAPITAL_LETTERS:
        return Forms((word,))
    initial = word[0].translate(ACCENTS) + word[1:]
    return Forms((word,), capitals, initial if initial != word else "")


def prefixes_of(word: str) -> tuple[str, ...]:
    """Return the prefixes behind which a word is found, most often none."""
    if len(word) < MIN_PREFIXED_LETTERS:
        return ()
    if HEBREW.fullmatch(word):
        return HEBREW_PREFIXES
    if ETHIOPIC.fullmatch(word):
        return ETHIOPIC_PREFIXES
    if not ARABIC.fullmatch(word):
        return ()
    if has_article(word):
        return tuple(prefix for prefix in ARABIC_PREFIXES if not prefix.endswith("\u0644"))
    return ARABIC_PREFIXES


def has_article(word: str) -> bool:
    """Say whether an Arabic word begins with the article."""
    return word.startswith(ARABIC_ARTICLE) and len(word) >= MIN_PREFIXED_LETTERS + len(ARABIC_ARTICLE)


def after_li(word: str) -> tuple[str, ...]:
    """Return an Arabic word that begins with the article as it is written behind li, which swallows the alef."""
    if not has_article(word.strip("*")):
        return ()
    return tuple(f"{conjunction}\u0644{word[1:]}" for conjunction in ARABIC_CONJUNCTIONS)


def abbreviation(text: str) -> str:
    """Return an abbreviation written with dots, as `j.k`; an empty string for any other text."""
    return text.rstrip(".") if SPELLED_OUT.fullmatch(text) else ""
