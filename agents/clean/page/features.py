"""Features of each block for the network: numbers about its text, its place, its neighbours and its look-alikes.

The words of the text are not looked at, apart from the phrases that announce boilerplate (see phrases);
shapes are: lengths, links, punctuation, and the parts that the publisher's own names stand for (see vocabulary). Most
numbers are relative to the page, so that long and short pages look alike.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, pairwise

import numpy as np

from agents.clean.page import phrases
from agents.clean.page.blocks import Page
from agents.clean.page.bundle import Bundle, joined, running
from agents.clean.page.shapes import Floats, Ints, Numbers, Shapes
from agents.clean.page.tables import tables_of
from agents.clean.page.vocabulary import BITS

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: Elements that hold an article whole: none of them is a box within it.
WHOLE = frozenset(("html", "body", "main", "article"))
#: Elements above a block that are described: its owner, the one above it, and so on.
LEVELS = 6
#: The blocks before and after that a block is seen with.
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
#: Blocks of an element that is a picture with its caption, at most.
CAPTION_BLOCKS = 2
#: Sentence text, for a first idea of where the article is: at least so many words, and at most this share of links.
GOOD_WORDS = 8
GOOD_LINKS = 0.4


def first_alike(lists: Iterable[Iterable[Hashable]]) -> Ints:
    """Return, for each item of some pages' lists, the number of the first one on its page that is equal to it."""
    numbers: list[int] = []
    for items in lists:
        found: dict[Hashable, int] = {}
        numbers.extend(map(found.setdefault, items, count(len(numbers))))
    return np.array(numbers, dtype=np.int64)


@dataclass(slots=True)
class PageFeatures:
    """The features of one page's blocks that more than the network asks for; see `BlockFeatures`."""

    page: Page
    title: str
    title_block: int
    count: int
    words: Floats
    chars: Floats
    links: Floats
    good: Floats
    shapes: Floats
    groups: Ints
    captioned: Numbers
    tables: list[int]
    tags: list[str]
    #: The blocks that were last asked for as an array.
    _asked: tuple[list[int], Ints] | None = None

    def at(self, blocks: list[int]) -> Ints:
        """Return blocks as an array, the same one while the same list is asked for: to make it takes longer than a rule.

        The list is not changed after that; a rule that leaves blocks out returns another one.
        """
        if self._asked is None or self._asked[0] is not blocks:
            self._asked = blocks, np.array(blocks, dtype=np.int64)
        return self._asked[1]


class BlockFeatures:
    """The features of the blocks of some pages, each with its claimed title, by which the article's start is known.

    `matrix`: those that the network sees, one row a block.
    """

    def __init__(self, titled: Sequence[tuple[Page, str]]) -> None:
        self.titles = [title for _, title in titled]
        self.bundle = bundle = Bundle([page for page, _ in titled])
        self.count = bundle.count
        self.depth = bundle.column("depths", np.float32)[bundle.owners]
        shapes = Shapes(bundle.texts)
        self.words: Floats = shapes.words()
        self.chars: Floats = shapes.sizes.astype(np.float32)
        self.links = np.minimum(1.0, bundle.column("link_chars", np.float32) / self.chars)
        self.shapes: Floats = np.empty((8, self.count), dtype=np.float32)
        for index, row in enumerate(shapes.rows()):
            self.shapes[index] = row
        self.chain: Ints = np.empty((LEVELS, self.count), dtype=np.int64)
        self.chain[0] = bundle.owners
        for level in range(1, LEVELS):
            np.take(bundle.above, self.chain[level - 1], out=self.chain[level])
        sentence = (self.words >= GOOD_WORDS) & (self.links < GOOD_LINKS) & (self.shapes[4] > 0)
        self.link_words = self.links * self.words
        self.good: Floats = np.where(sentence, self.words, np.float32(0))
        self.tags = [[page.tags[owner] for owner in page.owners] for page in bundle.pages]
        self.total = np.maximum(1.0, bundle.total(self.words))
        self.good_total = np.maximum(1.0, bundle.total(self.good))
        self.matrix = self._matrix()

    def pages(self) -> list[PageFeatures]:
        """Return the features of each page."""
        rows = zip(
            self.bundle.pages, self.titles, self.title_blocks, self.tables, self.tags, self.bundle.slices(), strict=True
        )
        return [
            PageFeatures(
                page, title, title_block, len(page.texts), self.words[own], self.chars[own], self.links[own],
                self.good[own], self.shapes[:, own], self.groups[own], self.captioned[own], tables, tags,
            )
            for page, title, title_block, tables, tags, own in rows
        ]  # fmt: skip

    def _matrix(self) -> Floats:
        """Return the features that the network sees, and keep those found with them that more than the network asks for.

        A part is a list of rows, or an array of them, which is copied at once: most pages are so short that the number of
        calls is the price, not the numbers.
        """
        like, after, titled = self._title()
        parts: list[list[Numbers] | Numbers] = [
            self._text(),
            self._position(like, after),
            self._kinship(titled),
            self._kinship(self._candidates()),
            self._lookalikes(),
            self._levels(),
            *self._neighbours(),
            self._pictures(),
            self._table(),
            self._marks(),
            self._bits(),
        ]
        out = np.empty((sum(map(len, parts)), self.count), dtype=np.float32)
        start = 0
        for part in parts:
            if isinstance(part, list):
                for index, row in enumerate(part, start):
                    out[index] = row
            else:
                out[start : start + len(part)] = part
            start += len(part)
        return out.T

    def _text(self) -> list[Numbers]:
        words, chars = self.words, self.chars
        commas, stops, lines, digits, ends, capital, upper, at = self.shapes
        bolds = np.minimum(1.0, self.bundle.column("bold_chars", np.float32) / chars)
        return [
            np.log1p(words), np.log1p(chars), self.links, bolds, ends, commas / words, stops / words, stops > 1, lines,
            capital, digits, upper, at, words <= 2, words <= 5, words <= 10, words >= 25, chars / words / 10,
            *self._repeats(),
        ]  # fmt: skip

    def _position(self, like: Numbers, after: Numbers) -> list[Numbers]:
        bundle, good, of = self.bundle, self.good, self.bundle.page_of
        total, good_total = self.total[of], self.good_total[of]
        before, good_before = bundle.sums(np.stack([self.words, good]))
        good_depth = bundle.total(self.depth * good) / self.good_total
        return [
            (np.arange(self.count) - bundle.firsts[of]) / bundle.counts[of], before / total, good_before / good_total,
            np.log1p(good_before), good_before == 0, good_before >= good_total - good, self.depth / 20,
            (self.depth - good_depth[of]) / 5, like, after, np.log1p(self.total)[of],
            (self.good_total / self.total)[of], np.log1p(self.good_total)[of],
        ]  # fmt: skip

    def _repeats(self) -> tuple[Numbers, Numbers]:
        """Return how often each text stood on the page before it, and how often beside it in all (both at most 3)."""
        first = first_alike(page.texts for page in self.bundle.pages)
        beside = np.bincount(first)[first] - 1
        before = np.zeros(self.count, dtype=np.int64)
        counts: dict[int, int] = {}
        for index in beside.nonzero()[0].tolist():
            key = int(first[index])
            before[index] = counts[key] = counts.get(key, -1) + 1
        return np.minimum(before, 3), np.minimum(beside, 3)

    def _title(self) -> tuple[Numbers, Numbers, list[int]]:
        """Return how much of the title each block holds, where it stands to the title, and each page's title's element.

        It stands after (1) or before (-1) the first block that holds most of the title or is an h1; 0 if none does.
        """
        like = np.zeros(self.count, dtype=np.float32)
        after = np.zeros(self.count, dtype=np.float32)
        self.title_blocks: list[int] = []
        titled = []
        for page, title, tags, own in zip(self.bundle.pages, self.titles, self.tags, self.bundle.slices(), strict=True):
            where, block = find_title(page, title, tags, like[own])
            self.title_blocks.append(block)
            if where >= 0:
                after[own.start + where : own.stop] = 1.0
                after[own.start : own.start + where] = -1.0
            titled.append(page.owners[where] if where >= 0 else -1)
        return like, after, titled

    def _candidates(self) -> list[int]:
        """Return the element of each page that readability would choose: most sentence text in its children, half in theirs."""
        size = len(self.bundle.above)
        children = np.bincount(self.chain[1], weights=self.good, minlength=size)
        below = np.bincount(self.chain[2], weights=self.good, minlength=size)
        score, roots = children + 0.5 * below, [*self.bundle.roots.tolist(), size]
        return [int(score[root:end].argmax()) for root, end in pairwise(roots)]

    def _kinship(self, relatives: list[int]) -> list[Numbers]:
        """Return how near each block is to an element of its page: steps from both to their common ancestor, and its depth.

        -1 for a page without such an element.
        """
        shared = np.zeros(self.count, dtype=np.float32)
        depths = np.zeros(len(relatives), dtype=np.float32)
        for number, (page, relative, first) in enumerate(
            zip(self.bundle.pages, relatives, self.bundle.firsts.tolist(), strict=True)
        ):
            path = []
            element = relative
            while element >= 0:
                path.append(element)
                element = page.parents[element]
            for element in reversed(path):
                shared[first + page.starts[element] : first + page.ends[element]] = page.depths[element]
            depths[number] = page.depths[relative] if relative >= 0 else 0
        rows = np.stack([self.depth - shared, depths[self.bundle.page_of] - shared, shared / 10])
        np.log1p(rows[:2], out=rows[:2])
        if -1 in relatives:
            rows[:, np.array(relatives)[self.bundle.page_of] < 0] = -1.0
        return list(rows)

    def _lookalikes(self) -> list[Numbers]:
        """Describe the blocks that look like each block.

        Blocks of the same tag and class, of their owner and the element above, are a group: its size, share of the
        page, mean length and links; and how many elements look like the elements above the block.
        """
        pages, page_of = self.bundle.pages, self.bundle.page_of
        looks = [look_groups(page) for page in pages]
        counts = np.array([max(numbers) + 1 for numbers in looks])
        self.own_groups: Ints = np.array(joined(looks), dtype=np.int64)
        self.groups = of = self.own_groups + (np.cumsum(counts) - counts)[page_of]
        size, words, good, links = (
            np.bincount(of, weights=weights)[of] for weights in (None, self.words, self.good, self.link_words)
        )
        first = first_alike(zip(page.tags, page.masks, page.depths, strict=True) for page in pages)
        alike = np.log1p(np.bincount(first).astype(np.float32))[first]
        return [
            np.log1p(size), words / self.total[page_of], good / self.good_total[page_of], np.log1p(words / size),
            links / words, *alike[self.chain[1:5]],
        ]  # fmt: skip

    def _levels(self) -> Numbers:
        """Describe the blocks below each element above a block.

        Share of the page's sentence text, of words in sentences, of links, size, and mean length of its blocks. The
        blocks below an element are one range.
        """
        starts, ends = self.bundle.starts, self.bundle.ends
        sums = running(np.stack([self.words, self.good, self.link_words]))
        words, good, links = sums[:, ends] - sums[:, starts]
        inside = np.maximum(1.0, words)
        blocks = np.maximum(1, ends - starts)
        good_total = self.good_total[self.bundle.page_of_element]
        element = np.array(
            [good / good_total, good / inside, links / inside, np.log1p(inside), np.log1p(inside / blocks)]
        )
        return element[:, self.chain].transpose(1, 0, 2).reshape(-1, self.count)

    def _neighbours(self) -> Iterator[Numbers]:
        """Yield the neighbours' length, links, ends and kind, and whether they are siblings or look alike."""
        bundle, of = self.bundle, self.bundle.page_of
        heading = [tag in HEADINGS for tags in self.tags for tag in tags]
        own = np.array([np.log1p(self.words), self.links, self.shapes[4], heading, self.good > 0], dtype=np.float32)
        kin = np.stack([self.chain[1] - bundle.roots[of], self.own_groups])
        # Zeros stand beyond the ends of a page: of kin they are its first element and group, as the networks have learned it.
        beside, places = bundle.padded(own, NEIGHBOURS[-1], 0.0)
        kin_beside, _ = bundle.padded(kin, NEIGHBOURS[-1], 0)
        for by in NEIGHBOURS:
            yield beside[:, places + by]
            if abs(by) < 3:
                yield kin_beside[:, places + by] == kin

    def _pictures(self) -> list[Numbers]:
        """Return whether a block stands with a picture: in its own element, and in the two above if they hold no more.

        Such blocks are captions, whatever the publisher calls them.
        """
        bundle = self.bundle
        near = np.zeros(len(bundle.above), dtype=np.float32)
        climbed = with_picture(bundle)
        for _ in range(3):
            near[climbed] = 1.0
            climbed = bundle.above[climbed]
        few = near * (bundle.ends - bundle.starts <= CAPTION_BLOCKS)
        above = few[self.chain[1]], few[self.chain[2]]
        self.captioned = (above[0] + above[1]) > 0
        return [near[bundle.owners], *above]

    def _table(self) -> list[Numbers]:
        """Return the number of rows of the table that a block stands in, and of its cells in a row; 0 outside."""
        self.tables: list[list[int]] = []
        height: list[int] = []
        cells: list[int] = []
        for page in self.bundle.pages:
            tables, rows_of, cells_of = tables_of(page)
            self.tables.append(tables)
            height += [rows_of.get(table, 0) for table in tables] if rows_of else [0] * len(tables)
            cells += [cells_of.get(table, 0) for table in tables] if rows_of else [0] * len(tables)
        rows = np.array(height, dtype=np.float32)
        return [np.log1p(rows), np.log1p(np.array(cells, dtype=np.float32) / np.maximum(rows, 1))]

    def _marks(self) -> Numbers:
        """Return the kinds of phrases that each block holds, and how many relative to its length."""
        marks = np.zeros((len(phrases.NAMES), self.count), dtype=np.float32)
        for number, kind in phrases.mark([text[:300] for text in self.bundle.texts]):
            marks[kind, number] += 1.0
        return np.concatenate([np.minimum(marks, 1.0), marks / np.log1p(self.words + 1.0)])

    def _bits(self) -> Numbers:
        """Return the parts that a block's own, near and all elements stand for, a row each."""
        bundle = self.bundle
        masks = bundle.column("masks")
        own = masks[bundle.owners] | bundle.column("inline")
        near = masks[bundle.owners] | masks[self.chain[1]] | masks[self.chain[2]]
        every = bundle.column("ancestors")[bundle.owners]
        octets = np.concatenate([own, near, every]).astype("<i8").view(np.uint8).reshape(3, self.count, 8)
        bits = np.unpackbits(octets, axis=2, bitorder="little")[:, :, :BITS]
        return bits.transpose(0, 2, 1).reshape(3 * BITS, self.count)


def find_title(page: Page, title: str, tags: list[str], like: Floats) -> tuple[int, int]:
    """Fill in how much of the title each block holds; return the block that the article starts with, and the title's.

    The first is the first block that holds most of the title, or is an h1; -1 for none.
    """
    words = set(title.lower().split())
    longest = 2 * len(title) + 40
    where = tags.index("h1") if "h1" in tags else -1
    holds_none = words.isdisjoint
    alike = []
    for index, text in enumerate(page.texts if words else ()):
        if len(text) < longest and not holds_none(parts := text.lower().split()):
            own = set(parts)
            share = len(own & words) / max(len(own), len(words))
            like[index] = share
            if share > 0.8:
                alike.append(index)
                if where < 0 or index < where:
                    where = index
    named = next((index for index in alike if tags[index] in HEADINGS), -1)
    # Old pages have the title in the first lines of a block, found before (places.mark_heading).
    shown = page.headings[0] if where < 0 and page.headings else where
    return where, named if named >= 0 else shown


def look_groups(page: Page) -> list[int]:
    """Return the number of the group of look-alikes that each block of a page is in, from 0 on."""
    tags, names, parents = page.tags, page.names, page.parents
    known: dict[tuple[str, str, str, str], int] = {}
    per_element: dict[int, int] = {}
    for owner in dict.fromkeys(page.owners):
        above = max(parents[owner], 0)
        look = tags[owner], names[owner], tags[above], names[above]
        per_element[owner] = known.setdefault(look, len(known))
    return [per_element[owner] for owner in page.owners]


def with_picture(bundle: Bundle) -> Ints:
    """Return the elements with a picture right in them."""
    rows = zip(bundle.pages, bundle.roots.tolist(), strict=True)
    return np.array(
        [root + element for page, root in rows for element in page.pictures if element >= 0], dtype=np.int64
    )
