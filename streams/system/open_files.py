"""How many files and connections a process may have open: as many as its user allows, and enough for a worker."""

import contextlib
import resource

from streams.errors import SettingsError

#: As many as are asked for. Much more only makes what looks at each of them slow.
WANTED = 65_536
#: The most that macOS gives where its limit says "unlimited".
FALLBACK = 10_240
#: Files and connections that a worker itself has open.
BASE = 40
#: Those that it has open for each step on a Kafka of one broker.
OF_A_STEP = 6
#: Those for each step beside an embedded broker.
OF_A_LAPTOPS_STEP = 12


def files_of(steps: int, *, laptop: bool) -> int:
    """Return how many files and connections a worker with so many steps needs at the least."""
    return BASE + steps * (OF_A_LAPTOPS_STEP if laptop else OF_A_STEP)


def allow_files(least: int) -> None:
    """Raise the limit of this process; raise `SettingsError` where its user may not have `least`.

    A shell's usual limit (256 on macOS, 1,024 on Linux) is one that any process may raise, up to a second one.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (WANTED, FALLBACK):
        if 0 <= soft < wanted:
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
                soft = most
    if 0 <= soft < least:
        raise SettingsError(
            f"a process of this user may have {soft} files and connections open, and this worker needs {least}: raise that "
            "limit (`ulimit -n`, LimitNOFILE, nofile), or run fewer steps (--steps)"
        )
