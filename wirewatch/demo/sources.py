"""The demo's sources: its own publisher polled by the real step, and a line of each for the terminal."""

from dataclasses import replace

from rich.table import Table
from rich.text import Text

from agents.fetch.companion import FetchCompanion
from agents.fetch.settings import FetchSettings
from agents.fetch.source.state import PollState
from agents.fetch.step import FETCH_STEP, FetchSettler
from streams.records import Source
from streams.settings import Settings
from streams.step import AnyStep
from wirewatch.demo.publisher import NAMES, OwnNames, Publisher
from wirewatch.service import Service
from wirewatch.sources import topic as source_topic
from wirewatch.sources.topic import OnKafka
from wirewatch.terminal.console import LOOK_AT
from wirewatch.terminal.sources import STYLES, until

#: Between two requests to one owner: a desk keeps 5 s.
DELAY_SECONDS = 0.5


def prepare(settings: Settings) -> None:
    """Let the fetch step poll loopback, at the pace of a demo."""
    fetch = settings[FetchSettings]
    fetch.allow_private = [*fetch.allow_private, "127.0.0.0/8"]
    fetch.domain_delay_seconds = DELAY_SECONDS
    fetch.min_interval_seconds = min(fetch.min_interval_seconds, DELAY_SECONDS)
    fetch.first_poll_seconds = 1.0


def with_names(step: AnyStep) -> AnyStep:
    """Return the fetch step with the publisher's host names; any other step as it is."""

    def settler(settings: Settings) -> FetchSettler:
        made = FetchSettler(settings)
        made.resolver = OwnNames()
        return made

    return replace(step, settler=settler) if step.name == FETCH_STEP.name else step


async def put(settings: Settings, publisher: Publisher) -> None:
    """Put the publisher's sources into force."""
    await source_topic.put(OnKafka(settings), publisher.sources())


def known(service: Service) -> list[tuple[Source, PollState]]:
    """Return the sources with the state of each, in their order."""
    runner = service.runners.get(FETCH_STEP.name)
    if runner is None or not isinstance(runner.companion, FetchCompanion):
        return []
    store = runner.companion.poller.store
    return [(store.sources[name], store.state(name)) for name in NAMES if name in store.sources]


def table(service: Service) -> Table:
    """Return a row for each source, within 80 columns."""
    shown = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False, expand=True)
    for name in ("source", "state", "polls", "304", "new", "next"):
        shown.add_column(name, no_wrap=True, justify="left" if name in ("source", "state") else "right")
    shown.add_column("", no_wrap=True, overflow="ellipsis", ratio=1)  # what is left of the line, and the others whole
    for source, state in known(service):
        shown.add_row(
            source.name,
            Text(state.health, STYLES.get(state.health, LOOK_AT)),
            str(state.polls),
            str(state.not_modified),
            str(state.new_entries),
            until(state.next_at) if state.polls else "soon",
            Text(remark(state), "dim"),
        )
    return shown


def line(service: Service) -> Text:
    """Return all sources in a few words."""
    return Text(
        " · ".join(f"{source.name} {state.health}" for source, state in known(service)),
        no_wrap=True,
        overflow="ellipsis",
    )


def remark(state: PollState) -> str:
    """Return the one thing about a source that a reader should see."""
    if state.failures:
        return state.error
    if state.candidate:
        return "moved for good? believed after 7 days"
    if state.health not in ("healthy", "new"):
        return state.reason
    return state.kind
