"""The dates that stand on a page: which of them may be the article's, and how far each is to be trusted.

A date counts by what is said about it ("Published", "Updated": before it, in its class name, or in the short block above
it) and by where it stands: near the title, in the article's own footer, in a sidebar, or with other articles.
"""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

import re
from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from agents.clean.metadata.dates import parse_date
from agents.clean.page.places import Setting, is_elsewhere, own_text, setting, title_block
from agents.clean.page.walk import Page

#: Labels, in lower case and from their first letter on, which lets `re` skip ahead: ten times faster than ignoring case.
PUBLISHED = re.compile(
    r"publi|posted|post time|post_time|release.?date|created|veröffentlicht|erschienen|écrit le|mis en ligne|posté le"
    r"|pubblicat|gepubliceerd|geplaatst|offentlig|udgivet|julkaistu|opublikowan|zveřejněn|közzét|megjelent|yayın"
    r"|diterbitkan|опубликован|опублікован|публикувано|δημοσιε|ngày đăng|đăng ngày"
    r"|发布|發布|发表|發表|公開|掲載|配信|등록|입력|게시|نشر|פורסם|प्रकाशित|เผยแพร่"
)
MODIFIED = re.compile(
    r"modif|updat|edited|revis|reviewed|aktualis|geändert|mis à jour|actualiz|atualiz|actualis|actualitzat|aggiornat"
    r"|bijgewerkt|gewijzigd|uppdatera|oppdatert|opdateret|päivitetty|aktualizac|zaktualizowan|aktualizován|frissítve"
    r"|güncelle|diperbarui|обновлен|оновлен|ενημέρωση|cập nhật|更新|修改|수정|업데이트|تحديث|עודכן|अपडेट|อัปเดต"
)
#: What a date is called that is no date of an article.
_UNRELATED = re.compile(
    r"©|copyright|all rights|submitted|received|accepted|expire|deadline|valid (?:un)?til|valid through|valid from"
    r"|accessed|retrieved|joined|member since|register|birth|born|founded|due |effective|webinar|events?\b"
)
_ORIGINALLY = re.compile(
    r"^.{0,40}\b(?:first|originally|ursprünglich|zuerst)\s+(?:published|posted|veröffentlicht|erschienen)"
)
_BYLINE = re.compile(
    r"^(?:(?:written|posted|published|words|story|text|reported)\s+)?(?:by|von|por|par|door|oleh|di)[:\s]"
)
#: What a block with a date has.
_YEAR = re.compile(r"\d{4}|\d[./-]\d{1,2}[./-]\d\d|[和成國国]\s*(?:\d{1,3}|元)\s*年")
_TO_LAST_DIGIT = re.compile(r"^.*\d", re.DOTALL)
#: Attributes in which a page keeps a date for its scripts, best first.
DATE_ATTRIBUTES = (
    "datetime", "content", "data-datetime", "data-date", "data-timestamp", "data-time", "data-published",
    "data-pubdate", "data-utc", "title",
)  # fmt: skip
_KEPT_FOR_SCRIPTS = ", ".join(
    [
        "time[datetime]",
        "relative-time",
        "time-ago",
        '[itemprop~="datePublished"]',
        *(f"[{name}]" for name in DATE_ATTRIBUTES if name.startswith("data")),
    ]
)
#: Blocks before and after the title that are near it.
NEAR = (10, 25)
#: Blocks below the title that are the article's whatever they are called.
CLOSE = 5
#: Longer texts are paragraphs, not dates.
MAX_TEXT = 140
MAX_UNLABELLED = 80
MAX_LABEL = 30


class Rank(IntEnum):
    """How good a date is, best first."""

    PUBLISHED = 0
    BY_TITLE = 1
    PUBLISHED_AFAR = 2
    MODIFIED = 3
    BY_AUTHOR = 4
    MODIFIED_AFAR = 5
    NONE = 6


class Label(IntEnum):
    """What is said about a date."""

    PUBLISHED = 0
    NOTHING = 1
    MODIFIED = 2


class PageDate(NamedTuple):
    """A date on a page. `distance`: blocks from the title; what stands before it counts three times."""

    rank: Rank
    distance: int
    date: datetime


def labelled_date(text: str, language: str) -> tuple[datetime, Label] | None:
    """Return the date in a short text that may be the article's, and what is said of it.

    Of several the one said to be of publication, else the one before the update's, else the update's.
    """
    text = lower(text)
    found = _labelled(text, language)
    return None if found is None or _UNRELATED.search(text) else found


def lower(text: str) -> str:
    """Return a text as the labels are written; a date of last publication is an update's."""
    return text.lower().replace("last publi", "last updat")


def _labelled(text: str, language: str) -> tuple[datetime, Label] | None:
    modified = MODIFIED.search(text)
    published = PUBLISHED.search(text)
    if published:
        rest = text[published.end() :]
        update = MODIFIED.search(rest)
        if date := parse_date(rest[: update.start()] if update else rest, language):
            return date, Label.PUBLISHED
    if modified:
        before, after = (parse_date(part, language) for part in (text[: modified.start()], text[modified.end() :]))
        if before and after:
            return before, Label.PUBLISHED
        date = before or after
        return (date, Label.MODIFIED) if date else None
    date = parse_date(text, language)
    return (date, Label.PUBLISHED if published else Label.NOTHING) if date else None


def rank_of(label: Label, place: Setting, blocks: int) -> Rank:
    """Return how good a date is by what is said about it, where it stands, and how far from the title."""
    near = -NEAR[0] <= blocks <= NEAR[1]
    if place >= Setting.SITE and not -3 <= blocks <= CLOSE:
        return Rank.NONE
    if label is Label.MODIFIED:
        return Rank.MODIFIED if near and place is not Setting.ASIDE else Rank.MODIFIED_AFAR
    if label is Label.PUBLISHED:
        return Rank.PUBLISHED if near and place is Setting.INSIDE else Rank.PUBLISHED_AFAR
    if place is Setting.ASIDE and not -3 <= blocks <= CLOSE:
        return Rank.NONE
    return Rank.BY_TITLE if near else Rank.NONE


class PageDates:
    """Finds the dates on one page. `title`: the article's, near which they stand; `language`: for dates in numbers."""

    def __init__(self, page: Page, title: str, language: str) -> None:
        self.page = page
        self.language = language
        self.heading = title_block(page, title)
        self.start = max(0, self.heading)
        self._read: dict[str, tuple[datetime, Label] | None] = {}

    def ranked(self, *, near: bool = False) -> list[PageDate]:
        """Return the dates that may be the article's, best first, nearer to the title first.

        `near`: of those that are only written, the ones near the title.
        """
        texts = self.page.texts
        blocks = (
            range(max(0, self.start - NEAR[0]), min(len(texts), self.start + NEAR[1] + 1))
            if near
            else range(len(texts))
        )
        found = [item for item in (*self._marked(), *self._written(blocks)) if item.rank < Rank.NONE]
        for rank, most in ((Rank.BY_AUTHOR, 1), (Rank.BY_TITLE, 2)):
            alike = [item for item in found if item.rank is rank]
            if len({item.date.date() for item in alike}) > most and min(item.distance for item in alike) > CLOSE:
                # A list of other articles, each with its date.
                found = [item for item in found if item.rank is not rank]
        return sorted(found, key=lambda item: item[:2])

    def _item(self, rank: Rank, at: int, date: datetime) -> PageDate:
        blocks = at - self.start
        return PageDate(rank, blocks if blocks >= 0 else -3 * blocks, date)

    def _labelled(self, text: str) -> tuple[datetime, Label] | None:
        """Return `labelled_date` of a text, which often stands in several elements around one another."""
        if text not in self._read:
            self._read[text] = labelled_date(text, self.language) if _YEAR.search(text) else None
        return self._read[text]

    def _setting(self, at: int, text: str, node: LexborNode) -> Setting:
        texts = self.page.texts
        if at < len(texts) and text and text in " ".join(texts[at].split()):
            return setting(self.page, at, self.heading)
        return Setting.OTHER if is_elsewhere(node) else Setting.INSIDE

    def _label_above(self, at: int) -> Label:
        """Return what the block above a block says of the block's date, where it says nothing else."""
        text = self.page.texts[at - 1] if 0 < at <= len(self.page.texts) else ""
        return named(text) if len(text) <= MAX_LABEL and not any(map(str.isdigit, text)) else Label.NOTHING

    def _label_before(self, at: int, text: str) -> Label:
        """Return what stands right before an element's text in its block, back to the last number."""
        block = " ".join(self.page.texts[at].split()) if at < len(self.page.texts) else ""
        before = block[max(0, (start := block.find(text)) - MAX_LABEL) : max(0, start)] if text else ""
        return named(_TO_LAST_DIGIT.sub("", before)) if before else Label.NOTHING

    def _marked(self) -> Iterator[PageDate]:
        """Yield the dates of `time` elements and of those that are called a date."""
        for node, at in self.page.times:
            attributes = node.attributes
            values = [attributes[name] or "" for name in DATE_ATTRIBUTES if name in attributes]
            value = next((date for text in values if (date := parse_date(text, self.language))), None)
            text = own_text(node)
            if len(text) >= MAX_TEXT:
                text = ""
            shown = self._labelled(text) if text else None
            date = value or (shown[0] if shown else None)
            if date is None or _UNRELATED.search(text.lower()):
                continue
            kind = f"{attributes.get('class')} {attributes.get('itemprop')}".lower()
            if "datepublished" in kind or "pubdate" in attributes:
                label = Label.PUBLISHED
            else:
                label = shown[1] if shown else Label.NOTHING
                label = named(kind) if label is Label.NOTHING else label
                label = self._label_before(at, text) if label is Label.NOTHING else label
                label = self._label_above(at) if label is Label.NOTHING else label
            place = self._setting(at, text, node)
            rank = rank_of(label, place, at - self.start)
            if rank is Rank.NONE and place is Setting.FOOTER:
                rank = Rank.BY_AUTHOR
            yield self._item(rank, at, date)

    def _written(self, indices: range) -> Iterator[PageDate]:
        """Yield the dates in short blocks of text."""
        for at in indices:
            text = self.page.texts[at]
            if len(text) >= 2 * MAX_TEXT:
                continue
            if len(text) >= MAX_TEXT and not _ORIGINALLY.match(text[:80].lower()):
                continue
            found = self._labelled(text)
            if found is None:
                continue
            date, label = found
            by_author = False
            if label is Label.NOTHING and len(text) < MAX_LABEL:
                label = self._label_above(at)
                by_author = label is Label.NOTHING and self._beside_byline(at)
            blocks = at - self.start
            if label is Label.NOTHING and not by_author and not (-8 <= blocks <= 16 and len(text) < MAX_UNLABELLED):
                continue
            place = setting(self.page, at, self.heading)
            rank = rank_of(label, place, blocks)
            if label is Label.PUBLISHED and place < Setting.OTHER and _ORIGINALLY.match(text[:80].lower()):
                rank = Rank.PUBLISHED
            if rank is Rank.NONE and by_author and place is Setting.INSIDE:
                rank = Rank.BY_AUTHOR
            yield self._item(rank, at, date)

    def _beside_byline(self, at: int) -> bool:
        """Return whether the block above or below one is a byline."""
        texts = self.page.texts[max(0, at - 1) : at + 2]
        return any(len(text) < MAX_UNLABELLED and _BYLINE.match(text.lower()) for text in texts)


def named(text: str) -> Label:
    """Return what a class name or a label says about a date."""
    text = lower(text)
    if PUBLISHED.search(text):
        return Label.PUBLISHED
    return Label.MODIFIED if MODIFIED.search(text) else Label.NOTHING


def script_date(nodes: list[LexborNode], language: str) -> datetime | None:
    """Return the one day that a page's elements keep for scripts to show (`data-timestamp` and the like), or None."""
    found: list[datetime] = []
    for node in nodes[:50]:
        attributes = node.attributes
        for name in DATE_ATTRIBUTES:
            date = parse_date(attributes.get(name) or "", language)
            if date and not is_elsewhere(node):
                found.append(date)
                break
    return found[0] if len({date.date() for date in found}) == 1 else None


#: Selects the elements for `script_date`.
SCRIPT_DATES = _KEPT_FOR_SCRIPTS
