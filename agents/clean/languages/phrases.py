"""Phrases of language files as regular expressions.

A phrase is lower-case text with a few operators: `[text]` may be missing, `(a|b)` is one of several, `*` is the rest of a
word (or a word), `#` a number, and a space any white space. A straight apostrophe stands for a curly one too, and a Hindi
letter with a dot below for the one without. A phrase ends where a word ends, in scripts that write spaces between words.
"""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from collections.abc import Container, Iterable, Iterator
from itertools import chain, takewhile

import ahocorasick_rs

_SIGNS = {
    "[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|", " ": r"\s+", "'": "['’]",
    "*": r"[^\W_]{0,40}", "#": r"(?<!\d)\d[\d.,]{0,12}+",
}  # fmt: skip
_GROUPING = frozenset(_SIGNS[sign] for sign in "[]()|*#")
#: The dot below Hindi letters, which is often left out, and the letters that are one code point with it.
_DOT = "\u093c"
_DOTTED = dict(zip("कखगजडढफ", "\u0958\u0959\u095a\u095b\u095c\u095d\u095e", strict=True))
#: The first character of the scripts that write no spaces (Thai, then Chinese, Japanese and Korean).
_UNSPACED = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"), ("\u2e80", "\uffef"))


def spaced(char: str) -> bool:
    """Return whether a character is a letter or digit of a script that writes spaces between words."""
    return char.isalnum() and not any(first <= char <= last for first, last in _UNSPACED)


#: What stands before a phrase that begins a word.
_WORD_BEGINS = r"(?<![^\W_])"


def begins_word(phrase: str) -> bool:
    """Return whether a phrase begins with a letter or digit of a script that writes spaces between words."""
    return spaced(phrase.lstrip("[(")[:1])


def pattern(phrase: str) -> str:
    """Return a phrase as the source of a regular expression, with the ends of its words."""
    return f"{_WORD_BEGINS if begins_word(phrase) else ''}{body(phrase)}"


def body(phrase: str) -> str:
    """Return a phrase as the source of a regular expression, with the end of its last word alone."""
    return "".join(_sources(phrase)) + _word_end(phrase)


def _sources(phrase: str) -> list[str]:
    """Return the letters and operators of a phrase, each as the source of a regular expression."""
    sources: list[str] = []
    for char in phrase:
        if char == _DOT and sources and sources[-1] in _DOTTED:
            sources[-1] = f"(?:{sources[-1]}{_DOT}?|{_DOTTED[sources[-1]]})"
        else:
            sources.append(_SIGNS.get(char) or re.escape(char))
    return sources


def _word_end(phrase: str) -> str:
    last = phrase.rstrip("])|")[-1:]
    return r"(?![^\W_])" if last and spaced(last) else ""


def any_of(phrases: Iterable[str]) -> str:
    """Return the source of a regular expression for any of the phrases, the longest first.

    Those that begin a word are tried together, behind one look at the character before: within a word, where most
    tries are, none of them is looked at.
    """
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    whole = [phrase for phrase in ordered if begins_word(phrase)]
    parts = [f"{_WORD_BEGINS}{_tree(whole)}"] if whole else []
    if len(whole) < len(ordered):
        parts.append(_tree([phrase for phrase in ordered if not begins_word(phrase)]))
    return f"(?:{'|'.join(parts)})" if parts else r"(?!)"


#: A tree of phrases by what they begin with: branches by the next part's source, and ends of phrases, in the order in
#: which a regular expression tries them.
_Tree = list[tuple[str, "_Tree | None"]]


def _tree(phrases: Iterable[str]) -> str:
    """Return the source of a regular expression for any of some phrases, in their order.

    What phrases begin with alike stands in it once: a few letters rule most of some hundred phrases out, where a flat
    list would try each.
    """
    root: _Tree = []
    for phrase in phrases:
        node, sources = root, _sources(phrase)
        plain = list(takewhile(_is_plain, sources))
        for source in plain:
            node = _branch(node, source)
        node.append(("".join(sources[len(plain) :]) + _word_end(phrase), None))
    return _source_of(root)


def _is_plain(source: str) -> bool:
    """Return whether the source of a part stands for one character (or a space), so that a branch may begin with it."""
    return source not in _GROUPING and not source.startswith("(?:")


def _branch(node: _Tree, source: str) -> _Tree:
    """Return the branch of a part, made where there is none behind the last end of a phrase: order is kept."""
    for known, below in reversed(node):
        if below is None:
            break
        if known == source:
            return below
    below = []
    node.append((source, below))
    return below


def _source_of(tree: _Tree) -> str:
    parts = [source if below is None else source + _source_of(below) for source, below in tree]
    return parts[0] if len(parts) == 1 and tree[0][1] is not None else f"(?:{'|'.join(parts)})"


#: Operators with which a phrase that stands for no text at all begins and ends, unless it has an empty part.
_MISSING_FIRST, _MISSING_LAST = frozenset("[(*|"), frozenset("])*|")


def is_empty(phrase: str) -> bool:
    """Return whether a phrase stands for no text too, so that it would be found everywhere: `a|`, `[a]`, `*`.

    Raises `re.error` for such a phrase whose brackets do not match.
    """
    if not phrase.strip():
        return True
    suspect = (
        "|" in (phrase[0], phrase[-1])
        or "||" in phrase
        or (phrase[0] in _MISSING_FIRST and phrase[-1] in _MISSING_LAST)
    )
    return suspect and re.fullmatch(body(phrase), "") is not None


#: Punctuation before the first letter that is skipped.
_SKIPPED = 8


def finder_of(phrases: list[str]) -> ahocorasick_rs.AhoCorasick:
    """Return the automaton that finds the longest of some phrases at each place (as a table, twice as fast)."""
    return ahocorasick_rs.AhoCorasick(
        phrases, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, implementation=ahocorasick_rs.Implementation.DFA
    )


#: Stands in a form of a phrase for what may be anything.
_GAP = "\0"
#: Letters that a pattern without regard to case takes for one, though they differ in lower case; apostrophes.
_ALIKE = (("i\u0307", "i"), ("ı", "i"), ("ς", "σ"), ("ſ", "s"), ("’", "'"))


def forms(phrase: str) -> list[str]:
    """Return all texts that a phrase stands for, with a NUL in place of an operator for any word or number."""
    levels: list[tuple[list[str], list[str]]] = [([], [""])]
    for char in phrase:
        done, open_forms = levels[-1]
        if char in "[(":
            levels.append(([], [""]))
        elif char == "|":
            levels[-1] = ([*done, *open_forms], [""])
        elif char in "])":
            levels.pop()
            choices = [*done, *open_forms, *([""] if char == "]" else [])]
            done, before = levels[-1]
            levels[-1] = (done, [form + choice for form in before for choice in choices])
        elif char == _DOT:
            levels[-1] = (done, [form[:-1] + _GAP for form in open_forms])
        else:
            levels[-1] = (done, [form + (_GAP if char in "*#" else char) for form in open_forms])
    done, open_forms = levels[0]
    return [*done, *open_forms]


def folded(text: str) -> str:
    """Return a text in lower case, in which letters and spaces that a phrase's pattern takes for the same are the same."""
    low = text.lower()
    if not low.isascii():
        for char, other in _ALIKE:
            low = low.replace(char, other)
    return low.replace("\n", " ")


class Heads:
    """The first letters of phrases, which most texts do not begin with: a look at them is far quicker than a pattern."""

    #: Letters of each phrase that are looked at, and those where the first few are a phrase's ("the ", "this").
    SIZE, LONG = 4, 12

    def __init__(self, phrases: Iterable[str]) -> None:
        """Take the phrases of a language file."""
        begun: dict[str, set[str]] = {}
        #: Beginnings that are words: no small letter stands behind them. A capital may, where a name is glued to a word.
        self.words: set[str] = set()
        others: set[str] = set()
        for start, is_word in (start for phrase in phrases for start in _starts(phrase)):
            head = self._cut(start)
            (self.words if is_word and head.isalpha() else others).add(head)
            for written in (head, head.replace(" ", "\n")):
                begun.setdefault(written, set()).add(head if head == _NUMBER else start[: self.LONG])
        self.words -= others
        #: A phrase of punctuation alone begins like any other punctuation.
        self._signs = _SIGN in begun
        #: The first few letters, each with those of all phrases that begin so.
        self.heads = {head: tuple(starts) for head, starts in begun.items()}
        short = [head for head in begun if len(head) < self.SIZE]
        self._lengths = sorted(set(map(len, short)))
        self._ascii_lengths = sorted({len(head) for head in short if head.isascii()})
        self.first = First([self])

    def _cut(self, start: str) -> str:
        """Return the first letters of a text in lower case: of a number its first digit alone, as a nought."""
        return _NUMBER if start[:1].isdecimal() else start[: self.SIZE]

    def may_begin(self, text: str) -> bool:
        """Return whether a text may begin with a phrase, behind punctuation or not."""
        return self.first[text[: self.SIZE]] and self._begins(text)

    def _begins(self, text: str) -> bool:
        at = 0
        if not text[:1].isalnum():
            if self._signs:
                return True
            at = _first_letter(text[:_SKIPPED])
            if at == _SKIPPED:
                return True
        written = text[at : at + self.SIZE]
        head, lengths = written.lower(), self._ascii_lengths
        if not head.isascii():
            head, lengths = folded(head)[: self.SIZE], self._lengths
        if starts := self.heads.get(head):
            if " ".join(folded(text[at : at + 2 * self.LONG]).split()).startswith(starts):
                return True
        elif not head:
            return True
        return has_short_beginning(head, written, lengths, self.heads, self.words) or (
            head[0].isdecimal() and _NUMBER in self.heads
        )


class First(dict[str, bool]):
    """Whether a text may begin with any of some phrases, by its first letters (`Heads.SIZE`): most texts do not.

    A dictionary, since many blocks of each page are looked up: a call for each would cost more.
    """

    #: First letters that are remembered, at most; it is emptied when full. 290 pages have 6,500.
    MOST = 8_192

    def __init__(self, tables: Iterable[Heads]) -> None:
        """Take the first letters of phrases, from several tables where a text may begin with any of their phrases."""
        tables = list(tables)
        self._heads = frozenset(chain.from_iterable(table.heads for table in tables))
        others = {head for table in tables for head in table.heads if head not in table.words}
        self._words = self._heads - others
        self._lengths = sorted({len(head) for head in self._heads if len(head) < Heads.SIZE})
        self._numbers = _NUMBER in self._heads

    def __missing__(self, head: str) -> bool:
        """Look first letters up, and remember the answer; behind punctuation a text may begin with anything."""
        if len(self) >= self.MOST:
            self.clear()
        self[head] = found = not head[:1].isalnum() or self._holds(folded(head)[: Heads.SIZE], head)
        return found

    def _holds(self, head: str, written: str) -> bool:
        return (
            head in self._heads
            or (self._numbers and head[0].isdecimal())
            or has_short_beginning(head, written, self._lengths, self._heads, self._words)
        )


def has_short_beginning(
    head: str, written: str, lengths: Iterable[int], heads: Container[str], words: Container[str]
) -> bool:
    """Return whether the first letters of a text, folded and as written, begin with one of the short `heads`.

    `lengths`: those of such heads; `words`: heads that no small letter follows.
    """
    return any(
        head[:length] in heads and not (written[length : length + 1].islower() and head[:length] in words)
        for length in lengths
    )


_LETTER = re.compile(r"[^\W_]")
#: Stands for the first letters of a phrase that has none, and of one that begins with a number.
_SIGN, _NUMBER = ".", "0"
#: Stands in a form of a phrase for a number.
_DIGITS = "\1"


def _starts(phrase: str) -> Iterator[tuple[str, bool]]:
    """Yield the beginning of each form of a phrase, from its first letter on, and whether its last word ends there."""
    if phrase[1:2] == _DOT:
        yield from ((phrase[0], False), (_DOTTED.get(phrase[0], phrase[0]), False))
        return
    ends = _word_end(phrase) != ""
    for form in forms(phrase.replace("#", _DIGITS)):
        start, gap, _ = folded(form).replace(_DIGITS, _GAP).partition(_GAP)
        begun = start[_first_letter(start) :]
        if not begun and folded(form)[len(start) : len(start) + 1] == _DIGITS:
            begun = _NUMBER
        yield begun or ("" if gap or not start.strip() else _SIGN), ends and not gap


def _first_letter(text: str) -> int:
    """Return where the first letter or digit of a text stands, its end where it has none."""
    found = _LETTER.search(text)
    return found.start() if found else len(text)


class Openings:
    """Phrases that a text may begin with, behind punctuation or not, as a regular expression that is seldom tried."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Take the phrases of a language file."""
        listed = list(phrases)
        self.pattern = re.compile(rf"\W*{any_of(listed)}", re.IGNORECASE)
        self._heads = Heads(listed)

    def match(self, text: str) -> re.Match[str] | None:
        """Return the phrase that a text begins with."""
        return self.pattern.match(text) if self._heads.may_begin(text) else None


class Sought:
    """Phrases that most texts do not hold, as a regular expression that is only tried where letters of one stand.

    To look for all letters at once (Aho-Corasick) takes a tenth of the time of a pattern, which tries each place. Texts
    are blocks: their white space is single spaces and line breaks.
    """

    def __init__(self, phrases: Iterable[str], before: str = "") -> None:
        """Take the phrases of a language file; `before`: the pattern of the text before each."""
        listed = list(phrases)
        parts = {part for phrase in listed for part in surest_parts(phrase)}
        self.pattern = re.compile(before + any_of(listed), re.IGNORECASE)
        self._finder = finder_of(sorted(parts)) if "" not in parts else None

    def may_be_in(self, text: str) -> bool:
        """Return whether letters of a phrase stand in a text."""
        return self._finder is None or bool(self._finder.find_matches_as_indexes(folded(text)))

    def may_hold(self, text: str, least: int) -> bool:
        """Return whether letters of phrases stand in a text so many times at least, as they do in few."""
        if self._finder is None:
            return True
        return len(self._finder.find_matches_as_indexes(folded(text))) >= least

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first phrase in a text."""
        return self.pattern.search(text) if self.may_be_in(text) else None

    def findall(self, text: str) -> list[str]:
        """Return all phrases in a text."""
        return self.pattern.findall(text) if self.may_be_in(text) else []


def surest_parts(phrase: str) -> set[str]:
    """Return the longest text in each form of a phrase, as `folded` gives it; one of them stands where the phrase does."""
    return {max(folded(form).split(_GAP), key=len).strip() for form in forms(phrase)}


class Several:
    """Phrases of which it counts how many a text holds, whose patterns are only tried where letters of them stand."""

    def __init__(self, phrases: Iterable[tuple[str, ...]]) -> None:
        """Take the phrases of a language file, those that count as one together."""
        groups = list(phrases)
        self.patterns = [re.compile(any_of(group), re.IGNORECASE) for group in groups]
        self._groups: dict[str, set[int]] = {}
        for number, group in enumerate(groups):
            for part in {part for phrase in group for part in surest_parts(phrase)}:
                self._groups.setdefault(part, set()).add(number)
        self._always = self._groups.pop("", set[int]())
        self._parts = sorted(self._groups)
        self._finder = ahocorasick_rs.AhoCorasick(self._parts, implementation=ahocorasick_rs.Implementation.DFA)

    def may_be_in(self, text: str) -> bool:
        """Return whether letters of one of them stand in blocks of a page: their white space is single."""
        return bool(self._always) or bool(self._finder.find_matches_as_indexes(folded(text)))

    def count(self, text: str) -> int:
        """Return how many of them stand in a text; one word that several languages share counts once."""
        found = self._finder.find_matches_as_indexes(folded(" ".join(text.split())), overlapping=True)
        if not found and not self._always:
            return 0
        tried = self._always.union(*(self._groups[self._parts[part]] for part in {part for part, _, _ in found}))
        return len({match.start() for number in tried if (match := self.patterns[number].search(text))})
