"""How an article, a copy and a dead letter look in the terminal."""

from typing import Any

from rich.text import Text

from streams.errors import WirewatchError

FLAGS = {"about": "bold cyan", "mentioned": "cyan", "dateline": "dim cyan", "publisher": "dim"}


def line_of(record: dict[str, Any]) -> Text:
    """Return one line for a record of any public topic."""
    kind = str(record.get("schema", "")).split(".")[1:2]
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{clock(record)} ", style="dim")
    match kind:
        case ["tagged"]:
            line.append_text(places(record))
            line.append_text(subjects(record))
        case ["duplicate"]:
            line.append(f"{record.get('kind')} of {str(record.get('duplicate_of'))[:8]} ", style="yellow")
        case ["dead"]:
            line.append(f"{record.get('step')}: {record.get('reason')} ", style="red")
            line.append(f"{record.get('url') or record.get('source') or record.get('id')} ")
            line.append(str(record.get("error"))[:160], style="dim")
            return line
        case _:
            line.append(f"{(record.get('language') or '??'):<3}", style="magenta")
    line.append(str(record.get("title") or record.get("url") or ""))
    line.append(f"  {record.get('source') or ''}", style="dim")
    return line


def clock(record: dict[str, Any]) -> str:
    """Return the time of day of a record's publishing, or of its fetch."""
    time = record.get("published_at") or record.get("fetched_at") or record.get("processed_at") or ""
    return str(time)[11:16] or "--:--"


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


def error_line(error: WirewatchError) -> Text:
    """Return an error as the command line shows it."""
    return Text.assemble(("wirewatch: ", "bold red"), str(error))
