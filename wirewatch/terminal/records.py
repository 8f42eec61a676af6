"""Records as lines in the terminal."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from wirewatch.terminal.console import UNSAFE, safe_text

SEVERITIES = {"info": "black on cyan", "warning": "black on yellow", "critical": "bold white on red"}


def print_record(console: Console, record: dict[str, Any]) -> None:
    """Print a record's line: cut at the edge of a terminal, whole in a pipe or a file, and so are errors anywhere."""
    line = line_of(record)
    if console.is_terminal:
        console.print(line, no_wrap=line.no_wrap, overflow=line.overflow)
    else:
        console.print(line, soft_wrap=True)


def line_of(record: dict[str, Any]) -> Text:
    """Return one line for a record of any public topic."""
    kind = str(record.get("schema", "")).split(".")[1:2]
    has_error = kind in (["delivery"], ["dead"])  # it is looked for: the line is shown whole
    line = Text(no_wrap=not has_error, overflow=None if has_error else "ellipsis")
    line.append(f"{clock(record)} ", style="dim")
    match kind:
        case ["tagged"]:
            line.append_text(places(record))
            line.append_text(subjects(record))
        case ["duplicate"]:
            line.append(f"{record.get('kind')} of {str(record.get('duplicate_of'))[:8]} ", style="yellow")
        case ["alert"]:
            return alert_lines(record)
        case ["delivery"]:
            style = {"delivered": "green", "failed": "yellow"}.get(str(record.get("outcome")), "red")
            line.append(f"{record.get('outcome')} ", style=style)
            line.append(f"{record.get('watch')} to {record.get('receiver')}, attempt {record.get('attempt')} ")
            line.append(safe_text(str(record.get("error") or record.get("status") or "")), style="dim")
            return line
        case ["watch"]:
            line.append(f"{record.get('name')} ", style="bold")
            line.append(" ".join(str(record.get("query")).split()))
            return line
        case ["dead"]:
            line.append(f"{record.get('step')}: {record.get('reason')} ", style="red")
            line.append(safe_text(f"{record.get('url') or record.get('source') or record.get('id')} "))
            line.append(safe_text(str(record.get("error"))[:160]), style="dim")
            return line
        case _:
            line.append(f"{(record.get('language') or '??'):<3}", style="magenta")
    line.append(safe_text(str(record.get("title") or record.get("url") or "")))
    line.append(safe_text(f"  {record.get('source') or ''}"), style="dim")
    return line


def alert_lines(record: dict[str, Any]) -> Text:
    """Return an alert: its watch, the title and the snippet, with the matched words marked."""
    article = record["article"]
    severity = str(record.get("severity"))
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{clock(record)} ", style="dim")
    line.append(f" {record.get('watch')} ", style=SEVERITIES.get(severity, "reverse"))
    line.append(" ")
    title = article["title"] or str(article.get("url") or "")
    line.append_text(marked(title, record.get("spans", []) if article["title"] else [], "title", 0))
    line.append(safe_text(f"  {article.get('source') or ''}"), style="dim")
    if record.get("kind") == "digest":
        line.append(f"  and {len(record.get('digest', [])) - 1} more", style="bold")
    if record.get("suppressed"):
        line.append(f"  ({record['suppressed']} held back before)", style="dim")
    if article.get("snippet"):
        line.append("\n      ")
        start = article.get("snippet_start", 0)
        line.append_text(marked(article["snippet"], record.get("spans", []), "text", start, "dim"))
    return line


def marked(text: str, spans: list[dict[str, Any]], field: str, start: int, style: str = "") -> Text:
    """Return a piece of a field, which begins at code point `start` of it, with the spans that lie in it marked."""
    shown = Text(UNSAFE.sub(" ", text), style=style)  # one sign each: the spans keep their places
    for span in spans:
        if span["field"] == field and span["end"] > start:
            shown.stylize("bold black on yellow", max(span["start"] - start, 0), span["end"] - start)
    return shown


def clock(record: dict[str, Any]) -> str:
    """Return the time of day of a record's publishing, fetch, alert or attempt, in UTC; its day where that is not today."""
    names = ("published_at", "fetched_at", "raised_at", "attempted_at", "processed_at")
    time = next((record[name] for name in names if record.get(name)), "")
    with suppress(ValueError):
        at = datetime.fromisoformat(str(time)).astimezone(UTC)
        return f"{at:%H:%M}" if at.date() == datetime.now(UTC).date() else f"{at:%d %b}"
    return "--:--"


def places(record: dict[str, Any]) -> Text:
    """Return the countries that a tagged article is about, the primary one first."""
    text = Text()
    primary = record.get("primary_country")
    about = list(dict.fromkeys(r["country"] for r in record.get("regions", []) if r["role"] == "about"))
    for country in sorted(about, key=lambda c: c != primary)[:3]:
        text.append(f"{country} ", style="bold cyan" if country == primary else "cyan")
    if not about:
        text.append(f"({primary}) " if primary else "·  ", style="dim cyan")
    return text


def subjects(record: dict[str, Any]) -> Text:
    """Return the top-level topics of a tagged article, the strongest first."""
    text = Text()
    top = sorted((t for t in record.get("topics", []) if t["level"] == 1), key=lambda t: -t["score"])
    for topic in top[:2]:
        text.append(f"{topic['label']} ", style="green")
    if not top:
        text.append("· ", style="dim green")
    return text
