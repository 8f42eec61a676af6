"""Titles: candidates from headings and claims, and the choice of one, without its publisher's name."""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from unicodedata import category

from agents.clean.metadata.bylines.names import begins_as_byline
from agents.clean.metadata.bylines.words import squash
from agents.clean.metadata.claims import MAX_TITLE, Choice, Claim
from agents.clean.metadata.dates.parsing import read_date
from agents.clean.text.words import STOPS, count_unspaced, count_words, normal
from streams.text.word_lists import word_lists

#: Punctuation between an article's title and its publisher's name, with space around them; the bar needs none.
_SEPARATOR = re.compile(r"\s+[|\-–—·•»«:~›>/@]+\s+|\s*[|│]\s*|\s+::\s+|(?<=[^\s]):\s+(?=[A-Z][\w.]+$)")
#: Separators of a title that are looked at: no publisher's name is further inside.
MAX_CUTS = 20
#: Share of common words from which a heading is the claimed title in other words (tried .1 to .7 on 793 pages).
SIMILAR = 0.2
#: Punctuation between a title and a publisher's name that is known, closer than those between parts of which neither is.
_AFTER_NAME = re.compile(r"\s*[:：|｜_»«·•–—-]+\s*(?=\S)")
#: Punctuation behind the name of a site at the start of a title, with space on one side at least.
_BEHIND_SITE = re.compile(r"\s*[:：|»›·•–—>-]+\s+")
_BEFORE_NAME = re.compile(r"\s*[:：|｜_»«·•–—-]+\s*$")
#: A separator with nothing behind it.
_LEFT_OPEN = re.compile(r"\s+(?:::|[|»·•])$")
#: In a part of a title without spaces, most letters around a publisher's name for each of its own,
AROUND_NAME = 2
#: and beside these.
BESIDE_NAME = 4
#: The count behind a heading: "12 comments".
_COUNTED = re.compile(r"\d[\d ]*(?: [^\W\d]+){0,2}")
#: Titles of pages that nobody gave one.
_NO_TITLES = frozenset(word_lists(__package__)["no_titles"])
#: Fewest words of the part of a title that is the article's, where the parts behind it name sections.
TITLE_WORDS = 4
#: Most words of a part that names a section.
SECTION_WORDS = 3
#: Words of a heading that is taken without a claim that confirms it, at least, where there is such a one.
FEW_WORDS = 3
#: Characters of a heading in a script without spaces that is no section's, at least.
UNSPACED_HEADING = 12
#: Characters of such a title before its site's name, at least; and that name, behind a section's or two.
UNSPACED_TITLE = 6
_BEHIND_HEADING = re.compile(r"\s*(?:(?:[_|｜\-—–:：]+\s*[^\s_|｜—–]{2,12}\s*){1,3}|（[^（）]{2,12}）)")
#: Words of a page's only heading, at least, that is taken though its claims say other things.
HEADING_WORDS = 5
#: Characters from which a line is a paragraph.
PARAGRAPH = 160
#: Punctuation between the parts of a title that names an issue; characters of a byline, at most.
_PARTS, MAX_BYLINE = re.compile(r"\s+[|–—-]+\s+|\s*[|()]\s*"), 80
#: Words of a kicker within a heading, at most.
MAX_KICKER = 3
#: Characters of a label that is glued to a heading, at most.
MAX_LABEL = 12
#: Kinds of characters with which such a label may begin, and end: brackets and symbols.
_BEGINS_LABEL, _ENDS_LABEL = frozenset(("Ps", "So", "Sm", "Co")), frozenset(("Pe", "So", "Sm", "Co"))
#: Words of a publisher's name, at most.
MAX_NAME_WORDS = 6


def strip_publisher(title: str, publishers: Iterable[str]) -> str:
    """Return a title without the publisher's name at its end or start, at most `MAX_TITLE` characters.

    `publishers`: site name, host and the like. A part counts as the publisher if it is one of them (or they are in it
    and it is short); a title is never cut to less than two words at its start.
    """
    return _stripped(" ".join(title[: 2 * MAX_TITLE].split())[:MAX_TITLE], tuple(publishers))


@lru_cache(16)
def _stripped(title: str, publishers: tuple[str, ...]) -> str:
    """Return `strip_publisher` of a title, which a page claims in several places."""
    title = _LEFT_OPEN.sub("", title) or title
    known = {squash(name) for name in publishers} - {""}
    cuts = list(_SEPARATOR.finditer(title))
    cuts = cuts if len(cuts) <= MAX_CUTS else [*cuts[: MAX_CUTS // 2], *cuts[-MAX_CUTS // 2 :]]
    start, end = 0, len(title)
    for name in shown_names(publishers):
        if title[: len(name)].lower() == name.lower() and (sign := _AFTER_NAME.match(title, len(name))):
            return strip_publisher(title[sign.end() :], publishers) or title
        if title[-len(name) :].lower() == name.lower() and (
            sign := _BEFORE_NAME.search(title, 0, len(title) - len(name))
        ):
            return strip_publisher(title[: sign.start()], publishers) or title
    while cuts:
        if is_publisher(title[cuts[-1].end() : end], known) and title[start : cuts[-1].start()].strip():
            end = cuts.pop().start()
        elif is_publisher(title[start : cuts[0].start()], known) and " " in title[cuts[0].end() : end].strip():
            start = cuts.pop(0).end()
        else:
            break
    return title[start:end].strip()


def shown_names(publishers: Iterable[str]) -> list[str]:
    """Return the publisher's names as readers see them, the longest first: not its host's labels."""
    return sorted(
        {name for name in publishers if len(name) > 2 and not (name.isascii() and name.islower())},
        key=len,
        reverse=True,
    )


def is_publisher(part: str, known: set[str]) -> bool:
    """Return whether a part of a title is a publisher's name. `known`: names without spaces and punctuation, lower case."""
    key = squash(part)
    if not key or key in known:
        return True
    if len(part.split()) > MAX_NAME_WORDS:
        return False
    if not key.isascii():
        known = {name for name in known if len(key) <= AROUND_NAME * len(name) + BESIDE_NAME}
    return any(len(name) > 3 and (name in key or (len(key) > 3 and key in name)) for name in known)


def has_kicker(heading: str, title: str) -> bool:
    """Return whether a heading is a title (both as words) behind a few words: its kicker, and no article."""
    if not heading.endswith(f" {title}") or title.count(" ") < 2:
        return False
    kicker = heading[: -len(title)].split()
    return len(kicker) <= MAX_KICKER and any(len(word) > 3 for word in kicker)


def is_glued(heading: str, title: str) -> bool:
    """Return whether a heading is a title with a button's or icon's name right before or behind it.

    Capitals, brackets or symbols tell where they meet: of a title that is cut off within a word the heading has the rest.
    """
    if count_words(title) < TITLE_WORDS or not 0 < len(heading) - len(title) <= MAX_LABEL:
        return False
    if heading.startswith(title):
        behind = heading[len(title)]
        return (behind.isupper() and not title[-1].isupper()) or category(behind) in _BEGINS_LABEL
    before = heading[-len(title) - 1]
    return heading.endswith(title) and not title[0].islower() and (before.islower() or category(before) in _ENDS_LABEL)


def choose_title(
    headings: list[Claim], claims: list[Claim], publishers: list[str], post: str = "", lines: Iterable[str] = ()
) -> Choice[str]:
    """Return the best title (see `best_title`), in small letters where it stands in capitals and a claim does not."""
    best = best_title(headings, claims, publishers, post, lines)
    if not best.value.isupper() or " " not in best.value:
        return best
    key = squash(best.value)
    for claim in claims:
        short = strip_publisher(claim.text, publishers)
        if squash(short) == key and not (short.isupper() or short.islower()):
            return Choice(short, claim.where, f"the {best.where} says the same in capitals")
    return best


def best_title(
    headings: list[Claim], claims: list[Claim], publishers: list[str], post: str, lines: Iterable[str]
) -> Choice[str]:
    """Return the best title: a heading that the page's own claims confirm, else the best claim, else a heading.

    `headings`: the page's h1 texts in order; `claims`: titles that the page gives about itself (og:title, title), best
    first. A heading that no claim begins with is the publisher's name or a section's as often as not. `post`: the heading
    below a banner that says the same as all claims. `lines`: the page's, among which old pages have the title.
    """
    if post:
        return Choice(post, "heading", "the page's titles are its banner, and this stands below it")
    known = {squash(name) for name in publishers} - {""}
    cleaned = [(short, claim) for claim in claims if claim.text and (short := strip_publisher(claim.text, publishers))]
    real = [heading for heading in headings if squash(heading.text) not in known] if cleaned else headings
    for short, claim in cleaned[:3]:
        for heading in real:
            if both := of_both(heading, short, claim):
                return both
    if not cleaned:
        if not headings:
            return Choice("", "", "the page claims no title and has no heading")
        return Choice(headings[0].text, headings[0].where, "the page claims no other title")
    if real and all(says_nothing(short, known) for short, _ in cleaned):
        first = next((heading for heading in real if count_words(heading.text) >= FEW_WORDS), real[0])
        return Choice(first.text, first.where, "the page's titles name its publisher, or nothing")
    short, claim = cleaned[0]
    lines = list(lines)
    section = count_words(short) <= SECTION_WORDS and not headings
    nothing = not real and (section or all(says_nothing(part, known) for part, _ in cleaned) or names_issue(short))
    if nothing and (above := line_above_byline(lines)):
        return Choice(above, "line above a byline", f"the {claim.where} names the site, a section or a day, or nothing")
    wanted = set(normal(short).split())
    for heading in real:
        own_words = set(normal(heading.text).split())
        if len(own_words) > 3 and len(own_words & wanted) >= SIMILAR * len(own_words | wanted):
            return Choice(heading.text, heading.where, f"it says the {claim.where} in other words")
    own = as_shown(short, lines)
    if own != short:
        return Choice(own, claim.where, "a line of the page says the same")
    if alone := only_heading(real, short, lines):
        return Choice(alone.text, alone.where, f"the page's only heading, and none of its lines says the {claim.where}")
    return Choice(without_sections(short), claim.where, "best of the page's claims; no heading confirms it")


def of_both(heading: Claim, short: str, claim: Claim) -> Choice[str] | None:
    """Return the title that a heading and a claim (`short`, without its publisher) have in common; None where they have none."""
    own, key = normal(heading.text), normal(short)
    if own != key and (
        squash(own) == squash(key) or (own.startswith(key + " ") and _COUNTED.fullmatch(own[len(key) + 1 :]))
    ):
        return Choice(short, claim.where, f"the {heading.where} says the same")
    if not has_kicker(own, key):
        short = without_sections(short)
        key = normal(short)
    if has_kicker(own, key):
        return Choice(short, claim.where, f"the {heading.where} has it below a kicker")
    if is_unspaced_beginning(heading.text, short):
        return Choice(heading.text, heading.where, f"the {claim.where} has it, and a short name behind a sign")
    if is_glued(heading.text, short):
        return Choice(short, claim.where, f"the {heading.where} has it, and a label without a space")
    # Without spaces between words some characters are as much as some words.
    long = len(own.split()) > 2 or is_unspaced_heading(own)
    part = long and (key.startswith(own + " ") or (key.endswith(" " + own) and stands_last(own, short)))
    if own and (own == key or own.startswith(key + " ") or part):
        return Choice(heading.text, heading.where, f"the {claim.where} confirms it")
    return None


def stands_last(heading: str, title: str) -> bool:
    """Return whether a title is a heading behind punctuation: a column's or newsletter's name is first. `heading`: as words."""
    signs = list(_BEHIND_SITE.finditer(title))[-MAX_CUTS:]
    return any(normal(title[sign.end() :]) == heading for sign in signs)


def is_unspaced_beginning(heading: str, title: str) -> bool:
    """Return whether a title is a heading in a script without spaces, and behind punctuation no more than a site's name."""
    if heading.isascii() or not title.startswith(heading) or count_unspaced(heading) < UNSPACED_TITLE:
        return False
    return _BEHIND_HEADING.fullmatch(title, len(heading)) is not None


def is_unspaced_heading(text: str) -> bool:
    """Return whether a text has so many characters of a script without spaces that it is an article's heading."""
    return not text.isascii() and count_unspaced(text) >= UNSPACED_HEADING


def only_heading(headings: list[Claim], title: str, lines: Iterable[str]) -> Claim | None:
    """Return a page's only heading where it stands above all text, and readers see the claimed title nowhere.

    A title for search engines may have no word in common with it.
    """
    first = next(iter(headings), None)
    if first is None or len({normal(heading.text) for heading in headings}) > 1 or first.text.endswith((":", "：")):
        return None
    if len(first.text) >= PARAGRAPH:
        return None
    if count_words(first.text) < HEADING_WORDS and not is_unspaced_heading(first.text):
        return None
    parts = [squash(part) for part in _SEPARATOR.split(title) if count_words(part) >= TITLE_WORDS]
    if any(part in squash(first.text) for part in parts):
        return None  # the same title, behind a label
    key, own = normal(title), normal(first.text)
    keys = [normal(line) if len(line) < PARAGRAPH else "" for line in lines]
    above = keys[: keys.index("") if "" in keys else None]
    # A word or two may be the site's name, and stand in its banner.
    return first if own in above and (key not in keys or count_words(title) < FEW_WORDS) else None


def as_shown(title: str, lines: list[str]) -> str:
    """Return a title as one of a page's lines shows it, where it has more beside a separator: the site's name; else as is.

    A page without a heading has the title in some other element. Portals of Japan set who sent them the article behind it.
    """
    if not title.isascii() and (line := next((line for line in lines if is_unspaced_beginning(line, title)), "")):
        return line
    cuts = {title[: cut.start()] for cut in list(_SEPARATOR.finditer(title))[-MAX_CUTS:]}
    cuts |= {title[cut.end() :] for cut in list(_BEHIND_SITE.finditer(title))[:MAX_CUTS]}
    own = {squash(part): part for part in cuts if count_words(part) >= TITLE_WORDS}
    if not own:
        return title
    shown = {key for line in lines if len(line) <= MAX_TITLE and (key := squash(line)) in own}
    return own[max(shown, key=len)] if shown else title


def names_issue(title: str) -> bool:
    """Return whether a title is a few words and a date: a paper's name and the day of its issue."""
    parts = _PARTS.split(title) if any(map(str.isdigit, title)) else []
    dates = [part for part in parts if read_date(part)]
    return len(dates) == 1 and count_words(title) - count_words(dates[0]) <= MAX_NAME_WORDS


def line_above_byline(lines: list[str]) -> str:
    """Return the line above the first byline where it may be a title, else nothing; old pages have no heading."""
    for above, line in pairwise(lines):
        if len(line) < MAX_BYLINE and begins_as_byline(line):
            fits = count_words(above) >= FEW_WORDS and len(above) < PARAGRAPH and not above.endswith(STOPS)
            return above if fits else ""
    return ""


def says_nothing(title: str, publishers: set[str]) -> bool:
    """Return whether a title is the publisher's name (`publishers`: squashed), or one of any page."""
    return squash(title) in publishers or normal(title) in _NO_TITLES


def without_sections(title: str) -> str:
    """Return a title without the sections and the site behind it: short parts behind bars, or two and more behind dashes."""
    for sign, least in (("|", 1), (" - ", 2), (" – ", 2)):
        first, *rest = title.split(sign)
        if (
            len(rest) >= least
            and len(first.split()) >= TITLE_WORDS
            and all(0 < len(part.split()) <= SECTION_WORDS for part in rest)
        ):
            return first.strip()
    return title
