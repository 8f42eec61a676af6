"""`wirewatch run`: a worker."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wirewatch.cli.console import configured, data_folder, leave, load, log_worker, run_until_signal

if TYPE_CHECKING:
    from streams.settings import Settings
    from streams.step import AnyStep

logger = logging.getLogger("wirewatch")


@click.command()
@click.option("--steps", metavar="STEP[,STEP…]", help="Only these steps; all of them by default.")
@click.option("--http-port", type=int, default=None, help="Port of metrics, health and the page; 0 takes a free one.")
@click.option(
    "--sources",
    type=click.Path(exists=True, file_okay=False),
    help="A folder of lists of sources (.toml, .opml, .json): in force for as long as they stand there.",
)
@configured
def run(
    steps: str | None, http_port: int | None, sources: str | None, config: Path | None, bootstrap: str | None
) -> None:
    """Run the steps until Ctrl-C or SIGTERM, on a Kafka or in a laptop's folder.

    Start as many as you like on as many machines: each step is a consumer group, and Kafka spreads its partitions over
    the workers. A worker may be killed at any time; nothing is lost, and whatever is repeated has the same ids.

    With --data it needs no Kafka: everything runs here, on an embedded broker, and whatever must not be lost is in that
    folder, history too. It may be killed at any time too. One folder is one process; `wirewatch move` takes it to a Kafka.
    Others who read its topics (kcat, `tail`) find there what came since its start; `export --data` has all.

    \b
    Steps: fetch, clean, learn, sketch, dedup, tag, gather, stories, trends,
    match, watch, deliver, and archive and digest where archive.url
    and digest.folder are set

    \b
    wirewatch run --data news/
    wirewatch run --steps clean,tag --http-port 8081
    """
    settings = load(config, bootstrap, running=False, worker__http_port=http_port, fetch__folder=sources)
    log_worker(settings.worker.log_level)
    from streams.system.open_files import allow_files, files_of
    from wirewatch.steps import chosen

    if (data := data_folder()) is not None and steps is None:
        from wirewatch.laptop.folder import keep_history

        keep_history(data, settings)
    wanted = chosen(steps, settings)
    allow_files(files_of(len(wanted), laptop=data is not None))
    if data is not None:
        from wirewatch.laptop.running import run_laptop

        leave(lambda: run_until_signal(run_laptop(data, settings, wanted), endless=True, patient=True))
    leave(lambda: run_until_signal(run_worker(settings, wanted), endless=True, patient=True))


async def run_worker(settings: "Settings", steps: Sequence["AnyStep"]) -> int:
    """Run steps until cancelled: one that fails is started anew."""
    from streams.system.tasks import run_together, wait_for_ever
    from wirewatch.folders.all import first_look, folders_of
    from wirewatch.http.server import WebApp, serving
    from wirewatch.metrics import new_metrics
    from wirewatch.service import Service

    service = Service(settings, steps, new_metrics())
    folders = folders_of(settings, service.metrics)
    web_app = WebApp(service)
    async with serving(web_app) as address:
        logger.info("%s on %s; %s", ", ".join(step.name for step in steps), settings.kafka.bootstrap, address)
        async with service.running(web_app.settled, lambda: first_look(folders)):
            logger.info("running")
            kept = (service.keep_going(folder.setting, folder.run) for folder in folders)
            await run_together((wait_for_ever(), *kept))
    return 1
