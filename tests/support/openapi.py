"""A server's OpenAPI document held against its answers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from schemathesis.schemas import APIOperation
    from schemathesis.specs.openapi.schemas import OpenApiSchema


def described(url: str, path: str, method: str = "GET") -> APIOperation[Any, Any, Any, Any]:
    """Return a server's description of one of its operations."""
    return document(f"{url}/api/v1/openapi.json")[path][method]


@cache
def document(url: str) -> OpenApiSchema:
    """Return a server's document; a worker's does not change, and reading it takes a second."""
    import schemathesis  # noqa: PLC0415 - each process of a run imports this file, and one or two need the library

    return schemathesis.openapi.from_url(url)


def try_requests(
    operation: APIOperation[Any, Any, Any, Any], examples: int, headers: Mapping[str, str] | None = None, **parts: Any
) -> None:
    """Send requests that the document allows and such that it does not; fail where an answer is not as it says.

    `parts` are given to each request as they are: `path_parameters`, for one.
    """
    # a 500 has no place in the document, and so is an answer that a program could not foresee
    from schemathesis import GenerationMode  # noqa: PLC0415 - as above
    from schemathesis.specs.openapi import checks  # noqa: PLC0415

    conformance = [
        checks.content_type_conformance, checks.response_schema_conformance, checks.status_code_conformance
    ]  # fmt: skip
    modes = [GenerationMode.POSITIVE]
    if operation.query or operation.body:
        modes.append(GenerationMode.NEGATIVE)
    cases = st.one_of([operation.as_strategy(mode, **parts) for mode in modes])

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=cases)
    def check(case: Any) -> None:
        case.call_and_validate(checks=conformance, headers=dict(headers or {}), timeout=60)

    check()


def assert_conforms(operation: APIOperation[Any, Any, Any, Any], answer: requests.Response) -> None:
    """Fail where an answer has a status or a body that the document does not have."""
    statuses = set(operation.definition.raw["responses"])
    assert str(answer.status_code) in statuses, (answer.status_code, answer.text[:500])
    operation.validate_response(answer)
