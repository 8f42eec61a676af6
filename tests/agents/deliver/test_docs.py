"""docs/delivery.md is true: its settings load, its code verifies, its commands and figures hold."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from prometheus_client import generate_latest

from agents.deliver.receiver_queue import DOWN_AFTER, MAX_PROBE_SECONDS
from agents.deliver.receivers.base import Receiver
from agents.deliver.receivers.opening import NEW_SECRET, open_receivers
from agents.deliver.receivers.webhook import signing_keys
from agents.deliver.settings import RECEIVER_TYPES, AppriseSettings, DeliverSettings, Receivers
from streams.records import Alert
from tests.support.receiving import OLDER_SECRET, SECRET, Endpoint
from wirewatch.cli import main
from wirewatch.metrics import new_metrics
from wirewatch.settings import load

DOCS = Path(__file__).parents[3] / "docs" / "delivery.md"
TEXT = DOCS.read_text(encoding="utf-8")


def block(language: str) -> str:
    """Return the page's one block of a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert isinstance(found, str)
    return found


async def test_the_settings_load_and_open(tmp_path: Path) -> None:
    """Every receiver of the page opens, at least one of each kind, with URLs of the form that its comments give."""
    file = tmp_path / "wirewatch.toml"
    file.write_text(block("toml"), encoding="utf-8")
    settings = load(file, {})
    environ = {
        "OPS_HOOK_SECRET": SECRET,
        "DESK_MAIL_URL": "mailtos://user:password@mail.example.org?from=wirewatch@example.org&to=desk@example.org",
        "DESK_SLACK_URL": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "RISK_TEAMS_URL": "workflows://prod.logic.azure.com:443/643e69f83c8944/signature-of-the-workflow",
        "EDITOR_TELEGRAM_URL": "tgram://123456789:abcdefghijklmnopqrstuvwxyz/12315544",
    }

    receivers = open_receivers(settings, environ)

    assert set(receivers) == set(tomllib.loads(block("toml"))["receivers"])
    assert {receiver.kind for receiver in receivers.values()} == set(RECEIVER_TYPES)
    for name, receiver in receivers.items():
        receiver_settings = settings[Receivers][name]
        if isinstance(receiver_settings, AppriseSettings):
            schema = environ[receiver_settings.url_env].partition("://")[0]
            assert f"# {schema}://" in TEXT
        await receiver.close()


@pytest.fixture
def verified() -> Callable[..., bool]:
    """The page's code, as a receiver would use it."""
    names: dict[str, Any] = {}
    exec(compile(block("python"), str(DOCS), "exec"), names)
    function: Callable[..., bool] = names["verified"]
    return function


async def test_the_code_verifies(
    verified: Callable[..., bool],
    webhook: Callable[..., Receiver],
    endpoint: Endpoint,
    alert: Callable[..., Alert],
) -> None:
    """It takes our messages, with either secret of a rotation, and none that was changed, is old or another's."""
    await webhook(endpoint.url(), secret=f"{SECRET} {OLDER_SECRET}").send(alert(), 1)

    (request,) = endpoint.received
    old = request.headers | {"webhook-timestamp": str(int(request.headers["webhook-timestamp"]) - 301)}
    assert verified(request.headers, request.body, SECRET)
    assert verified(request.headers, request.body, OLDER_SECRET)
    assert not verified(request.headers, request.body + b" ", SECRET)
    assert not verified(request.headers, request.body, SECRET[:-4] + "AAA=")
    assert not verified(old, request.body, SECRET)


def test_the_command_makes_a_secret() -> None:
    """The command of the page, and of the error of a missing secret, gives a secret that is taken."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed (Debian: apt-get install openssl)")
    assert block("sh").strip() == NEW_SECRET
    made = subprocess.run(["sh", "-c", block("sh")], capture_output=True, text=True, check=True)
    assert len(signing_keys(made.stdout)) == 1


def test_figures_are_the_settings() -> None:
    """The page's figures are those of the settings as they are."""
    settings = DeliverSettings()
    assert f"within {settings.timeout_seconds:g} seconds" in TEXT
    assert f"{settings.max_attempts} attempts in one to two days" in TEXT
    assert settings.ledger_hours == 72  # "three days"
    assert (DOWN_AFTER, MAX_PROBE_SECONDS) == (3, 60.0)  # "three times in a row", "a minute apart"


def test_commands_exist() -> None:
    """Each `wirewatch …` that the page names is a command."""
    named = re.findall(r"`wirewatch ([a-z]+) ([a-z]+)`", TEXT)
    assert named
    for group, command in named:
        assert CliRunner().invoke(main, [group, command, "--help"]).exit_code == 0


def test_metrics_exist() -> None:
    """Each metric that the page names is one of ours."""
    named = re.findall(r"`(wirewatch_[a-z_]+)`", TEXT)
    assert named
    assert set(named) <= set(generate_latest(new_metrics().registry).decode().split())


def test_the_route_is_yaml() -> None:
    """The route for Alertmanager stands under `route`."""
    (route,) = yaml.safe_load(block("yaml"))["route"]["routes"]
    assert route["matchers"] == ['alertname="wirewatch"']
