"""Jobs of the agenda, each done in its domain's turn; whatever fails in one, the turn ends and the job stands for later."""

import logging

from agents.fetch.asking.agenda import Agenda, Job
from agents.fetch.asking.asker import Asker
from agents.fetch.polling.page_jobs import PageJobs
from agents.fetch.polling.poll_jobs import PollJobs
from agents.fetch.polling.workplace import NOT_TAKEN, Workplace

logger = logging.getLogger("wirewatch.fetch")

#: Before a job is tried again whose partition may be another worker's.
UNSURE_SECONDS = 1.0
#: Before something is tried again that Kafka did not take.
AWAY_SECONDS = 10.0
#: A source that our own code fails on is left alone for so long.
FAULT_SECONDS = 3600.0


class Jobs:
    """Does jobs: polls of sources, and pages."""

    def __init__(self, place: Workplace, agenda: Agenda, asker: Asker, polls: PollJobs, pages: PageJobs) -> None:
        self._place = place
        self._agenda = agenda
        self._asker = asker
        self._polls = polls
        self._pages = pages

    async def do(self, job: Job) -> None:
        """Do a job whose domain's turn has begun."""
        self._asker.begin(job.domain)
        try:
            if not self._place.partitions.holds(self._partition_of(job)):
                self._later(job, UNSURE_SECONDS)
            elif job.kind == "poll":
                await self._polls.poll(job)
            else:
                await self._pages.fetch(job)
        except NOT_TAKEN as error:
            logger.warning("%s %s waits for Kafka: %s", job.kind, job.name, error)
            self._later(job, AWAY_SECONDS)
        except Exception:  # one job's fault must not end the other jobs
            logger.exception(
                "%s %s failed by an error of wirewatch's own, and is tried again: report it", job.kind, job.name
            )
            self._place.metrics.polls.labels("unknown", "error").inc()
            await self._fault(job)
        finally:
            self._asker.release(job.domain)

    async def _fault(self, job: Job) -> None:
        """Leave a source that our own code fails on alone for a while; settle a page with its entry's text."""
        if job.kind == "poll":
            self._later(job, FAULT_SECONDS)
        else:
            await self._pages.fault(job)

    def _later(self, job: Job, seconds: float) -> None:
        self._agenda.add(job._replace(due=self._place.clock.now() + seconds))

    def _partition_of(self, job: Job) -> int:
        partitions = self._place.partitions
        return partitions.of_source(job.name) if job.kind == "poll" else partitions.of(job.domain)
