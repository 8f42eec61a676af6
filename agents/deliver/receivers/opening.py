"""Receivers of the settings, opened and checked: a fault of one stops the start."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

from aiohttp.abc import AbstractResolver
from yarl import URL

from agents.deliver.markup import safe_url
from agents.deliver.receivers.alertmanager import PATH, Alertmanager
from agents.deliver.receivers.base import Receiver
from agents.deliver.receivers.file import FileReceiver
from agents.deliver.receivers.http import Posting
from agents.deliver.receivers.redaction import Redaction, parts_of
from agents.deliver.receivers.webhook import PREFIX, Webhook, signing_keys
from agents.deliver.settings import (
    CALLER,
    AlertmanagerSettings,
    AppriseSettings,
    DeliverSettings,
    FileSettings,
    Receivers,
    ReceiverSettings,
    WebhookSettings,
)
from streams.errors import MissingExtra, SettingsError
from streams.network.addresses import (
    Allowance,
    PublicResolver,
    SystemResolver,
    bare_host,
    literal,
    network,
    refusal,
    without_user,
)
from streams.settings import Settings
from streams.system.threads import Threads

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
    check_page(deliver)
    return {
        name: opened(receiver, Opening(name, deliver, environ, resolver))
        for name, receiver in settings[Receivers].items()
    }


@dataclass(frozen=True)
class Opening:
    """The receiver that is opened, by its name, and all that its settings may refer to."""

    name: str
    deliver: DeliverSettings
    environ: Mapping[str, str]
    resolver: AbstractResolver | None = None

    def variable(self, setting: str, called: str, hint: str) -> str:
        """Return the value of the variable that a setting names; it must not be empty."""
        if not called:
            raise SettingsError(f"receivers.{self.name} needs `{setting}`, the name of a variable; {hint}")
        if not VARIABLE.fullmatch(called) or called.startswith(PREFIX):
            # it may be the secret itself: an error that repeats it would be read by others
            raise SettingsError(
                f"receivers.{self.name}: `{setting}` is no name of a variable, as in DESK_{setting.upper()[:-4]}"
            )
        value = self.environ.get(called, "").strip()
        if not value:
            state = "is empty" if called in self.environ else "is not set"
            raise SettingsError(f"receivers.{self.name}: the variable {called} ({setting}) {state}; {hint}")
        return value

    def http_url(self, url: str, url_env: str) -> URL:
        """Return the receiver's URL, from its settings or its variable. It is in no error: it may hold a token."""
        if bool(url) == bool(url_env):
            raise SettingsError(
                f"receivers.{self.name} needs one of `url` and `url_env`, the variable that holds the URL"
            )
        text = url or self.variable("url_env", url_env, "set it to the receiver's URL")
        where = f"receivers.{self.name}: {'`url`' if url else f'the variable {url_env}'}"
        try:
            parsed = URL(text)
            host = parsed.host
        except ValueError:
            raise SettingsError(f"{where} is no URL") from None
        if parsed.scheme not in ("http", "https") or not host:
            raise SettingsError(f"{where} is no URL of the form https://host/path or http://host/path")
        if url and (parsed.user or parsed.password):
            raise SettingsError(
                f"receivers.{self.name}: url holds a user or a password; put it in a variable and name that in `url_env`"
            )
        return parsed


def opened(receiver: ReceiverSettings, opening: Opening) -> Receiver:
    """Return one receiver."""
    match receiver:
        case WebhookSettings():
            return webhook(receiver, opening)
        case AppriseSettings():
            return apprise_receiver(receiver, opening)
        case AlertmanagerSettings():
            return alertmanager(receiver, opening)
        case FileSettings():
            return file(receiver, opening)


def webhook(receiver: WebhookSettings, opening: Opening) -> Webhook:
    """Return a webhook."""
    name, deliver = opening.name, opening.deliver
    secret = opening.variable("secret_env", receiver.secret_env, f"a new secret: {NEW_SECRET}")
    try:
        keys = signing_keys(secret)
    except ValueError as error:
        raise SettingsError(f"receivers.{name}: {receiver.secret_env}: {error}; a new secret: {NEW_SECRET}") from None
    url = opening.http_url(receiver.url, receiver.url_env)
    where = receiver.url_env or "url"
    host = url.host or ""
    allowance = Allowance(deliver.allow_private, single=False)
    address = literal(host)
    private = allowance.allows_host(host) or (address is not None and allowance.allows_address(address))
    if address is not None and not private and (refused := refusal(host, address, CALLER)):
        raise SettingsError(f"receivers.{name}: {where}: {refused}")
    if address is not None and bare_host(host) != str(address):
        raise SettingsError(f"receivers.{name}: {where}: {host} is an address: write it as {address}")
    looked_up = opening.resolver or SystemResolver(Threads(f"resolve-{name}", 1))
    words = [form for word in secret.split() for form in (word, word.removeprefix(PREFIX))]
    posting = Posting(
        url=url,
        redaction=Redaction(*words, *parts_of(str(url), host=False)),
        timeout_seconds=deliver.timeout_seconds,
        parallel=deliver.parallel,
        resolver=looked_up if private else PublicResolver(looked_up, CALLER, allowance),
    )
    return Webhook(name, posting, keys, private=private)


def apprise_receiver(receiver: AppriseSettings, opening: Opening) -> Receiver:
    """Return a service of Apprise's."""
    name, deliver = opening.name, opening.deliver
    # only where there is one: to import it takes as long as all the rest of the package
    try:
        from agents.deliver.receivers.apprise import AppriseReceiver  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtra("notify", "apprise", f"receivers of the type apprise ({name})") from error

    hint = "set it to a URL as in https://github.com/caronc/apprise/wiki"
    url = opening.variable("url_env", receiver.url_env, hint)
    try:
        return AppriseReceiver(
            name,
            url,
            timeout_seconds=deliver.timeout_seconds,
            threads=deliver.parallel,
            page=deliver.page_url.rstrip("/"),
        )
    except ValueError as error:
        raise SettingsError(f"receivers.{name}: the variable {receiver.url_env}: {error}; {hint}") from None


def alertmanager(receiver: AlertmanagerSettings, opening: Opening) -> Alertmanager:
    """Return an Alertmanager. It is the operator's own and mostly in their own network: any address is right."""
    name, deliver = opening.name, opening.deliver
    url = opening.http_url(receiver.url, receiver.url_env)
    token = ""
    if receiver.token_env:
        token = opening.variable("token_env", receiver.token_env, "set it to the bearer token")
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


def file(receiver: FileSettings, opening: Opening) -> FileReceiver:
    """Return a file."""
    path = Path(receiver.path)
    if not receiver.path.strip() or path.is_dir():
        raise SettingsError(
            f"receivers.{opening.name}: path = {receiver.path!r} is no file: name one, as in alerts.jsonl"
        )
    return FileReceiver(opening.name, path, opening.deliver.timeout_seconds)


def check_allowed(deliver: DeliverSettings) -> None:
    """Refuse entries of `deliver.allow_private` that are no host and no network: they would be ignored silently."""
    for host in deliver.allow_private:
        known = literal(host) or network(host)
        if known is None and (not host.strip() or any(mark in host for mark in "/:@*? ")):
            raise SettingsError(
                f"deliver.allow_private: {host!r} is no host and no network; write it as in the webhook's URL, without"
                " scheme and port, or as in 10.1.0.0/16"
            )


def check_page(deliver: DeliverSettings) -> None:
    """Refuse a `deliver.page_url` that no message can link to; its path is the page's place behind a proxy."""
    url = deliver.page_url
    if without_user(url) != url:
        raise SettingsError("deliver.page_url: each message would show the user and password in it; leave them out")
    if url and (safe_url(url) != url or any(mark in url for mark in "?#")):
        raise SettingsError(f"deliver.page_url: {url!r} is no address of a page; write it as https://desk.example")
