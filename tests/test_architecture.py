"""The shape of the house: which package imports which, no circles, no module too long, no step known to the backbone."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from wirewatch.steps import STEPS

ROOT = Path(__file__).parents[1]
PACKAGES = ("streams", "agents", "wirewatch")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MAX_LINES = 400
#: Modules of the backbone that are contracts of all steps: the tables of topics and records, and the reasons of dead letters.
CONTRACTS = {"streams/topics.py", "streams/errors.py"}
CONTRACTS |= {f"streams/records/{path.name}" for path in (ROOT / "streams" / "records").glob("*.py")}
#: Modules that are to be cut: they may shrink, and no other may join them.
TOO_LONG: dict[str, int] = {}


def name_of(path: Path) -> str:
    """Return a module's dotted name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in MODULES}


def is_package(name: str) -> bool:
    """Tell a package from a module."""
    return NAMES[name].name == "__init__.py"


@cache
def imports_of(path: Path, *, everywhere: bool) -> frozenset[str]:
    """Return the modules of the house that a module imports: at its load, or also in functions and for types."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if everywhere else at_load(tree)
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return frozenset(name for name in found if name in NAMES and name != name_of(path))


def at_load(tree: ast.Module) -> list[ast.stmt]:
    """Return the statements that run when a module is loaded, without those for types only."""
    found: list[ast.stmt] = []
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        found.append(node)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.If | ast.Try | ast.With):
            waiting += [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_directions(path: Path) -> None:
    """`streams` imports neither of the others; `agents` import `streams`, and no agent another."""
    name = name_of(path)
    used = imports_of(path, everywhere=True)
    if name.startswith("streams"):
        assert not [other for other in used if not other.startswith("streams")]
    if name.startswith("agents."):
        own = ".".join(name.split(".")[:2])
        others = {".".join(other.split(".")[:2]) for other in used if other.startswith("agents.")}
        assert not others - {own}
        assert not [other for other in used if other.startswith("wirewatch")]


def test_no_circle_of_imports() -> None:
    """No module is loaded in order to load itself, whatever is imported for types or late."""
    graph = {name: imports_of(path, everywhere=False) for name, path in NAMES.items()}
    done: set[str] = set()
    circles: list[str] = []

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            circles.append(" → ".join((*trail[trail.index(name) :], name)))
        elif name not in done:
            for other in graph[name]:
                # a package's own __init__ names its modules, which is how it offers them
                if not (name.startswith(f"{other}.") or (other.startswith(f"{name}.") and is_package(name))):
                    visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())
    assert not circles


@pytest.mark.parametrize("parent", sorted(name for name in NAMES if is_package(name)))
def test_no_circle_of_packages(parent: str) -> None:
    """Packages and modules that lie beside each other have an order: none imports one that imports it."""
    used: dict[str, set[str]] = {}
    for name, path in NAMES.items():
        if name.startswith(f"{parent}."):
            rooms = {room_in(parent, other) for other in imports_of(path, everywhere=True)}
            used.setdefault(room_in(parent, name), set()).update(rooms - {"", room_in(parent, name)})
    below = {room: reached(room, used) for room in used}
    circles = {(parent, *sorted((room, other))) for room in used for other in used[room] if room in below[other]}

    assert not circles


def room_in(parent: str, name: str) -> str:
    """Return the name of the package or module of a parent that a module belongs to, or an empty string."""
    return name.removeprefix(f"{parent}.").partition(".")[0] if name.startswith(f"{parent}.") else ""


def reached(room: str, used: dict[str, set[str]]) -> set[str]:
    """Return all that a package or module imports, itself or through others."""
    found: set[str] = set()
    waiting = [room]
    while waiting:
        new = used.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_are_short(path: Path) -> None:
    """A module that one cannot read through is two."""
    name = str(path.relative_to(ROOT))
    most = TOO_LONG.get(name, MAX_LINES)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= most


@pytest.mark.parametrize("path", [path for path in MODULES if name_of(path).startswith("streams")], ids=name_of)
def test_the_backbone_knows_no_step(path: Path) -> None:
    """No code of the backbone names a step, its topic or its settings, but the tables that are contracts."""
    if str(path.relative_to(ROOT)) in CONTRACTS:
        return
    english = {"clean", "match", "watch", "tag", "learn", "deliver", "gather", "digest"}  # words of other meanings, too
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert node.value not in STEPS, node.value
            assert not re.fullmatch(r"news\.\w+", node.value), node.value
        names = [getattr(node, field, None) for field in ("id", "attr", "arg", "name")]
        for name in names:
            assert name not in set(STEPS) - english, name
            assert not re.fullmatch("(Clean|Dedup|Tag|Watch|Deliver|Stories|Trend|Digest|Fetch)Settings", str(name)), (
                name
            )


#: Participles that stand alone as a class's name say that something was done, and not to what.
PARTICIPLE = re.compile(
    r"^class ((?:[A-Z][a-z]+ed|Caught|Found|Given|Held|Kept|Known|Left|Made|Meant|Seen|Sent|Taken|Told))\b",
    re.MULTILINE,
)
#: Names on the wire (records, and components of the OpenAPI document), a protocol of a quality, and an error.
NAMED = {"Tagged", "Pushed", "Caught", "Backlogged", "Refused"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_classes_are_named_by_nouns(path: Path) -> None:
    """A class is called by what it is, `PollOutcome` and not `Polled`."""
    assert not set(PARTICIPLE.findall(path.read_text(encoding="utf-8"))) - NAMED


def test_what_is_imported_is_a_dependency() -> None:
    """No code rests on a library that only another one brings: each that is imported stands in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [name for name in project["optional-dependencies"] if name not in ("dev", "bench", "build")]
    lines = [*project["dependencies"], *(line for name in extras for line in project["optional-dependencies"][name])]
    declared = {canonical(re.split(r"[\[><=]", line)[0]) for line in lines}
    brought_by = packages_distributions()
    imported = {name for path in MODULES for name in libraries_of(path)}
    undeclared = {name for name in imported if declared.isdisjoint(map(canonical, brought_by.get(name, [name])))}

    assert len(imported) > 20
    assert not undeclared


def canonical(name: str) -> str:
    """Return the name of a distribution as indexes compare it."""
    return name.lower().replace("_", "-")


def libraries_of(path: Path) -> set[str]:
    """Return the libraries that a module imports, wherever in it, but for those that only types need."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name.partition(".")[0] for name in found} - set(sys.stdlib_module_names) - {*PACKAGES, "_typeshed"}
