"""Mistakes in a query, as the parser meets them, in plain words with advice."""

import re
from difflib import get_close_matches

from lark import UnexpectedInput
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from agents.watch.errors import QueryError
from streams.text.word_lists import word_lists

SYMBOLS = frozenset(":,=<>{}")
FIELDS = "title:, source:, lang:, region:, topic:, author: and trend:"

#: The field here for each field of another search language.
OTHER_FIELDS = {
    other: field for field, others in word_lists(__package__, "other_fields.toml").items() for other in others
}
#: Punctuation that other search languages have for operators; one may hang on the word behind it.
SIGNS = {"-": "AND NOT", "!": "AND NOT", "+": "AND", "&": "AND", "&&": "AND", "|": "OR", "||": "OR"}
SIGN = re.compile(r"(&&?|\|\|?|[-!+])(.*)", re.DOTALL)
#: The name of a condition at the end of a text, before its comparison.
CONDITION = re.compile(r"(?:^|[\s(])(score|story\.\w*)\s*$")
COMPARISONS = frozenset("<>=")
#: Conditions on an article's story, each with an example of its least number.
STORY = {"story.sources": 5, "story.articles": 20, "story.languages": 3, "story.growth": 3}
#: The last item within the braces of a score: a term, and its weight where it has one.
ITEM = re.compile(r'\{(?:[^{}]*,)?\s*("[^"]*"|[^\s{},:"]+)\s*(:\s*-?\d+)?\s*$')
#: A bare word, and one at the end of a text.
BARE = re.compile(r"\w[\w'\u2019.-]*\*?")
#: Operators with a number behind them.
DISTANCES = ("NEAR", "PRE", "ATLEAST")
#: Operators with two neighbouring letters exchanged. Not any order of their letters: DNA is a word.
CHANGED_OVER = {"NAD": "AND", "ADN": "AND", "RO": "OR", "ONT": "NOT", "NTO": "NOT"}
#: A phrase that begins with a single quotation mark at the end of a text, and the last word of one.
SINGLE_QUOTED, SINGLE_END = re.compile(r"(?:^|[\s(:])'([^'\"()]+?)\s*\Z"), re.compile(r"([^']+)'\Z")
LAST_BARE = re.compile(rf"(?:^|[\s(])({BARE.pattern})\s*$")


def explain_unexpected(error: UnexpectedInput, text: str) -> QueryError:
    """Return the parser's error in plain words."""
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return QueryError("the query ends too early", *place(text, len(text.rstrip())), hint=at_end(text))
    line, column = max(error.line, 1), max(error.column, 1)
    # An operator where a term should be is read as a word, and only what follows is unexpected.
    operator = re.search(r"(?:^|\(|\b(?:AND|OR|NOT)\s)\s*(AND|OR)\s*$", text[: error.pos_in_stream or 0])
    if operator:
        return QueryError(f"unexpected `{operator[1]}`", *place(text, operator.start(1)), hint=token_hint(operator[1]))
    rest = text.split("\n")[line - 1][column - 1 :]
    before = text[: error.pos_in_stream or 0]
    found = re.match(r'"(?:\\.|[^"\\])*"|[^\s()"{}:,=<>]+|.', rest)
    shown = found[0] if found else rest[:1]
    if isinstance(error, UnexpectedCharacters) or shown in SYMBOLS:
        return QueryError(f"unexpected `{shown}`", line, column, character_hint(before, shown, rest))
    return QueryError(f"unexpected `{shown}`", line, column, token_hint(shown, before))


def at_end(text: str) -> str:
    """Return the hint for a query that stops in the middle."""
    plain = re.sub(r'"(?:\\.|[^"\\])*"', "", text)
    if plain.count("(") > plain.count(")"):
        return "a closing parenthesis is missing"
    if re.search(r"\bscore\s*>=\s*\d+\s*$", plain):
        return "the weights of its terms stand in braces behind it: score >= 5 { oil:3, gas:2 }"
    return (
        "a closing brace is missing"
        if plain.count("{") > plain.count("}")
        else "something must follow the last operator"
    )


def character_hint(before: str, shown: str, rest: str) -> str:
    """Return the hint for a character that cannot stand in its place; `rest` is its line from there on."""
    if shown.startswith('"'):
        return "the closing quotation mark is missing" if len(shown) == 1 else "two terms need AND or OR between them"
    if shown == ":":
        field = re.search(r"[^\s()\"{}:,=<>]*$", before)
        return field_hint(field[0] if field else "", rest[1:])
    if condition := CONDITION.search(before) if shown in COMPARISONS else None:
        return condition_hint(condition[1])
    if shown in SYMBOLS:
        return "put it in quotes with the words around it; braces and weights belong to score >= n { word:weight }"
    return token_hint(shown, before)


def condition_hint(name: str) -> str:
    """Return the hint for a condition that is not written as `name >= n`, or whose name there is not."""
    if name == "score":
        return "write score >= 5 { oil:3, gas:2 }"
    if name in STORY:
        return f"write {name} >= {STORY[name]}"
    return "the conditions on a story are " + ", ".join(f"{each} >= {least}" for each, least in STORY.items())


def weight_hint(item: re.Match[str], shown: str) -> str:
    """Return the hint for a word that cannot stand behind an item of a score."""
    if item[2]:
        return f"a comma stands between the terms of a score: {item[1]}{item[2]}, {shown}"
    weight = shown if re.fullmatch(r"-?\d+", shown) else "5"
    return f"a term of a score is one word, or a phrase in quotes, with its weight behind a colon: {item[1]}:{weight}"


def field_hint(name: str, rest: str) -> str:
    """Return the hint for a colon behind a word that is no field; `rest` follows the colon."""
    field = OTHER_FIELDS.get(name.lower().lstrip("-+!"))
    if field == "time":
        return "a query holds no time: a search has its time beside it, a watch is asked of what comes in"
    if field:
        value = re.match(r'"[^"]*"|[^\s()"{}:,=<>]+', rest)
        return f"write {field}:{value[0] if value else '…'}"
    return f"{name}: is no field (fields: {FIELDS}); to search for a colon, quote it"


def token_hint(shown: str, before: str = "") -> str:
    """Return the hint for a word or operator that cannot stand in its place."""
    if item := ITEM.search(before):
        return weight_hint(item, shown)
    if re.fullmatch(r"source|lang|region|topic|author|trend|title|score", shown):
        return "AND or OR is missing before it"
    if shown in {"and", "or", "not"}:
        return "operators are written in capitals: AND, OR, NOT"
    if re.fullmatch(r"(?i)near|pre|w|onear|atleast", shown.split("/", maxsplit=1)[0]):
        return "distances are written as oil NEAR/8 price (or PRE/8 where the order counts), counts as ATLEAST/3 oil"
    if operator := misspelt_operator(shown):
        return f"did you mean {operator}?"
    if quoted := SINGLE_QUOTED.search(before):
        closed = SINGLE_END.match(shown)
        phrase = f"{quoted[1]} {closed[1]}" if closed else f"{quoted[1]} {shown} …"
        return f'a phrase stands in double quotes: "{phrase}"'
    if shown == ")" and before.count("(") <= before.count(")"):
        return "no parenthesis was opened before it, or an operator needs a term on each side"
    if shown in {"AND", "OR", "NOT", ")"} or re.match(r"(NEAR|PRE)/\d", shown):
        return "an operator needs a term on each side"
    if distance := re.fullmatch(r"~(\d+)", shown):
        return f"words near each other are written as oil NEAR/{distance[1]} price"
    if sign := SIGN.fullmatch(shown):
        return f"write {SIGNS[sign[1]]} {sign[2]}".rstrip()
    last = LAST_BARE.search(before)
    if last and BARE.fullmatch(shown) and last[1] not in {"AND", "OR", "NOT"}:
        return (
            f'two terms need AND, OR or NEAR/n between them: {last[1]} AND {shown}, or "{last[1]} {shown}" as a phrase'
        )
    return 'two terms need AND, OR, NEAR/n between them, or quotes around both: "oil price"'


def misspelt_operator(shown: str) -> str:
    """Return the operator that a word may stand for: with a distance the nearest, else one with two letters exchanged."""
    name, slash, distance = shown.partition("/")
    if slash and distance.isdecimal():
        near = get_close_matches(name.upper(), DISTANCES, n=1)
        return f"{near[0]}/{distance}" if near else ""
    return CHANGED_OVER.get(shown, "")


def place(text: str, index: int) -> tuple[int, int]:
    """Return the line and column, from 1, of an index into a text."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
