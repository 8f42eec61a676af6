"""Explanations: the claims behind a clean article's fields, and the reason of each choice."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from agents.clean.metadata.claims import MAX_SHOWN, SHOWN, Choice, Claim, Claims
from agents.clean.metadata.head import AUTHOR_META, DATE_META, MODIFIED_META
from streams.records import Clean

#: The name of its schema.
EXPLANATION = "wirewatch.explanation.v1"


class Reason(Struct, kw_only=True):
    """The value of one field, the place that it came from, and why; empty where nothing was chosen."""

    value: Any
    where: str = ""
    why: str = ""


class Statement(Struct, kw_only=True, frozen=True):
    """A claim of the page: the field, its text (cut at 200 characters), and where the page makes it."""

    field: str
    text: str
    where: str


class Explanation(Struct, kw_only=True):
    """The reasons behind one clean article. `choices`: by field; `claims`: of the page, at most 40 a field."""

    explains: str
    ref: str | int | None = None
    choices: dict[str, Reason]
    claims: list[Statement] = []


def chosen(clean: Clean, claims: Claims | None, languages: list[Claim], choices: dict[str, Choice[Any]]) -> Explanation:
    """Return the explanation of an article's choices, with the claims that they were made from."""
    values = {"published_at": clean.published_at}
    statements: list[Statement] = []
    for claim in [*(page_statements(claims) if claims else ()), *languages]:
        if sum(item.field == claim.field for item in statements) < MAX_SHOWN:
            statements.append(Statement(field=claim.field, text=claim.text[:SHOWN], where=claim.where))
    reasons = {
        name: Reason(value=values.get(name, choice.value), where=choice.where, why=choice.reason)
        for name, choice in choices.items()
    }
    return Explanation(explains=clean.id, ref=clean.ref, choices=reasons, claims=list(dict.fromkeys(statements)))


def page_statements(claims: Claims) -> Iterator[Claim]:
    """Yield the claims of a page by field, in the order of trust."""
    yield from (claim for claim in (*claims.headings, *claims.titles) if claim.text)
    yield from (Claim("authors", name, "json-ld author") for name in (*claims.data.people, *claims.data.organisations))
    for name in AUTHOR_META:
        yield from (Claim("authors", value, f"meta {name}") for value in claims.head.values((name,)))
    yield from (Claim("published_at", value, "json-ld datePublished") for value in claims.data.published)
    for name in (*DATE_META, *MODIFIED_META):
        yield from (Claim("published_at", value, f"meta {name}") for value in claims.head.values((name,)))
    yield from claims.canonical
    yield from (Claim("publisher", name, "site name, notice or host") for name in claims.publishers)
