"""Write the README's tables of steps, topics, settings and metrics from the code: python -m tools.readme_tables."""

import inspect
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from streams.settings import Tables
from streams.topics import PUBLIC, KafkaTopic
from wirewatch.settings import SECTIONS
from wirewatch.steps import STEPS, new_metrics

README = Path(__file__).parents[1] / "README.md"


def steps() -> list[str]:
    """Return the table of steps."""
    rows = [
        f"| `{s.name}` | {names(s.takes)} | {names(s.gives) or 'its state'} | {s.summary} |" for s in STEPS.values()
    ]
    return ["| step | reads | writes | |", "|---|---|---|---|", *rows]


def names(topics: Iterable[KafkaTopic]) -> str:
    """Return the names of topics."""
    return ", ".join(topic.name for topic in topics)


def topics() -> list[str]:
    """Return the table of public topics."""
    rows = [f"| `{t.name}` | {t.key} | {t.carries} | {t.written_by} | {kept(t)} |" for t in PUBLIC]
    return ["| topic | key | carries | written by | kept |", "|---|---|---|---|---|", *rows]


def kept(topic: KafkaTopic) -> str:
    """Return how long a topic keeps its messages."""
    return f"{topic.retention_hours // 24} days" if topic.retention_hours else "latest of each key"


def setting_rows() -> list[str]:
    """Return the table of settings; the `#:` comment above a field says what it does."""
    rows = []
    for section, kind in SECTIONS.items():
        if isinstance(kind, Tables):
            continue
        comment: list[str] = []
        for line in map(str.strip, inspect.getsource(kind).splitlines()):
            if line.startswith("#:"):
                comment.append(line[2:].strip())
            elif (name := line.split(":")[0]) in kind.__struct_fields__:
                default = getattr(kind(), name)
                shown = "null" if default is None else f"`{default}`" if default not in ("", []) else "empty"
                rows.append(f"| `{section}.{name}` | {shown} | {' '.join(comment)} |")
                comment = []
    return ["| setting | default | |", "|---|---|---|", *rows]


def metric_rows() -> list[str]:
    """Return the table of metrics."""
    rows = []
    for metric in new_metrics().registry.collect():
        name = metric.name + ("_total" if metric.type == "counter" else "")
        rows.append((name, metric.type, metric.documentation))
    return ["| metric | type | |", "|---|---|---|", *(f"| `{n}` | {t} | {d} |" for n, t, d in rows)]


TABLES: dict[str, Callable[[], list[str]]] = {
    "STEPS": steps,
    "TOPICS": topics,
    "SETTINGS": setting_rows,
    "METRICS": metric_rows,
}


def written(text: str) -> str:
    """Return the README's text with its tables as the code says."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        body = "\n".join([begin, *table(), end])
        text = re.sub(f"{begin}.*?{end}", lambda _, b=body: b, text, flags=re.DOTALL)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
