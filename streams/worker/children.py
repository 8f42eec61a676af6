"""The manager of the child processes: a child that dies amid a message leaves no pool behind that stands still."""

from concurrent.futures.process import BrokenProcessPool

from pebble.pool.process import PoolManager

#: How long a child that lives may hold the locks of the pipes: it takes a chunk of pages in some milliseconds.
LOCK_SECONDS = 5.0


class ChildrenManager(PoolManager):
    """pebble's manager, which breaks the pool where a child that has died holds the locks of the pipes.

    All children share one pipe for tasks and one for results, with a lock each (pebble 5.2.3). One that is killed while it reads
    or writes leaves the lock taken, and half a message in the pipe: the others wait a minute for each of the two locks, and end.
    A new pool has pipes of its own.
    """

    def handle_worker_expiration(self, expiration: tuple[int, int]) -> None:
        """Note that a child has died, by its id and exit code. Raises `BrokenProcessPool` where the others could not go on."""
        super().handle_worker_expiration(expiration)
        channel = self.worker_manager.workers_channel
        if channel is None:
            return
        with channel.lock(timeout=LOCK_SECONDS) as locked:
            if not locked:
                raise BrokenProcessPool("a child process died amid a message")
