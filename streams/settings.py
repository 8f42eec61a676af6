"""Settings: one `wirewatch.toml`, overridden by `WIREWATCH_<SECTION>_<NAME>` variables and then by options.

A section is a type whose fields are its settings; each field's comment (`#:`) says what it does and stands in
docs/settings.md. The sections of this module are Kafka's and the worker's; a step's stand with the step, and
`wirewatch.settings` puts the table of all together. An unknown name or a wrong value stops the start with file and line,
or with the variable's name.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar, cast, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from streams.errors import SettingsError
from streams.text.names import those
from streams.toml.toml_places import Path as TomlPath
from streams.toml.toml_places import Places, find_places, not_utf8
from streams.toml.toml_values import values_of

PositiveInt = Annotated[int, Meta(ge=1)]
PositiveFloat = Annotated[float, Meta(gt=0)]
ENV_PREFIX = "WIREWATCH_"
#: Values of settings whose name ends so are never shown.
SECRET_ENDINGS = ("token", "password", "secret", "url", "_env")


#: A host by name or number, and a port.
ADDRESS = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::[0-9]{1,5})?")


class KafkaSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """Where Kafka is and how to speak to it."""

    #: host:port, comma separated
    bootstrap: str = "127.0.0.1:9092"
    #: how connections are encrypted and who they are from: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    #: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    #: the user of SASL
    sasl_username: str = ""
    #: the password of SASL: better in WIREWATCH_KAFKA_SASL_PASSWORD than in a file
    sasl_password: str = ""
    #: PEM file with the authority's certificate
    ssl_cafile: str = ""
    #: PEM file with the client's certificate, for mutual TLS
    ssl_certfile: str = ""
    #: PEM file with the client's key, for mutual TLS
    ssl_keyfile: str = ""
    #: of each topic that `wirewatch topics create` makes
    partitions: PositiveInt = 12
    #: brokers that hold a copy of each topic that `wirewatch topics create` makes
    replication: PositiveInt = 1
    #: the most that a topic that `wirewatch topics create` makes holds, in all partitions; the oldest messages go first,
    #: read or not; 0 is no bound but time
    topic_gib: Annotated[float, Meta(ge=0)] = 0.0
    #: a dead worker's partitions are given to others after this time
    session_timeout_seconds: PositiveFloat = 8.0
    #: consumer groups are called `<prefix>-<step>`
    group_prefix: str = "wirewatch"
    #: the journal's file beside an embedded broker; `wirewatch run --data` sets it
    journal: str = ""

    def __post_init__(self) -> None:
        """Check settings of which a client would raise an error of its own."""
        for address in self.bootstrap.split(","):
            if not ADDRESS.fullmatch(address.strip()):
                raise ValueError(
                    f"bootstrap = {address!r}: no HOST:PORT, as in 127.0.0.1:9092 or kafka-1:9092,kafka-2:9092"
                )


class WorkerSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """One worker process."""

    #: child processes for CPU work; 0 is one for each core that the worker may use, by its affinity and its cgroup's limit, and
    #: fewer where its memory has no room for them
    processes: Annotated[int, Meta(ge=0)] = 0
    #: bytes of messages that a step holds in memory
    buffer_mib: PositiveInt = 64
    #: a child process may hold this much memory (its address space, on Linux only); a page that needs more is dead-lettered
    max_memory_mib: PositiveInt = 2048
    #: offsets are committed so often; after a crash what came since is done again, with the same ids
    commit_interval_seconds: PositiveFloat = 0.5
    #: the longest that the broker may hold a fetch that finds nothing; one of all partitions, which whatever comes ends,
    #: four times as long, if this is 0.5 or more
    fetch_wait_seconds: PositiveFloat = 0.5
    #: the address that the HTTP port listens on
    http_host: str = "127.0.0.1"
    #: metrics, health and the page; 0 takes a free port
    http_port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    #: names by which browsers and others may ask this port; on a loopback host its own names only, elsewhere any if empty
    http_names: list[str] = msgspec.field(default_factory=list)
    #: open connections of the HTTP port, at most as many as the limit on open files leaves room for
    http_connections: PositiveInt = 1000
    #: and of one address, or one network of 64 bits of IPv6; 0 is any number
    http_connections_per_address: Annotated[int, Meta(ge=0)] = 200
    #: the least level that is logged: DEBUG, INFO, WARNING or ERROR
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    #: sources with a time series of their own; the rest are counted together as `other`
    max_source_labels: PositiveInt = 1000


S = TypeVar("S")
T = TypeVar("T")


class TableSection(dict[str, T]):
    """A section of tables by name; `section` is its own name."""

    section: ClassVar[str] = ""


class Settings:
    """All sections, each by its type: `settings[WorkerSettings]`; a section that nobody has set has its defaults."""

    def __init__(self, *sections: object) -> None:
        self._sections: dict[type[Any], Any] = {type(section): section for section in sections}

    def __getitem__(self, kind: type[S]) -> S:
        """Return a section."""
        if kind not in self._sections:
            self._sections[kind] = kind()
        return cast("S", self._sections[kind])

    @property
    def kafka(self) -> KafkaSettings:
        """The section `kafka`."""
        return self[KafkaSettings]

    @property
    def worker(self) -> WorkerSettings:
        """The section `worker`."""
        return self[WorkerSettings]

    def names(self, section: str) -> frozenset[str]:
        """Return the names of the tables of a section, for those who need no more of it."""
        return frozenset(
            name
            for one in self._sections.values()
            if isinstance(one, TableSection) and one.section == section
            for name in one
        )

    def __repr__(self) -> str:
        """Return the names of settings that have been set, without the values: some are secret."""
        return f"Settings({', '.join(kind.__name__ for kind in self._sections)})"


@dataclass(frozen=True)
class Tables:
    """A section of tables, each with a name of its own and a `type` that says which settings it has: `[receivers.NAME]`.

    `kind` is the type of the whole, a dictionary of the tables by name.
    """

    kind: type[TableSection[Any]]
    types: Mapping[str, type[Struct]]
    #: the noun for one of them
    noun: str
    names: re.Pattern[str]
    names_say: str


#: A section's settings by its name.
Sections = Mapping[str, type[Struct] | Tables]
#: The sections that the backbone itself reads.
SECTIONS: dict[str, type[Struct] | Tables] = {"kafka": KafkaSettings, "worker": WorkerSettings}


@dataclass
class _Reading:
    """The values read so far, and the place of each."""

    sections: Sections
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    where: dict[tuple[str, ...], str] = field(default_factory=dict)

    def put(self, section: str, name: str, value: object, place: str) -> None:
        self.values.setdefault(section, {})[name] = value
        self.where[section, name] = place


def load(
    path: Path | None,
    environ: Mapping[str, str] = os.environ,
    options: Mapping[str, Any] | None = None,
    sections: Sections = SECTIONS,
) -> Settings:
    """Return the settings of a file (or `wirewatch.toml` here, if there is one), the environment and the options.

    `options` are keyed `section.name`. Raises `SettingsError`, which says where the mistake is and what is allowed.
    """
    reading = _Reading(sections)
    file = path or Path("wirewatch.toml")
    if path is not None or file.exists():
        _read_file(file, reading)
    for variable, value in sorted(environ.items()):
        if variable.startswith(ENV_PREFIX):
            section, name = _split_variable(variable, sections)
            reading.put(section, name, _parse(sections[section], name, value), variable)
    for option, value in (options or {}).items():
        section, name = option.split(".", 1)
        reading.put(section, name, value, f"option for {option}")
    return Settings(*(_section(reading, section, values) for section, values in reading.values.items()))


def _read_file(path: Path, reading: _Reading) -> None:
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = values_of(text)
    except IsADirectoryError as error:
        raise SettingsError(
            f"{path} is a folder, where the settings file is to be: rename it, or name a file with --config"
        ) from error
    except OSError as error:
        raise SettingsError(f"the settings file {path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: {not_utf8(error)}") from error
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: not TOML: {error}") from error
    places = find_places(text)
    for section, values in data.items():
        line = _line(places, (section,))
        if section not in reading.sections:
            raise SettingsError(f"{path}:{line}: no section is called [{section}]{those(section, reading.sections)}")
        if not isinstance(values, dict):
            raise SettingsError(f"{path}:{line}: [{section}] is a section, not a value")
        for name, value in values.items():
            reading.put(section, name, value, f"{path}:{_line(places, (section, name))}")
            if isinstance(reading.sections[section], Tables) and isinstance(value, dict):
                for key in value:
                    reading.where[section, name, key] = f"{path}:{_line(places, (section, name, key))}"


def _line(places: Places, path: TomlPath) -> int:
    """Return the line of a name; of the first name within it where it has none of its own."""
    if path not in places.keys:
        path = next((inner for inner in places.keys if inner[: len(path)] == path), path)
    return places.key(path)[0]


def _split_variable(variable: str, sections: Sections) -> tuple[str, str]:
    section, _, name = variable.removeprefix(ENV_PREFIX).lower().partition("_")
    kind = sections.get(section)
    plain = [known for known, one in sections.items() if not isinstance(one, Tables)]
    if kind is None:
        raise SettingsError(f"{variable}: no section is called {section}{those(section, plain)}")
    if isinstance(kind, Tables):
        raise SettingsError(f"{variable}: {section} stand in the settings file, as [{section}.NAME]")
    if not name:
        raise SettingsError(
            f"{variable} names the section [{section}] and none of its settings: {variable}_NAME is one"
        )
    return section, name


def _parse(kind: type[Struct] | Tables, name: str, value: str) -> object:
    """Return a variable's text as the type of its field wants it; the check comes later."""
    assert not isinstance(kind, Tables)
    declared = {f.name: f.type for f in msgspec.structs.fields(kind)}.get(name)
    if declared == list[str]:
        with suppress(tomllib.TOMLDecodeError):
            if value.lstrip().startswith("["):  # as it stands in the file; an address of IPv6 begins so too
                return tomllib.loads(f"list = {value}")["list"]
        return [part.strip() for part in value.split(",") if part.strip()]
    if declared is None:
        return value
    try:
        return cast("object", msgspec.convert(value, declared, strict=False))
    except msgspec.ValidationError:
        # A number out of its bounds is told by its bounds, not as a text.
        for number in (int, float):
            with suppress(msgspec.ValidationError):
                return msgspec.convert(value, number, strict=False)
        return value


#: What a value has to be, by the word for its type in an error of msgspec.
NEEDED = {
    "array": 'a list, as in ["a", "b"]',
    "object": "a table",
    "str": "a text, in quotes",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
}
OTHER_TYPE = re.compile(r"Expected `(\w+)(?: \| \w+)*`, got `(\w+)`(.*)", re.DOTALL)


def in_words(error: msgspec.ValidationError) -> str:
    """Return an error about a value's type in the words of those who write settings."""
    found = OTHER_TYPE.fullmatch(str(error))
    if not found or not {found[1], found[2]} <= NEEDED.keys():
        return str(error)
    needed = NEEDED[found[1]] if found[2] != "str" or found[1] == "array" else f"{NEEDED[found[1]]} without quotes"
    return f"it has to be {needed}, and is {NEEDED[found[2]].partition(',')[0]}{found[3]}"


def as_written(value: object) -> str:
    """Return a value as a settings file has it."""
    return str(value).lower() if isinstance(value, bool) else repr(value)


def allowed(declared: object) -> str:
    """Return which words may stand where only certain ones may; nothing to add elsewhere."""
    words = get_args(declared) if get_origin(declared) is Literal else ()
    return f"; it is one of {', '.join(map(str, words))}" if words else ""


def _section(reading: _Reading, section: str, values: Mapping[str, Any]) -> object:
    """Return a section as its type, checked setting by setting."""
    kind = reading.sections[section]
    if isinstance(kind, Tables):
        return kind.kind({name: _table(reading, kind, section, name, table) for name, table in values.items()})
    _check(kind, values, f"[{section}]", section, lambda name: reading.where.get((section, name), section))
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:  # by the section itself, whose error begins with the setting
        place = reading.where.get((section, str(error).partition(" ")[0]), section)
        raise SettingsError(f"{place}: {section}.{error}") from error


def _table(reading: _Reading, tables: Tables, section: str, name: str, table: object) -> object:
    """Return one table of a section of tables."""
    place = reading.where.get((section, name), section)
    if not tables.names.fullmatch(name):
        raise SettingsError(f"{place}: {section}.{name}: {tables.names_say}")
    if not isinstance(table, dict) or "type" not in table:
        raise SettingsError(f"{place}: {section}.{name} needs a `type`, one of {', '.join(tables.types)}")
    if table["type"] not in list(tables.types):
        given = str(table["type"])
        raise SettingsError(
            f"{place}: {section}.{name}: no {tables.noun} has the type {given!r}{those(given, tables.types)}"
        )
    kind = tables.types[table["type"]]
    values = {key: value for key, value in table.items() if key != "type"}
    title = f"a {tables.noun} of type {table['type']}"
    _check(kind, values, title, f"{section}.{name}", lambda key: reading.where.get((section, name, key), place))
    for declared in msgspec.structs.fields(kind):
        if declared.required and declared.name not in table:
            raise SettingsError(f"{place}: {section}.{name} needs `{declared.name}`")
    return msgspec.convert(values, kind)


def _check(kind: type[Struct], values: Mapping[str, Any], title: str, path: str, place: Any) -> None:
    """Raise `SettingsError` for the first name that the type does not have, or value that it does not take."""
    known = {f.name: f for f in msgspec.structs.fields(kind)}
    for name, value in values.items():
        if name not in known:
            raise SettingsError(f"{place(name)}: {title} has no setting called {name}{those(name, known)}")
        try:
            msgspec.convert(value, known[name].type)
        except msgspec.ValidationError as error:
            shown = "…" if name.endswith(SECRET_ENDINGS) else as_written(value)
            possible = allowed(known[name].type)
            raise SettingsError(f"{place(name)}: {path}.{name} = {shown}: {in_words(error)}{possible}") from error
