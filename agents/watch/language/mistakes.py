"""Mistakes in a query, as the parser meets them, in plain words with advice."""

import re

from lark import UnexpectedInput
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from agents.watch.errors import QueryError

SYMBOLS = frozenset(":,=<>{}")
FIELDS = "title:, source:, lang:, region:, topic:, author: and trend:"


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
    found = re.match(r'"(?:\\.|[^"\\])*"|[^\s()"{}:,=<>]+|.', rest)
    shown = found[0] if found else rest[:1]
    if isinstance(error, UnexpectedCharacters) or shown in SYMBOLS:
        return QueryError(f"unexpected `{shown}`", line, column, character_hint(text, shown, line, column))
    return QueryError(f"unexpected `{shown}`", line, column, token_hint(shown))


def at_end(text: str) -> str:
    """Return the hint for a query that stops in the middle."""
    plain = re.sub(r'"(?:\\.|[^"\\])*"', "", text)
    if plain.count("(") > plain.count(")"):
        return "a closing parenthesis is missing"
    return (
        "a closing brace is missing"
        if plain.count("{") > plain.count("}")
        else "something must follow the last operator"
    )


def character_hint(text: str, shown: str, line: int, column: int) -> str:
    """Return the hint for a character that cannot stand where it does."""
    if shown.startswith('"'):
        return "the closing quotation mark is missing" if len(shown) == 1 else "two terms need AND or OR between them"
    before = re.search(r"[^\s()\"{}:,=<>]*$", text.split("\n")[line - 1][: column - 1])
    if shown == ":":
        return f"{before[0] if before else ''}: is no field (fields: {FIELDS}); to search for a colon, quote it"
    if shown in SYMBOLS:
        return "put it in quotes with the words around it; braces and weights belong to score >= n { word:weight }"
    return token_hint(shown)


def token_hint(shown: str) -> str:
    """Return the hint for a word or operator that cannot stand where it does."""
    if re.fullmatch(r"source|lang|region|topic|author|trend|title|score", shown):
        return "AND or OR is missing before it"
    if shown in {"and", "or", "not"}:
        return "operators are written in capitals: AND, OR, NOT"
    if re.fullmatch(r"(?i)near|pre|w|onear|atleast", shown.split("/", maxsplit=1)[0]):
        return "distances are written as oil NEAR/8 price (or PRE/8 where the order counts), counts as ATLEAST/3 oil"
    if shown in {"AND", "OR", "NOT", ")"} or re.match(r"(NEAR|PRE)/\d", shown):
        return "an operator needs a term on each side"
    return 'two terms need AND, OR, NEAR/n between them, or quotes around both: "oil price"'


def place(text: str, index: int) -> tuple[int, int]:
    """Return the line and column, from 1, of an index into a text."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)
