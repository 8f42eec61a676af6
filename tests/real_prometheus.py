"""A real Prometheus for the tests: Debian's binary on a free port, scraping one worker every second.

It evaluates the project's own rules (deploy/prometheus/rules.yml) against what the worker serves.
"""

import json
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml
from real_kafka import free_port

RULES = Path(__file__).parents[1] / "deploy" / "prometheus" / "rules.yml"
START_SECONDS = 30.0


class RealPrometheusError(Exception):
    """Prometheus could not be started or refused a query; the message says why."""


class RealPrometheus:
    """Scrapes `worker_url` (`http://host:port`) from entering to leaving; its data is then deleted."""

    def __init__(self, worker_url: str) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self._worker = urllib.parse.urlsplit(worker_url).netloc
        self._folder = Path(tempfile.mkdtemp(prefix="wirewatch-prometheus-"))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        (self._folder / "prometheus.yml").write_text(yaml.safe_dump(self._config()), encoding="utf-8")
        command = [
            "prometheus",
            f"--config.file={self._folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self._folder / 'data'}",
            f"--web.listen-address={self.url.removeprefix('http://')}",
            "--log.level=warn",
        ]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            self._wait(self._process)
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Return the samples of an instant query, each with `metric` (labels) and `value` (time, text)."""
        parameters = urllib.parse.urlencode({"query": expression})
        try:
            answer = self._get(f"/api/v1/query?{parameters}")
        except urllib.error.HTTPError as error:
            raise RealPrometheusError(f"{expression}: {error.read().decode(errors='replace')}") from error
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

    def _config(self) -> dict[str, Any]:
        return {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(RULES)],
            "scrape_configs": [{"job_name": "wirewatch", "static_configs": [{"targets": [self._worker]}]}],
        }

    @property
    def _log(self) -> Path:
        return self._folder / "prometheus.log"

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            body: bytes = answer.read()
            return body

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            try:
                self._get("/-/ready")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RealPrometheusError(f"Prometheus did not start at {self.url}:\n{self._log.read_text(encoding='utf-8')}")

    def _close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
