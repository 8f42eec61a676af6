"""The OpenAPI 3.1 document of a worker, from its operations and the types of their answers."""

import re
from functools import cache
from typing import Any

import msgspec
import orjson

from streams.records.patterns import portable
from wirewatch import __version__
from wirewatch.http.answers import PREFIX
from wirewatch.http.history.answers import ArticleSummary, Problem
from wirewatch.http.history.parameters import Parameter
from wirewatch.http.operations import JSON, OPERATIONS, Operation
from wirewatch.http.watches.routes import WRITE_HEADER

REF = "#/components/schemas/{name}"
#: A part of a path that is given, with the values that it may have where they are listed.
PART = re.compile(r"{(\w+)(?::([\w|]+))?}")
PROBLEMS = {
    400: "Something of the request cannot be read",
    401: "The token is missing or another one",
    403: "Nothing may be changed from here",
    404: "Nothing there",
    409: "The settings, or a topic, do not allow it: the error says how they would",
    413: "The body is too long",
    415: "The body is of no type that can be read",
    421: "The worker has another name",
    429: "Too much is on its way: again after `Retry-After`",
    503: "It cannot be answered now: again after a few seconds",
}
#: The tokens that a request may have to bring.
KEYS = {
    "token": {"type": "http", "scheme": "bearer", "description": "the setting feeds.token"},
    "write": {"type": "apiKey", "in": "header", "name": WRITE_HEADER, "description": "the setting page.write_token"},
    "push": {"type": "http", "scheme": "bearer", "description": "the setting push.token"},
}
#: Which of them an operation needs, by `Operation.key`; `token` only where the worker's settings have one.
NEEDS: dict[str, list[dict[str, list[str]]]] = {
    "token": [{"token": []}, {}],
    "write": [{"write": [], "token": []}, {"write": []}],
    "push": [{"push": []}],
    "": [],
}


@cache
def document() -> bytes:
    """Return the document."""
    schemas, components = schemas_of(OPERATIONS)
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        described = Description(operation, schemas, components).all()
        paths.setdefault(PART.sub(r"{\1}", operation.path), {})[operation.method] = described
    body = {
        "openapi": "3.1.0",
        "info": {
            "title": "wirewatch",
            "version": __version__,
            "description": "A worker: history, watches, feeds, status, pushes. docs/api.md has examples.",
            "license": {"name": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": KEYS},
    }
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def schemas_of(operations: tuple[Operation, ...]) -> tuple[dict[Any, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return the schema of each type of the operations, and the components that they refer to."""
    types: dict[Any, None] = dict.fromkeys((Problem, ArticleSummary))
    for operation in operations:
        types |= dict.fromkeys(filter(None, (operation.answer, operation.record, *operation.own.values())))
    types.pop(msgspec.Struct, None)
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    return {msgspec.Struct: {"type": "object"}, **dict(zip(types, portable(schemas), strict=True))}, portable(
        components
    )


class Description:
    """One operation as the document has it."""

    def __init__(
        self, operation: Operation, schemas: dict[Any, dict[str, Any]], components: dict[str, dict[str, Any]]
    ) -> None:
        self._operation = operation
        self._schemas = schemas
        self._components = components

    def all(self) -> dict[str, Any]:
        """Return the whole of it."""
        operation = self._operation
        path = PART.sub(r"\1", operation.path.removeprefix(PREFIX))
        prefix = [] if operation.path.startswith(PREFIX) else ["worker"]
        method = [] if operation.method == "get" else [operation.method]
        found: dict[str, Any] = {
            "operationId": "_".join([*method, *prefix, re.sub(r"\W+", "_", path).strip("_")]),
            "summary": operation.summary,
            "parameters": [*self._parts(), *map(asked, operation.asks)],
            "responses": self._answers(),
            "security": NEEDS[operation.key],
        }
        if operation.description:
            found["description"] = operation.description
        if operation.body:
            found["requestBody"] = {"required": True, "content": {kind: self._body() for kind in operation.body}}
        return found

    def _parts(self) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {"type": "string"} | ({"enum": values.split("|")} if values else {}),
            }
            for name, values in PART.findall(self._operation.path)
        ]

    def _body(self) -> dict[str, Any]:
        """Return the schema of a body: of a watch all but its name, which the path has."""
        if self._operation.record is None:
            return {"schema": {}}
        record = self._components[self._operation.record.__name__]
        return {"schema": {**record, "required": [name for name in record["required"] if name != "name"]}}

    def _answers(self) -> dict[str, Any]:
        operation = self._operation
        answers: dict[str, Any] = {str(operation.status): {"description": operation.summary}}
        if operation.media:
            schema = {"type": "string"} if operation.answer is None else self._schemas[operation.answer]
            kinds = {
                kind: {"type": "object"} if "json" in kind and operation.answer is None else schema
                for kind in operation.media
            }
            answers[str(operation.status)]["content"] = {kind: {"schema": each} for kind, each in kinds.items()}
        if operation.has_etag:
            answers["304"] = {"description": "What `If-None-Match` names has not changed"}
        problems = {*operation.problems, *operation.own, 421, *([401] if operation.key else [])}
        problems |= {400} if operation.is_strict else set()
        for status in sorted(problems):
            schema = self._schemas[operation.own.get(status, Problem)]
            answers[str(status)] = {"description": PROBLEMS[status], "content": {JSON: {"schema": schema}}}
        return answers


def asked(parameter: Parameter) -> dict[str, Any]:
    """Return the description of a parameter of the query string."""
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "schema": {"type": "array", "items": dict(parameter.schema)} if parameter.many else dict(parameter.schema),
    }
