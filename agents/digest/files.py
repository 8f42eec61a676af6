"""Digests from TOML files: every fault is reported with its place, and none ends the reading."""

import re
from collections.abc import Sequence
from pathlib import Path
from tomllib import TOMLDecodeError

from agents.digest.plan import Plan
from streams.errors import SettingsError
from streams.toml.table_faults import read_table
from streams.toml.toml_places import Places, find_places, not_utf8
from streams.toml.toml_values import values_of

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
MAX_BYTES = 1 << 20


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
            faults += [f"{file}:{line}: digest.{name}: {fault}" for line, fault in sorted(wrong)]
    return plans, faults


def plan_line(places: Places, name: str, field: str = "") -> int:
    """Return the line of a digest, or of one of its fields."""
    return places.key(("digest", name, field))[0]


def read(name: str, table: object, places: Places) -> tuple[Plan | None, list[tuple[int, str]]]:
    """Return the digest of a table; where it is wrong none, and each fault with its line."""
    if not NAME.fullmatch(name):
        return None, [(plan_line(places, name), "names are lower-case letters, digits, `.`, `_` and `-`, up to 100")]
    plan, faults = read_table(table, Plan)
    return plan, [(plan_line(places, name, fault.field), fault.error) for fault in faults]


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
    except TOMLDecodeError as error:
        raise ValueError(f"not TOML: {error}") from error
    except RecursionError as error:
        raise ValueError("values nest too deeply; no digest needs that") from error
    tables = data.get("digest")
    if set(data) != {"digest"} or not isinstance(tables, dict):
        raise ValueError("a file of digests holds tables [digest.NAME] and nothing else")
    return tables, places
