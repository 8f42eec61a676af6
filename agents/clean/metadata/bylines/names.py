"""Names out of bylines: "By Jane Doe and John Roe, Senior Writers | Example News" is Jane Doe and John Roe.

The words around names (introductions, roles, joiners and the rest) come from the language files.
"""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from agents.clean.metadata.bylines.introductions import strip_introduction
from agents.clean.metadata.bylines.reporters import DESPATCH, labelled_name
from agents.clean.metadata.bylines.words import byline_words, is_role, squash
from streams.standards.m49 import areas
from streams.text.word_lists import word_lists

#: Points between a name and what follows, in the forms that fonts have; a no-break space; marks of footnotes, which go.
_POINTS = str.maketrans({"⋅": "·", "‧": "·", "∙": "·", "・": "·", "●": "•", "\xa0": " ", **dict.fromkeys("*∗†‡§¶", "")})
#: A part of a byline that is a date, or begins one whose year follows behind a comma.
_DATED = re.compile(r"\b(?:19|20)\d\d\b|^\s*[^\W\d_]{3,9}\.?\s+\d{1,2}\b|^\s*\d{1,2}\.?\s+[^\W\d_]{3,9}")
#: An employer called by its letters, with a word behind them: BBC Verify.
_ACRONYM = re.compile(r"[A-Z]{3,5}\s")
#: Where an element without a space around it begins within a word: a role right behind a name.
_GLUED = re.compile(r"(?<=[^\W\d_]{2})(?<=(?-i:[a-zß-ÿ]))(?=(?-i:[A-ZÀ-Þ])[^\W\d_]{3,}(?:\s|$))")
#: Letters of a surname behind which another word may be glued, at least: McDonald and FitzGerald are whole.
GLUED_LETTERS = 5
_SUFFIX = re.compile(r"(?i)^(?:jr|sr|ii|iii|iv)\.?$")
CREDENTIAL = re.compile(r"^(?:[A-Z]{2,5}(?:[-/][A-Z]+)?|[A-Z]\.?[A-Z]?[a-z]?\.?[A-Z]\.?|Ph\.?D\.?|M\.?Sc\.?|Esq\.?)$")
#: Names that are written without a space.
UNSPACED_NAME = re.compile(r"[\u3005\u3040-\u30ff\u4e00-\u9fff·]{2,8}|[\uac00-\ud7a3]{2,5}")
#: A letter, and what may follow: the marks that scripts write their vowels with (of India, Thai, Arabic) and joiners too.
_WORD = re.compile(
    r"['’][a-z](?!\w)|\(?[^\W\d_][\w.'’‘`\-\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0eff\u1000-\u109f\u200c\u200d]*\)?"
)
_BAD = re.compile(r"[@#{}<>=_\\$%^*?!:：।॥]|https?|www\.|\.com\b|\d{2,}|^[a-z]+(?:(?:\.[a-z]+)+|\d+)$")
#: An address or a handle beside a name.
_ADDRESS = re.compile(r"[(<\[]?\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+[)>\]]?|(?<=\s)[(<\[]?@\w{2,30}[)>\]]?")
#: "And" in Arabic and Hebrew, one letter before a name.
_AND = frozenset("וو")
#: A byline in brackets, perhaps with the reporter's town before an equals sign, as in Korea.
_IN_BRACKETS = re.compile(r"[(\[【（](?:[^\W\d_]{2,8}=)?([^()\[\]【】（）]+)[)\]】）]")
#: What stands in brackets behind a name.
_IN_BEHIND = re.compile(r"\(([^()]{3,20})\)\s*$")
#: Korean reporters behind their town, and several before the word for them; a town of work and a post in brackets.
_HANGUL = re.compile(r"^(?:\([가-힣]{2,8}=[^()]{2,20}\)|[가-힣]{2,8}=)\s*(?=[가-힣])")
_HANGUL_PAIR = re.compile(r"(?<=[가-힣])·(?=[가-힣·]{2,20} (?:기자|특파원))")
_WORKS_IN = re.compile(r"\s*\([^()]{2,30}, [^()]{2,40}\)")
#: A particle that is tied to a name.
_TIED = re.compile(r"[a-zà-ÿ]{1,3}['’-][A-ZÀ-Þ]")
#: A name has at most this many words: "María del Carmen de la Cruz García" has seven.
MAX_WORDS = 7
MAX_AUTHORS = 20
#: Characters of a byline that are read, and of a name.
MAX_BYLINE, MAX_NAME = 600, 70
#: Beginnings of the words for those who write for newspapers, and words of a post before a name, at most.
_REPORTERS, MAX_POST = word_lists("agents.clean.metadata")["reporters"], 4
#: Words of a town, at most, and the punctuation between a name and its town.
TOWN_WORDS = 3
_BEFORE_TOWN = re.compile(r"\s*[/|]\s*")
#: Titles before a name.
_TITLES = frozenset(("dr", "prof", "mr", "mrs", "ms"))


def begins_as_byline(text: str) -> bool:
    """Return whether a line begins as a byline."""
    return byline_words().begins.may_begin(text) and byline_words().start.match(text) is not None


def says_other_work(part: str) -> bool:
    """Return whether brackets behind a name say that it did something else than write: "Peter Roe (photos)"."""
    behind = _IN_BEHIND.search(part)
    return behind is not None and byline_words().other_work.fullmatch(f" {behind[1]}:") is not None


def is_other_work(text: str) -> bool:
    """Return whether a line begins with others' work for an article: "edited by"."""
    return byline_words().other_work_begins.may_begin(text) and byline_words().other_work.match(f" {text}") is not None


def split_names(byline: str, not_names: Iterable[str] = ()) -> list[str]:
    """Return the names in a byline, in order, without introductions, roles, degrees, dates and the publisher's names.

    `not_names`: the publisher's names, compared without case and without spaces.
    """
    byline = re.sub(r"[^\S\n]+", " ", byline.translate(_POINTS)).strip()
    if not byline or len(byline) > MAX_BYLINE:
        return []
    byline = before_employer(of_authors(byline))
    publishers = {squash(name) for name in not_names} - {""}
    names: list[str] = []
    seen: set[str] = set()
    byline = byline_words().posts.sub("", strip_introduction(byline))
    if any(map(str.isdigit, byline)):
        byline = byline_words().weekday.sub("", byline)
    if work := byline_words().other_work.search(byline):
        byline = byline[: work.start()]
    for part in byline_words().split.split(byline):
        # Behind the date stand the section and its like.
        name = "" if says_other_work(part) else clean_name(part)
        dated = _DATED.search(part)
        last = dated is not None and (bool(names) or (name != "" and -1 < part.find(name) < dated.start()))
        if name and names and is_post(name, part):
            name = ""  # of the one before: a desk that signs for itself stands first
        if name and _SUFFIX.match(name) and names:
            names[-1] = f"{names[-1]} {name}"
        elif name:
            key = squash(name)
            if key and key not in seen and (key not in publishers or is_person(name)):
                seen.add(key)
                names.append(name)
        if last:
            break
    return reporters(names)[:MAX_AUTHORS]


def before_employer(byline: str) -> str:
    """Return a byline's name before a slash, where no person's name is behind it: Jane Doe/Reuters."""
    name, slash, employer = byline.partition("/")
    name = name.rstrip()
    if slash and may_be_name(strip_introduction(name)) and not (name[-1:].isdigit() or is_person(employer)):
        return name
    return byline


def before_town(text: str) -> str:
    """Return a line's name in capitals before a dash and a town, as Spain's papers write: JANE DOE / Leeds; else the text."""
    name, *rest = _BEFORE_TOWN.split(text)
    if len(rest) != 1 or not name.isupper() or not rest[0][:1].isupper() or rest[0].count(" ") >= TOWN_WORDS:
        return text
    return name if all(word.istitle() or word in byline_words().particles for word in rest[0].split()) else text


def tied_names(byline: str) -> str:
    """Return a byline with a comma before a given name that "and" is written onto, as in Arabic and Hebrew."""
    known = byline_words().given_names
    parts = byline.split(" ")
    return " ".join(
        [parts[0], *(f", {word[1:]}" if word[:1] in _AND and word[1:] in known else word for word in parts[1:])]
    )


def without_address(byline: str) -> str:
    """Return a byline without the addresses and handles in it."""
    return " ".join(_ADDRESS.sub(" ", byline).split())


def is_post(name: str, part: str) -> bool:
    """Return whether a part of a byline behind a name is that one's post: it ends with a role. `name`: in the part."""
    words = name.split()
    if len(words) > 1 and is_short_surname(words, len(words) - 1):
        return False
    sure = is_person(name) or UNSPACED_NAME.fullmatch(name)
    return is_role(plain(name.rsplit(" ", 1)[-1])) or (is_role(plain(part.rsplit(None, 1)[-1])) and not sure)


def of_authors(byline: str) -> str:
    """Return the part of a byline that names its authors: without addresses, brackets around it, and other fields."""
    if "@" in byline:
        byline = _ADDRESS.sub(" ", byline).strip()
    if not byline.isascii():
        byline = tied_names(byline)
    if bracketed := _IN_BRACKETS.fullmatch(byline):
        byline = bracketed[1]
    byline = _WORKS_IN.sub("", _HANGUL_PAIR.sub(", ", _HANGUL.sub("", byline)))
    if despatch := DESPATCH.search(byline):
        return despatch[1]
    return labelled_name(byline) or byline


def reporters(names: list[str]) -> list[str]:
    """Return the names without the employers behind the first: an agency, or a paper by its name."""
    known = byline_words()
    return names[:1] + [
        name
        for name in names[1:]
        if squash(name) not in known.agencies
        and name.lower() not in countries()
        and not (_ACRONYM.match(name) and not names[0].isupper())
        and not is_in_small_letters(name, names[0])
        and not (
            is_person(names[0])
            and any(plain(word) in known.business for word in name.split())
            and plain(name.split()[0]) not in known.given_names
        )
    ]


def is_in_small_letters(name: str, first: str) -> bool:
    """Return whether a name has small letters behind a first one that has none: JANE DOE, Harbour Desk. A person's may."""
    return " " in first and first.isupper() and name != name.upper() and not is_person(name)


@lru_cache(1024)
def clean_name(part: str) -> str:
    """Return the one name that a part of a byline holds, or an empty string."""
    known = byline_words()
    part = without_glue(strip_introduction(part.strip(' \t,;|-–—•·*"“”「」')))
    if any(map(str.isdigit, part)):
        part = known.dated.sub("", part)
    part = known.tail.sub("", part).strip(' ,;|-–—•·:"“”')
    if not part or _BAD.search(part):
        return ""
    names = without_degrees(part.split(), capitals=part.isupper())
    if not 1 <= len(names) <= MAX_WORDS or len(part) > MAX_NAME:
        return ""
    names = without_roles(names)
    if not names or not is_name(names, part):
        return ""
    return " ".join(names)


def without_glue(part: str) -> str:
    """Return a part of a byline with a space before a role that stands right behind a name, in an element of its own."""
    cut = _GLUED.search(part)
    if cut and is_person(name := part[: cut.start()]) and len(name.rsplit(" ", 1)[-1]) >= GLUED_LETTERS:
        return name
    behind = plain(part[cut.start() :].split(None, 1)[0]) if cut else ""
    if cut and behind in byline_words().nobody:
        return part[: cut.start()]
    if cut and is_role(behind):
        return f"{part[: cut.start()]} {part[cut.start() :]}"
    return part


def without_degrees(names: list[str], *, capitals: bool) -> list[str]:
    """Return a name's words without a joiner or initials before them, degrees behind them, and a repetition."""
    if names[0].lower() in byline_words().joiners and not names[0].istitle():
        names = names[1:]
    if len(names) > 2 and names[0].isupper() and names[0] == "".join(word[0] for word in names[1:]):
        names = names[1:]
    while len(names) > 2 and CREDENTIAL.match(names[-1]) and not (capitals or _SUFFIX.match(names[-1])):
        names = names[:-1]
    if len(names) > 2 and names[0] in ("De", "Di") and is_person(" ".join(names[1:])):
        names = names[1:]  # "by", in languages in which it also begins surnames
    if names and len(names) % 2 == 0 and names[: len(names) // 2] == names[len(names) // 2 :]:
        names = names[: len(names) // 2]
    return names


def without_roles(names: list[str]) -> list[str]:
    """Return a name's words without roles before or behind them; nothing where only roles are left, or one within."""
    known = byline_words()
    low = [plain(word) for word in names]
    if all(word in known.nobody or is_role(word) for word in low):
        return []
    if len(names) == 1 or is_team(low):
        return names
    roles = [
        is_role(word) and not ((index == 0 and word == "md") or (index and is_short_surname(names, index)))
        for index, word in enumerate(low)
    ]
    if not any(roles):
        return names
    start, end = 0, len(names)
    while end > start and roles[end - 1]:
        end -= 1
    while start < end and roles[start]:
        start += 1
    rest = names[start:end]
    # What stands between roles is part of a title: Former Example Consultant.
    titled = start > 0 and end < len(names)
    if (
        titled
        or any(roles[start:end])
        or not (2 <= len(rest) <= 4 or (len(rest) == 1 and UNSPACED_NAME.fullmatch(rest[0])))
        or any(plain(word) in known.business for word in rest)
    ):
        return []
    return rest if all(not is_small(word) or word.lower() in known.particles for word in rest) else []


def is_short_surname(names: list[str], index: int) -> bool:
    """Return whether a word that is a degree in capitals is a surname: Wayne Ma, WAYNE MA, and not Wayne Doe MA."""
    word = names[index]
    return len(word) == 2 and (word.istitle() or (len(names) == 2 and names[0].isupper()))


def is_name(names: list[str], part: str) -> bool:
    """Return whether words look like a name: no article or label before them, no sentence in small letters."""
    known = byline_words()
    low = [plain(word) for word in names]
    if all(word in known.nobody for word in low) or " ".join(low) in known.nobody:
        return False
    if len(names) > 1 and is_small(part) and low[0] in ("our", "a", "an", "the", "my", "helping"):
        return False
    if len(names) == 1 and (CREDENTIAL.match(part) or len(part) < 2):
        return False
    if not all(_WORD.fullmatch(word.strip(",;")) or word in ("&", "|") for word in names):
        return False
    if len(names) > 1 and low[-1] in known.joiners | {"from", "by", "of", "with"}:
        return False
    small = [word for word in names if is_small(word) and word.lower() not in known.particles]
    if len(names) > 1 and names[-1] in small and names[0] not in small and not is_team(low):
        return False  # a section of the paper, in languages that write but the first word large; a verb
    return not (len(small) > 1 and len(small) < len(names))


def is_small(word: str) -> bool:
    """Return whether a word begins with a small letter, and no particle is tied to a name in it: d'Arcy, al-Hassan.

    Georgian has no capitals, and Unicode calls its letters small.
    """
    return word[:1].islower() and not "ა" <= word[0] <= "ჿ" and not _TIED.match(word)


def plain(word: str) -> str:
    """Return a word in lower case without the punctuation around it."""
    return word.lower().strip(".,'’")


def is_person(name: str) -> bool:
    """Return whether a name is surely a person's.

    It has two to four words, the first a common given name, and no word of business. Blogs are often called after
    their authors; newspapers seldom are.
    """
    known = byline_words()
    low = [word.lower().strip(".,") for word in name.split()]
    if low and low[0] in _TITLES:
        low = low[1:]
    if not (2 <= len(low) <= 4 and low[0] in known.given_names) or " ".join(low) in countries():
        return False
    return not any(word in known.business for word in low[1:])


def is_name_alone(text: str) -> bool:
    """Return whether a short text is nothing but a person's name."""
    parts = text.split()
    return (
        2 <= len(parts) <= 4
        and not is_small(parts[-1])
        and not any(is_small(word) and word not in byline_words().particles for word in parts)
        and is_person(text)
        and "," not in text
        and not _BAD.search(text)
    )


def name_behind(line: str, *, joined: bool) -> str:
    """Return the name behind a reporter's post, or behind "and" in the line below another's name (`joined`); else nothing."""
    known = byline_words()
    words = line.split()
    for at in range(1, min(len(words) - 1, MAX_POST + 1)):
        before, name = plain(words[at - 1]), " ".join(words[at:])
        reports = before in known.roles and before.startswith(_REPORTERS)
        if (
            (reports or (joined and at == 1 and before in known.joiners))
            and len(name) < MAX_NAME
            and is_name_alone(name)
        ):
            return name
    return ""


@cache
def countries() -> frozenset[str]:
    """Return the English names of countries and their groups, in small letters: "Costa Rica" behind a name is no author."""
    return frozenset(name.lower() for area in areas().values() for name in area.names)


def may_be_name(text: str) -> bool:
    """Return whether a text is two to four words with capitals, none of them of business, as a second author's name is."""
    parts = text.split()
    return (
        2 <= len(parts) <= 4
        and text.lower() not in countries()
        and not any(is_small(word) and word not in byline_words().particles for word in parts)
        and not any(plain(word) in byline_words().business for word in parts)
        and not _BAD.search(text)
    )


def is_team(low: list[str]) -> bool:
    """Return whether these lower-case words name a desk or a team, which some publishers sign with."""
    return bool(low) and low[-1] in byline_words().teams
