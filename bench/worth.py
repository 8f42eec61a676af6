"""Articles' worth of work: how much workers have done between two looks, whatever was under way at both.

Hundreds of articles are under way in a worker that is behind: steps take them by the chunk and settle them together, and
`dedup` waits until their partitions are as far as each other. So those that come to their end within some seconds are not
those that were worked on, and a worker that cleans ahead would seem slow, one that empties its buffers fast. What the
children worked, in all steps, over what one article costs in each of them, says how many articles that was worth.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wirewatch.steps import STEPS


class Work(NamedTuple):
    """A step's work in child processes: processor seconds, and the articles that it was on."""

    seconds: float
    articles: float


def work_of(workers: Sequence[Mapping[str, float]]) -> dict[str, Work]:
    """Return the work of each step that computes in child processes, of the metrics of some workers."""

    def total(figure: str, step: str) -> float:
        name = f'wirewatch_work_seconds_{figure}{{step="{step}"}}'
        return sum(values.get(name, 0.0) for values in workers)

    return {name: Work(total("sum", name), total("count", name)) for name, step in STEPS.items() if step.work}


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
