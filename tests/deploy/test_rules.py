"""The configuration of Prometheus and Alertmanager and the rules, by Prometheus' own tools where they are installed."""

import os
import shutil
import subprocess
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.settings import Settings
from tests.support.expressions import rules
from wirewatch.steps import STEPS

DEPLOY = Path(__file__).parents[2] / "deploy"
PROMETHEUS = DEPLOY / "prometheus"
ALERTS = [rule for rule in rules() if "alert" in rule]
#: The unit tests of the rules; what takes hours or days is evaluated more seldom.
CASE_FILES = ("rules_test.yml", "rules_hours_test.yml", "rules_days_test.yml")


def checked(tool: str, *arguments: str, folder: Path = PROMETHEUS) -> None:
    """Run a tool that checks files of a folder and fail with its output."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed (Debian: prometheus, prometheus-alertmanager)")
    environ = os.environ | {"GOGC": "400"}  # garbage is looked for less often: a fifth of promtool's time
    done = subprocess.run(
        [tool, *arguments], cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr


@cache
def read(name: str) -> Any:
    """Return a file of Prometheus' folder, read once."""
    return yaml.load((PROMETHEUS / name).read_text(encoding="utf-8"), yaml.CSafeLoader)


def test_promtool_accepts_the_configuration() -> None:
    """Prometheus would start with this configuration and these rules."""
    checked("promtool", "check", "config", "prometheus.yml")


def test_promtool_accepts_the_job_for_kubernetes(tmp_path: Path) -> None:
    """It would start with that job too: all but the discovery itself, which Debian's Prometheus is built without."""
    config = deepcopy(read("kubernetes.yml"))
    [job] = config["scrape_configs"]
    assert job.pop("kubernetes_sd_configs")
    job["static_configs"] = [{"targets": ["127.0.0.1:8080"]}]
    file = tmp_path / "kubernetes.yml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")

    checked("promtool", "check", "config", str(file))


def test_promtool_accepts_the_rules() -> None:
    """No rule is malformed or given twice."""
    checked("promtool", "check", "rules", "--lint-fatal", "rules.yml")


def name_of(rule: dict[str, Any]) -> str:
    """Return the alert that a rule raises, or the series that it records."""
    return str(rule["alert"] if "alert" in rule else rule["record"])


def needed(alerts: set[str]) -> dict[str, Any]:
    """Return the rules that these alerts need: themselves, and the records that they read, in their groups."""
    named = [(name_of(rule), yaml.safe_dump(rule)) for rule in rules()]
    wanted, found = set[str](), set(alerts)
    while found:
        texts = [text for name, text in named if name in found]
        wanted |= found
        found = {name for name, _ in named if ":" in name and any(name in text for text in texts)} - wanted
    groups = [
        group | {"rules": [rule for rule in group["rules"] if name_of(rule) in wanted]}
        for group in read("rules.yml")["groups"]
    ]
    return {"groups": [group for group in groups if group["rules"]]}


@pytest.mark.parametrize("cases", CASE_FILES)
def test_each_alert_is_raised_when_it_should_and_not_otherwise(cases: str, tmp_path: Path) -> None:
    """The unit tests of the rules pass, each on the rules that it asks for: promtool evaluates all that it is given."""
    file = read(cases)
    assert file["rule_files"] == ["rules.yml"]
    for number, case in enumerate(file["tests"]):
        made = needed({test["alertname"] for test in case["alert_rule_test"]})
        order = [group["name"] for group in made["groups"]]
        one = file | {"rule_files": [f"rules{number}.yml"], "group_eval_order": order, "tests": [case]}
        (tmp_path / f"rules{number}.yml").write_text(yaml.safe_dump(made), encoding="utf-8")
        (tmp_path / f"case{number}.yml").write_text(yaml.safe_dump(one), encoding="utf-8")
    names = [f"case{number}.yml" for number in range(len(file["tests"]))]
    checked("promtool", "test", "rules", *names, folder=tmp_path)


def test_amtool_accepts_the_routes() -> None:
    """Alertmanager would start with this configuration."""
    checked("amtool", "check-config", str(DEPLOY / "alertmanager" / "alertmanager.yml"))


@pytest.mark.parametrize("file", CASE_FILES)
def test_the_unit_tests_evaluate_every_group_in_the_order_of_the_file(file: str) -> None:
    """Promtool orders groups only where it is asked to: groups that record stand before those that alert."""
    groups = read("rules.yml")["groups"]
    cases = read(file)
    records = [all("record" in rule for rule in group["rules"]) for group in groups]

    assert cases["group_eval_order"] == [group["name"] for group in groups]
    assert records == sorted(records, reverse=True)


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_an_alert_says_what_is_wrong_and_what_to_do(alert: dict[str, Any]) -> None:
    """Each alert has a known severity, a waiting time, a summary and an action."""
    assert alert["labels"]["severity"] in {"critical", "warning", "info"}
    assert alert["for"]
    assert alert["annotations"].keys() == {"summary", "action"}


@pytest.mark.parametrize("alert", [alert["alert"] for alert in ALERTS])
def test_an_alert_has_a_case_that_raises_it_and_one_that_does_not(alert: str) -> None:
    """The unit tests hold for each alert a time at which it fires, and a time or a series for which it does not."""
    cases = [case for file in CASE_FILES for case in read(file)["tests"]]
    asked = [(case, test) for case in cases for test in case["alert_rule_test"] if test["alertname"] == alert]
    raised = [(case, test) for case, test in asked if test["exp_alerts"]]
    silent = [test for _, test in asked if not test["exp_alerts"]]
    spared = [case for case, test in raised if len(case["input_series"]) > len(test["exp_alerts"])]

    assert raised
    assert silent or spared


def test_a_step_without_workers_is_noticed_for_every_step() -> None:
    """StepWithoutWorker names each step that runs unasked: an absent series has no labels to group by."""
    [alert] = [alert for alert in ALERTS if alert["alert"] == "StepWithoutWorker"]

    always = [name for name, step in STEPS.items() if step.has_needs(Settings())]

    assert all(f'absent(wirewatch_step_ready{{step="{step}"}})' in alert["expr"] for step in always)
    assert alert["expr"].count("absent(") == len(always)
