"""Names by the heading that lead to their author's page: publishers of all languages name such addresses alike."""
# ruff: noqa: RUF001 - the letters that look like others are what is spelt

import re
from collections.abc import Iterator
from itertools import accumulate, compress
from operator import and_
from urllib.parse import unquote

from agents.clean.metadata.authors.lines import AFTER, MAX_UNMARKED, is_dated, is_unknown_name
from agents.clean.metadata.bylines.caseless_names import may_be_caseless_name
from agents.clean.metadata.bylines.names import is_other_work, is_small, plain, split_names
from agents.clean.metadata.bylines.words import byline_words, is_role
from agents.clean.page.blocks import Page
from agents.clean.page.places import Setting, first_heading, setting
from agents.clean.text.words import without_accents

#: The part of an address before an author's own, in the languages that publishers write addresses in.
_AUTHORS = re.compile(
    r"(?i)[/-](?:auth?ors?|auth?eurs?|autor(?:as?|es|en|i|iai|zy)?|autor[ei]|avtory?|writers?|journalist(?:s|es|en|i|a)?"
    r"|report[ea]rs?|columnists?|columnistas?|contributors?|correspondents?|bylines?|redakteur(?:e|in)?|redactores"
    r"|skribent(?:er)?|forfattere?|penulis|yazar(?:lar)?|muhabir|tac-?gia|kirjoittajat?|szerzok?)/([^/?#]{1,100})/?(?:[?#]|$)"
)
#: Parts of addresses of people of any kind: they are authors where the address has the name.
_PEOPLE = re.compile(r"(?i)(?:[/-](?:profiles?|staff|by|users?)/|/@|[?&]author=)([^/?#&]{1,100})/?(?:[?#&]|$)")
_NO_LETTERS = re.compile(r"[\W\d_]+")
#: What letters without a mark are in addresses.
_SPELT = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
#: Smallest share of a line that is link.
LINKED = 0.4
#: Most blocks from one author to the next.
BESIDE = 3
MAX_ADDRESS = 500


def linked_names(page: Page) -> Iterator[str]:
    """Yield the names by the heading that lead to an author's page: those below it, or else the one right above it."""
    start = first_heading(page)
    if start < 0:
        return
    addresses: dict[int, list[str]] = {}
    for address, at in page.anchors:
        if start - 1 <= at <= start + AFTER and at != start and len(address) <= MAX_ADDRESS:
            addresses.setdefault(at, []).append(address)
    for blocks in ([at for at in addresses if at > start], [at for at in addresses if at == start - 1]):
        names: list[str] = []
        told: set[str] = set()  # addresses of these: a second link to one is a button, "More by her"
        last = 0
        for at in blocks:
            found = list(names_in(page, at, start, [each for each in addresses[at] if each not in told]))
            if names and (not found or at - last > BESIDE):
                break
            names += found
            told.update(addresses[at] if found else ())
            last = at
        if names:
            yield " ; ".join(dict.fromkeys(names))
            return


def names_in(page: Page, at: int, heading: int, addresses: list[str]) -> Iterator[str]:
    """Yield the names in a short block that lead to an author's page. `addresses`: of the links in the block."""
    own = [match[1] for address in addresses if (match := _AUTHORS.search(address))]
    people = [match[1] for address in addresses if (match := _PEOPLE.search(address))]
    if not (own or people):
        return
    text = page.texts[at] if at < len(page.texts) else ""
    if not text or len(text) >= MAX_UNMARKED or setting(page, at, heading) is Setting.OTHER:
        return
    if is_other_work(text) or (at and is_other_work(page.texts[at - 1][:MAX_UNMARKED])):
        return
    # Above the heading columnists of other articles stand too.
    shown = own and at > heading and page.link_chars[at] >= LINKED * len(text)
    for name in own_names(text, addresses):
        if spelt := next(filter(None, (spelt_part(name, slug) for slug in (*own, *people))), ""):
            yield spelt
        elif shown and (
            is_unknown_name(name) or ((may_be_caseless_name(name) or is_single(name, own)) and is_dated(page, at))
        ):
            yield name


def is_single(name: str, slugs: list[str]) -> bool:
    """Return whether a name of one word, with a capital, is the whole of an author's own part of an address."""
    low = name.lower()
    nobody = low in byline_words().nobody or is_role(low)
    return (
        name.isalpha()
        and name[0].isupper()
        and not nobody
        and any(without_accents(unquote(slug).lower()) == without_accents(low) for slug in slugs)
    )


def leads_to_author(address: str) -> bool:
    """Return whether an address has the form of an author's or another person's page."""
    return _AUTHORS.search(address) is not None or _PEOPLE.search(address) is not None


def own_names(text: str, addresses: list[str]) -> list[str]:
    """Return the names in a line without a label before them, and of as many names as links those that lead to an author's page.

    "Writer Jane Doe | Editor John Roe": each name is a link, and the editor's address says what he is.
    """
    labels = byline_words().nobody
    names = []
    for name in split_names(text):
        label, _, rest = name.partition(" ")
        names.append(rest if " " in rest and plain(label) in labels else name)
    if len(names) == len(addresses):
        return [name for name, address in zip(names, addresses, strict=True) if leads_to_author(address)]
    return names


def spelt_part(name: str, slug: str) -> str:
    """Return the words of a name with which it begins and that a part of an address has, as those spell them; two or more."""
    slug = without_accents(unquote(slug).lower())
    words = name.split()
    spelt = (_NO_LETTERS.sub("", without_accents(word.lower().translate(_SPELT))) in slug for word in words)
    part = list(compress(words, accumulate(spelt, and_)))
    while part and is_small(part[-1]):
        part.pop()  # a word before a place: "in"
    return " ".join(part) if len(part) > 1 else ""
