"""Consoles of the command line, and the one function that makes text from outside safe to show in a terminal.

An article's title, a publisher's name, a receiver's answer may hold anything: escape sequences that move the cursor or
rename the window, line ends that forge lines, bidi overrides that turn a text around. Each such character is shown as a
visible sign instead. Both consoles do this for all that is printed, and neither reads rich's markup.
"""

import logging
import re
import sys
from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from streams.errors import ReaderGone

#: What somebody should look at: yellow letters could not be read on white.
LOOK_AT = "black on yellow"
#: Control characters (C0 with line ends, DEL, C1), line and paragraph separators, bidi embeddings, overrides and
#: isolates, and surrogates that stand alone. The joiners of Persian and of emoji and the marks of direction stay.
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
#: The same where lines have been set already.
UNSAFE_IN_LINES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def safe_text(text: str, *, lines: bool = False) -> str:
    r"""Return a text with a visible sign for each character that could act on a terminal.

    ``\x1b`` becomes ``␛``, a right-to-left override ``<U+202E>``. Line ends stay with ``lines``; a tab is a space.

    >>> safe_text("Port \x1b[2Jstrike")
    'Port ␛[2Jstrike'
    """
    return (UNSAFE_IN_LINES if lines else UNSAFE).sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == ord("\t"):
        return " "
    if code < ord(" "):
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"<U+{code:04X}>"


def safe_json(line: bytes) -> bytes:
    """Return a line of JSON with the unsafe characters of its strings as escapes: the same value, safe to show."""
    text = line.decode("utf-8", "replace")
    return UNSAFE_IN_LINES.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


class SafeConsole(Console):
    """A console whose segments of text hold nothing that could act on a terminal; rich's own codes are added later."""

    def on_broken_pipe(self) -> None:
        """Raise that the reader has gone, as standard output does: rich would end the process from within a running task."""
        raise ReaderGone("nobody reads any more")

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield the segments of a renderable."""
        for segment in super().render(renderable, options):
            if segment.control or not UNSAFE_IN_LINES.search(segment.text):
                yield segment
            else:
                yield Segment(safe_text(segment.text, lines=True), segment.style)


def console(*, stderr: bool = False, width: int | None = None) -> Console:
    """Return a console that shows text from outside safely: no markup, no emoji codes, no control characters."""
    return SafeConsole(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


class SafeFormatter(logging.Formatter):
    """Formats log lines so that text from outside is safe to show, and begins no line. Lines of a traceback stay lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own
        """Return the line of a record without its traceback."""
        return safe_text(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return safe_text(super().format(record), lines=True)


def log_to_stderr(level: str | int, fmt: str) -> None:
    """Log to standard error from `level` on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SafeFormatter(fmt))
    logging.basicConfig(level=level, handlers=[handler])


def write_text(text: str) -> None:
    """Write a text to standard output: as it is to a file or a pipe, safe to show to a terminal."""
    sys.stdout.write(safe_text(text, lines=True) if sys.stdout.isatty() else text)
    sys.stdout.flush()


def show_text(text: str) -> None:
    """Write a text to standard output; to a terminal broken at its words, with each address whole, to be clicked on."""
    if sys.stdout.isatty():
        width = console().width
        text = "\n".join(row for line in text.split("\n") for row in rows(line, width))
    write_text(text)


def rows(line: str, width: int) -> list[str]:
    """Return a line as rows of so many cells, broken at its spaces alone."""
    found: list[str] = []
    for word in line.split(" "):
        if found and cell_len(found[-1]) + 1 + cell_len(word) <= width:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def write_json(lines: Iterable[bytes]) -> None:
    """Write lines of JSON to standard output: byte for byte to a file or a pipe, safe to show to a terminal."""
    out = sys.stdout.buffer
    shown = sys.stdout.isatty()
    for line in lines:
        out.write((safe_json(line) if shown else line) + b"\n")
    out.flush()
