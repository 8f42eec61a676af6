"""The learn step's settler: lines that are no hashes teach nothing, and spoil nothing."""

import orjson
import pytest

from agents.clean.plain.boilerplate import MAX_LINES
from agents.clean.step import LearnOutcome, LearnSettler
from streams.errors import InvalidRecord
from streams.message import Message
from streams.settings import Settings
from streams.topics import LINES


def lines(**fields: object) -> Message:
    """Return the message of a text's lines."""
    value = orjson.dumps({"source": "a", "id": "0a", "content": 1, "lines": [1, 2], **fields})
    return Message(LINES.name, 0, 0, b"a", value, {}, 0.0)


@pytest.mark.parametrize(
    "spoilt",
    [
        *({"lines": wrong} for wrong in ([-1], [2**64 - 1, -1], ["1"], [None], [1.5], "abc", {"a": 1}, None)),
        *({"content": wrong} for wrong in (-1, "x", None)),
        *({"source": wrong} for wrong in (5, ["a"], None)),
        {"id": 5},
    ],
)
def test_spoilt_lines_are_refused_and_the_source_goes_on(spoilt: dict[str, object]) -> None:
    """A number that cannot be kept would be met again at each later text of its source."""
    settler = LearnSettler(Settings())
    with pytest.raises(InvalidRecord):
        settler.settle(lines(**spoilt), None)
    assert settler.settle(lines(), None).outcome is LearnOutcome.LEARNED


def test_of_many_lines_the_first_are_learned() -> None:
    """A table of a source holds no more, and sorting any number of them would hold up the others."""
    settler = LearnSettler(Settings())
    (change,) = settler.settle(lines(lines=list(range(100_000))), None).changes
    assert len(change.value or b"") < 20 * MAX_LINES
