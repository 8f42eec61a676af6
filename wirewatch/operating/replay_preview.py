"""The dry run of `wirewatch replay --from STEP`: what would change in the articles, tried on the newest; nothing is written."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import orjson

from streams.kafka.messages import message_of
from streams.kafka.reading import read_all
from streams.message import Message
from streams.records import Dead, schema_of
from streams.settings import Settings
from streams.settle import settle
from streams.step import AnyStep
from streams.work import run_chunk
from wirewatch.operating.replay import AGAIN, Selection, meant

#: Articles on which a dry run is tried: the newest.
SAMPLE = 200
DEAD_SCHEMA = schema_of(Dead)
#: Fields of an output that are compared.
COMPARED = ("title", "authors", "published_at", "language", "text", "primary_country", "regions", "topics")


@dataclass
class Preview:
    """Findings of a dry run of a step on some of the articles: their number, and the changes."""

    matching: int = 0
    tried: int = 0
    changed: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


async def preview(settings: Settings, start: str, wanted: Selection, step: AnyStep) -> Preview:
    """Run a step on the newest of the chosen articles, and compare with their records; nothing is written."""
    found = Preview()
    topic, given = AGAIN[start]
    sample: list[Message] = []
    async for message in meant(settings, topic, wanted):
        found.matching += 1
        sample.append(message)
        del sample[:-SAMPLE]
    before: dict[str, bytes] = {message.fetch_id: b"" for message in sample}
    async for record in read_all(settings.kafka, [given.name]):
        message = message_of(record)
        if message.fetch_id in before:
            before[message.fetch_id] = message.value
    after = await asyncio.to_thread(outputs_of, step, settings, sample)
    for message in sample:
        found.tried += 1
        compare(found, message.fetch_id, before[message.fetch_id], after.get(message.fetch_id, b""))
    return found


def outputs_of(step: AnyStep, settings: Settings, messages: list[Message]) -> dict[str, bytes]:
    """Return the first output of each message, by its fetch id, as the step makes it today. Heavy: in a thread."""
    if step.load is not None:
        step.load()
    settler = step.settler(settings)
    assert step.work is not None
    results = run_chunk(step.work, [settler.task(message) for message in messages])
    settlements = [settle(step, settler, message, result) for message, result in zip(messages, results, strict=True)]
    return {m.fetch_id: s.outputs[0].value for m, s in zip(messages, settlements, strict=True) if s.outputs}


def compare(found: Preview, fetch_id: str, before: bytes, after: bytes) -> None:
    """Note which fields of an article would change."""
    old, new = fields_of(before), fields_of(after)
    if new.get("schema") == DEAD_SCHEMA:  # `before` knows no dead letter: it was refused, and is again
        new = fields_of(b"")
    changed = ["where it ends"] if old.get("schema") != new.get("schema") else []
    changed += [name for name in COMPARED if not changed and old.get(name) != new.get(name)]
    found.changed.update(changed)
    if changed and len(found.examples) < 5:
        found.examples.append(f"{fetch_id}: {', '.join(changed)}")


def fields_of(value: bytes) -> dict[str, Any]:
    """Return the fields of an output that a preview compares, places and topics by their codes alone."""
    try:
        data = orjson.loads(value or b"{}")
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(data, dict):
        return {}
    for name, code in (("regions", "code"), ("topics", "id")):
        data[name] = sorted({each.get(code, "") for each in data.get(name) or [] if isinstance(each, dict)})
    return data
