"""Articles' worth of work: how much workers have done between two looks, whatever was under way at both.

Hundreds of articles are under way in a worker that is behind: steps take them by the chunk and settle them together, and
`dedup` waits until their partitions are as far as each other. So those that come to their end within some seconds are not
those that were worked on, and a worker that cleans ahead would seem slow, one that empties its buffers fast. What the
children worked, in all steps, over what one article costs in each of them, says how many articles that was worth.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from wirewatch.steps import STEPS

WORK = re.compile(r'wirewatch_work_seconds_(sum|count)\{step="(\w+)"\}')


class Work(NamedTuple):
    """A step's work in child processes: processor seconds, and the articles that it was on."""

    seconds: float
    articles: float


def work_of(workers: Iterable[Mapping[str, float]]) -> dict[str, Work]:
    """Return the work of each step that computes in child processes, of the metrics of some workers."""
    found = dict.fromkeys((name for name, step in STEPS.items() if step.work), Work(0.0, 0.0))
    for values in workers:
        for key, value in values.items():
            if (match := WORK.fullmatch(key)) and (old := found.get(match[2])):
                found[match[2]] = (
                    old._replace(seconds=old.seconds + value)
                    if match[1] == "sum"
                    else old._replace(articles=old.articles + value)
                )
    return found


def articles_worth(before: Mapping[str, Work], after: Mapping[str, Work]) -> float:
    """Return how many articles the work between two looks was worth.

    Steps that worked on nothing are not counted; where none did it is 0.
    """
    done = [
        Work(work.seconds - before[name].seconds, work.articles - before[name].articles) for name, work in after.items()
    ]
    worked = [work for work in done if work.articles > 0 and work.seconds > 0]
    each = sum(work.seconds / work.articles for work in worked)
    return sum(work.seconds for work in worked) / each if worked else 0.0
