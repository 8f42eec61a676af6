"""The accounts of a laptop's folder."""

from datetime import UTC, datetime
from pathlib import Path

from streams.ids import article_id, fetch_id
from streams.journal.inbox import leaving
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
