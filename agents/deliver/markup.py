"""Markup: how text, marked words and links are written in plain text, Markdown and HTML.

Titles and texts come from anybody's pages. In each markup they stand as text: nothing in them makes a link, another
mark, or calls the whole channel.
"""

import html
import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, Protocol
from urllib.parse import quote, urlsplit

from streams.records import Evidence

Markup = Literal["text", "markdown", "html"]

BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
#: Calls of everybody or somebody in one chat or another: `@everyone`, `@**all**`, `@desk`, `<!channel>`, `<@U123>`,
#: `<at user_id="all">`, `<users/all>`; and what makes a link that hides its address: `<https://…|label>`, `[label](…)`. Many
#: chats read such marks though Apprise takes them for plain text. An @ within an address of mail calls nobody.
CALLS = re.compile(
    r"(?i)[@!](?=(?:everyone|here|channel|all|room)\b)|(?<!\w)@(?!\s)"
    r"|<(?=[@!#]|at\s|users/|[a-z][a-z0-9+.-]{0,20}:)|\](?=\()"
)
#: Characters that turn a text around, also what stands behind it in its line.
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
NOT_IN_URL = re.compile(r"[\s\x00-\x20\x7f<>\"\\^`{|}]")
#: A mark of CommonMark anywhere, and those that count at the start of a line only.
MARKDOWN = re.compile(r"[\\`*_\[\]<>~|]|^[-+#=]")


class Piece(NamedTuple):
    """A part of a title or a text, and whether it is marked."""

    text: str
    marked: bool


class Writer(Protocol):
    """Writer of one markup: text, marks, links and blocks."""

    def text(self, text: str) -> str:
        """Return text as it stands."""

    def mark(self, text: str) -> str:
        """Return written text as marked."""

    def link(self, label: str, url: str) -> str:
        """Return a written label with a link."""

    def message(self, blocks: Iterable[Sequence[str]]) -> str:
        """Return blocks of written lines as one message."""


class PlainText:
    """Plain text: marked words stand between asterisks, links behind their label."""

    def text(self, text: str) -> str:
        """Return text as it stands."""
        return text

    def mark(self, text: str) -> str:
        """Return text between asterisks."""
        return f"*{text}*"

    def link(self, label: str, url: str) -> str:
        """Return the label and, on a line of its own, the URL."""
        return f"{label}\n{url}"

    def message(self, blocks: Iterable[Sequence[str]]) -> str:
        """Return the blocks with a blank line between them."""
        return "\n\n".join("\n".join(lines) for lines in blocks)


class CommonMark:
    """Markdown (CommonMark)."""

    def text(self, text: str) -> str:
        """Return text without any meaning as markup."""
        return MARKDOWN.sub(lambda match: "\\" + match[0], text)

    def mark(self, text: str) -> str:
        """Return text in bold type."""
        return f"**{text}**"

    def link(self, label: str, url: str) -> str:
        """Return a link."""
        return f"[{label}](<{url}>)"

    def message(self, blocks: Iterable[Sequence[str]]) -> str:
        """Return the blocks as paragraphs, each line on its own."""
        return "\n\n".join("  \n".join(lines) for lines in blocks)


class Html:
    """HTML: the few elements that mail and Telegram both show."""

    def text(self, text: str) -> str:
        """Return text without any meaning as markup."""
        return html.escape(text)

    def mark(self, text: str) -> str:
        """Return text in bold type."""
        return f"<b>{text}</b>"

    def link(self, label: str, url: str) -> str:
        """Return a link."""
        return f'<a href="{html.escape(url)}">{label}</a>'

    def message(self, blocks: Iterable[Sequence[str]]) -> str:
        """Return the blocks as paragraphs, each line on its own."""
        return "\n".join(f"<p>{'<br>'.join(lines)}</p>" for lines in blocks)


WRITERS: dict[Markup, Writer] = {"text": PlainText(), "markdown": CommonMark(), "html": Html()}


def pieces_of(text: str, spans: Iterable[Evidence], field: Literal["title", "text"], start: int = 0) -> list[Piece]:
    """Return `text`, which begins at code point `start` of a field, in marked and other pieces.

    Spans may overlap, reach over the ends or lie elsewhere: what lies within is marked.
    """
    pieces: list[Piece] = []
    at = 0
    for span in sorted((s for s in spans if s.field == field), key=lambda s: (s.start, s.end)):
        begin, end = max(span.start - start, at), min(span.end - start, len(text))
        if begin >= end:
            continue
        if begin > at:
            pieces.append(Piece(text[at:begin], marked=False))
        pieces.append(Piece(text[begin:end], marked=True))
        at = end
    if at < len(text):
        pieces.append(Piece(text[at:], marked=False))
    return pieces


def written(pieces: Sequence[Piece], write: Writer) -> str:
    """Return pieces as written: on one line, marks around the words and not around the blanks beside them."""
    line = ""
    for piece in pieces:
        text = harmless(BLANKS.sub(" ", piece.text))
        core = text.strip()
        if not piece.marked or not core:
            line += write.text(text)
            continue
        head, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        line += f"{head}{write.mark(write.text(core))}{tail}"
    return line.strip()


def one_line(text: str) -> str:
    """Return text on one line, harmless."""
    return harmless(BLANKS.sub(" ", text).strip())


def title_of(title: str) -> str:
    """Return an article's title, or `(no title)` where it has none: a link and a subject need a text."""
    return title if title.strip() else "(no title)"


def harmless(text: str) -> str:
    """Return text that calls nobody in a chat and hides no address: an invisible blank stands behind the character that would.

    What turns a text around is left out.
    """
    return CALLS.sub(lambda match: f"{match[0]}\u200b", TURNS.sub("", text))


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number and its noun; without a `plural` the noun gets an s."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"


def safe_url(url: str | None) -> str | None:
    """Return a web address that no markup can end early; None for any other URL (`javascript:`, say)."""
    if not url:
        return None
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return None
    if scheme not in ("http", "https"):
        return None
    return NOT_IN_URL.sub(lambda match: quote(match[0]), url.strip())
