"""Files of sources: OPML of any feed reader, TOML with a table for each, JSON; and a folder of them."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import orjson

from agents.fetch.reading.opml import read_opml
from streams.errors import InputError
from streams.records import Source
from streams.toml.table_faults import TableFault, read_table
from streams.toml.toml_places import find_places, not_utf8
from streams.toml.toml_values import values_of

#: How the names of such files end.
ENDINGS = (".opml", ".xml", ".toml", ".json")
#: Notes of a list's reader, in plain words.
WORDS = {
    "link": "no web address, left out",
    "broken": "the file is broken: only what stands before and around the fault is taken",
    "links_cut": "left out",
    "entries_cut": "too many, the rest is left out",
    "document_cut": "too large, the rest is left out",
}
#: Larger files hold no list of sources: 100,000 of them take 20 MB.
MOST_BYTES = 64 * 1024 * 1024
#: Faults of one file that are said.
MOST_FAULTS = 20


def read_list(path: Path, known: Mapping[str, Source | None] | None = None) -> tuple[list[Source], list[str]]:
    """Return the sources of a file and a sentence on each that is left out; raise `InputError` where it is no list.

    `known` are names that others have, with their sources: an OPML file gives no names, so its sources are named by their
    titles, and one at the address of a known source is that source.
    """
    if path.stat().st_size > MOST_BYTES:
        raise InputError(f"{path}: larger than {MOST_BYTES >> 20} MiB")
    match path.suffix.lower():
        case ".toml":
            text, data = toml_of_file(path)
            return from_tables(path, data, "source", text)
        case ".json":
            return from_tables(path, json_of_file(path), "sources")
        case _:
            found, notes = read_opml(path.read_bytes(), known)
            if not found:
                why = "; ".join(map(sentence, notes[:-1][:3]))  # the last one says that there is none
                form = "a list is OPML, TOML (.toml) or JSON (.json)"
                raise InputError(f"{path}: no feed is in it{why and f' ({why})'}; {form}")
            return found, list(map(sentence, notes))


def sentence(note: str) -> str:
    """Return a note of a list's reader in plain words."""
    code, _, detail = note.partition(": ")
    return f"{WORDS.get(code, code)}: {detail}" if detail else WORDS.get(code, code)


def toml_of_file(path: Path) -> tuple[str, Any]:
    """Return a TOML file's text and its values; raise `InputError` with the place of a fault."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return text, values_of(text)
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: {not_utf8(error)}") from error
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        raise InputError(f"{path}: {error}") from error


def json_of_file(path: Path) -> Any:
    """Return a JSON file's values, a bare list as that of `sources`; raise `InputError` with the place of a fault."""
    try:
        data = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise InputError(f"{path}: {error}") from error
    return {"sources": data} if isinstance(data, list) else data


def from_tables(path: Path, data: Any, key: str, text: str = "") -> tuple[list[Source], list[str]]:
    """Return the sources of a file's tables, all under one key, and the faults of the others, each with its line in `text`.

    Raises `InputError` for a file that holds something else.
    """
    tables = data.get(key, []) if isinstance(data, dict) else None
    if not isinstance(tables, list) or set(data) - {key}:
        form = "a table [[source]]" if key == "source" else 'an object in the list "sources"'
        raise InputError(f"{path}: each source is {form} with a name and a url")
    found: list[Source] = []
    wrong: list[tuple[int, str, TableFault]] = []
    for number, table in enumerate(tables):
        source, of_table = read_table(table, Source)
        if source is not None:
            found.append(source)
        name = table.get("name") if isinstance(table, dict) else None
        named = f"source {number + 1}{f' {name}' if isinstance(name, str) else ''}"
        wrong += [(number, named, fault) for fault in of_table]
    lines = lines_of(text, [(key, number, fault.field) for number, _, fault in wrong[:MOST_FAULTS]])
    faults = [f"{line}{named}: {fault.error}" for line, (_, named, fault) in zip(lines, wrong, strict=False)]
    return found, faults + [f"{len(wrong) - MOST_FAULTS:,} more faults"] * (len(wrong) > MOST_FAULTS)


def lines_of(text: str, keys: Sequence[tuple[str | int, ...]]) -> list[str]:
    """Return the beginnings of errors that name the lines of keys in TOML; empty for another text."""
    if not keys or not text:
        return [""] * len(keys)
    places = find_places(text)
    return [f"line {places.key(key)[0]}: " for key in keys]


def lists_in(folder: Path) -> list[Path]:
    """Return the files of a folder that are lists of sources by their names."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in ENDINGS and not path.name.startswith(".") and path.is_file()
    ]


def read_folder(folder: Path) -> tuple[dict[str, Source], list[str]]:
    """Return the sources of a folder's files by name, in the order of the files' names, and its faults."""
    found: dict[str, Source] = {}
    faults: list[str] = []
    for path in lists_in(folder):
        try:
            listed, notes = read_list(path, found)
        except (InputError, OSError) as error:
            faults.append(str(error))
            continue
        faults += [f"{path}: {note}" for note in notes]
        for source in listed:
            if source.name in found:
                faults.append(f"{path}: another file has a source {source.name} already; that one counts")
            found.setdefault(source.name, source)
    return found, faults


def toml_of(found: Iterable[Source]) -> str:
    """Return sources as TOML."""
    lines = []
    for source in found:
        lines.append("[[source]]")
        for name, value in msgspec.to_builtins(source).items():
            if name != "schema" and value not in (None, [], {}):
                # JSON's strings, numbers and lists are TOML's; a table in a line is written with `=`
                written = orjson.dumps(value).decode()
                if isinstance(value, dict):
                    pairs = ", ".join(
                        f"{orjson.dumps(k).decode()} = {orjson.dumps(v).decode()}" for k, v in value.items()
                    )
                    written = f"{{ {pairs} }}"
                lines.append(f"{name} = {written}")
        lines.append("")
    return "\n".join(lines)
