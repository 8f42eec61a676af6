"""Stems: the part of a word that stories compare, without the endings and small words that a language hangs on it.

Rules by script, not by grammar: a Russian or Polish name in six cases is one word, an Arabic article and a Korean particle
take nothing apart. English loses its plural alone, since the weights were learned from it. Where two words become one,
the story's other words still tell; where one word stays in two forms, nothing does.
"""

import re
import unicodedata
from functools import lru_cache

from streams.text.scripts import UNSPACED

#: Languages of which words stay whole; `und` may be any.
WHOLE = frozenset({"en", "und"})
#: Languages of which overlapping pieces are compared, `pieces`: each character stands in two.
PIECES = frozenset({"ja", "km", "ko", "lo", "my", "th", "zh"})
#: Letters of a word that count, in an alphabet and in a script whose vowels are marks.
MOST_LETTERS, MOST_SYLLABLES = 6, 7
SHORTEST = 3
BEYOND_LATIN = "\u0370"
RUN = re.compile(rf"\d+|[{UNSPACED}]+|[\uac00-\ud7a3]+|[^\d{UNSPACED}\uac00-\ud7a3]+")
SIGNS = re.compile(f"[{UNSPACED}]")
#: Two characters of hiragana are grammar, in nearly every text.
GRAMMAR = re.compile("[\u3041-\u309f]{2}")
#: Thai, Lao, Burmese, Khmer: alphabets, of which two letters say little.
LETTERS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
LETTERS_TOGETHER, SIGNS_TOGETHER = 4, 2
#: Endings of Russian, Ukrainian, Bulgarian words, as `fold` leaves them: it makes one letter of \u0438 and \u0439.
CYRILLIC_ENDING = re.compile(
    "(?:\u0438\u044f\u043c\u0438|\u044f\u043c\u0438|\u0430\u043c\u0438|\u043e\u0433\u043e|\u0435\u0433\u043e|\u043e\u043c\u0443"
    "|\u0435\u043c\u0443|\u044b\u043c\u0438|\u0438\u043c\u0438|\u0438\u044f\u0445|[\u044f\u0430\u044b\u0438]\u0445"
    "|[\u043e\u0435]\u0432|[\u0435\u043e\u044b\u0438]\u0438|[\u0430\u044f\u043e\u0435\u044b\u0438]\u043c"
    "|[\u0430\u043e]\u044f|\u044f\u044f|[\u043e\u0435\u044b\u0438]\u0435|[\u043e\u0435\u0443\u0438]\u044e|\u044e\u044e|\u0438\u044f"
    "|[\u0430\u044f\u043e\u0435\u044b\u0438\u0443\u044e\u044c\u0456])$"
)
#: Marks and spellings of Arabic, Persian and Urdu that desks set or leave out.
ARABIC_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
ARABIC_SAME = str.maketrans(
    "\u0623\u0625\u0622\u0671\u0649\u0629\u06a9\u06cc", "\u0627\u0627\u0627\u0627\u064a\u0647\u0643\u064a"
)
#: And, with, as, so, to, in front of the article; the article; and.
ARABIC_BEFORE = re.compile("(?:[\u0648\u0628\u0643\u0641]\u0627\u0644|\u0644\u0644|\u0627\u0644|\u0648)(?=.{3})")
ARABIC_AFTER = re.compile(
    "(?<=.{3})(?:\u0627\u062a|\u0648\u0646|\u064a\u0646|\u0627\u0646|\u0647\u0627|\u064a\u0647|\u0647|\u064a)$"
)
#: Dot below, which Hindi spellings leave out, and vowel signs that end a word.
NUKTA = "\u093c"
VOWEL_SIGNS = re.compile(
    "(?<=.{2})[\u0901-\u0903\u093e-\u094c\u0962\u0963\u0981-\u0983\u09be-\u09cc\u0a3e-\u0a4c\u0abe-\u0acc]+$"
)
#: Korean particles and ends of verbs, behind a syllable at least.
KOREAN_AFTER = re.compile(
    "(?<=.)(?:\uc774\ub77c\uace0|\uc5d0\uc11c\ub294|[\uc5d0\uaed8]\uc11c|\uc5d0\uac8c|\uc73c\ub85c|\uae4c\uc9c0|\ubd80\ud130"
    "|\ub77c[\uace0\uba70]|\ud558[\uace0\ub294\uba70]|\ud588\ub2e4|\ub410\ub2e4|\ud55c\ub2e4|\ub41c\ub2e4|[\ud600\uc84c\ub838\uc600\uc558\uc5c8\ud614\uc774\ub2c8\uaca0]\ub2e4"
    "|[\uc740\ub294\uc774\uac00\uc744\ub97c\uc758\uc5d0\ub3c4\ub85c\uc640\uacfc\ub9cc])$"
)
#: Turkish writes one letter with and without its dot.
DOTLESS = str.maketrans("\u0131", "i")


def stem(word: str) -> str:
    """Return a word without the `s` of a plural, possessive or third person: languages without it lose little."""
    return word[:-1] if word[-1] == "s" and len(word) > 3 and word[-2] not in "su" else word


@lru_cache(maxsize=1 << 15)
def stems(word: str, language: str) -> tuple[str, ...]:
    """Return the comparable parts of a folded word: its stem, or pieces of it where a script sets no spaces."""
    plain = word.isascii()
    if (plain or max(word) < BEYOND_LATIN) and not word.isdigit():
        return (stem(word) if language in WHOLE else latin(word if plain else word.translate(DOTLESS)),)
    return tuple(stem for run in RUN.findall(word) for stem in run_stems(run))


def run_stems(run: str) -> list[str]:
    """Return the stem of a word in one script, or its pieces."""
    first = run[0]
    if run.isdigit():
        return [ascii_digits(run)]
    if first < BEYOND_LATIN:
        return [stem(run)]
    if "\u0600" <= first < "\u0780":
        return [arabic(run)]
    if "\u0900" <= first < "\u0e00":
        return [VOWEL_SIGNS.sub("", run.replace(NUKTA, "")[:MOST_SYLLABLES])]
    if "\u0400" <= first < "\u0530":
        return [cyrillic(run)]
    if "\uac00" <= first < "\ud7a4":
        return pieces(KOREAN_AFTER.sub("", run) if len(run) > SIGNS_TOGETHER else run, SIGNS_TOGETHER)
    if SIGNS.match(first):
        found = pieces(run, LETTERS_TOGETHER if LETTERS.match(first) else SIGNS_TOGETHER)
        return [piece for piece in found if not GRAMMAR.fullmatch(piece)]
    return [run[:MOST_LETTERS]]


def pieces(run: str, together: int) -> list[str]:
    """Return the overlapping pieces of so many characters; a shorter run as it is."""
    return [run[at : at + together] for at in range(max(1, len(run) - together + 1))]


def latin(word: str) -> str:
    """Return the stem of a word in Latin letters that is not English."""
    word = stem(word)
    bare = word.rstrip("aeiou")
    return (bare if len(word) > SHORTEST + 1 and len(bare) > SHORTEST else word)[:MOST_LETTERS]


def cyrillic(word: str) -> str:
    """Return a word without its ending, as far as three letters stay."""
    ending = CYRILLIC_ENDING.search(word)
    stripped = word[: max(SHORTEST, ending.start())] if ending is not None else word
    return stripped[:MOST_LETTERS]


def arabic(word: str) -> str:
    """Return a word without article, leading conjunction and ending, in one spelling."""
    return ARABIC_AFTER.sub("", ARABIC_BEFORE.sub("", ARABIC_MARKS.sub("", word).translate(ARABIC_SAME), count=1))


def ascii_digits(number: str) -> str:
    """Return a number in the digits 0 to 9, of whatever script it is."""
    return number if number.isascii() else "".join(str(unicodedata.digit(digit)) for digit in number)
