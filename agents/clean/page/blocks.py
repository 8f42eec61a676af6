"""The blocks of a page and the tree above them, as one walk over it leaves them (`walk.py`)."""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from selectolax.lexbor import LexborNode

#: The rows of one walk, for each block and element; see `Page` for their columns.
BlockRow = tuple[str, int, int, int, int]
ElementRow = tuple[int, str, int, int, int, int, str]


class Page:
    """The blocks of a page and the tree above them, as parallel lists.

    For block i: `texts[i]`; `owners[i]`, its element; `link_chars[i]` and `bold_chars[i]`, characters within links and
    in bold; `inline[i]`, the parts that its inline elements stand for. For element e: `parents[e]` (-1 at the root,
    always below e), `tags[e]`, `masks[e]` (its own parts), `ancestors[e]` (its own and all above), `depths[e]`,
    `names[e]` (its class), and its blocks, `starts[e]` to `ends[e]`. `times` and `bylines` are nodes that may hold a
    date or an author, `anchors` the addresses of links, each with the number of blocks before it, as `targets` has it for ids;
    `pictures` and `fields` are the elements with a picture, or a field to fill in, right in them.
    """

    texts: list[str]
    owners: list[int]
    link_chars: list[int]
    bold_chars: list[int]
    inline: list[int]
    parents: list[int]
    tags: list[str]
    masks: list[int]
    ancestors: list[int]
    depths: list[int]
    starts: list[int]
    names: list[str]

    def __init__(self) -> None:
        self.times: list[tuple[LexborNode, int]] = []
        self.bylines: list[tuple[LexborNode, int]] = []
        self.anchors: list[tuple[str, int]] = []
        self.targets: dict[str, int] = {}
        self.ends: list[int] = []
        self.pictures: list[int] = []
        self.fields: list[int] = []
        #: Blocks that are headings of the page, found when they are first asked for (places.heading_blocks).
        self.headings: list[int] | None = None
        self.fill([], [])

    def fill(self, blocks: list[BlockRow], elements: list[ElementRow]) -> None:
        """Fill the lists from the rows of a walk."""
        columns: Iterable[Any] = zip(*blocks, strict=True) if blocks else [()] * 5
        self.texts, self.owners, self.link_chars, self.bold_chars, self.inline = map(list, columns)
        columns = zip(*elements, strict=True) if elements else [()] * 7
        self.parents, self.tags, self.masks, self.ancestors, self.depths, self.starts, self.names = map(list, columns)

    def keep(self, chosen: list[int]) -> None:
        """Drop all blocks but the chosen ones, given in order; the elements stay."""
        self.headings = None
        before = [0] * (len(self.texts) + 1)
        for index in chosen:
            before[index + 1] = 1
        before = list(accumulate(before))
        self.starts = [before[start] for start in self.starts]
        self.ends = [before[end] for end in self.ends]
        self.bylines = [(node, before[at]) for node, at in self.bylines]
        self.times = [(node, before[at]) for node, at in self.times]
        self.anchors = [(address, before[at]) for address, at in self.anchors]
        self.targets = {identity: before[at] for identity, at in self.targets.items()}
        self.texts = [self.texts[index] for index in chosen]
        self.owners = [self.owners[index] for index in chosen]
        self.link_chars = [self.link_chars[index] for index in chosen]
        self.bold_chars = [self.bold_chars[index] for index in chosen]
        self.inline = [self.inline[index] for index in chosen]

    def above(self, block: int) -> int:
        """Return the element around a block's own, -1 at the root."""
        return self.parents[self.owners[block]]

    def container(self, block: int) -> int:
        """Return the element in which a block stands beside others: templates set each paragraph in a wrapper of its own."""
        element = self.above(block)
        while element >= 0 and self.ends[element] - self.starts[element] == 1:
            element = self.parents[element]
        return element

    def around(self, block: int, other: int) -> Iterator[int]:
        """Yield a block's element and those above it, up to the first that holds another block too (`other`)."""
        element = self.owners[block] if block < len(self.owners) else -1
        while element >= 0 and not self.starts[element] <= other < self.ends[element]:
            yield element
            element = self.parents[element]

    def within(self, tag: str) -> Iterator[int]:
        """Yield the blocks of all elements of a tag, each once, in order."""
        end = 0
        for element, name in enumerate(self.tags):
            if name == tag and self.ends[element] > end:
                yield from range(max(end, self.starts[element]), self.ends[element])
                end = self.ends[element]

    def blocks(self, element: int) -> range:
        """Return the blocks of an element; none above the root (-1)."""
        return range(self.starts[element], self.ends[element]) if element >= 0 else range(0)
