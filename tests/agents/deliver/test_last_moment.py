"""A worker that was frozen inside of an attempt: nothing of it leaves once the alert may be another's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents.deliver.receivers.base import Attempt, NotOurs, Receiver, last_moment
from agents.deliver.receivers.file import FileReceiver
from agents.deliver.settings import AppriseSettings
from streams.records import Alert
from tests.support.mailbox import Mailbox
from tests.support.receiving import Endpoint

Open = Callable[..., Receiver]
MakeAlert = Callable[..., Alert]
CHAT = AppriseSettings(url_env="CHAT")


@pytest.fixture
def ours() -> Iterator[list[bool]]:
    """Give the answers to whose the alert is, each time that it is asked."""
    answers: list[bool] = []
    token = last_moment.set(lambda: answers.pop(0))
    yield answers
    last_moment.reset(token)


async def test_nothing_is_appended(ours: list[bool], tmp_path: Path, alert: MakeAlert) -> None:
    """A file is asked for behind the wait for its thread, and for its disk."""
    receiver = FileReceiver("desk", tmp_path / "alerts.jsonl", 10.0)
    ours += [True, False]
    await receiver.send(alert(), 1)
    written = (tmp_path / "alerts.jsonl").read_bytes()
    with pytest.raises(NotOurs):
        await receiver.send(alert(), 2)
    assert (tmp_path / "alerts.jsonl").read_bytes() == written
    assert not ours


async def test_no_service_is_called(ours: list[bool], opened: Open, endpoint: Endpoint, alert: MakeAlert) -> None:
    """Apprise pauses between two messages: it is asked behind the pause too."""
    receiver = opened(CHAT, {"CHAT": f"json://127.0.0.1:{endpoint.port}/"})
    ours += [True, False]
    try:
        attempt: Attempt | None = await receiver.send(alert(), 1)
    except NotOurs:
        attempt = None
    assert attempt is None or not attempt.delivered
    assert endpoint.received == []
    assert not ours


async def test_no_mail_leaves(
    ours: list[bool], opened: Open, mail_url: str, mailbox: Mailbox, alert: MakeAlert
) -> None:
    """It is asked once more when the mail server stands ready."""
    ours += [True, True, False]
    with pytest.raises(NotOurs):
        await opened(CHAT, {"CHAT": f"{mail_url}?from=wirewatch@example.org&to=desk@example.org"}).send(alert(), 1)
    assert mailbox.mails == []
    assert not ours
