"""The one table of Kafka topics: name, key, record, partitions, retention, compaction and size.

What a person subscribes to is called `news.…`; what only workers read is called `wirewatch.…` and is nobody's contract.
`wirewatch topics create` makes all of them; the README's table and the AsyncAPI document are generated from here.
"""

from dataclasses import dataclass

from streams.records import (
    Alert,
    Clean,
    Dead,
    Delivery,
    Digest,
    Duplicate,
    Health,
    Raw,
    Record,
    Source,
    Story,
    Tagged,
    Trend,
    WatchRecord,
)

MIB = 1024 * 1024

#: A raw message's size, unpacked, in bytes (design: 8 MiB); above it a page is refused where it comes in.
MAX_RAW_BYTES = 8 * MIB
#: A dead record holds the original in base64 and its own fields.
MAX_DEAD_BYTES = MAX_RAW_BYTES * 4 // 3 + MIB


@dataclass(frozen=True)
class KafkaTopic:
    """A topic and its limits; `partitions` None follows the setting `kafka.partitions`."""

    name: str
    key: str
    carries: str
    record: type[Record] | None
    written_by: str
    partitions: int | None = None
    retention_hours: int | None = 7 * 24
    compacted: bool = False
    max_message_bytes: int = MAX_RAW_BYTES + MIB
    #: articles enter here: where a message lies is its origin, which all that becomes of it names
    entry: bool = False

    def config(self, partition_bytes: int = 0) -> dict[str, str]:
        """Return the topic's settings by the names that Kafka gives them; `partition_bytes` 0 is no bound in bytes."""
        config = {"max.message.bytes": str(self.max_message_bytes), "compression.type": "producer"}
        if self.compacted:
            config |= {"cleanup.policy": "compact", "segment.bytes": str(64 * MIB), "min.cleanable.dirty.ratio": "0.2"}
        if self.retention_hours is not None and not self.compacted:
            config["retention.ms"] = str(self.retention_hours * 3_600_000)
            if partition_bytes:
                config["retention.bytes"] = str(partition_bytes)
                config["segment.bytes"] = str(max(MIB, min(1024 * MIB, partition_bytes // 4)))
        return config


RAW = KafkaTopic(
    "news.raw", "article id", "what was fetched or pushed, untouched", Raw, "sources, `wirewatch ingest`", entry=True
)
CLEAN = KafkaTopic(
    "news.clean", "article id", "title, authors, dates, language, text without boilerplate", Clean, "clean"
)
UNIQUE = KafkaTopic(
    "news.unique", "article id", "clean articles that are first of their kind, or a real revision", Clean, "dedup"
)
DUPLICATES = KafkaTopic("news.duplicates", "original's id", "copies: of what, kind, similarity", Duplicate, "dedup")
TAGGED = KafkaTopic(
    "news.tagged",
    "article id",
    "regions and topics, each with score and evidence",
    Tagged,
    "tag",
    retention_hours=28 * 24,
)
STORIES = KafkaTopic(
    "news.stories",
    "story id",
    "running stories, and what happens to them: new, grown, related, merged, ended",
    Story,
    "stories",
    retention_hours=28 * 24,
)
TRENDS = KafkaTopic(
    "news.trends",
    "country and topic, or term",
    "what comes in far more than is usual for it",
    Trend,
    "trends",
    retention_hours=28 * 24,
)
DIGESTS = KafkaTopic(
    "news.digests",
    "digest name",
    "what a digest says, each time that it is due",
    Digest,
    "digest",
    retention_hours=28 * 24,
)
DEAD = KafkaTopic(
    "news.dead",
    "article id",
    "what no step could process: step, reason, error, original bytes",
    Dead,
    "every step",
    retention_hours=28 * 24,
    max_message_bytes=MAX_DEAD_BYTES,
)
ALERTS = KafkaTopic(
    "news.alerts",
    "alert id",
    "watches that fired: why (matched spans), and on what",
    Alert,
    "watch",
    retention_hours=28 * 24,
)
DELIVERIES = KafkaTopic(
    "news.deliveries",
    "alert id",
    "every attempt to tell a receiver of an alert, and its outcome",
    Delivery,
    "deliver",
    retention_hours=28 * 24,
)
WATCHES = KafkaTopic(
    "news.watches",
    "watch name",
    "the watches in force",
    WatchRecord,
    "`wirewatch watches put`",
    partitions=1,
    retention_hours=None,
    compacted=True,
)
SOURCES = KafkaTopic(
    "news.sources",
    "source name",
    "the sources in force: feeds, sitemaps, sites, archives, topics, pushes",
    Source,
    "`wirewatch sources`",
    partitions=1,
    retention_hours=None,
    compacted=True,
)
HEALTH = KafkaTopic(
    "news.health",
    "source name",
    "a source's changes of state, with reason and evidence",
    Health,
    "fetch",
    retention_hours=28 * 24,
)
#: One decider for each domain: its partition's owner makes every request to it, for feeds, robots.txt and pages alike.
FETCHES = KafkaTopic(
    "wirewatch.fetches",
    "registrable domain",
    "new entries of feeds, each to become one raw message, and polls that are asked for",
    None,
    "fetch",
)
POLLS = KafkaTopic(
    "wirewatch.polls",
    "source, domain or page",
    "what is known of each source and domain, and the pages that wait",
    None,
    "fetch",
    retention_hours=None,
    compacted=True,
)
#: One partition: duplicates are decided in one order (see agents/dedup). A skipped raw message leaves an empty value.
SKETCHED = KafkaTopic(
    "wirewatch.sketched",
    "article id",
    "clean articles with their sketches, in one order",
    Clean,
    "sketch",
    partitions=1,
)
LINES = KafkaTopic(
    "wirewatch.lines", "source", "line hashes of scraped plain texts", None, "clean", partitions=1, retention_hours=24
)
REVISIONS = KafkaTopic(
    "wirewatch.revisions",
    "article id",
    "texts seen under an article id",
    None,
    "clean",
    retention_hours=None,
    compacted=True,
)
# the name on the wire is the first one that this topic had: workers of older versions write it, so it stays
REPEATED_LINES = KafkaTopic(
    "wirewatch.furniture",
    "source",
    "lines that a source repeats",
    None,
    "learn",
    1,
    retention_hours=None,
    compacted=True,
)
SKETCHES = KafkaTopic(
    "wirewatch.sketches",
    "article id",
    "sketches in the window, verdicts",
    None,
    "dedup",
    1,
    retention_hours=None,
    compacted=True,
)
#: Keyed by watch, so that all matches of one watch come to one decider.
MATCHES = KafkaTopic(
    "wirewatch.matches", "watch name", "articles that a watch matches, before the decision", None, "match"
)
WATCH_STATES = KafkaTopic(
    "wirewatch.watch-states",
    "watch name",
    "what each watch remembers",
    None,
    "watch",
    retention_hours=None,
    compacted=True,
)
#: One partition: stories are decided in one order (see agents/stories).
GATHERED = KafkaTopic(
    "wirewatch.gathered",
    "article id",
    "articles in brief, and copies, with what stories need of them, in one order",
    None,
    "gather",
    1,
)
#: Of an article's text so many code points go over `wirewatch.gathered` and `wirewatch.storied`, whose readers want no more.
STORIED_CHARACTERS = 600
#: Tagged articles, each with its `story`: for what needs both (trends). Texts are cut, and regions and topics have no evidence.
STORIED = KafkaTopic(
    "wirewatch.storied", "article id", "tagged articles in brief with their story", Tagged, "stories", 1
)
#: No step reads it: `wirewatch apply` gives copies their story by it, and `news.stories` says the same of each fetch (`article`).
#: One that came before its original was tagged is here without a story.
STORIED_COPIES = KafkaTopic(
    "wirewatch.storied-copies",
    "article id",
    "copies with their story, as `wirewatch apply` gives them out",
    Duplicate,
    "stories",
)
#: What news.stories carries, in one order, for what needs all of it.
SHELVED = KafkaTopic("wirewatch.shelved", "story id", "what happens to stories, in one order", Story, "stories", 1)
STORY_STATES = KafkaTopic(
    "wirewatch.story-states",
    "language and story",
    "running stories, and how common words are",
    None,
    "stories",
    1,
    retention_hours=None,
    compacted=True,
)
TREND_STATES = KafkaTopic(
    "wirewatch.trend-states",
    "what is counted",
    "what is usual for a region and topic, or a term",
    None,
    "trends",
    1,
    retention_hours=None,
    compacted=True,
)
DIGEST_STATES = KafkaTopic(
    "wirewatch.digest-states",
    "digest and story",
    "stories that digests may show or have shown",
    None,
    "digest",
    1,
    retention_hours=None,
    compacted=True,
)
LEDGER = KafkaTopic(
    "wirewatch.ledger",
    "alert id and receiver",
    "what is to be delivered, and what has been",
    None,
    "deliver",
    retention_hours=None,
    compacted=True,
)

PUBLIC: tuple[KafkaTopic, ...] = (
    RAW,
    CLEAN,
    UNIQUE,
    DUPLICATES,
    TAGGED,
    STORIES,
    TRENDS,
    DIGESTS,
    DEAD,
    ALERTS,
    DELIVERIES,
    WATCHES,
    SOURCES,
    HEALTH,
)
INTERNAL: tuple[KafkaTopic, ...] = (
    SKETCHED,
    LINES,
    REVISIONS,
    REPEATED_LINES,
    SKETCHES,
    GATHERED,
    STORIED,
    STORIED_COPIES,
    SHELVED,
    STORY_STATES,
    TREND_STATES,
    DIGEST_STATES,
    MATCHES,
    WATCH_STATES,
    LEDGER,
    FETCHES,
    POLLS,
)
#: Where the way of each article ends.
FINAL = (TAGGED, DUPLICATES, DEAD)

TOPICS: dict[str, KafkaTopic] = {topic.name: topic for topic in (*PUBLIC, *INTERNAL)}
#: Names of the topics where articles enter.
ENTRIES = frozenset(name for name, topic in TOPICS.items() if topic.entry)
