"""Texts that a page claims as its article and does not show: in structured data, in the state of its scripts, in `noscript`.

Counts of words do not tell whether a page shows a text: one that scripts fill may show more boilerplate than its article
has words. So the claimed text is looked for in the text that was found. Where little of it is there, the title says which
of the two is the article: another article's text, a copy in another language or a summary say no more of it than the
page's own text does.
"""

import re
from functools import lru_cache
from itertools import islice
from unicodedata import normalize

from agents.clean.page.blocks import Page
from agents.clean.page.walk import LINK_SHARE, texts_within
from agents.clean.plain.article import read_plain
from agents.clean.text.language import identify, primary
from agents.clean.text.words import UNSPACED, count_words
from streams.text.character_references import unescape
from streams.text.scripts import MARKS

#: Fewest words of a claimed text that may be the article although the page does not show it.
SPLIT_WORDS = 50
#: Largest share of such a text that the page shows.
SHOWN_SHARE = 0.4
#: From this share on the page shows the same article: chance gives two texts hardly a run of four words.
SAME = 0.1
#: Most runs of a text that are looked for in another.
RUNS = 200
#: Words of a run.
RUN_WORDS = 4
#: Characters of a run in scripts without spaces.
RUN_CHARS = 8
#: Most characters of a claimed text.
MAX_CLAIM = 1_000_000
#: Most characters of a text that is searched.
MAX_CHARS = 400_000
#: Most characters of a title.
MAX_TITLE = 500
#: Letters of a title's word by which it is recognized in other grammatical cases.
STEM = 5
#: Fewest letters of a word that counts: shorter ones are in any text.
LONG = 4
#: Smallest share of a title's words that its article has.
TITLED = 0.3
#: Another text has at most this share of what the article has of the title.
LESS = 0.6
#: Boilerplate of the shells that this was tried with was taken for text with less confidence, articles with more.
SURE = 0.9
#: Words or parts of a title, at least, of which a text has more than the title itself.
TELLING = 4
#: A text with less of its title may be none of the article: then it is looked for where the page does not show it.
DOUBTED = 0.5
#: Characters at the beginning of a text in which its title is looked for first.
TOLD_CHARS = 2_000
#: Rows of links whose text a claim holds, at least: it is the text of the whole page, and what was found is the better one.
LINKS = 4
#: Most rows of links that are looked for in a claimed text.
MAX_LINKS = 200
#: Fewest words of a row: an article has the words of a menu too.
MENU_WORDS = 3
#: Fewest characters of a row in scripts without spaces.
MENU_SIGNS = 6
_TAGS = re.compile(
    r"<(?:p|br|div|h[1-6]|li|ul|a|b|strong|em|i|span|figure|img|section|article)\b[^<>]*>", re.IGNORECASE
)
_ESCAPED = re.compile(r"&(?:#\d{1,6}|#x[\da-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)
#: Codes in brackets: a pair with attributes, or around an address, with all that is between; one alone that has attributes.
_SHORTCODE = re.compile(
    r"\[([a-z][\w-]{1,30})(?:\s[^\[\]<>=]{0,300}+=[^\[\]]{0,300}\][^\[\]]{0,600}|\]\s{0,9}https?://[^\s\[\]]{1,2000}\s{0,9})\[/\1\]"
    r"|\[[a-z][\w-]{1,30}\s[^\[\]<>=]{0,300}+=\s?[\"'”″][^\[\]]{0,300}\]",
    re.IGNORECASE,
)
#: The share of a claimed text that its paragraphs have, at least.
LEFT = 0.3
#: As often markup may be escaped.
ESCAPES = 3
#: Words with the marks of their scripts, in Tibetan with all that stands between two spaces.
_WORD = re.compile(rf"[\w{MARKS}\u0f00-\u0fff]+")
#: Runs of characters of scripts that write no spaces, or short words with endings at them.
_SIGNS = re.compile(f"[{UNSPACED}\uac00-\ud7a3]{{2,}}")


def claimed_text(claimed: str) -> str:
    """Return a claimed text without its markup, escaped markup too, paragraphs as lines; empty where no parser may see it."""
    if len(claimed) > MAX_CLAIM:
        return ""
    for _ in range(ESCAPES):
        if not _ESCAPED.search(claimed):
            break
        claimed = unescape(claimed)
    return "\n".join(texts_within(claimed)) if _TAGS.search(claimed) else claimed


def article_of(claimed: str, title: str, language: str) -> str:
    """Drop the bylines, labels, notices and menus that publishing systems put into a claimed text."""
    paragraphs = read_plain(without_shortcodes(claimed), title, (), language).paragraphs
    text = "\n\n".join(paragraphs)
    return text if paragraphs and count_words(text) >= LEFT * count_words(claimed) else claimed


def without_shortcodes(text: str) -> str:
    """Drop bracketed codes that stand for a picture, a film or another page, with their content."""
    return _SHORTCODE.sub("", text) if "[" in text and "]" in text else text


def is_article_instead(
    claimed: str, found: str, title: str, declared: str = "", *, titled: bool = False, confidence: float = 0.0
) -> bool:
    """Return whether a claimed text is the article of this title rather than the text that was found on the page.

    `declared`: the page's language, empty where it says none; `titled`: the claim itself has this title;
    `confidence`: of the choice of what was found.
    """
    size, words = count_words(claimed), count_words(found) if found else 0
    if size < SPLIT_WORDS:
        return False
    few = words < SHOWN_SHARE * size
    share = shown_share(claimed, found)
    if share >= (1.0 if few else SHOWN_SHARE):
        return False
    if share >= SAME:
        return few or size > words
    own, other = title_share(title, claimed), title_share(title, found)
    if own >= TITLED and other <= LESS * own:
        return True
    language, shown = language_of(claimed), language_of(found)
    if language and shown and language != shown:
        return language == primary(declared)
    if confidence >= SURE and words >= SPLIT_WORDS:
        return False
    if few:
        return own > (other if words >= SPLIT_WORDS else LESS * other) or not other
    return titled and size > words and own >= other


def language_of(text: str) -> str:
    """Return the language of a text, empty where it is too short to tell."""
    return identify("", text, [])[0] or ""


def is_doubtful(title: str, found: str) -> bool:
    """Return whether the text that was found says so little of the title that it may be boilerplate."""
    # Most articles say enough of their title in their beginning: what more of a text says of it takes away nothing.
    return title_share(title, found, TOLD_CHARS) < DOUBTED and title_share(title, found) < DOUBTED


def words_of(text: str) -> list[str]:
    """Return the words of a text, in small letters."""
    return _WORD.findall(normalize("NFC", text[:MAX_CHARS]).lower())


def shown_share(claimed: str, found: str) -> float:
    """Return the share of a claimed text that stands in the text that was found, by runs of words or characters."""
    words, others = words_of(claimed), words_of(found)
    if len(words) * 2 < count_words(claimed[:MAX_CHARS]):
        words, others, length, between = list("".join(words)), list("".join(others)), RUN_CHARS, ""
    else:
        length, between = RUN_WORDS, " "
    starts = range(max(1, len(words) - length + 1))
    own = between.join(others)
    runs = [between.join(words[at : at + length]) for at in starts[:: 1 + len(starts) // RUNS]]
    return sum(run in own for run in runs) / len(runs)


def title_share(title: str, text: str, most: int = MAX_CHARS) -> float:
    """Return the share of a title's longer words that a text has, perhaps in other cases.

    In scripts without spaces it is the share of its pairs of characters. One part alone may be chance, and the title, as it
    stands in a list, says nothing. `most`: characters of the text that are looked at.
    """
    words, parts = title_parts(title[:MAX_TITLE])
    own = text[:most].lower()
    if max(words, len(parts)) >= TELLING:  # cards of the page's own article have its title, and no more of it
        own = own.replace(title.lower(), " ")
    if len(text) > most:
        own = own[: -len(title) or None]  # where the title may be cut off
    count = sum(part in own for part in parts)
    return count / len(parts) if count > 1 else 0.0


@lru_cache(4)
def title_parts(title: str) -> tuple[int, frozenset[str]]:
    """Return how many words a title has, and the parts of them that a text about it has too: stems, or pairs of characters."""
    words = words_of(title)
    parts = {word[:STEM] for word in words if len(word) >= LONG and not _SIGNS.search(word)}
    for word in words:
        parts.update(run[at : at + 2] for run in _SIGNS.findall(word) for at in range(len(run) - 1))
    return len(words), frozenset(parts)


def holds_menus(claimed: str, page: Page) -> bool:
    """Return whether a claimed text holds the page's rows of links: it is the text of the whole page."""
    links = (
        " ".join(words_of(text))
        for text, chars in zip(page.texts, page.link_chars, strict=True)
        if chars and chars >= LINK_SHARE * (len(text) - text.count(" "))
    )
    rows = set(islice((row for row in links if is_long(row)), MAX_LINKS))
    own = " ".join(words_of(claimed)) if len(rows) >= LINKS else ""
    return sum(row in own for row in rows) >= LINKS


def is_long(row: str) -> bool:
    """Return whether a row of words is too long to stand in a text by chance, as the words of a menu may."""
    signs = _SIGNS.search(row)
    return row.count(" ") >= MENU_WORDS - 1 or (signs is not None and len(signs[0]) >= MENU_SIGNS)
