"""deploy/kubernetes against Kubernetes' own schemas, and everything that it names against the code."""

import copy
import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from click.testing import CliRunner

from agents.archive.settings import ArchiveSettings
from agents.deliver.settings import Receivers
from agents.digest.files import load as load_digests
from agents.watch.files import read_files, read_toml
from streams.errors import SettingsError
from streams.settings import ENV_PREFIX, WorkerSettings
from tests.support.kubernetes import (
    FOLDER,
    KUSTOMIZATION,
    RESOURCES,
    ROOT,
    TEMPLATES,
    WORKERS,
    WORKING_DIRECTORY,
    container,
    mebibytes,
    mount,
    pod,
    secrets,
    variables,
)
from wirewatch import settings
from wirewatch.cli import main
from wirewatch.cli.console import STOP_SECONDS
from wirewatch.steps import STEPS

#: The oldest and the newest that the files are checked against.
VERSIONS = ("1.30.0", "1.37.0")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("key", RESOURCES, ids="/".join)
def test_a_resource_follows_its_schema(key: tuple[str, str], version: str) -> None:
    """Kubernetes' own schema of the kind, which knows every field, finds nothing."""
    kubernetes_validate.validate(RESOURCES[key], version, strict=True)


def test_every_file_is_named_by_the_kustomization() -> None:
    """A file that nothing names would never reach the cluster."""
    named = {
        *KUSTOMIZATION["resources"],
        *(patch["path"] for patch in KUSTOMIZATION["patches"] if "path" in patch),
        *(file for generated in KUSTOMIZATION["configMapGenerator"] for file in generated["files"]),
    }

    assert {file.name for file in FOLDER.iterdir()} == named | {"kustomization.yaml"}


def test_kustomize_makes_of_the_files_what_is_checked_here() -> None:
    """Kustomize gives the same resources, in the namespace, with the image's name and hashed settings."""
    command = ["kustomize", "build"] if shutil.which("kustomize") else ["kubectl", "kustomize"]
    if shutil.which(command[0]) is None:
        pytest.skip("neither kustomize nor kubectl is installed")
    done = subprocess.run([*command, str(FOLDER)], capture_output=True, text=True, check=False, timeout=60)
    if "unknown field" in done.stderr:
        pytest.skip("this kubectl is older than Kustomize 5")
    assert done.returncode == 0, done.stderr
    [image] = KUSTOMIZATION["images"]
    text = re.sub(r"(wirewatch-settings)-[0-9a-z]{10}\b", r"\1", done.stdout)
    text = text.replace(f"{image['newName']}:{image['newTag']}", image["name"])

    made = {(r["kind"], r["metadata"]["name"]): r for r in yaml.safe_load_all(text)}

    for (kind, _), resource in made.items():
        if kind != "Namespace":
            assert resource["metadata"].pop("namespace") == KUSTOMIZATION["namespace"]
    assert sorted_lists(made) == sorted_lists(RESOURCES)


def sorted_lists(value: Any) -> Any:
    """Return a copy in which the order of lists, which a merge may change, does not count."""
    if isinstance(value, dict):
        return {str(key): sorted_lists(each) for key, each in value.items()}
    if isinstance(value, list):
        return sorted((sorted_lists(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return copy.copy(value)


def test_every_step_has_a_deployment_of_its_name() -> None:
    """Each step has the one Deployment that is called like it, whose labels and settings say so."""
    assert {name: container(name)["args"] for name in WORKERS} == {name: ["run", "--steps", name] for name in STEPS}
    for name, worker in WORKERS.items():
        labels = worker["spec"]["selector"]["matchLabels"]
        plain = {variable: value for variable, value in variables(name).items() if value}
        assert STEPS[name].has_needs(settings.load(FOLDER / "wirewatch.toml", environ=plain))
        assert labels["wirewatch/step"] == name
        assert labels.items() <= TEMPLATES[name]["metadata"]["labels"].items()


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_command_is_one_of_ours(name: str) -> None:
    """The command line takes each container's arguments."""
    result = CliRunner().invoke(main, [*container(name)["args"], "--help"])

    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_pod_has_no_rights_that_it_does_not_need(name: str) -> None:
    """Containers fit the level `restricted`, with no writable file system but /tmp and no token of the cluster."""
    namespace = RESOURCES["Namespace", KUSTOMIZATION["namespace"]]
    user = re.findall(r"(?m)^USER (\d+)$", (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8"))[-1]
    security = container(name)["securityContext"]

    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert pod(name)["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": int(user),
        "seccompProfile": {"type": "RuntimeDefault"},
        **({"fsGroup": int(user), "fsGroupChangePolicy": "OnRootMismatch"} if name == "archive" else {}),
    }
    assert security == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod(name)["automountServiceAccountToken"] is False


@pytest.mark.parametrize("name", TEMPLATES)
def test_only_what_is_meant_as_a_setting_is_in_the_environment(name: str) -> None:
    """Kubernetes' variables for Services are off (WIREWATCH_… would stop the start), and ours are settings."""
    ours = {variable: value or "1" for variable, value in variables(name).items()}

    settings.load(FOLDER / "wirewatch.toml", environ=ours)

    assert pod(name)["enableServiceLinks"] is False
    assert all(variable.startswith(ENV_PREFIX) for variable in ours)


def test_only_deliver_has_the_secrets_of_receivers() -> None:
    """Every container has the settings that are secret, and one has the receivers' secrets."""
    assert {name: secrets(name) for name in TEMPLATES} == {
        **{name: ["wirewatch-secrets"] for name in TEMPLATES},
        "deliver": ["wirewatch-secrets", "wirewatch-receivers"],
    }


@pytest.mark.parametrize("name", TEMPLATES)
def test_settings_are_mounted_where_they_are_read(name: str) -> None:
    """The file is in the working directory of the image; every mount has its volume, every ConfigMap is there."""
    volumes = {volume["name"]: volume for volume in pod(name)["volumes"]}
    mounts = {mount["mountPath"]: mount for mount in container(name)["volumeMounts"]}
    settings_mount = mounts[f"{WORKING_DIRECTORY}/wirewatch.toml"]
    maps = {volume["configMap"]["name"] for volume in volumes.values() if "configMap" in volume}

    assert f"WORKDIR {WORKING_DIRECTORY}\n" in (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
    assert volumes[settings_mount["name"]]["configMap"]["name"] == "wirewatch-settings"
    assert settings_mount["subPath"] in RESOURCES["ConfigMap", "wirewatch-settings"]["data"]
    assert {mount["name"] for mount in mounts.values()} == volumes.keys()
    assert all(("ConfigMap", each) in RESOURCES for each in maps)


def test_history_is_kept_on_the_volume() -> None:
    """One worker holds the claim's volume, lets it go before its successor comes, and writes its store there."""
    [(store, claim)] = [
        (mount["mountPath"], volume["persistentVolumeClaim"]["claimName"])
        for name in TEMPLATES
        for volume in pod(name)["volumes"]
        for mount in container(name)["volumeMounts"]
        if "persistentVolumeClaim" in volume and mount["name"] == volume["name"]
    ]
    worker = WORKERS["archive"]["spec"]
    kept = settings.load(FOLDER / "wirewatch.toml", environ=variables("archive"))[ArchiveSettings]

    assert RESOURCES["PersistentVolumeClaim", claim]["spec"]["accessModes"] == ["ReadWriteOnce"]
    assert (worker["replicas"], worker["strategy"]) == (1, {"type": "Recreate"})
    assert kept.url.startswith(f"sqlite:{store}/")
    assert (
        int(RESOURCES["PersistentVolumeClaim", claim]["spec"]["resources"]["requests"]["storage"][:-2]) > kept.max_gib
    )


@pytest.mark.parametrize("name", ["digest", "archive"])
def test_the_digest_folder_is_where_it_is_mounted(name: str, tmp_path: Path) -> None:
    """The ConfigMap's digests are mounted where the settings look for them, and are good, as links into a hidden folder."""
    folder = variables(name)["WIREWATCH_DIGEST_FOLDER"]
    [mounted] = [mount["name"] for mount in container(name)["volumeMounts"] if mount["mountPath"] == folder]
    [volume] = [volume for volume in pod(name)["volumes"] if volume["name"] == mounted]
    data = RESOURCES["ConfigMap", volume["configMap"]["name"]]["data"]
    mount(data, tmp_path)

    digests = load_digests(tmp_path)

    assert len(digests) == len(data) > 0


def test_the_watch_folder_is_where_it_is_mounted() -> None:
    """One Deployment keeps the ConfigMap's watches in force, and they are good."""
    [(name, folder)] = [
        (name, variables(name)["WIREWATCH_WATCH_FOLDER"])
        for name in WORKERS
        if "WIREWATCH_WATCH_FOLDER" in variables(name)
    ]
    [mounted] = [mount["name"] for mount in container(name)["volumeMounts"] if mount["mountPath"] == folder]
    [volume] = [volume for volume in pod(name)["volumes"] if volume["name"] == mounted]
    watches = RESOURCES["ConfigMap", volume["configMap"]["name"]]["data"]

    read = {file: read_toml(text, file) for file, text in watches.items()}

    assert all(file.endswith(".toml") for file in read)
    assert all(len(found) == 1 and not faults for found, faults in read.values())


def test_a_config_map_is_read_as_kubernetes_mounts_it(tmp_path: Path) -> None:
    """Each watch counts once, though its file is a link into a hidden folder that Kubernetes exchanges as a whole."""
    data = RESOURCES["ConfigMap", "wirewatch-watches"]["data"]
    mount(data, tmp_path)

    watches, faults = read_files(tmp_path)

    assert len(watches) == len(data)
    assert faults == []


def test_variables_that_kubernetes_makes_for_services_would_stop_the_start() -> None:
    """Why service links are off: a Service called wirewatch-… makes a variable that looks like a setting of ours."""
    with pytest.raises(SettingsError, match="WIREWATCH_PAGE_SERVICE_HOST"):
        settings.load(FOLDER / "wirewatch.toml", environ={"WIREWATCH_PAGE_SERVICE_HOST": "10.0.0.1"})


def test_the_examples_of_the_settings_file_are_good(tmp_path: Path) -> None:
    """With its commented lines taken in, the file is still good."""
    text = (FOLDER / "wirewatch.toml").read_text(encoding="utf-8")
    file = tmp_path / "wirewatch.toml"
    file.write_text(re.sub(r"(?m)^# (?=\[receivers|\w+ = \")", "", text), encoding="utf-8")

    loaded = settings.load(file, environ={})

    assert loaded.kafka.security_protocol == "SASL_SSL"
    assert len(loaded[Receivers]) == 3


@pytest.mark.parametrize("name", WORKERS)
def test_probes_ask_what_the_worker_serves(name: str) -> None:
    """Each probe asks its own path of the worker's HTTP server, on the port that the image serves."""
    image = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
    served = (ROOT / "wirewatch/http/server.py").read_text(encoding="utf-8")
    [port] = container(name)["ports"]
    probes = {probe: container(name)[probe]["httpGet"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}

    assert f"EXPOSE {port['containerPort']}\n" in image
    assert {probe["port"] for probe in probes.values()} == {port["name"]}
    assert [probe["path"] for probe in probes.values()] == ["/health/live", "/health/live", "/health/ready"]
    assert all(f'"{probe["path"]}"' in served for probe in probes.values())


@pytest.mark.parametrize("name", WORKERS)
def test_prometheus_finds_the_port_of_the_metrics(name: str) -> None:
    """The annotations name the port and the path of the metrics, and the scrape job reads them under the rules' name."""
    annotations = TEMPLATES[name]["metadata"]["annotations"]
    [port] = container(name)["ports"]
    scrape = yaml.safe_load((ROOT / "deploy/prometheus/kubernetes.yml").read_text(encoding="utf-8"))
    [job] = scrape["scrape_configs"]
    kept = {rule["source_labels"][0]: rule["regex"] for rule in job["relabel_configs"] if rule.get("action") == "keep"}

    assert annotations == {
        "prometheus.io/scrape": kept["__meta_kubernetes_pod_annotation_prometheus_io_scrape"],
        "prometheus.io/port": str(port["containerPort"]),
        "prometheus.io/path": "/metrics",
    }
    assert kept["__meta_kubernetes_pod_container_port_name"] == port["name"]
    assert job["job_name"] == "wirewatch"
    assert job["kubernetes_sd_configs"] == [
        {"role": "pod", "namespaces": {"names": [KUSTOMIZATION["namespace"]]}},
    ]


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_may_use_what_its_children_take(name: str) -> None:
    """A step with child processes has as many as its limit has cores, and memory for each; every worker has a limit."""
    limits = container(name)["resources"]["limits"]
    children = int(limits.get("cpu", 0))

    assert bool(children) == (STEPS[name].work is not None)
    assert mebibytes(limits["memory"]) >= children * WorkerSettings().max_memory_mib + 512
    if children:
        [variable] = [v for v in container(name)["env"] if v["name"] == "WIREWATCH_WORKER_PROCESSES"]
        assert variable["valueFrom"] == {"resourceFieldRef": {"resource": "limits.cpu"}}


def test_each_step_goes_on_while_a_node_is_drained() -> None:
    """Two workers or more of each step but history's, one of all may go at a time, and the budget selects no job."""
    budget = RESOURCES["PodDisruptionBudget", "workers"]["spec"]
    wanted = budget["selector"]["matchLabels"].items()
    selected = {name for name, template in TEMPLATES.items() if wanted <= template["metadata"]["labels"].items()}

    assert {name for name, worker in WORKERS.items() if worker["spec"]["replicas"] < 2} == {"archive"}
    assert budget["maxUnavailable"] == 1
    assert selected == WORKERS.keys()


def test_the_page_is_that_of_the_worker_with_history() -> None:
    """The Service selects the worker of archive, which can search, by its labels, and its port is its own."""
    service = RESOURCES["Service", "page"]["spec"]
    wanted = service["selector"].items()
    [port] = service["ports"]

    selected = [name for name, template in TEMPLATES.items() if wanted <= template["metadata"]["labels"].items()]

    assert selected == ["archive"]
    assert port["targetPort"] == container("archive")["ports"][0]["name"]


def test_strangers_reach_no_pod_and_only_two_steps_reach_the_world() -> None:
    """Each pod is under both policies; deliver and fetch alone may speak with anybody, the others with Kafka."""
    policies = {name: resource["spec"] for (kind, name), resource in RESOURCES.items() if kind == "NetworkPolicy"}
    [inside] = policies["inbound"]["ingress"]
    [chosen] = policies["outbound-to-the-world"]["podSelector"]["matchExpressions"]
    [port] = container("tag")["ports"]
    loaded = settings.load(FOLDER / "wirewatch.toml", environ={})
    kafka = policies["outbound"]["egress"][1]["ports"][0]

    for name in ("inbound", "outbound"):
        wanted = policies[name]["podSelector"]["matchLabels"].items()
        assert all(wanted <= template["metadata"]["labels"].items() for template in TEMPLATES.values())
    assert [each["port"] for each in inside["ports"]] == [port["containerPort"]]
    assert len(inside["from"]) == 2
    assert chosen["values"] == ["deliver", "fetch"]
    assert kafka["port"] <= int(loaded.kafka.bootstrap.rpartition(":")[2]) <= kafka["endPort"]


def test_a_worker_has_longer_to_stop_than_it_takes() -> None:
    """The grace period is longer than the time after which a worker that is told to stop ends itself."""
    assert all(pod(name)["terminationGracePeriodSeconds"] > STOP_SECONDS for name in WORKERS)


def test_the_image_is_the_projects_version() -> None:
    """Every container runs the one image, whose tag is the version of the project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [image] = KUSTOMIZATION["images"]
    version = re.findall(r'__version__ = "(.*)"', (ROOT / "wirewatch/__init__.py").read_text(encoding="utf-8"))

    assert {container(name)["image"] for name in TEMPLATES} == {image["name"]} == {project["name"]}
    assert [image["newTag"]] == version
