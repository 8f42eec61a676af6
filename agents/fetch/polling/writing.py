"""Writing of states to `wirewatch.polls`: each poll's that changed something at once, others together every few minutes."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import get_args

from agents.fetch.asking.budget import Budgets
from agents.fetch.asking.domains import domain_of
from agents.fetch.polling.poll import PollOutcome
from agents.fetch.polling.recording import changed, request_output
from agents.fetch.polling.store import DOMAIN, SOURCE, domain_encoder
from agents.fetch.polling.workplace import NOT_TAKEN, Workplace
from agents.fetch.source import health, state
from agents.fetch.source.state import PollState
from streams.message import Change, Output
from streams.records import Source, SourceState
from streams.topics import POLLS

#: Changes that may wait while a source is polled.
MOST_PENDING = 100


class StateWriter:
    """Keeps the states of sources in the store, and writes them and the budgets of domains to Kafka."""

    def __init__(self, place: Workplace, budgets: Budgets) -> None:
        self._store = place.store
        self._partitions = place.partitions
        self._in_session = place.in_session
        self._publish = place.write
        self._metrics = place.metrics
        self._budgets = budgets
        self._bare: set[str] = set()
        self._heard: set[str] = set()
        #: partition and key of states whose sources are gone
        self._gone: set[tuple[int, str]] = set()
        #: sources that are being polled, and the latest changes that wait for that
        self._busy: set[str] = set()
        self._pending: defaultdict[str, deque[Callable[[PollState], None]]] = defaultdict(
            lambda: deque(maxlen=MOST_PENDING)
        )
        #: sources by state
        self.by_state: Counter[str] = Counter()
        #: those that are neither new nor healthy
        self.troubled: set[str] = set()

    # -- sources

    def keep(self, name: str, known: PollState) -> None:
        """Keep a source's state in memory."""
        old = self._store.states.get(name)
        if old is not None:
            self.by_state[state.unpack(old).health] -= 1
        self._count(name, known)
        self._store.states[name] = state.pack(known)

    def take_up(self, name: str) -> None:
        """Count a source whose partition has come to this worker."""
        if name in self._store.states:
            self._count(name, self._store.state(name))

    def _count(self, name: str, known: PollState) -> None:
        self.by_state[known.health] += 1
        (self.troubled.discard if known.health in ("new", "healthy") else self.troubled.add)(name)

    def later(self, name: str) -> None:
        """Write a source's state with the next that are written together."""
        self._bare.add(name)

    @contextmanager
    def reading(self, name: str) -> Iterator[PollState]:
        """Give a source's state to a poll, which keeps another one in the end; changes by others wait until then."""
        self._busy.add(name)
        try:
            yield self._store.state(name)
        finally:
            self._busy.discard(name)
            for change in self._pending.pop(name, ()):
                self.change(name, change)

    def change(self, name: str, change: Callable[[PollState], None]) -> None:
        """Change a source's state beside its polls; it is written with the next that are written together."""
        if name not in self._store.states:
            return
        if name in self._busy:
            self._pending[name].append(change)
            return
        known = self._store.state(name)
        change(known)
        self.keep(name, known)
        self._bare.add(name)

    def cleaned(self, name: str, lengths: Sequence[int]) -> None:
        """Take note of how a source's articles were cleaned; its next poll draws the conclusions."""

        def take(known: PollState) -> None:
            for length in lengths:
                health.page_read(known, length)

        self.change(name, take)

    def drop(self, name: str) -> None:
        """Forget the state of a source that is not in force any more."""
        value = self._store.states.pop(name, None)
        if value is None:
            return
        known = state.unpack(value)
        domain = domain_of(known.url)
        if self._partitions.own(domain):
            self.by_state[known.health] -= 1
            self.troubled.discard(name)
            self._gone.add((self._partitions.of(domain), SOURCE + name))

    async def record(
        self, source: Source, before: PollState, known: PollState, polled: PollOutcome, events: Sequence[Output]
    ) -> None:
        """Write a poll's results: that they are about to be handed out, then they, then the new state."""
        outputs = list(events)
        if polled.requests:
            known.pending_at = 0.0
            if not before.pending_at:
                before.pending_at, before.url = polled.when, known.url
                before.added_at = known.added_at
                await self._publish([self._change(source.name, state.pack(before))], ())
                self.keep(source.name, before)
            outputs += [request_output(request) for request in polled.requests]
        elif polled.result is not None:
            known.pending_at = 0.0
        if outputs:
            await self._publish((), [(output, None) for output in outputs])
        self.keep(source.name, known)
        if outputs or changed(before, known):
            await self._publish([self._change(source.name, self._store.states[source.name])], ())
            self._metrics.state_writes.labels("changed").inc()
            self._bare.discard(source.name)
        else:
            self._bare.add(source.name)

    async def write(self) -> None:
        """Write the states of sources that were polled and brought nothing, all at once, if they are surely this worker's."""
        if not self._in_session():
            return
        names, gone = list(self._bare), list(self._gone)
        states = self._store.states
        changes = [self._change(name, states[name]) for name in names if name in states]
        changes += [Change(POLLS, partition, key, None) for partition, key in gone]
        if self._partitions.number and changes:
            await self._publish(changes, ())
            self._metrics.state_writes.labels("bare").inc(len(changes))
        self._bare.difference_update(names)
        self._gone.difference_update(gone)

    def forget_changes(self) -> None:
        """Forget changes that are not written yet: another worker writes from now on."""
        self._bare.clear()
        self._gone.clear()
        self._heard.clear()

    def _change(self, name: str, value: bytes) -> Change:
        return Change(POLLS, max(self._partitions.of_source(name), 0), SOURCE + name, value)

    # -- domains

    def heard(self, domain: str) -> None:
        """Take note of a domain whose budget has to be written."""
        self._heard.add(domain)

    async def write_budgets(self) -> None:
        """Write the budgets that have changed in a way that their next owner must know."""
        if not self._heard or not self._in_session():
            return
        domains, self._heard = self._heard, set()
        changes = [self._budget(domain) for domain in domains if self._partitions.own(domain)]
        try:
            await self._publish([change for change in changes if change is not None], ())
        except NOT_TAKEN:
            self._heard |= domains
            raise

    def _budget(self, domain: str) -> Change | None:
        """Return the change of a domain's budget; None where there is nothing to keep, and never was."""
        known = self._budgets.of(domain).state()
        value = None if known is None else domain_encoder.encode(known)
        if value is None and self._store.domains.pop(domain, None) is None:
            return None
        if value is not None:
            self._store.domains[domain] = value
        return Change(POLLS, self._partitions.of(domain), DOMAIN + domain, value)

    # -- showing

    def shown(self, most: int) -> list[str]:
        """Return the names of some of this worker's sources, those in trouble first."""
        troubled = sorted(islice(self.troubled, most))
        sources, own = self._store.sources, self._partitions.own_source
        others = (name for name in sources if name not in self.troubled and own(name))
        return [name for name in [*troubled, *islice(others, most - len(troubled))] if name in sources]

    def forget_counts(self) -> None:
        """Forget which states the sources are in: they are another worker's."""
        self.by_state.clear()
        self.troubled.clear()

    def show(self) -> None:
        """Show how many sources are in which state."""
        for name in get_args(SourceState):
            self._metrics.sources.labels(name).set(self.by_state[name])
