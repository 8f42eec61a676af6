"""Work on articles in one process."""

from collections.abc import Sequence

from streams.errors import Refused
from streams.work import read_and_work


def test_a_task_that_cannot_be_read_is_refused_and_the_others_are_worked_on() -> None:
    """Each product stands where its task does, and what the work refuses does so too."""

    def read(task: str) -> int:
        if not task.isdigit():
            raise Refused("invalid_record", f"{task} is no number")
        return int(task)

    def doubled(numbers: Sequence[int]) -> list[int | Refused]:
        return [2 * number if number else Refused("empty", "nothing to double") for number in numbers]

    found = read_and_work(read, doubled, ["one", "2", "0", "three", "4"])
    assert [item if isinstance(item, int) else item.error for item in found] == [
        "one is no number", 4, "nothing to double", "three is no number", 8,
    ]  # fmt: skip
    assert read_and_work(read, doubled, []) == []
