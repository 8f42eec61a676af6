"""The Grafana dashboard and its provisioning, checked without Grafana."""

import json
import tomllib
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from agents.tag.topics.concepts import Taxonomy
from tests.support.expressions import DASHBOARDS, expressions, panels, rules
from tools import editor_dashboard
from wirewatch.metrics import new_metrics

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
TOPICS = ROOT / "agents" / "tag" / "topics"
#: What Prometheus itself writes.
PROMETHEUS_OWN = {"up"}


@cache
def exported() -> set[str]:
    """Return the name of every time series that a worker can serve, as Prometheus sees it: asked once for all expressions."""
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    return {metric.name + suffix for metric in new_metrics().registry.collect() for suffix in suffixes[metric.type]}


@cache
def recorded() -> set[str]:
    """Return the name of every series that a rule records."""
    return {rule["record"] for rule in rules() if "record" in rule}


def test_an_expression_reads_metrics_that_exist() -> None:
    """Every metric that a panel or a rule names is exported by a worker, recorded by a rule, or Prometheus' own."""
    there = exported() | recorded() | PROMETHEUS_OWN
    unknown = {e.where: e.metrics - there for e in expressions() if not e.metrics or e.metrics - there}

    assert len(expressions()) > 100
    assert not unknown


def test_a_panel_says_what_it_shows_and_in_which_unit() -> None:
    """Each panel has a title, a description, a unit and at least one expression, each under an id of its own."""
    assert len(panels()) > 50
    assert not [panel["title"] or panel for panel in panels() if not is_whole(panel)]


def is_whole(panel: dict[str, Any]) -> bool:
    """Return whether a panel has all that a reader needs."""
    targets = panel["targets"]
    ids = {target["refId"] for target in targets}
    told = panel["title"] and panel["description"] and panel["fieldConfig"]["defaults"]["unit"]
    return bool(told and targets) and all(target["expr"] for target in targets) and len(ids) == len(targets)


def test_every_metric_of_a_worker_is_on_the_dashboard() -> None:
    """No metric is exported that nobody is shown."""
    shown = {metric for e in expressions() if e.where.startswith("panel") for metric in e.metrics}
    hidden = [
        metric.name
        for metric in new_metrics().registry.collect()
        if not any(name.startswith(metric.name) for name in shown)
    ]

    assert hidden == []


@pytest.mark.parametrize(
    "title", ["Topics", "Topics over time", "Regions and topics", "Unusual topics", "Topics by the hour"]
)
def test_topics_are_shown_by_their_names(title: str) -> None:
    """Where the series carry IPTC's codes, a person reads IPTC's name for each top-level topic."""
    [panel] = [panel for panel in panels() if panel["title"] == title]
    overrides = panel["fieldConfig"]["overrides"]
    shown = {each["matcher"]["options"]: each["properties"][0]["value"] for each in overrides}
    names = {concept.code: concept.label for concept in Taxonomy.read(TOPICS).concepts.values() if concept.level == 1}

    assert len(names) == 17
    assert {code: name for code, name in shown.items() if code.startswith("medtop:")} == names


def test_the_editors_dashboard_is_what_its_script_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change goes into the script, which writes the file."""
    monkeypatch.setattr("sys.argv", ["editor_dashboard.py", str(tmp_path / "editor.json")])

    editor_dashboard.main()

    assert (tmp_path / "editor.json").read_bytes() == editor_dashboard.FILE.read_bytes()


def test_the_editor_chooses_by_labels_that_exist() -> None:
    """Each variable is a label of a metric, and each panel that has the label follows it."""
    labels = {name: set(metric._labelnames) for name, metric in names_of_metrics().items()}

    for name, label, series in editor_dashboard.VARIABLES:
        assert label in labels[series.removesuffix("_total")]
        assert any(f'{label}=~"${name}"' in str(panel) for panel in editor_dashboard.placed())


def test_alerts_are_listed_from_the_alertmanager_of_the_compose_file() -> None:
    """The list's data source is provisioned, and holds the alerts of the example's watch."""
    provisioned = yaml.safe_load((ROOT / "deploy/grafana/datasources/alertmanager.yml").read_text(encoding="utf-8"))
    receivers = tomllib.loads((ROOT / "deploy/wirewatch.toml").read_text(encoding="utf-8"))["receivers"]
    watch = tomllib.loads((ROOT / "deploy/watches/earthquake.toml").read_text(encoding="utf-8"))
    [source] = provisioned["datasources"]

    assert source["uid"] == editor_dashboard.ALERTMANAGER["uid"]
    assert source["name"] == editor_dashboard.alert_list()["options"]["datasource"]
    assert source["url"] in {receivers[name].get("url") for name in watch["receivers"]}


def names_of_metrics() -> dict[str, Any]:
    """Return the metrics of a worker by their names."""
    collectors: set[Any] = set(new_metrics().registry._names_to_collectors.values())
    return {metric._name: metric for metric in collectors if hasattr(metric, "_labelnames")}


@pytest.mark.parametrize("file", DASHBOARDS, ids=lambda file: file.stem)
def test_panels_do_not_lie_on_each_other(file: Path) -> None:
    """Every panel lies inside the 24 columns, on no other, and has an id of its own."""
    dashboard = json.loads(file.read_text(encoding="utf-8"))
    places = [panel["gridPos"] for panel in dashboard["panels"]]

    def apart(a: dict[str, int], b: dict[str, int]) -> bool:
        beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        return beside or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]

    assert all(place["x"] + place["w"] <= 24 for place in places)
    assert all(apart(a, b) for a, b in combinations(places, 2))
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(places)


def test_the_dashboard_uses_the_data_source_that_is_provisioned() -> None:
    """The panels' data source has the id that Grafana is given, and the address of the compose file's Prometheus."""
    provisioned = yaml.safe_load((ROOT / "deploy/grafana/datasources/prometheus.yml").read_text(encoding="utf-8"))
    [source] = provisioned["datasources"]
    used = {target["datasource"]["uid"] for panel in panels() for target in panel["targets"]}
    [port] = [port.rpartition(":")[2] for port in COMPOSE["services"]["prometheus"]["ports"]]

    assert used == {source["uid"]}
    assert source["url"] == f"http://prometheus:{port}"


def test_rates_span_several_scrapes() -> None:
    """Grafana makes $__rate_interval from the scrape interval that its data source is told: Prometheus' own."""
    provisioned = yaml.safe_load((ROOT / "deploy/grafana/datasources/prometheus.yml").read_text(encoding="utf-8"))
    prometheus = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))

    assert provisioned["datasources"][0]["jsonData"]["timeInterval"] == prometheus["global"]["scrape_interval"]


def test_grafana_loads_the_folder_where_the_dashboard_is_mounted() -> None:
    """The provider's folder is the mount of deploy/grafana/dashboards."""
    provided = yaml.safe_load((ROOT / "deploy/grafana/providers/wirewatch.yml").read_text(encoding="utf-8"))
    mounts = [volume.split(":") for volume in COMPOSE["services"]["grafana"]["volumes"]]

    [path] = [provider["options"]["path"] for provider in provided["providers"]]

    assert ["./deploy/grafana/dashboards", path, "ro"] in mounts
