"""robots.txt (RFC 9309): which pages may be fetched, and how far apart.

Read by protego, in a child process. A byte-order mark is taken off, and only the first 500 KiB count, as the standard
asks. Its own absence allows all (4xx), a server in trouble forbids all for now (5xx, no answer): its pages are asked for
again later.
"""

import zlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import lru_cache

from protego import Protego
from yarl import URL

MOST_BYTES = 500 * 1024
#: How long a robots.txt is kept: a day at most, as the standard asks.
KEEP_SECONDS = 24 * 3600.0
#: How long a server in trouble is left alone before its robots.txt is asked for again.
RETRY_SECONDS = 3600.0
#: The name by which site owners address us; the rest of the user agent is for people.
PRODUCT = "wirewatch"


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """A domain's robots.txt as it was answered; `text` None where all is allowed, or nothing is known (`trouble`)."""

    text: str | None
    fetched_at: float
    trouble: bool = False

    def stale(self, now: float) -> bool:
        """Say whether it is to be asked for again."""
        return now - self.fetched_at > (RETRY_SECONDS if self.trouble else KEEP_SECONDS)


class RobotsFiles:
    """The robots.txt files that are known, by their addresses; those asked for longest ago go first.

    Up to `most` are kept, and up to `most_bytes` of them, packed.
    """

    def __init__(self, most: int = 20_000, most_bytes: int = 64 * 1024 * 1024) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._files: OrderedDict[str, RobotsFile] = OrderedDict()
        self._packed: dict[str, bytes] = {}
        self._bytes = 0

    def get(self, url: str, now: float) -> RobotsFile | None:
        """Return a file; None where it has to be asked for."""
        file = self._files.get(url)
        if file is None or file.stale(now):
            return None
        self._files.move_to_end(url)
        packed = self._packed.get(url)
        return file if packed is None else replace(file, text=zlib.decompress(packed).decode())

    def put(self, url: str, file: RobotsFile) -> None:
        """Keep a file, its text packed."""
        self._drop(url)
        self._files[url] = replace(file, text=None)
        if file.text is not None:
            self._packed[url] = zlib.compress(file.text.encode("utf-8", "replace"))
            self._bytes += len(self._packed[url])
        while len(self._files) > self._most or self._bytes > self._most_bytes:
            self._drop(next(iter(self._files)))

    def _drop(self, url: str) -> None:
        self._files.pop(url, None)
        self._bytes -= len(self._packed.pop(url, b""))


def robots_url(url: str) -> str:
    """Return the address of the robots.txt that an address falls under."""
    return str(URL(url).origin() / "robots.txt")


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a child process: may these addresses be fetched, by this robots.txt."""

    text: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Its answer, and the file's further fields."""

    allowed: tuple[bool, ...]
    crawl_delay: float | None
    sitemaps: tuple[str, ...] = ()


def from_answer(status: int, body: bytes, now: float) -> RobotsFile:
    """Return a robots.txt from a server's final answer."""
    if status == 200:
        return RobotsFile(body[:MOST_BYTES].decode("utf-8", "replace").removeprefix("\ufeff"), now)
    return RobotsFile(None, now, trouble=status >= 500 or status == 429)


def judge(question: Question) -> Judgement:
    """Answer a question; in a child process."""
    rules = parsed(question.text)
    delay = rules.crawl_delay(PRODUCT)
    rate = rules.request_rate(PRODUCT)
    if rate is not None and rate.requests:
        delay = max(delay or 0.0, rate.seconds / rate.requests)
    return Judgement(
        tuple(may_fetch(rules, url) for url in question.urls),
        None if delay is None else float(delay),
        tuple(str(url) for url in list(rules.sitemaps)[:50]),
    )


def may_fetch(rules: Protego, url: str) -> bool:
    """Return whether an address may be fetched; a broken one (`https://[::1`) leads nowhere."""
    try:
        return bool(rules.can_fetch(url, PRODUCT))
    except ValueError:
        return False


@lru_cache(maxsize=64)
def parsed(text: str) -> Protego:
    """Return the rules of a text."""
    return Protego.parse(text)
