"""The rights on a Kafka with ACLs that each step needs, from its topics."""

from collections.abc import Iterable
from typing import NamedTuple

from agents.fetch.foreign.outcomes import FOLLOWED as ENDS
from streams.settings import Settings
from streams.step import AnyStep
from streams.topics import DEAD, KafkaTopic
from wirewatch.http.feeds.follow import FOLLOWED
from wirewatch.steps import STEPS


class Rights(NamedTuple):
    """The topics that are read and written, by their names; each of these rights includes Describe."""

    read: frozenset[str]
    write: frozenset[str]


#: A worker's own, whatever steps it runs: its feeds show alerts, and each step sets messages aside.
WORKER = Rights(frozenset(topic.name for topic in FOLLOWED), frozenset({DEAD.name}))


def rights_of(step: AnyStep) -> Rights:
    """Return the rights of a step besides a worker's own."""
    settler, ordering = step.settler(Settings()), step.ordering
    ordered = [ordering.entry, ordering.marks] if ordering is not None else []
    beside = ENDS if step.name == "fetch" else ()
    read = _names([*step.takes, *settler.states, *settler.follows, *ordered, *beside])
    write = _names([*step.gives, *settler.states, *ordered[1:], *([step.marks] if step.marks is not None else [])])
    return Rights(read - WORKER.read, write - WORKER.write)


def rights() -> list[str]:
    """Return the table of rights."""
    own = f"| every worker | {_shown(WORKER.read)} | {_shown(WORKER.write)} |"
    rows = [
        f"| {name} | {_shown(rights_of(step).read)} | {_shown(rights_of(step).write)} |" for name, step in STEPS.items()
    ]
    return ["| step | Read | Write |", "|---|---|---|", own, *rows]


def _names(topics: Iterable[KafkaTopic]) -> frozenset[str]:
    return frozenset(topic.name for topic in topics)


def _shown(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "-"
