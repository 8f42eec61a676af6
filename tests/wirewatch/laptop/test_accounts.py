"""The accounts of a laptop's folder."""

from datetime import UTC, datetime
from pathlib import Path

from streams.ids import article_id, fetch_id
from streams.journal.inbox import leaving
from streams.journal.store import JournalEntry, Store, pack
from streams.records import Raw, encode
from streams.topics import RAW
from wirewatch.laptop.accounts import audit_journal
from wirewatch.steps import STEPS


async def test_news_left_while_nothing_ran_is_on_its_way(tmp_path: Path) -> None:
    """Raw messages that wait in the inbox are in the accounts: an audit before the next start does not say that none came."""
    for number in range(2):
        raw = Raw(
            url=f"https://a.example/{number}",
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
            content_type="text/plain",
            content="x",
        )
        async with leaving(tmp_path) as inbox:
            name = article_id(raw.url, raw.source, raw.title, raw.content)
            headers = [("ce_id", fetch_id(name, raw.fetched_at).encode())]
            await inbox.send(RAW.name, encode(raw), name.encode(), headers=headers)

    account = await audit_journal(tmp_path, STEPS)

    assert (account.raw_messages, account.fetches) == (2, 2)
    assert account.on_their_way == {RAW.name: 2}
    assert account.balanced and not account.settled


async def test_news_that_is_let_in_at_this_moment_counts_once(tmp_path: Path) -> None:
    """A message is journaled before it is taken out of the inbox: in between it is on both, and was not delivered again."""
    raw = Raw(
        url="https://a.example/", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), content_type="text/plain", content="x"
    )
    name = article_id(raw.url, raw.source, raw.title, raw.content)
    event, value = fetch_id(name, raw.fetched_at), encode(raw)
    async with leaving(tmp_path) as inbox:
        await inbox.send(RAW.name, value, name.encode(), headers=[("ce_id", event.encode())])
    store = Store(tmp_path)
    store.write([JournalEntry(RAW.name, event, name.encode(), pack(value), [], 0, waiting=True)], [], [])
    store.close()

    account = await audit_journal(tmp_path, STEPS)

    assert (account.raw_messages, account.fetches, account.redelivered) == (1, 1, 0)
    assert account.on_their_way == {RAW.name: 1}
