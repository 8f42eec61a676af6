"""Settings of the deliver step, and of receivers: a table each, `[receivers.NAME]`, in the settings file only.

Secrets stand in environment variables whose names the tables give.
"""

import re
from typing import get_args

from msgspec import Struct, field

from streams.network.addresses import Caller
from streams.settings import PositiveFloat, PositiveInt, Tables, TableSection

#: Webhooks, to addresses that are not public.
CALLER = Caller("webhooks", "deliver.allow_private")


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
    #: the address of the page, as in https://desk.example; mails and chats link to its stories, watches and digests
    page_url: str = ""
    #: hosts and networks that webhooks may reach although their addresses are private, loopback or link-local
    allow_private: list[str] = field(default_factory=list)


class WebhookSettings(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="webhook"):
    """A webhook after the Standard Webhooks specification: POST of the alert as JSON, signed."""

    #: where to; or `url_env`, the variable that holds it (as where the URL is itself a secret)
    url: str = ""
    #: the variable that holds the URL, in place of `url`
    url_env: str = ""
    #: the variable that holds the signing secret, `whsec_` and base64; several with blanks between while one is replaced
    secret_env: str


class AppriseSettings(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="apprise"):
    """Mail, Slack, Teams, Telegram and all other services of Apprise."""

    #: the variable that holds the Apprise URL (it holds secrets), as in `mailtos://user:pass@host?to=desk@host`
    url_env: str


class AlertmanagerSettings(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="alertmanager"):
    """Alertmanager's API."""

    #: as in http://127.0.0.1:9093; or `url_env`, the variable that holds it (as where it has user and password)
    url: str = ""
    #: the variable that holds the URL, in place of `url`
    url_env: str = ""
    #: the variable that holds a bearer token, if one is needed
    token_env: str = ""
    #: how long an alert is active there, from its delivery
    active_minutes: PositiveFloat = 60.0


class FileSettings(Struct, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="file"):
    """JSON lines appended to a file."""

    #: the file; it is made where there is none
    path: str


ReceiverSettings = WebhookSettings | AppriseSettings | AlertmanagerSettings | FileSettings
#: The same by their `type`.
RECEIVER_TYPES: dict[str, type[Struct]] = {str(kind.__struct_config__.tag): kind for kind in get_args(ReceiverSettings)}


class Receivers(TableSection[ReceiverSettings]):
    """The receivers by name."""

    section = "receivers"


SECTIONS = {
    "deliver": DeliverSettings,
    "receivers": Tables(
        Receivers,
        RECEIVER_TYPES,
        "receiver",
        re.compile(r"[a-z0-9][a-z0-9._-]{0,99}"),
        "names are lower-case letters, digits, `.`, `_` and `-`, up to 100",
    ),
}
