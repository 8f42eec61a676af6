"""docker-compose.yml against the compose specification, and everything that it names against the code."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from agents.deliver.settings import RECEIVER_TYPES, Receivers
from agents.watch.files import read_files
from streams.settings import ENV_PREFIX, KafkaSettings
from streams.topics import TOPICS
from wirewatch import settings
from wirewatch.cli import main
from wirewatch.steps import STEPS

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
PROMETHEUS: dict[str, Any] = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
WORKING_DIRECTORY = "/etc/wirewatch"  # of the image: wirewatch.toml is read there


def published(service: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Return host address, host port or range, and container port of each published port."""
    parts = [port.rsplit(":", 2) for port in service.get("ports", ())]
    return [(address, outside, int(inside)) for address, outside, inside in parts]


def plain(text: str) -> str:
    """Return a text of the file with each `${NAME:-default}` at its default."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


def mounts(service: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return source, target and options of each mount."""
    parts = [plain(volume).split(":") for volume in service.get("volumes", ())]
    return [(part[0], part[1], ":".join(part[2:])) for part in parts]


def run_steps(service: dict[str, Any]) -> list[str]:
    """Return the steps that a service runs."""
    command = service["command"]
    return command[command.index("--steps") + 1].split(",") if command[0] == "run" else []


def test_the_file_follows_the_compose_specification() -> None:
    """The specification's own JSON Schema, as check-jsonschema carries it, finds nothing."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_step_has_a_service_of_its_name() -> None:
    """Each step runs in the one service that is called like it."""
    assert {name: run_steps(service) for name, service in OURS.items() if run_steps(service)} == {
        name: [name] for name in STEPS
    }


@pytest.mark.parametrize("name", OURS)
def test_the_settings_of_a_service_are_ours(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each WIREWATCH_… variable is a setting with an allowed value."""
    monkeypatch.chdir(tmp_path)  # away from any wirewatch.toml
    environment = {variable: plain(value) for variable, value in OURS[name]["environment"].items()}

    loaded = settings.load(None, environ=environment)

    assert environment
    assert all(variable.startswith(ENV_PREFIX) for variable in environment)
    assert loaded.kafka.bootstrap == environment["WIREWATCH_KAFKA_BOOTSTRAP"]


@pytest.mark.parametrize("name", OURS)
def test_the_command_of_a_service_is_one_of_ours(name: str) -> None:
    """The command line takes each service's command with all of its options."""
    result = CliRunner().invoke(main, [*OURS[name]["command"], "--help"])

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_has_no_rights_that_it_does_not_need(name: str) -> None:
    """No capabilities, no new privileges, no writable file system but /tmp, no user that undoes the image's."""
    service = OURS[name]

    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert not {"user", "privileged", "cap_add"} & service.keys()


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_bounded_and_asked_for_its_health(name: str) -> None:
    """Each has a memory limit, no capabilities, and a health check of its own or of its image."""
    service = SERVICES[name]

    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert name in OURS or service["healthcheck"]["test"][0] == "CMD"


def test_grafana_has_no_administrator() -> None:
    """Nobody signs in, by form or by header, so no default password opens anything."""
    environment = SERVICES["grafana"]["environment"]

    assert environment["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert environment["GF_AUTH_BASIC_ENABLED"] == "false"
    assert environment["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"


def test_only_watches_digests_receivers_and_told_alerts_are_mounted_into_workers() -> None:
    """Files that people write are mounted read-only into the steps that read them; a step writes to one volume."""
    assert {name: mounts(service) for name, service in OURS.items() if "volumes" in service} == {
        "watch": [("./deploy/watches", f"{WORKING_DIRECTORY}/watches", "ro")],
        "deliver": [
            ("./deploy/wirewatch.toml", f"{WORKING_DIRECTORY}/wirewatch.toml", "ro"),
            ("alerts", "/var/lib/wirewatch", ""),
        ],
        "digest": [("./deploy/digests", f"{WORKING_DIRECTORY}/digests", "ro")],
        "archive": [
            ("./deploy/digests", f"{WORKING_DIRECTORY}/digests", "ro"),
            ("history", "/var/lib/wirewatch", ""),
        ],
    }


def test_the_watch_folder_is_where_it_is_mounted() -> None:
    """WIREWATCH_WATCH_FOLDER of one service only names its mount, and the folder in the checkout has good watches."""
    [(name, folder)] = [
        (name, service["environment"]["WIREWATCH_WATCH_FOLDER"])
        for name, service in OURS.items()
        if "WIREWATCH_WATCH_FOLDER" in service["environment"]
    ]
    [(source, target, _)] = mounts(OURS[name])

    watches, faults = read_files(ROOT / source)

    assert folder == target
    assert watches
    assert faults == []


def test_the_settings_file_names_every_receiver_of_the_watches() -> None:
    """The mounted settings are good, need no secret as they stand, and have each receiver that a mounted watch names."""
    [(file, _, _), (_, volume, _)] = mounts(OURS["deliver"])

    loaded = settings.load(ROOT / file, environ={})
    watches, _ = read_files(ROOT / mounts(OURS["watch"])[0][0])
    named = {receiver for watch in watches for receiver in watch.record.receivers}

    assert named
    assert named <= loaded[Receivers].keys()
    assert {type(each).__name__ for each in loaded[Receivers].values()} == {"FileSettings", "AlertmanagerSettings"}
    assert all(Path(r.path).is_relative_to(volume) for r in loaded[Receivers].values() if hasattr(r, "path"))


def test_the_examples_of_the_settings_file_are_good(tmp_path: Path) -> None:
    """With its commented receivers taken in, the file is still good, and has one of each type."""
    text = (ROOT / "deploy/wirewatch.toml").read_text(encoding="utf-8")
    file = tmp_path / "wirewatch.toml"
    file.write_text(re.sub(r"(?m)^# (?=\[receivers|\w+ = \")", "", text), encoding="utf-8")

    loaded = settings.load(file, environ={})

    assert {type(receiver) for receiver in loaded[Receivers].values()} == set(RECEIVER_TYPES.values())


def test_secrets_come_from_a_file_that_is_never_committed() -> None:
    """The one service with secrets reads them from a file that may be missing and that git ignores."""
    files = {name: service["env_file"] for name, service in SERVICES.items() if "env_file" in service}
    ignored = (ROOT / "deploy/.gitignore").read_text(encoding="utf-8").splitlines()

    assert files == {"deliver": [{"path": "deploy/secrets.env", "required": False}]}
    assert "secrets.env" in ignored


def test_workers_start_when_the_topics_are_there() -> None:
    """Workers wait for the topics, and the topics for Kafka's health check."""
    waits = {name: service["depends_on"] for name, service in OURS.items()}

    assert "healthcheck" in SERVICES["kafka"]
    assert waits.pop("topics") == {"kafka": {"condition": "service_healthy"}}
    assert all(wait == {"topics": {"condition": "service_completed_successfully"}} for wait in waits.values())


def test_workers_reach_kafka_where_it_listens() -> None:
    """The workers' bootstrap address is one that Kafka advertises inside the network, and it listens there."""
    kafka = SERVICES["kafka"]["environment"]
    advertised = dict(each.split("://") for each in kafka["KAFKA_ADVERTISED_LISTENERS"].split(","))
    listeners = dict(each.split("://") for each in kafka["KAFKA_LISTENERS"].split(","))
    protocols = dict(each.split(":") for each in kafka["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))
    inside = kafka["KAFKA_INTER_BROKER_LISTENER_NAME"]

    assert {service["environment"]["WIREWATCH_KAFKA_BOOTSTRAP"] for service in OURS.values()} == {advertised[inside]}
    assert all(advertised[name].endswith(listeners[name]) for name in advertised)
    assert protocols.keys() == listeners.keys()
    assert set(protocols.values()) == {KafkaSettings().security_protocol}


def test_the_default_settings_reach_kafka_from_outside() -> None:
    """`wirewatch tail` on the host needs no setting: Kafka is published where the default bootstrap looks."""
    _, _, port = KafkaSettings().bootstrap.rpartition(":")

    assert published(SERVICES["kafka"]) == [("127.0.0.1", port, int(port))]
    assert f"OUTSIDE://localhost:{port}" in SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(",")


def test_kafka_takes_the_largest_message_of_any_topic() -> None:
    """The broker's limit is no lower than any topic's own."""
    kafka = SERVICES["kafka"]["environment"]
    largest = max(topic.max_message_bytes for topic in TOPICS.values())

    assert int(kafka["KAFKA_MESSAGE_MAX_BYTES"]) >= largest
    assert kafka["KAFKA_REPLICA_FETCH_MAX_BYTES"] == kafka["KAFKA_MESSAGE_MAX_BYTES"]


def test_ports_are_published_on_loopback_only() -> None:
    """Nothing without a password listens on the network, and no two services want one port."""
    ports = [port for service in SERVICES.values() for port in published(service)]

    assert {address for address, _, _ in ports} == {"127.0.0.1"}
    assert len({outside for _, outside, _ in ports}) == len(ports)


def test_the_page_is_published_where_it_can_search() -> None:
    """The one worker whose port is published has the store of history, and serves on that port."""
    [(name, [(_, _, inside)])] = [(name, published(service)) for name, service in OURS.items() if published(service)]
    environment = OURS[name]["environment"]

    assert "WIREWATCH_ARCHIVE_URL" in environment
    assert int(environment["WIREWATCH_WORKER_HTTP_PORT"]) == inside
    assert environment["WIREWATCH_WORKER_HTTP_HOST"] == "0.0.0.0"


def test_prometheus_scrapes_every_worker() -> None:
    """Prometheus finds the workers by their services' names, on the port that they serve on."""
    [job] = [job for job in PROMETHEUS["scrape_configs"] if job["job_name"] == "wirewatch"]
    [discovery] = job["dns_sd_configs"]

    assert sorted(discovery["names"]) == sorted(STEPS)
    assert {str(discovery["port"])} == {
        service["environment"]["WIREWATCH_WORKER_HTTP_PORT"] for service in OURS.values()
    }


def test_prometheus_tells_alertmanager() -> None:
    """Prometheus finds Alertmanager, sends it alerts and scrapes it, by its service's name on the port it listens on."""
    [(_, _, port)] = published(SERVICES["alertmanager"])
    [told] = PROMETHEUS["alerting"]["alertmanagers"]
    [scraped] = [job for job in PROMETHEUS["scrape_configs"] if job["job_name"] == "alertmanager"]

    assert "alertmanager" in SERVICES["prometheus"]["depends_on"]
    assert "profiles" not in SERVICES["alertmanager"]
    for discovery in (*told["dns_sd_configs"], *scraped["dns_sd_configs"]):
        assert (discovery["names"], discovery["port"]) == (["alertmanager"], port)


def test_every_mounted_path_exists() -> None:
    """Mounts from the checkout exist, and are read-only; every named volume is declared and used."""
    mounted = [mount for service in SERVICES.values() for mount in mounts(service)]
    files = [mount for mount in mounted if mount[0].startswith(".")]
    named = {mount[0] for mount in mounted if not mount[0].startswith(".")}

    assert all((ROOT / source).exists() for source, _, _ in files)
    assert all(options == "ro" for _, _, options in files)
    assert named == set(COMPOSE["volumes"])


@pytest.mark.parametrize("name", ["prometheus", "alertmanager", "grafana"])
def test_a_path_inside_a_container_is_mounted_there(name: str) -> None:
    """Each configuration file and data folder that a command or a variable names lies in a mounted volume."""
    service = SERVICES[name]
    targets = {volume.split(":")[1]: volume.split(":")[0] for volume in service["volumes"]}
    named = [value.partition("=")[2] for value in service.get("command", ())] + [
        *service.get("environment", {}).values()
    ]
    paths = [Path(value) for value in named if value.startswith("/")]

    assert paths
    for path in paths:
        [target] = [target for target in targets if path.is_relative_to(target)]
        if targets[target].startswith("."):
            assert (ROOT / targets[target] / path.relative_to(target)).is_file()


def test_the_images_are_pinned() -> None:
    """Each image from elsewhere names its version."""
    images = [service["image"].partition("@")[0] for service in SERVICES.values() if "build" not in service]

    assert all(image.rpartition(":")[2][0] in "v0123456789" and ":" in image for image in images)
