"""An alert as people read it: in mail, in a chat, in Alertmanager.

Titles and texts come from anybody's pages. In each markup they stand as text: nothing in them makes a link, another
mark, or calls the whole channel.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple, Protocol
from urllib.parse import quote, urlsplit

from streams.records import Alert, AlertArticle, AlertItem, BurstCount, Evidence

Markup = Literal["text", "markdown", "html"]

MAX_SUBJECT = 200
#: So many items of a digest, the newest, are told; the rest is counted.
MAX_ITEMS = 20
#: So many different marked words are named.
MAX_WORDS = 8

BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
#: What calls everybody in one chat or another: `@everyone`, `<!channel>`, `<@U123>`.
CALLS = re.compile(r"(?i)[@!](?=(?:everyone|here|channel|all)\b)|<(?=[@!#])")
NOT_IN_URL = re.compile(r"[\s\x00-\x20\x7f<>\"\\^`{|}]")
#: A mark of CommonMark anywhere, and those that count at the start of a line only.
MARKDOWN = re.compile(r"[\\`*_\[\]<>~|]|^[-+#=]")
#: What a text that is not cut off ends with.
SENTENCE_END = re.compile(r"[.!?…。\uff01\uff1f][\"'”»)」\u2019]*\Z")


class Piece(NamedTuple):
    """A part of a title or a text, and whether it is marked."""

    text: str
    marked: bool


class Writer(Protocol):
    """How one markup writes what a message is made of."""

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


def subject(alert: Alert) -> str:
    """Return one line of at most 200 characters: severity, watch, and the title, or what there is several of."""
    match alert.kind:
        case "digest":
            what = f"{counted(len(alert.digest), 'alert')} from quiet hours: {alert.article.title}"
        case "burst" if alert.burst is not None:
            what = f"{in_numbers(alert.burst)}: {alert.article.title}"
        case _:
            what = alert.article.title
    return cut(one_line(f"[{alert.severity}] {alert.watch}: {what}"), MAX_SUBJECT)


def body(alert: Alert, markup: Markup) -> str:
    """Return the message: the article or the digest's items, and why the watch fired."""
    write = WRITERS[markup]
    blocks: list[list[str]] = []
    if alert.kind == "digest" and alert.digest:
        told = alert.digest[-MAX_ITEMS:]
        first = f"{counted(len(alert.digest), 'alert')} of watch {alert.watch}, held back in quiet hours"
        if len(told) < len(alert.digest):
            first += f"; the last {len(told)}:"
        blocks.append([write.text(first)])
        blocks += [item_block(number, item, write) for number, item in enumerate(told, 1)]
    else:
        blocks += article_blocks(alert.article, alert.spans, write)
    blocks.append(list(reasons(alert, write)))
    return write.message(blocks)


def article_blocks(article: AlertArticle, spans: Sequence[Evidence], write: Writer) -> Iterator[list[str]]:
    """Yield the blocks of one article: title with link, source and time; the snippet; what it is about."""
    yield [title(article, spans, write), write.text(origin(article))]
    if article.snippet.strip():
        yield [snippet(article, spans, write)]
    about = []
    # names where there are any: an alert raised by an earlier release has codes alone
    if named := article.region_names or article.regions:
        about.append(write.text(f"Regions: {one_line(', '.join(named))}"))
    if named := article.topic_labels or article.topics:
        about.append(write.text(f"Topics: {one_line('; '.join(named))}"))
    if about:
        yield about


def item_block(number: int, item: AlertItem, write: Writer) -> list[str]:
    """Return one item of a digest."""
    lines = [f"{number}) {title(item.article, item.spans, write)}", write.text(origin(item.article))]
    if item.article.snippet.strip():
        lines.append(snippet(item.article, item.spans, write))
    return lines


def reasons(alert: Alert, write: Writer) -> Iterator[str]:
    """Yield why the watch fired and what it did not tell."""
    owner = f", {one_line(alert.owner)}" if alert.owner else ""
    yield write.text(f"Watch: {alert.watch} ({alert.severity}{owner})")
    if alert.kind != "digest" and (why := found(alert, write)):
        yield why
    if alert.burst is not None:
        yield write.text(f"Burst: {in_numbers(alert.burst)}")
    if alert.suppressed:
        yield write.text(f"Not told since the last alert: {alert.suppressed} (cool-down, limit or quiet hours)")
    if alert.story:
        yield write.text(f"Story: {one_line(alert.story)}")


def found(alert: Alert, write: Writer) -> str:
    """Return the marked words, each once, and how many places lie beyond the snippet."""
    article = alert.article
    texts = [
        piece.text
        for pieces in (pieces_of(article.title, alert.spans, "title"), snippet_pieces(article, alert.spans))
        for piece in pieces
        if piece.marked
    ]
    words = list({one_line(text).casefold(): one_line(text) for text in reversed(texts)}.values())[::-1]
    end = article.snippet_start + len(article.snippet)
    beyond = sum(
        span.field == "text" and not (span.start < end and span.end > article.snippet_start) for span in alert.spans
    )
    parts = [write.mark(write.text(harmless(word))) for word in words[:MAX_WORDS]]
    if len(words) > MAX_WORDS:
        parts.append(write.text(f"{len(words) - MAX_WORDS} more"))
    if beyond:
        parts.append(write.text(f"{counted(beyond, 'place')} outside of the excerpt"))
    return f"{write.text('Found: ')}{', '.join(parts)}" if parts else ""


def title(article: AlertArticle, spans: Sequence[Evidence], write: Writer) -> str:
    """Return the title with its marks and the link to the article."""
    label = written(pieces_of(article.title, spans, "title"), write) or write.text("(no title)")
    url = safe_url(article.url)
    return write.link(label, url) if url else label


def snippet(article: AlertArticle, spans: Sequence[Evidence], write: Writer) -> str:
    """Return the snippet with its marks, and dots where the text goes on."""
    before = "… " if article.snippet_start else ""
    after = "" if SENTENCE_END.search(article.snippet.rstrip()) else " …"
    return f"{before}{written(snippet_pieces(article, spans), write)}{after}"


def snippet_pieces(article: AlertArticle, spans: Iterable[Evidence]) -> list[Piece]:
    """Return the snippet in marked and other pieces."""
    return pieces_of(article.snippet, spans, "text", article.snippet_start)


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


def origin(article: AlertArticle) -> str:
    """Return source and time, and which time it is."""
    if article.published_at is not None:
        return f"{one_line(article.source)}, published {clock(article.published_at)}"
    return f"{one_line(article.source)}, fetched {clock(article.fetched_at)}"


def clock(time: datetime) -> str:
    """Return a time to the minute, in UTC; one without a zone is taken for it, as everywhere."""
    utc = time.astimezone(UTC) if time.tzinfo is not None else time
    return f"{utc:%Y-%m-%d %H:%M} UTC"


def in_numbers(burst: BurstCount) -> str:
    """Return a burst in numbers, as `12 articles in 1 h, usually 2.3`."""
    return f"{burst.count} articles in {period(burst.window_seconds)}, usually {burst.usual:.1f}"


def period(seconds: int) -> str:
    """Return seconds in the largest unit that divides them."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def counted(number: int, noun: str) -> str:
    """Return a number and its noun."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def one_line(text: str) -> str:
    """Return text on one line, harmless."""
    return harmless(BLANKS.sub(" ", text).strip())


def harmless(text: str) -> str:
    """Return text that calls nobody in a chat: an invisible blank stands behind the sign that would."""
    return CALLS.sub(lambda match: f"{match[0]}\u200b", text)


def cut(text: str, length: int) -> str:
    """Return text of at most `length` characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def safe_url(url: str | None) -> str | None:
    """Return a web address without what would end it in any markup; None for any other URL (`javascript:`, say)."""
    if not url:
        return None
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return None
    if scheme not in ("http", "https"):
        return None
    return NOT_IN_URL.sub(lambda match: quote(match[0]), url.strip())
