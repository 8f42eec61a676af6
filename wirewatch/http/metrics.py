"""Metrics of the HTTP server."""

from prometheus_client import CollectorRegistry, Counter, Gauge

#: Why a request or a connection was refused or ended.
REFUSALS = ("host", "token", "connections", "slow", "write", "malformed")


class HttpMetrics:
    """Open connections, and refusals by reason."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.connections = Gauge("wirewatch_http_connections", "Open connections of the HTTP server", registry=registry)
        self.refused = Counter(
            "wirewatch_http_refused",
            f"Requests and connections that the HTTP server refused or ended: {', '.join(REFUSALS)}",
            ["reason"],
            registry=registry,
        )
        for reason in REFUSALS:
            self.refused.labels(reason)
