"""What all commands share: consoles, options, errors, signals, logging."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from streams import settings as settings_module
from streams.errors import BrokerError, WirewatchError
from streams.settings import Settings
from wirewatch.cli.show import error_line

T = TypeVar("T")
errors = Console(stderr=True, highlight=False)
output = Console(highlight=False)
#: A worker that does not stop by itself in this time is ended: Kafka delivers again what it had not acknowledged.
STOP_SECONDS = 15.0


class Group(click.Group):
    """Shows errors that wirewatch raises on purpose as one line, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; exit with 2 for wrong settings, 3 where Kafka fails."""
        quiet_kafka()
        try:
            return super().invoke(ctx)
        except BrokerError as error:
            errors.print(error_line(error), soft_wrap=True)
            ctx.exit(3)
        except WirewatchError as error:
            errors.print(error_line(error), soft_wrap=True)
            ctx.exit(2)


def configured(command: Callable[..., T]) -> Callable[..., T]:
    """Add the options that every command with settings takes."""
    command = click.option("--bootstrap", metavar="HOST:PORT", help="Kafka's address (setting kafka.bootstrap).")(
        command
    )
    return click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Settings file; wirewatch.toml here by default.",
    )(command)


def load(config: Path | None, bootstrap: str | None, **options: Any) -> Settings:
    """Return the settings of file, environment and options."""
    given = {name.replace("__", "."): value for name, value in options.items() if value is not None}
    if bootstrap:
        given["kafka.bootstrap"] = bootstrap
    return settings_module.load(config, options=given)


def run_until_signal(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine; the first Ctrl-C or SIGTERM cancels it, a stop that takes too long ends the process."""

    async def supervised() -> T:
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(main)

        def stop() -> None:
            task.cancel()
            loop.call_later(STOP_SECONDS, os._exit, 1)

        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop)
        return await task

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(supervised())
    except asyncio.CancelledError:
        raise SystemExit(0) from None
    finally:
        asyncio.set_event_loop(None)


def leave(main: Callable[[], int]) -> None:
    """Run what runs Faust and end the process with its code: Faust's consumer threads may outlive their stop."""
    code = 1
    try:
        code = main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    except BrokerError as error:
        errors.print(error_line(error), soft_wrap=True)
        code = 3
    except WirewatchError as error:
        errors.print(error_line(error), soft_wrap=True)
        code = 2
    except Exception:  # noqa: BLE001 - the last place to show it before the process ends
        errors.print_exception()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def quiet_kafka() -> None:
    """Leave out what aiokafka logs of errors that it mends by itself, or that come to us as errors and are shown."""
    logging.getLogger("aiokafka.cluster").setLevel(logging.CRITICAL)
    mended = ("NotLeaderForPartition", "CoordinatorNotAvailable", "Unable connect to", "not found in cluster metadata")
    for name in ("aiokafka", "aiokafka.consumer.fetcher", "aiokafka.consumer.group_coordinator"):
        logging.getLogger(name).addFilter(lambda record: not any(part in record.getMessage() for part in mended))


def set_up_logging(level: str) -> None:
    """Log to standard error, one line each; the libraries only where something is wrong."""
    logging.basicConfig(level=level, stream=sys.stderr, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    for noisy in ("faust", "mode", "aiokafka", "kafka", "streams.kafka.engine", "asyncio"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    # Faust logs each cancelled task and each empty assignment as a warning while a worker stops or stands by.
    for chatty in ("aiokafka.consumer.group_coordinator", "faust.app.base", "faust.transport.consumer"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
