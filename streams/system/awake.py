"""A clock that goes on while the machine sleeps, for times that others count meanwhile.

`time.monotonic` stands still in a sleep, of a laptop or of a virtual machine that is paused with its kernel's knowledge. A worker
that goes by it would wake in the middle of a session that its group has ended long ago, and send what others have sent.
"""

import time

#: Linux's clock of the boot counts sleep; macOS's monotonic one does, read so, and not as `time.monotonic` reads it.
_CLOCK: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def seconds_awake_or_asleep() -> float:
    """Return seconds since some moment, those of sleep among them; it is never set back."""
    return time.clock_gettime(_CLOCK)
