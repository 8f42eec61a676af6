"""Write the editor's Grafana dashboard: python tools/editor_dashboard.py [FILE].

A map, what is unusual, who writes on what, alerts: from metrics alone, so for the number of articles and never for one of
them. deploy/grafana/dashboards/editor.json is what this writes (a test compares).
"""

import json
import sys
from pathlib import Path
from typing import Any

from agents.tag.topics.concepts import Taxonomy

ROOT = Path(__file__).parents[1]
FILE = ROOT / "deploy/grafana/dashboards/editor.json"
PROMETHEUS = {"type": "prometheus", "uid": "wirewatch"}
ALERTMANAGER = {"type": "alertmanager", "uid": "wirewatch-alertmanager"}
COLUMNS = 24

Panel = dict[str, Any]

#: Name, label that it chooses, series that has the label.
VARIABLES = (
    ("country", "country", "wirewatch_region_articles_total"),
    ("topic", "topic", "wirewatch_topic_articles_total"),
    ("language", "language", "wirewatch_language_articles_total"),
    ("watch", "watch", "wirewatch_alerts_total"),
)

COUNTRIES = 'wirewatch_region_articles_total{country=~"$country"}'
TOPICS = 'wirewatch_topic_articles_total{topic=~"$topic"}'
LANGUAGES = 'wirewatch_language_articles_total{language=~"$language"}'
ALERTS = 'wirewatch_alerts_total{watch=~"$watch"}'


def unusual(series: str, label: str) -> str:
    """Return how far the last six hours lie above the week's usual six: a residual in standard deviations (Pearson).

    3 is added to what is expected, so that two articles on a country that is never in the news are not unusual.
    """
    now = f"sum by ({label}) (increase({series}[6h]))"
    usual = f"(sum by ({label}) (increase({series}[7d])) / 28)"
    return f"topk(15, ({now} - {usual}) / sqrt({usual} + 3))"


def names_of_topics() -> list[dict[str, Any]]:
    """Return the mapping that shows IPTC's names in place of its codes."""
    concepts = Taxonomy.read(ROOT / "agents/tag/topics").concepts.values()
    return [
        {
            "matcher": {"id": "byName", "options": concept.code},
            "properties": [{"id": "displayName", "value": concept.label}],
        }
        for concept in sorted(concepts, key=lambda each: each.code)
        if concept.level == 1
    ]


def target(expression: str, legend: str, *, instant: bool) -> dict[str, Any]:
    """Return one query of a panel."""
    form = "table" if instant and not legend else "time_series"
    return {
        "refId": "A",
        "datasource": PROMETHEUS,
        "expr": expression,
        "legendFormat": legend,
        "format": form,
        "instant": instant,
        "range": not instant,
    }


def panel(kind: str, title: str, description: str, expression: str, legend: str = "", **more: Any) -> Panel:
    """Return a panel without its place; bars, maps and tables show the time that is chosen as one number."""
    instant = kind != "timeseries"
    defaults = {"unit": more.pop("unit", "short"), "min": 0, "color": {"mode": more.pop("color", "continuous-BlPu")}}
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": PROMETHEUS,
        "fieldConfig": {
            "defaults": defaults | {"custom": more.pop("custom", {})},
            "overrides": more.pop("overrides", []),
        },
        "targets": [target(expression, legend, instant=instant)],
        **more,
    }


def bars(title: str, description: str, expression: str, legend: str, **more: Any) -> Panel:
    """Return bars, the longest first."""
    options = {
        "orientation": "horizontal",
        "displayMode": "gradient",
        "showUnfilled": True,
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
    }
    return panel("bargauge", title, description, f"sort_desc({expression})", legend, options=options, **more)


def over_time(title: str, description: str, expression: str, legend: str, **more: Any) -> Panel:
    """Return stacked areas, an hour a point."""
    custom = {
        "lineWidth": 1,
        "fillOpacity": 30,
        "showPoints": "never",
        "stacking": {"mode": "normal", "group": "A"},
    }
    options = {
        "legend": {"displayMode": "table", "placement": "right", "calcs": ["sum"]},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    return panel(
        "timeseries",
        title,
        description,
        expression,
        legend,
        color="palette-classic",
        custom=custom,
        options=options,
        interval="1h",
        **more,
    )


def world() -> Panel:
    """Return the map: a dot on each country, by its number of articles."""
    layer = {
        "type": "markers",
        "name": "articles",
        "location": {"mode": "lookup", "lookup": "country", "gazetteer": "public/gazetteer/countries.json"},
        "config": {
            "showLegend": False,
            "style": {
                "size": {"field": "Value", "min": 3, "max": 30},
                "color": {"field": "Value", "fixed": "dark-blue"},
                "opacity": 0.6,
            },
        },
        "tooltip": True,
    }
    return panel(
        "geomap",
        "Where",
        "Articles about each country in the time shown",
        f"sum by (country) (increase({COUNTRIES}[$__range]))",
        options={
            "view": {"id": "zero", "lat": 15, "lon": 10, "zoom": 1.6},
            # the shapes that come with Grafana: no map service is asked
            "basemap": {"type": "default", "name": "Layer 0"},
            "layers": [layer],
            "tooltip": {"mode": "details"},
            "controls": {"showZoom": True, "mouseWheelZoom": False, "showAttribution": True},
        },
    )


def alert_list() -> Panel:
    """Return the alerts themselves, with their headlines and links, as Alertmanager holds them."""
    return {
        "type": "alertlist",
        "title": "Alerts",
        "description": "What watches have found: those that a watch sends to a receiver of type alertmanager, while they stand",
        "datasource": ALERTMANAGER,
        "fieldConfig": {"defaults": {"unit": "short"}, "overrides": []},
        "options": {
            "viewMode": "list",
            "groupMode": "custom",
            "groupBy": ["watch"],
            "maxItems": 50,
            "sortOrder": 3,
            "dashboardAlerts": False,
            "datasource": "Alertmanager",
            "alertInstanceLabelFilter": '{alertname="wirewatch", watch=~"$watch"}',
            "stateFilter": {"firing": True, "pending": False, "noData": False, "normal": False, "error": False},
        },
        "targets": [],
    }


Row = list[tuple[int, int, Panel]]


def rows() -> list[Row]:
    """Return the panels row by row, each with its width and height."""
    topics = names_of_topics()
    map_row: Row = [(14, 14, world()), (10, 14, alert_list())]
    return [map_row, unusual_row(topics), hourly_row(topics), sources_row(), alerts_row()]


def unusual_row(topics: list[dict[str, Any]]) -> Row:
    """Return the panels of countries and topics with far more articles than usual."""
    return [
        (
            12,
            11,
            bars(
                "Unusual countries",
                "Articles of the last 6 hours above the week's usual 6 hours, in standard deviations: 3 is a lot",
                unusual(COUNTRIES, "country"),
                "{{country}}",
                color="continuous-YlRd",
            ),
        ),
        (
            12,
            11,
            bars(
                "Unusual topics",
                "The same for topics",
                unusual(TOPICS, "topic"),
                "{{topic}}",
                color="continuous-YlRd",
                overrides=topics,
            ),
        ),
    ]


def hourly_row(topics: list[dict[str, Any]]) -> Row:
    """Return the panels of articles by the hour."""
    return [
        (
            12,
            9,
            over_time(
                "Countries by the hour",
                "Articles about each country in an hour: the 10 with most",
                f"topk(10, sum by (country) (increase({COUNTRIES}[1h])))",
                "{{country}}",
            ),
        ),
        (
            12,
            9,
            over_time(
                "Topics by the hour",
                "Articles on each topic in an hour",
                f"sum by (topic) (increase({TOPICS}[1h]))",
                "{{topic}}",
                overrides=topics,
            ),
        ),
    ]


def sources_row() -> Row:
    """Return the panels of languages and sources."""
    return [
        (
            8,
            10,
            bars(
                "Articles by language",
                "Tagged articles in the time shown",
                f"topk(20, sum by (language) (increase({LANGUAGES}[$__range])))",
                "{{language}}",
            ),
        ),
        (
            8,
            10,
            bars(
                "Busiest sources",
                "How often a new article of each was seen in a day, counted each 5 minutes; the 20 with most",
                "topk(20, source:wirewatch_arrivals:sum1d)",
                "{{source}}",
            ),
        ),
        (
            8,
            10,
            bars(
                "Sources without an article for half a day",
                "Sources that were seen within the week, and how often: the busiest first",
                "topk(20, sum_over_time(source:wirewatch_arrivals:changes15m[7d]) and source:wirewatch_arrivals:sum12h == 0)",
                "{{source}}",
            ),
        ),
    ]


def alerts_row() -> Row:
    """Return the panels of alerts and copies."""
    return [
        (
            12,
            9,
            over_time(
                "Alerts by watch",
                "Alerts of each watch in an hour",
                f"topk(15, sum by (watch) (increase({ALERTS}[1h])))",
                "{{watch}}",
            ),
        ),
        (
            12,
            9,
            over_time(
                "Copies by kind in an hour",
                "How much of the news is the same text again",
                "sum by (kind) (increase(wirewatch_duplicates_total[1h]))",
                "{{kind}}",
            ),
        ),
    ]


def placed() -> list[Panel]:
    """Return the panels with ids and places."""
    found: list[Panel] = []
    y = 0
    for row in rows():
        x = 0
        for width, height, each in row:
            found.append({"id": len(found) + 1, "gridPos": {"h": height, "w": width, "x": x, "y": y}, **each})
            x += width
        assert x == COLUMNS
        y += max(height for _, height, _ in row)
    return found


def variable(name: str, label: str, series: str) -> dict[str, Any]:
    """Return a choice of one label's values, all of them at first."""
    query = f"label_values({series}, {label})"
    return {
        "type": "query",
        "name": name,
        "label": name.capitalize(),
        "datasource": PROMETHEUS,
        "query": {"query": query, "refId": name},
        "definition": query,
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": ["All"], "value": ["$__all"]},
    }


def dashboard() -> dict[str, Any]:
    """Return the dashboard as Grafana reads it."""
    return {
        "uid": "wirewatch-editor",
        "title": "wirewatch for editors",
        "description": "Where the news is, what is unusual, which watches alert.",
        "tags": ["wirewatch"],
        "timezone": "browser",
        "editable": False,
        "graphTooltip": 1,
        "refresh": "1m",
        "schemaVersion": 39,
        "version": 1,
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [variable(*each) for each in VARIABLES]},
        "annotations": {"list": []},
        "links": [
            {"type": "link", "title": "The page", "url": "http://localhost:8080", "targetBlank": True, "icon": "doc"},
            {"type": "dashboards", "title": "Dashboards", "tags": ["wirewatch"], "asDropdown": True},
        ],
        "panels": placed(),
    }


def main() -> None:
    """Write the file."""
    target_file = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    target_file.write_text(json.dumps(dashboard(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
