# ruff: noqa: RUF001 - letters of many alphabets
"""Inflected forms of country names and demonyms, by language; tools/build_gazetteer.py expands the tables with them.

The rules are the regular paradigms of school grammars, applied to names and adjectives only; a form that no text uses
costs a few bytes, a missing one costs a country. `word!` in a table is never inflected.
"""

import re
from collections.abc import Callable, Iterable
from functools import partial

from tools.region_cases import CASED, cases, catalan, greek, slavic_people

RU_ADJECTIVE = ("ий", "ая", "ое", "ие", "ого", "ому", "им", "ом", "ой", "ую", "их", "ими", "ою")
UK_ADJECTIVE = ("ий", "а", "е", "і", "ого", "ому", "им", "ій", "ої", "у", "ою", "их", "ими")
PL_ADJECTIVE = ("i", "a", "ie", "iego", "iemu", "im", "ą", "iej", "ich", "imi", "u", "o")
RU_NOUN = ("", "а", "у", "ом", "е", "ы", "и", "ов", "ам", "ами", "ах")
UK_NOUN = ("", "а", "у", "ом", "і", "и", "ів", "ам", "ами", "ах", "ові", "ові", "ці", "ка", "ки", "ок", "кою", "ку")
PL_NOUN = ("", "a", "owi", "em", "ie", "u", "y", "i", "ów", "om", "ami", "ach", "owie", "ka", "ki", "kę", "ką", "ek")
RU_PEOPLE = ("ин", "ина", "ину", "ином", "ине", "е", "", "ам", "ами", "ах", "ка", "ки", "ку", "кой", "ок", "кам")
PL_WOMEN = ("ka", "ki", "ce", "kę", "ką", "ek", "kom", "kami", "kach")
UK_WOMEN = ("ка", "ки", "ці", "ку", "кою", "ок", "кам", "ками", "ках")
PL_PEOPLE = ("in", "ina", "inowi", "inem", "inie", "ie", "", "om", "ami", "ach", "ka", "ki", "kę", "ką", "ek", "kom")


def english(word: str) -> Iterable[str]:
    """Plural of a demonym, where it has one."""
    return (word,) if re.search(r"(s|ese|sh|ch|man|men)$", word) and word != "Czech" else (word, word + "s")


def spanish(word: str) -> Iterable[str]:
    """Gender and number of a Spanish adjective."""
    if word.endswith("o"):
        return [word[:-1] + end for end in ("o", "a", "os", "as")]
    if match := re.search(r"(és|án|ín|ón)$", word):
        base = word[: match.start()] + {"és": "es", "án": "an", "ín": "in", "ón": "on"}[match[0]]
        return word, base + "a", base + "es", base + "as"
    if word.endswith("í"):
        return word, word + "es", word + "s"
    return (word, word + "s") if word[-1] in "aeu" else (word, word + "a", word + "es", word + "as")


def portuguese(word: str) -> Iterable[str]:
    """Gender and number of a Portuguese adjective."""
    for end, ends in (
        ("ês", ("ês", "esa", "eses", "esas")),
        ("ão", ("ão", "ã", "ães", "ãos", "ãs")),
        ("eu", ("eu", "eia", "eus", "eias")),
        ("ol", ("ol", "ola", "óis", "olas")),
        ("o", ("o", "a", "os", "as")),
    ):
        if word.endswith(end):
            return [word[: -len(end)] + form for form in ends]
    return word, word + "s", word + "a", word + "as", word + "es"


def italian(word: str) -> Iterable[str]:
    """Gender and number of an Italian adjective."""
    if word.endswith("co"):
        return [word[:-2] + end for end in ("co", "ca", "ci", "che", "chi")]
    if word.endswith("o"):
        return [word[:-1] + end for end in ("o", "a", "i", "e")]
    if word.endswith("e"):
        return word, word[:-1] + "i"
    return (word, word[:-1] + "i", word[:-1] + "e") if word.endswith("a") else (word,)


def french(word: str) -> Iterable[str]:
    """Gender and number of a French adjective."""
    if word.endswith("e"):
        return word, word + "s"
    if word.endswith("s"):
        return word, word + "e", word + "es"
    doubled = (word + "ne", word + "nes") if word.endswith("n") else ()
    return (word, word + "e", word + "s", word + "es", *doubled)


def german(word: str) -> Iterable[str]:
    """Case forms of an adjective (lower case) or of a noun for people (capital)."""
    if word[0].islower():
        forms = [word + end for end in ("", "e", "er", "en", "es", "em")]
        return forms + [form.capitalize() for form in forms]
    stem = word.removesuffix("e")
    return word, word + "n", word + "s", stem + "in", stem + "innen", word + "in", word + "innen"


def dutch(word: str) -> Iterable[str]:
    """Forms of a Dutch adjective or noun for people."""
    return [word + end for end in ("", "e", "en", "er", "ers", "s", "se")]


def polish(word: str) -> Iterable[str]:
    """Forms of a Polish adjective (-ski, -cki, -dzki), of people in -anin, of a woman in -ka or of another noun for people."""
    if re.search(r"[sdc]?[sc]ki$|dzki$", word):
        men = f"{word[:-2]}cy"  # francuscy, niemieccy, szwedzcy
        return [*(word[:-1] + end for end in PL_ADJECTIVE), men]
    if word.endswith("nin"):
        return [word[:-2] + end for end in PL_PEOPLE]
    if word.endswith("iec"):
        stem = word[:-3].removesuffix("n") + ("ńc" if word[-4] == "n" else "c")
        return word, *(stem + end for end in ("a", "owi", "em", "u", "y", "ów", "om", "ami", "ach"))
    if word.endswith("ka"):
        return [word[:-2] + end for end in PL_WOMEN]
    plural = {"k": word[:-1] + "cy", "h": word[:-2] + "si", "r": word + "zy", "d": word + "zi", "t": word[:-1] + "ci"}
    return [*(word + end for end in PL_NOUN), word + "iem", *filter(None, [plural.get(word[-1])])]


def russian(word: str) -> Iterable[str]:
    """Forms of a Russian adjective, of people in -нин, or of another noun for people."""
    if word.endswith("ий"):
        return [word[:-2] + end for end in RU_ADJECTIVE]
    if word.endswith("нин"):
        return [word[:-2] + end for end in RU_PEOPLE]
    if word.endswith("ец"):
        stem = word[:-2] + ("ьц" if word[-3] in "лй" else "йц" if word[-3] in "аеиоуыя" else "ц")
        stem = stem.replace("йьц", "йц")
        return word, *(stem + end for end in ("а", "у", "ем", "ом", "е", "ы", "ев", "ов", "ам", "ами", "ах"))
    if word.endswith("ка"):
        return [word[:-1] + end for end in ("а", "и", "е", "у", "ой", "ам", "ами", "ах")] + [word[:-2] + "ок"]
    return [word + end for end in RU_NOUN]


def ukrainian(word: str) -> Iterable[str]:
    """Forms of a Ukrainian adjective, of people in -нин or -ець, of a woman or of another noun."""
    if word.endswith("ий"):
        return [word[:-2] + end for end in UK_ADJECTIVE]
    if word.endswith("нин"):
        ends = ("ин", "ина", "инові", "ину", "ином", "ині", "и", "", "ам", "ами", "ах", "ка", "ки", "ку", "кою", "ок")
        return [word[:-2] + end for end in ends]
    if word.endswith(("ець", "єць")):
        stem = word[:-3] + ("йц" if word[-3] == "є" else "ц")
        return word, *(stem + end for end in ("я", "ю", "ем", "еві", "і", "ів", "ям", "ями", "ях"))
    if word.endswith("ка"):
        return [word[:-2] + end for end in UK_WOMEN]
    if word.endswith("еня"):
        return word[:-1] + "ь", *(word[:-1] + end for end in ("я", "і", "ю", "ею", "ям", "ями", "ях"))
    return [word + end for end in UK_NOUN]


def arabic(word: str) -> Iterable[str]:
    """Forms of an Arabic nisba adjective, written without its article."""
    if not word.endswith("ي"):
        return (word,)
    return word, word + "ة", word + "ين", word + "ون", word + "ان", word + "ات", word + "تين", word + "تان", word + "ا"


def turkish(word: str) -> Iterable[str]:
    """Plural and case forms of a Turkish demonym; names take an apostrophe, so they need none."""
    back = re.findall("[aeıioöuü]", word.lower())[-1:] in (["a"], ["ı"], ["o"], ["u"])
    plural = word + ("lar" if back else "ler")
    vowel = {"a": "ı", "ı": "ı", "o": "u", "u": "u", "e": "i", "i": "i", "ö": "ü", "ü": "ü"}[
        (re.findall("[aeıioöuü]", word.lower()) or ["e"])[-1]
    ]
    low = "ı" if back else "i"
    ends = ("", low, low + "n", low + ("nı" if back else "ni"), "a" if back else "e", "da" if back else "de")
    return [word, word + vowel, *(plural + end for end in ends), plural + ("dan" if back else "den")]


#: Endings of an adjective by language, which stand for the last letters of the masculine nominative.
DECLENSIONS = {
    "cs": ("ý", ("ý", "á", "é", "ého", "ému", "ém", "ým", "ou", "í", "ých", "ými")),
    "sk": ("ý", ("ý", "á", "é", "ého", "ému", "om", "ým", "ej", "ú", "ou", "í", "ých", "ými")),
    "hr": ("i", ("i", "a", "o", "e", "og", "oga", "om", "omu", "oj", "u", "im", "ima", "ih")),
    "sr": ("и", ("и", "а", "о", "е", "ог", "ога", "ом", "ој", "у", "им", "има", "их")),
    "sl": ("i", ("i", "a", "o", "e", "ega", "emu", "em", "im", "ih", "imi")),
    "mk": ("и", ("и", "а", "о", "е", "иот", "ата", "ото", "ите")),
    "bg": ("и", ("и", "а", "о", "ия", "ият", "ата", "ото", "ите")),
    "fi": ("nen", ("nen", "sen", "sta", "set", "sia", "sten", "sella", "selle", "selta", "sessa", "sesta", "seen", "sille")),
    "sv": ("", ("", "a", "e", "t", "ar", "arna")),
    "da": ("", ("", "e", "er", "ere", "erne")),
    "nb": ("", ("", "e", "er", "ere", "erne")),
    "hu": ("", ("", "ok", "ek", "ak")),
}  # fmt: skip
#: Consonants that become others before the ending of the plural of men: český, čeští; nemecký stays in Slovak.
CZECH_PLURALS = (("ský", "ští"), ("cký", "čtí"))


def declined(language: str, word: str) -> Iterable[str]:
    """Forms of an adjective of a language with one paradigm for those of countries."""
    if language in ("cs", "sk") and word[0].isupper():
        return slavic_people(word)
    end, ends = DECLENSIONS["hr" if language == "sr" and word[-1].isascii() else language]
    if not word.endswith(end):
        return (word,)
    stem = word.removesuffix(end)
    plural = [word.removesuffix(old) + form for old, form in CZECH_PLURALS if language == "cs" and word.endswith(old)]
    if language == "fi" and stem.endswith("läi"):
        ends = tuple(form.replace("a", "ä") for form in ends)
    return [*(stem + form for form in ends), *plural]


def romanian(word: str) -> Iterable[str]:
    """Gender, number, article and case of a Romanian adjective or noun for people."""
    if word.endswith("ean"):
        stem = word.removesuffix("an")
        return [word, *(stem + form for form in ("anul", "anului", "ană", "ni", "nii", "nilor", "ne", "nele", "ncă"))]
    soft = word[:-1] + "ș" if word.endswith("s") else word[:-1] + "j" if word.endswith("g") else word
    return [
        *(word + form for form in ("", "ul", "ului", "ă", "a", "e", "ei")),
        *(soft + form for form in ("i", "ii", "ilor")),
    ]


def same(word: str) -> Iterable[str]:
    """No inflection."""
    return (word,)


ADJECTIVES: dict[str, Callable[[str], Iterable[str]]] = {
    "en": english, "es": spanish, "fr": french, "de": german, "it": italian, "pt": portuguese, "nl": dutch,
    "pl": polish, "ru": russian, "uk": ukrainian, "tr": turkish, "ar": arabic, "ro": romanian,
    "ca": catalan, "el": greek, "ka": partial(cases, language="ka"), "sq": partial(cases, language="sq"),
    **{language: partial(declined, language) for language in DECLENSIONS},
}  # fmt: skip


def name_forms(name: str, language: str) -> set[str]:
    """Return the case forms of a country's or a city's name of one word (of more words: of its last one)."""
    rules = {"ru": _russian_name, "uk": _ukrainian_name, "pl": _polish_name, "de": _german_name, "tr": _turkish_name}
    rule = partial(cases, language=language) if language in CASED else rules.get(language)
    if rule is None or not name:
        return {name}
    head, _, last = name.rpartition(" ")
    forms = {name, *(f"{head} {form}".strip() for form in rule(last))}
    if head and language in ("ru", "uk", "pl"):
        forms |= _agreeing(head, last, language)
    return forms


def _agreeing(head: str, last: str, language: str) -> set[str]:
    """Forms of an adjective and a noun that are declined together: Южная Корея, Саудовская Аравия, Korea Południowa."""
    if language == "pl":
        if not last.endswith(("a", "y", "i")) or " " in head:
            return set()
        return {
            f"{form} {last[:-1]}{end}" for form in _polish_name(head) for end in ("ej", "ą", "a", "ich", "imi", "ych")
        }
    ends = {"ru": ("ая", ("ой", "ую", "ою")), "uk": ("а", ("ої", "ій", "у", "ою"))}[language]
    rule = _russian_name if language == "ru" else _ukrainian_name
    for feminine in (ends[0], "яя", "ня"):
        if head.endswith(feminine) and " " not in head:
            stem = head.removesuffix(feminine)
            soft = ("ей", "юю") if language == "ru" else ("ньої", "ній", "ню", "ньою")
            adjectives = [stem + end for end in (ends[1] if feminine == ends[0] else soft)]
            return {f"{adjective} {form}" for adjective in adjectives for form in rule(last)}
    for masculine in ("ый", "ий", "ой", "ій"):
        if head.endswith(masculine) and " " not in head:
            ends2 = ("ого", "ому", "ым", "им", "ом", "его", "ему", "ем")
            return {f"{head.removesuffix(masculine)}{end} {form}" for end in ends2 for form in rule(last)}
    return set()


def _russian_name(word: str) -> Iterable[str]:
    if word.endswith("ия"):
        return [word[:-1] + end for end in ("я", "и", "ю", "ей", "ею")]
    if word.endswith("а"):
        return [word[:-1] + end for end in ("а", "ы", "и", "е", "у", "ой", "ою")]
    if word.endswith("я"):
        return [word[:-1] + end for end in ("я", "и", "е", "ю", "ей")]
    if word.endswith("ь"):
        return [word[:-1] + end for end in ("ь", "и", "ью", "я", "ю", "ем", "е")]
    if word.endswith("й"):
        return [word[:-1] + end for end in ("й", "я", "ю", "ем", "е", "и")]
    if word.endswith("ы"):
        return [word[:-1] + end for end in ("ы", "", "ам", "ами", "ах")]
    if word[-1:] in "бвгджзклмнпрстфхцчшщ":
        return [word + end for end in ("", "а", "у", "ом", "е", "ем")]
    return (word,)


def _ukrainian_name(word: str) -> Iterable[str]:
    if word.endswith("ія"):
        return [word[:-1] + end for end in ("я", "ї", "ю", "єю")]
    if word.endswith(("га", "ка", "ха")):
        softened = {"г": "зі", "к": "ці", "х": "сі"}[word[-2]]
        return [word[:-2] + softened, *(word[:-1] + end for end in ("а", "и", "у", "ою"))]
    if word.endswith("а"):
        return [word[:-1] + end for end in ("а", "и", "і", "у", "ою")]
    if word.endswith("я"):
        return [word[:-1] + end for end in ("я", "і", "ю", "ею", "єю", "ї")]
    if word.endswith("ь"):
        return [word[:-1] + end for end in ("ь", "і", "ю", "я", "ем", "еві", "лю")]
    if word.endswith("й"):
        return [word[:-1] + end for end in ("й", "я", "ю", "єм", "ї")]
    if word.endswith("и"):
        return [word[:-1] + end for end in ("и", "", "ам", "ами", "ах")]
    if word.endswith("ів"):
        return (
            word,
            *(word[:-2] + "єв" + end for end in ("а", "у", "ом", "і")),
            *(word[:-2] + "ев" + end for end in "ауі"),
        )
    if word[-1:] in "бвгджзклмнпрстфхцчшщ":
        return [word + end for end in ("", "а", "у", "ом", "і", "ові")]
    return (word,)


def _polish_name(word: str) -> Iterable[str]:
    if word.endswith("ia"):
        return [word[:-1] + end for end in ("a", "i", "ę", "ą", "o")]
    if word.endswith(("ja", "ea")):
        return [word[:-1] + end for end in ("a", "i", "ę", "ą", "o")]
    if word.endswith("ka"):
        return [word[:-2] + end for end in ("ka", "ki", "ce", "kę", "ką")]
    if word.endswith("ga"):
        return [word[:-2] + end for end in ("ga", "gi", "dze", "gę", "gą")]
    if word.endswith("ra"):
        return [word[:-2] + end for end in ("ra", "ry", "rze", "rę", "rą")]
    if word.endswith("da"):
        return [word[:-2] + end for end in ("da", "dy", "dzie", "dę", "dą")]
    if word.endswith("a"):
        return [word[:-1] + end for end in ("a", "y", "i", "ie", "e", "ę", "ą")]
    if word.endswith("o"):
        return [word[:-1] + end for end in ("o", "a", "u", "em", "ie")]
    if word.endswith("y"):
        return [word[:-1] + end for end in ("y", "", "om", "ami", "ach")]
    if word.endswith("ów"):
        return [word, *(word[:-2] + "ow" + end for end in ("u", "a", "owi", "em", "ie"))]
    if word.endswith("n"):
        return [word + end for end in ("", "u", "a", "owi", "em", "ie")]
    if word.endswith(("m", "s", "w", "p", "b", "f", "z")):
        return [word + end for end in ("", "u", "a", "owi", "em", "ie")]
    if word.endswith("d"):
        return [word + end for end in ("", "u", "a", "owi", "em", "zie")]
    if word.endswith("t"):
        return [word + end for end in ("", "u", "a", "owi", "em")] + [word[:-1] + "cie"]
    if word.endswith("r"):
        return [word + end for end in ("", "u", "a", "owi", "em", "ze")]
    if word.endswith("eń"):
        return [word, *(word[:-2] + "ni" + end for end in ("u", "a", "owi", "em"))]
    if word.endswith(("ć", "ń")):
        return [word, *(word[:-1] + {"ć": "ci", "ń": "ni"}[word[-1]] + end for end in ("u", "a", "owi", "em"))]
    if word.endswith("iec"):
        return [word, *(word[:-3] + "c" + end for end in ("u", "a", "owi", "em"))]
    if word.endswith("ce"):
        return [word, *(word[:-1] + end for end in ("", "om", "ami", "ach"))]
    if word[-1:] in "klgjcż":
        return [word + end for end in ("", "u", "a", "owi", "em", "iem", "ie")]
    return (word,)


def _german_name(word: str) -> Iterable[str]:
    return (word,) if word.endswith(("s", "x", "z")) else (word, word + "s")


def _turkish_name(word: str) -> Iterable[str]:
    return (word,)
