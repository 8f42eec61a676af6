"""Write the tables of the documents from the code: python -m tools.docs_tables.

A table stands between `<!-- NAME -->` and `<!-- /NAME -->` of a document; the text around it is written by hand.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from agents.fetch.files.columns import FIELDS
from agents.watch.language import country_groups as groups
from streams.settings import Tables
from streams.topics import PUBLIC, TOPICS, KafkaTopic
from tools.record_tables import records
from tools.rights_table import rights
from wirewatch.cli import main
from wirewatch.metrics import new_metrics
from wirewatch.settings import SECTIONS
from wirewatch.steps import STEPS
from wirewatch.tables.columns import COLUMNS

ROOT = Path(__file__).parents[1]


def steps() -> list[str]:
    """Return the table of steps."""
    rows = [
        f"| `{s.name}` | {names(s.takes)} | {names(s.gives) or 'its state'} | {s.summary} |" for s in STEPS.values()
    ]
    return ["| step | reads | writes | |", "|---|---|---|---|", *rows]


def names(topics: Iterable[KafkaTopic]) -> str:
    """Return the names of topics."""
    return ", ".join(topic.name for topic in topics)


def topics(listed: Iterable[KafkaTopic] = PUBLIC) -> list[str]:
    """Return the table of topics."""
    rows = [f"| `{t.name}` | {t.key} | {t.carries} | {t.written_by} | {kept(t)} |" for t in listed]
    return ["| topic | key | carries | written by | kept |", "|---|---|---|---|---|", *rows]


def kept(topic: KafkaTopic) -> str:
    """Return how long a topic keeps its messages."""
    if not topic.retention_hours:
        return "latest of each key"
    days = topic.retention_hours // 24
    return f"{days} day{'' if days == 1 else 's'}"


def settings() -> list[str]:
    """Return a section with a table for each section of `wirewatch.toml`."""
    lines: list[str] = []
    for section, kind in SECTIONS.items():
        if isinstance(kind, Tables):
            for name, type_ in kind.types.items():
                lines += [f"## `[{section}.NAME]`, type `{name}`", "", sentence(type_), "", *fields(type_, ""), ""]
        else:
            lines += [f"## `[{section}]`", "", sentence(kind), "", *fields(kind, f"{section}."), ""]
    return lines[:-1]


def sentence(kind: type[Any]) -> str:
    """Return the first paragraph of a type's docstring."""
    return (inspect.getdoc(kind) or "").split("\n\n")[0].replace("\n", " ")


def fields(kind: type[Any], prefix: str) -> list[str]:
    """Return the table of a type's fields, each with the `#:` comment above it."""
    rows, comment = [], list[str]()
    required = {field.name for field in required_of(kind)}
    for line in map(str.strip, inspect.getsource(kind).splitlines()):
        if line.startswith("#:"):
            comment.append(line[2:].strip())
        elif (name := line.split(":")[0]) in kind.__struct_fields__:
            shown = "required" if name in required else default_of(kind, name)
            rows.append(f"| `{prefix}{name}` | {shown} | {' '.join(comment)} |")
            comment = []
    return ["| setting | default | |", "|---|---|---|", *rows]


def required_of(kind: type[Any]) -> list[Any]:
    """Return the fields without a default."""
    import msgspec  # noqa: PLC0415 - for this alone

    return [field for field in msgspec.structs.fields(kind) if field.required]


def default_of(kind: type[Any], name: str) -> str:
    """Return a field's default as the table shows it."""
    import msgspec  # noqa: PLC0415 - for this alone

    field = next(field for field in msgspec.structs.fields(kind) if field.name == name)
    value = field.default_factory() if callable(field.default_factory) else field.default
    return "null" if value is None else f"`{value}`" if value not in ("", []) else "empty"


def metrics() -> list[str]:
    """Return the table of metrics."""
    rows = []
    for metric in new_metrics().registry.collect():
        name = metric.name + ("_total" if metric.type == "counter" else "")
        labels = ", ".join(labels_of(metric.name))
        rows.append(f"| `{name}` | {metric.type} | {labels} | {metric.documentation} |")
    return ["| metric | type | labels | |", "|---|---|---|---|", *rows]


def labels_of(name: str) -> Iterable[str]:
    """Return the labels of a metric."""
    registry: Any = new_metrics().registry
    found = registry._names_to_collectors.get(name) or registry._names_to_collectors[f"{name}_total"]  # noqa: SLF001
    labels: Iterable[str] = found._labelnames  # noqa: SLF001 - prometheus-client does not tell the labels otherwise
    return labels


def commands() -> list[str]:
    """Return a table of the commands, and each one's help."""
    known = all_commands(main)
    lines = ["| command | |", "|---|---|"]
    lines += [f"| [{name}](#wirewatch-{name.replace(' ', '-')}) | {first_sentence(c)} |" for name, c in known.items()]
    lines.append("")
    for name, command in known.items():
        context = click.Context(
            command, info_name=f"wirewatch {name}", terminal_width=100, help_option_names=["-h", "--help"]
        )
        lines += [f"## `wirewatch {name}`", "", "```text", command.get_help(context), "```", ""]
    return lines[:-1]


def first_sentence(command: click.Command) -> str:
    """Return the first sentence of a command's help, without its full stop."""
    return " ".join(inspect.cleandoc(command.help or "").split("\n\n")[0].split()).split(". ")[0].rstrip(".")


def all_commands(group: click.Group, prefix: str = "") -> dict[str, click.Command]:
    """Return every command by its full name."""
    found: dict[str, click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            found |= all_commands(command, f"{prefix}{name} ")
        elif command is not None:
            found[prefix + name] = command
    return found


def columns() -> list[str]:
    """Return the table of a table's columns."""
    types = {"texts": "list of text", "regions": "list of structs", "topics": "list of structs", "day": "date"}
    rows = [f"| `{column.name}` | {types.get(column.type, column.type)} | {column.holds} |" for column in COLUMNS]
    return ["| column | type | |", "|---|---|---|", *rows]


def read_columns() -> list[str]:
    """Return the table of the columns that are read of a table of articles."""
    holds = {"html": "`content`, as a page", "text": "`content`"}
    rows = [f"| {holds.get(field, f'`{field}`')} | {', '.join(known)} |" for field, known in FIELDS.items()]
    return ["| becomes | a column named |", "|---|---|", *rows]


def country_groups() -> list[str]:
    """Return the table of the groups of countries; a list that nobody decides on is marked as usage."""
    rows = [
        f"| {', '.join(f'`{name}`' for name in (g.name, *g.others))} | {' '.join(g.countries)} | {g.source} |"
        for g in groups.country_groups()
    ]
    return ["| `region:` | countries | list |", "|---|---|---|", *rows]


def decisions() -> list[str]:
    """Return a link to each decision, by its heading."""
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    return [
        f"- [{page.read_text(encoding='utf-8').splitlines()[0].removeprefix('# ')}]({page.name})"
        for page in pages
        if page.name != "README.md"
    ]


#: The tables of each document.
DOCUMENTS: Mapping[str, Mapping[str, Callable[[], list[str]]]] = {
    "README.md": {"TOPICS": topics},
    "docs/architecture.md": {"STEPS": steps, "INTERNAL": lambda: topics(t for t in TOPICS.values() if t not in PUBLIC)},
    "docs/settings.md": {"SETTINGS": settings},
    "docs/metrics.md": {"METRICS": metrics},
    "docs/deploying.md": {"RIGHTS": rights},
    "docs/commands.md": {"COMMANDS": commands},
    "docs/tables.md": {"COLUMNS": columns, "READ": read_columns},
    "docs/country-groups.md": {"GROUPS": country_groups},
    "docs/records.md": {"RECORDS": records},
    "docs/decisions/README.md": {"DECISIONS": decisions},
}


def written(document: str) -> str:
    """Return a document's text with its tables as the code says."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for name, table in DOCUMENTS[document].items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        body = "\n".join([begin, *table(), end])
        text, found = re.subn(f"{begin}.*?{end}", lambda _, b=body: b, text, flags=re.DOTALL)  # type: ignore[misc]
        if not found:
            raise SystemExit(f"{document} has no place for {name}: {begin} and {end}")
    return text


if __name__ == "__main__":
    for name in DOCUMENTS:
        (ROOT / name).write_text(written(name), encoding="utf-8")
