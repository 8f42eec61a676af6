"""A real Prometheus and a real Alertmanager for the tests: Debian's binaries on free ports.

Prometheus scrapes one worker every second and evaluates the project's own rules (deploy/prometheus/rules.yml) against
what it serves. Alertmanager has the project's own routes (deploy/alertmanager/alertmanager.yml).
"""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import yaml

from tests.support.processes import ENDS_WITH_TESTS, Program
from tests.support.real_kafka import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "rules.yml"
ROUTES = DEPLOY / "alertmanager" / "alertmanager.yml"


class RefusedError(Exception):
    """Prometheus refuses a query; the message says why."""


class Scraping(Program):
    """One of the two, from entering to leaving; its data is then deleted."""

    START_SECONDS = 30.0

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.url = f"http://127.0.0.1:{free_port()}"

    def command(self) -> list[str]:
        """Write its configuration, and return the command that reads it."""
        config = self.folder / f"{self.name}.yml"
        config.write_text(yaml.safe_dump(self._config()), encoding="utf-8")
        return [
            *ENDS_WITH_TESTS,
            self.name,
            f"--config.file={config}",
            f"--web.listen-address={self.url.removeprefix('http://')}",
            "--log.level=warn",
            *self._options(),
        ]

    def options(self) -> dict[str, Any]:
        """Return its folder to work in."""
        return {"cwd": self.folder}

    def answers(self) -> bool:
        """Return whether it says that it is ready."""
        try:
            self._get("/-/ready")
        except OSError:
            return False
        return True

    def _options(self) -> list[str]:
        """Return the options that only this program has."""
        raise NotImplementedError

    def _config(self) -> dict[str, Any]:
        """Return its configuration file."""
        raise NotImplementedError

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            body: bytes = answer.read()
            return body


class RealPrometheus(Scraping):
    """Scrapes `worker_url` (`http://host:port`).

    `alertmanager_url` is told of alerts; `hold` (`1s`) replaces how long each alert has to stand before it is one.
    """

    def __init__(self, worker_url: str, alertmanager_url: str = "", hold: str = "") -> None:
        super().__init__("prometheus")
        self._worker = urllib.parse.urlsplit(worker_url).netloc
        self._alertmanager = urllib.parse.urlsplit(alertmanager_url).netloc
        self._hold = hold

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Return the samples of an instant query, each with `metric` (labels) and `value` (time, text)."""
        parameters = urllib.parse.urlencode({"query": expression})
        try:
            answer = self._get(f"/api/v1/query?{parameters}")
        except urllib.error.HTTPError as error:
            raise RefusedError(f"{expression}: {error.read().decode(errors='replace')}") from error
        samples: list[dict[str, Any]] = json.loads(answer)["data"]["result"]
        return samples

    def without_data(self, expressions: list[str], seconds: float) -> list[str]:
        """Return the expressions that give no sample within so many seconds, each asked again until it does."""
        deadline = time.monotonic() + seconds
        missing = list(expressions)
        while missing and time.monotonic() < deadline:
            missing = [expression for expression in missing if not self.query(expression)]
            if missing:
                time.sleep(1)
        return missing

    def _options(self) -> list[str]:
        return [f"--storage.tsdb.path={self.folder / 'data'}"]

    def _config(self) -> dict[str, Any]:
        rules = self.folder / "rules.yml"
        rules.write_text(self._rules(), encoding="utf-8")
        told = [{"static_configs": [{"targets": [self._alertmanager]}]}] if self._alertmanager else []
        return {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(rules)],
            "alerting": {"alertmanagers": told},
            "scrape_configs": [{"job_name": "wirewatch", "static_configs": [{"targets": [self._worker]}]}],
        }

    def _rules(self) -> str:
        rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
        for group in rules["groups"]:
            group.pop("interval", None)  # the tests wait for seconds, not for minutes
        for rule in (rule for group in rules["groups"] for rule in group["rules"] if "for" in rule):
            rule["for"] = self._hold or rule["for"]
        return yaml.safe_dump(rules)


class RealAlertmanager(Scraping):
    """Has a configuration; as it is, the project's routes."""

    NAME = "prometheus-alertmanager"

    def __init__(self, config: dict[str, Any] | None = None) -> None:
        super().__init__(self.NAME)
        self._given = config

    @staticmethod
    def operators_at(webhook_url: str) -> dict[str, Any]:
        """Return the project's routes, with a second's wait instead of half a minute, and operators told at a webhook."""
        config: dict[str, Any] = yaml.safe_load(ROUTES.read_text(encoding="utf-8"))
        config["route"]["group_wait"] = "1s"
        (operators,) = (each for each in config["receivers"] if each["name"] == "operators")
        operators["webhook_configs"] = [{"url": webhook_url}]
        return config

    @staticmethod
    def telling(webhook_url: str) -> dict[str, Any]:
        """Return a configuration that tells a webhook of each alert at once."""
        return {
            "route": {"receiver": "told", "group_by": ["alert_id"], "group_wait": "0s", "group_interval": "1s"},
            "receivers": [{"name": "told", "webhook_configs": [{"url": webhook_url}]}],
        }

    def tell(self, *alerts: dict[str, str]) -> None:
        """Raise alerts with these labels, as Prometheus does."""
        body = json.dumps([{"labels": labels} for labels in alerts]).encode()
        request = urllib.request.Request(
            f"{self.url}/api/v2/alerts", data=body, headers={"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=10).close()

    def alerts(self) -> list[dict[str, Any]]:
        """Return the alerts that stand, each with `labels`, `annotations` and `status`."""
        found: list[dict[str, Any]] = json.loads(self._get("/api/v2/alerts"))
        return found

    def _options(self) -> list[str]:
        return [f"--storage.path={self.folder / 'data'}", "--cluster.listen-address="]

    def _config(self) -> dict[str, Any]:
        return self._given or yaml.safe_load(ROUTES.read_text(encoding="utf-8"))
