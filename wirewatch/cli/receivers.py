"""`wirewatch receivers`: send a test message."""

import os
import sys
from pathlib import Path

import click

from wirewatch.cli import Subcommands
from wirewatch.cli.console import errors, load, output, run_until_signal, with_config


@click.group(cls=Subcommands)
def receivers() -> None:
    """Test the receivers of alerts (docs/delivery.md)."""


@receivers.command(name="test")
@click.argument("name")
@with_config
def receivers_test(name: str, config: Path | None) -> None:
    """Send a test message to the receiver NAME of the settings, once; exit 1 where it is not delivered.

    Needs no Kafka, and leaves nothing there: the message says that it is a test.

    \b
    wirewatch receivers test desk-mail
    """
    from wirewatch.watches import receivers

    settings = load(config, None, running=False)
    attempt = run_until_signal(receivers.send_test(settings, name, os.environ))
    if attempt.delivered:
        output.print(f"{name}: delivered", soft_wrap=True)
        return
    again = "trying again is useless" if attempt.final else "an alert would be tried again"
    errors.print(f"{name}: not delivered: {attempt.error} ({again})", soft_wrap=True)
    sys.exit(1)
