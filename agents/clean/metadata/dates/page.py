"""Dates on a page: those that may be the article's, and how far each is to be trusted.

A date counts by what is said about it ("Published", "Updated": before it, in its class name, or in the short block above
it) and by where it stands: near the title, in the article's own footer, in a sidebar, or with other articles. Day and
month in numbers are read in the order that the page's other dates show, else in that of its language.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from agents.clean.metadata.bylines.names import begins_as_byline
from agents.clean.metadata.dates.attributes import DATE_ATTRIBUTES, Attributes, names_other_day, tells_other
from agents.clean.metadata.dates.boxes import MAX_PART, boxed_date
from agents.clean.metadata.dates.datelines import begins_report, dateline_date
from agents.clean.metadata.dates.labels import (
    MAX_LABEL,
    Label,
    begins_originally,
    date_labels,
    holds_year,
    label_above,
    labelled_date,
    line_of,
    may_be_labelled,
    named,
    tells_other_day,
    unglued,
    unknown_label,
)
from agents.clean.metadata.dates.parsing import FoundDate, Order, numbers_order, read_date
from agents.clean.metadata.dates.places import in_list, is_quoted
from agents.clean.metadata.dates.ranks import NEAR, PageDate, Rank, rank_of, settled_by
from agents.clean.metadata.dates.texts import MAX_TEXT, dates_itself, is_sentence, may_hold_date
from agents.clean.page.blocks import Page
from agents.clean.page.places import HEAD_LINES, Setting, is_elsewhere, own_text, setting, title_block
from agents.clean.page.vocabulary import PART_BIT, PLACE_BIT

#: A day and a month in numbers.
_NUMBERS = re.compile(r"\d[./-]\s?\d")
#: Class names and ids of the day on which a page is shown, or a house is open.
_TODAY = re.compile(
    r"(?i)(?:^|[\s_-])(?:today(?:s?[_-]?date)?|current[_-]?(?:date|day|time)|(?:opening[_-]?)?hours?|weather)(?:$|[\s_-])"
)
_SITE_TOP = PLACE_BIT["nav"] | PLACE_BIT["header"] | PART_BIT["nav"] | PART_BIT["header"]
#: What a class says of an article's head.
_OWN_TOP = PART_BIT["article"] | PART_BIT["meta"]
_TO_LAST_DIGIT = re.compile(r"^.*\d", re.DOTALL)
#: Blocks before and after the title among which a date needs no label.
UNLABELLED = (8, 16)
#: Blocks below the title that are the article's whatever they are called.
CLOSE = 5
#: Blocks right above the title.
ABOVE = 3
#: The site's header begins with one of a page's first blocks: links to its parts may stand before.
FIRST_BLOCKS = 3
#: Blocks below the title within which an article begins, and characters of a dateline.
NEAR_DATELINE, MAX_DATELINE = 8, 110
#: Characters of a paragraph that tells when a text was posted, at most.
MAX_POSTED = 500
MAX_UNLABELLED = 80


class PageDates:
    """Finds the dates on one page. `title`: the article's, near which they stand; `language`: for dates in numbers."""

    def __init__(self, page: Page, title: str, language: str) -> None:
        self.page = page
        self.language = language
        self.heading = title_block(page, title)
        self.start = max(0, self.heading)
        self._read: dict[str, tuple[FoundDate, Label] | None] = {}
        self._order: Order | None = None
        #: Blocks with an element that is marked as another day's, found with the marked dates.
        self._others: set[int] = set()

    @property
    def order(self) -> Order:
        """The order of day and month in the page's dates in numbers, read when it is first asked for."""
        if self._order is None:
            self._order = page_order(self.page)
        return self._order

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
        marked = list(self._marked())
        changed = {(item.distance, item.found.day) for item in marked if item.rank is Rank.MODIFIED}
        # What is marked as an update's is none of publication where its text is read without the mark.
        written = [
            item
            for item in self._written(blocks)
            if item.rank is not Rank.BY_TITLE or (item.distance, item.found.day) not in changed
        ]
        every = [*marked, *written]
        found = settled_by([item for item in every if item.rank < Rank.NONE], every)
        for rank, most in ((Rank.BY_AUTHOR, 1), (Rank.BY_TITLE, 2)):
            alike = [item for item in found if item.rank is rank]
            if len({item.found.day for item in alike}) > most and min(item.distance for item in alike) > CLOSE:
                # A list of other articles, each with its date; the one right above the title is the article's own.
                own = {item.found.day for item in alike if item.above}
                found = [item for item in found if item.rank is not rank or (len(own) == 1 and item.above)]
        return sorted(found, key=lambda item: item[:2])

    def _item(self, rank: Rank, at: int, date: FoundDate, where: str) -> PageDate:
        blocks = at - self.start
        return PageDate(rank, blocks if blocks >= 0 else -3 * blocks, date, where, -ABOVE <= blocks < 0)

    def _labelled(self, text: str) -> tuple[FoundDate, Label] | None:
        """Return `labelled_date` of a text, which often stands in several elements around one another."""
        if text not in self._read:
            found = None
            if holds_year(text):
                order = self.order if _NUMBERS.search(text) else ""
                # Words between names and dates are only found where they begin.
                found = labelled_date(unglued(text), self.language, order)
            self._read[text] = found
        return self._read[text]

    def _setting(self, at: int, text: str, node: LexborNode) -> Setting:
        texts = self.page.texts
        if at < len(texts) and text and text in " ".join(texts[at].split()):
            return setting(self.page, at, self.heading)
        return Setting.OTHER if is_elsewhere(node) else Setting.INSIDE

    def rank(self, label: Label, place: Setting, at: int, *, marked: bool = False) -> Rank:
        """Return the rank of a date by its label and place. `marked`: its element says that it is a date."""
        blocks = at - self.start
        paragraphs = 0
        if 0 < blocks <= NEAR[1]:
            # A summary is often there twice, for wide and narrow screens.
            paragraphs = len({text for text in self.page.texts[self.start + 1 : at] if len(text) >= MAX_TEXT})
        # A summary may stand between, but not before a comment or another article.
        close = -ABOVE <= blocks <= CLOSE and paragraphs <= (place is not Setting.OTHER)
        rank = rank_of(label, place, blocks, close=close)
        if rank is Rank.BY_TITLE and paragraphs > 1:
            rank = Rank.NONE
        if (
            rank is Rank.NONE
            and marked
            and (place is Setting.FOOTER or (place is Setting.INSIDE and at > self.heading))
        ):
            rank = Rank.BY_AUTHOR
        if rank in (Rank.BY_TITLE, Rank.BY_AUTHOR) and in_list(self.page, at, self.heading):
            return Rank.NONE
        if rank in (Rank.BY_TITLE, Rank.BY_AUTHOR, Rank.MODIFIED) and is_quoted(self.page, at, self.heading):
            return Rank.NONE
        return rank

    def _by_masthead(self, rank: Rank, at: int) -> Rank:
        """Return the rank of a date by the title, lower where it stands in the site's header or is called today's.

        The header that a page begins with shows the day of the fetch, which is no article's.
        """
        page = self.page
        if rank is not Rank.BY_TITLE or at >= self.heading:
            return rank
        if date_labels().today.match(page.texts[at][:MAX_UNLABELLED].lower()):
            return Rank.NONE
        for element in page.around(at, self.heading):
            if _TODAY.search(page.names[element]):
                return Rank.NONE
            mask = page.masks[element]
            if mask & _SITE_TOP and not (mask & _OWN_TOP or page.ancestors[element] & PLACE_BIT["article"]):
                first, end = page.starts[element], page.ends[element]
                alone = end - first <= 1 and not page.link_chars[at]
                return Rank.NONE if first < FIRST_BLOCKS and not alone else Rank.MASTHEAD
        return rank

    def _tells_other(self, at: int, text: str = "") -> bool:
        """Return whether a short block, or an element's `text` in it, has the label of another day: "Kick-off: 3 May 2024"."""
        line = " ".join(self.page.texts[at].split()) if at < len(self.page.texts) else ""
        if len(line) >= MAX_TEXT or begins_as_byline(line):
            return False
        line = line_of(line, text)
        label = unknown_label(line, self.language)
        if label and begins_report(self.page.texts, label):
            return False
        return tells_other_day(line, self.language)

    def _label_before(self, at: int, text: str) -> Label:
        """Return the label right before an element's text in its block, back to the last number."""
        block = " ".join(self.page.texts[at].split()) if at < len(self.page.texts) else ""
        before = block[max(0, (start := block.find(text)) - MAX_LABEL) : max(0, start)] if text else ""
        return named(_TO_LAST_DIGIT.sub("", before)) if before else Label.NOTHING

    def _marked(self) -> Iterator[PageDate]:
        """Yield the dates of `time` elements and of those that are called a date."""
        for node, at in self.page.times:
            attributes = node.attributes
            other = tells_other(attributes)
            if other:
                self._others.add(at)
            text = own_text(node, MAX_TEXT)
            shown, own = (self._labelled(text) if text else None) or (None, Label.NOTHING)
            unrelated = date_labels().unrelated.search(f"{text.lower()} ") is not None
            date = shown if unrelated else self._attribute_date(node.tag, attributes) or shown
            if date is None or other:
                continue
            if node.tag != "time" and len(node.css("time")) > 1:
                continue  # each of them is looked at itself
            label = self._label_of(node, attributes, at, text, own)
            if label is Label.NOTHING and self._tells_other(at, text):
                continue
            place = self._setting(at, text, node)
            rank = self._by_masthead(self.rank(label, place, at, marked=True), at)
            first = at > 0 and label is Label.PUBLISHED and self._is_first(self.page.texts[at - 1])
            if first and place < Setting.OTHER:
                yield self._item(Rank.PUBLISHED, self.start, date, "marked date, called the first")
                continue
            where = f"marked date, {label.name.lower()}, {at - self.start} blocks from the title"
            yield self._item(rank, at, date, where)

    def _attribute_date(self, tag: str | None, attributes: Attributes) -> FoundDate | None:
        """Return the date that an element's attributes have for programs."""
        names = (*DATE_ATTRIBUTES, "value") if tag == "data" else DATE_ATTRIBUTES
        read = (read_date(attributes[name] or "", self.language) for name in names if name in attributes)
        return next(filter(None, read), None)

    def _is_first(self, label: str) -> bool:
        """Return whether a label above a date says that it is the first of several: "Originally published"."""
        return len(label) <= MAX_LABEL and begins_originally(label)

    def _label_of(self, node: LexborNode, attributes: Attributes, at: int, text: str, own: Label) -> Label:
        """Return the label of a marked date: of its mark, of its text (`own`), of its class, or of the text around it."""
        classes, mark = (attributes.get("class") or "").lower(), (attributes.get("itemprop") or "").lower()
        if "datepublished" in classes + mark or "pubdate" in attributes:
            return Label.PUBLISHED
        if "datemodified" in mark and own is not Label.PUBLISHED:
            return Label.MODIFIED
        kind = named(f"{classes} {mark}")
        # Themes call the only date that they show published and updated, whichever it is.
        both = kind is Label.PUBLISHED and date_labels().modified.search(classes) is not None
        return (
            own
            or (Label.NOTHING if both else kind)
            or self._label_before(at, text)
            or label_above(self.page.texts, at)
            or named(parent_class(node))
            or kind
        )

    def _written(self, indices: range) -> Iterator[PageDate]:
        """Yield the dates that are written: in short blocks, in parts, in datelines, and beside the title in its block."""
        for at in indices:
            text = self.page.texts[at]
            near = -UNLABELLED[0] <= at - self.start <= UNLABELLED[1]
            if not near and len(text) < MAX_TEXT and not holds_year(text):
                continue  # as most blocks of a long page
            if at in self._others and len(text) < MAX_TEXT:
                continue
            if at == self.heading and "\n" in text:
                yield from self._lines(at, text)
                continue
            if at == self.heading and not dates_itself(text, self.language):
                continue
            if len(text) >= MAX_TEXT and self.start < at <= self.start + NEAR_DATELINE:
                yield from self._dateline(at, text[:MAX_DATELINE])
            if MAX_TEXT <= len(text) < MAX_POSTED and "meta" in self.page.names[self.page.owners[at]]:
                # Blogs tell below a text in a sentence when it was posted, in which sections, and how to answer it.
                text = text[:MAX_TEXT].rpartition(" ")[0]
            if near and len(text) <= MAX_PART and (boxed := boxed_date(self.page.texts, at, self.language)):
                rank = self._by_masthead(self.rank(Label.NOTHING, setting(self.page, at, self.heading), at), at)
                yield self._item(rank, at, boxed, "written date, in parts")
            by_title = near and len(text) < MAX_UNLABELLED
            if may_hold_date(text) and (item := self._in_block(at, text, by_title=by_title)):
                yield item

    def _in_block(self, at: int, text: str, *, by_title: bool) -> PageDate | None:
        """Return the date in a short block, None where it is no article's. `by_title`: it needs no label."""
        # Comments and lists of articles have hundreds of dates: none is read that would not count.
        if not (by_title or may_be_labelled(text) or self._labelled_beside(at, text)):
            return None
        found = self._labelled(text)
        if found is None:
            return None
        date, label = found
        by_author = False
        if label is Label.NOTHING and (is_sentence(text) or self._tells_other(at)):
            return None
        if label is Label.NOTHING and len(text) < MAX_LABEL:
            label = label_above(self.page.texts, at)
            by_author = label is Label.NOTHING and self._beside_byline(at)
        if label is Label.NOTHING and not by_author and not by_title:
            return None
        if names_other_day(self.page.names[self.page.owners[at]]):
            return None
        place = setting(self.page, at, self.heading)
        rank = self._by_masthead(self.rank(label, place, at), at)
        if label is Label.PUBLISHED and place < Setting.OTHER and begins_originally(text):
            rank = Rank.PUBLISHED
        if rank is Rank.NONE and by_author and place is Setting.INSIDE:
            rank = Rank.BY_AUTHOR
        where = f"written date, {label.name.lower()}, {at - self.start} blocks from the title"
        return self._item(rank, at, date, where)

    def _labelled_beside(self, at: int, text: str) -> bool:
        """Return whether a block that is a date alone has its label above it, or stands beside a byline."""
        return len(text) < MAX_LABEL and (
            label_above(self.page.texts, at) is not Label.NOTHING or self._beside_byline(at)
        )

    def _dateline(self, at: int, text: str) -> Iterator[PageDate]:
        """Yield the day in the dateline that a paragraph begins with: LIMA, 3 May 2024 (Agency) - ..."""
        date = dateline_date(text, self.language)
        if date is not None:
            place = setting(self.page, at, self.heading)
            if place is Setting.INSIDE:
                yield self._item(Rank.BY_AUTHOR, at, date, "dateline")

    def _lines(self, at: int, text: str) -> Iterator[PageDate]:
        """Yield the dates in the lines around the title where it is a line of a block itself, as on old pages."""
        for line in text.split("\n", HEAD_LINES)[:HEAD_LINES]:
            if len(line) < MAX_UNLABELLED and (found := self._labelled(line)):
                yield self._item(
                    rank_of(found[1], Setting.INSIDE, 0, close=True), at, found[0], "written date, beside the title"
                )

    def _beside_byline(self, at: int) -> bool:
        """Return whether the block above or below one is a byline."""
        texts = self.page.texts[max(0, at - 1) : at + 2]
        return any(len(text) < MAX_UNLABELLED and begins_as_byline(text) for text in texts)


def parent_class(node: LexborNode) -> str:
    """Return the class of the element around one, empty where that has none or is the whole article or page."""
    above = node.parent
    if above is None or above.tag in ("body", "main", "article", "section"):
        return ""
    return above.attributes.get("class") or ""


def page_order(page: Page) -> Order:
    """Return the order of day and month in the page's dates in numbers, empty where none shows it or they differ."""
    orders = {
        order
        for text in page.texts
        if len(text) < MAX_TEXT and _NUMBERS.search(text) and (order := numbers_order(text))
    }
    return orders.pop() if len(orders) == 1 else ""
