"""`wirewatch demo`."""

from pathlib import Path

import click

from wirewatch.cli.console import leave, load, log_errors, output, run_until_signal, with_config


@click.command()
@click.option("--once", is_flag=True, help="End after the summary: exit 0, or 1 when the accounts do not balance.")
@click.option("--http-port", type=int, default=None, help="Port of the page and the metrics; 0 takes a free one.")
@click.option("--plain", is_flag=True, help="Lines instead of a live view (the default where there is no terminal).")
@with_config
def demo(*, once: bool, http_port: int | None, plain: bool, config: Path | None) -> None:
    """Run everything on a sample of news, with an embedded broker: no Kafka, no Docker, no key.

    The sample holds invented events in real places, in several languages, and everything that news brings: copies,
    revisions, broken pages. After the summary it keeps serving the page, metrics and health until Ctrl-C. The embedded
    broker keeps everything in memory and forgets: it is for looking, never for data.

    \b
    wirewatch demo
    wirewatch demo --once --plain
    """
    settings = load(config, None, worker__http_port=http_port)
    output.print("wirewatch demo: starting an embedded broker and all steps, a few seconds …", style="dim")
    log_errors()
    from streams.system.open_files import allow_files, files_of
    from wirewatch.demo.run import run_demo
    from wirewatch.steps import STEPS

    allow_files(files_of(len(STEPS), laptop=True))
    shown = run_demo(settings, once=once, plain=plain or not output.is_terminal)
    leave(lambda: run_until_signal(shown, endless=not once, patient=True))
