"""Digests at their receivers: signed JSON, a mail of two parts, a message in a chat, and receivers that take none."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from standardwebhooks import Webhook

from agents.deliver.digests import facts_of, html, message, rss_item, subject
from agents.deliver.ledger import Ledger, LedgerEntry
from agents.deliver.notice import public_id
from agents.deliver.receivers.base import Attempt, Receiver
from agents.deliver.settings import AlertmanagerSettings, AppriseSettings, FileSettings, Receivers
from agents.deliver.step import MOST_RECEIVERS, DeliverSettler
from streams.errors import InvalidRecord
from streams.message import Message
from streams.records import Delivery, Digest, DigestLink, DigestSection, DigestStory, encode
from streams.settings import Settings
from streams.topics import DIGESTS, MIB
from tests.support.mailbox import Mailbox
from tests.support.receiving import SECRET, Endpoint

Open = Callable[..., Receiver]
QUERY = "?from=Wire<wirewatch@example.org>&to=desk@example.org,two@example.org&bcc=x@example.org"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def digest(**fields: object) -> Digest:
    """Return a digest of one story."""
    story = DigestStory(
        id="en-1",
        title="Ferry <runs> aground",
        sentence="Nobody was hurt & all were brought ashore.",
        language="en",
        articles=3,
        sources=2,
        first_seen_at=NOON - timedelta(hours=5),
        last_seen_at=NOON,
        places=["Norway"],
        links=[
            DigestLink(title="Ferry runs aground", source="a.example", url="https://a.example/1?x=1&y=2"),
            DigestLink(title="Trap", source="b.example", url="javascript:alert(1)"),
        ],
        why=["Norway"],
    )
    given: dict[str, object] = {
        "id": "north.coast:2026-03-02T12:00:00Z",
        "name": "north.coast",
        "title": "The North",
        "at": NOON,
        "since": NOON - timedelta(days=1),
        "sections": [DigestSection(name="new", stories=[story])],
        "receivers": ["desk"],
    }
    return Digest(**(given | fields))  # type: ignore[arg-type]


async def test_a_webhook_gets_it_signed_under_an_id_of_its_own(webhook: Open, endpoint: Endpoint) -> None:
    """The type says that it is a digest; the id, which a name with a point could not be, is the same each time."""
    receiver = webhook(endpoint.url())
    for attempt in (1, 2):
        assert (await receiver.send(digest(), attempt)).delivered
    first, second = endpoint.received
    body = Webhook(SECRET).verify(first.body, first.headers)
    assert (body["type"], body["timestamp"], body["data"]["id"]) == ("digest.due", "2026-03-02T12:00:00Z", digest().id)
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == public_id(digest())


async def test_a_mail_has_html_and_a_plain_part_with_links(opened: Open, mail_url: str, mailbox: Mailbox) -> None:
    """Both parts have title, sentence and https links; strangers' markup and other addresses are in neither."""
    for attempt in (1, 2):  # by two workers: the first died before it had recorded its own
        receiver = opened(AppriseSettings(url_env="MAIL"), {"MAIL": mail_url + QUERY})
        assert await receiver.send(digest(), attempt) == Attempt(delivered=True)

    (envelope, mail), (_, again) = mailbox.mails
    assert set(envelope.rcpt_tos) == {"desk@example.org", "two@example.org", "x@example.org"}
    assert (mail["subject"], mail["from"]) == ("The North: 1 story", "Wire <wirewatch@example.org>")
    assert "x@example.org" not in str(mail)
    assert mail["message-id"] == again["message-id"]
    assert mail.get_content_type() == "multipart/alternative"
    text, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and rich is not None
    assert "- a.example: https://a.example/1?x=1&y=2" in text.get_content()
    assert "Ferry <runs> aground" in text.get_content()
    assert 'href="https://a.example/1?x=1&amp;y=2"' in rich.get_content()
    assert "Ferry &lt;runs&gt; aground" in rich.get_content()
    for part in (text, rich):
        assert "javascript" not in part.get_content()


async def test_a_mail_that_is_refused_is_tried_again(opened: Open, mail_url: str, mailbox: Mailbox) -> None:
    """The server's no is a failed attempt, and its error holds no address."""
    mailbox.refuses = True
    attempt = await opened(AppriseSettings(url_env="MAIL"), {"MAIL": mail_url + QUERY}).send(digest(), 1)
    assert not attempt.delivered and not attempt.final
    assert attempt.error and "example.org" not in attempt.error


async def test_a_chat_gets_it_in_its_markup(opened: Open, endpoint: Endpoint) -> None:
    """A service that is no mail server has the same words."""
    environ = {"CHAT": f"json://127.0.0.1:{endpoint.port}/x?format=markdown"}
    assert (await opened(AppriseSettings(url_env="CHAT"), environ).send(digest(), 1)).delivered
    sent = json.loads(endpoint.received[0].body)
    assert (sent["title"], sent["type"]) == (subject(digest()), "info")
    assert "**Ferry \\<runs\\> aground**" in sent["message"]
    assert "[a.example](<https://a.example/1?x=1&y=2>)" in sent["message"]


async def test_a_file_gets_the_record_and_alertmanager_nothing(opened: Open, tmp_path: Path) -> None:
    """A digest is no alert: the attempt at Alertmanager is the last, and says why."""
    path = tmp_path / "digests.jsonl"
    assert (await opened(FileSettings(path=str(path))).send(digest(), 1)).delivered
    assert path.read_bytes() == encode(digest()) + b"\n"
    refused = await opened(AlertmanagerSettings(url="http://127.0.0.1:9")).send(digest(), 1)
    assert refused.final and "alerts alone" in (refused.error or "")


def test_the_ledger_enters_it_once_for_each_receiver() -> None:
    """The same moment again, made anew after a crash, is known; an unknown receiver is a dead delivery that names it."""
    settings = Settings(Receivers({"desk": FileSettings(path="x")}))
    settler = DeliverSettler(settings)
    now = datetime.now(UTC)
    made = digest(at=now, receivers=["desk", "nobody"])
    first = settler.settle(message_of(made), None)
    again = settler.settle(message_of(digest(at=now, sections=[], receivers=["desk", "nobody"])), None)
    assert [change.key for change in first.changes] == [f"{made.id}:desk", f"{made.id}:nobody"]
    (dead,) = [output.record for output in first.outputs if isinstance(output.record, Delivery)]
    assert (dead.kind, dead.watch, dead.outcome) == ("digest", "north.coast", "dead")
    assert again.changes == [] and again.outputs == []


def test_an_entry_of_a_digest_is_restored() -> None:
    """A digest that waits is still one after a takeover."""
    entry = LedgerEntry(
        alert_id=digest().id, receiver="desk", partition=0, state="waiting", changed=1.0, alert=encode(digest())
    )
    ledger = Ledger(3600.0)
    ledger.restore(entry.key, Ledger(3600.0).put(entry))
    assert ledger.get(digest().id, "desk") == entry


def test_renderings_say_what_was_left_out_and_when_there_is_nothing() -> None:
    """An empty digest that is sent says so in each form."""
    empty = digest(sections=[], left_out=2)
    for written in (html(empty), message(empty, "text"), message(empty, "markdown"), rss_item(empty)):
        assert "Nothing new in this time" in written
        assert "2 more stories are left out" in written
    assert subject(empty) == "The North: nothing new"
    assert "<link>" not in rss_item(empty)
    assert "<link>https://a.example/1?x=1&amp;y=2</link>" in rss_item(digest())


def test_a_digest_leads_to_the_page_where_there_is_one() -> None:
    """In each form; without `deliver.page_url` nothing is said of a page."""
    page = "https://desk.example/wire"
    text, chat, rich = message(digest(), "text", page), message(digest(), "markdown", page), html(digest(), page)
    assert all(f"{page}/?view=digests" in written for written in (text, chat, rich))
    assert "All digests on the page" in rich
    assert "view=digests" not in message(digest(), "text") + html(digest())


def message_of(made: Digest) -> Message:
    """Return a digest's message."""
    return Message(DIGESTS.name, 0, 0, made.name.encode(), encode(made), {}, 0.0)


def test_a_notice_for_too_many_receivers_is_refused() -> None:
    """A dead letter with all of it for each of them would be a thousand times as large as it."""
    settler = DeliverSettler(Settings())
    names = [f"r{number}" for number in range(MOST_RECEIVERS + 1)]
    with pytest.raises(InvalidRecord, match="501 receivers"):
        settler.settle(message_of(digest(receivers=names)), None)
    with pytest.raises(InvalidRecord, match="too much"):
        settler.settle(message_of(digest(receivers=names[:100], title="x" * MIB)), None)
    assert len(settler.settle(message_of(digest(receivers=names[1:])), None).changes) == MOST_RECEIVERS


@pytest.mark.parametrize(("hours", "said"), [(5, "since 02 Mar 07:00"), (24 * 365 * 3, "since 03 Mar 2023")])
def test_a_story_of_another_year_says_its_year(hours: int, said: str) -> None:
    """A day without a year is one of the year in which the story last grew."""
    (section,) = digest().sections
    (story,) = section.stories
    assert said in facts_of(msgspec.structs.replace(story, first_seen_at=NOON - timedelta(hours=hours)), "UTC")
