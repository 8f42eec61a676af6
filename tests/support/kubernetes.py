"""The resources of deploy/kubernetes as Kubernetes is given them, and their parts."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "kubernetes"
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))
WORKING_DIRECTORY = "/etc/wirewatch"  # of the image: wirewatch.toml is read there


def merged(base: Any, patch: Any) -> Any:
    """Return a strategic merge of these files: lists of named entries by their names, others replaced."""
    if isinstance(base, dict) and isinstance(patch, dict):
        return {
            key: merged(base[key], patch[key]) if key in base and key in patch else base.get(key, patch.get(key))
            for key in {**base, **patch}
        }
    if isinstance(base, list) and all(isinstance(entry, dict) and "name" in entry for entry in base + patch):
        by_name = {entry["name"]: entry for entry in base}
        for entry in patch:
            by_name[entry["name"]] = merged(by_name.get(entry["name"], {}), entry)
        return list(by_name.values())
    return patch


def resources() -> dict[tuple[str, str], dict[str, Any]]:
    """Return every resource by kind and name, as Kubernetes is given it but for namespace and hashes."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    common, *own = KUSTOMIZATION["patches"]
    patch = yaml.safe_load((FOLDER / common["path"]).read_text(encoding="utf-8"))
    for file in KUSTOMIZATION["resources"]:
        for document in yaml.safe_load_all((FOLDER / file).read_text(encoding="utf-8")):
            name = document["metadata"]["name"]
            whole = document
            if document["kind"] == common["target"]["kind"]:
                whole = merged(document, patch)
                whole["metadata"]["name"] = name
            found[document["kind"], name] = whole
    for each in own:
        for change in yaml.safe_load(each["patch"]):
            assert change["op"] == "replace"
            *way, last = change["path"].strip("/").split("/")
            target = found[each["target"]["kind"], each["target"]["name"]]
            for key in way:
                target = target[key]
            target[last] = change["value"]
    for generated in KUSTOMIZATION["configMapGenerator"]:
        texts = {file: (FOLDER / file).read_text(encoding="utf-8") for file in generated["files"]}
        config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": generated["name"]}, "data": texts}
        found["ConfigMap", generated["name"]] = config
    return found


RESOURCES = resources()
WORKERS = {name: resource for (kind, name), resource in RESOURCES.items() if kind == "Deployment"}
TEMPLATES = {name: r["spec"]["template"] for (_, name), r in RESOURCES.items() if "template" in r.get("spec", {})}


def pod(name: str) -> dict[str, Any]:
    """Return the pod's specification of a Deployment or Job."""
    spec: dict[str, Any] = TEMPLATES[name]["spec"]
    return spec


def container(name: str) -> dict[str, Any]:
    """Return the one container of a Deployment or Job."""
    [only] = pod(name)["containers"]
    assert isinstance(only, dict)
    return only


def secrets(name: str) -> list[str]:
    """Return the Secrets that a container's variables come from, each of which may be missing."""
    references = [source["secretRef"] for source in container(name).get("envFrom", ())]
    assert all(reference["optional"] is True for reference in references)
    return [reference["name"] for reference in references]


def variables(name: str) -> dict[str, str]:
    """Return a container's own variables; one that comes from elsewhere is an empty text."""
    return {variable["name"]: variable.get("value", "") for variable in container(name).get("env", ())}


def mebibytes(quantity: str) -> int:
    """Return a quantity of memory in MiB."""
    number, unit = quantity[:-2], quantity[-2:]
    return int(number) * {"Mi": 1, "Gi": 1024}[unit]


def mount(data: dict[str, str], folder: Path) -> None:
    """Put a ConfigMap's files into a folder as Kubernetes does: links into a hidden one, which it exchanges as a whole."""
    version = folder / "..2026_03_01_12_00_00.1"
    version.mkdir()
    (folder / "..data").symlink_to(version.name)
    for file, text in data.items():
        (version / file).write_text(text, encoding="utf-8")
        (folder / file).symlink_to(f"..data/{file}")
