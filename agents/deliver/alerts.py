"""The text of an alert as people read it: in mail, in a chat, in Alertmanager."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from agents.deliver.markup import (
    WRITERS,
    Markup,
    Piece,
    Writer,
    counted,
    harmless,
    one_line,
    pieces_of,
    safe_url,
    title_of,
    written,
)
from streams.backfill import is_day_alone
from streams.records import Alert, AlertArticle, AlertItem, BurstCount, Evidence, HeldBack, HeldBackReason
from streams.standards.language_names import english_name

MAX_SUBJECT = 200
#: The watch of a test message, which is in force nowhere.
TEST_WATCH = "wirewatch-test"
#: Maximum number of a digest's items listed, the newest; the rest is counted.
MAX_ITEMS = 20
#: Most distinct matches that are listed.
MAX_WORDS = 8
#: Most matches listed that were held back.
MAX_HELD_BACK = 5
REASONS: dict[HeldBackReason, str] = {"quiet": "quiet hours", "cool_down": "cool-down", "limit": "limit of the hour"}

#: Ends of a text that is not cut off.
SENTENCE_END = re.compile(r"[.!?…。\uff01\uff1f][\"'”»)」\u2019]*\Z")


def subject(alert: Alert) -> str:
    """Return one line of at most 200 characters: severity, watch, and the title, or the number of alerts or articles."""
    what = title_of(one_line(alert.article.title))
    match alert.kind:
        case "digest":
            what = f"{counted(len(alert.digest), 'alert')} from quiet hours: {what}"
        case "burst" if alert.burst is not None:
            what = f"{in_numbers(alert.burst)}: {what}"
    return cut(one_line(f"[{alert.severity}] {alert.watch}: {what}"), MAX_SUBJECT)


def body(alert: Alert, markup: Markup, page: str = "") -> str:
    """Return the message: the article or the digest's items, why the watch fired, and how to mute it.

    `page`: the address of the page, to which it leads where there is one.
    """
    write = WRITERS[markup]
    blocks: list[list[str]] = []
    if alert.kind == "digest" and alert.digest:
        listed = alert.digest[-MAX_ITEMS:]
        first = f"{counted(len(alert.digest), 'alert')} of watch {alert.watch}, held back in quiet hours"
        if len(listed) < len(alert.digest):
            first += f"; the last {len(listed)}:"
        blocks.append([write.text(first)])
        blocks += [item_block(number, item, write) for number, item in enumerate(listed, 1)]
    else:
        line = trend_origin(alert.article) if alert.kind == "trend" else origin(alert.article)
        blocks += article_blocks(alert.article, alert.spans, line, write)
    blocks.append([*reasons(alert, write), *ways_on(alert, page, write)])
    return write.message(blocks)


def article_blocks(
    article: AlertArticle, spans: Sequence[Evidence], origin_line: str, write: Writer
) -> Iterator[list[str]]:
    """Yield the blocks of one article: title with link, source and time (`origin_line`); the snippet; regions and topics."""
    yield [title(article, spans, write), write.text(origin_line)]
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
    """Yield why the watch fired, and which matches it held back."""
    owner = f", {one_line(alert.owner)}" if alert.owner else ""
    yield write.text(f"Watch: {alert.watch} ({alert.severity}{owner})")
    if alert.kind != "digest" and (why := matched_words(alert, write)):
        yield why
    if alert.burst is not None:
        yield write.text(f"Burst: {in_numbers(alert.burst)}")
    if alert.suppressed:
        yield from held_back(alert, write)


def ways_on(alert: Alert, page: str, write: Writer) -> Iterator[str]:
    """Yield where the alert's story is shown, if it is of one, and how its watch is muted; of a test message nothing."""
    if alert.watch == TEST_WATCH:
        return
    is_of_one = alert.kind != "trend" and len(alert.digest) <= 1  # the articles of a digest have their own stories
    if page:
        if is_of_one:
            where = ("story", alert.story) if alert.story else ("article", alert.article.id)
            yield write.link(write.text("Its story"), f"{page}/?{urlencode([where])}")
        about = urlencode({"view": "watches", "watch": alert.watch})
        yield write.link(write.text("Mute or change the watch"), f"{page}/?{about}")
        return
    if alert.story and is_of_one:
        yield write.text(f"Story: {one_line(alert.story)}")
    yield write.text(f"To mute it: wirewatch watches mute {alert.watch}")


def held_back(alert: Alert, write: Writer) -> Iterator[str]:
    """Yield how many matches raised no alert since the last one, and the latest of them with their reasons."""
    named = alert.held_back[-MAX_HELD_BACK:]
    which = f"; the latest {len(named)}:" if named and len(named) < alert.suppressed else ":" if named else ""
    causes = " (cool-down, limit, quiet hours or a mute)" if not named else ""
    yield write.text(f"Held back since the last alert: {alert.suppressed}{causes}{which}")
    for one in named:
        label = write.text(title_of(one_line(one.title)))
        url = safe_url(one.url)
        about = write.text(f" ({one_line(one.source)}, {clock(one.at)}, {why_held_back(one)})")
        yield write.text("\u2013 ") + (write.link(label, url) if url else label) + about


def why_held_back(one: HeldBack) -> str:
    """Say why a match raised no alert."""
    if one.related_to is not None:
        return f"also told in {english_name(one.language) or 'another language'}"
    return f"muted until {clock(one.muted_until)}" if one.muted_until is not None else REASONS[one.reason]


def matched_words(alert: Alert, write: Writer) -> str:
    """Return the marked words, each once, and how many places lie beyond the snippet."""
    article = alert.article
    texts = [
        piece.text
        for pieces in (pieces_of(article.title, alert.spans, "title"), snippet_pieces(article, alert.spans))
        for piece in pieces
        if piece.marked
    ]
    known: dict[str, str] = {}
    for text in texts:
        known.setdefault(one_line(text).casefold(), one_line(text))
    words = list(known.values())
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
    label = written(pieces_of(article.title, spans, "title"), write) or write.text(title_of(article.title))
    url = safe_url(article.url)
    return write.link(label, url) if url else label


def snippet(article: AlertArticle, spans: Sequence[Evidence], write: Writer) -> str:
    """Return the snippet with its marks, and dots where the text goes on."""
    before, after = dots_around(article.snippet, article.snippet_start)
    return f"{before}{written(snippet_pieces(article, spans), write)}{after}"


def dots_around(snippet: str, start: int) -> tuple[str, str]:
    """Return the dots before and behind a snippet that begins at a code point of its text, where the text goes on."""
    return "… " if start else "", "" if SENTENCE_END.search(snippet.rstrip()) else " …"


def snippet_pieces(article: AlertArticle, spans: Iterable[Evidence]) -> list[Piece]:
    """Return the snippet in marked and other pieces."""
    return pieces_of(article.snippet, spans, "text", article.snippet_start)


def origin(article: AlertArticle) -> str:
    """Return source and time, and which time it is."""
    if article.published_at is not None:
        return f"{one_line(article.source)}, published {publication(article.published_at)}"
    return f"{one_line(article.source)}, fetched {clock(article.fetched_at)}"


def trend_origin(article: AlertArticle) -> str:
    """Return the line that a trend has in place of a source: that it is a trend, and its time."""
    return f"a trend, counted at {clock(article.fetched_at)}"


def publication(time: datetime) -> str:
    """Return when an article came out: the day alone where no more is known."""
    return f"on {time:%Y-%m-%d}" if is_day_alone(time) else clock(time)


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


def cut(text: str, length: int) -> str:
    """Return text of at most `length` characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
