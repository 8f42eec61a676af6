"""Forms of a phrase: languages that inflect names say one in six ways, and all of them are counted as one.

A word is counted by its first two letters and the consonants behind them, four letters in all, without the ending of a case
that adds consonants. So neither a vowel that changes nor one that comes and goes makes another word of a name, and of a long
word only the beginning counts. Two phrases seldom become one: all of their words have to begin alike. Names that end like a
case themselves (Вадим, Márton) lose that, too, or their nominative would be a word apart.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Container
from functools import lru_cache

#: Letters by which a word is counted, and those at its beginning of which vowels count, too.
COUNTED_LETTERS, BEGINNING = 4, 2
#: Forms of a phrase that are told apart, to find the commonest.
MOST_FORMS = 8
#: A form by which a phrase was known before a restart counts as so many.
KNOWN_BEFORE = 2
#: Letters that stay in front of an ending, at least, a vowel among them.
LEAST_STEM = 2
#: Vowels and marks in Latin, Cyrillic and Greek letters, as `folded` leaves them.
VOWELS = frozenset(
    "aeiouy\u0131\u0259\u0430\u0435\u0438\u043e\u0443\u044a\u044b\u044c\u044d\u044e\u044f\u0456\u0454"
    "\u03b1\u03b5\u03b7\u03b9\u03bf\u03c5\u03c9\u03c2'-"
)
#: Letters that NFD does not take apart.
PLAIN = str.maketrans({"\u0142": "l", "\u0111": "d", "\u0131": "i", "\u0259": "e"})
EAST_SLAVIC = (
    "\u0430\u043c\u0438 \u044f\u043c\u0438 \u0438\u043c\u0438 \u044b\u043c\u0438 \u043e\u0433\u043e \u0435\u0433\u043e "
    "\u043e\u043c\u0443 \u0435\u043c\u0443 \u043e\u0432\u0438 \u0435\u0432\u0438 \u043e\u0432\u0456 \u0435\u0432\u0456 "
    "\u0454\u0432\u0456 \u0430\u0445 \u044f\u0445 \u0438\u0445 \u044b\u0445 \u0430\u043c \u044f\u043c \u043e\u043c "
    "\u0435\u043c \u0454\u043c \u0438\u043c \u044b\u043c \u0456\u043c"
)
WEST_SLAVIC = "owi ovi ow ov iego ego iemu emu imu ami emi ymi imi akh ekh ikh ykh iho iem em om um im ym mi"
SOUTH_SLAVIC = "ovima evima ima ama oga ega omu emu om em og eg im ih"
SOUTH_SLAVIC_CYRILLIC = (
    "\u043e\u0432\u0438\u043c\u0430 \u0438\u043c\u0430 \u0430\u043c\u0430 \u043e\u0433\u0430 \u0435\u0433\u0430 "
    "\u043e\u043c\u0443 \u0435\u043c\u0443 \u043e\u043c \u0435\u043c \u043e\u0433 \u0435\u0433 \u0438\u043c \u0438\u0445"
)
TURKIC = "inda inde unda unde indan inden undan unden nin nun dan den tan ten dir dur lar ler da de ta te in un ni nu ya ye yi yu"
#: Endings of cases that have consonants, as `folded` leaves them: the languages' own vowels need no entry.
ENDINGS = {
    "ru": EAST_SLAVIC,
    "uk": f"{EAST_SLAVIC} \u043e\u0432 \u0435\u0432 \u0454\u0432 \u0456\u0432",
    "be": EAST_SLAVIC,
    "pl": WEST_SLAVIC,
    "cs": WEST_SLAVIC,
    "sk": WEST_SLAVIC,
    "sl": SOUTH_SLAVIC,
    "hr": SOUTH_SLAVIC,
    "bs": SOUTH_SLAVIC,
    "sr": f"{SOUTH_SLAVIC} {SOUTH_SLAVIC_CYRILLIC}",
    "lt": "iams uose iuose yje oje ams ais ius ios as is ys us es os",
    "lv": "iem iem as is us es os am em im am s",
    "fi": "issa issa illa ilta ille ista iksi ssa sta lla lta lle ksi seen hin na ta n t",
    "et": "sse ele elt ilt ile iks ist ast est ga ks st le lt ni ta s l t d",
    "hu": "nak nek ban ben bol rol tol nal nel hoz hez val vel kent ra re ba be on en ot et at t",
    "tr": TURKIC,
    "az": TURKIC,
    "el": "\u03c9\u03bd \u03bf\u03c5\u03c2 \u03b5\u03c2 \u03b1\u03c2 \u03b7\u03c2 \u03bf\u03c2",
}
#: A Hungarian "with" takes the letter before it.
HUNGARIAN_WITH = re.compile(r"(?<=([^aeiou]))\1[ae]l\Z")
#: Consonants of a language's commonest ending, which many names end with, too: Marin, Marinin.
ALSO_DROPPED = {"fi": "n", "hu": "t", "et": "s"}
#: Consonants that soften in some cases, and what they are before: Duda, Dudzie; stávka, stávce; ріка, ріці.
SOFTENED = (("dz", "d"), ("c", "k"), ("\u0446", "\u043a"))
SOFTENING = frozenset(("pl", "cs", "sk", "uk", "be", "hr", "bs", "sr", "sl"))
#: The last consonant of a stem that is another one in some cases, and the one that both are counted by: Praha, Praze.
LAST_SOFTENED = {
    "cs": str.maketrans("z", "h"),
    "pl": str.maketrans("g", "d"),
    "uk": str.maketrans("\u0437\u0441", "\u0433\u0445"),
    "be": str.maketrans("\u0437\u0441", "\u0433\u0445"),
    "hr": str.maketrans("zs", "gh"),
    "bs": str.maketrans("zs", "gh"),
    "sr": str.maketrans("zs\u0437\u0441", "gh\u0433\u0445"),
}
#: Finnish consonants that are weak in some cases and strong in others, at the end of a stem: Turku, Turun; Helsinki, Helsingin.
GRADATED = re.compile(r"(?<=..)(?:[kgptdv]+|(?<=([lmnr]))\1)\Z")
#: Korean particles behind a word of two syllables and more.
PARTICLES = re.compile(
    "(?<=[\uac00-\ud7a3]{2})(?:\uc5d0\uc11c\ub294|\uc5d0\uc11c\ub3c4|\uc73c\ub85c|\uc5d0\uc11c|\uc5d0\uac8c|\uae4c\uc9c0|\ubd80\ud130"
    "|\uc5d0\ub294|\uc5d0\ub3c4|[\uc740\ub294\uc774\uac00\uc744\ub97c\uc758\uc5d0\uc640\uacfc\ub3c4\ub85c])\\Z"
)


def counted_form(phrase: str, language: str) -> str:
    """Return the form by which a phrase in lower case is counted: in a language with cases the beginnings of its words."""
    if language == "ko":
        return " ".join(PARTICLES.sub("", word) for word in phrase.split(" "))
    if language not in ENDINGS:
        return phrase
    return " ".join(beginning(word, language) for word in phrase.split(" "))


@lru_cache(maxsize=1 << 14)
def beginning(word: str, language: str) -> str:
    """Return the letters of a word that all of its cases have."""
    plain = folded(word)
    if language in SOFTENING:
        for soft, hard in SOFTENED:
            plain = plain.replace(soft, hard)
    if language == "hu":
        plain = HUNGARIAN_WITH.sub("", plain)
    stem = without_endings(plain, language)
    stem = GRADATED.sub("", stem) if language == "fi" else softened(stem, language)
    dropped = ALSO_DROPPED.get(language, "")
    behind = [letter for letter in stem[BEGINNING:] if letter not in VOWELS and letter not in dropped]
    return (stem[:BEGINNING] + "".join(behind))[:COUNTED_LETTERS]


def softened(stem: str, language: str) -> str:
    """Return a stem with its last consonant as the one that both of its forms are counted by."""
    return stem[:-1] + stem[-1:].translate(LAST_SOFTENED[language]) if language in LAST_SOFTENED else stem


def without_endings(word: str, language: str) -> str:
    """Return a word without all that may be an ending: the longest one, else a vowel, as often as there is any."""
    endings = ENDINGS[language].split()
    while True:
        stems = [word.removesuffix(ending) for ending in endings if word.endswith(ending)]
        if stem := min(filter(is_stem, stems), key=len, default=""):
            word = stem
        elif len(word) > LEAST_STEM and word[-1] in VOWELS:
            word = word[:-1]
        else:
            return word


def is_stem(word: str) -> bool:
    """Return whether the beginning of a word may be all of it but an ending."""
    return len(word) >= LEAST_STEM and not VOWELS.isdisjoint(word)


def folded(word: str) -> str:
    """Return a word in lower case without the marks of its letters."""
    parts = unicodedata.normalize("NFD", word.translate(PLAIN))
    return "".join(part for part in parts if not unicodedata.combining(part))


class Forms:
    """How often the forms of phrases stood, of those that have several."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}

    def commonest(self, key: str, known: str, form: str) -> str:
        """Count a form of a phrase that is `known` by one; return the commonest, of as common ones the shortest.

        That is the nominative more often than not.
        """
        counts = self._counts.setdefault(key, Counter({known: KNOWN_BEFORE if known != form else 0}))
        if form in counts or len(counts) < MOST_FORMS:
            counts[form] += 1
        return max(counts, key=lambda each: (counts[each], -len(each)))

    def others(self, key: str, known: str) -> list[str]:
        """Return the forms of a phrase beside the one that names it, the commonest first."""
        return [form for form, many in self._counts.get(key, Counter()).most_common() if form != known and many]

    def forget(self, key: str) -> None:
        """Forget a phrase that is counted no more."""
        self._counts.pop(key, None)

    def keep(self, keys: Container[str]) -> None:
        """Forget all other phrases."""
        self._counts = {key: counts for key, counts in self._counts.items() if key in keys}
