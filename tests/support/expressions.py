"""Every PromQL expression of the dashboard and the rules, and the series that it reads."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import promql_parser
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "wirewatch.json"
DASHBOARDS = sorted(DASHBOARD.parent.glob("*.json"))
RULES = DEPLOY / "prometheus" / "rules.yml"

#: What Grafana puts in place of its variables, at its smallest.
GRAFANA_VARIABLES = {
    "$__rate_interval": "1m",
    "$__range": "5m",
    **{f'"${name}"': '".*"' for name in ("country", "topic", "language", "watch")},
}
#: Metrics that the embedded broker gives no data for: it has no disk.
OF_A_REAL_KAFKA = {"wirewatch_kafka_disk_bytes", "wirewatch_kafka_disk_usable_bytes"}
COMPARISONS = {"==", "!=", ">", "<", ">=", "<="}


@dataclass(frozen=True)
class Expression:
    """A PromQL expression and where it stands; an alert's gives data only while something is wrong."""

    where: str
    text: str
    is_alert: bool = False

    @property
    def selectors(self) -> list[str]:
        """The time series that it reads, as expressions of their own, as of now: an offset is left out."""
        found: list[str] = []

        def visit(node: promql_parser.Expr) -> None:
            if isinstance(node, promql_parser.VectorSelector):
                found.append(re.sub(r" offset \S+$", "", str(node)))

        promql_parser.walk(promql_parser.parse(self.text), visit)
        return found

    @property
    def compared(self) -> list[str]:
        """The left sides of comparisons: series of an alert that have data while nothing is wrong, as of now."""
        found: list[str] = []

        def visit(node: promql_parser.Expr) -> None:
            if isinstance(node, promql_parser.BinaryExpr) and str(node.op) in COMPARISONS:
                found.append(re.sub(r" offset [0-9a-z]+", "", str(node.lhs)))

        promql_parser.walk(promql_parser.parse(self.text), visit)
        return found

    @property
    def metrics(self) -> set[str]:
        """The names of the metrics that it reads."""
        return {selector.partition("{")[0] for selector in self.selectors}


def panels() -> list[dict[str, Any]]:
    """Return the panels of all dashboards that ask Prometheus, without the headings of rows."""
    found = [panel for file in DASHBOARDS for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]]
    return [panel for panel in found if panel["type"] not in ("row", "alertlist")]


@cache
def rules() -> list[dict[str, Any]]:
    """Return the recording and alert rules."""
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def expressions() -> list[Expression]:
    """Return every expression of the dashboard (Grafana's variables filled in) and of the rules."""
    return [*_of_panels(), *_of_rules()]


def _of_panels() -> Iterator[Expression]:
    for panel in panels():
        for target in panel["targets"]:
            text = target["expr"]
            for variable, value in GRAFANA_VARIABLES.items():
                text = text.replace(variable, value)
            yield Expression(f"panel {panel['title']!r}", text)


def _of_rules() -> Iterator[Expression]:
    for rule in rules():
        if "alert" in rule:
            yield Expression(f"alert {rule['alert']}", rule["expr"], is_alert=True)
        else:
            yield Expression(f"record {rule['record']}", rule["expr"])
