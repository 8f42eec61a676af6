# ruff: noqa: RUF001 - letters of many alphabets
"""Case forms of names in languages that tie their cases to a name's last letters, for tools/region_forms.py.

As there, the rules are the regular paradigms of school grammars: a form that no text uses costs a few bytes.
"""

from collections.abc import Iterable

#: Endings by language: what a name ends with, and what stands in its place; the first that fits is taken.
CASES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "lv": (
        ("a", ("a", "as", "ai", "u", "ā", "ām", "ās")),
        ("e", ("e", "es", "ei", "i", "ē", "ēm", "ēs")),
        ("is", ("is", "a", "im", "i", "ī")),
        ("us", ("us", "u", "um", "ū")),
        ("s", ("s", "a", "am", "u", "ā")),
    ),
    "lt": (
        ("a", ("a", "os", "ai", "ą", "oje")),
        ("ė", ("ė", "ės", "ei", "ę", "ėje")),
        ("as", ("as", "o", "ui", "ą", "u", "e")),
        ("is", ("is", "io", "iui", "į", "iu", "yje")),
        ("us", ("us", "aus", "ui", "ų", "umi", "uje")),
        ("ai", ("ai", "ų", "ams", "us", "ais", "uose")),
    ),
    "ka": (
        ("ი", ("ი", "ის", "ს", "მა", "ით", "ში", "თან", "ზე", "იდან", "ისთვის", "ისა", "ისგან", "ელი", "ელები")),
        ("ა", ("ა", "ის", "ას", "ამ", "აში", "ასთან", "აზე", "იდან", "ისთვის", "ისგან")),
        ("", ("", "ს", "მ", "ში", "სთან", "ზე", "დან", "სთვის", "სგან")),
    ),
    "hy": (
        ("ա", ("ա", "այի", "այում", "այից", "ան", "այով", "ային")),
        ("", ("", "ի", "ում", "ից", "ը", "ն", "ով", "ին")),
    ),
    "sq": (
        ("ë", ("ë", "a", "ës", "ën")),
        ("i", ("i", "ia", "isë", "inë", "iu", "iut", "iun")),
        ("e", ("e", "ja", "esë", "enë")),
        ("", ("", "i", "it", "in", "u", "ut", "un", "a", "ës", "ën")),
    ),
    "eu": (
        *((vowel, (vowel, *(vowel + end for end in ("n", "ko", "ra", "tik", "ren", "k", "ri", "rekin")))) for vowel in "aeiou"),
        ("", ("", "en", "ko", "go", "eko", "era", "tik", "dik", "etik", "ek", "i", "ekin")),
    ),
    "ta": (
        ("ா", ("ா", "ாவின்", "ாவில்", "ாவுக்கு", "ாவை", "ாவுடன்", "ாவிலிருந்து", "ாவும்")),
        ("ை", ("ை", "ையின்", "ையில்", "ைக்கு", "ையை", "ையும்")),
        ("்", ("்", "ின்", "ில்", "ுக்கு", "ை", "ுடன்", "ிலிருந்து")),
    ),
}  # fmt: skip
#: Endings of an Estonian noun behind its vowel.
ESTONIAN = ("", "s", "st", "sse", "le", "l", "lt", "ga", "ks", "ni", "ta")


def cases(word: str, language: str) -> Iterable[str]:
    """Return a name with the endings of its language's cases, itself among them."""
    if language == "et":
        stem = word if word[-1] in "aeiouõäöü" else f"{word}i"
        return (word, *(stem + end for end in ESTONIAN))
    for end, ends in CASES[language]:
        if word.endswith(end):
            stem = word.removesuffix(end)
            return (word, *(stem + form for form in ends))
    return (word,)


#: Endings of such a name in -ec.
PEOPLE_ENDINGS = ("e", "i", "ů", "ům", "ích", "em", "ov", "om", "ami", "och", "ovi", "a")


def slavic_people(word: str) -> Iterable[str]:
    """Return the forms of a Czech or Slovak name for a man of a people: Němec, Polák, Američan, Rus."""
    if word.endswith("ec"):
        stem = f"{word[:-2]}c"
        return (word, *(stem + end for end in PEOPLE_ENDINGS))
    ends = (
        "a",
        "ovi",
        "em",
        "om",
        "ové",
        "ovia",
        "i",
        "é",
        "ia",
        "ů",
        "ov",
        "ům",
        "y",
        "ech",
        "ích",
        "ami",
        "och",
        "ka",
        "ky",
    )
    soft = f"{word[:-1]}ci" if word.endswith("k") else f"{word[:-2]}ši" if word.endswith("ch") else word
    return (word, soft, *(word + end for end in ends))


def greek(word: str) -> Iterable[str]:
    """Gender, number and case of a Greek adjective."""
    if not word.endswith(("ικός", "ική", "ινός", "ινή")):
        return (word,)
    stem = word.removesuffix("ός").removesuffix("ή")
    return [stem + end for end in ("ός", "ή", "ό", "ού", "ής", "οί", "ές", "ά", "ών", "ούς")]


def catalan(word: str) -> Iterable[str]:
    """Gender and number of a Catalan adjective."""
    for end, ends in (
        ("ès", ("ès", "esa", "esos", "eses")),
        ("à", ("à", "ana", "ans", "anes")),
        ("í", ("í", "ina", "ins", "ines", "ís")),
        ("ic", ("ic", "ica", "ics", "iques")),
        ("ga", ("ga", "gues")),
        ("ec", ("ec", "ega", "ecs", "egues")),
        ("ís", ("ís", "ïssa", "ïssos", "ïsses")),
    ):
        if word.endswith(end):
            return [word.removesuffix(end) + form for form in ends]
    return word, f"{word}a", f"{word}s", f"{word}es", f"{word}os"


#: Languages whose names have the forms of `cases`.
CASED = frozenset((*CASES, "et"))
