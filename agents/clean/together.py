"""Some pages taken through the steps of cleaning together: all of them are parsed, then all are walked, and so on.

A step finds its own code and words in the processor's caches from the second page on, and the blocks of all pages are judged at
once, which takes half the time (page.bundle). Work that ends by an error and no refusal ends that on all of them; the pool
then cleans each alone, which shows whose fault it was (streams.work).
"""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from agents.clean.page.network import Judgement, Paused, Question, judge
from streams.errors import Refused
from streams.records import Raw

T = TypeVar("T")
#: A raw record with the hashes of the lines that its source repeats.
Known = tuple[Raw, Collection[int]]
#: Most records that are cleaned together. More of them would take more memory and no less time.
TOGETHER = 16
#: Most characters of all but one of them: their trees are held at once.
TOGETHER_CHARS = 4_000_000


def alone(work: Paused[T]) -> T:
    """Do the work on one page, and return its result; raise `Refused` where it is refused."""
    (result,) = together([work])
    if isinstance(result, Refused):
        raise result
    return result


def together(works: Sequence[Paused[T]]) -> list[T | Refused]:
    """Do the work on some pages, step by step; return for each its result, or why it is refused."""
    results: dict[int, T | Refused] = {}
    answers: dict[int, Judgement | None] = dict.fromkeys(range(len(works)))
    while answers:
        asked: dict[int, Question | None] = {}
        for number, answer in answers.items():
            try:
                asked[number] = works[number].send(answer)
            except StopIteration as stop:
                results[number] = stop.value
            except Refused as refused:
                results[number] = refused
        answers = dict(zip(asked, judge(list(asked.values())), strict=True))
    return [results[number] for number in range(len(works))]


def groups(records: Sequence[Known]) -> Iterator[list[Known]]:
    """Yield the records by as many as are cleaned together, in order."""
    group: list[Known] = []
    left = TOGETHER_CHARS
    for record in records:
        size = len(record[0].content)
        if group and (len(group) == TOGETHER or size > left):
            yield group
            group, left = [], TOGETHER_CHARS
        group.append(record)
        left -= size
    if group:
        yield group
