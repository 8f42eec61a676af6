"""The packages of `agents` that take part, in the order of the pipeline: adding one is its line here.

Each has `step.py` with STEPS, and where it needs them `settings.py` with SECTIONS (its sections of wirewatch.toml).
"""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

PACKAGES = ("fetch", "clean", "dedup", "tag", "stories", "trends", "watch", "digest", "deliver", "archive")


def modules(part: str) -> list[ModuleType]:
    """Return a part of each package, `step` or `settings`, of those that have it."""
    names = [f"agents.{package}.{part}" for package in PACKAGES]
    return [import_module(name) for name in names if find_spec(name) is not None]
