"""A test message to a receiver: one attempt, with an alert that says that it is a test."""

from collections.abc import Mapping
from datetime import UTC, datetime

from agents.deliver.alerts import TEST_WATCH
from agents.deliver.receivers.base import Attempt
from agents.deliver.receivers.opening import Opening, opened
from agents.deliver.settings import DeliverSettings, Receivers
from streams.errors import SettingsError
from streams.ids import digest
from streams.records import Alert, AlertArticle
from streams.settings import Settings
from streams.text.names import those


def message(receiver: str, now: datetime) -> Alert:
    """Return the alert of a test; each has an id of its own, so that no receiver takes it for one that it has."""
    identifier = digest(f"test {receiver} {now.isoformat()}")
    article = AlertArticle(
        id=identifier,
        title="Test message from wirewatch",
        source="wirewatch",
        fetched_at=now,
        language="en",
        snippet=f"The receiver {receiver} can be reached. No article is behind this message.",
    )
    return Alert(
        id=identifier,
        watch=TEST_WATCH,
        severity="info",
        receivers=[receiver],
        article=article,
        raised_at=now,
        fetched_to_raised_s=0.0,
    )


async def send_test(settings: Settings, name: str, environ: Mapping[str, str]) -> Attempt:
    """Make one attempt at a receiver of the settings. Raises `SettingsError` for one that there is not, or a wrong one."""
    known = settings[Receivers]
    if name not in known:
        raise SettingsError(f"no receiver is called {name!r} in the settings{those(name, sorted(known))}")
    receiver = opened(known[name], Opening(name, settings[DeliverSettings], environ))
    try:
        return await receiver.send(message(name, datetime.now(UTC)), 1)
    finally:
        await receiver.close()
