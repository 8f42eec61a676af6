"""A tagged article comes from its child process as it was made."""

from datetime import UTC, date, datetime

from msgspec.structs import replace

from agents.tag.step import TAG_STEP, TagTask, work
from streams.message import Message
from streams.records import Clean, Tagged, encode
from streams.settings import Settings
from streams.topics import UNIQUE


def test_a_tagged_article_is_settled_as_it_was_made() -> None:
    """Every field of it, times to the microsecond and evidence too, is that of the article that the child has made."""
    clean = Clean(
        id="a" * 32,
        fetch_id="as its sender says",
        ref=-(2**63),
        url="https://fjord.example/1?q=\U0001f6a2",
        source="fjord.example",
        title="Ferry runs aground off Troms\u00f8 in Norway",
        authors=["A. Berg"],
        text="Lima in Peru sent help.\n\nForty people were on board, police in Oslo said.",
        fetched_at=datetime(2026, 5, 4, 9, 8, 7, 123_456, UTC),
        published_at=datetime(1912, 4, 15, tzinfo=UTC),
        published_day=date(1912, 4, 15),
        language="en",
        language_score=0.1 + 0.2,
        extractor="given",
    )
    task = TagTask(encode(clean), None)
    message = Message(UNIQUE.name, 0, 0, b"k", task.value, {"ce_id": b"a:1"}, 950.0)
    [output] = TAG_STEP.settler(Settings()).settle(message, TAG_STEP.work(task)).outputs  # type: ignore[misc]
    made, got = work(task), output.record
    assert isinstance(got, Tagged)
    assert got.processed_at is not None
    assert any(region.evidence for region in got.regions)
    assert got == replace(made, fetch_id="a:1", processed_at=got.processed_at)
