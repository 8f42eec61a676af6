"""Names out of bylines: "By Jane Doe and John Roe, Senior Writers | Example News" is Jane Doe and John Roe."""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from agents.clean.page.vocabulary import words

#: Words that introduce the author, at the start of a byline.
_INTRODUCTION = re.compile(
    r"""(?xi)^\W*(?:
        (?:this\s+(?:post|article|story)\s+was\s+)?
        (?:(?:words|story|article|text|post|report|review|guest\ post|opinion|analysis|column|photos?|video)\s+)?
        (?:written|posted|published|authored|reported|created|contributed|submitted|edited|compiled|added|presented)
        \s*(?:and\s+\w+\s*)?(?:by|on\ behalf\ of)\b
      | (?:words|story|article|text|post|report|opinion|analysis|column|contribution)\s*(?:by\b|:)
      | (?:about\ the\ )?authors?\b(?:\s*name)?\s*[:/|]? | (?:written|posted)\b\s*: | by\s*: | by(?=\s) | by(?=[A-Z])
      | from\s+the\s+desk\s+of | editors?\s*: | byline\s*:?
      | von(?=\s) | par(?=\s) | por(?=\s) | di(?=\s+[A-Z]) | da(?=\s+[A-Z]\w+\s+[A-Z]) | door(?=\s) | av(?=\s)
      | af(?=\s) | oleh\b\s*:?
      | autore?\b\s*: | auteur\b\s*: | autor\b\s*: | redacción\b\s*: | texto\b\s*: | автор\b\s*: | автори?\b\s*:
      | yazar\b\s*:
      | geschrieben\ von | publié\ par | escrito\ por | publicado\ por | scritto\ da | redaktion\s*: | bởi\b | מאת
    )\s*:?\s*"""
)
#: What follows the names: a date, a role, a reading time, a network.
_TAIL = re.compile(
    r"""(?xi)(?:
        \s+[|•·—–/»]\s*.* | \s+-\s+.* | \s*\bon\s+(?:\w+day|\w{3,9}\.?\s+\d|\d).*
        | \s*\b(?:published|updated|posted|reviewed|last\ updated|modified|medically|edited|fact)\b.*
      | \s*\b(?:for|at|from|of)\s+(?:the\s+)?[A-Z@].* | \s+in\s+(?-i:[A-ZÀ-Þ]).* | \s*\bis\ (?:a|an|the)\b.*
      | \s*\b\d{1,2}\s*(?:min|hours?|days?|weeks?|months?)\b.*
      | (?<=[a-z])(?:Published|Updated|Posted|Last)\b.* | \s*[([{].* | \s*https?:.*
      | \s*\b(?:follow|read\ more|more\ by|see\ all|view|contact|email|e-mail|share|bio|full\ bio)\b.*
      | \s*\b(?:twitter|linkedin|facebook)\b.*
      | \s*(?:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}\b).*
      | \s*\d{1,2}[./]\d{1,2}[./]\d{2,4}.* | \s*\b(?:19|20)\d\d\b.*
    )$"""
)
_SPLIT = re.compile(r"\s*(?:,|;|\s/\s|\||\n|•|·|\s+(?:&|and|und|et|y|og|och|with|и)\s+|\s+(?:e|en|i)\s+(?=[A-Z]))\s*")
#: A part with one of these words is a role, a place of work or a degree, not a name.
_ROLE = words(
    """
    editor editors writer writers reporter reporters correspondent correspondents staff contributor contributors
    contributing columnist journalist producer photographer director manager chief officer founder cofounder
    co-founder ceo cto cmo coo cfo president vice senior junior associate assistant deputy executive head lead
    specialist strategist analyst consultant coordinator intern fellow professor lecturer researcher scientist
    engineer developer designer marketing content newsroom desk department bureau university college institute inc
    llc ltd gmbh corp company md phd ph.d m.d rd rdn ms ma mba rn cfa cpa cfp jd esq dds dvm np pa-c msc bsc mph
    lcsw fand ldn e-ryt pt dpt cscs cpt guest author authors admin administrator redaktion redakteur redacción
    redacao redação rédaction journaliste periodista giornalista autor copywriter blogger expert advisor attorney
    counsel coach therapist physician nutritionist dietitian special editor-at-large correspondent-at-large national
    political business sports health science technology politics subscribe share updated published minutes read
    print comments photo photos video credit illustration editorial by
    """
)
_SUFFIX = re.compile(r"(?i)^(?:jr|sr|ii|iii|iv)\.?$")
_CREDENTIAL = re.compile(r"^(?:[A-Z]{2,5}(?:[-/][A-Z]+)?|[A-Z]\.?[A-Z]?[a-z]?\.?[A-Z]\.?|Ph\.?D\.?|M\.?Sc\.?|Esq\.?)$")
_LOWER = words(
    """
    de da do dos das di del della der den van von zu la le el al bin ibn bint ben y e ter ten af av du los las st
    """
)
#: Who is no author whatever the page says.
_NOBODY = words(
    """
    admin administrator editor editors staff author guest unknown anonymous none null undefined user webmaster root
    wordpress superuser default test redaktion redacción redacao redação rédaction newsroom news newsdesk team web
    desk online digital website site blog home author-name
    """
)
#: A name with one of these words is a company's, whatever its first word.
_BUSINESS = words(
    """
    news times post daily media team staff group magazine journal herald tribune today press tv radio online blog
    agency services care insurance marketing studio studios software security guide travel university company inc
    llc ltd brothers bros sons partners associates stanley morgan chase brown's foundation institute center centre
    clinic school law report reports review reviews digital solutions technologies labs hotels homes moving movers
    legal financial capital
    """
)
_WORD = re.compile(r"[^\W\d_][\w.'’‘`\-]*")
_BAD = re.compile(r"[@#{}<>=_\\$%^*?!:]|https?|www\.|\.com\b|\d{2,}|^[a-z]+\.[a-z]+$")
#: A name has at most this many words: "María del Carmen de la Cruz García" has seven.
MAX_WORDS = 7
MAX_AUTHORS = 20


def split_names(byline: str, not_names: Iterable[str] = ()) -> list[str]:
    """Return the names in a byline, in order, without introductions, roles, degrees, dates and the publisher's names.

    `not_names`: the publisher's names, compared without case and without spaces.
    """
    byline = " ".join(byline.replace("\xa0", " ").split())
    if not byline or len(byline) > 600:
        return []
    publishers = {squash(name) for name in not_names} - {""}
    names: list[str] = []
    seen: set[str] = set()
    byline = strip_introduction(byline)
    for part in _SPLIT.split(byline):
        name = clean_name(part)
        if not name:
            continue
        if _SUFFIX.match(name) and names:
            names[-1] = f"{names[-1]} {name}"
            continue
        key = squash(name)
        if key in seen or not key or (key in publishers and not is_person(name)):
            continue
        seen.add(key)
        names.append(name)
    return names[:MAX_AUTHORS]


def strip_introduction(byline: str) -> str:
    """Return a byline without what introduces the names."""
    for _ in range(3):
        shorter = _INTRODUCTION.sub("", byline, count=1)
        if shorter == byline:
            break
        byline = shorter
    return byline


def clean_name(part: str) -> str:
    """Return the one name that a part of a byline holds, or an empty string."""
    part = strip_introduction(part.strip(' \t,;|-–—•·*"“”'))
    part = _TAIL.sub("", part).strip(' ,;|-–—•·:"“”')
    if not part or _BAD.search(part):
        return ""
    words = part.split()
    if words[0].lower() in ("and", "und", "et", "y"):
        words = words[1:]
    if len(words) > 2 and words[0].isupper() and words[0] == "".join(word[0] for word in words[1:]):
        words = words[1:]
    while len(words) > 2 and _CREDENTIAL.match(words[-1]) and not part.isupper():
        words.pop()
    if len(words) % 2 == 0 and words[: len(words) // 2] == words[len(words) // 2 :]:
        words = words[: len(words) // 2]
    if not 1 <= len(words) <= MAX_WORDS or len(part) > 70:
        return ""
    low = [word.lower().strip(".,'’") for word in words]
    if all(word in _NOBODY or word in _ROLE for word in low):
        return ""
    if len(words) > 1 and sum(word in _ROLE for word in low) >= 1 and not is_team(low):
        return ""
    if len(words) > 1 and part[0].islower() and low[0] in ("our", "a", "an", "the", "my", "helping"):
        return ""
    if len(words) == 1 and (_CREDENTIAL.match(part) or len(part) < 2):
        return ""
    if not all(_WORD.match(word) or word in ("&", "|") for word in words):
        return ""
    lower = [word for word in words if word[0].islower() and word.lower() not in _LOWER]
    if len(lower) > 1 and len(lower) < len(words):
        return ""
    return " ".join(words)


def is_person(name: str) -> bool:
    """Return whether a name is surely a person's.

    It has two to four words, the first a common given name, and no word of business. Blogs are often called after
    their authors; newspapers seldom are.
    """
    words = name.split()
    low = [word.lower().strip(".,") for word in words]
    if low[0] in ("dr", "prof", "mr", "mrs", "ms"):
        low = low[1:]
    return 2 <= len(low) <= 4 and low[0] in given_names() and not any(word in _BUSINESS for word in low[1:])


def is_name_alone(text: str) -> bool:
    """Return whether a short text is nothing but a person's name."""
    words = text.split()
    return (
        2 <= len(words) <= 4 and all(word[0].isupper() for word in words) and is_person(text) and not _BAD.search(text)
    )


@lru_cache(1)
def given_names() -> frozenset[str]:
    """Return about 700 given names that are common where most of the web is written, in lower case."""
    return frozenset(files("agents.clean.metadata").joinpath("given_names.txt").read_text("utf-8").split())


def is_team(low: list[str]) -> bool:
    """Return whether these lower-case words name a desk or a team, which some publishers sign with."""
    return low[-1] in ("staff", "team", "editors", "desk", "bureau", "contributors", "correspondent", "newsroom")


def squash(name: str) -> str:
    """Return a name for comparison: letters and digits only, lower case."""
    return "".join(char for char in name.lower() if char.isalnum())
