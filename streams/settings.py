"""Settings: one `wirewatch.toml`, overridden by `WIREWATCH_<SECTION>_<NAME>` variables and then by options.

Each section is a type below and each field's comment says what it does; an unknown name or a wrong value stops the
start with file and line, or the variable's name. Receivers of alerts stand in the file only, a table each:
`[receivers.NAME]`; their secrets stand in environment variables whose names the tables give.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
from msgspec import Meta, Struct, field

from streams.errors import SettingsError

PositiveInt = Annotated[int, Meta(ge=1)]
PositiveFloat = Annotated[float, Meta(gt=0)]
ENV_PREFIX = "WIREWATCH_"


class KafkaSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """Where Kafka is and how to speak to it."""

    #: host:port, comma separated
    bootstrap: str = "127.0.0.1:9092"
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    sasl_username: str = ""
    sasl_password: str = ""
    #: PEM files: the authority's certificate, and the client's certificate and key for mutual TLS
    ssl_cafile: str = ""
    ssl_certfile: str = ""
    ssl_keyfile: str = ""
    #: of each topic that `wirewatch topics create` makes
    partitions: PositiveInt = 12
    replication: PositiveInt = 1
    #: a dead worker's partitions are given to others after this time
    session_timeout_seconds: PositiveFloat = 8.0
    #: consumer groups are called `<prefix>-<step>`
    group_prefix: str = "wirewatch"


class WorkerSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """One worker process."""

    #: child processes for CPU work; 0 is one for each core
    processes: Annotated[int, Meta(ge=0)] = 0
    #: bytes of messages that a step holds in memory
    buffer_mib: PositiveInt = 64
    #: a child process may hold this much memory; a page that needs more is dead-lettered
    max_memory_mib: PositiveInt = 2048
    commit_interval_seconds: PositiveFloat = 0.5
    #: the longest that the broker may hold a fetch that finds nothing
    fetch_wait_seconds: PositiveFloat = 0.5
    http_host: str = "127.0.0.1"
    #: metrics, health and the page; 0 takes a free port
    http_port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    #: names by which browsers and others may ask this port; on a loopback host its own names only, elsewhere any if empty
    http_names: list[str] = field(default_factory=list)
    #: open connections of the HTTP port, at most as many as the limit on open files leaves room for
    http_connections: PositiveInt = 1000
    #: and of one address; 0 is any number
    http_connections_per_address: Annotated[int, Meta(ge=0)] = 200
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    #: sources with a time series of their own; the rest are counted together as `other`
    max_source_labels: PositiveInt = 1000


class CleanSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The clean step."""

    #: a page that takes longer is tried once more alone and then dead-lettered
    timeout_seconds: PositiveFloat = 5.0
    max_page_bytes: PositiveInt = 8 * 1024 * 1024
    #: article ids whose texts are remembered, for each partition
    max_revisions: PositiveInt = 200_000


class DedupSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The dedup step."""

    #: copies are looked for among the articles that arrived in this time
    window_hours: PositiveFloat = 72.0
    #: and among so many of the latest; the index over a million takes 402 MiB from the start
    max_articles: PositiveInt = 1_000_000
    #: how long articles wait for a partition of news.raw that brings nothing: longer than a dead worker takes to be replaced
    order_wait_seconds: Annotated[float, Meta(ge=0)] = 30.0
    timeout_seconds: PositiveFloat = 5.0


class TagSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The tag step."""

    #: topics under this score are left out; null keeps the released thresholds
    topic_threshold: Annotated[float, Meta(ge=0, le=1)] | None = None
    #: asked where the linear topic model is unsure: minilm (of the extra [embed]), or a folder; empty for none
    embed_model: str = ""
    timeout_seconds: PositiveFloat = 5.0


class WatchSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The watch steps."""

    #: a folder of watches (TOML) that is kept in force; with several workers, the same folder on each that has one
    folder: str = ""
    #: watches with a time series of their own; the rest are counted together as `other`
    max_watch_labels: PositiveInt = 1000


class DeliverSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The deliver step."""

    #: an attempt that takes longer has failed
    timeout_seconds: PositiveFloat = 15.0
    #: attempts before an alert is dead at a receiver: with the waits below, these go on for one to two days
    max_attempts: PositiveInt = 24
    #: the wait after the first failed attempt; it doubles with each, half of it by chance
    first_wait_seconds: PositiveFloat = 5.0
    #: the longest wait, also where a receiver asks for a longer one (`Retry-After`)
    max_wait_seconds: PositiveFloat = 14_400.0
    #: attempts at one receiver at the same time
    parallel: PositiveInt = 4
    #: alerts that may wait for one receiver; more are dead at once (`wirewatch deliveries retry` takes them up again)
    max_waiting: PositiveInt = 10_000
    #: how long it is remembered what was delivered; an alert raised longer ago is not sent any more
    ledger_hours: PositiveFloat = 72.0
    #: hosts that webhooks may reach although their address is private, loopback or link-local
    allow_private: list[str] = field(default_factory=list)


class FeedSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """RSS, Atom and event streams of the watches' alerts, on the worker's HTTP port."""

    #: alerts that a watch's feed shows
    entries: PositiveInt = 100
    #: how far back a worker reads news.alerts when it starts
    hours: PositiveFloat = 72.0
    #: articles, alerts, feeds and metrics need it (`?token=`, `Authorization: Bearer`); set it as WIREWATCH_FEEDS_TOKEN
    token: str = ""


class WebhookSettings(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="webhook"):
    """A webhook after the Standard Webhooks specification: POST of the alert as JSON, signed."""

    #: where to; or `url_env`, the variable that holds it (as where the URL is itself a secret)
    url: str = ""
    url_env: str = ""
    #: the variable that holds the signing secret, `whsec_` and base64; several with blanks between while one is replaced
    secret_env: str


class AppriseSettings(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="apprise"):
    """Mail, Slack, Teams, Telegram and what else Apprise knows."""

    #: the variable that holds the Apprise URL (it holds secrets), as in `mailtos://user:pass@host?to=desk@host`
    url_env: str


class AlertmanagerSettings(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="alertmanager"):
    """Alertmanager's API."""

    #: as in http://127.0.0.1:9093; or `url_env`, the variable that holds it (as where it has user and password)
    url: str = ""
    url_env: str = ""
    #: the variable that holds a bearer token, if one is needed
    token_env: str = ""
    #: how long an alert is active there, from its delivery
    active_minutes: PositiveFloat = 60.0


class FileSettings(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="file"):
    """JSON lines appended to a file."""

    path: str


ReceiverSettings = WebhookSettings | AppriseSettings | AlertmanagerSettings | FileSettings
RECEIVER_TYPES: dict[str, type[Struct]] = {
    "webhook": WebhookSettings,
    "apprise": AppriseSettings,
    "alertmanager": AlertmanagerSettings,
    "file": FileSettings,
}
RECEIVER_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")


class Settings(Struct, kw_only=True, forbid_unknown_fields=True):
    """All sections."""

    kafka: KafkaSettings = field(default_factory=KafkaSettings)
    worker: WorkerSettings = field(default_factory=WorkerSettings)
    clean: CleanSettings = field(default_factory=CleanSettings)
    dedup: DedupSettings = field(default_factory=DedupSettings)
    tag: TagSettings = field(default_factory=TagSettings)
    watch: WatchSettings = field(default_factory=WatchSettings)
    deliver: DeliverSettings = field(default_factory=DeliverSettings)
    feeds: FeedSettings = field(default_factory=FeedSettings)
    receivers: dict[str, ReceiverSettings] = field(default_factory=dict)


SECTIONS: dict[str, type[Struct]] = {
    "kafka": KafkaSettings,
    "worker": WorkerSettings,
    "clean": CleanSettings,
    "dedup": DedupSettings,
    "tag": TagSettings,
    "watch": WatchSettings,
    "deliver": DeliverSettings,
    "feeds": FeedSettings,
}
RECEIVERS = "receivers"


def load(
    path: Path | None, environ: Mapping[str, str] = os.environ, options: Mapping[str, Any] | None = None
) -> Settings:
    """Return the settings of a file (or `wirewatch.toml` here, if there is one), the environment and the options.

    `options` are keyed `section.name`. Raises `SettingsError`, which says where the mistake is and what is allowed.
    """
    data: dict[str, dict[str, Any]] = {}
    where: dict[tuple[str, str], str] = {}
    file = path or Path("wirewatch.toml")
    if path is not None or file.exists():
        data = _read_file(file, where)
    for variable, value in sorted(environ.items()):
        if variable.startswith(ENV_PREFIX):
            section, name = _split_variable(variable)
            data.setdefault(section, {})[name] = _parse(section, name, value)
            where[section, name] = variable
    for option, value in (options or {}).items():
        section, name = option.split(".", 1)
        data.setdefault(section, {})[name] = value
        where[section, name] = f"option for {option}"
    for section, values in data.items():
        if section == RECEIVERS:
            _check_receivers(values, where)
        else:
            _check(section, values, where)
    return msgspec.convert(data, Settings)


def _read_file(path: Path, where: dict[tuple[str, str], str]) -> dict[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        data: dict[str, Any] = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    for section, values in data.items():
        line = _line_of(text, section, None)
        if section not in SECTIONS and section != RECEIVERS:
            known = ", ".join((*SECTIONS, RECEIVERS))
            raise SettingsError(f"{path}:{line}: no section is called [{section}]; there are {known}")
        if not isinstance(values, dict):
            raise SettingsError(f"{path}:{line}: [{section}] is a section, not a value")
        for name, value in values.items():
            where[section, name] = f"{path}:{_line_of(text, section, name)}"
            if section == RECEIVERS and isinstance(value, dict):
                table = f"{section}.{name}"
                where[section, name] = f"{path}:{_line_of(text, table, None)}"
                where |= {(table, key): f"{path}:{_line_of(text, table, key)}" for key in value}
    return data


def _line_of(text: str, section: str, name: str | None) -> int:
    """Return the line of a section's heading or of a name in it: tomllib gives no positions."""
    current, heading = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.split("#", 1)[0].strip()
        if bare.startswith("[") and bare.endswith("]"):
            current = bare.strip("[] \"'")
            if current == section:
                heading = number
                if name is None:
                    return number
        elif (name is not None and current == section and bare.split("=", 1)[0].strip(" \"'") == name) or (
            name is None and bare.split("=", 1)[0].strip(" \"'").split(".")[0] == section
        ):
            return number
    return heading


def _split_variable(variable: str) -> tuple[str, str]:
    section, _, name = variable.removeprefix(ENV_PREFIX).lower().partition("_")
    if section == RECEIVERS:
        raise SettingsError(f"{variable}: receivers stand in the settings file, as [receivers.NAME]")
    if section not in SECTIONS:
        raise SettingsError(f"{variable}: no section is called {section}; there are {', '.join(SECTIONS)}")
    return section, name


def _parse(section: str, name: str, value: str) -> Any:
    """Return a variable's text as the type of its field wants it; the check comes later."""
    declared = {f.name: f.type for f in msgspec.structs.fields(SECTIONS[section])}.get(name)
    if declared == list[str]:
        return [part.strip() for part in value.split(",") if part.strip()]
    if declared is None:
        return value
    try:
        return msgspec.convert(value, declared, strict=False)
    except msgspec.ValidationError:
        # A number out of its bounds is told by its bounds, not as a text.
        for kind in (int, float):
            with suppress(msgspec.ValidationError):
                return msgspec.convert(value, kind, strict=False)
        return value


def allowed(declared: Any) -> str:
    """Return what may stand where only certain words may; nothing to add elsewhere."""
    words = get_args(declared) if get_origin(declared) is Literal else ()
    return f"; it is one of {', '.join(map(str, words))}" if words else ""


def _check(section: str, values: dict[str, Any], where: Mapping[tuple[str, str], str]) -> None:
    known = {f.name: f for f in msgspec.structs.fields(SECTIONS[section])}
    for name, value in values.items():
        place = where.get((section, name), section)
        if name not in known:
            raise SettingsError(f"{place}: [{section}] has no setting called {name}; it has {', '.join(known)}")
        try:
            msgspec.convert(value, known[name].type)
        except msgspec.ValidationError as error:
            possible = allowed(known[name].type)
            raise SettingsError(f"{place}: {section}.{name} = {value!r}: {error}{possible}") from error


def _check_receivers(tables: Mapping[str, Any], where: Mapping[tuple[str, str], str]) -> None:
    for receiver, table in tables.items():
        place = where.get((RECEIVERS, receiver), RECEIVERS)
        if not RECEIVER_NAME.fullmatch(receiver):
            raise SettingsError(
                f"{place}: receivers.{receiver}: names are lower-case letters, digits, `.`, `_` and `-`, up to 100"
            )
        if not isinstance(table, dict) or table.get("type") not in RECEIVER_TYPES:
            raise SettingsError(f"{place}: receivers.{receiver} needs a `type`, one of {', '.join(RECEIVER_TYPES)}")
        known = {f.name: f for f in msgspec.structs.fields(RECEIVER_TYPES[table["type"]])}
        for name, value in table.items():
            if name == "type":
                continue
            place = where.get((f"{RECEIVERS}.{receiver}", name), place)
            if name not in known:
                raise SettingsError(
                    f"{place}: a receiver of type {table['type']} has no setting called {name}; it has {', '.join(known)}"
                )
            try:
                msgspec.convert(value, known[name].type)
            except msgspec.ValidationError as error:
                possible = allowed(known[name].type)
                raise SettingsError(f"{place}: receivers.{receiver}.{name} = {value!r}: {error}{possible}") from error
        for name, declared in known.items():
            if declared.required and name not in table:
                raise SettingsError(f"{place}: receivers.{receiver} needs `{name}`")
