"""The whole flow on the embedded broker: the demo's sample, through every step, to every topic."""

import re
import subprocess
import time
from collections import Counter
from typing import Any

import msgspec
import orjson
import pytest

from streams.kafka.reading import read_all
from streams.message import Message
from streams.records import RECORDS, Alert, Delivery, Raw, Story, Tagged, decode, from_dict
from streams.settings import Settings
from streams.topics import (
    ALERTS,
    DEAD,
    DELIVERIES,
    DIGESTS,
    DUPLICATES,
    HEALTH,
    PUBLIC,
    SOURCES,
    STORIES,
    TAGGED,
    TRENDS,
    WATCHES,
)
from tests.support.flow import Demo
from tests.support.forked import forked
from wirewatch.demo.publisher import NAMES
from wirewatch.http.status import StatusAnswer
from wirewatch.http.worker_answers import FeedList
from wirewatch.operating.audit import audit
from wirewatch.sample import expected, watches_folder
from wirewatch.steps import STEPS

#: The fields that hold a message's event id and its key, where they are not `fetch_id` and `id`.
EVENT_IDS = {
    ALERTS.name: "id",
    DELIVERIES.name: "id",
    WATCHES.name: "name",
    STORIES.name: "event_id",
    TRENDS.name: "id",
    DIGESTS.name: "id",
    SOURCES.name: "name",
    HEALTH.name: "id",
}
KEYS = {
    DUPLICATES.name: "duplicate_of",
    DELIVERIES.name: "alert_id",
    WATCHES.name: "name",
    DIGESTS.name: "name",
    SOURCES.name: "name",
    HEALTH.name: "source",
}
#: Titles with a watch's word in another sense.
TRAPS = ("Lightning", "bowls", "Political", "bandstand")


@pytest.fixture
def on_demo(settings: Settings, demo: Demo) -> Settings:
    """Settings that lead to the demo's broker."""
    settings.kafka.bootstrap = demo.bootstrap
    return settings


def wirewatch(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line."""
    return forked().call(arguments)


async def test_accounts_balance(on_demo: Settings) -> None:
    """Every raw message ends in exactly one place, and every refused page left a trace."""
    account = await audit(on_demo, STEPS)
    assert account.settled, account
    assert account.fetches > 120
    assert sum(account.final.values()) == account.fetches
    assert account.refused_on_entry == 2


async def test_each_entry_of_the_own_publisher_ends_as_one_raw_message(on_demo: Settings) -> None:
    """The feed, the sitemap, the feed behind a 429 and the moved one bring all their articles; the silent one none."""
    entries = (await audit(on_demo, STEPS)).entries
    assert (entries.entries, entries.raw, entries.waiting, entries.missing, entries.double) == (10, 10, 0, [], [])
    found = Counter([decode(m.value or b"", Tagged).source async for m in read_all(on_demo.kafka, [TAGGED.name])])
    assert {name: found[name] for name in NAMES} == {
        "gazette": 6,
        "newsmap": 2,
        "courier": 1,
        "harbour": 1,
        "lighthouse": 0,
    }


def test_the_sources_are_shown(demo: Demo) -> None:
    """The summary and the page's data say which source is quiet, and how often a feed was unchanged."""
    rows: dict[str, Any] = {}
    end = time.monotonic() + 120  # a feed is unchanged at the poll after its last article
    while not (rows and rows["gazette"]["not_modified"]) and time.monotonic() < end:
        rows = {row["name"]: row for row in orjson.loads(demo.get("/status.json"))["sources"]["rows"]}
        time.sleep(0.2)
    assert set(rows) == set(NAMES)
    assert rows["lighthouse"]["state"] == "quiet"
    assert rows["gazette"]["not_modified"] > 0
    assert any(line.split() == ["source", "state", "polls", "304", "new", "next"] for line in demo.lines)
    assert any(line.startswith("lighthouse") and "quiet" in line for line in demo.lines)
    assert any(line.startswith("4 articles came out while it ran") for line in demo.lines)


async def test_each_line_ends_where_it_should(on_demo: Settings) -> None:
    """Articles are tagged, copies lead to their originals, broken pages are dead letters with their reason."""
    ended: dict[tuple[Any, str], list[dict[str, Any]]] = {}
    ids = {}
    async for message in read_all(on_demo.kafka, [TAGGED.name, DUPLICATES.name, DEAD.name]):
        record = orjson.loads(message.value or b"")
        place = message.topic.removeprefix("news.").removesuffix("s")
        ended.setdefault((record["url"], place), []).append(record)
        ids[record["url"]] = record["id"]
    wrong = []
    for line in expected().values():
        if line.url is None or "invalid_encoding" in line.reasons:  # a dead letter then cannot say its URL
            continue
        records = ended.get((line.url, line.outcome), [])
        fits = [
            r
            for r in records
            if (not line.kinds or r["kind"] in line.kinds)
            and (not line.reasons or r["reason"] in line.reasons)
            and (line.original_url is None or r["duplicate_of"] == ids.get(line.original_url))
            and (line.outcome != "tagged" or r["revision"] == line.revision)
        ]
        if not fits:
            wrong.append((line.name, line.outcome, [place for url, place in ended if url == line.url]))
    assert not wrong


async def test_messages_follow_the_contract(on_demo: Settings) -> None:
    """Every record fits its type, and every message carries the CloudEvents headers, on tagged those to route by too."""
    seen: Counter[str] = Counter()
    async for message in read_all(on_demo.kafka, [topic.name for topic in PUBLIC]):
        if message.topic == "news.raw":
            continue
        record = orjson.loads(message.value or b"")
        from_dict(record, RECORDS[record["schema"]])
        headers = dict(message.headers)
        if headers.get("ce_source") != b"/wirewatch/ingest":
            assert {"ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type"} <= set(headers)
            assert headers["ce_type"].decode() == f"wirewatch.{message.topic.removeprefix('news.')}.v1"
        assert headers["ce_id"].decode() == record[EVENT_IDS.get(message.topic, "fetch_id")]
        if message.topic != TRENDS.name:  # its key has parts, see tests/agents/trends
            assert (message.key or b"").decode() == record[KEYS.get(message.topic, "id")]
        if message.topic in (TAGGED.name, ALERTS.name):
            assert {"regions", "topics", "language"} <= set(headers)
        seen[message.topic] += 1
    assert set(seen) == {topic.name for topic in PUBLIC} - {"news.raw"}


async def test_each_watch_of_the_sample_fires_and_tells_its_receiver_once(on_demo: Settings) -> None:
    """All five watches fire; each alert has one delivery; the words that made it are in title or text."""
    tagged: dict[str, Tagged] = {}
    async for message in read_all(on_demo.kafka, [TAGGED.name]):
        article = decode(message.value or b"", Tagged)
        tagged[article.fetch_id] = article
    alerts: dict[str, Alert] = {}
    async for message in read_all(on_demo.kafka, [ALERTS.name]):
        alert = decode(message.value or b"", Alert)
        alerts[alert.id] = alert
        article = tagged[alert.article.fetch_id]
        assert alert.spans
        for span in alert.spans:
            assert getattr(article, span.field)[span.start : span.end].strip()
        assert article.text[alert.article.snippet_start :].startswith(alert.article.snippet)
    deliveries = [decode(m.value or b"", Delivery) async for m in read_all(on_demo.kafka, [DELIVERIES.name])]
    delivered = Counter(one.alert_id for one in deliveries if one.kind == "alert")
    assert {alert.watch for alert in alerts.values()} == {path.stem for path in watches_folder().glob("*.toml")}
    assert delivered == Counter(list(alerts))
    assert not [a.article.title for a in alerts.values() if any(trap in a.article.title for trap in TRAPS)]


async def test_evidence_points_at_words(on_demo: Settings) -> None:
    """Evidence spans lie within title and text and are not empty."""
    spans = 0
    async for message in read_all(on_demo.kafka, [TAGGED.name]):
        record = orjson.loads(message.value or b"")
        for tag in [*record["regions"], *record["topics"]]:
            for evidence in tag["evidence"]:
                words = record[evidence["field"]][evidence["start"] : evidence["end"]]
                assert words.strip(), (record["url"], evidence)
                spans += 1
    assert spans > 100


def test_the_summary_says_when_the_first_article_came(demo: Demo) -> None:
    """The summary names the seconds from the start to the first tagged article."""
    said = next(line for line in demo.lines if line.startswith("first tagged article"))
    assert float(said.split()[3]) > 0


def test_page_and_health_answer(demo: Demo) -> None:
    """The page, its data, health and metrics are served."""
    assert b"<title>wirewatch</title>" in demo.get("/")
    body = demo.get("/status.json")
    status = orjson.loads(body)
    assert len(status["articles"]) > 80
    assert status["sources"]["rows"] and status["deliveries"]
    msgspec.json.decode(body, type=StatusAnswer)  # raises where something is not as the OpenAPI document says
    msgspec.json.decode(demo.get("/watches"), type=FeedList)
    assert {step["step"] for step in status["steps"]} == set(STEPS)
    assert orjson.loads(demo.get("/health/ready"))["ready"] is True
    assert orjson.loads(demo.get("/health/live"))["live"] is True


async def test_stories_of_the_sample_hold_together_and_apart(on_demo: Settings) -> None:
    """One is told in three languages, one was corrected, and two accidents or strikes that look alike are two."""
    stories: dict[str, Story] = {}
    of: dict[str, str] = {}
    async for message in read_all(on_demo.kafka, [STORIES.name]):
        story = decode(message.value or b"", Story)
        stories[story.id] = story
        if story.article is not None:
            of[story.article.title] = story.id
    aground = {of[title] for title in of if "Astra Lindholm" in title or "aground off Tarifa" in title}
    assert sorted(stories[each].languages[0] for each in aground) == ["de", "en", "es"]
    for each in aground:
        assert {*stories[each].related, each} == aground
    assert sum(stories[each].sources for each in aground) >= 5
    (leuven,) = {of[title] for title in of if "Leuven brewing school" in title}
    told = [stories[leuven].title, *(one.title for one in stories[leuven].headlines)]
    assert not any(title.startswith("Fourteen") for title in told)
    assert len({of[title] for title in of if "bus falls into ravine" in title}) == 2
    assert len({of[title] for title in of if title.startswith(("Port strike enters", "Montreal longshore"))}) == 2


def test_the_day_is_in_the_terminal_and_on_the_page(demo: Demo) -> None:
    """The summary names the story, the trend and the digest; the page has all of them."""
    said = "".join(demo.lines)
    assert ", also in de, es  Cargo ship Astra Lindholm runs aground" in said
    assert re.search(r"Spain: disaster, accident .* articles of \d sources in 3\.5 h", said)
    assert "The day in the sample: 6 stories" in said
    trends = orjson.loads(demo.get("/api/v1/trends"))["trends"]
    assert "ES" in {trend["key"].get("country") for trend in trends}
    assert any("Astra Lindholm" in story["title"] for trend in trends for story in trend["stories"])
    (digest,) = orjson.loads(demo.get("/api/v1/digests"))["digests"]
    ids = [story["id"] for section in digest["sections"] for story in section["stories"]]
    assert len(ids) == len(set(ids)) == 6
    page = demo.get("/api/v1/digests/day.html").decode()
    assert "Cargo ship Astra Lindholm runs aground" in page
    assert "Frachter Astra Lindholm" not in page  # related: told once


async def test_the_digest_reaches_its_receiver_once(on_demo: Settings) -> None:
    """Its outcome says which digest it was."""
    deliveries = [decode(m.value or b"", Delivery) async for m in read_all(on_demo.kafka, [DELIVERIES.name])]
    assert [(one.watch, one.outcome) for one in deliveries if one.kind == "digest"] == [("day", "delivered")]


def test_metrics_say_what_happened(demo: Demo) -> None:
    """The metrics' counts are those of the accounts, and no label holds a URL."""
    text = demo.get("/metrics").decode()
    tagged = re.search(r'wirewatch_articles_total\{outcome="tagged",step="tag"\} (\d+)', text)
    status = orjson.loads(demo.get("/status.json"))
    assert tagged is not None
    assert int(tagged[1]) == next(s for s in status["steps"] if s["step"] == "tag")["outcomes"]["tagged"]
    assert "://" not in "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for name in (
        "wirewatch_step_seconds_bucket", "wirewatch_step_lag_messages", "wirewatch_end_to_end_seconds_bucket",
        "wirewatch_region_articles_total", "wirewatch_topic_articles_total", "wirewatch_region_topic_articles_total",
        "wirewatch_duplicates_total", "wirewatch_dead_total", "wirewatch_source_last_article_timestamp_seconds",
        "wirewatch_extractor_total", "wirewatch_build_info",
    ):  # fmt: skip
        assert name in text


def test_tail_filters_by_header(demo: Demo) -> None:
    """`wirewatch tail --region` shows only articles about that country."""
    articles = orjson.loads(demo.get("/status.json"))["articles"]
    country = Counter(r["country"] for a in articles for r in a["regions"] if r["role"] == "about").most_common(1)[0][0]
    run = wirewatch(
        "tail",
        "news.tagged",
        "--bootstrap",
        demo.bootstrap,
        "--from-beginning",
        "--json",
        "--region",
        country,
        "-n",
        "2",
    )
    shown = [orjson.loads(line) for line in run.stdout.splitlines()]
    assert len(shown) == 2, run.stderr
    assert all(country in {r["country"] for r in record["regions"] if r["role"] == "about"} for record in shown)


def test_audit_command_reports(demo: Demo) -> None:
    """`wirewatch audit --json` exits with 0 and says that the accounts balance."""
    run = wirewatch("audit", "--json", "--bootstrap", demo.bootstrap)
    assert run.returncode == 0, run.stderr
    assert orjson.loads(run.stdout)["balanced"] is True


def test_raw_schema_accepts_the_sample() -> None:
    """The raw type names the fields of the contract."""
    fields = {field.name for field in msgspec.structs.fields(Raw)}
    assert fields >= {
        "url",
        "source",
        "fetched_at",
        "content_type",
        "content",
        "title",
        "authors",
        "published_at",
        "feed",
    }


def test_message_without_headers_has_a_fetch_id() -> None:
    """A raw message without `ce_id` gets one from its record, or from its bytes and place."""
    good = b'{"url":"https://a.example/x","fetched_at":"2026-01-01T00:00:00Z","content_type":"text/html","content":""}'
    assert Message("news.raw", 0, 5, None, good, {}, 0.0).fetch_id.endswith(":2026-01-01T00:00:00Z")
    assert Message("news.raw", 0, 5, None, b"{", {}, 0.0).fetch_id.endswith(":0-5")
