"""A server's OpenAPI document held against its answers."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

#: An answer that a program could not foresee: a 500 has no place in the document, and so is one of them.
CONFORMANCE: list[CheckFunction] = [content_type_conformance, response_schema_conformance, status_code_conformance]


def described(url: str, path: str, method: str = "GET") -> APIOperation[Any, Any, Any, Any]:
    """Return a server's description of one of its operations."""
    return document(f"{url}/api/v1/openapi.json")[path][method]


@cache
def document(url: str) -> OpenApiSchema:
    """Return a server's document; a worker's does not change, and reading it takes a second."""
    return schemathesis.openapi.from_url(url)


def try_requests(
    operation: APIOperation[Any, Any, Any, Any], examples: int, headers: Mapping[str, str] | None = None, **parts: Any
) -> None:
    """Send requests that the document allows and such that it does not; fail where an answer is not as it says.

    `parts` are given to each request as they are: `path_parameters`, for one.
    """
    modes = [GenerationMode.POSITIVE]
    if operation.query or operation.body:
        modes.append(GenerationMode.NEGATIVE)
    cases = st.one_of([operation.as_strategy(mode, **parts) for mode in modes])

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=cases)
    def check(case: Any) -> None:
        case.call_and_validate(checks=CONFORMANCE, headers=dict(headers or {}), timeout=60)

    check()


def assert_conforms(operation: APIOperation[Any, Any, Any, Any], answer: requests.Response) -> None:
    """Fail where an answer has a status or a body that the document does not have."""
    statuses = set(operation.definition.raw["responses"])
    assert str(answer.status_code) in statuses, (answer.status_code, answer.text[:500])
    operation.validate_response(answer)
