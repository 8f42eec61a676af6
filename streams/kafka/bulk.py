"""Bulk: which topics bring articles that have waited for long already, since a step of this worker is far behind.

Nobody loses anything where such an article waits a little longer for its neighbours, and each fetch, chunk, batch and commit of
the steps behind that one then carries more (docs/decisions/plumbing.md).
"""

from collections.abc import Iterable
from typing import NamedTuple

#: A step for which so many messages wait is far behind. Fewer go through a worker in seconds.
FAR_BEHIND = 500


class StepTopics(NamedTuple):
    """The topics that a step reads and writes, and whether it is far behind."""

    takes: frozenset[str]
    gives: frozenset[str]
    is_behind: bool


class Bulk:
    """The steps of this process, and the topics behind those that are far behind; any thread may ask."""

    def __init__(self) -> None:
        self._steps: dict[object, StepTopics] = {}
        self._topics: frozenset[str] = frozenset()

    def note(self, step: object, takes: Iterable[str], gives: Iterable[str], lag: int) -> None:
        """Note how many messages wait for a running step."""
        topics = StepTopics(frozenset(takes), frozenset(gives), lag >= FAR_BEHIND)
        if self._steps.get(step) != topics:
            self._steps[step] = topics
            self._topics = self._behind()

    def forget(self, step: object) -> None:
        """Forget a step that has ended."""
        if self._steps.pop(step, None) is not None:
            self._topics = self._behind()

    def brings(self, topics: Iterable[str]) -> bool:
        """Return whether all that these topics bring has waited for long."""
        names = list(topics)
        return bool(names) and self._topics.issuperset(names)

    def _behind(self) -> frozenset[str]:
        """Return the topics of steps that are far behind, and all topics downstream of them."""
        found: set[str] = set()
        new = {topic for step in self._steps.values() if step.is_behind for topic in step.gives}
        while new:
            found |= new
            new = {topic for step in self._steps.values() if step.takes & new for topic in step.gives} - found
        return frozenset(found)


BULK = Bulk()
