"""Authors: candidates from a page's claims and bylines, and the choice of one.

Order of trust: a byline by the heading, structured data, meta tags, elements marked as author, names below the heading,
bylines beside a date, bylines anywhere. A name on which two kinds of claims agree beats one that stands alone. The
publisher itself is an author only where no person is named and the page declares it.
"""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from agents.clean.metadata.authors.boxes import biographies, boxed_name
from agents.clean.metadata.authors.lines import (
    AFTER,
    BEFORE,
    MAX_BYLINE,
    MAX_UNMARKED,
    PARTS,
    agencies_below_heading,
    bylines_beside_dates,
    labelled_names,
    names_below_heading,
    text_bylines,
    unknown_name_by_date,
)
from agents.clean.metadata.authors.links import linked_names
from agents.clean.metadata.authors.marked import BY_CLASS, BY_MARK, marked_bylines
from agents.clean.metadata.authors.names_above import name_above_heading
from agents.clean.metadata.authors.sign_offs import sign_offs
from agents.clean.metadata.bylines.caseless_names import may_be_caseless_name
from agents.clean.metadata.bylines.introductions import source_words, strip_introduction
from agents.clean.metadata.bylines.names import (
    UNSPACED_NAME,
    clean_name,
    is_other_work,
    is_person,
    is_small,
    is_team,
    may_be_name,
    split_names,
)
from agents.clean.metadata.bylines.words import byline_words, squash
from agents.clean.metadata.claims import Choice, Claims
from agents.clean.metadata.dates.parsing import parse_date
from agents.clean.metadata.head import AUTHOR_META
from agents.clean.page.blocks import Page
from agents.clean.page.places import first_heading
from agents.clean.text.words import STOPS
from streams.text.word_lists import word_lists

_LAST_FIRST = re.compile(r"([^\W\d_][\w'’.-]*),\s+([^\W\d_][\w'’.\s-]*)")


#: The kinds of claims in a page's data, and those that are found on the page and may be somebody else's name.
DECLARED = ("data", "meta", "card", "organisation")
WEAK = ("anywhere", "person")
#: Where the name of an element, or its `rel` or `itemprop`, says that it is the author's.
SURELY_MARKED = "element marked as author"
LINKED = "link to an author's page"
#: A number, or a name with one behind it: somebody's account.
_LOGIN = re.compile(r"[\d\s]+|[a-z]+\d+")
#: An element within a name, which some systems write into their data.
_MARKUP = re.compile(r"</?[a-z][^<>]{0,500}>", re.IGNORECASE)
_OFFICES = frozenset(word_lists("agents.clean.metadata")["offices"])
#: The last letters of offices and teams in Japanese and Korean, beside those of outlets.
_OFFICE = ("班", "室", "課", "팀", "부")
#: Names are joined by punctuation or a word.
_JOINED = re.compile(r"\s(?:&|and)\s")


class Candidate(NamedTuple):
    """Names from one claim. `kind`: of the claim, for agreement; `strict`: only names of two words count."""

    text: str
    where: str
    kind: str
    strict: bool = False
    names: tuple[str, ...] = ()


def choose_authors(claims: Claims, page: Page) -> Choice[list[str]]:
    """Return the authors of a page; an empty list where it names none."""
    nameless: list[Candidate] = []
    rest = named_candidates(claims, page, nameless)
    first = next(rest, None)
    if first is None:
        return declared_publisher(nameless, claims)
    if first.kind == "byline":
        claimed = next((item for item in rest if item.kind != "byline"), None)
        # The spelling of the data where both name the same.
        key = squash(first.text)
        if claimed and len(first.names) <= len(claimed.names) and all(squash(name) in key for name in claimed.names):
            return Choice(list(claimed.names), claimed.where, f"confirmed by the {first.where}")
        if claimed and claimed.where == SURELY_MARKED and names_more(claimed, first):
            return Choice(list(claimed.names), claimed.where, f"the {first.where}, and more")
        if claimed and claimed.kind in DECLARED and not agrees(first, claimed) and stands_by_heading(claimed, page):
            return Choice(list(claimed.names), claimed.where, "shown by the heading, unlike the byline there")
    elif first.kind in DECLARED:
        first = better_claim(first, rest, page, claims)
    elif first.kind in WEAK or not all(map(is_person, first.names)):
        declared = declared_publisher(chain(data_candidates(claims), organisations(claims)), claims)
        if declared.value and not (
            first.where in (SURELY_MARKED, LINKED) and names_other(first, declared.value[0], claims)
        ):
            return declared
    return Choice(as_written(first.names, page), first.where, "first of the claims in the order of trust")


def as_written(names: Iterable[str], page: Page) -> list[str]:
    """Return names, those in capitals as a line of the page has them that is nothing else, or ends in them."""
    written = []
    for name in names:
        if name.isupper() and " " in name:
            key = squash(name)
            lines = (text for text in page.texts if len(text) < MAX_UNMARKED and squash(text[-len(name) :]) == key)
            name = next((text[-len(name) :] for text in lines if not text.isupper()), name)  # noqa: PLW2901
        written.append(name)
    return written


def names_other(marked: Candidate, declared: str, claims: Claims) -> bool:
    """Return whether an element marked as author has names where the page declares nobody but its publisher."""
    known = {squash(name) for name in claims.publishers}
    return squash(declared) in known and all(
        (may_be_name(name) or is_eastern(name)) and squash(name) not in known and not is_team(name.lower().split())
        for name in marked.names
    )


def is_eastern(name: str) -> bool:
    """Return whether a Chinese, Japanese or Korean name begins as a person's does, and is no section's, office's or team's."""
    return UNSPACED_NAME.fullmatch(name) is not None and may_be_caseless_name(name) and not name.endswith(_OFFICE)


def named_candidates(claims: Claims, page: Page, nameless: list[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates that hold names, best first; add the others to `nameless`."""
    for item in candidates_of(claims, page):
        named = with_names(item, claims)
        if named.names:
            yield named
        else:
            nameless.append(item)


def better_claim(first: Candidate, rest: Iterator[Candidate], page: Page, claims: Claims) -> Candidate:
    """Return the claim to take instead of the data's first.

    The byline that names its authors and more; one on which two claims agree, unlike the first; a person instead of a
    desk or an outlet.
    """
    if fuller := fuller_byline(first, page):
        return fuller
    if all(map(is_person, first.names)):
        # Ghost has the first of some authors in its structured data, and all of them in a card for posts.
        cards = (with_names(item, claims) for item in data_candidates(claims) if item.kind == "card")
        return next((item for item in cards if names_more(item, first) and are_whole(item.names)), first)
    if all(is_team(name.lower().split()) for name in first.names):
        return next((item for item in rest if item.kind in DECLARED and all(map(is_person, item.names))), first)
    if first.kind != "meta":
        return first
    others = list(rest)
    agreed = agreed_by_two([first, *others])
    if agreed and not agrees(first, agreed):
        return agreed
    if not any(map(may_be_name, first.names)):
        # An outlet in one word or in a sentence, and a person on the page who signs.
        return next((item for item in others if item.where == SURELY_MARKED and all(map(is_person, item.names))), first)
    return first


def fuller_byline(claimed: Candidate, page: Page) -> Candidate | None:
    """Return the line by the heading that names the claimed authors and others besides, joined as names are, or None."""
    keys = {squash(name) for name in claimed.names}
    start = first_heading(page, without=0)
    for text in page.texts[start + 1 : start + 1 + AFTER]:
        if len(text) >= MAX_BYLINE or not _JOINED.search(text) or text.endswith(STOPS):
            continue
        names = split_names(text)
        if are_whole(names) and len(names) > len(keys) and keys < {squash(name) for name in names}:
            return Candidate(text, "names below the heading", "name", names=tuple(names))
    return None


def are_whole(names: Iterable[str]) -> bool:
    """Return whether names are of two to four words in capitals each."""
    return all(2 <= len(name.split()) <= 4 and name.istitle() for name in names)


def stands_by_heading(claimed: Candidate, page: Page) -> bool:
    """Return whether all claimed names are blocks of their own by the heading."""
    start = first_heading(page, without=0)
    blocks = {squash(text) for text in page.texts[max(0, start - BEFORE) : start + AFTER] if len(text) < MAX_UNMARKED}
    return all(squash(name) in blocks for name in claimed.names)


def agrees(one: Candidate, other: Candidate) -> bool:
    """Return whether two candidates share a name."""
    return bool({squash(name) for name in one.names} & {squash(name) for name in other.names})


def names_more(one: Candidate, other: Candidate) -> bool:
    """Return whether a candidate has all names of another and more."""
    return {squash(name) for name in other.names} < {squash(name) for name in one.names}


def agreed_by_two(candidates: list[Candidate]) -> Candidate | None:
    """Return the first candidate on whose names one of another place agrees, or None."""
    for index, item in enumerate(candidates):
        if any(other.where != item.where and agrees(item, other) for other in candidates[index + 1 :]):
            return item
    return None


def with_names(item: Candidate, claims: Claims) -> Candidate:
    """Return a candidate with the names in its text, none where they are doubtful and it is strict.

    An organisation's name is no list of names, whatever joins its words.
    """
    key = squash(item.text)
    if item.kind in DECLARED and any(key == squash(name) for name in claims.data.organisations):
        return item
    names = split_names(item.text if item.kind in DECLARED else before_bar(item.text), claims.publishers)
    if names and item.kind not in DECLARED and claims.languages:
        sources = source_words(claims.languages[0].text)
        names = [name for name in names if name.partition(" ")[0].lower() not in sources]
    if item.kind in DECLARED and not is_person(item.text) and any(key == squash(name) for name in claims.publishers):
        names = []
    if item.strict and any(is_doubtful(name) for name in names) and not is_signed(item, names):
        # Persons, and where they are or for whom they work: the place alone is doubtful.
        sure = item.kind in ("byline", "marked")
        *first, last = names
        named = all(
            not is_doubtful(name) and (is_person(name) or (sure and 2 <= len(name.split()) <= 4)) for name in first
        )
        names = first if named and (" " not in last or is_small(last) or last.startswith("The ")) else []
    return item._replace(names=tuple(names))


def before_bar(text: str) -> str:
    """Return a line's part before its bar, where that names a person and the rest none: a town, a post, a section."""
    first, bar, rest = text.partition("|")
    if not bar or any(map(is_person, split_names(rest))) or not any(map(is_person, split_names(first))):
        return text
    return first


def is_signed(item: Candidate, names: list[str]) -> bool:
    """Return whether one word is the name that a byline gives: a given name, or a word between "by" and the date."""
    if len(names) != 1 or item.kind not in ("byline", "marked", "dated") or " " in names[0]:
        return False
    if names[0].lower() in byline_words().given_names or item.where == LINKED:
        return True
    rest = strip_introduction(item.text)
    return (
        item.kind == "byline"
        and rest.startswith(names[0])
        and len(item.text) < MAX_UNMARKED
        and parse_date(rest[len(names[0]) :]) is not None
    )


def declared_publisher(candidates: Iterable[Candidate], claims: Claims) -> Choice[list[str]]:
    """Return the outlet, desk or agency that a page declares as its author, where it names no person.

    Of what is only written on the page, the publisher itself and desks count.
    """
    known = {squash(name) for name in claims.publishers} - {""}
    for item in candidates:
        if item.kind not in (*DECLARED, "byline", "marked", "dated"):
            continue
        if item.kind == "data" and any(squash(item.text) == squash(name) for name in claims.data.owners):
            # The site under its owner's two types: a plugin's default, and no statement about this article.
            continue
        if item.kind in DECLARED:
            bare = " ".join(item.text.split())[:80].strip(" ;,|")
        else:
            bare = " ".join(PARTS.split(strip_introduction(item.text))[0].split())
            if not (squash(bare) in known or is_desk(bare) or squash(bare) in byline_words().agencies):
                bare = "" if item.strict else clean_name(item.text)
        if is_outlet(bare):
            return Choice([bare], item.where, "no person is named, and the page declares this one")
    return Choice([], "", "the page names nobody")


def is_desk(name: str) -> bool:
    """Return whether a name on the page is a desk's, a team's or an office's: The Example Team, and not "our team"."""
    low = name.lower().split()
    if len(low) == 1 and low[0] in _OFFICES:
        return True
    return len(low) > 1 and is_team(low) and name.split()[-2][:1].isupper()


def is_outlet(name: str) -> bool:
    """Return whether a declared name can be an organisation's: a few words with a letter, no address, no code."""
    words = name.split()
    if (
        not 1 <= len(words) <= 6
        or not name[:1].isalnum()
        or _LOGIN.fullmatch(name)
        or re.search(r"[@{}<>=_\\/#]|https?:|www\.", name)
    ):
        return False
    low = [word.lower() for word in words]
    known = byline_words()
    nobody = all(word in known.nobody or word in known.joiners for word in low)  # Staff and agencies
    return not nobody or (len(low) <= 2 and is_desk(name)) or is_team(low[1:])


def candidates_of(claims: Claims, page: Page) -> Iterator[Candidate]:
    """Yield the claims of authors, best first: bylines by the heading, then data, then the rest of the page."""
    edited: list[str] = []
    sources: list[str] = []
    for text in text_bylines(page, near=True):
        if text.startswith(byline_words().sources):
            sources.append(text)
        elif is_other_work(text):
            edited.append(text)
        else:
            yield Candidate(text, "byline by the heading", "byline", strict=True)
    yield from data_candidates(claims)
    for item in marked_bylines(page):
        where = SURELY_MARKED if item.rank < BY_CLASS else "element that may be an author's"
        yield Candidate(item.text, where, "marked", strict=item.rank > BY_MARK)
    for text in linked_names(page):
        yield Candidate(text, LINKED, "marked", strict=True)
    for text in labelled_names(page):
        yield Candidate(text, "name below a label", "labelled", strict=True)
    for text in names_below_heading(page):
        yield Candidate(text, "name below the heading", "name", strict=True)
    for text in bylines_beside_dates(page):
        yield Candidate(text, "byline beside a date", "dated", strict=True)
    for text in unknown_name_by_date(page):
        yield Candidate(text, "name beside a date", "anywhere", strict=True)
    if name := name_above_heading(page):
        yield Candidate(name, "name above the heading, beside a date", "anywhere", strict=True)
    for text in agencies_below_heading(page):
        yield Candidate(text, "agency below the heading", "dated", strict=True)
    yield from organisations(claims)
    for text in sign_offs(page, claims.languages[0].text if claims.languages else ""):
        yield Candidate(text, "name at the end of the text", "anywhere", strict=True)
    for text in biographies(page):
        yield Candidate(text, "name below the text, with what its bearer does", "anywhere", strict=True)
    if name := boxed_name(page):
        yield Candidate(name, "name before what its bearer does", "anywhere", strict=True)
    rest = (text for text in text_bylines(page, near=False) if not text.startswith(byline_words().sources))
    for text in chain(edited, rest, sources):
        yield Candidate(text, "byline on the page", "anywhere", strict=True)
    for name in claims.publishers:
        if is_person(name):
            yield Candidate(name, "publisher with a person's name", "person", strict=True)


def organisations(claims: Claims) -> Iterator[Candidate]:
    """Yield the authors in structured data that are said to be organisations."""
    if claims.data.organisations:
        yield Candidate(" ; ".join(dict.fromkeys(claims.data.organisations[:10])), "json-ld author", "organisation")


def without_markup(name: str) -> str:
    """Return a declared name without elements in it."""
    return _MARKUP.sub(" ", name).strip() if "<" in name else name


def data_candidates(claims: Claims) -> Iterator[Candidate]:
    """Yield the authors in structured data and meta tags."""
    if claims.data.people:
        yield Candidate(" ; ".join(map(without_markup, claims.data.people[:20])), "json-ld author", "data")
    for index in (1, 2):
        label = next(claims.head.values((f"twitter:label{index}",)), "").lower()
        if byline_words().label.search(label):
            for text in claims.head.values((f"twitter:data{index}",)):
                yield Candidate(text, f"meta twitter:data{index}", "card")
    for name in AUTHOR_META:
        written = map(without_markup, claims.head.meta.get(name, ()))
        values = [value for value in written if value and "/" not in value]
        catalogued = name.startswith(("citation_", "dc.", "dcterms."))
        if catalogued:
            values = [part.strip() for value in values for part in value.split(";") if part.strip()]
        values = [given_name_first(value, sure=catalogued) for value in values]
        if values:
            yield Candidate(" ; ".join(values[:20]), f"meta {name}", "meta")


def given_name_first(name: str, *, sure: bool) -> str:
    """Return "Jane Doe" for "Doe, Jane", where it is `sure` or Jane is a given name and Doe none."""
    parts = _LAST_FIRST.fullmatch(name)
    known = byline_words().given_names
    if parts and (sure or (parts[2].split()[0].lower() in known and parts[1].lower() not in known)):
        return f"{parts[2]} {parts[1]}"
    return name


def is_doubtful(name: str) -> bool:
    """Return whether a name of a byline that is only recognised by its words may be none."""
    return (" " not in name and not UNSPACED_NAME.fullmatch(name)) or is_small(name) or name.startswith("The ")
