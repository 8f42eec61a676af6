"""Debian's Prometheus against a running worker: every expression of the dashboard and the rules returns data.

The worker is the demo with receivers: one that takes alerts, one that is down and one that wants no more; and a watch
that names a fourth, which the settings lack.
"""

import asyncio
import shutil
import time
import urllib.request
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from msgspec import structs

from agents.watch.language.parse import parse
from agents.watch.records import Watch
from streams.kafka.clients import producing
from streams.records import Source, WatchRecord
from streams.settings import Settings
from tests.support.expressions import OF_A_REAL_KAFKA, expressions
from tests.support.flow import Demo, load, news
from tests.support.hooks import DemoReceivers, Hook
from tests.support.paper import Paper
from tests.support.real_prometheus import RealAlertmanager, RealPrometheus
from wirewatch.sources import topic as source_topic
from wirewatch.watches import topic as watch_topic

#: A few scrapes and evaluations, one second apart: rates need two, recorded rules and what is made of them some more.
PATIENCE_SECONDS = 30.0

QUERY = '"people from"'  # in every article that `flow.news` makes
ALERTS = 20


@pytest.fixture(scope="module")
def worker_url(demo: Demo, demo_receivers: DemoReceivers) -> Iterator[str]:
    """The address of a worker that has raised alerts and told some receivers of them."""
    taking = demo_receivers.taking
    with Paper() as paper:
        asyncio.run(raise_alerts(demo.bootstrap, taking))
        asyncio.run(add_sources(demo.bootstrap, paper))
        end = time.monotonic() + 60
        while len(taking.ids) < ALERTS or b'receiver_up{receiver="down"} 0.0' not in demo.get("/metrics"):
            assert time.monotonic() < end, (len(taking.ids), demo.get("/metrics"), demo.lines[-20:])
            time.sleep(0.2)
        yield demo.url


async def add_sources(bootstrap: str, paper: Paper) -> None:
    """Put a feed and one that is gone into force."""
    settings = Settings()
    settings.kafka.bootstrap = bootstrap
    names = {"paper": "/feed", "closed": "/gone"}
    await source_topic.put(
        source_topic.OnKafka(settings), [Source(name=name, url=paper.url(path)) for name, path in names.items()]
    )


async def raise_alerts(bootstrap: str, taking: Hook) -> None:
    """Put a watch into force and send articles that it matches, none of them a copy; and an alert that is none.

    A watch holds for what comes once the step has read it: one article after another is sent until one is told of.
    """
    settings = Settings()
    settings.kafka.bootstrap = bootstrap
    receivers = ["taking", "gone", "down", "misspelt"]
    record = WatchRecord(name="everything", query=QUERY, receivers=receivers, backfill=True)
    await watch_topic.put(settings, [Watch(record=record, query=parse(QUERY))])
    stock = iter([structs.replace(raw, published_at=raw.fetched_at.isoformat()) for raw in news(10 * ALERTS)])
    while not taking.ids:
        await load(settings, [next(stock)])
        await asyncio.sleep(0.25)
    await load(settings, [raw for number, raw in enumerate(islice(stock, 2 * ALERTS)) if number % 10 != 9])
    async with producing(settings.kafka) as producer:
        await producer.send_and_wait("news.alerts", b"{}")


@pytest.fixture(scope="module")
def prometheus(worker_url: str) -> Iterator[RealPrometheus]:
    """Start a Prometheus that scrapes the worker."""
    if shutil.which("prometheus") is None:
        pytest.skip("prometheus is not installed (Debian: apt-get install prometheus)")
    with RealPrometheus(worker_url) as running:
        yield running


def test_every_expression_of_the_dashboard_returns_data(prometheus: RealPrometheus) -> None:
    """No panel is empty while news has gone through and alerts were raised."""
    panels = [e for e in expressions() if e.where.startswith("panel") and not e.metrics & OF_A_REAL_KAFKA]

    missing = prometheus.without_data([e.text for e in panels], PATIENCE_SECONDS)

    assert not missing, "\n".join(f"{e.where}: {e.text}" for e in panels if e.text in missing)


def test_every_recorded_rule_returns_data(prometheus: RealPrometheus) -> None:
    """Prometheus evaluates the recording rules themselves, and each leaves a series."""
    recorded = [e.where.removeprefix("record ") for e in expressions() if e.where.startswith("record")]

    assert recorded
    missing = prometheus.without_data(recorded, PATIENCE_SECONDS)
    assert not missing, "\n".join(missing)


def test_every_alert_watches_something_that_is_there(prometheus: RealPrometheus) -> None:
    """The series of each alert, and those it compares, have data in good times and bad: silence means health."""
    alerts = [e for e in expressions() if e.is_alert and not e.metrics & OF_A_REAL_KAFKA]
    watched = [text for e in alerts for text in (*e.selectors, *e.compared)]

    assert all(e.selectors for e in alerts)
    missing = prometheus.without_data(watched, PATIENCE_SECONDS)
    assert not missing, "\n".join(missing)


def test_every_series_of_the_dashboard_is_there(prometheus: RealPrometheus) -> None:
    """A misspelt label behind an `or vector(0)` would be a zero for ever: each series that a panel reads has data."""
    panels = [e for e in expressions() if e.where.startswith("panel") and not e.metrics & OF_A_REAL_KAFKA]
    series = sorted({s for e in panels for s in e.selectors})

    missing = prometheus.without_data(series, PATIENCE_SECONDS)
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("path", ["/", "/metrics", "/health/live", "/health/ready"])
def test_a_worker_serves_what_the_deployment_asks_for(worker_url: str, path: str) -> None:
    """Container health checks, Prometheus and people get an answer on the paths that they are told."""
    with urllib.request.urlopen(worker_url + path, timeout=10) as answer:
        assert answer.status == 200


def test_a_receiver_that_is_down_reaches_the_operators(worker_url: str) -> None:
    """From a worker over Prometheus and Alertmanager to people: which receiver, how bad, the first thing to do."""
    if shutil.which("prometheus") is None or shutil.which(RealAlertmanager.NAME) is None:
        pytest.skip("prometheus or prometheus-alertmanager is not installed (Debian: apt-get install both)")
    with (
        Hook() as pager,
        RealAlertmanager(RealAlertmanager.operators_at(pager.url)) as alertmanager,
        RealPrometheus(worker_url, alertmanager.url, hold="1s"),
    ):
        end = time.monotonic() + PATIENCE_SECONDS
        told: dict[str, dict[str, Any]] = {}
        while not {"ReceiverDown", "DeliveriesDead"} <= told.keys() and time.monotonic() < end:
            time.sleep(0.2)
            alerts = [alert for receipt in list(pager.receipts) for alert in receipt.body["alerts"]]
            told = {alert["labels"]["alertname"]: alert for alert in alerts}
        standing = {alert["labels"]["alertname"] for alert in alertmanager.alerts()}

    assert told["ReceiverDown"]["labels"] == {
        "alertname": "ReceiverDown",
        "receiver": "down",
        "step": "deliver",
        "severity": "critical",
    }
    assert "wirewatch deliveries list --receiver down" in told["ReceiverDown"]["annotations"]["action"]
    assert told["DeliveriesDead"]["labels"]["step"] == "deliver"
    assert not {"WorkerDown", "StepWithoutWorker", "StepNotReady", "WatchRefused", "WatchesGone"} & standing


def by_name(alerts: list[dict[str, str]]) -> list[list[tuple[str, str]]]:
    """Return alerts' labels in an order of their own."""
    return sorted(sorted(labels.items()) for labels in alerts)


def test_kafka_away_is_one_alert() -> None:
    """While Kafka does not answer, operators are told of that, and of no step, feed or poll that waits for it."""
    if shutil.which(RealAlertmanager.NAME) is None:
        pytest.skip("prometheus-alertmanager is not installed (Debian: apt-get install prometheus-alertmanager)")
    away = {"alertname": "KafkaAway", "severity": "critical"}
    explained = [
        {"alertname": "StepNotReady", "severity": "critical", "step": "tag"},
        {"alertname": "FeedsStale", "severity": "warning"},
        {"alertname": "NewsStopped", "severity": "critical"},
        {"alertname": "PollsStopped", "severity": "critical", "step": "fetch"},
    ]
    other = {"alertname": "WorkerDown", "severity": "critical", "instance": "a:8080"}

    told, held = held_back([away, other, *explained], wanted=2)

    assert by_name(held) == by_name(explained)
    assert by_name(told) == by_name([away, other])


def held_back(alerts: list[dict[str, str]], wanted: int) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Raise alerts at an Alertmanager with the project's routes; return those that operators are told of, and those held."""
    with Hook() as pager, RealAlertmanager(RealAlertmanager.operators_at(pager.url)) as alertmanager:
        alertmanager.tell(*alerts)
        end = time.monotonic() + PATIENCE_SECONDS
        told: list[dict[str, str]] = []
        while len(told) < wanted and time.monotonic() < end:
            time.sleep(0.2)
            told = [alert["labels"] for receipt in list(pager.receipts) for alert in receipt.body["alerts"]]
        return told, [alert["labels"] for alert in alertmanager.alerts() if alert["status"]["inhibitedBy"]]


def test_an_alert_is_held_back_only_by_what_explains_it() -> None:
    """A step that nobody runs silences its own warnings, a receiver that is down its own queue, and neither another's."""
    if shutil.which(RealAlertmanager.NAME) is None:
        pytest.skip("prometheus-alertmanager is not installed (Debian: apt-get install prometheus-alertmanager)")
    explains = [
        {"alertname": "StepWithoutWorker", "severity": "critical", "step": "tag"},
        {"alertname": "WorkerDown", "severity": "critical", "instance": "a:8080"},
        {"alertname": "ReceiverDown", "severity": "critical", "step": "deliver", "receiver": "desk"},
    ]
    explained = [
        {"alertname": "LagHigh", "severity": "warning", "step": "tag"},
        {"alertname": "DeliveriesGrowing", "severity": "warning", "step": "deliver", "receiver": "desk"},
    ]
    others = [
        {"alertname": "LagHigh", "severity": "warning", "step": "clean"},
        {"alertname": "SlowEndToEnd", "severity": "warning"},
        {"alertname": "DeliveriesGrowing", "severity": "warning", "step": "deliver", "receiver": "ops"},
        {"alertname": "DeliveriesDead", "severity": "critical", "step": "deliver", "receiver_type": "webhook"},
    ]
    news = {"alertname": "wirewatch", "severity": "warning", "watch": "earthquake"}

    told, held = held_back([news, *explains, *explained, *others], wanted=len(explains) + len(others))

    assert by_name(held) == by_name(explained)
    assert by_name(told) == by_name([*explains, *others])
