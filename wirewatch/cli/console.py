"""Shared by all commands: consoles, options, settings, signals, logging, errors."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.text import Text

from streams.errors import BrokerAway, BrokerError, InputError, OutputError, SettingsError, WirewatchError
from streams.settings import Settings
from wirewatch.cli import INTERRUPTED, ended_by
from wirewatch.terminal.console import console, log_to_stderr

T = TypeVar("T")
logger = logging.getLogger("wirewatch")
errors = console(stderr=True)
output = console()
#: aiokafka's logger of single connections.
CONNECTIONS = "aiokafka.conn"
#: Commands with which a laptop's folder may begin.
BEGINNERS = frozenset(("run", "ingest", "add", "import", "put"))
#: A worker that does not stop by itself in this time is ended: Kafka delivers again whatever it had not acknowledged.
STOP_SECONDS = 15.0
#: And one that ends by an error in this time after it: what Faust starts anew when it is cancelled would keep it for ever.
CLOSE_SECONDS = 5.0


def show_error(error: WirewatchError) -> None:
    """Print an error as one line."""
    errors.print(Text.assemble(("wirewatch: ", "bold red"), str(error)), soft_wrap=True)


def say_replaced(path: Path) -> None:
    """Say, before a long run, that it will replace a file."""
    if path.exists():
        errors.print(f"{path} is there: it is replaced once the new one is whole", soft_wrap=True)


def with_config(command: Callable[..., T]) -> Callable[..., T]:
    """Add the option of a command that needs settings, and no broker."""
    return click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Settings file; wirewatch.toml here by default.",
    )(command)


def with_data(command: Callable[..., T]) -> Callable[..., T]:
    """Add the option of a command that a laptop's folder may answer; `data_folder` returns it."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        callback=note_data,
        help="A laptop's folder, instead of Kafka (`wirewatch run --data`).",
    )(command)


def with_bootstrap(command: Callable[..., T]) -> Callable[..., T]:
    """Add the option of a command that reaches a Kafka."""
    return click.option("--bootstrap", metavar="HOST:PORT", help="Kafka's address (setting kafka.bootstrap).")(command)


def configured(command: Callable[..., T]) -> Callable[..., T]:
    """Add the options of a command that reaches a Kafka or a laptop's folder."""
    return with_config(with_data(with_bootstrap(command)))


def note_data(context: click.Context, _: click.Parameter, folder: Path | None) -> None:
    """Keep the folder of --data for `data_folder`; raise `JournalError` where a command that only looks would make a new one."""
    if folder is not None and context.info_name not in BEGINNERS:
        from wirewatch.laptop.folder import require_laptop

        require_laptop(folder)
    context.meta["wirewatch.data"] = folder


def data_folder() -> Path | None:
    """Return the folder that --data names, None where a Kafka is meant."""
    context = click.get_current_context(silent=True)
    return context.meta.get("wirewatch.data") if context is not None else None


def resting() -> str:
    """Say that nothing runs on the folder of --data; an empty text where something does, or a Kafka is meant."""
    from wirewatch.laptop.folder import bootstrap_of

    folder = data_folder()
    if folder is None or bootstrap_of(folder) is not None:
        return ""
    return f"nothing runs on {folder} (`wirewatch run --data {folder}`)"


def require_running() -> None:
    """Raise `InputError` where nothing runs on the folder of --data: a message that is sent there now would reach no step."""
    if why := resting():
        raise InputError(f"{why}, and only a laptop that runs does this")


def remember(bootstrap: str, folder: Path) -> None:
    """Let the command that runs read a laptop's journal: its broker has no messages from before its own start."""
    from streams.journal.store import NAME
    from streams.kafka.reading import remembered

    click.get_current_context().with_resource(remembered(bootstrap, folder / NAME))


def load(config: Path | None, bootstrap: str | None, *, running: bool = True, **options: Any) -> Settings:
    """Return the settings of file, environment and options.

    With --data the broker is that of the `wirewatch run` on the folder, and where none runs there, one that lives as long
    as the command; a command that needs none says so by `running`.
    """
    from wirewatch import settings as all_settings

    quiet_kafka()
    if data_folder() is not None and bootstrap:
        raise SettingsError(
            "--data is a laptop's folder with a broker of its own, --bootstrap a Kafka: give one of them"
        )
    given = {name.replace("__", "."): value for name, value in options.items() if value is not None}
    if (folder := data_folder()) is not None and running:
        from wirewatch.laptop.folder import bootstrap_of

        if bootstrap := bootstrap_of(folder):
            remember(bootstrap, folder)
    if bootstrap:
        given["kafka.bootstrap"] = bootstrap
    settings = all_settings.load(config, options=given)
    if folder is not None and running and bootstrap is None:
        from wirewatch.laptop.moment import momentary

        click.get_current_context().with_resource(momentary(folder, settings))
    return settings


def run_until_signal(main: Coroutine[Any, Any, T], *, endless: bool = False, patient: bool = False) -> T:
    """Run a coroutine to its end; the first Ctrl-C or SIGTERM cancels it and exits with 130, with 0 where it is `endless`.

    So does the end of its terminal (SIGHUP), unless that is ignored, as under nohup. Signals after the first change nothing.

    Where Kafka is silent for long, it is said, and later given up: by `BrokerAway`, unless the coroutine is `patient`. A
    stop that takes longer than `STOP_SECONDS` ends the process; so do a second Ctrl-C and, after an error, a task that does
    not end within `CLOSE_SECONDS`.
    """
    try:
        with asyncio.Runner() as runner:
            return runner.run(supervised(main, endless=endless, patient=patient))
    except asyncio.CancelledError:
        if endless:
            logger.info("stopped")
        raise SystemExit(0 if endless else INTERRUPTED) from None


async def supervised(main: Coroutine[Any, Any, T], *, endless: bool, patient: bool) -> T:
    """Run a coroutine until it ends, a signal cancels it, or Kafka has been silent for too long."""
    from streams.kafka.patience import RUNNING, Patience

    patience = None if patient else Patience(lambda text: errors.print(text, soft_wrap=True))
    RUNNING.set(patience)
    task = asyncio.ensure_future(main)
    Stop(task, endless=endless).at_signals()
    try:
        if patience is not None:
            watch = asyncio.ensure_future(patience.watch())
            await asyncio.wait((task, watch), return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                await given_up(task, away(watch.result()))
            watch.cancel()
        return await task
    except Exception as error:  # whatever it is, the process ends in time, and says why
        error = as_kafka_error(error)
        asyncio.get_running_loop().call_later(CLOSE_SECONDS, end_with, error)
        raise error from None


class Stop:
    """The stop of a task by signals: the first cancels it, a second Ctrl-C ends the process, and so does a stop too long."""

    def __init__(self, task: "asyncio.Future[Any]", *, endless: bool) -> None:
        self._task = task
        self._endless = endless
        self._seen: list[signal.Signals] = []

    def at_signals(self) -> None:
        """Stop at a signal from now on; not at the end of a terminal that is ignored."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if name != signal.SIGHUP or signal.getsignal(name) != signal.SIG_IGN:
                asyncio.get_running_loop().add_signal_handler(name, self._take, name)

    def _take(self, name: signal.Signals) -> None:
        self._seen.append(name)
        if self._seen.count(signal.SIGINT) > 1:
            os._exit(0 if self._endless else INTERRUPTED)
        if len(self._seen) > 1:
            return  # a shell, make and timeout send theirs too: cancelled again, the stop itself would be broken off
        if self._endless:
            logger.info("%s: stopping", name.name)
        self._task.cancel()
        asyncio.get_running_loop().call_later(STOP_SECONDS, end_by_force)


async def given_up(task: "asyncio.Future[Any]", error: WirewatchError) -> None:
    """Cancel a task and raise why; end the process where the task does not end."""
    asyncio.get_running_loop().call_later(CLOSE_SECONDS, end_with, error)
    task.cancel()
    await asyncio.wait((task,))
    raise error


def away(error: WirewatchError) -> WirewatchError:
    """Return the error of a Kafka that is silent; with --data it says so where nothing runs on the folder any more."""
    why = resting()
    return BrokerAway(f"{why}: it has ended while this command waited for it") if why else error


def as_kafka_error(error: Exception) -> Exception:
    """Return an error that aiokafka raised as a `BrokerError`, and any other as it is."""
    kafka = sys.modules.get("aiokafka.errors")
    if kafka is None or not isinstance(error, kafka.KafkaError):
        return error
    found = BrokerError(f"Kafka refuses: {error}")
    found.__cause__ = error
    return found


def end_by_force() -> None:
    """End the process although something does not stop."""
    errors.print(
        f"wirewatch: the stop takes longer than {STOP_SECONDS:g} s, so it ends without it; nothing is lost",
        soft_wrap=True,
    )
    os._exit(1)


def end_with(error: Exception) -> None:
    """End the process with an error although something does not stop."""
    os._exit(shown(error))


def shown(error: Exception) -> int:
    """Print an error, one of ours as one line; return the exit code that it has."""
    if not isinstance(error, WirewatchError):
        from rich.traceback import Traceback

        errors.print(Traceback.from_exception(type(error), error, error.__traceback__))
        return 1
    return ended_by(error)


def leave(main: Callable[[], int]) -> None:
    """Run a function that runs Faust and end the process with its code: Faust's consumer threads may outlive their stop."""
    code = 1
    try:
        code = main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    except Exception as error:  # noqa: BLE001 - the last place to show it before the process ends
        code = shown(error)
    try:
        sys.stdout.flush()
    except OutputError as error:
        code = code or ended_by(error)
    sys.stderr.flush()
    os._exit(code)


def quiet_kafka() -> None:
    """Leave out aiokafka's log lines about errors from which it recovers, or that reach us as errors and are shown."""
    logging.getLogger("aiokafka.cluster").setLevel(logging.CRITICAL)
    # a warning for each batch that it sends again, until our own limit of time
    logging.getLogger("aiokafka.producer.sender").setLevel(logging.ERROR)
    # with SASL_PLAINTEXT, at each connection, that the password goes in the clear: a worker's log has it (`log_worker`)
    logging.getLogger(CONNECTIONS).setLevel(logging.ERROR)
    recovers = (
        "NotLeaderForPartition",
        "CoordinatorNotAvailable",
        "Unable connect to",
        "not found in cluster metadata",
    )
    # a broker that is gone, twice a second: `Patience` says that it does not answer
    gone = ("Failed fetch messages from", "Unable to update metadata from")
    for name in ("aiokafka", "aiokafka.consumer.fetcher", "aiokafka.consumer.group_coordinator"):
        logging.getLogger(name).addFilter(
            lambda record: not any(part in record.getMessage() for part in recovers + gone)
        )


def log_errors() -> None:
    """Log errors only, a line each: for commands whose output is their work."""
    log_to_stderr(logging.ERROR, "%(levelname)s %(name)s: %(message)s")


def log_worker(level: str) -> None:
    """Log a worker's work from `level` on; the libraries only where something is wrong."""
    from streams.system.log_filters import ThirdParty

    log_to_stderr(level, "%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(ThirdParty(("faust", "mode", "aiokafka", "kafka", "asyncio")))
    for noisy in ("faust", "mode", "aiokafka", "kafka", "streams.kafka.engine", "asyncio"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.getLogger(CONNECTIONS).setLevel(logging.NOTSET)
    # Faust logs each cancelled task and each empty assignment as a warning while a worker stops or stands by.
    for chatty in ("aiokafka.consumer.group_coordinator", "faust.app.base", "faust.transport.consumer"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
