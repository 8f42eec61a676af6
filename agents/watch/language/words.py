"""Words: the same cutting for an article's text and for a query's terms.

A word is a run of letters, digits, underscores and the marks that belong to them; everything else separates words.
Scripts that are written without spaces (Han, Kana, Thai, Lao, Khmer, Burmese) give one word for each character with
its marks, so that a term in them is a sequence of characters and is found anywhere, as in a substring search.

Text is first folded (`fold`): lower case and narrow letters, code point for code point, so that offsets stay. Its words
are then spelled in one way (`spelling`): composed (NFC), ligatures and other compatibility forms as plain letters, ß as
ss, œ as oe, dotless i as i, yo as ye, the Armenian ligature of "and" as its capitals are spelt, Arabic and Hebrew without
vowel signs, and the Arabic letters that writers
exchange (alef with and without hamza, teh marbuta and heh) as one. Accents stay: `papá` is not `papa`.
"""

import re
import unicodedata
from functools import cache, lru_cache

#: Scripts without spaces between words: Thai, Lao, Burmese, Khmer, Han and Kana, and Han's later planes. More of them than
#: `streams.text.scripts.UNSPACED` has, on which the hashes of duplicates rest that are stored.
UNSPACED_SIGNS = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff\u3400-\u4dbf"
    r"\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)

HANGUL = re.compile(r"[\uac00-\ud7a3]")

SIMPLE = re.compile(r"\w+")

#: Outside Latin, Greek, Cyrillic and Armenian letters, punctuation and symbols: there may be marks, or no spaces.
ELSEWHERE = re.compile(r"[^\x00-\u02ff\u0370-\u0482\u048a-\u058f\u1e00-\u20cf\u2100-\u2bff]")

#: Full-width letters, and half-width Kana, which were made for terminals.
WIDE = re.compile(r"[\uff01-\uff5e\uff66-\uff9f]")
#: The same in the usual width.
NARROW = {code: unicodedata.normalize("NFKC", chr(code)) for code in (*range(0xFF01, 0xFF5F), *range(0xFF66, 0xFFA0))}
#: Letters of Unicode that are set for an apostrophe: Ukrainian's own, the stroke of Hawaiian and Uzbek, and their likes. Python
#: counts them to a word, which an apostrophe cuts in two.
APOSTROPHES = re.compile("[\u02b9\u02bb-\u02bd]")
#: U+03C2, sigma at the end of a word, and U+03C3, sigma.
FINAL_SIGMA, SIGMA = "\u03c2", "\u03c3"

#: Letters of which `spelling` may change something: raised letters and digits, ß, æ, œ, dotless i and digraphs of Latin,
#: marks, Greek, Cyrillic yo, Hebrew, Arabic, and Unicode's compatibility forms.
RESPELLED = re.compile(
    "[\u00aa\u00b2\u00b3\u00b5\u00b9\u00ba\u00df\u00e6\u0131\u0133\u0140\u0149\u0153\u017f\u01c4-\u01cc\u01f1-\u01f3\u02b0-\u036f"
    "\u0370-\u03ff\u0451\u0582\u0587\u0591-\u05c7\u0610-\u06ff\u1d2c-\u1d6a\u1e9a-\u1e9f\u1f00-\u1fff\u2070-\u209c\u2100-\u218f"
    "\u2460-\u24ff\u3131-\u318e\ufb00-\ufdfb\ufe70-\ufefc\uffa0-\uffdc\U0001d400-\U0001d7ff]"
)
#: Hebrew and Arabic letters: their marks are left out.
WITHOUT_MARKS = re.compile(r"[\u05d0-\u05ea\u0620-\u06d3]")
GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")
#: Armenian yech with hiwn, of which the ligature U+0587 is made, and with vew, as its capitals are spelt today.
YECH_HIWN, YECH_VEW = "\u0565\u0582", "\u0565\u057e"
#: ß, æ, œ, dotless i, yo; tatweel (a stroke that stretches a word), alef wasla and maksura, teh marbuta, Persian kaf and yeh.
LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "\u0451": "\u0435",
        "\u0640": "",
        "\u0671": "\u0627",
        "\u0649": "\u064a",
        "\u06cc": "\u064a",
        "\u06a9": "\u0643",
        "\u0629": "\u0647",
    }
)


#: Where marks stand: Unicode's planes of letters (0 and 1), and that of tags and variation selectors (14). Planes 2 and 3 have
#: ideographs alone, 15 and 16 are for private use, the others are empty (The Unicode Standard 16.0, section 2.8).
PLACES_OF_MARKS = (range(0x300, 0x20000), range(0xE0000, 0xE1000))


@cache
def marks() -> str:
    """Return Unicode's combining marks, which Python counts to no word, as the inside of a character class."""
    codes = [code for place in PLACES_OF_MARKS for code in place if unicodedata.category(chr(code)) in ("Mn", "Mc")]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


@cache
def patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a word in any script, and of a word of a script without spaces."""
    base, mark, unspaced = f"[^\\W{UNSPACED_SIGNS}]", f"[{marks()}]", f"[{UNSPACED_SIGNS}]"
    # Thai, Lao, Burmese and Khmer hold marks and punctuation inside their blocks: a word starts with a letter or digit.
    character = f"(?:(?!\\W){unspaced}{mark}*)"
    return re.compile(f"{character}|{base}+(?:{mark}+{base}*)*"), re.compile(character)


#: Quotation marks that people set without meaning to.
TYPOGRAPHIC = "“”„‟«»"
#: A string in straight quotes, in which these marks are part of the text, or one of the marks.
QUOTES = re.compile(rf'"(?:\\.|[^"\\])*"|[{TYPOGRAPHIC}]')


#: Between two Hebrew letters a quotation mark stands for gershayim, the sign of an abbreviation.
GERSHAYIM = re.compile(r'(?<=[\u05d0-\u05ea])["”](?=[\u05d0-\u05ea])')


def straight(text: str) -> str:
    """Return a query with straight quotation marks where a word processor or a telephone has set its own around a phrase.

    Those within a Hebrew abbreviation become the gershayim that they stand for, and close no phrase.
    """
    text = GERSHAYIM.sub("\u05f4", text)
    return QUOTES.sub(lambda found: '"' if found[0] in TYPOGRAPHIC else found[0], text)


def fold(text: str) -> str:
    """Return `text` in lower case, with as many code points as before; narrow, and with one small sigma."""
    if text.isascii():
        return text.lower()
    if WIDE.search(text):
        text = text.translate(NARROW)
    text = APOSTROPHES.sub("'", text)
    # U+0130 is the one letter whose lower case is longer than itself.
    return text.replace("\u0130", "i").lower().replace(FINAL_SIGMA, SIGMA)


def is_simple(text: str) -> bool:
    """Say whether `SIMPLE` finds a text's words: whether it has neither marks nor scripts without spaces."""
    return text.isascii() or ELSEWHERE.search(text) is None


def is_spelled(folded: str) -> bool:
    """Say whether every word of a folded text is spelled already as `spelling` would."""
    return folded.isascii() or (RESPELLED.search(folded) is None and unicodedata.is_normalized("NFC", folded))


@lru_cache(maxsize=1 << 16)
def spelling(word: str) -> str:
    """Return the one spelling of a folded word."""
    composed = unicodedata.normalize("NFC", word)
    if RESPELLED.search(composed) is None or is_unspaced(composed):
        return composed
    letters = unicodedata.normalize("NFKC", composed).lower().replace("i\u0307", "i").replace(FINAL_SIGMA, SIGMA)
    if WITHOUT_MARKS.search(letters):
        letters = without_marks(letters)
    letters = letters.translate(LETTERS).replace(YECH_HIWN, YECH_VEW)
    # Some compatibility forms hold a space or a symbol (½, ﷺ), and a stretched stroke may stand alone: they stay.
    return letters if patterns()[0].fullmatch(letters) and not is_unspaced(letters[0]) else composed


def without_marks(word: str) -> str:
    """Return a word without the marks that hang on its letters."""
    apart = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(c for c in apart if unicodedata.category(c) != "Mn"))


@lru_cache(maxsize=1 << 14)
def greek_without_accents(word: str) -> str:
    """Return a Greek word without its accents; an empty string for one that has none, and for any other word."""
    if word.isascii() or not GREEK.match(word):
        return ""
    plain = without_marks(word)
    return plain if plain != word else ""


def cut(folded: str) -> list[str]:
    """Return the words of a folded text, in order, each in its one spelling."""
    words: list[str] = (SIMPLE if is_simple(folded) else patterns()[0]).findall(folded)
    if is_spelled(folded):
        return words
    return [word if word.isascii() else spelling(word) for word in words]


def offsets(folded: str) -> list[tuple[int, int]]:
    """Return each word's start and end in code points; as many as `cut` gives."""
    return [match.span() for match in (SIMPLE if is_simple(folded) else patterns()[0]).finditer(folded)]


def offsets_of(words: list[str], folded: str) -> list[tuple[int, int]]:
    """Return the same as `offsets`, faster, for the words that `cut` gave.

    Between two words stands nothing that a word could begin with, so that a plain search finds the next one.
    """
    if not is_spelled(folded):
        return offsets(folded)
    found = []
    end = 0
    for word in words:
        start = folded.index(word, end)
        end = start + len(word)
        found.append((start, end))
    return found


def normal(text: str) -> str:
    """Return a text in composed form and with narrow letters, its case kept."""
    return unicodedata.normalize("NFC", APOSTROPHES.sub("'", text.translate(NARROW) if WIDE.search(text) else text))


def is_unspaced(word: str) -> bool:
    """Say whether a word is one character of a script without spaces."""
    return not word.isascii() and patterns()[1].fullmatch(word) is not None


def letters(word: str) -> int:
    """Return how many letters a word has for the wildcard's minimum: a Hangul syllable writes two or three."""
    return len(word) + len(HANGUL.findall(word))


def join(words: tuple[str, ...]) -> str:
    """Return words as one text that is cut into the same words again."""
    parts: list[str] = []
    for word in words:
        if parts and not (is_unspaced(word.strip("*")) and is_unspaced(parts[-1][-1])):
            parts.append(" ")
        parts.append(word)
    return "".join(parts)
