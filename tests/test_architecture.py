"""The shape of the house: which package imports which, no circles, no module too long, no step known to the backbone.

Each rule is one test over all modules, and names those that break it: a test each would be 1,600.
"""

import ast
import re
import sys
import tomllib
from collections import Counter
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from wirewatch import packages
from wirewatch.steps import STEPS

ROOT = Path(__file__).parents[1]
PACKAGES = ("streams", "agents", "wirewatch")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MAX_LINES = 400
MAX_MODULES = 30
#: Modules of the backbone that are contracts of all steps: the tables of topics and records, and the reasons of dead letters.
CONTRACTS = {"streams/topics.py", "streams/errors.py"}
CONTRACTS |= {f"streams/records/{path.name}" for path in (ROOT / "streams" / "records").glob("*.py")}


def name_of(path: Path) -> str:
    """Return a module's dotted name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in MODULES}


def is_package(name: str) -> bool:
    """Return whether a name is a package, not a module."""
    return NAMES[name].name == "__init__.py"


@cache
def tree_of(path: Path) -> ast.Module:
    """Return a module's statements."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return everything in a module."""
    return tuple(ast.walk(tree_of(path)))


@cache
def imports_of(path: Path, *, everywhere: bool) -> frozenset[str]:
    """Return the modules of the house that a module imports: at its load, or also in functions and for types."""
    found: set[str] = set()
    for node in nodes_of(path) if everywhere else at_load(tree_of(path)):
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


def test_directions() -> None:
    """`streams` imports neither of the others; `agents` import `streams`, and no agent another."""
    wrong = {
        name: others for name, path in NAMES.items() if (others := forbidden(name, imports_of(path, everywhere=True)))
    }

    assert not wrong


def forbidden(name: str, used: frozenset[str]) -> set[str]:
    """Return the modules that a module imports and may not."""
    if name.startswith("streams"):
        return {other for other in used if not other.startswith("streams")}
    if name.startswith("agents."):
        own = ".".join(name.split(".")[:2])
        return {other for other in used if not f"{other}.".startswith(("streams.", f"{own}.")) and other != "agents"}
    return set()


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


def test_no_circle_of_packages() -> None:
    """Packages and modules that lie beside each other have an order: none imports one that imports it."""
    circles = {circle for parent in NAMES if is_package(parent) for circle in circles_in(parent)}

    assert not circles


def circles_in(parent: str) -> set[tuple[str, ...]]:
    """Return a package with each two of its packages and modules that import each other, itself or through others."""
    used: dict[str, set[str]] = {}
    for name, path in NAMES.items():
        if name.startswith(f"{parent}."):
            rooms = {room_in(parent, other) for other in imports_of(path, everywhere=True)}
            used.setdefault(room_in(parent, name), set()).update(rooms - {"", room_in(parent, name)})
    below = {room: reached(room, used) for room in used}
    return {(parent, *sorted((room, other))) for room in used for other in used[room] if room in below[other]}


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


def test_modules_are_short() -> None:
    """A module that one cannot read through is two."""
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in NAMES.items()}

    assert not {name: count for name, count in lines.items() if count > MAX_LINES}


def test_packages_are_taken_in_at_a_glance() -> None:
    """A folder of more modules than one keeps in mind is some packages."""
    modules = Counter(str(path.parent.relative_to(ROOT)) for path in MODULES)

    assert not {folder: count for folder, count in modules.items() if count > MAX_MODULES}


#: Words that steps are called by, and that have other meanings too.
ENGLISH = {"clean", "match", "watch", "tag", "learn", "deliver", "gather", "digest"}
#: The types of the steps' settings.
STEP_SETTINGS = re.compile(
    "|".join(
        kind.__name__
        for module in packages.modules("settings")
        for kind in module.SECTIONS.values()
        if isinstance(kind, type)
    )
)
#: A topic, a setting or the settings of a step, in a string or a docstring.
OF_A_STEP = re.compile(rf"\bnews\.\w+|\b(?:{'|'.join(STEPS)})\.[a-z]\w+|\b(?:{STEP_SETTINGS.pattern})")


def test_the_backbone_knows_no_step() -> None:
    """No code of the backbone names a step, its topic or its settings, but the tables that are contracts."""
    backbone = [path for name, path in NAMES.items() if name.startswith("streams")]
    paths = [path for path in backbone if str(path.relative_to(ROOT)) not in CONTRACTS]

    assert len(paths) > 50
    assert not {name_of(path): words for path in paths if (words := words_of_steps(path))}


def words_of_steps(path: Path) -> set[str]:
    """Return the names of steps, of their topics and settings that stand in a module."""
    found: set[str] = set()
    for node in nodes_of(path):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        found |= {text} & set(STEPS)
        found |= {match[0] for match in OF_A_STEP.finditer(text)}
        for name in [str(getattr(node, field, None)) for field in ("id", "attr", "arg", "name")]:
            if name in set(STEPS) - ENGLISH or STEP_SETTINGS.fullmatch(name):
                found.add(name)
    return found


#: Participles that stand alone as a class's name say that something was done, and not to what.
PARTICIPLE = re.compile(
    r"^class ((?:[A-Z][a-z]+ed|Caught|Found|Given|Held|Kept|Known|Left|Made|Meant|Read|Seen|Sent|Taken|Told|Written))\b",
    re.MULTILINE,
)
#: Names on the wire (records, and components of the OpenAPI document), a protocol of a quality, and an error.
NAMED = {"Tagged", "Pushed", "Caught", "Backlogged", "Refused"}


def test_classes_are_named_by_nouns() -> None:
    """A class is called by what it is, `PollOutcome` and not `Polled`."""
    found = {name: set(PARTICIPLE.findall(path.read_text(encoding="utf-8"))) - NAMED for name, path in NAMES.items()}

    assert not {name: classes for name, classes in found.items() if classes}


#: Modules that come with Python, those of a later one too.
STANDARD = {*sys.stdlib_module_names, "compression"}


def test_what_is_imported_is_a_dependency() -> None:
    """No code rests on a library that only another one brings: each that is imported stands in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [name for name in project["optional-dependencies"] if name not in ("dev", "bench", "build")]
    lines = [*project["dependencies"], *(line for name in extras for line in project["optional-dependencies"][name])]
    declared = {canonical(re.split(r"[\[><=;]", line)[0]) for line in lines}
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
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name.partition(".")[0] for name in found} - STANDARD - {*PACKAGES, "_typeshed"}
