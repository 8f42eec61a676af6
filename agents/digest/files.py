"""Digests from TOML files: every fault is reported with its place, and none ends the reading."""

import re
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import get_args

import msgspec

from agents.digest.plan import DAYS, Empty, Every, Plan
from streams.errors import SettingsError
from streams.names import those
from streams.toml_places import Places, find_places, not_utf8
from streams.toml_values import values_of

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
MAX_BYTES = 1 << 20
#: Faults of one digest that are reported.
MAX_FAULTS = 20
#: Fields of which the values are few.
CHOICES: dict[str, tuple[str, ...]] = {"days": DAYS, "every": get_args(Every), "empty": get_args(Empty)}
#: Parts of msgspec's errors that name a field, and words of our own errors, of which the first that is a field is meant.
UNKNOWN, FIELD = re.compile(r"unknown field `(.{1,100})`"), re.compile(r"`\$\.(\w+)")
OWN = re.compile(r"\w+")


def load(folder: Path) -> dict[str, Plan]:
    """Return the digests of all `*.toml` of a folder; raise `SettingsError` with every fault.

    A folder that there is not is a mistake too: its digests would never come, and nothing would say why.
    """
    plans, faults = read_folder(folder)
    if faults:
        raise SettingsError("\n".join(faults))
    return plans


def read_folder(folder: Path) -> tuple[dict[str, Plan], list[str]]:
    """Return the digests of all `*.toml` of a folder by name, and every fault in it."""
    if not folder.is_dir():
        return {}, [f"digest.folder: there is no folder {folder}"]
    return read_files(sorted(folder.glob("*.toml")))


def read_files(files: Sequence[Path]) -> tuple[dict[str, Plan], list[str]]:
    """Return the digests of files by name, and the faults of the others, each with its file and line."""
    plans: dict[str, Plan] = {}
    faults: list[str] = []
    for file in files:
        try:
            tables, places = tables_of(text_of(file))
        except (OSError, ValueError) as error:
            faults.append(f"{file}: {error}")
            continue
        for name, table in tables.items():
            plan, wrong = read(name, table, places)
            if plan is not None and name in plans:
                wrong = [(plan_line(places, name), "there is a digest of this name already; give it another name")]
            elif plan is not None:
                plans[name] = plan
            faults += [f"{file}:{line}: digest.{name}: {explained(fault)}" for line, fault in sorted(wrong)]
    return plans, faults


def plan_line(places: Places, name: str, field: str = "") -> int:
    """Return the line of a digest, or of one of its fields."""
    return places.key(("digest", name, field))[0]


def read(name: str, table: object, places: Places) -> tuple[Plan | None, list[tuple[int, str]]]:
    """Return the digest of a table; where it is wrong none, and each fault with its line."""
    if not NAME.fullmatch(name):
        return None, [(plan_line(places, name), "names are lower-case letters, digits, `.`, `_` and `-`, up to 100")]
    left = dict(table) if isinstance(table, dict) else table
    faults: list[tuple[int, str]] = []
    while len(faults) < MAX_FAULTS:
        try:
            plan = msgspec.convert(left, Plan)
        except ValueError as error:
            field = field_of(str(error), left)
            faults.append((plan_line(places, name, field), str(error)))
            if not field or not isinstance(left, dict):
                break
            del left[field]  # what else is wrong is found without it
        else:
            return (None if faults else plan), faults
    return None, faults


def field_of(error: str, table: object) -> str:
    """Return the field that an error is about: one of a table's, or nothing."""
    written = set(table) if isinstance(table, dict) else set()
    found = (named[1] for pattern in (UNKNOWN, FIELD) for named in pattern.finditer(error))
    return next((each for each in chain(found, OWN.findall(error)) if each in written), "")


def explained(error: str) -> str:
    """Return an error with the words to write in the stead of those that were wrong."""
    if unknown := UNKNOWN.search(error):
        return f"there is no `{unknown[1]}`{those(unknown[1], Plan.__struct_fields__)}"
    if "Invalid enum value" in error and (of := FIELD.search(error)) and of[1] in CHOICES:
        return f"{error}; write one of {', '.join(CHOICES[of[1]])}"
    if "Expected `array`" in error:
        return f'{error}; several are written as ["one", "other"], and one as ["one"]'
    if "matching regex" in error and (of := FIELD.search(error)) and of[1] == "watch":
        return "`watch` is no name of a watch: lower-case letters, digits, `.`, `_` and `-`"
    return f"{error}; a time is written as 07:00" if "[01][0-9]" in error else error


def text_of(file: Path) -> str:
    """Return the text of a file of digests; raise `OSError` for one that cannot be read, `ValueError` for one too large."""
    if not file.is_file():
        raise OSError("no regular file")
    if file.stat().st_size > MAX_BYTES:
        raise ValueError(f"over {MAX_BYTES} bytes; split it")
    try:
        return file.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ValueError(not_utf8(error)) from error


def tables_of(text: str) -> tuple[dict[str, object], Places]:
    """Return the tables of `[digest]`, and the places of all that is written.

    Raises `ValueError` for a text that has none, something else, or is no TOML.
    """
    try:
        data = values_of(text)
        places = find_places(text)
    except RecursionError as error:
        raise ValueError("values nest too deeply; no digest needs that") from error
    tables = data.get("digest")
    if set(data) != {"digest"} or not isinstance(tables, dict):
        raise ValueError("a file of digests holds tables [digest.NAME] and nothing else")
    return tables, places
