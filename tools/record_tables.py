"""Tables of the fields of each topic's record, for docs/records.md."""

import inspect
import re
from collections.abc import Iterator
from functools import cache

import msgspec
from msgspec.inspect import (
    BoolType,
    DateTimeType,
    DateType,
    DictType,
    FloatType,
    IntType,
    ListType,
    LiteralType,
    Metadata,
    NoneType,
    StrType,
    StructType,
    Type,
    UnionType,
)

from streams.records import OPTIONAL, Alert, Clean, Raw, Record, schema_of
from streams.topics import PUBLIC, KafkaTopic

SIMPLE: dict[type[Type], str] = {
    BoolType: "true or false",
    DateTimeType: "time",
    DateType: "date",
    IntType: "integer",
    StrType: "text",
}
HEAD = ["| field | type | |", "|---|---|---|"]


def records() -> list[str]:
    """Return a section for each topic, and one for the parts that their records hold."""
    lines: list[str] = []
    for topic in PUBLIC:
        if topic.record is not None:
            lines += [f"## `{topic.name}`", "", *section(topic.record, topic), ""]
    lines += ["## Parts", "", "Objects that stand in records.", ""]
    for part in parts():
        lines += [f"### {part.__name__}", "", *described(part), "", *table(part), ""]
    return lines[:-1]


def section(record: type[Record], topic: KafkaTopic) -> list[str]:
    """Return the section of a topic: its key and schema, the docstring of its record, and the fields."""
    schema = schema_of(record)
    lines = [f"Key: {topic.key}. Schema: [`{schema}`](../schemas/{schema}.json).", ""]
    if first_of(record) is not topic:
        return [*lines, f"As on `{first_of(record).name}`."]
    base = record.__bases__[0]
    inherited = () if base is Record else tuple(f.name for f in struct(base).fields)
    lines += [*described(record), ""]
    if inherited:
        lines += [f"All fields of `{next(t.name for t in PUBLIC if t.record is base)}`, and:", ""]
    return [*lines, *table(record, inherited)]


def first_of(record: type[Record]) -> KafkaTopic:
    """Return the first topic that carries a record type."""
    return next(topic for topic in PUBLIC if topic.record is record)


def described(kind: type[msgspec.Struct]) -> list[str]:
    """Return the paragraphs of a type's docstring, each on one line."""
    paragraphs = (inspect.getdoc(kind) or "").split("\n\n")
    return "\n\n".join(paragraph.replace("\n", " ") for paragraph in paragraphs).split("\n")


def table(kind: type[msgspec.Struct], without: tuple[str, ...] = ()) -> list[str]:
    """Return the table of a type's fields, less those named in `without`."""
    shown = [field for field in struct(kind).fields if field.name not in without and field.name != "schema"]
    return [*HEAD, *(f"| `{f.encode_name}` | {spelt(f.type)} | {presence(kind, f.name, f.type)} |" for f in shown)]


@cache
def struct(kind: type[msgspec.Struct]) -> StructType:
    """Return msgspec's description of a type."""
    described_type = msgspec.inspect.type_info(kind)
    assert isinstance(described_type, StructType)
    return described_type


def spelt(kind: Type) -> str:
    """Return a type as people write it, without `null`."""
    if isinstance(kind, Metadata):
        return spelt(kind.type)
    if isinstance(kind, StructType):
        return f"[{kind.cls.__name__}](#{kind.cls.__name__.lower()})"
    if isinstance(kind, LiteralType):
        return ", ".join(f"`{value}`" for value in kind.values)
    if isinstance(kind, UnionType):
        return " or ".join(dict.fromkeys(spelt(each) for each in kind.types if not isinstance(each, NoneType)))
    if isinstance(kind, ListType):
        return f"list of {spelt(kind.item_type)}"
    if isinstance(kind, DictType):
        return f"object of {spelt(kind.value_type)}"
    if isinstance(kind, FloatType):
        return "number, 0 to 1" if (kind.ge, kind.le) == (0, 1) else "number"
    return SIMPLE[type(kind)]


def presence(kind: type[msgspec.Struct], name: str, field_type: Type) -> str:
    """Return where a field is null or left out; empty where it always has a value."""
    nullable = isinstance(field_type, UnionType) and any(isinstance(each, NoneType) for each in field_type.types)
    can_be_empty = nullable or isinstance(field_type, ListType)
    if can_be_empty and (is_optional(kind, name) or kind.__struct_config__.omit_defaults):
        return "left out where empty"
    return "may be null" if nullable else ""


def is_optional(kind: type[msgspec.Struct], name: str) -> bool:
    """Return whether `encode` writes a field only where it is set."""
    if name == "story":
        return issubclass(kind, Record) and not issubclass(kind, Alert)
    if name == "backfill":
        return issubclass(kind, Raw | Clean)
    return issubclass(kind, Record) and name in OPTIONAL


def parts() -> Iterator[type[msgspec.Struct]]:
    """Give the types of objects within records, each once, in the order in which they are met."""
    met: dict[type[msgspec.Struct], None] = {}
    waiting = [struct(topic.record) for topic in PUBLIC if topic.record is not None]
    while waiting:
        for field in waiting.pop(0).fields:
            for inner in structs_in(field.type):
                if inner.cls not in met:
                    met[inner.cls] = None
                    waiting.append(inner)
    yield from sorted(met, key=lambda kind: re.sub(r"\W", "", kind.__name__))


def structs_in(kind: Type) -> Iterator[StructType]:
    """Give the struct types that a type holds."""
    if isinstance(kind, StructType):
        yield kind
    elif isinstance(kind, UnionType):
        for each in kind.types:
            yield from structs_in(each)
    elif isinstance(kind, ListType):
        yield from structs_in(kind.item_type)
