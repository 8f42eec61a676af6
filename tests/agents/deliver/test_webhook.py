"""Webhooks against real HTTP servers on loopback, their signatures by the specification's own library."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import orjson
import pytest
from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from agents.deliver.receivers.base import NotOurs, Receiver, last_moment
from agents.deliver.receivers.http import MAX_ANSWER_BYTES
from streams.records import Alert, decode, encode
from tests.support.receiving import OLDER_SECRET, SECRET, Answer, DnsTable, Endpoint

Open = Callable[..., Receiver]
MakeAlert = Callable[..., Alert]


def answering(status: int, text: str = "", **headers: str) -> Answer:
    """Return a handler that answers every request with a status, a body and headers (`_` for `-`)."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text=text, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return answer


async def hang(request: web.Request) -> web.StreamResponse:
    """Never answer."""
    await asyncio.Event().wait()
    raise AssertionError


async def test_a_delivered_alert_verifies(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """The specification's library takes the signature, and the data is the alert's record."""
    raised = alert()

    attempt = await webhook(endpoint.url()).send(raised, 1)

    assert attempt == (True, False, 204, None, None)
    (request,) = endpoint.received
    payload = Webhook(SECRET).verify(request.body, request.headers)
    assert payload["type"] == "alert.raised"
    assert payload["timestamp"] == "2026-03-02T12:00:00Z"
    assert decode(orjson.dumps(payload["data"]), Alert) == raised
    assert request.headers["content-type"] == "application/json"


async def test_nothing_is_written_once_the_alert_may_be_anothers(
    webhook: Open, endpoint: Endpoint, alert: MakeAlert
) -> None:
    """With its connection standing, new or kept, it is asked once more whose the alert is, and nothing leaves if not ours."""
    receiver = webhook(endpoint.url())
    for before in (0, 1):
        last_moment.set(lambda: False)
        with pytest.raises(NotOurs):
            await receiver.send(alert(), 1)
        assert len(endpoint.received) == before
        last_moment.set(lambda: True)
        assert (await receiver.send(alert(), 1)).delivered


async def test_a_changed_body_does_not_verify(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """The signature covers the body."""
    await webhook(endpoint.url()).send(alert(), 1)

    (request,) = endpoint.received
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(request.body + b" ", request.headers)


async def test_attempts_share_id_and_body(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """A receiver that keeps ids takes an alert once: each attempt has the alert's id and the same bytes."""
    receiver = webhook(endpoint.url())

    for attempt in (1, 2, 3):
        await receiver.send(alert(), attempt)

    assert {request.headers["webhook-id"] for request in endpoint.received} == {alert().id}
    assert len({request.body for request in endpoint.received}) == 1


async def test_rotation_signs_with_each_secret(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """With two secrets in the variable, receivers that know either one verify."""
    await webhook(endpoint.url(), secret=f"{SECRET} {OLDER_SECRET}").send(alert(), 1)

    (request,) = endpoint.received
    for secret in (SECRET, OLDER_SECRET):
        assert Webhook(secret).verify(request.body, request.headers)
    assert len(request.headers["webhook-signature"].split()) == 2


@pytest.mark.parametrize("identifier", ["a.b", "", "a\nb", "a b", "x" * 201])
async def test_an_id_that_breaks_the_signature_is_not_sent(
    webhook: Open, endpoint: Endpoint, alert: MakeAlert, identifier: str
) -> None:
    """A point or a line's end within the id would let the signed parts be cut elsewhere."""
    attempt = await webhook(endpoint.url()).send(alert(id=identifier), 1)

    assert not attempt.delivered and attempt.final
    assert endpoint.received == []


@pytest.mark.parametrize(("status", "final"), [(400, False), (401, False), (404, False), (410, True), (500, False)])
async def test_only_gone_is_final(
    webhook: Open, endpoint: Endpoint, alert: MakeAlert, status: int, final: bool
) -> None:
    """410 ends the attempts; a receiver that is deployed anew answers the others for a while."""
    endpoint.answer = answering(status, "not today")

    attempt = await webhook(endpoint.url()).send(alert(), 1)

    assert (attempt.delivered, attempt.final, attempt.status) == (False, final, status)
    assert attempt.error is not None and f"HTTP {status} " in attempt.error and "not today" in attempt.error


async def test_a_status_without_a_name(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """A status that no standard knows is told by its number."""
    endpoint.answer = answering(599)

    assert (await webhook(endpoint.url()).send(alert(), 1)).error == "HTTP 599"


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_in_seconds(webhook: Open, endpoint: Endpoint, alert: MakeAlert, status: int) -> None:
    """A pause that the receiver asks for is handed on."""
    endpoint.answer = answering(status, Retry_After="120")

    assert (await webhook(endpoint.url()).send(alert(), 1)).retry_after_seconds == 120.0


async def test_retry_after_as_a_date(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """A date counts from now."""
    at = datetime.now(UTC) + timedelta(hours=1)
    endpoint.answer = answering(503, Retry_After=format_datetime(at, usegmt=True))

    attempt = await webhook(endpoint.url()).send(alert(), 1)

    assert attempt.retry_after_seconds is not None and 3500 < attempt.retry_after_seconds <= 3600


async def test_a_hanging_receiver_ends_in_time(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """A server that takes the request and never answers is a failed attempt."""
    endpoint.answer = hang

    attempt = await webhook(endpoint.url(), timeout_seconds=0.2).send(alert(), 1)

    assert len(endpoint.received) == 1
    assert attempt == (False, False, None, "no answer within 0.2 s", None)


async def test_an_attempt_can_be_cancelled(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """A worker that stops need not wait for a receiver."""
    endpoint.answer = hang
    task = asyncio.create_task(webhook(endpoint.url()).send(alert(), 1))
    await endpoint.arrived.wait()

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_endless_answer_is_cut_off(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """No more than a few KiB of an answer are read."""
    sent = 0

    async def flood(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(status=500)
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)
            sent += 65536

    endpoint.answer = flood

    attempt = await webhook(endpoint.url()).send(alert(), 1)

    assert attempt.status == 500
    assert attempt.error is not None and len(attempt.error) <= 300
    # what the sockets hold between the two ends, and no more
    assert sent < 1000 * MAX_ANSWER_BYTES


async def test_delivered_counts_from_the_status(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """A 200 whose body never ends is delivered."""

    async def unfinished(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=200)
        await response.prepare(request)
        await asyncio.Event().wait()
        return response

    endpoint.answer = unfinished

    assert (await webhook(endpoint.url(), timeout_seconds=5.0).send(alert(), 1)).delivered


async def test_a_redirect_is_not_followed(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """A receiver cannot send the worker elsewhere, least of all to a private address."""
    async with Endpoint() as private:
        endpoint.answer = answering(307, Location=private.url("/latest/meta-data"))

        attempt = await webhook(endpoint.url()).send(alert(), 1)

    assert private.received == []
    assert (attempt.delivered, attempt.final, attempt.status) == (False, False, 307)
    assert attempt.error == "HTTP 307 Temporary Redirect: redirects are not followed"


async def test_a_refused_connection(webhook: Open, alert: MakeAlert) -> None:
    """Nobody at the port is a failed attempt that says so."""
    async with Endpoint() as gone:
        url = gone.url()

    attempt = await webhook(url).send(alert(), 1)

    assert not attempt.delivered and not attempt.final
    assert attempt.error is not None and attempt.error.endswith("Connection refused")


async def test_a_connection_that_breaks(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """A server that closes without an answer is a failed attempt."""

    async def leave(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    endpoint.answer = leave

    attempt = await webhook(endpoint.url()).send(alert(), 1)

    assert attempt == (False, False, None, "the connection was closed without an answer", None)


async def test_an_answer_that_is_no_http(webhook: Open, alert: MakeAlert) -> None:
    """A server of another protocol is a failed attempt."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.org ESMTP\r\n")
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        attempt = await webhook(f"http://127.0.0.1:{port}/").send(alert(), 1)

    assert not attempt.delivered and not attempt.final and attempt.error


async def test_an_unknown_name(webhook: Open, alert: MakeAlert) -> None:
    """A name without an address is a failed attempt: names come back."""
    attempt = await webhook("http://nowhere.test/", resolver=DnsTable()).send(alert(), 1)

    assert attempt == (False, False, None, "nowhere.test: Name or service not known", None)


async def test_after_closing_nothing_is_sent(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """A closed receiver fails its attempts and opens no new session."""
    receiver = webhook(endpoint.url())
    await receiver.send(alert(), 1)

    await receiver.close()

    assert not (await receiver.send(alert(), 2)).delivered
    assert len(endpoint.received) == 1


async def test_no_cookies_are_kept(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """An attempt does not depend on the ones before."""
    endpoint.answer = answering(204, Set_Cookie="session=1")
    receiver = webhook(endpoint.url())

    for attempt in (1, 2):
        await receiver.send(alert(), attempt)

    assert all("cookie" not in request.headers for request in endpoint.received)


async def test_secrets_are_never_told(
    webhook: Open, endpoint: Endpoint, alert: MakeAlert, caplog: pytest.LogCaptureFixture
) -> None:
    """A receiver that sends back all that it knows puts no secret into error, log or repr."""
    token, password = "T0ken-of-the-path", "pass/word%of+mine"

    async def echo(request: web.Request) -> web.Response:
        told = f"{SECRET} {SECRET.removeprefix('whsec_')} {request.path_qs} {password} {dict(request.headers)}"
        return web.Response(status=400, text=told)

    endpoint.answer = echo
    caplog.set_level(logging.DEBUG)
    url = endpoint.url(f"/services/{token}?key=Qu3ry-value").replace("http://", "http://desk:pass%2Fword%25of+mine@")

    receiver = webhook(url)
    attempt = await receiver.send(alert(), 1)

    assert endpoint.received[0].headers["authorization"].startswith("Basic ")
    basic = endpoint.received[0].headers["authorization"].removeprefix("Basic ")
    assert attempt.error is not None and attempt.error.startswith("HTTP 400 Bad Request: ***")
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp.access")]
    for told in (attempt.error, repr(receiver), *ours):
        for secret in (SECRET, SECRET.removeprefix("whsec_"), token, password, "Qu3ry-value", basic):
            assert secret not in told


async def test_the_record_is_the_one_on_the_topic(webhook: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """The data's bytes are those of news.alerts, so that one schema describes both."""
    await webhook(endpoint.url()).send(alert(), 1)

    assert encode(alert()) in endpoint.received[0].body
