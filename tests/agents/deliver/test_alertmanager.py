"""Alertmanager: Debian's own where it is installed, and a server on loopback for failures on demand."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from agents.deliver.alerts import body, subject
from agents.deliver.receivers.alertmanager import payload
from agents.deliver.receivers.base import Receiver
from agents.deliver.settings import AlertmanagerSettings
from streams.records import Alert
from tests.support.real_kafka import free_port
from tests.support.real_prometheus import RealAlertmanager
from tests.support.receiving import Endpoint

Open = Callable[..., Receiver]
MakeAlert = Callable[..., Alert]

TOLD_PORT = free_port()


@pytest.fixture(scope="module")
def real() -> Iterator[RealAlertmanager]:
    """Start an Alertmanager that tells a port of ours."""
    if shutil.which(RealAlertmanager.NAME) is None:
        pytest.skip("alertmanager is not installed (Debian: apt-get install prometheus-alertmanager)")
    with RealAlertmanager(RealAlertmanager.telling(f"http://127.0.0.1:{TOLD_PORT}/told")) as running:
        yield running


async def test_alertmanager_knows_the_alert(real: RealAlertmanager, opened: Open, alert: MakeAlert) -> None:
    """Labels, annotations and start are the alert's, and it is active."""
    raised = alert(id="known", raised_at=datetime.now(UTC))

    attempt = await opened(AlertmanagerSettings(url=real.url)).send(raised, 1)

    assert (attempt.delivered, attempt.status) == (True, 200)
    (known,) = [each for each in real.alerts() if each["labels"]["alert_id"] == "known"]
    assert known["labels"] == {
        "alertname": "wirewatch",
        "alert_id": "known",
        "watch": "venezuela-oil",
        "severity": "critical",
        "kind": "match",
        "owner": "energy desk",
        "source": "news.example.org",
        "country": "VE",
    }
    assert known["annotations"] == {
        "summary": subject(raised),
        "description": body(raised, "text"),
        "url": "https://news.example.org/oil",
    }
    assert known["generatorURL"] == "https://news.example.org/oil"
    assert known["status"]["state"] == "active"
    assert abs(datetime.fromisoformat(known["startsAt"]) - raised.raised_at) < timedelta(milliseconds=1)


async def test_the_same_alert_again_is_the_same(real: RealAlertmanager, opened: Open, alert: MakeAlert) -> None:
    """Attempts after one whose answer was lost add nothing; another alert of the same watch does."""
    receiver = opened(AlertmanagerSettings(url=real.url))
    now = datetime.now(UTC)

    for attempt in (1, 2):
        await receiver.send(alert(id="again", raised_at=now), attempt)
    await receiver.send(alert(id="another", raised_at=now), 1)

    ids = [each["labels"]["alert_id"] for each in real.alerts()]
    assert (ids.count("again"), ids.count("another")) == (1, 1)


async def test_a_late_alert_is_told_nevertheless(real: RealAlertmanager, opened: Open, alert: MakeAlert) -> None:
    """An alert that comes through after five hours of failures still reaches those whom Alertmanager tells."""
    raised = alert(id="late", raised_at=datetime.now(UTC) - timedelta(hours=5))

    async with Endpoint(port=TOLD_PORT) as told:
        await opened(AlertmanagerSettings(url=real.url, active_minutes=60.0)).send(raised, 9)
        while not (ids := told_ids(told)) or "late" not in ids:
            told.arrived.clear()
            await asyncio.wait_for(told.arrived.wait(), 30)

    assert "late" in ids


async def test_watches_do_not_silence_each_other(opened: Open, alert: MakeAlert) -> None:
    """With the project's own configuration, a critical alert of one watch does not keep back a warning of another."""
    if shutil.which(RealAlertmanager.NAME) is None:
        pytest.skip("alertmanager is not installed (Debian: apt-get install prometheus-alertmanager)")
    now = datetime.now(UTC)
    with RealAlertmanager() as project:
        receiver = opened(AlertmanagerSettings(url=project.url))
        await receiver.send(alert(id="first", severity="critical", raised_at=now), 1)
        await receiver.send(alert(id="second", watch="other", severity="warning", raised_at=now), 1)

        known = {each["labels"]["alert_id"]: each for each in project.alerts()}

    assert {name: each["status"]["inhibitedBy"] for name, each in known.items()} == {"first": [], "second": []}
    assert {each["name"] for name in known for each in known[name]["receivers"]} == {"readers"}


def told_ids(endpoint: Endpoint) -> set[str]:
    """Return the alerts that Alertmanager told as firing."""
    groups: list[dict[str, Any]] = [json.loads(request.body) for request in endpoint.received]
    return {each["labels"]["alert_id"] for group in groups for each in group["alerts"] if each["status"] == "firing"}


def test_the_end_counts_from_the_attempt(alert: MakeAlert, noon: datetime) -> None:
    """It is never before the start, even where the clock of who raised it is ahead."""
    (late,) = json.loads(payload(alert(), noon + timedelta(hours=6)))
    (ahead,) = json.loads(payload(alert(), noon - timedelta(minutes=1)))

    assert (late["startsAt"], late["endsAt"]) == ("2026-03-02T12:00:00Z", "2026-03-02T18:00:00Z")
    assert ahead["endsAt"] == ahead["startsAt"]


def test_only_web_addresses_are_links(alert: MakeAlert, noon: datetime) -> None:
    """An article's URL of another scheme is nowhere in the payload: Alertmanager makes links of them."""
    (posted,) = json.loads(payload(alert(article={"url": "javascript:alert(1)"}), noon))

    assert "generatorURL" not in posted
    assert "url" not in posted["annotations"]


def test_what_an_alert_lacks_is_left_out(alert: MakeAlert, noon: datetime) -> None:
    """No empty labels or addresses are sent."""
    (posted,) = json.loads(payload(alert({"url": None, "primary_country": None}, owner=None), noon))

    assert set(posted["labels"]) == {"alertname", "alert_id", "watch", "severity", "kind", "source"}
    assert set(posted["annotations"]) == {"summary", "description"}
    assert "generatorURL" not in posted


@pytest.mark.parametrize("path", ["", "/", "/am", "/am/"])
async def test_a_path_before_the_api_is_kept(opened: Open, endpoint: Endpoint, alert: MakeAlert, path: str) -> None:
    """An Alertmanager behind a prefix is reached there, with the token where one is named."""
    settings = AlertmanagerSettings(url=endpoint.url(path), token_env="AM")

    await opened(settings, {"AM": "T0ken-of-mine"}).send(alert(), 1)

    (request,) = endpoint.received
    assert request.path == f"{path.rstrip('/')}/api/v2/alerts"
    assert request.headers["authorization"] == "Bearer T0ken-of-mine"


@pytest.mark.parametrize(("status", "final"), [(400, True), (401, False), (404, False), (500, False), (503, False)])
async def test_an_alert_that_it_refuses_is_final(
    opened: Open, endpoint: Endpoint, alert: MakeAlert, status: int, final: bool
) -> None:
    """400 is about the alert, which does not change; the rest is about the server. The token is never told."""

    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=status, text=f"no {request.headers['Authorization']}")

    endpoint.answer = refuse
    settings = AlertmanagerSettings(url=endpoint.url(""), token_env="AM")

    attempt = await opened(settings, {"AM": "T0ken-of-mine"}).send(alert(), 1)

    assert (attempt.delivered, attempt.final, attempt.status) == (False, final, status)
    assert attempt.error is not None and attempt.error.endswith(": no Bearer ***")
