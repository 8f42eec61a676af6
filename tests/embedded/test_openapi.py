"""A running worker's OpenAPI document: watches, receivers, feeds, status and streams answer as it says."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from agents.archive.sqlite import SqliteStore
from streams.kafka.embedded import EmbeddedBroker
from streams.records import encode
from tests.support.flow import forked_worker_on, news
from tests.support.history import fill
from tests.support.openapi import assert_conforms, described, try_requests
from wirewatch.http.operations import DESK, FEEDS, HISTORY, STREAM, WORKER, Operation
from wirewatch.http.watches.routes import MAX_BODY, WRITE_HEADER
from wirewatch.http.websub import ROUTE as HUB

WRITE = {WRITE_HEADER: "may-write"}
PUSH = {"Authorization": "Bearer may-push"}
WATCH, RECEIVER = "/api/v1/watches/{name}", "/api/v1/receivers/{name}/test"
STRIKES = {"query": "strike* AND port", "severity": "warning", "receivers": ["desk"]}
EXAMPLES = 12
READ = [
    each
    for each in (*HISTORY[-4:], *DESK, *FEEDS, *WORKER)
    if each.method == "get" and STREAM not in each.media and each.path != HUB
]
STREAMS = [each for each in (*HISTORY, *FEEDS) if STREAM in each.media]
WRITES = [each for each in DESK if each.method != "get"]


def path_of(operation: Operation) -> str:
    """Return the path of an operation as the document has it."""
    return operation.path.partition(":")[0] + "}" if ":" in operation.path else operation.path


def named(operation: Operation) -> str:
    """Return the name of a case."""
    return f"{operation.method} {path_of(operation)}"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a worker with history, a receiver and a token to write."""
    folder: Path = tmp_path_factory.mktemp("openapi")
    store = SqliteStore(folder / "archive.db")
    fill(store)
    store.close()
    config = folder / "wirewatch.toml"
    config.write_text(
        f'[archive]\nurl = "sqlite:{folder / "archive.db"}"\n[page]\nwrite_token = "may-write"\n[push]\ntoken = "may-push"\n'
        f'[receivers.desk]\ntype = "file"\npath = "{folder / "alerts.jsonl"}"\n'
    )
    with (
        EmbeddedBroker() as broker,
        forked_worker_on(broker.bootstrap, folder / "log", steps="match,watch,deliver", config=config) as worker,
    ):
        worker.ready(180)
        yield worker.url


@pytest.mark.parametrize("operation", READ, ids=named)
def test_no_request_that_reads_breaks_the_worker(url: str, operation: Operation) -> None:
    """Whatever is asked, the answer has a status, a type and a form of the document."""
    try_requests(described(url, path_of(operation)), EXAMPLES)


@pytest.mark.parametrize("headers", [{}, WRITE], ids=["without the token", "with the token"])
@pytest.mark.parametrize("operation", WRITES, ids=named)
def test_no_request_that_writes_breaks_the_worker(url: str, operation: Operation, headers: dict[str, str]) -> None:
    """With the token or without it, the answer has a status, a type and a form of the document."""
    try_requests(described(url, path_of(operation), operation.method.upper()), EXAMPLES, headers)


@pytest.mark.parametrize("headers", [{}, PUSH], ids=["without the token", "with the token"])
def test_no_push_breaks_the_worker(url: str, headers: dict[str, str]) -> None:
    """Whatever is pushed, the answer has a status, a type and a form of the document."""
    try_requests(described(url, "/push", "POST"), EXAMPLES, headers)


@pytest.mark.parametrize("operation", [each for each in WORKER if each.path == HUB], ids=named)
def test_no_hub_breaks_the_worker(url: str, operation: Operation) -> None:
    """Whatever a hub sends or asks, of a subscription that there is not, the answer is one of the document."""
    try_requests(described(url, path_of(operation), operation.method.upper()), EXAMPLES)


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/x-ndjson", encode(next(news(1))) + b"\nno record", 202),
        ("application/x-ndjson", b"no record", 400),
        ("image/png", b"no text", 415),
    ],
    ids=["a record", "no record", "a picture"],
)
def test_a_push_is_answered_as_described(url: str, kind: str, body: bytes, status: int) -> None:
    """Records with their ids beside lines that are none, nothing but such lines, and a type that cannot be read."""
    answer = requests.post(f"{url}/push", data=body, headers={**PUSH, "Content-Type": kind}, timeout=60)

    assert answer.status_code == status, answer.text
    assert_conforms(described(url, "/push", "POST"), answer)


def test_a_watch_comes_and_goes_as_described(url: str) -> None:
    """Each answer to a request that succeeds, and each refusal, is one of the document."""
    address = f"{url}/api/v1/watches/port-strikes"
    put, delete = described(url, WATCH, "PUT"), described(url, WATCH, "DELETE")

    def answered(method: str, status: int, **given: Any) -> None:
        answer = requests.request(method, address, timeout=60, **given)
        assert answer.status_code == status, answer.text
        assert_conforms(put if method == "PUT" else delete, answer)

    answered("PUT", 401, json=STRIKES)
    answered("PUT", 403, json=STRIKES, headers={**WRITE, "Origin": "https://elsewhere.example"})
    answered("PUT", 400, json={**STRIKES, "query": "strike port"}, headers=WRITE)
    answered("PUT", 400, json={**STRIKES, "receivers": ["nobody"]}, headers=WRITE)
    answered("PUT", 400, data=b"{", headers=WRITE)
    answered("PUT", 413, data=b" " * (MAX_BODY + 1), headers=WRITE)
    answered("PUT", 200, json=STRIKES, headers=WRITE)
    listed = requests.get(f"{url}/api/v1/watches", timeout=60)
    assert "port-strikes" in [watch["record"]["name"] for watch in listed.json()["watches"]]
    assert_conforms(described(url, "/api/v1/watches"), listed)
    one = requests.get(address, timeout=60)
    assert one.json()["record"]["name"] == "port-strikes"
    assert_conforms(described(url, WATCH), one)
    answered("DELETE", 200, headers=WRITE)
    answered("DELETE", 404, headers=WRITE)
    assert_conforms(described(url, WATCH), requests.get(address, timeout=60))


def test_a_watch_is_muted_as_described(url: str) -> None:
    """Muted, shown, and no longer muted."""
    address = f"{url}/api/v1/watches/for-an-hour"
    requests.put(address, json=STRIKES, headers=WRITE, timeout=60).raise_for_status()

    for method, muted in (("PUT", True), ("DELETE", False)):
        answer = requests.request(method, f"{address}/mute", headers=WRITE, timeout=60)
        assert bool(answer.json()["muted_until"]) is muted
        assert_conforms(described(url, f"{WATCH}/mute", method), answer)
        now = requests.get(f"{url}/api/v1/watches", timeout=60)
        assert_conforms(described(url, "/api/v1/watches"), now)
        shown = requests.get(f"{url}/api/v1/mutes", timeout=60)
        assert ("for-an-hour" in shown.json()["muted"]) is muted
        assert_conforms(described(url, "/api/v1/mutes"), shown)


def test_a_watch_is_tried_as_described(url: str) -> None:
    """With the alerts that it would have raised, and with its faults."""
    for query, key in (("strike*", "caught"), ("strike port", "faults")):
        answer = requests.get(f"{url}/api/v1/watches/try", params={"query": query, "days": "90"}, timeout=60)
        assert answer.json()[key]
        assert_conforms(described(url, "/api/v1/watches/try"), answer)


@pytest.mark.parametrize(("name", "status"), [("desk", 200), ("nobody", 404)])
def test_a_receiver_is_tested_as_described(url: str, name: str, status: int) -> None:
    """A receiver of the settings, and one that there is not."""
    answer = requests.post(f"{url}/api/v1/receivers/{name}/test", headers=WRITE, timeout=60)

    assert answer.status_code == status
    assert_conforms(described(url, RECEIVER, "POST"), answer)


@pytest.mark.parametrize("operation", STREAMS, ids=named)
def test_a_stream_begins_as_described(url: str, operation: Operation) -> None:
    """An event stream that first says when to come again."""
    if "{name}" in operation.path:
        requests.put(f"{url}/api/v1/watches/mine", json=STRIKES, headers=WRITE, timeout=60).raise_for_status()
    address = url + operation.path.replace("{name}", "mine")
    with stream(address) as answer:
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].partition(";")[0] == STREAM
        assert next(answer.iter_lines()) == b"retry: 3000"


def stream(address: str) -> requests.Response:
    """Open a stream; of a watch that the worker has not heard of yet, as soon as it has."""
    end = time.monotonic() + 180
    while (answer := requests.get(address, stream=True, timeout=60)).status_code == 404 and time.monotonic() < end:
        answer.close()
        time.sleep(0.1)
    return answer


def test_what_is_not_there_is_said_as_json(url: str) -> None:
    """A path without a route, a method that a route has not, and bytes that are no text."""
    for method, path, status in (("GET", "/nowhere", 404), ("POST", "/status.json", 405)):
        answer = requests.request(method, url + path, timeout=60)
        assert (answer.status_code, path in answer.json()["error"]) == (status, True)
    assert answer.headers["Allow"] == "GET,HEAD"
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=60) as connection:
        connection.sendall(b"GET /no\xffwhere%ff%ed%a0%80 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert connection.makefile("rb").readline().split()[1] in (b"400", b"404")


@pytest.mark.parametrize("operation", STREAMS, ids=named)
def test_a_stream_that_cannot_begin_says_why(url: str, operation: Operation) -> None:
    """A query or a number that cannot be read is refused as the document says."""
    path = operation.path.replace("{name}", "nobody")
    answer = requests.get(url + path, params={"query": "oil embargo", "replay": "many"}, timeout=60)

    assert answer.status_code in (400, 404)
    assert_conforms(described(url, operation.path), answer)
