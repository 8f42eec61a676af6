"""JSON Schemas of the records and the AsyncAPI 3 document of the topics, generated from the types and the table."""

import json
from inspect import cleandoc
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from agents.clean.explanation import EXPLANATION, Explanation
from streams.errors import OutputError, SettingsError
from streams.events import ROUTING
from streams.records import RECORDS
from streams.records.patterns import portable
from streams.text.names import those
from streams.topics import ALERTS, PUBLIC, RAW, SOURCES, TAGGED, WATCHES, KafkaTopic
from wirewatch import __version__

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: The CloudEvents Kafka binding in binary mode.
HEADERS = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type")
#: Topics whose messages have headers to route by, and those that wirewatch reads from others.
ROUTED, RECEIVED = (TAGGED, ALERTS), (RAW, WATCHES, SOURCES)


class ExplanationLine(Explanation, kw_only=True):
    """The reasons behind one clean article, as `wirewatch apply clean --explain` writes them.

    `choices`: by field; `claims`: of the page, at most 40 a field.
    """

    schema: Literal["wirewatch.explanation.v1"]


#: All that have a schema: the records, and lines that go over no topic.
KINDS: dict[str, type[Struct]] = {**RECORDS, EXPLANATION: ExplanationLine}


def names() -> dict[str, str]:
    """Return the short name of each kind's schema name."""
    return {name.split(".")[1]: name for name in KINDS}


def json_schema(record: str) -> dict[str, Any]:
    """Return the JSON Schema of a record by its short or full name; raise `SettingsError` for one that there is not."""
    full = names().get(record, record)
    if full not in KINDS:
        raise SettingsError(f"no record is called {record!r}{those(record, names())}")
    schema = msgspec.json.schema(KINDS[full])
    for definition in schema["$defs"].values():
        # msgspec keeps the indents of a docstring before its version 0.23
        definition["description"] = cleandoc(definition["description"])
    return {"$schema": DIALECT, "$id": f"{full}.json", **portable(schema)}


def message_of(topic: KafkaTopic) -> dict[str, Any]:
    """Return AsyncAPI's message object of a topic that has a record."""
    schema = next(full for full, kind in RECORDS.items() if kind is topic.record)
    headers = [*HEADERS, *(ROUTING if topic in ROUTED else ())]
    return {
        "name": schema,
        "contentType": "application/json",
        "headers": {"type": "object", "properties": {header: {"type": "string"} for header in headers}},
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"{schema}.json"},
        },
        "bindings": {"kafka": {"key": {"type": "string", "description": topic.key}}},
    }


def asyncapi() -> dict[str, Any]:
    """Return the AsyncAPI 3 document of the public topics."""
    channels: dict[str, Any] = {}
    messages: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for topic in PUBLIC:
        name = topic.name.replace(".", "_")
        if topic.record is None:
            continue
        messages[name] = message_of(topic)
        channels[name] = {
            "address": topic.name,
            "description": f"{topic.carries}. Written by {topic.written_by}.",
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
            "bindings": {
                "kafka": {
                    "topicConfiguration": {
                        **retention(topic),
                        "max.message.bytes": topic.max_message_bytes,
                    }
                }
            },
        }
        action = "receive" if topic in RECEIVED else "send"
        operations[f"{action}_{name}"] = {"action": action, "channel": {"$ref": f"#/channels/{name}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "wirewatch",
            "version": __version__,
            "description": "News over Kafka, cleaned, deduplicated and tagged.",
        },
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def retention(topic: KafkaTopic) -> dict[str, Any]:
    """Return how long a topic keeps its messages, as AsyncAPI's Kafka binding says it."""
    if topic.retention_hours is None:
        return {"cleanup.policy": ["compact"]}
    return {"retention.ms": topic.retention_hours * 3_600_000}


def text_of(document: dict[str, Any]) -> str:
    """Return a document as text. Patterns have characters that nobody sees: all but ASCII is escaped."""
    return json.dumps(document, indent=2)


def write_all(folder: Path) -> list[str]:
    """Write every schema and asyncapi.json into a folder; return the names of the files.

    Raises `OutputError` where the folder cannot be made or written.
    """
    documents = {f"{full}.json": json_schema(full) for full in KINDS} | {"asyncapi.json": asyncapi()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, document in documents.items():
            (folder / name).write_text(text_of(document) + "\n", encoding="ascii")
    except OSError as error:
        raise OutputError(f"{error.filename or folder} cannot be written: {error.strerror or error}") from error
    return sorted(documents)
