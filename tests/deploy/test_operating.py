"""docs/operating.md and docs/deploying.md are true: every alert and no other, and commands, settings and services that exist."""

import re
import shlex
from pathlib import Path
from typing import Any

import yaml

from streams.settings import Tables
from streams.topics import TOPICS
from tests.support.cli_commands import commands
from tests.support.expressions import DASHBOARD, rules
from wirewatch.cli import main
from wirewatch.metrics import new_metrics
from wirewatch.settings import SECTIONS
from wirewatch.steps import STEPS

ROOT = Path(__file__).parents[2]
TEXT = "\n".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("operating.md", "deploying.md"))
CODE = [*re.findall(r"`([^`\n]+)`", TEXT), *re.findall(r"^\$ (.+)$", TEXT, re.MULTILINE)]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
#: What stands in the place of a name.
PLACEHOLDERS = {"STEP"}


def first_cells(heading: str) -> list[str]:
    """Return the first cells of the rows of the tables under a heading, without the heads."""
    section = TEXT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| (.+?) \|.*$(?!\n\|---)", section, re.MULTILINE)


def test_every_alert_is_explained_and_no_other() -> None:
    """The tables have each alert of the rules once."""
    explained = [name for cell in first_cells("What each alert means") for name in cell.split(", ")]

    assert sorted(explained) == sorted(rule["alert"] for rule in rules() if "alert" in rule)


def test_every_step_can_be_scaled_or_is_said_not_to() -> None:
    """The table of scaling has each step once."""
    named = [name for cell in first_cells("Scale a step") for name in cell.split(", ")]

    assert sorted(named) == sorted(STEPS)


def test_commands_exist_with_their_options() -> None:
    """Each `wirewatch …` names a command of the command line, with options that it has."""
    known = commands(main)
    found = [re.search(r"(?:^|-- )wirewatch (.*)", code) for code in CODE]
    calls = [shlex.split(match[1]) for match in found if match]

    assert calls
    for call in calls:
        name = next((n for n in (" ".join(call[:2]), call[0]) if n in known), None)
        assert name is not None, call
        options = {option for parameter in known[name].params for option in parameter.opts}
        assert {word for word in call if word.startswith("-")} <= options, call


def test_services_and_deployments_exist() -> None:
    """Each service of `docker compose …`, each deployment of `kubectl …` and each volume is there."""
    deployed = {
        d["metadata"]["name"] for d in yaml.safe_load_all((ROOT / "deploy/kubernetes/workers.yaml").read_text())
    }
    named = {name for code in CODE for name in re.findall(r"\bdeploy/([\w-]+)(?![\w.-])", code)}
    named = {name for name in named if not (ROOT / "deploy" / name).is_dir()}
    services = {code.split()[-1] for code in CODE if re.match(r"docker compose (logs|restart|up)", code)}
    volumes = {
        name
        for cell in first_cells("What is safe to delete")
        if "volume" in cell
        for name in re.findall(r"`(\w+)`", cell)
    }

    assert named - PLACEHOLDERS <= deployed
    assert named & deployed
    assert services - PLACEHOLDERS - {"--no-recreate"} <= COMPOSE["services"].keys()
    assert services & COMPOSE["services"].keys()
    assert volumes == COMPOSE["volumes"].keys()


def test_settings_metrics_topics_and_panels_exist() -> None:
    """Each word that looks like a setting, a metric, a topic or a panel's title is one."""
    plain = {section: kind for section, kind in SECTIONS.items() if not isinstance(kind, Tables)}
    settings = {f"{section}.{field}" for section, kind in plain.items() for field in kind.__struct_fields__}
    metrics = {f"{metric.name}{end}" for metric in new_metrics().registry.collect() for end in ("", "_total")}
    titles = set(re.findall(r'"title": "(.+)"', DASHBOARD.read_text(encoding="utf-8")))
    panels = re.findall(r"\*((?:Messages|CPU|Dedup's)[^*]*)\*", TEXT)

    assert {
        code for code in CODE if re.fullmatch(r"(clean|dedup|deliver|kafka|tag|watch|worker|feeds)\.\w+", code)
    } <= settings
    assert {name for code in CODE for name in re.findall(r"wirewatch_\w+", code)} <= metrics
    assert {name for code in CODE for name in re.findall(r"\b(?:news|wirewatch)\.[a-z-]+", code)} <= TOPICS.keys() | {
        "wirewatch.toml"
    }
    assert panels
    assert set(panels) <= titles


def test_every_topic_that_holds_a_state_is_judged() -> None:
    """Of each compacted topic it is said whether it may be deleted."""
    judged = {name for cell in first_cells("What is safe to delete") for name in re.findall(r"`([a-z.-]+)`", cell)}

    assert {topic.name for topic in TOPICS.values() if topic.compacted} <= judged
