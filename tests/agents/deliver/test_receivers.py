"""Opening receivers: a fault stops the start and names receiver, variable and a way out, never the secret."""

import base64
from collections.abc import Callable

import pytest

from agents.deliver.receivers.base import Receiver
from agents.deliver.receivers.opening import open_receivers
from agents.deliver.settings import (
    AlertmanagerSettings,
    AppriseSettings,
    DeliverSettings,
    FileSettings,
    Receivers,
    ReceiverSettings,
    WebhookSettings,
)
from streams.errors import SettingsError
from streams.settings import Settings
from tests.support.receiving import OLDER_SECRET, SECRET

Open = Callable[..., Receiver]

HOOK = "https://hooks.example.org/in"


def secret_of(size: int) -> str:
    """Return a secret of so many bytes."""
    return "whsec_" + base64.b64encode(b"k" * size).decode()


WRONG: list[tuple[ReceiverSettings, dict[str, str], list[str]]] = [
    (WebhookSettings(url=HOOK, secret_env=""), {}, ["secret_env"]),
    (WebhookSettings(url=HOOK, secret_env="KEY"), {}, ["KEY", "not set", "openssl"]),
    (WebhookSettings(url=HOOK, secret_env="KEY"), {"KEY": "  "}, ["KEY", "empty"]),
    (WebhookSettings(url=HOOK, secret_env="KEY"), {"KEY": "hunter22hunter22"}, ["KEY", "does not begin with whsec_"]),
    (WebhookSettings(url=HOOK, secret_env="KEY"), {"KEY": "whsec_hunter22!"}, ["KEY", "base64"]),
    (WebhookSettings(url=HOOK, secret_env="KEY"), {"KEY": "whsec_hunter22"}, ["KEY", "6 bytes", "24 to 64"]),
    (WebhookSettings(url=HOOK, secret_env="KEY"), {"KEY": secret_of(65)}, ["KEY", "65 bytes"]),
    (WebhookSettings(url=HOOK, secret_env="KEY"), {"KEY": f"{SECRET} hunter22"}, ["KEY", "secret 2 of 2"]),
    (WebhookSettings(secret_env="KEY"), {"KEY": SECRET}, ["`url`", "`url_env`"]),
    (WebhookSettings(url=HOOK, url_env="URL", secret_env="KEY"), {"KEY": SECRET}, ["one of `url` and `url_env`"]),
    (WebhookSettings(url_env="URL", secret_env="KEY"), {"KEY": SECRET}, ["URL", "not set"]),
    (WebhookSettings(url_env="URL", secret_env="KEY"), {"KEY": SECRET, "URL": "hunter22"}, ["URL", "https://host"]),
    (WebhookSettings(url="ftp://x/hunter22", secret_env="KEY"), {"KEY": SECRET}, ["`url`", "https://host"]),
    (WebhookSettings(url="https:///hunter22", secret_env="KEY"), {"KEY": SECRET}, ["`url`", "https://host"]),
    (WebhookSettings(url="https://x:hunter22/", secret_env="KEY"), {"KEY": SECRET}, ["`url`", "no URL"]),
    (WebhookSettings(url="https://a:hunter22@x/", secret_env="KEY"), {"KEY": SECRET}, ["password", "`url_env`"]),
    (AppriseSettings(url_env="CHAT"), {}, ["CHAT", "not set", "wiki"]),
    (AppriseSettings(url_env="CHAT"), {"CHAT": "hunter22"}, ["CHAT", "Apprise knows"]),
    (AppriseSettings(url_env="CHAT"), {"CHAT": "pigeon://hunter22"}, ["CHAT", "Apprise knows"]),
    (AppriseSettings(url_env="CHAT"), {"CHAT": "slack://hunter22"}, ["CHAT", "Slack"]),
    (AppriseSettings(url_env="CHAT"), {"CHAT": "json://hunter22/,json://b/"}, ["CHAT", "more than one"]),
    (AlertmanagerSettings(), {}, ["`url`", "`url_env`"]),
    (AlertmanagerSettings(url="127.0.0.1:9093"), {}, ["`url`", "http://host"]),
    (AlertmanagerSettings(url="http://am", token_env="TOKEN"), {}, ["TOKEN", "not set"]),
    (AlertmanagerSettings(url_env="AM", token_env="T"), {"AM": "http://u:hunter22@am", "T": "x"}, ["not both"]),
    (FileSettings(path=""), {}, ["path"]),
    (WebhookSettings(url=HOOK, secret_env="whsec_hunter22"), {}, ["`secret_env`", "as in DESK_SECRET"]),
    (
        WebhookSettings(
            url=HOOK, secret_env="hunter22hunter22hunter22hunter22hunter22hunter22hunter22hunter22hunter22"
        ),
        {},
        ["no name"],
    ),
    (AppriseSettings(url_env="slack://hunter22/a/b"), {}, ["`url_env`", "as in DESK_URL"]),
]


@pytest.mark.parametrize(("receiver", "environ", "said"), WRONG, ids=lambda each: "")
async def test_a_wrong_receiver_stops_the_start(
    receiver: ReceiverSettings, environ: dict[str, str], said: list[str]
) -> None:
    """The error names the receiver and a way out, and never the variable's value."""
    with pytest.raises(SettingsError) as caught:
        open_receivers(Settings(Receivers({"desk": receiver})), environ)

    message = str(caught.value)
    assert message.startswith("receivers.desk")
    for words in said:
        assert words in message
    assert "hunter22" not in message and secret_of(65) not in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "host", ["http://hooks.lan", "hooks.lan:8080", "10.0.0.0/33", "hooks.lan/8", "*.lan", "", "a b", "u@hooks.lan"]
)
async def test_what_is_no_host_and_no_network_is_refused_in_the_allowance(host: str) -> None:
    """An entry that no URL's host can equal, and that is no network, would be ignored."""
    settings = Settings()
    settings[DeliverSettings].allow_private = [host]

    with pytest.raises(SettingsError, match="allow_private"):
        open_receivers(settings, {})


async def test_no_message_shows_the_password_of_the_page(settings: Settings) -> None:
    """Nor does the error: it stands in the log."""
    settings[DeliverSettings].page_url = f"https://desk:{SECRET}@desk.example"
    with pytest.raises(
        SettingsError, match=r"page_url: each message would show the user and password in it"
    ) as refused:
        open_receivers(settings, {})
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("url", ["desk.example", "https://desk.example/?token=x", "javascript:alert(1)"])
async def test_an_address_to_which_nothing_can_lead_is_refused(settings: Settings, url: str) -> None:
    """Messages put their own words behind it."""
    settings[DeliverSettings].page_url = url
    with pytest.raises(SettingsError, match="page_url"):
        open_receivers(settings, {})


@pytest.mark.parametrize("secret", [secret_of(24), secret_of(64), f" {SECRET}\n{OLDER_SECRET} "])
async def test_secrets_of_the_specifications_size_are_taken(opened: Open, secret: str) -> None:
    """24 to 64 bytes, and any blanks around and between."""
    assert opened(WebhookSettings(url=HOOK, secret_env="KEY"), {"KEY": secret}).kind == "webhook"


async def test_each_receiver_has_its_name_and_kind() -> None:
    """Receivers come under their names, each of its kind."""
    receivers = open_receivers(
        Settings(
            Receivers(
                {
                    "a": WebhookSettings(url=HOOK, secret_env="KEY"),
                    "b": AppriseSettings(url_env="CHAT"),
                    "c": AlertmanagerSettings(url_env="AM"),
                    "d": FileSettings(path="alerts.jsonl"),
                }
            )
        ),
        {"KEY": SECRET, "CHAT": "json://127.0.0.1/x", "AM": "https://user:pass@am.example.org/"},
    )

    found = {name: (receiver.name, receiver.kind) for name, receiver in receivers.items()}
    assert found == {"a": ("a", "webhook"), "b": ("b", "apprise"), "c": ("c", "alertmanager"), "d": ("d", "file")}
    for receiver in receivers.values():
        await receiver.close()
