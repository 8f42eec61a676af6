"""Parser of the query language (`query.lark`); errors come with a place and a hint."""

import re
from functools import cache
from importlib.resources import files
from typing import NoReturn

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError

from agents.watch.errors import QueryError
from agents.watch.language import vocabulary
from agents.watch.language.anchors import unanchored
from agents.watch.language.forms import SPELLED_OUT, abbreviation
from agents.watch.language.mistakes import explain_unexpected, place
from agents.watch.language.query import (
    RESERVED,
    And,
    AtLeast,
    Author,
    Facet,
    InTitle,
    Near,
    Not,
    Or,
    Query,
    Score,
    StoryCondition,
    Term,
    is_placed,
    story_conditions,
)
from agents.watch.language.ranges import MAX_DISTANCE
from agents.watch.language.words import cut, fold, is_unspaced, join, letters, normal, offsets, spelling, straight

#: Letters with a dot behind each, and nothing of a word before or after them.
ABBREVIATION = re.compile(rf"(?<![^\W_])(?<!\w\.){SPELLED_OUT.pattern}(?!\w)")

MAX_LENGTH = 20_000
MAX_DEPTH = 30
MAX_NEAR_CHAIN = 20
#: Fewest letters before a wildcard: shorter beginnings are in too many words.
MIN_WILDCARD_LETTERS = 4
#: Fewest letters behind a wildcard that a word begins with.
MIN_LEADING_WILDCARD_LETTERS = 5


def parse(text: str) -> Query:
    """Return the query that `text` writes; raise `QueryError` with line, column and a hint.

    A query that could match an article with none of its words, sources, regions or topics is refused: nothing anchors
    it, and it would fire on almost everything.
    """
    text = straight(text)
    check_size(text)
    try:
        query = grammar().parse(text)
    except VisitError as error:
        raise error.orig_exc from None
    except UnexpectedInput as error:
        raise explain_unexpected(error, text) from None
    assert isinstance(query, Query)
    check_story_conditions(query, text)
    reason = unanchored(query)
    if reason:
        raise QueryError(reason, *first_place(text), hint="add what must be there, as in `oil AND NOT olive`")
    return query


@cache
def grammar() -> Lark:
    """Return the parser, built once."""
    text = files("agents.watch.language").joinpath("query.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", transformer=Build(), maybe_placeholders=False)


def check_size(text: str) -> None:
    """Refuse an empty query and one too long or too deep to be written by a person."""
    if not text.strip():
        raise QueryError("the query is empty", hint="write at least one word")
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"the query has {len(text):,} characters, {MAX_LENGTH:,} are allowed", hint="make it two watches"
        )
    depth = 0
    for match in re.finditer(r'"(?:\\.|[^"\\])*"|[()]', text):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth > MAX_DEPTH:
            raise QueryError(f"parentheses nest deeper than {MAX_DEPTH}", *place(text, match.start()))


def check_story_conditions(query: Query, text: str) -> None:
    """Refuse a condition on the story anywhere but beside all the rest of the query."""
    if sum(isinstance(node, StoryCondition) for node in query.walk()) != len(story_conditions(query)):
        at = re.search(r"story\.(?:articles|sources|languages|growth)\s*>=", text)
        raise QueryError(
            "a condition on the story holds for the whole query",
            *place(text, at.start() if at else 0),
            hint="join it with AND outside of all parentheses, as in (strike OR walkout) AND story.sources >= 5",
        )


def first_place(text: str) -> tuple[int, int]:
    """Return the line and column of the first character that is no space."""
    return place(text, len(text) - len(text.lstrip()))


class Build(Transformer[Token, Query]):
    """Builder of the nodes while the text is parsed; it checks all that a grammar rule cannot."""

    @v_args(inline=True)
    def or_(self, left: Query, right: Query) -> Query:
        """Join alternatives, flat."""
        return Or(parts=flat(Or, left) + flat(Or, right))

    @v_args(inline=True)
    def and_(self, left: Query, right: Query) -> Query:
        """Join conditions, flat."""
        return And(parts=flat(And, left) + flat(And, right))

    @v_args(inline=True)
    def and_not(self, left: Query, right: Query) -> Query:
        """Read `a NOT b` as `a AND NOT b`."""
        return And(parts=(*flat(And, left), self.not_(right)))

    @v_args(inline=True)
    def not_(self, part: Query) -> Query:
        """Negate; twice is not at all."""
        return part.part if isinstance(part, Not) else Not(part=part)

    @v_args(inline=True)
    def near_(self, left: Query, operator: Token, right: Query) -> Query:
        """Check that both sides stand somewhere and that the distance is sensible."""
        name, distance = operator.split("/")
        for side in (left, right):
            if not is_placed(side):
                refuse(operator, f"{name} needs words or phrases on both sides, not `{side}`", "OR groups are allowed")
        if int(distance) > MAX_DISTANCE:
            refuse(
                operator, f"{operator} reaches too far", f"at most {name}/{MAX_DISTANCE}; for all of the text use AND"
            )
        if near_depth(left) >= MAX_NEAR_CHAIN:
            refuse(operator, f"more than {MAX_NEAR_CHAIN} NEAR in a row")
        return Near(left=left, right=right, distance=int(distance), ordered=name == "PRE")

    @v_args(inline=True)
    def at_least(self, operator: Token, part: Query) -> Query:
        """Check the count and that the part stands somewhere."""
        count = int(operator.split("/")[1])
        if not is_placed(part):
            refuse(operator, f"ATLEAST counts words and phrases, not `{part}`", "put an OR group in the parentheses")
        if not 1 <= count <= 1000:
            refuse(operator, f"{operator} is out of range", "from ATLEAST/1 to ATLEAST/1000")
        return AtLeast(count=count, part=part)

    @v_args(inline=True)
    def title(self, field: Token, part: Query) -> Query:
        """Check that nothing but words stands in title:(…)."""
        for node in part.walk():
            if isinstance(node, Facet | Author | InTitle):
                refuse(field, f"`{node}` cannot stand inside title:(…)", "write title:(…) AND " + str(node))
        return InTitle(part=part)

    @v_args(inline=True)
    def value(self, token: Token) -> Token:
        """Return a facet's value without its quotation marks."""
        return Token.new_borrow_pos("VALUE", unquote(token), token) if token.type == "STRING" else token

    @v_args(inline=True)
    def facet(self, field: Token, *values: Token) -> Query:
        """Look the values up; several are alternatives."""
        nodes = tuple(facet_node(field[:-1], value) for value in values)
        return nodes[0] if len(nodes) == 1 else Or(parts=nodes)

    @v_args(inline=True)
    def item(self, term: Term, weight: Token) -> tuple[Term, int]:
        """Return a term with its weight."""
        return term, int(weight)

    @v_args(inline=True)
    def score(self, head: Token, *items: tuple[Term, int]) -> Query:
        """Check that the threshold can be reached, and only with words present."""
        threshold = int(head.split(">=")[1])
        best = sum(weight for _, weight in items if weight > 0)
        if threshold < 1:
            refuse(head, "a threshold below 1 matches articles without any of the words", "write score >= 1 or more")
        if best < threshold:
            refuse(head, f"all weights together give {best}, less than {threshold}", "lower the threshold")
        return Score(threshold=threshold, items=items)

    @v_args(inline=True)
    def story(self, token: Token) -> Query:
        """Read a condition on the article's story."""
        name, least = re.split(r"\s*>=\s*", token.removeprefix("story."))
        if float(least) <= 0:
            refuse(token, f"`{token}` holds for every story", "from 1 on")
        return StoryCondition(field=name, least=float(least))

    @v_args(inline=True)
    def word(self, token: Token) -> Query:
        """Read a bare word."""
        if token.isupper() and RESERVED.fullmatch(token.split("/")[0]):
            refuse(
                token, f"`{token}` is an operator and needs a term on each side", f'to search for the word: "{token}"'
            )
        if token[0] in "-+!":
            refuse(
                token, f"`{token}` begins with `{token[0]}`", f"write NOT {token[1:]}" if token[0] != "+" else "use AND"
            )
        return term(token, token)

    @v_args(inline=True)
    def phrase(self, token: Token) -> Query:
        """Read a quoted phrase."""
        return term(token, unquote(token))

    @v_args(inline=True)
    def exact(self, token: Token) -> Query:
        """Read `=Word`."""
        return exact_term(token, token[1:])

    @v_args(inline=True)
    def exact_phrase(self, token: Token) -> Query:
        """Read `="A Phrase"`."""
        return exact_term(token, unquote(token[1:]))


def flat(kind: type[And | Or], query: Query) -> tuple[Query, ...]:
    """Return the parts of a node of `kind`, else the node alone."""
    return query.parts if isinstance(query, kind) else (query,)


def near_depth(query: Query) -> int:
    """Return how many NEAR hang on one another on the left."""
    depth = 0
    while isinstance(query, Near):
        depth, query = depth + 1, query.left
    return depth


def unquote(text: str) -> str:
    """Return the text between quotation marks."""
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def refuse(token: Token, message: str, hint: str = "") -> NoReturn:
    """Raise the error at a token's place."""
    raise QueryError(message, token.line or 1, token.column or 1, hint)


def term(token: Token, text: str) -> Term:
    """Return a word or phrase, its wildcards checked."""
    folded = fold(normal(text))
    words: list[str] = []
    stars, past = 0, 0
    for start, end in token_offsets(folded):
        word = abbreviation(folded[start:end]) or spelling(folded[start:end])
        leading = start > past and folded[start - 1] == "*"
        trailing = folded[end : end + 1] == "*"
        if leading or trailing:
            check_wildcard(token, word, folded[end + 1 : end + 2] if trailing else "", leading=leading)
        stars += leading + trailing
        words.append("*" * leading + word + "*" * trailing)
        past = end + trailing
    if stars != folded.count("*"):
        refuse(token, f"`{text}`: a wildcard stands at an end of a word", "as in sanction* or *streik")
    return Term(words=settled(token, tuple(words)))


def token_offsets(folded: str) -> list[tuple[int, int]]:
    """Return the start and end of each word, an abbreviation with dots as one."""
    dotted = [match.span() for match in ABBREVIATION.finditer(folded)]
    covered = {index for start, end in dotted for index in range(start, end)}
    return sorted(dotted + [each for each in offsets(folded) if each[0] not in covered])


def check_wildcard(token: Token, word: str, following: str, *, leading: bool) -> None:
    """Refuse a wildcard inside a word, on too few letters, or where it says nothing."""
    if following and cut(following):
        refuse(token, f"`{token}`: a wildcard stands at an end of a word", "as in sanction* or *streik")
    if "." in word:
        refuse(token, f"`{token}`: an abbreviation with dots takes no wildcard", "write it without dots")
    if is_unspaced(word):
        refuse(token, f"`{token}` needs no wildcard", "terms in this script are found inside longer words as they are")
    fewest = MIN_LEADING_WILDCARD_LETTERS if leading else MIN_WILDCARD_LETTERS
    if letters(word) < fewest:
        pattern, side = (f"*{word}", "behind") if leading else (f"{word}*", "before")
        refuse(token, f"`{pattern}` has fewer than {fewest} letters {side} the wildcard", "list the words with OR")


def exact_term(token: Token, text: str) -> Term:
    """Return a term in exact case."""
    if "*" in text:
        refuse(token, f"`{token}`: exact case and a wildcard do not go together", "leave out the = or the *")
    plain = normal(text)
    folded = fold(plain)
    places = token_offsets(folded)
    exact = tuple(plain[start:end].replace(".", "") for start, end in places)
    words = settled(
        token, tuple(spelling(abbreviation(folded[s:e]).replace(".", "") or folded[s:e]) for s, e in places)
    )
    if tuple(spelling(fold(word)) for word in exact) != words or len(offsets(join(exact))) != len(exact):
        refuse(token, f"`{text}` cannot be read in exact case", "leave out the =")
    return Term(words=words, exact=exact)


def settled(token: Token, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words that are cut into themselves again; refuse a term without any."""
    if not words:
        refuse(token, f"`{token}` has no letters or digits", "symbols are not searched for")
    plain = tuple(part for word in words for part in word.strip("*").split("."))
    if tuple(cut(fold(normal(join(plain))))) != plain:
        refuse(token, f"`{token}` holds characters that change when they are compared", "write it in plain letters")
    return words


def language_hint(value: str) -> str:
    """Return the hint for a language that is not written as its tag."""
    code = vocabulary.named_languages().get(vocabulary.key(value))
    return f"write lang:{code}" if code else "as in lang:en or lang:zh-Hant"


def facet_node(field: str, token: Token) -> Query:
    """Return the node of one `field:value`, its value canonical."""
    value = str(token).strip()
    if field == "author":
        words = cut(fold(normal(value)))
        return Author(words=settled(token, tuple(words)))
    if not value or "*" in value:
        refuse(token, f"`{field}:{value}` is no {field}", "wildcards work in words only")
    try:
        if field == "region":
            group = vocabulary.country_group(value)
            return Facet(field, group.name, group.countries) if group else Facet(field, vocabulary.region(value))
        if field == "topic":
            return Facet(field=field, value=vocabulary.topic(value))
        if field == "trend":
            return Facet(field=field, value=vocabulary.trend(value))
    except vocabulary.UnknownName as error:
        refuse(token, str(error), error.hint)
    if field == "lang" and not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):
        refuse(token, f"`{value}` is no language tag", language_hint(value))
    return Facet(field=field, value=value.lower())
