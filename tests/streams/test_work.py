"""Work on articles in one process."""

import threading
import time
from collections.abc import Callable, Sequence

import pytest

from streams.errors import Refused
from streams.work import Success, read_and_work, run_chunk

#: Processor seconds that another thread takes, in these tests.
BESIDE_SECONDS = 0.2


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


def waits_for_other_work(task: str) -> str:
    """Take no time of its own while another thread of the process works."""

    def works() -> None:
        while time.thread_time() < BESIDE_SECONDS:
            pass

    other = threading.Thread(target=works)
    other.start()
    other.join()
    return task


def all_wait_for_other_work(tasks: Sequence[str]) -> list[str | Refused]:
    """Do so for a chunk at once."""
    return [waits_for_other_work(tasks[0]), *tasks[1:]]


@pytest.mark.parametrize("work_all", [None, all_wait_for_other_work])
def test_what_other_threads_do_meanwhile_is_no_work_on_an_article(
    work_all: Callable[[Sequence[str]], list[str | Refused]] | None,
) -> None:
    """A step with a thread of its own works beside the event loop, which settles for all steps."""
    (result,) = run_chunk(waits_for_other_work, ["a"], work_all)
    assert isinstance(result, Success)
    assert result.product == "a"
    assert 0 <= result.cpu_seconds < BESIDE_SECONDS / 2
