"""A tagged article in brief: as much of it as later steps read beside its story. Its text went over two more topics whole."""

from typing import TypeVar

from msgspec.structs import replace

from streams.records import NewsTopic, Region, Tagged, encode
from streams.topics import STORIED_CHARACTERS

Found = TypeVar("Found", Region, NewsTopic)


def brief(article: Tagged) -> bytes:
    """Return an article's record with the beginning of its text; regions and topics say how much evidence each had."""
    return encode(
        replace(
            article,
            text=article.text[:STORIED_CHARACTERS],
            regions=[without_evidence(region) for region in article.regions],
            topics=[without_evidence(topic) for topic in article.topics],
        )
    )


def without_evidence(found: Found) -> Found:
    """Return a region or topic with its evidence, whose places lie in the whole text, counted as left out."""
    return replace(found, evidence=[], evidence_left_out=found.evidence_left_out + len(found.evidence))
