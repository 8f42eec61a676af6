"""A real Alertmanager for the tests: Debian's binary on a free port."""

import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml
from real_kafka import free_port

#: Debian's name, and that of the project's own releases.
PROGRAMS = ("prometheus-alertmanager", "alertmanager")
START_SECONDS = 30.0


class RealAlertmanagerError(Exception):
    """Alertmanager could not be started; the message holds its log."""


class RealAlertmanager:
    """Runs with a configuration from entering to leaving; its data is then deleted."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self._config = config
        self._folder = Path(tempfile.mkdtemp(prefix="wirewatch-alertmanager-"))
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def program() -> str | None:
        """Return where the program is, if it is installed."""
        return next((found for name in PROGRAMS if (found := shutil.which(name))), None)

    def __enter__(self) -> Self:
        program = self.program()
        if program is None:
            raise RealAlertmanagerError("it is not installed")
        (self._folder / "alertmanager.yml").write_text(yaml.safe_dump(dict(self._config)), encoding="utf-8")
        command = [
            program,
            f"--config.file={self._folder / 'alertmanager.yml'}",
            f"--storage.path={self._folder / 'data'}",
            f"--web.listen-address={self.url.removeprefix('http://')}",
            "--cluster.listen-address=",
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

    def alerts(self) -> list[dict[str, Any]]:
        """Return the alerts that it knows."""
        known: list[dict[str, Any]] = json.loads(self._get("/api/v2/alerts"))
        return known

    @staticmethod
    def telling(url: str) -> dict[str, Any]:
        """Return a configuration that tells a webhook of each alert at once."""
        return {
            "route": {"receiver": "told", "group_by": ["alert_id"], "group_wait": "0s", "group_interval": "1s"},
            "receivers": [{"name": "told", "webhook_configs": [{"url": url}]}],
        }

    @property
    def _log(self) -> Path:
        return self._folder / "alertmanager.log"

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
                time.sleep(0.05)
            else:
                return
        raise RealAlertmanagerError(
            f"Alertmanager did not start at {self.url}:\n{self._log.read_text(encoding='utf-8')}"
        )

    def _close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
