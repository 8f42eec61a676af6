"""Extended copies as watches see them: articles with the regions and topics of their originals.

The worker of a copy's partition has seen its original: both have the original's id as their key.
"""

from collections import OrderedDict
from typing import Any

import msgspec
from msgspec import Struct

from streams.records import Duplicate, NewsTopic, Region, Tagged, decode, read_value

#: Originals whose regions and topics are remembered: one with 17 regions and a topic takes 1.7 kB.
MAX_ORIGINALS = 10_000


class Tags(Struct, array_like=True):
    """The regions and topics of an article, each as the values of its fields: their names would be most of the bytes."""

    regions: list[tuple[Any, ...]]
    primary_country: str | None
    macro_regions: list[str]
    topics: list[tuple[Any, ...]]


encoder, decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Tags)


class Originals:
    """The tags of the latest articles by their ids, as bytes: as objects they would take nine times the memory."""

    def __init__(self) -> None:
        self._tags: OrderedDict[str, bytes] = OrderedDict()

    def note(self, tagged: Tagged) -> None:
        """Remember an article's tags."""
        regions = [values_of(region) for region in tagged.regions]
        topics = [values_of(topic) for topic in tagged.topics]
        self._tags[tagged.id] = encoder.encode(Tags(regions, tagged.primary_country, tagged.macro_regions, topics))
        self._tags.move_to_end(tagged.id)
        if len(self._tags) > MAX_ORIGINALS:
            self._tags.popitem(last=False)

    def extended(self, duplicate: Duplicate) -> Tagged:
        """Return an extended copy as an article with the tags of its original, as far as they are known."""
        known = self._tags.get(duplicate.duplicate_of)
        tags = decoder.decode(known) if known is not None else Tags([], None, [], [])
        return Tagged(
            id=duplicate.id,
            fetch_id=duplicate.fetch_id,
            revision=duplicate.revision,
            url=duplicate.url,
            source=duplicate.source,
            title=duplicate.title,
            authors=duplicate.authors,
            published_at=duplicate.published_at,
            fetched_at=duplicate.fetched_at,
            language=duplicate.language,
            text=duplicate.text or "",
            extractor="duplicate",
            regions=[Region(**dict(zip(Region.__struct_fields__, values, strict=True))) for values in tags.regions],
            primary_country=tags.primary_country,
            macro_regions=tags.macro_regions,
            topics=[NewsTopic(**dict(zip(NewsTopic.__struct_fields__, values, strict=True))) for values in tags.topics],
            story=duplicate.story,
        )


def values_of(tag: Region | NewsTopic) -> tuple[Any, ...]:
    """Return the values of a tag's fields, in their order, without its evidence."""
    return msgspec.structs.astuple(msgspec.structs.replace(tag, evidence=[]))


class NewFacts(Struct):
    """The part of a duplicate's record that says whether it is read on."""

    new_facts: bool = False


new_facts_decoder = msgspec.json.Decoder(NewFacts)


def extends(value: bytes) -> Duplicate | None:
    """Return the record of a copy that has new facts and its text; None for any other copy. Raises `InvalidRecord`."""
    if not read_value(new_facts_decoder, value, "no duplicate").new_facts:
        return None
    duplicate = decode(value, Duplicate)
    return duplicate if duplicate.text else None
