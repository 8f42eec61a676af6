"""How a request for an entry is taken: to a raw message at once, or to wait for its page."""

from dataclasses import dataclass, field

from agents.fetch.asking.agenda import Agenda
from agents.fetch.asking.domains import domain_of
from agents.fetch.asking.requests import Request, dead_output, from_entry
from agents.fetch.polling.page import refuse, valid
from agents.fetch.settings import FetchSettings
from streams.message import Output


@dataclass(slots=True)
class RequestOutcome:
    """The outcome of a request: its output, or that its page waits."""

    outputs: list[Output] = field(default_factory=list)
    page: bool = False


class Taking:
    """Takes requests; how many pages may wait is bounded, for each domain and for the worker."""

    def __init__(self, settings: FetchSettings, agenda: Agenda) -> None:
        self._settings = settings
        self._agenda = agenda

    def take(self, request: Request) -> RequestOutcome:
        """Return the outcome of a request."""
        if request.error:
            return RequestOutcome([dead_output(request, "invalid_record", request.error)])
        if not request.page or request.url is None or not valid(request.url):
            output = from_entry(request) or dead_output(request, "no_content", "the entry has neither text nor address")
            return RequestOutcome([output])
        waiting = self._agenda.waiting(domain_of(request.url))
        if waiting >= self._settings.max_waiting_pages or self._agenda.pages >= self._settings.max_waiting_pages_worker:
            refused = refuse(
                request, "unreachable", f"{waiting} pages wait for its domain already (fetch.max_waiting_pages)"
            )
            return RequestOutcome([refused.output] if refused.output else [])
        return RequestOutcome(page=True)
