"""Some records cleaned together: the blocks of their pages are judged at once, which takes half the time (page.bundle).

All else is done for each record alone. A record that fails by an error and no refusal ends the work on all of them; the pool
then cleans each alone, which shows whose fault it was (streams.work).
"""

from collections.abc import Collection, Iterator, Sequence

from agents.clean.article import Begun, CleanProduct, begin, finish
from agents.clean.page.network import Judgement, judge
from streams.errors import Refused
from streams.records import Raw

#: Records that are cleaned together, and characters of all but one of them, at most: their trees are held at once. By eight most
#: of the gain is there.
TOGETHER, TOGETHER_CHARS = 8, 4_000_000

#: A raw record with the hashes of the lines that its source repeats, as `clean_raw` takes them.
Known = tuple[Raw, Collection[int]]


def clean_together(records: Sequence[Known]) -> list[CleanProduct | Refused]:
    """Return the clean article of each raw record, or why there is none."""
    found: list[CleanProduct | Refused] = []
    for group in groups(records):
        begun = [begin_or_refuse(raw, boilerplate) for raw, boilerplate in group]
        judgements = judge([None if isinstance(item, Refused) else item.titled for item in begun])
        found += map(finish_or_refuse, begun, judgements)
    return found


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


def begin_or_refuse(raw: Raw, boilerplate: Collection[int]) -> Begun | Refused:
    """Return a record as `begin` does, or why there is no article."""
    try:
        return begin(raw, boilerplate)
    except Refused as refused:
        return refused


def finish_or_refuse(begun: Begun | Refused, judgement: Judgement | None) -> CleanProduct | Refused:
    """Return the product of a record that was begun, or why there is none."""
    if isinstance(begun, Refused):
        return begun
    try:
        return finish(begun, judgement).product
    except Refused as refused:
        return refused
