"""An agenda, and an asker with its client and its child processes, of the settings; nothing is connected or started yet."""

from aiohttp.abc import AbstractResolver

from agents.fetch.asking import documents
from agents.fetch.asking.agenda import Agenda
from agents.fetch.asking.asker import Asker, Elsewhere, Heard
from agents.fetch.asking.budget import Budgets
from agents.fetch.asking.children import ChildPool
from agents.fetch.asking.client import Client, Guard
from agents.fetch.asking.clock import SystemClock
from agents.fetch.metrics import FetchMetrics
from agents.fetch.settings import FetchSettings
from streams.worker.pool import WorkPool


def open_agenda(settings: FetchSettings) -> Agenda:
    """Return an empty agenda, with the budgets that the settings want."""
    budgets = Budgets(settings.domain_delay_seconds, settings.address_delay_seconds, settings.address_parallel)
    return Agenda(budgets)


def open_asker(
    settings: FetchSettings,
    agenda: Agenda,
    metrics: FetchMetrics,
    resolver: AbstractResolver | None,
    processes: int,
    turns: Elsewhere | None = None,
    heard: Heard = lambda _: None,
) -> Asker:
    """Return an asker in the turns of an agenda; without a resolver names are looked up by the system's.

    `processes`: the children that read documents, 0 for one a core.
    """
    client = Client(
        Guard(settings.contact, settings.allow_private),
        timeout_seconds=settings.timeout_seconds,
        parallel=settings.parallel,
        resolver=resolver,
    )
    pool = ChildPool(lambda: WorkPool(processes, [documents.load], settings.read_memory_mib))
    return Asker(
        client,
        agenda,
        pool,
        SystemClock(),
        metrics,
        read_seconds=settings.read_seconds,
        turns=turns,
        heard=heard,
    )
