"""Budgets: how often a domain may be asked, over its feeds, sitemaps, robots.txt and pages together.

One request at a time, and so many seconds between two starts (more where robots.txt asks for it). A server that says 429,
503, or 403 again and again pauses its whole domain: for as long as it says, else for a minute, and twice as long each
time. Domains that share an address, as on shared hosting, have a second, softer budget by address, for one worker knows
only its own requests.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

FIRST_PAUSE_SECONDS = 60.0
MOST_PAUSE_SECONDS = 6 * 3600.0
#: The longest that a server may keep a domain waiting at once.
MOST_RETRY_AFTER_SECONDS = 24 * 3600.0
#: So many refusals (403) of different URLs in a day count as one 429.
FORBIDDEN_URLS = 3
DAY = 86_400.0
#: A crawl delay above this is not kept to the letter by waiting for ever: it is reported, and kept.
LONG_DELAY_SECONDS = 60.0
MOST_DELAY_SECONDS = 3600.0
#: A domain that has been quiet for so long is forgotten.
IDLE_SECONDS = 3600.0


class DomainState(msgspec.Struct, array_like=True):
    """The state of a domain for its next owner."""

    domain: str
    paused_until: float = 0.0
    pauses: int = 0
    crawl_delay: float = 0.0
    reason: str = ""


@dataclass(slots=True)
class Budget:
    """One domain's budget. Times are epoch seconds."""

    domain: str
    not_before: float = 0.0
    busy: bool = False
    paused_until: float = 0.0
    pauses: int = 0
    crawl_delay: float = 0.0
    reason: str = ""
    last_start: float = 0.0
    address: str = ""
    forbidden: dict[str, float] = field(default_factory=dict)

    def state(self) -> DomainState | None:
        """Return the state worth keeping; None where there is none."""
        if not (self.paused_until or self.crawl_delay):
            return None
        return DomainState(self.domain, self.paused_until, self.pauses, self.crawl_delay, self.reason)


@dataclass(slots=True)
class AddressBudget:
    """One worker's requests to one address."""

    running: int = 0
    not_before: float = 0.0


class Budgets:
    """The budgets of all domains that a worker has to do with; `delay_seconds` between two starts at a domain."""

    def __init__(
        self, delay_seconds: float = 5.0, address_delay_seconds: float = 0.1, address_parallel: int = 8
    ) -> None:
        self.delay_seconds = delay_seconds
        self._address_delay = address_delay_seconds
        self._address_parallel = address_parallel
        self._domains: dict[str, Budget] = {}
        self._addresses: dict[str, AddressBudget] = {}

    def __len__(self) -> int:
        return len(self._domains)

    def of(self, domain: str) -> Budget:
        """Return a domain's budget, a fresh one for a domain that is not known."""
        found = self._domains.get(domain)
        if found is None:
            found = self._domains[domain] = Budget(domain)
        return found

    def ready_at(self, domain: str) -> float | None:
        """Return from when on a domain may be asked; None while a request is underway there."""
        budget = self._domains.get(domain)
        if budget is None:
            return 0.0
        if budget.busy:
            return None
        at = max(budget.not_before, budget.paused_until)
        shared = self._addresses.get(budget.address) if budget.address else None
        return at if shared is None else max(at, shared.not_before)

    def crowded(self, domain: str) -> bool:
        """Say whether as many requests are underway at the domain's address as may be."""
        shared = self._addresses.get(self.of(domain).address)
        return shared is not None and 0 < self._address_parallel <= shared.running

    def start(self, domain: str, now: float) -> None:
        """Note that a request starts. The next start is a delay away from this one."""
        budget = self.of(domain)
        assert not budget.busy, domain
        budget.busy = True
        budget.last_start = now
        budget.not_before = now + max(self.delay_seconds, budget.crawl_delay)
        if budget.address:
            shared = self._addresses.setdefault(budget.address, AddressBudget())
            shared.running += 1
            shared.not_before = max(shared.not_before, now + self._address_delay)

    def end(self, domain: str, now: float, address: str = "") -> None:
        """Note that a request has ended, and which address answered.

        The next one is a whole delay away from the answer, so that the server, too, sees the delay between two, however
        long the first one took to arrive; and a fifth of its time where that is longer: the server is slow.
        """
        budget = self.of(domain)
        budget.busy = False
        delay = max(self.delay_seconds, budget.crawl_delay, (now - budget.last_start) / 5)
        budget.not_before = max(budget.not_before, now + delay)
        if budget.address and (shared := self._addresses.get(budget.address)) is not None:
            shared.running -= 1
            if not shared.running and shared.not_before <= now:
                del self._addresses[budget.address]
        if address:
            budget.address = address

    def refused(self, domain: str, url: str, status: int, retry_after: float | None, now: float) -> float:
        """Note an answer that asks for a pause; return the end of the domain's pause, 0.0 without one.

        Raises nothing: a `Retry-After` of a year is a day, one of no seconds is the domain's own delay.
        """
        budget = self.of(domain)
        if status == 403:
            budget.forbidden = {u: at for u, at in budget.forbidden.items() if now - at < DAY}
            if len(budget.forbidden) < FORBIDDEN_URLS:
                budget.forbidden[url] = now
            if len(budget.forbidden) < FORBIDDEN_URLS and retry_after is None:
                return 0.0
            budget.forbidden.clear()
        budget.pauses += 1
        doubled = min(FIRST_PAUSE_SECONDS * 2.0 ** min(budget.pauses - 1, 16), MOST_PAUSE_SECONDS)
        pause = doubled if retry_after is None else min(retry_after, MOST_RETRY_AFTER_SECONDS)
        budget.paused_until = max(budget.paused_until, now + max(pause, self.delay_seconds))
        budget.reason = f"HTTP {status}" + ("" if retry_after is None else f", Retry-After {retry_after:.0f} s")
        return budget.paused_until

    def answered(self, domain: str) -> bool:
        """Note an answer that was no refusal; return whether that ended a row of pauses."""
        budget = self.of(domain)
        ended = bool(budget.pauses)
        budget.pauses, budget.paused_until, budget.reason = 0, 0.0, ""
        return ended

    def limit(self, domain: str, crawl_delay: float | None) -> bool:
        """Keep to the delay that robots.txt asks for; return whether that is news."""
        budget = self.of(domain)
        wanted = min(crawl_delay or 0.0, MOST_DELAY_SECONDS)
        changed = wanted != budget.crawl_delay
        budget.crawl_delay = wanted
        if budget.last_start:
            budget.not_before = max(budget.not_before, budget.last_start + wanted)
        return changed

    def restore(self, state: DomainState, now: float) -> None:
        """Take back another owner's state; its last request may have been just now.

        No longer pause, and no longer delay, than a server can bring about.
        """
        budget = self.of(state.domain)
        budget.paused_until, budget.pauses = most(state.paused_until, now + MOST_RETRY_AFTER_SECONDS), state.pauses
        budget.crawl_delay, budget.reason = most(state.crawl_delay, MOST_DELAY_SECONDS), state.reason
        budget.not_before = max(budget.not_before, now + max(self.delay_seconds, budget.crawl_delay))

    def paused(self, now: float) -> Iterable[Budget]:
        """Yield the domains that are paused."""
        return (budget for budget in self._domains.values() if budget.paused_until > now)

    def forget(self, now: float) -> int:
        """Forget domains that have not been asked for long and have nothing to keep; return how many."""
        idle = [
            domain
            for domain, budget in self._domains.items()
            if not budget.busy
            and now - max(budget.not_before, budget.paused_until) > IDLE_SECONDS
            and budget.state() is None
            and not budget.forbidden
        ]
        for domain in idle:
            del self._domains[domain]
        return len(idle)


def most(value: float, bound: float) -> float:
    """Return a number that is at most a bound; 0 for one below 0, and for NaN."""
    return min(value, bound) if value > 0 else 0.0
