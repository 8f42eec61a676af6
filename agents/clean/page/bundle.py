"""Some pages as one: their blocks and elements one behind the other, so that one call of numpy serves all of them.

A page has some hundred blocks, and its features are some hundred arrays: so few numbers each that the calls are the price.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

from agents.clean.page.blocks import Page
from agents.clean.page.shapes import Ints, Numbers


class Bundle:
    """Some pages, each with a block at least, as arrays of all their blocks and elements, numbered throughout.

    `firsts` and `counts`: each page's first block and its number of blocks; `roots`: its first element. `page_of` and
    `page_of_element`: the page that a block or an element is of. The other arrays are those of `Page`, of all pages.
    """

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = pages
        self.counts: Ints = np.array([len(page.texts) for page in pages], dtype=np.int64)
        elements: Ints = np.array([len(page.parents) for page in pages], dtype=np.int64)
        self.firsts: Ints = np.cumsum(self.counts) - self.counts
        self.roots: Ints = np.cumsum(elements) - elements
        numbers = np.arange(len(pages))
        self.page_of: Ints = np.repeat(numbers, self.counts)
        self.page_of_element: Ints = np.repeat(numbers, elements)
        self.count = len(self.page_of)
        self.texts = joined(page.texts for page in pages)
        self.owners = self.column("owners") + self.roots[self.page_of]
        self.starts, self.ends = (self.column(name) + self.firsts[self.page_of_element] for name in ("starts", "ends"))
        #: The element above each one; the first of a page stands above itself.
        self.above = np.maximum(self.column("parents"), 0) + self.roots[self.page_of_element]

    def column(self, name: str, dtype: type = np.int64) -> Numbers:
        """Return the numbers that all pages have under a name."""
        columns = [getattr(page, name) for page in self.pages]
        return np.fromiter(chain.from_iterable(columns), dtype=dtype, count=sum(map(len, columns)))

    def slices(self) -> Iterator[slice]:
        """Yield the blocks of each page."""
        for first, count in zip(self.firsts.tolist(), self.counts.tolist(), strict=True):
            yield slice(first, first + count)

    def total(self, values: Numbers) -> Numbers:
        """Return the sum of some blocks' values for each page."""
        return np.add.reduceat(values, self.firsts)

    def sums(self, values: Numbers) -> Numbers:
        """Return for each block the sum of the values before it on its page. `values`: in the last dimension."""
        before = running(values)[..., :-1]
        return before - before[..., self.firsts[self.page_of]]

    def padded(self, values: Numbers, most: int, beyond: float) -> tuple[Numbers, Ints]:
        """Return values with so many others beyond both ends of each page, and where each block's own stands."""
        places = np.arange(most, most + self.count) + most * self.page_of
        out = np.full((*values.shape[:-1], self.count + most * (len(self.pages) + 1)), beyond, dtype=values.dtype)
        out[..., places] = values
        return out, places


def joined(lists: Iterable[Iterable[Any]]) -> list[Any]:
    """Return the items of some lists as one list."""
    return list(chain.from_iterable(lists))


def running(values: Numbers) -> Numbers:
    """Return the sums of the first 0, 1, … values, in the last dimension."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums
