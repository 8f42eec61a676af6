"""The OpenAPI 3.1 document of `/api/v1`, from the routes and the types of their answers."""

import re
from functools import cache
from typing import Any

import msgspec
import orjson
from msgspec import Struct

from wirewatch import __version__
from wirewatch.http.history.answers import ArticleSummary, Problem
from wirewatch.http.history.parameters import LAST_EVENT, QUERY
from wirewatch.http.history.routes import PREFIX, ROUTES, Route

EVENTS_ASK = (QUERY, LAST_EVENT)
REF = "#/components/schemas/{name}"
PROBLEMS = {"400": "A parameter cannot be read", "404": "Nothing there", "503": "The history cannot be asked now"}


@cache
def document() -> bytes:
    """Return the document."""
    types = [*(route.type for route in ROUTES), ArticleSummary, Problem]
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    answers = dict(zip(types, schemas, strict=True))
    paths = {PREFIX + route.path: {"get": operation(route, answers)} for route in ROUTES}
    paths[f"{PREFIX}/events"] = {"get": events(answers)}
    body = {
        "openapi": "3.1.0",
        "info": {
            "title": "wirewatch",
            "version": __version__,
            "description": "History: articles, stories, trends, alerts. docs/api.md has examples.",
            "license": {"name": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}, {}],
    }
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def events(answers: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    """Return the description of the stream: each event `article` has an `ArticleSummary` as its data."""
    route = Route("/events", "The articles of a search as they are kept", no_answer, ArticleSummary, EVENTS_ASK)
    described = operation(route, answers)
    article = described["responses"]["200"]["content"].pop("application/json")["schema"]
    described["responses"]["200"]["content"]["text/event-stream"] = {"schema": {"type": "string"}}
    described["description"] = (
        f"Server-sent events: `article`, whose data is {article['$ref'].rpartition('/')[2]} as JSON and whose id is the "
        "number of its arrival, and `gap` where a reader that comes back has missed some that are no longer known."
    )
    return described


def no_answer(*_: object) -> Struct:
    """Raise: a stream is answered by a handler of its own."""
    raise NotImplementedError


def operation(route: Route, answers: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    """Return one route's description."""
    named = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    asked = [
        {"name": each.name, "in": "query", "description": each.description, "schema": dict(each.schema)}
        for each in route.asks
    ]
    good = {"description": route.summary, "content": {"application/json": {"schema": answers[route.type]}}}
    bad = {
        status: {"description": text, "content": {"application/json": {"schema": answers[Problem]}}}
        for status, text in PROBLEMS.items()
    }
    name = re.sub(r"\W+", "_", route.path).strip("_")
    return {
        "operationId": name,
        "summary": route.summary,
        "parameters": [*named, *asked],
        "responses": {"200": good, **bad},
    }
