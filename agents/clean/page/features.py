"""Features of each block for the network: numbers about its text, its place, its neighbours and its look-alikes.

The words of the text are not looked at, apart from the phrases that announce boilerplate (see phrases);
shapes are: lengths, links, punctuation, and the parts that the publisher's own names stand for (see vocabulary). Most
numbers are relative to the page, so that long and short pages look alike.
"""

from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from agents.clean.page import phrases
from agents.clean.page.blocks import Page
from agents.clean.page.shapes import Floats, Ints, Numbers, Shapes
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


def shift(values: Numbers, by: int) -> Numbers:
    """Return `values`, a column each block, moved so that column i holds column i + by; zeros beyond the ends."""
    out = np.zeros_like(values)
    if abs(by) < values.shape[-1]:
        if by > 0:
            out[..., :-by] = values[..., by:]
        else:
            out[..., -by:] = values[..., :by]
    return out


def first_alike(items: Sequence[Hashable]) -> Ints:
    """Return, for each item, the number of the first one that is equal to it."""
    found: dict[Hashable, int] = {}
    return np.fromiter(map(found.setdefault, items, range(len(items))), dtype=np.int64, count=len(items))


def table_of(page: Page, element: int) -> int:
    """Return the table that an element stands in, at most five levels up; -1 outside."""
    for _ in range(6):
        if element < 0 or page.tags[element] == "table":
            return element
        element = page.parents[element]
    return -1


class PageFeatures:
    """The features of one page's blocks. `title`: the claimed title, by which the article's start is known."""

    def __init__(self, page: Page, title: str) -> None:
        self.page = page
        self.title = title
        self.count = len(page.texts)
        self.owners: Ints = np.array(page.owners, dtype=np.int64)
        self.parents: Ints = np.array(page.parents, dtype=np.int64)
        self.starts: Ints = np.array(page.starts, dtype=np.int64)
        self.ends: Ints = np.array(page.ends, dtype=np.int64)
        self.depth = np.array(page.depths, dtype=np.float32)[self.owners]
        shapes = Shapes(page.texts)
        self.words: Floats = shapes.words()
        self.chars: Floats = shapes.sizes.astype(np.float32)
        self.links = np.minimum(1.0, np.array(page.link_chars, dtype=np.float32) / self.chars)
        self.shapes: Floats = np.empty((8, self.count), dtype=np.float32)
        for index, row in enumerate(shapes.rows()):
            self.shapes[index] = row
        above = np.maximum(self.parents, 0)
        self.chain: Ints = np.empty((LEVELS, self.count), dtype=np.int64)
        self.chain[0] = self.owners
        for level in range(1, LEVELS):
            np.take(above, self.chain[level - 1], out=self.chain[level])
        sentence = (self.words >= GOOD_WORDS) & (self.links < GOOD_LINKS) & (self.shapes[4] > 0)
        self.link_words = self.links * self.words
        self.good: Floats = np.where(sentence, self.words, np.float32(0))
        self.tags = [page.tags[owner] for owner in page.owners]

    def matrix(self) -> Floats:
        """Return the features, one row a block.

        A part is a list of rows, or an array of them, which is copied at once: most pages are so short that the number of
        calls is the price, not the numbers.
        """
        like, after, title_at = self._title()
        parts: list[list[Numbers] | Numbers] = [
            self._text(),
            self._position(like, after),
            self._kinship(title_at),
            self._kinship(self._candidate()),
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
        bolds = np.minimum(1.0, np.array(self.page.bold_chars, dtype=np.float32) / chars)
        return [
            np.log1p(words), np.log1p(chars), self.links, bolds, ends, commas / words, stops / words, stops > 1, lines,
            capital, digits, upper, at, words <= 2, words <= 5, words <= 10, words >= 25, chars / words / 10,
            *self._repeats(),
        ]  # fmt: skip

    def _position(self, like: Numbers, after: Numbers) -> list[Numbers]:
        words, good, depth = self.words, self.good, self.depth
        total, good_total = max(1.0, float(words.sum())), max(1.0, float(good.sum()))
        good_before = np.cumsum(good) - good
        good_depth = float((depth * good).sum()) / good_total
        page = np.ones(self.count, dtype=np.float32)
        return [
            np.arange(self.count) / self.count, (np.cumsum(words) - words) / total, good_before / good_total,
            np.log1p(good_before), good_before == 0, good_before >= good_total - good, depth / 20,
            (depth - good_depth) / 5, like, after, page * np.log1p(total), page * (good_total / total),
            page * np.log1p(good_total),
        ]  # fmt: skip

    def _repeats(self) -> tuple[Numbers, Numbers]:
        """Return how often each text stood on the page before it, and how often beside it in all (both at most 3)."""
        first = first_alike(self.page.texts)
        beside = np.bincount(first)[first] - 1
        before = np.zeros(self.count, dtype=np.int64)
        counts: dict[int, int] = {}
        for index in beside.nonzero()[0].tolist():
            key = int(first[index])
            before[index] = counts[key] = counts.get(key, -1) + 1
        return np.minimum(before, 3), np.minimum(beside, 3)

    def _title(self) -> tuple[Numbers, Numbers, int]:
        """Return how much of the title each block holds, where it stands to the title, and the title's element.

        It stands after (1) or before (-1) the first block that holds most of the title or is an h1; 0 if none does.
        """
        title = set(self.title.lower().split())
        longest = 2 * len(self.title) + 40
        like = np.zeros(self.count, dtype=np.float32)
        after = np.zeros(self.count, dtype=np.float32)
        where = self.tags.index("h1") if "h1" in self.tags else -1
        holds_none = title.isdisjoint
        for index, text in enumerate(self.page.texts if title else ()):
            if len(text) < longest and not holds_none(parts := text.lower().split()):
                words = set(parts)
                share = len(words & title) / max(len(words), len(title))
                like[index] = share
                if share > 0.8 and (where < 0 or index < where):
                    where = index
        named = [index for index in np.flatnonzero(like > 0.8) if self.tags[index] in HEADINGS]
        # Old pages have the title in the first lines of a block, found before (places.mark_heading).
        shown = self.page.headings[0] if where < 0 and self.page.headings else where
        self.title_block = int(named[0]) if named else shown
        if where >= 0:
            after[where:] = 1.0
            after[:where] = -1.0
        return like, after, self.page.owners[where] if where >= 0 else -1

    def _candidate(self) -> int:
        """Return the element that readability would choose: most sentence text in its children, half in theirs."""
        size = len(self.parents)
        children = np.bincount(self.chain[1], weights=self.good, minlength=size)
        below = np.bincount(self.chain[2], weights=self.good, minlength=size)
        return int((children + 0.5 * below).argmax())

    def _kinship(self, relative: int) -> list[Numbers]:
        """Return how near each block is to an element: steps from both to their common ancestor, and its depth."""
        if relative < 0:
            return [np.full(self.count, -1.0)] * 3
        page = self.page
        path = []
        element = relative
        while element >= 0:
            path.append(element)
            element = page.parents[element]
        shared = np.zeros(self.count, dtype=np.float32)
        for element in reversed(path):
            shared[page.starts[element] : page.ends[element]] = page.depths[element]
        return [np.log1p(self.depth - shared), np.log1p(page.depths[relative] - shared), shared / 10]

    def _lookalikes(self) -> list[Numbers]:
        """Describe the blocks that look like each block.

        Blocks of the same tag and class, of their owner and the element above, are a group: its size, share of the
        page, mean length and links; and how many elements look like the elements above the block.
        """
        page = self.page
        tags, names, parents = page.tags, page.names, page.parents
        known: dict[tuple[str, str, str, str], int] = {}
        per_element: dict[int, int] = {}
        number = known.setdefault
        for owner in dict.fromkeys(page.owners):
            above = max(parents[owner], 0)
            per_element[owner] = number((tags[owner], names[owner], tags[above], names[above]), len(known))
        groups = map(per_element.__getitem__, page.owners)
        self.groups = of = np.fromiter(groups, dtype=np.int64, count=self.count)
        size, words, good, links = (
            np.bincount(of, weights=weights)[of] for weights in (None, self.words, self.good, self.link_words)
        )
        looks = first_alike(list(zip(page.tags, page.masks, page.depths, strict=True)))
        alike = np.log1p(np.bincount(looks).astype(np.float32))[looks]
        total, good_total = max(1.0, float(self.words.sum())), max(1.0, float(self.good.sum()))
        return [
            np.log1p(size), words / total, good / good_total, np.log1p(words / size), links / words,
            *alike[self.chain[1:5]],
        ]  # fmt: skip

    def _levels(self) -> Numbers:
        """Describe the blocks below each element above a block.

        Share of the page's sentence text, of words in sentences, of links, size, and mean length of its blocks. The
        blocks below an element are one range.
        """
        good_total = max(1.0, float(self.good.sum()))
        sums = np.zeros((3, self.count + 1))
        np.cumsum([self.words, self.good, self.link_words], axis=1, out=sums[:, 1:])
        words, good, links = sums[:, self.ends] - sums[:, self.starts]
        inside = np.maximum(1.0, words)
        blocks = np.maximum(1, self.ends - self.starts)
        element = np.array(
            [good / good_total, good / inside, links / inside, np.log1p(inside), np.log1p(inside / blocks)]
        )
        return element[:, self.chain].transpose(1, 0, 2).reshape(-1, self.count)

    def _neighbours(self) -> Iterator[Numbers]:
        """Yield the neighbours' length, links, ends and kind, and whether they are siblings or look alike."""
        heading = [tag in HEADINGS for tag in self.tags]
        own = np.array([np.log1p(self.words), self.links, self.shapes[4], heading, self.good > 0], dtype=np.float32)
        kin = np.stack([self.chain[1], self.groups])
        # Zeros stand beyond the ends, so that each neighbour is a view of the same rows.
        most = NEIGHBOURS[-1]
        beside = np.zeros((len(own), self.count + 2 * most), dtype=np.float32)
        beside[:, most : most + self.count] = own
        for by in NEIGHBOURS:
            yield beside[:, most + by : most + by + self.count]
            if abs(by) < 3:
                yield shift(kin, by) == kin

    def _pictures(self) -> list[Numbers]:
        """Return whether a block stands with a picture: in its own element, and in the two above if they hold no more.

        Such blocks are captions, whatever the publisher calls them.
        """
        page = self.page
        near = np.zeros(len(page.parents) + 1, dtype=np.float32)
        for element in page.pictures:
            climbed = element
            for _ in range(3):
                if climbed < 0:
                    break
                near[climbed] = 1.0
                climbed = page.parents[climbed]
        few = near[:-1] * (self.ends - self.starts <= CAPTION_BLOCKS)
        few = few.astype(np.float32)
        above = few[self.chain[1]], few[self.chain[2]]
        self.captioned = (above[0] + above[1]) > 0
        return [near[self.owners], *above]

    def _table(self) -> list[Numbers]:
        """Return the number of rows of the table that a block stands in, and of its cells in a row; 0 outside."""
        page = self.page
        rows: dict[int, int] = {}
        cells: dict[int, int] = {}
        if "tr" in page.tags:
            for element, tag in enumerate(page.tags):
                if tag == "tr":
                    table = table_of(page, element)
                    rows[table] = rows.get(table, 0) + 1
                    cells[table] = cells.get(table, 0) + page.ends[element] - page.starts[element]
        tables = {owner: table_of(page, owner) for owner in dict.fromkeys(page.owners)} if rows else {}
        self.tables = [tables[owner] for owner in page.owners] if rows else [-1] * self.count
        height = np.array([rows.get(table, 0) for table in self.tables], dtype=np.float32)
        width = np.array([cells.get(table, 0) for table in self.tables], dtype=np.float32) / np.maximum(height, 1)
        return [np.log1p(height), np.log1p(width)]

    def _marks(self) -> Numbers:
        """Return the kinds of phrases that each block holds, and how many relative to its length."""
        marks = np.zeros((len(phrases.NAMES), self.count), dtype=np.float32)
        for number, kind in phrases.mark([text[:300] for text in self.page.texts]):
            marks[kind, number] += 1.0
        return np.concatenate([np.minimum(marks, 1.0), marks / np.log1p(self.words + 1.0)])

    def _bits(self) -> Numbers:
        """Return the parts that a block's own, near and all elements stand for, a row each."""
        masks = np.array(self.page.masks, dtype=np.int64)
        own = masks[self.owners] | np.array(self.page.inline, dtype=np.int64)
        near = masks[self.owners] | masks[self.chain[1]] | masks[self.chain[2]]
        every = np.array(self.page.ancestors, dtype=np.int64)[self.owners]
        octets = np.concatenate([own, near, every]).astype("<i8").view(np.uint8).reshape(3, self.count, 8)
        bits = np.unpackbits(octets, axis=2, bitorder="little")[:, :, :BITS]
        return bits.transpose(0, 2, 1).reshape(3 * BITS, self.count)
