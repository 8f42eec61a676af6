"""How many files and connections a worker may have open."""

import resource
from collections.abc import Iterator

import pytest

from streams.errors import SettingsError
from streams.system.open_files import WANTED, allow_files, files_of


@pytest.fixture
def limits() -> Iterator[tuple[int, int]]:
    """Return this process's limits, and put the lower one back at the end."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_shells_limit_is_raised(limits: tuple[int, int]) -> None:
    """Up to what the user may have: a laptop with all steps has some 200 files open, and macOS gives 256."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (240, limits[1]))
    allow_files(files_of(13, laptop=True))
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(WANTED, limits[1])


def test_a_limit_that_is_too_low_is_refused_by_name(limits: tuple[int, int]) -> None:
    """At once, with what to do: without files, steps fail here and there by errors that do not say so."""
    with pytest.raises(SettingsError, match=rf"have {min(WANTED, limits[1])} files .* needs 9999999.*ulimit -n"):
        allow_files(9_999_999)
