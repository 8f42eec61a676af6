"""Dead letters that are put back after a fix, and articles that are run again, on a running worker."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import orjson
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.messages import message_of
from streams.kafka.reading import read_all
from streams.message import Message
from streams.records import Clean, Dead, Raw, encode
from streams.settings import Settings
from streams.topics import DEAD, DUPLICATES, RAW, TAGGED
from tests.support.flow import forked_worker_on, load, news, settled
from tests.support.forked import forked
from wirewatch.cli import main
from wirewatch.operating.audit import Account
from wirewatch.operating.replay import Selection, left_because, put_back_letters
from wirewatch.operating.replay_preview import Preview, compare

#: A bound on pages that the longer article of the test is over.
SMALL_BYTES = 4_000
NOW = datetime(2026, 5, 1, tzinfo=UTC)
LETTER = Dead(
    id="a", fetch_id="a:1", step="clean", reason="error", error="x", size_bytes=1, original="eA==", processed_at=NOW
)


async def messages(settings: Settings, topic: str) -> list[Message]:
    """Return the messages of a topic."""
    return [message_of(record) async for record in read_all(settings.kafka, [topic])]


async def command(*arguments: str) -> tuple[int, str]:
    """Run `wirewatch replay`, beside the event loop; return its exit code, and its output and errors."""
    done = await asyncio.to_thread(forked().call, ["replay", *arguments])
    return done.returncode, (done.stdout + done.stderr).decode()


def long_article() -> Raw:
    """Return an article that is over the small bound."""
    [article] = news(1, seed=99)
    return Raw(
        url="https://long.example/1",
        fetched_at=datetime(2026, 5, 1, tzinfo=UTC),
        content_type="text/html",
        content=article.content.replace("</article>", "<p>And so it went on for many weeks.</p>" * 200 + "</article>"),
    )


class Mended(NamedTuple):
    """A worker that runs after one whose bound on pages was too small, with the account and the dead letter of that one."""

    settings: Settings
    #: the account when it had settled
    before: Account
    letter: Message


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mended]:
    """A worker sets the longer article aside; another one with a larger bound runs in its place."""
    folder, settings = tmp_path_factory.mktemp("replay"), Settings()
    settings.kafka.partitions = 4
    settings.worker.fetch_wait_seconds = 0.1
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        with forked_worker_on(broker.bootstrap, folder / "small.log", clean_max_page_bytes=str(SMALL_BYTES)):
            asyncio.run(load(settings, [*news(12), long_article()]))
            before = asyncio.run(settled(settings, 60))
        [letter] = asyncio.run(messages(settings, DEAD.name))
        with forked_worker_on(broker.bootstrap, folder / "large.log"):
            yield Mended(settings, before, letter)


async def test_a_dead_letter_is_put_back_after_a_fix(mended: Mended) -> None:
    """A page that was too large is tagged once the bound is raised: with its id, marked as backfill, and the audit balances."""
    settings, before, letter = mended
    dry = await put_back_letters(settings, Selection(steps=frozenset({"clean"})), live=False, dry_run=True)
    other = await put_back_letters(settings, Selection(reasons=frozenset({"timeout"})), live=False, dry_run=True)

    code, said = await command("--bootstrap", settings.kafka.bootstrap, "--step", "clean", "--reason", "too_large")
    after = await settled(settings, 60)
    again = await put_back_letters(settings, Selection(), live=False, dry_run=False)

    assert before.final == Counter({TAGGED.name: 11, DUPLICATES.name: 1, DEAD.name: 1})
    assert (dry.put_back, other.put_back) == (1, 0)
    assert code == 0, said
    assert "put back" in said
    assert after.settled, after
    assert (after.final, after.replayed) == (Counter({TAGGED.name: 12, DUPLICATES.name: 1}), 1)
    [tagged] = [message for message in await messages(settings, TAGGED.name) if message.fetch_id == letter.fetch_id]
    assert orjson.loads(tagged.value)["backfill"] is True
    assert (again.put_back, again.left) == (0, Counter({"has arrived since": 1}))


async def test_articles_are_run_again_into_the_same_ids(mended: Mended) -> None:
    """A dry run shows the changes and writes nothing; the run writes the same ids again, and the audit balances."""
    settings, bootstrap = mended.settings, mended.settings.kafka.bootstrap
    before = await settled(settings, 60)
    raw = len(await messages(settings, RAW.name))
    ids = {message.fetch_id for message in await messages(settings, TAGGED.name)}
    dry_code, dry_said = await command("--bootstrap", bootstrap, "--from", "tag", "--dry-run")
    unwritten = len(await messages(settings, RAW.name))

    code, said = await command("--bootstrap", bootstrap, "--from", "clean", "--source", "paper0.example")
    end = time.monotonic() + 60
    while (await settled(settings, 30)).raw_messages == raw:
        assert time.monotonic() < end
    after = await settled(settings, 60)

    assert dry_code == 0, dry_said
    assert "nothing would change" in dry_said
    assert unwritten == raw
    assert code == 0, said
    assert after.settled, after
    assert after.final == before.final
    assert {message.fetch_id for message in await messages(settings, TAGGED.name)} == ids
    run_again = sum(article.url.startswith("https://paper0.") for article in news(12) if article.url)
    assert after.replayed - before.replayed == run_again > 0


def test_a_letter_that_stays_says_what_is_to_be_done() -> None:
    """An alert is no article: fetching anything again would not tell anybody of it."""
    alert = replace(LETTER, step="deliver", reason="undeliverable")
    assert "deliveries retry" in left_because(alert, set(), set())
    assert "fetch it again" in left_because(LETTER, set(), set())


def test_a_page_that_is_refused_again_ends_where_it_did() -> None:
    """A dry run compares with records of articles, of which it has none."""
    article = Clean(id="a", source="s", title="", text="", extractor="x", fetched_at=NOW)
    found = Preview()
    compare(found, "a:1", b"", encode(LETTER))
    assert found.changed == Counter()
    compare(found, "a:1", encode(article), encode(LETTER))
    assert found.changed == Counter({"where it ends": 1})


def test_choices_that_contradict_each_other_are_refused() -> None:
    """--step chooses dead letters, --from whole articles."""
    answer = CliRunner().invoke(main, ["replay", "--from", "tag", "--step", "clean"])
    unknown = CliRunner().invoke(main, ["replay", "--since", "yesterday"])

    assert answer.exit_code == 2
    assert "--source, --since or --until" in answer.stderr
    assert unknown.exit_code == 2
    assert "--since: a time as" in unknown.stderr
