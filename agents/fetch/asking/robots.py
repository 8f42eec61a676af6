"""robots.txt (RFC 9309): which pages may be fetched, and how far apart.

Read by protego, in a child process. A byte-order mark is taken off, and only the first 500 KiB count, as the standard
asks. Its own absence allows all (4xx), a server in trouble forbids all for now (5xx, no answer): its pages are asked for
again later.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from protego import Protego

MOST_BYTES = 500 * 1024
#: How long a robots.txt is kept: a day at most, as the standard asks.
KEEP_SECONDS = 24 * 3600.0
#: How long a server in trouble is left alone before its robots.txt is asked for again.
RETRY_SECONDS = 3600.0
#: The name by which site owners address us; the rest of the user agent is for people.
PRODUCT = "wirewatch"

Allowed = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """A domain's robots.txt as it was answered; `text` None where all is allowed, or nothing is known (`trouble`)."""

    text: str | None
    fetched_at: float
    trouble: bool = False

    def stale(self, now: float) -> bool:
        """Say whether it is to be asked for again."""
        return now - self.fetched_at > (RETRY_SECONDS if self.trouble else KEEP_SECONDS)


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
        tuple(bool(rules.can_fetch(url, PRODUCT)) for url in question.urls),
        None if delay is None else float(delay),
        tuple(str(url) for url in list(rules.sitemaps)[:50]),
    )


@lru_cache(maxsize=64)
def parsed(text: str) -> Protego:
    """Return the rules of a text."""
    return Protego.parse(text)
