"""The commands that documents show: lines of shell blocks, and code in a sentence that begins like a command."""

import re
import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support.cli_commands import commands
from wirewatch.cli import main

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "agents").rglob("*.md"))
)
#: Programs whose name begins a command.
PROGRAMS = (
    "wirewatch|make|curl|kcat|python3?|pip|docker|kubectl|openssl|echo|deploy/[a-z-]+\\.sh|WIREWATCH_[A-Z_]+=\\S+"
)
_COMMAND = re.compile(rf"(?:\.venv/bin/)?(?:{PROGRAMS}) (?=\S)")
_NAMES = {name for full in commands(main) for name in (full, full.split()[0])}

#: What a reader puts in the place of a word.
WORDS = {
    r"https://(example\.org|news\.example)/feed": "{paper}",
    r"https://news\.example/live": "{page}",
    r"https://news\.example(?= )": "{site}",
    r"(?<=--sources )FOLDER": "lists/",
    r"~/wirewatch-data|\bDIR\b": "laptop/",
    r"\b(NAME|harbour-office|port-strikes)\b": "{name}",
    r"\bport\.toml\b": "watches/paper.toml",
    r"\bpaper\.example\b": "{name}",
    r"\bSTEP\b": "clean",
    r"\bFILE\b": "watches/paper.toml",
    r"\b(FOLDER|PATH)\b": "watches/",
    r"\b(ARTICLES|TAGGED)\b": "tagged.jsonl",
    r"--days N\b": "--days 1",
    r"^python3? ": f"{sys.executable} ",
}


class Command(NamedTuple):
    """A command of a document."""

    document: str
    line: str


def text_of(document: str) -> str:
    """Return a document's text."""
    return (ROOT / document).read_text(encoding="utf-8")


def blocks(document: str) -> Iterator[tuple[str, str]]:
    """Yield the language and the text of each fenced block."""
    kind, lines = None, list[str]()
    for line in text_of(document).splitlines():
        if line.strip().startswith("```"):
            if kind is not None:
                yield kind, "\n".join(lines)
            kind, lines = (line.strip().removeprefix("```"), []) if kind is None else (None, [])
        elif kind is not None:
            lines.append(line)


def shell_lines(document: str) -> Iterator[str]:
    """Yield the lines of shell blocks, without comments; of a console's only what follows its prompt."""
    for kind, block in blocks(document):
        for line in block.replace("\\\n", " ").splitlines():
            text = line.split(" #")[0].strip()
            if kind in ("sh", "bash"):
                yield from [text] if text and not text.startswith("#") else []
            elif kind == "console":
                yield from [text.removeprefix("$ ")] if text.startswith("$ ") else []
            elif kind in ("", "text") and _COMMAND.match(text):
                yield text


def inline_commands(document: str) -> Iterator[str]:
    """Yield code in sentences that is a command with arguments: the bare name of a command names it, and no more."""
    prose = re.sub(r"```.*?```", "", text_of(document), flags=re.DOTALL)
    for code in re.findall(r"`([^`\n]+)`", prose):
        words = code.split()
        if _COMMAND.match(code) and not (words[0] == "wirewatch" and " ".join(words[1:]) in _NAMES):
            yield code


def is_shortened(line: str) -> bool:
    """Return whether a command cannot be typed: a part is left out, there are alternatives, or an option has no value."""
    return "…" in line or re.search(r"\w\|\w| --(?:data|region|sources|steps)$", line) is not None


def documented() -> list[Command]:
    """Return every command of every document, each once, with the first document that has it."""
    found: dict[str, str] = {}
    for document in DOCUMENTS:
        for line in (*shell_lines(document), *inline_commands(document)):
            if not is_shortened(line):
                found.setdefault(line, document)
    return [Command(document, line) for line, document in found.items()]


def typed(line: str) -> str:
    """Return a command as the reader types it, with words of their own; addresses of the publisher stay `{paper}`."""
    for pattern, word in WORDS.items():
        name = "desk-mail" if "deliveries" in line or "receivers" in line else "paper"
        line = re.sub(pattern, word.replace("{name}", name), line)
    return line


def each_once(commands: Iterable[Command]) -> list[Command]:
    """Return the commands that a reader types, each once: documents may have other words in the reader's place."""
    found: dict[str, Command] = {}
    for command in commands:
        found.setdefault(typed(command.line), command)
    return list(found.values())


def programs_of(line: str) -> list[str]:
    """Return the programs of a pipeline."""
    found = []
    for part in re.split(r"[|;]|&&", re.sub(r"'[^']*'|\"[^\"]*\"", "''", line)):
        words = [word for word in shlex.split(part) if "=" not in word.split("/")[0]]
        found += words[:1]
    return found
