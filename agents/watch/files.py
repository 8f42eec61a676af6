"""Watches from TOML files and from records: every fault is reported with its place, and none ends the reading.

A file holds one watch, whose name is the file's unless it gives one, or several as `[[watch]]`.
"""

import re
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import chain, islice
from pathlib import Path as FilePath
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import msgspec
import orjson

from agents.watch.errors import Fault, QueryError, WatchError
from agents.watch.language.parse import parse
from agents.watch.language.query import names_trend, story_conditions
from agents.watch.records import Watch, seconds
from streams.records import WatchRecord
from streams.text.names import nearest
from streams.toml.toml_places import Path, Places, find_places, not_utf8
from streams.toml.toml_values import values_of

#: Hints by field, for a value that does not fit.
HINTS = {
    "name": "lower-case letters, digits, `.`, `_` and `-`, up to 100",
    "severity": "info, warning or critical",
    "each": "article, group, story or event",
    "receivers": 'a list of receivers\' names, as in ["desk"]',
    "cool_down": "a number and s, m, h or d, as in 30m",
    "limit_per_hour": "a whole number up to 1000; 0 is no limit",
    "quiet_hours": 'as in { from = "22:00", to = "07:00", timezone = "Europe/Berlin" }',
    "burst": 'as in { count = 10, window = "1h", baseline = "7d", ratio = 3.0 }',
    "backfill": "true or false",
    "trends": "eager, balanced or quiet",
}

#: Bytes of a file or record of watches; the longest query has a fiftieth of them.
MAX_BYTES = 1 << 20
#: Most faults of one watch that are reported.
MAX_FAULTS = 20
#: Most characters of a name in them.
MAX_NAME = 100

#: Windows that a burst's baseline holds at least, so that there is something usual to compare with.
MIN_BASELINE_WINDOWS = 4
#: And at most: a watch's state keeps counts for all of them.
MAX_BASELINE_WINDOWS = 500


def load(path: FilePath) -> list[Watch]:
    """Return the watches of a TOML file or of all `*.toml` in a folder; raise `WatchError` with every fault.

    Nothing to watch for is a fault too: whoever names a folder means what is in it.
    """
    watches, faults = read_files(path)
    if not watches and not faults:
        hint = "a folder's watches are its files called *.toml" if path.is_dir() else ""
        faults = [Fault(str(path), 1, 1, "no watch is there", hint)]
    if faults:
        raise WatchError(faults)
    return watches


def files_at(path: FilePath) -> list[FilePath]:
    """Return the `*.toml` of a folder, or the one file."""
    return sorted(path.glob("*.toml")) if path.is_dir() else [path]


def read_files(path: FilePath) -> tuple[list[Watch], list[Fault]]:
    """Return the watches of a TOML file or of all `*.toml` in a folder, and the faults of the others."""
    watches: dict[str, Watch] = {}
    faults: list[Fault] = []
    for file in files_at(path):
        try:
            found, wrong = read_toml(text_of(file), str(file), default_name=file.stem)
        except UnicodeDecodeError as error:
            found, wrong = [], [Fault(str(file), 1, 1, f"cannot be read: {not_utf8(error)}")]
        except OSError as error:
            found, wrong = [], [Fault(str(file), 1, 1, f"cannot be read: {error.strerror or error}")]
        faults += wrong
        for watch in found:
            if watch.name in watches:
                faults.append(
                    Fault(str(file), 1, 1, f"there is a watch `{watch.name}` already", "give it another name")
                )
            watches.setdefault(watch.name, watch)
    return list(watches.values()), faults


def text_of(file: FilePath) -> str:
    """Return the text of a file of watches; raise `OSError` for a pipe or device, and for one that is too large."""
    if not file.is_file():
        raise OSError("no regular file")
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise OSError(f"{size:,} bytes; a file of watches has up to {MAX_BYTES:,}")
    return file.read_text(encoding="utf-8-sig")  # some editors write a byte order mark


def read_toml(text: str, place: str, default_name: str = "") -> tuple[list[Watch], list[Fault]]:
    """Return the watches of one TOML text, and the faults of the others. `place`: the text's name in faults."""
    text = text.replace("\r\n", "\n")
    try:
        data = values_of(text)
    except tomllib.TOMLDecodeError as error:
        message, line, column = toml_place(str(error), text)
        return [], [Fault(place, line, column, f"not TOML: {message}")]
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, tables in tables in tables
        return [], [Fault(place, 1, 1, f"not TOML that can be read: {type(error).__name__}", "no watch needs that")]
    try:
        places = find_places(text)
    except RecursionError:
        return [], [Fault(place, 1, 1, "values nest too deeply", "no watch needs that")]
    several = data.get("watch")
    tables: list[tuple[Path, object]]
    if isinstance(several, list):
        tables = [(("watch", index), table) for index, table in enumerate(several)]
        strange = [key for key in data if key != "watch"]
        faults = [Fault(place, *places.key((key,)), f"`{key}` stands outside [[watch]]") for key in strange]
    else:
        tables, faults = [((), {"name": default_name, **data} if default_name else data)], []
    watches = []
    for path, table in tables:
        watch, wrong = read(table, Locator(place, places, path))
        faults += wrong
        if watch:
            watches.append(watch)
    return watches, sorted(faults, key=lambda fault: (fault.line, fault.column))


def read_record(value: bytes | str, place: str = "record") -> Watch:
    """Return the watch of one JSON record of `news.watches`; raise `WatchError`, with columns inside the query."""
    if len(value) > MAX_BYTES:
        raise WatchError([Fault(place, 1, 1, f"{len(value):,} bytes; a watch has up to {MAX_BYTES:,}")])
    try:
        data = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise WatchError([Fault(place, error.lineno, error.colno, f"not JSON: {error.msg}")]) from error
    watch, faults = read(data, Locator(place))
    if watch is None:
        raise WatchError(faults)
    return watch


class Locator:
    """Says where a key of one watch stands; without places, everything stands at 1:1 and a query counts from itself."""

    def __init__(self, place: str, places: Places | None = None, path: Path = ()) -> None:
        self.place = place
        self._places = places
        self._path = path

    def fault(self, path: Path, message: str, hint: str = "") -> Fault:
        """Return a fault at a key."""
        line, column = self._places.key((*self._path, *path)) if self._places else (1, 1)
        return Fault(self.place, line, column, message, hint)

    def query_fault(self, error: QueryError, query: str) -> Fault:
        """Return a fault inside the query."""
        if self._places is None:
            return Fault(self.place, error.line, error.column, f"query: {error.message}", error.hint)
        lines = query.split("\n")
        index = sum(len(line) + 1 for line in lines[: error.line - 1]) + error.column - 1
        line, column = self._places.in_string((*self._path, "query"), index)
        return Fault(self.place, line, column, f"query: {error.message}", error.hint)


def read(data: object, at: Locator) -> tuple[Watch | None, list[Fault]]:
    """Return a watch from parsed TOML or JSON, or None and everything that is wrong with it."""
    if not isinstance(data, dict):
        return None, [at.fault((), f"a watch is a table, not {type(data).__name__}")]
    faults = list(islice(chain(unknown(data, at), wrong_values(data, at)), MAX_FAULTS))
    query = None
    if isinstance(data.get("query"), str):
        try:
            query = parse(data["query"])
        except QueryError as error:
            faults.append(at.query_fault(error, data["query"]))
    if faults or query is None:
        return None, faults
    record = msgspec.convert(data, WatchRecord)
    faults += contradictions(record, at)
    if record.trends and not names_trend(query):
        message = "`trends` chooses among trends, and the query asks for none"
        faults.append(at.fault(("trends",), message, "as in trend:VE, trend:labour"))
    if record.burst and story_conditions(query):
        message = "a burst counts articles, and a condition on the story holds for one"
        faults.append(at.fault(("burst",), message, "make them two watches"))
    return (None if faults else Watch(record=record, query=query)), faults


def unknown(data: dict[str, Any], at: Locator) -> Iterable[Fault]:
    """Yield a fault for each key that watches do not have, and for each that is missing."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(WatchRecord)}
    for key in data:
        if key not in fields:
            close = get_close_matches(key[:MAX_NAME], fields, n=1)
            yield at.fault(
                (key,), f"`{key[:MAX_NAME]}` is no field of a watch", f"did you mean {close[0]}?" if close else ""
            )
    for key, field in fields.items():
        if field.required and key not in data:
            yield at.fault((), f"`{key}` is missing")


def wrong_values(data: dict[str, Any], at: Locator) -> Iterable[Fault]:
    """Yield a fault for each value that does not fit its field."""
    types = get_type_hints(WatchRecord, include_extras=True)
    for key, value in data.items():
        if key in types:
            try:
                msgspec.convert(value, types[key])
            except msgspec.ValidationError as error:
                inside = re.search(r"`\$\.?([\w.]+)", str(error))
                message = re.sub(r" - at `.*", "", str(error)).replace("Object contains", "there is an")
                path = (key, *inside[1].split(".")) if inside else (key,)
                yield at.fault(path, f"`{'.'.join(path)}`: {plain(message)}", HINTS.get(key, ""))


def plain(message: str) -> str:
    """Return msgspec's message without its regular expression, in lower case."""
    return message[0].lower() + message[1:] if "regex" not in message else "not in the form needed"


def contradictions(record: WatchRecord, at: Locator) -> Iterable[Fault]:
    """Yield a fault for each pair of settings that cannot go together."""
    quiet, burst = record.quiet_hours, record.burst
    if quiet:
        if not is_time_zone(quiet.timezone):
            name = quiet.timezone[:MAX_NAME]
            zone = nearest(name, sorted(available_timezones()))
            hint = f"did you mean {zone}?" if zone else "as in Europe/Berlin or UTC"
            yield at.fault(("quiet_hours", "timezone"), f"`{name}` is no time zone", hint)
        if quiet.start == quiet.end:
            yield at.fault(
                ("quiet_hours",), "quiet hours begin and end at the same time", "leave them out or change one"
            )
    if burst and seconds(burst.window) < 60:
        yield at.fault(("burst", "window"), "a burst's window is shorter than a minute", "at least 1m")
    elif burst and seconds(burst.baseline) < MIN_BASELINE_WINDOWS * seconds(burst.window):
        hint = f"at least {MIN_BASELINE_WINDOWS} windows"
        yield at.fault(("burst", "baseline"), "the baseline holds too few windows to say what is usual", hint)
    elif burst and seconds(burst.baseline) > MAX_BASELINE_WINDOWS * seconds(burst.window):
        hint = f"at most {MAX_BASELINE_WINDOWS} windows"
        yield at.fault(("burst", "baseline"), "the baseline holds more windows than are kept", hint)


def is_time_zone(name: str) -> bool:
    """Say whether a name is one of the time zones that are installed here."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def toml_place(message: str, text: str) -> tuple[str, int, int]:
    """Return tomllib's message without the place at its end, and that place."""
    match = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL)
    if match is None:
        return message, 1, 1
    if match[2] is None:
        return match[1], text.count("\n") + 1, len(text) - text.rfind("\n")
    return match[1], int(match[2]), int(match[3])
