"""Apprise's services against real servers on loopback: an HTTP endpoint and a mail server."""

import asyncio
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from agents.deliver.alerts import body, subject
from agents.deliver.receivers.base import Attempt, Receiver
from agents.deliver.receivers.opening import Opening
from agents.deliver.receivers.opening import opened as open_one
from agents.deliver.settings import AppriseSettings, DeliverSettings
from streams.records import Alert
from tests.support.mailbox import Mailbox
from tests.support.receiving import Dripping, Endpoint

Open = Callable[..., Receiver]
QUERY = "?from=wirewatch@example.org&to=desk@example.org"
MakeAlert = Callable[..., Alert]
SETTINGS = AppriseSettings(url_env="CHAT")


def chat(endpoint: Endpoint, path: str = "/T0ken-of-mine") -> dict[str, str]:
    """Return an environment in which the service is an endpoint on loopback."""
    return {"CHAT": f"json://127.0.0.1:{endpoint.port}{path}"}


async def test_a_service_gets_subject_and_body(opened: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """The message is the rendered alert, in the markup of the service, with its severity."""
    attempt = await opened(SETTINGS, chat(endpoint)).send(alert(), 1)

    assert attempt == Attempt(delivered=True)
    (request,) = endpoint.received
    message = json.loads(request.body)
    assert (message["title"], message["message"]) == (subject(alert()), body(alert(), "text"))
    assert message["type"] == "failure"


@pytest.mark.parametrize("markup", ["text", "markdown", "html"])
async def test_the_url_may_choose_the_markup(opened: Open, endpoint: Endpoint, alert: MakeAlert, markup: Any) -> None:
    """`?format=` is honoured: the body is rendered in it, not converted."""
    await opened(SETTINGS, chat(endpoint, f"/x?format={markup}")).send(alert(), 1)

    assert json.loads(endpoint.received[0].body)["message"] == body(alert(), markup)


async def test_a_mail_arrives(opened: Open, mail_url: str, mailbox: Mailbox, alert: MakeAlert) -> None:
    """From, to, subject, a plain part with the link, and an HTML body with the words marked and markup escaped."""
    raised = alert({"title": "Oil <script>sanctions</script>"}, spans=[])

    attempt = await opened(SETTINGS, {"CHAT": mail_url + QUERY}).send(raised, 1)

    assert attempt == Attempt(delivered=True)
    ((envelope, message),) = mailbox.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("wirewatch@example.org", ["desk@example.org"])
    assert message["subject"] == subject(raised)
    plain = message.get_body(("plain",))
    assert plain is not None and raised.article.url in plain.get_content().splitlines()
    part = message.get_body(("html",))
    assert part is not None
    content = part.get_content()
    assert "Oil &lt;script&gt;sanctions&lt;/script&gt;</a>" in content
    assert "<script>" not in content
    assert content.count("<p>") == 0 < content.count('<p dir="auto">')  # Arabic is set from the right


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")
async def test_a_mail_server_may_have_an_ipv6_address(opened: Open, mailbox: Mailbox, alert: MakeAlert) -> None:
    """In a URL it stands in brackets, and the system knows no name with brackets."""
    with mailbox.served("::1") as url:
        attempt = await opened(SETTINGS, {"CHAT": url + QUERY}).send(alert(), 1)

    assert attempt == Attempt(delivered=True)
    assert len(mailbox.mails) == 1


async def test_a_mail_leads_to_the_page(mail_url: str, mailbox: Mailbox, alert: MakeAlert) -> None:
    """Where the settings say where it is."""
    deliver = DeliverSettings(page_url="https://desk.example/")
    receiver = open_one(SETTINGS, Opening("chat", deliver, {"CHAT": mail_url + QUERY}))

    assert (await receiver.send(alert(), 1)).delivered

    plain = mailbox.mails[0][1].get_body(("plain",))
    assert plain is not None and "https://desk.example/?article=a1" in plain.get_content().splitlines()


@pytest.mark.parametrize(
    "title",
    [
        "पेरू के दक्षिण में 6.8 तीव्रता का भूकंप, कम से कम तीन की मौत",
        "Сильное землетрясение на юге Перу: погибли не менее трёх человек и ещё несколько десятков ранены",
        "Dam above Kinloch said to be breached, all are told to leave",
    ],
)
async def test_a_subject_keeps_its_blanks(
    opened: Open, mail_url: str, mailbox: Mailbox, alert: MakeAlert, title: str
) -> None:
    """No two words of a long subject run together, and none has a blank in front."""
    raised = alert({"title": title}, watch="peru-quake", spans=[])

    await opened(SETTINGS, {"CHAT": mail_url + QUERY}).send(raised, 1)

    ((_, message),) = mailbox.mails
    assert message["subject"] == f"[critical] peru-quake: {title}"


async def test_a_mail_that_is_refused_fails(opened: Open, mail_url: str, mailbox: Mailbox, alert: MakeAlert) -> None:
    """The server's no is a failed attempt, to be tried again."""
    mailbox.refuses = True

    attempt = await opened(SETTINGS, {"CHAT": mail_url + QUERY}).send(alert(), 1)

    assert not attempt.delivered and not attempt.final
    assert attempt.error is not None and "desk@example.org" not in attempt.error
    assert mailbox.mails == []


async def test_nobody_has_a_mail_twice(opened: Open, mail_url: str, mailbox: Mailbox, alert: MakeAlert) -> None:
    """Where one address is refused, it alone is tried again; a server's words after it has taken a mail are no failure."""
    receiver = opened(SETTINGS, {"CHAT": f"{mail_url}{QUERY},late@example.org"})
    mailbox.unknown = {"late@example.org"}
    assert not (await receiver.send(alert(), 1)).delivered
    assert not (await receiver.send(alert(), 2)).delivered
    mailbox.unknown, mailbox.goodbye = set(), "421 too many of you"
    assert (await receiver.send(alert(), 3)).delivered
    assert (await receiver.send(alert(), 4)).delivered

    told = [address for envelope, _ in mailbox.mails for address in envelope.rcpt_tos]
    assert told == ["desk@example.org", "late@example.org"]


async def test_a_service_that_answers_too_late_is_not_told_again(
    opened: Open, endpoint: Endpoint, alert: MakeAlert
) -> None:
    """Its attempt has failed by its time, and yet the message has arrived."""
    answered = asyncio.Event()

    async def late(_: web.Request) -> web.Response:
        await asyncio.sleep(0.5)
        answered.set()
        return web.Response()

    endpoint.answer = late
    receiver = opened(
        AppriseSettings(url_env="CHAT"), {"CHAT": f"{chat(endpoint)['CHAT']}?rto=20"}, timeout_seconds=0.1
    )
    receiver._service.request_rate_per_sec = 0.0  # type: ignore[attr-defined] # the pause counts into the time
    assert not (await receiver.send(alert(), 1)).delivered
    await answered.wait()
    await asyncio.sleep(0.1)
    assert (await receiver.send(alert(), 2)).delivered
    assert len(endpoint.received) == 1


async def test_secrets_are_never_told(
    opened: Open, endpoint: Endpoint, alert: MakeAlert, caplog: pytest.LogCaptureFixture
) -> None:
    """An error of a service, the log at its most talkative and the repr hold nothing of its URL."""

    async def echo(request: web.Request) -> web.Response:
        return web.Response(status=500, text=f"{request.path_qs} {dict(request.headers)}")

    endpoint.answer = echo
    caplog.set_level(logging.DEBUG)
    url = f"json://desk:Passw0rd@127.0.0.1:{endpoint.port}/T0ken-of-mine?+X-Key=Qu3ry"
    receiver = opened(SETTINGS, {"CHAT": url})

    attempt = await receiver.send(alert(), 1)

    assert not attempt.delivered and attempt.error
    assert "T0ken-of-mine" in endpoint.received[0].path
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("aiohttp.access")]
    for told in (attempt.error, repr(receiver), *ours):
        for secret in ("Passw0rd", "T0ken-of-mine", "Qu3ry"):
            assert secret not in told


async def test_nobody_at_the_port_fails(opened: Open, alert: MakeAlert) -> None:
    """A service that is down is a failed attempt, to be tried again."""
    async with Endpoint() as gone:
        environ = chat(gone)

    attempt = await opened(SETTINGS, environ).send(alert(), 1)

    assert not attempt.delivered and not attempt.final and attempt.error


async def test_a_service_that_hangs_holds_up_nobody(opened: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """Threads that never come back cost their receiver its places, and other receivers nothing."""
    async with Dripping() as dripping:
        url = {"CHAT": f"json://127.0.0.1:{dripping.port}/x"}
        stuck = opened(SETTINGS, url, name="stuck", timeout_seconds=0.3, parallel=2)
        other = opened(SETTINGS, chat(endpoint), name="other", parallel=2)

        attempts = [await stuck.send(alert(), number) for number in range(1, 5)]
        delivered = await other.send(alert(), 1)

        assert delivered == Attempt(delivered=True)
        assert [each.error for each in attempts] == ["no answer within 0.3 s"] * 4
        assert dripping.connections == 2


async def test_messages_to_a_service_go_one_by_one(opened: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """A service is not asked for several at once, and each of them arrives."""
    at_once = most = 0

    async def count(request: web.Request) -> web.Response:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1
        return web.Response()

    endpoint.answer = count
    receiver = opened(SETTINGS, chat(endpoint))

    attempts = await asyncio.gather(*(receiver.send(alert(id=str(number)), 1) for number in range(8)))

    assert all(attempt.delivered for attempt in attempts)
    assert (len(endpoint.received), most) == (8, 1)


async def test_an_attempt_can_be_cancelled(opened: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """A worker that stops does not wait for a service, and the next message has its turn."""
    async with Dripping() as dripping:
        receiver = opened(SETTINGS, {"CHAT": f"json://127.0.0.1:{dripping.port}/x"}, timeout_seconds=0.3)
        task = asyncio.create_task(receiver.send(alert(), 1))
        await dripping.connected.wait()

        task.cancel()

        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await receiver.send(alert(), 2)).error == "no answer within 0.3 s"
