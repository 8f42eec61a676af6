"""Receivers of the settings, opened and checked: a fault of one stops the start."""

import re
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

from aiohttp.abc import AbstractResolver
from yarl import URL

from agents.deliver.receivers.alertmanager import PATH, Alertmanager
from agents.deliver.receivers.base import Receiver
from agents.deliver.receivers.file import JsonLines
from agents.deliver.receivers.http import Posting
from agents.deliver.receivers.redaction import Redaction, parts_of
from agents.deliver.receivers.webhook import PREFIX, Webhook, signing_keys
from agents.deliver.settings import (
    AlertmanagerSettings,
    AppriseSettings,
    DeliverSettings,
    FileSettings,
    Receivers,
    ReceiverSettings,
    WebhookSettings,
)
from streams.addresses import PublicResolver, SystemResolver, allowed, bare_host, literal, refusal
from streams.errors import MissingExtra, SettingsError
from streams.settings import Settings
from streams.threads import Threads

#: Names of environment variables.
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")

NEW_SECRET = f'echo "{PREFIX}$(openssl rand -base64 32)"'


def open_receivers(
    settings: Settings, environ: Mapping[str, str], resolver: AbstractResolver | None = None
) -> dict[str, Receiver]:
    """Return the receivers of the settings by name; called where an event loop runs.

    `environ` holds their secrets. `resolver` is where webhooks' names are looked up: the system's, as it is. Raises
    `SettingsError`, which names the receiver, the setting or variable and what to do. Nothing is connected to yet.
    """
    deliver = settings[DeliverSettings]
    check_allowed(deliver)
    return {name: opened(name, receiver, deliver, environ, resolver) for name, receiver in settings[Receivers].items()}


def opened(
    name: str,
    receiver: ReceiverSettings,
    deliver: DeliverSettings,
    environ: Mapping[str, str],
    resolver: AbstractResolver | None,
) -> Receiver:
    """Return one receiver."""
    match receiver:
        case WebhookSettings():
            return webhook(name, receiver, deliver, environ, resolver)
        case AppriseSettings():
            return service(name, receiver, deliver, environ)
        case AlertmanagerSettings():
            return alertmanager(name, receiver, deliver, environ)
        case FileSettings():
            return file(name, receiver, deliver)


def webhook(
    name: str,
    receiver: WebhookSettings,
    deliver: DeliverSettings,
    environ: Mapping[str, str],
    resolver: AbstractResolver | None,
) -> Webhook:
    """Return a webhook."""
    secret = variable(name, "secret_env", receiver.secret_env, environ, f"a new secret: {NEW_SECRET}")
    try:
        keys = signing_keys(secret)
    except ValueError as error:
        raise SettingsError(f"receivers.{name}: {receiver.secret_env}: {error}; a new secret: {NEW_SECRET}") from None
    url = http_url(name, receiver.url, receiver.url_env, environ)
    where = receiver.url_env or "url"
    host = url.host or ""
    private = allowed(host, deliver.allow_private)
    address = literal(host)
    if address is not None and not private and (refused := refusal(host, address)):
        raise SettingsError(f"receivers.{name}: {where}: {refused}")
    if address is not None and bare_host(host) != str(address):
        raise SettingsError(f"receivers.{name}: {where}: {host} is an address: write it as {address}")
    looked_up = resolver or SystemResolver(Threads(f"resolve-{name}", 1))
    words = [form for word in secret.split() for form in (word, word.removeprefix(PREFIX))]
    posting = Posting(
        url=url,
        redaction=Redaction(*words, *parts_of(str(url), host=False)),
        timeout_seconds=deliver.timeout_seconds,
        parallel=deliver.parallel,
        resolver=looked_up if private else PublicResolver(looked_up),
    )
    return Webhook(name, posting, keys, private=private)


def service(name: str, receiver: AppriseSettings, deliver: DeliverSettings, environ: Mapping[str, str]) -> Receiver:
    """Return a service of Apprise's."""
    # only where there is one: to import it takes as long as all the rest of the package
    try:
        from agents.deliver.receivers.apprise import Service  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtra("notify", "apprise", f"receivers of the type apprise ({name})") from error

    hint = "set it to a URL as in https://github.com/caronc/apprise/wiki"
    url = variable(name, "url_env", receiver.url_env, environ, hint)
    try:
        return Service(name, url, timeout_seconds=deliver.timeout_seconds, threads=deliver.parallel)
    except ValueError as error:
        raise SettingsError(f"receivers.{name}: the variable {receiver.url_env}: {error}; {hint}") from None


def alertmanager(
    name: str, receiver: AlertmanagerSettings, deliver: DeliverSettings, environ: Mapping[str, str]
) -> Alertmanager:
    """Return an Alertmanager. It is the operator's own and mostly in their own network: any address is right."""
    url = http_url(name, receiver.url, receiver.url_env, environ)
    token = ""
    if receiver.token_env:
        token = variable(name, "token_env", receiver.token_env, environ, "set it to the bearer token")
    if token and url.user:
        raise SettingsError(f"receivers.{name}: one of `token_env` and a user in the URL, not both")
    posting = Posting(
        url=url.with_query(None).with_fragment(None) / PATH,
        redaction=Redaction(token, *parts_of(str(url), host=False)),
        timeout_seconds=deliver.timeout_seconds,
        parallel=deliver.parallel,
        resolver=SystemResolver(Threads(f"resolve-{name}", 1)),
        final=frozenset({HTTPStatus.BAD_REQUEST}),
    )
    return Alertmanager(name, posting, token=token, active=timedelta(minutes=receiver.active_minutes))


def file(name: str, receiver: FileSettings, deliver: DeliverSettings) -> JsonLines:
    """Return a file."""
    path = Path(receiver.path)
    if not receiver.path.strip() or path.is_dir():
        raise SettingsError(f"receivers.{name}: path = {receiver.path!r} is no file: name one, as in alerts.jsonl")
    return JsonLines(name, path, deliver.timeout_seconds)


def variable(name: str, setting: str, called: str, environ: Mapping[str, str], hint: str) -> str:
    """Return the value of the variable that a setting names; it must not be empty."""
    if not called:
        raise SettingsError(f"receivers.{name} needs `{setting}`, the name of a variable; {hint}")
    if not VARIABLE.fullmatch(called) or called.startswith(PREFIX):
        # it may be the secret itself: an error that repeats it would be read by others
        raise SettingsError(
            f"receivers.{name}: `{setting}` is no name of a variable, as in DESK_{setting.upper()[:-4]}"
        )
    value = environ.get(called, "").strip()
    if not value:
        state = "is empty" if called in environ else "is not set"
        raise SettingsError(f"receivers.{name}: the variable {called} ({setting}) {state}; {hint}")
    return value


def http_url(name: str, url: str, url_env: str, environ: Mapping[str, str]) -> URL:
    """Return the URL of a receiver, from its settings or its variable. It is in no error: it may hold a token."""
    if bool(url) == bool(url_env):
        raise SettingsError(f"receivers.{name} needs one of `url` and `url_env`, the variable that holds the URL")
    text = url or variable(name, "url_env", url_env, environ, "set it to the receiver's URL")
    where = f"receivers.{name}: {'`url`' if url else f'the variable {url_env}'}"
    try:
        parsed = URL(text)
        host = parsed.host
    except ValueError:
        raise SettingsError(f"{where} is no URL") from None
    if parsed.scheme not in ("http", "https") or not host:
        raise SettingsError(f"{where} is no URL of the form https://host/path or http://host/path")
    if url and (parsed.user or parsed.password):
        raise SettingsError(
            f"receivers.{name}: url holds a user or a password; put it in a variable and name that in `url_env`"
        )
    return parsed


def check_allowed(deliver: DeliverSettings) -> None:
    """Refuse entries of `deliver.allow_private` that are no host: they would be ignored silently."""
    for host in deliver.allow_private:
        address = literal(host)
        if address is None and (not host.strip() or any(mark in host for mark in "/:@*? ")):
            raise SettingsError(
                f"deliver.allow_private: {host!r} is no host; write it as in the webhook's URL, without scheme and port"
            )
