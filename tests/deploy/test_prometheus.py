"""Debian's Prometheus against a running worker: every expression of the dashboard and the rules returns data."""

import shutil
import urllib.request
from collections.abc import Iterator

import pytest
from expressions import expressions
from real_prometheus import RealPrometheus

#: A few scrapes and evaluations, one second apart: rates need two, recorded rules and what is made of them some more.
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def prometheus(demo_worker_url: str) -> Iterator[RealPrometheus]:
    """Start a Prometheus that scrapes the demo's worker."""
    if shutil.which("prometheus") is None:
        pytest.skip("prometheus is not installed (Debian: apt-get install prometheus)")
    with RealPrometheus(demo_worker_url) as running:
        yield running


def test_every_expression_of_the_dashboard_returns_data(prometheus: RealPrometheus) -> None:
    """No panel is empty while the sample of news has gone through."""
    panels = [e for e in expressions() if e.where.startswith("panel")]

    missing = prometheus.without_data([e.text for e in panels], PATIENCE_SECONDS)

    assert not missing, "\n".join(f"{e.where}: {e.text}" for e in panels if e.text in missing)


def test_every_recorded_rule_returns_data(prometheus: RealPrometheus) -> None:
    """Prometheus evaluates the recording rules themselves, and each leaves a series."""
    recorded = [e.where.removeprefix("record ") for e in expressions() if e.where.startswith("record")]

    assert recorded
    missing = prometheus.without_data(recorded, PATIENCE_SECONDS)
    assert not missing, "\n".join(missing)


def test_every_alert_watches_something_that_is_there(prometheus: RealPrometheus) -> None:
    """The series of each alert, and what it compares, have data while nothing is wrong: silence means health."""
    alerts = [e for e in expressions() if e.is_alert]
    watched = [text for e in alerts for text in (*e.selectors, *e.compared)]

    assert all(e.selectors for e in alerts)
    missing = prometheus.without_data(watched, PATIENCE_SECONDS)
    assert not missing, "\n".join(missing)


def test_every_series_of_the_dashboard_is_there(prometheus: RealPrometheus) -> None:
    """A misspelt label behind an `or vector(0)` would be a zero for ever: each series that a panel reads has data."""
    series = sorted({s for e in expressions() if e.where.startswith("panel") for s in e.selectors})

    missing = prometheus.without_data(series, PATIENCE_SECONDS)
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("path", ["/", "/metrics", "/health/live", "/health/ready"])
def test_a_worker_serves_what_the_deployment_asks_for(demo_worker_url: str, path: str) -> None:
    """Container health checks, Prometheus and people get an answer on the paths that they are told."""
    with urllib.request.urlopen(demo_worker_url + path, timeout=10) as answer:
        assert answer.status == 200
