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

from agents.clean.dates import parse_date
from agents.clean.page import Page
from agents.clean.places import Setting, is_elsewhere, own_text, setting, title_block

PUBLISHED = re.compile(
    r"(?i)(?<!last )\bpubli|\bposted|\bpost time|\brelease[\W_]?date|\bcreated|\bdate posted"
    r"|veröffentlicht|erschienen|écrit le|mis en ligne|posté le|\bpubblicat|ge(?:publiceerd|plaatst)"
    r"|offentlig|\budgivet|julkaistu|opublikowan|zveřejněn|közzét|megjelent|\byayın|diterbitkan"
    r"|опубликован|опублікован|публикувано|δημοσιε|ngày đăng|đăng ngày"
    r"|发布|發布|发表|發表|公開|掲載|配信|등록|입력|게시|نشر|פורסם|प्रकाशित|เผยแพร่"
)
MODIFIED = re.compile(
    r"(?i)modif|updat|last publi|edited|revis|aktualis|geändert|mis à jour|a[ct]+uali[sz]ad|actualitzat|aggiornat"
    r"|bijgewerkt|gewijzigd|uppdatera|oppdatert|opdateret|päivitetty|aktualizac|zaktualizowan|aktualizován|frissítve|actualizat|güncelle"
    r"|diperbarui|обновлен|оновлен|ενημέρωση|cập nhật|更新|修改|수정|업데이트|تحديث|עודכן|अपडेट|อัปเดต|reviewed"
)
#: What a date is called that is no date of an article.
_UNRELATED = re.compile(
    r"(?i)©|copyright|\(c\)|all rights|\bsubmitted|\breceived|\baccepted|\bexpire|deadline"
    r"|\bvalid\b|accessed|retrieved|\bjoined|member since|\bregister"
    r"|\bbirth|\bborn\b|founded|\bdue\b|effective|\bwebinar\b|\bevents?\b"
)
_ORIGINALLY = re.compile(
    r"(?i)^.{0,40}\b(?:first|originally|ursprünglich|zuerst)\s+(?:published|posted|veröffentlicht|erschienen)"
)
_BYLINE = re.compile(
    r"(?i)^(?:(?:written|posted|published|words|story|text|reported)\s+)?(?:by|von|por|par|door|oleh|di)[:\s]"
)
#: What a block with a date has.
_YEAR = re.compile(r"\d{4}|\d[./-]\d{1,2}[./-]\d\d")
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
        *(f"[{name}]" for name in DATE_ATTRIBUTES if name.startswith("data")),
    ]
)
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

    Of several the one said to be of publication, else one that nothing is said of, else the update's.
    """
    if _UNRELATED.search(text):
        return None
    modified = MODIFIED.search(text)
    if published := PUBLISHED.search(text):
        rest = text[published.end() :]
        update = MODIFIED.search(rest)
        if date := parse_date(rest[: update.start()] if update else rest, language):
            return date, Label.PUBLISHED
    if modified:
        before, after = (parse_date(part, language) for part in (text[: modified.start()], text[modified.end() :]))
        if before and after:
            return before, Label.PUBLISHED if published else Label.NOTHING
        date = before or after
        return (date, Label.MODIFIED) if date else None
    date = parse_date(text, language)
    return (date, Label.PUBLISHED if published else Label.NOTHING) if date else None


def rank_of(label: Label, place: Setting, blocks: int) -> Rank:
    """Return how good a date is by what is said about it, where it stands, and how far from the title."""
    near = -10 <= blocks <= 25
    if place >= Setting.SITE and not -3 <= blocks <= 10:
        return Rank.NONE
    if label is Label.MODIFIED:
        return Rank.MODIFIED if near and place is not Setting.ASIDE else Rank.MODIFIED_AFAR
    if label is Label.PUBLISHED:
        return Rank.PUBLISHED if near and place is Setting.INSIDE else Rank.PUBLISHED_AFAR
    if place is Setting.ASIDE and not -3 <= blocks <= 10:
        return Rank.NONE
    return Rank.BY_TITLE if near else Rank.NONE


class PageDates:
    """Finds the dates on one page. `title`: the article's, near which they stand; `language`: for dates in numbers."""

    def __init__(self, page: Page, title: str, language: str) -> None:
        self.page = page
        self.language = language
        self.heading = title_block(page, title)
        self.start = max(0, self.heading)

    def ranked(self) -> list[PageDate]:
        """Return the dates that may be the article's, best first, nearer to the title first."""
        found = [item for item in (*self._marked(), *self._written()) if item.rank < Rank.NONE]
        if len({item.date.date() for item in found if item.rank is Rank.BY_AUTHOR}) > 1:
            # A list of other articles, each with its author and date.
            found = [item for item in found if item.rank is not Rank.BY_AUTHOR]
        return sorted(found, key=lambda item: item[:2])

    def _item(self, rank: Rank, at: int, date: datetime) -> PageDate:
        blocks = at - self.start
        return PageDate(rank, blocks if blocks >= 0 else -3 * blocks, date)

    def _setting(self, at: int, text: str, node: LexborNode) -> Setting:
        texts = self.page.texts
        if at < len(texts) and text and text in " ".join(texts[at].split()):
            return setting(self.page, at, self.heading)
        return Setting.OTHER if is_elsewhere(node) else Setting.INSIDE

    def _label_above(self, at: int) -> str:
        """Return the short block above a block where it says what the block's date is, and nothing else."""
        text = self.page.texts[at - 1] if 0 < at <= len(self.page.texts) else ""
        if (
            len(text) <= MAX_LABEL
            and not any(map(str.isdigit, text))
            and (PUBLISHED.search(text) or MODIFIED.search(text))
        ):
            return text
        return ""

    def _marked(self) -> Iterator[PageDate]:
        """Yield the dates of `time` elements and of those that are called a date."""
        for node, at in self.page.times:
            attributes = node.attributes
            text = own_text(node)
            value = next(
                (date for name in DATE_ATTRIBUTES if (date := parse_date(attributes.get(name) or "", self.language))),
                None,
            )
            if len(text) >= MAX_TEXT:
                text = ""
            shown = labelled_date(text, self.language) if text else None
            date = value or (shown[0] if shown else None)
            if date is None or (text and _UNRELATED.search(text)):
                continue
            kind = f"{attributes.get('class')} {attributes.get('itemprop')}".lower()
            exact = "datepublished" in kind or "pubdate" in attributes
            label = shown[1] if shown else Label.NOTHING
            if label is Label.NOTHING:
                label = named(f"{kind} {text}") if exact or not (above := self._label_above(at)) else named(above)
            place = self._setting(at, text, node)
            rank = rank_of(Label.PUBLISHED if exact else label, place, at - self.start)
            if rank is Rank.NONE and place is Setting.FOOTER:
                rank = Rank.BY_AUTHOR
            yield self._item(rank, at, date)

    def _written(self) -> Iterator[PageDate]:
        """Yield the dates in short blocks of text."""
        for at, text in enumerate(self.page.texts):
            if len(text) >= 2 * MAX_TEXT or not _YEAR.search(text):
                continue
            blocks = at - self.start
            original = _ORIGINALLY.search(text)
            if len(text) >= MAX_TEXT and not original:
                continue
            above = self._label_above(at) if len(text) < MAX_LABEL else ""
            said = bool(original or above or PUBLISHED.search(text) or MODIFIED.search(text))
            by_author = not said and len(text) < MAX_LABEL and self._beside_byline(at)
            if not (said or by_author or (-8 <= blocks <= 16 and len(text) < MAX_UNLABELLED)):
                continue
            found = labelled_date(text, self.language)
            if found is None:
                continue
            date, label = found
            if label is Label.NOTHING and above:
                label = named(above)
            place = setting(self.page, at, self.heading)
            rank = rank_of(label, place, blocks)
            if original and place < Setting.OTHER:
                rank = Rank.PUBLISHED
            if rank is Rank.NONE and by_author and place is Setting.INSIDE:
                rank = Rank.BY_AUTHOR
            yield self._item(rank, at, date)

    def _beside_byline(self, at: int) -> bool:
        """Return whether the block above or below one is a byline."""
        return any(
            len(text) < MAX_UNLABELLED and _BYLINE.match(text) for text in self.page.texts[max(0, at - 1) : at + 2]
        )


def named(text: str) -> Label:
    """Return what a class name or a label says about a date."""
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
