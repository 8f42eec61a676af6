"""Records as lines in the terminal."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from agents.deliver.alerts import dots_around
from streams.backfill import is_day_alone
from wirewatch.terminal.console import LOOK_AT, UNSAFE, safe_text

SEVERITIES = {"info": "black on cyan", "warning": LOOK_AT, "critical": "bold white on red"}


def print_record(console: Console, record: dict[str, Any]) -> None:
    """Print a record's line: cut at the edge of a terminal, whole in a pipe or a file, and so are errors anywhere."""
    line = line_of(record)
    if console.is_terminal:
        console.print(line, no_wrap=line.no_wrap, overflow=line.overflow)
    else:
        console.print(line, soft_wrap=True)


def line_of(record: dict[str, Any]) -> Text:
    """Return one line for a record of any public topic, an alert's in two."""
    kind = ".".join(str(record.get("schema", "")).split(".")[1:2])
    if kind == "alert":
        return alert_lines(record)
    has_error = kind in ERRORS  # it is looked for: the line is shown whole
    line = Text(no_wrap=not has_error, overflow=None if has_error else "ellipsis")
    if kind not in STANDING:
        line.append(f"{clock(record)} ", style="dim")
    LINES.get(kind, article_line)(line, record)
    return line


def article_line(line: Text, record: dict[str, Any]) -> None:
    """Append an article as far as it has come: what is known of it, its title or address, its source."""
    match str(record.get("schema", "")).split(".")[1:2]:
        case ["tagged"]:
            line.append_text(places(record))
            line.append_text(subjects(record))
        case ["duplicate"]:
            line.append(f"{record.get('kind')} of {str(record.get('duplicate_of'))[:8]} ", style="magenta")
        case ["clean"]:
            line.append(f"{(record.get('language') or '??'):<3}", style="magenta")
    line.append(safe_text(str(record.get("title") or record.get("url") or "")))
    line.append(safe_text(f"  {record.get('source') or ''}"), style="dim")


def delivery_line(line: Text, record: dict[str, Any]) -> None:
    """Append an attempt to tell a receiver, and its outcome."""
    style = {"delivered": "green", "failed": LOOK_AT}.get(str(record.get("outcome")), "red")
    line.append(str(record.get("outcome")), style=style)
    line.append(" ")
    line.append(f"{record.get('watch')} to {record.get('receiver')}, attempt {record.get('attempt')} ")
    line.append(safe_text(str(record.get("error") or record.get("status") or "")), style="dim")


def dead_line(line: Text, record: dict[str, Any]) -> None:
    """Append a dead letter: who refused it, why, and what it is."""
    line.append(f"{record.get('step')}: {record.get('reason')} ", style="red")
    line.append(safe_text(f"{record.get('url') or record.get('source') or record.get('id')} "))
    line.append(safe_text(str(record.get("error"))[:160]), style="dim")


def watch_line(line: Text, record: dict[str, Any]) -> None:
    """Append a watch in force."""
    line.append(f"{record.get('name')} ", style="bold")
    line.append(" ".join(str(record.get("query")).split()))


def source_line(line: Text, record: dict[str, Any]) -> None:
    """Append a source in force."""
    line.append(f"{record.get('name')} ", style="bold")
    line.append(f"{record.get('kind', 'auto') if record.get('enabled', True) else 'paused'} ", style="magenta")
    line.append(safe_text(str(record.get("url"))))


def health_line(line: Text, record: dict[str, Any]) -> None:
    """Append a source's change of state, and why."""
    line.append(safe_text(f"{record.get('source')} "), style="bold")
    line.append(str(record.get("to")), style="green" if record.get("to") == "healthy" else LOOK_AT)
    line.append(" ")
    line.append(safe_text(f"(was {record.get('was')})  {record.get('reason') or ''}"), style="dim")


def story_line(line: Text, record: dict[str, Any]) -> None:
    """Append what has happened to a story, its title and how far it has come."""
    line.append(f"{record.get('event')} ", style="magenta")
    sources, articles = record.get("sources"), record.get("articles")
    line.append(f"{sources} source{'' if sources == 1 else 's'} ", style="bold")
    line.append(safe_text(str(record.get("title"))))
    into = safe_text(f", now part of {record['merged_into']}") if record.get("merged_into") else ""
    line.append(f"  {articles} article{'' if articles == 1 else 's'}{into}", style="dim")


def trend_line(line: Text, record: dict[str, Any]) -> None:
    """Append how far a trend is, and what comes in more than usual; of one that is over, how far it came."""
    if state := record.get("state"):
        line.append(safe_text(f"{state} "), style="magenta")
    line.append(safe_text(f"{record.get('label')} "), style="bold")
    if state == "over":
        line.append(
            safe_text(f"at most {record.get('peak_count')} articles in {record.get('window_hours')} h"), style="dim"
        )
        return
    line.append(
        f"{record.get('count')} articles of {record.get('sources')} sources in {record.get('window_hours')} h, "
    )
    expected = record.get("expected")
    usual = f"{expected:.1f}" if isinstance(expected, int | float) else safe_text(str(expected))
    line.append(f"usually {usual}", style="dim")


def digest_line(line: Text, record: dict[str, Any]) -> None:
    """Append a digest's name, its title and how many stories it has."""
    stories = sum(len(section["stories"]) for section in record.get("sections", []))
    line.append(f"{record.get('name')} ", style="bold")
    line.append(safe_text(f"{record.get('title')}  "))
    line.append(
        f"{stories} {'story' if stories == 1 else 'stories'}, {record.get('left_out', 0)} left out", style="dim"
    )


#: Kinds whose errors are shown whole, and kinds that stand until they are changed: no time of day is theirs.
ERRORS, STANDING = frozenset(("delivery", "dead")), frozenset(("watch", "source"))
LINES: dict[str, Callable[[Text, dict[str, Any]], None]] = {
    "delivery": delivery_line,
    "dead": dead_line,
    "watch": watch_line,
    "source": source_line,
    "health": health_line,
    "story": story_line,
    "trend": trend_line,
    "digest": digest_line,
}


def alert_lines(record: dict[str, Any]) -> Text:
    """Return an alert: its watch, the title and the snippet, with the matched words marked."""
    article = record["article"]
    severity = str(record.get("severity"))
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{clock(record)} ", style="dim")
    urgent = f"{severity}: " if severity in ("warning", "critical") else ""  # in words, too: a pipe has no colours
    line.append(f" {urgent}{record.get('watch')} ", style=SEVERITIES.get(severity, "reverse"))
    line.append(" ")
    title = article["title"] or str(article.get("url") or "")
    line.append_text(marked(title, record.get("spans", []) if article["title"] else [], "title", 0))
    line.append(safe_text(f"  {article.get('source') or ''}"), style="dim")
    if record.get("kind") == "digest":
        line.append(f"  and {len(record.get('digest', [])) - 1} more", style="bold")
    if record.get("suppressed"):
        line.append(f"  ({record['suppressed']} held back before)", style="dim")
    if article.get("snippet"):
        start = article.get("snippet_start", 0)
        before, after = dots_around(article["snippet"], start)
        line.append(f"\n      {before}")
        line.append_text(marked(article["snippet"], record.get("spans", []), "text", start, "dim"))
        line.append(after, style="dim")
    return line


def marked(text: str, spans: list[dict[str, Any]], field: str, start: int, style: str = "") -> Text:
    """Return a piece of a field, which begins at code point `start` of it, with the spans that lie in it marked."""
    shown = Text(UNSAFE.sub(" ", text), style=style)  # one character each: the spans keep their places
    for span in spans:
        if span["field"] == field and span["end"] > start:
            shown.stylize("bold not dim black on yellow", max(span["start"] - start, 0), span["end"] - start)
    return shown


def clock(record: dict[str, Any]) -> str:
    """Return the time of day of a record's publishing, fetch, alert or attempt, in UTC.

    Its day where that is not today, or all that is known.
    """
    names = ("published_at", "fetched_at", "raised_at", "attempted_at", "at", "since", "last_seen_at", "processed_at")
    time = next((record[name] for name in names if record.get(name)), "")
    with suppress(ValueError):
        at = datetime.fromisoformat(str(time)).astimezone(UTC)
        return f"{at:%H:%M}" if at.date() == datetime.now(UTC).date() and not is_day_alone(at) else f"{at:%d %b}"
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
    """Return the top-level topics of a tagged article, the strongest first.

    Of a list (`disaster, accident and emergency incident`) the first alone: the title needs the room.
    """
    text = Text()
    top = sorted((t for t in record.get("topics", []) if t["level"] == 1), key=lambda t: -t["score"])
    for topic in top[:2]:
        text.append(f"{topic['label'].partition(',')[0]} ", style="green")
    if not top:
        text.append("· ", style="dim green")
    return text
