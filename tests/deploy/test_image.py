"""deploy/Dockerfile, checked without Docker: its files, user, command and health check."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from streams.settings import ENV_PREFIX, WorkerSettings
from wirewatch import settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def instructions() -> list[tuple[str, str]]:
    """Return name and arguments of each instruction, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", DOCKERFILE.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def last(name: str) -> str:
    """Return the arguments of the last instruction of a name."""
    return [rest for each, rest in instructions() if each == name][-1]


def final_stage() -> list[tuple[str, str]]:
    """Return the instructions after the last FROM."""
    names = [name for name, _ in instructions()]
    return instructions()[len(names) - 1 - names[::-1].index("FROM") :]


def copied() -> list[str]:
    """Return the paths that are copied from the checkout."""
    rests = [rest.split() for name, rest in instructions() if name == "COPY" and not rest.startswith("--from")]
    return [source for *sources, _ in rests for source in sources]


def let_through(path: str) -> bool:
    """Return whether the ignore file lets a path into the build: the last line that fits decides."""
    lines = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    ignored = False
    for line in lines:
        if line and not line.startswith("#") and fnmatch(path, line.removeprefix("!")):
            ignored = not line.startswith("!")
    return not ignored


def test_everything_that_is_copied_exists_and_is_let_through() -> None:
    """A COPY of a missing or ignored path would end the build."""
    assert copied()
    assert all((ROOT / source).exists() for source in copied())
    assert all(let_through(source) for source in copied())


def test_the_image_holds_every_package_of_the_project() -> None:
    """The packages that pyproject.toml finds, its README and itself are copied."""
    packages = {pattern.rstrip("*") for pattern in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]}

    assert set(copied()) == packages | {"pyproject.toml", PROJECT["project"]["readme"], "deploy/locks"}


def locked(name: str) -> dict[str, tuple[Version, int]]:
    """Return the pins of a lock by name: the version, and the number of its hashes."""
    pins: dict[str, tuple[Version, int]] = {}
    name_now = ""
    for line in (ROOT / "deploy" / "locks" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([A-Za-z0-9._-]+)==([^ ;]+)", line):
            name_now = canonicalize_name(found[1])
            pins[name_now] = (Version(found[2]), 0)
        elif "--hash=sha256:" in line:
            version, hashes = pins[name_now]
            pins[name_now] = (version, hashes + 1)
    return pins


@pytest.mark.parametrize("name", ["image", "embed", "embed-languages", "postgres"])
def test_a_lock_pins_all_that_pyproject_asks_for(name: str) -> None:
    """Each requirement has one version, within its bounds and with hashes; after a change of them run `make lock`."""
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = [*PROJECT["project"]["dependencies"]]
    wanted += [*extras["archives"], *extras["notify"]] if name == "image" else extras[name]
    wanted += extras["embed"] if name == "embed-languages" else []
    wanted = [text for text in wanted if not text.startswith("wirewatch[")]
    pins = locked(name)

    for text in wanted:
        requirement = Requirement(text)
        found = canonicalize_name(requirement.name)
        assert found in pins, f"{requirement} is not pinned: run `make lock`"
        version, _ = pins[found]
        assert requirement.specifier.contains(version), f"{requirement} and {version}: run `make lock`"
    assert all(hashes for _, hashes in pins.values())


def test_an_extra_is_locked_to_the_versions_of_the_image() -> None:
    """A package of an extra and of the image has one version, so that one installs over the other without a change."""
    image = locked("image")

    for name in ("embed", "embed-languages", "postgres"):
        both = locked(name).keys() & image.keys()
        assert {each: locked(name)[each][0] for each in both} == {each: image[each][0] for each in both}


def test_secrets_and_environments_stay_outside() -> None:
    """Other files of a checkout do not reach the build."""
    assert not any(let_through(path) for path in (".env", ".git", ".venv", "wirewatch.toml", "tests", "deploy"))


def test_the_image_runs_as_a_user_without_rights() -> None:
    """The last user is the numbered one that the image makes: Kubernetes' runAsNonRoot can check a number only."""
    user = last("USER")

    assert user.isdigit()
    assert int(user) > 0
    assert any(name == "RUN" and f"useradd --system --uid {user} " in rest for name, rest in final_stage())


def test_the_image_has_a_folder_that_its_user_may_write() -> None:
    """A volume that is mounted there belongs to the user then: deliver's files of alerts go into it."""
    assert any("install -d -o wirewatch /var/lib/wirewatch" in rest for name, rest in final_stage() if name == "RUN")


def test_the_image_runs_a_python_that_the_project_supports() -> None:
    """Both stages start from one Python, the oldest that the project allows, so that compiled packages fit."""
    bases = {rest.split()[0] for name, rest in instructions() if name == "FROM"}
    [base] = bases
    found = re.fullmatch(r"python:(3\.\d+)-slim-bookworm", base)

    assert found
    assert PROJECT["project"]["requires-python"] == f">={found[1]}"


def test_the_image_starts_the_command_line() -> None:
    """The entry point is a script of the project, and its command runs every step."""
    [script] = json.loads(last("ENTRYPOINT"))

    assert script in PROJECT["project"]["scripts"]
    assert json.loads(last("CMD")) == ["run"]


def test_the_variables_of_the_image_are_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each WIREWATCH_… variable of the image is a setting, and the exposed port is the one that it serves on."""
    monkeypatch.chdir(tmp_path)  # away from any wirewatch.toml
    pairs = dict(pair.split("=", 1) for name, rest in final_stage() if name == "ENV" for pair in rest.split())
    ours = {name: value for name, value in pairs.items() if name.startswith(ENV_PREFIX)}

    loaded = settings.load(None, environ=ours)

    assert loaded.worker.http_host == "0.0.0.0"
    assert str(loaded.worker.http_port) == last("EXPOSE")
    assert loaded.worker.http_port == WorkerSettings().http_port


def test_the_health_check_asks_the_port_that_is_served() -> None:
    """The health check's URL is on loopback, on the exposed port, and its program is valid Python."""
    _, _, program = json.loads(last("HEALTHCHECK").partition("CMD ")[2])

    compile(program, "healthcheck", "exec")
    assert f"'http://127.0.0.1:{last('EXPOSE')}/health/live'" in program


def test_compose_builds_this_file() -> None:
    """docker-compose.yml builds from the root of the checkout with this Dockerfile."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    builds = [service["build"] for service in compose["services"].values() if "build" in service]

    assert all((build["context"], build["dockerfile"]) == (".", "deploy/Dockerfile") for build in builds)


@pytest.mark.parametrize(("extras", "locks"), [("", ["image"]), ("embed,postgres", ["image", "embed", "postgres"])])
def test_a_build_argument_adds_extras(extras: str, locks: list[str]) -> None:
    """The build's shell gives pip the lock of the image always, and those of the extras of the argument."""
    command, package = (rest for name, rest in instructions() if name == "RUN" and " pip install " in rest)
    script = command.partition("for lock")
    shown = f"for lock{script[2]}".replace("/opt/wirewatch/bin/python -m pip install", "echo")
    done = subprocess.run(
        ["sh", "-c", shown],
        env={"EXTRAS": extras, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ("ARG", "EXTRAS=") in instructions()
    assert done.stdout.splitlines() == [f"--require-hashes -r deploy/locks/{lock}.txt" for lock in locks]
    assert all((ROOT / "deploy" / "locks" / f"{lock}.txt").exists() for lock in locks)
    assert "--no-deps" in package
    assert "--no-index" in package


def test_compose_hands_on_extras_and_the_encoder() -> None:
    """`EXTRAS` and the encoder's setting of whoever starts compose reach the build and the workers; both are optional."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    ours = [service for service in compose["services"].values() if "build" in service]

    assert {service["build"]["args"]["EXTRAS"] for service in ours} == {"${EXTRAS:-}"}
    assert {service["environment"]["WIREWATCH_TAG_EMBED_MODEL"] for service in ours} == {
        "${WIREWATCH_TAG_EMBED_MODEL:-}"
    }


def test_what_is_built_with_extras_exists() -> None:
    """Each EXTRAS=… that the files show is an extra of the project."""
    files = [DOCKERFILE, ROOT / "docker-compose.yml", *(ROOT / "deploy/kubernetes").glob("*.yaml"), ROOT / "README.md"]
    shown = {found for file in files for found in re.findall(r"EXTRAS=(\w+)", file.read_text(encoding="utf-8"))}

    assert shown
    assert shown <= PROJECT["project"]["optional-dependencies"].keys()


def test_images_are_pinned_to_what_their_tags_stand_for(tmp_path: Path) -> None:
    """The script puts a digest behind each image from elsewhere, once, and leaves our own image alone."""
    for name in ("docker-compose.yml", "deploy/Dockerfile", "deploy/pin-images.sh"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    docker = tmp_path / "bin" / "docker"  # stands in for the program that asks a registry
    docker.parent.mkdir()
    docker.write_text('#!/bin/sh\necho sha256:$(printf %s "$6" | sha256sum | cut -c1-64)\n', encoding="utf-8")
    docker.chmod(0o755)
    environment = os.environ | {"PATH": f"{docker.parent}:{os.environ['PATH']}"}
    script = [tmp_path / "deploy/pin-images.sh"]

    first = subprocess.run(script, env=environment, capture_output=True, text=True, check=True)
    second = subprocess.run(script, env=environment, capture_output=True, text=True, check=True)

    compose = yaml.safe_load((tmp_path / "docker-compose.yml").read_text(encoding="utf-8"))
    images = {s["image"] for s in compose["services"].values() if "build" not in s}
    dockerfile = (tmp_path / "deploy/Dockerfile").read_text(encoding="utf-8")
    bases = set(re.findall(r"(?m)^FROM (\S+)", dockerfile))
    assert all(re.search(r"@sha256:[0-9a-f]{64}$", image) for image in images | bases)
    assert len(first.stdout.splitlines()) == len(images | bases)
    assert {s["image"] for s in compose["services"].values() if "build" in s} == {"wirewatch"}
    assert second.stdout == ""
