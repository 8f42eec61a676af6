"""The command line: `wirewatch --help`. One module for each command, imported only when the command is called."""

import gc
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from streams.errors import BrokerError, ReaderGone, WirewatchError
from wirewatch import __version__
from wirewatch.terminal.standard import check_streams, give_up

#: Each command's name, its line in the help, and the module that has it under the same name.
COMMANDS = {
    "apply": "Run steps over a file of JSON lines, without a broker.",
    "audit": "Reconcile the topics: nothing missing, nothing double.",
    "deliveries": "Show the outcome of alerts, and send dead ones again.",
    "demo": "Run everything on a sample of news, without Kafka.",
    "digest": "Check digests; see what one would say.",
    "export": "Write the articles of a search into a table.",
    "ingest": "Send raw records and saved pages to news.raw.",
    "move": "Put a laptop's data (`run --data`) onto a Kafka.",
    "receivers": "Send a test message to a receiver of alerts.",
    "replay": "Put dead letters back after a fix; run articles again.",
    "run": "Run the steps, on a Kafka or in a laptop's folder.",
    "schema": "Print JSON Schemas of the records, or the AsyncAPI document.",
    "sources": "Add feeds and sites; see how they do.",
    "tail": "Show what comes over a topic, as it comes.",
    "top": "See how a running cluster does: lag, speed, sources, alerts.",
    "topics": "Make and list the Kafka topics.",
    "watches": "Check, test and backtest watches; put them into force.",
}
WRONG_SETTING = 2
NO_KAFKA = 3
#: Exit code of a command that Ctrl-C or SIGTERM ended before its work was done.
INTERRUPTED = 130
#: Exit code of a command whose output nobody reads any more (`| head`): that of a program that SIGPIPE ends, in a shell.
READER_GONE = 141
#: New objects after which Python looks for garbage (its own figure is 700): a command's imports make a hundred thousand, none
#: of them garbage.
GARBAGE = 20_000


class HintingGroup(click.Group):
    """A group of commands; its errors suggest a name for an unknown one, and the place of an option that comes too early."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command. Raises `NoSuchOption` for one that is a command's."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if not error.possibilities:
                place = f"`{ctx.command_path} COMMAND {error.option_name} …`"
                error.message += f": options stand behind the command, as in {place}"
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the name and the command that arguments begin with. Raises `UsageError` where it is none."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-") and not ctx.resilient_parsing:
            from streams.text.names import those

            ctx.fail(f"No such command {args[0]!r}{those(args[0], known)}.")
        return super().resolve_command(ctx, args)


class Commands(HintingGroup):
    """Imports a command when it is called; shows an error that wirewatch raises on purpose as one line."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line."""
        check_streams()
        escape_unwritable()
        try:
            return super().main(*args, **extra)
        except WirewatchError as error:  # the help finds no room
            sys.exit(ended_by(error))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"wirewatch.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; exit with 2 for wrong settings or input, 3 where Kafka fails, 130 when Ctrl-C comes at its start."""
        gc.set_threshold(GARBAGE)
        try:
            return super().invoke(ctx)
        except WirewatchError as error:
            ctx.exit(ended_by(error))
        except KeyboardInterrupt:
            ctx.exit(interrupted())
        except Exception as error:  # a Ctrl-C may come as another error
            if not is_interrupt(error):
                raise
            ctx.exit(interrupted())


def interrupted() -> int:
    """Say that a command was interrupted where it had no word of its own for it; return the exit code."""
    click.echo("interrupted", err=True)
    return INTERRUPTED


def is_interrupt(error: BaseException) -> bool:
    """Return whether an error is a Ctrl-C: one while a class is being made (`__set_name__`) comes as a RuntimeError."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__
    return isinstance(causes[-1], KeyboardInterrupt)


def ended_by(error: WirewatchError) -> int:
    """Show an error, unless it is that nobody reads on; return the exit code that it has."""
    if isinstance(error, ReaderGone):
        give_up(sys.stdout.fileno())
        return READER_GONE
    from wirewatch.cli.console import show_error

    show_error(error)
    return NO_KAFKA if isinstance(error, BrokerError) else WRONG_SETTING


class Subcommands(HintingGroup):
    """Commands of one noun; their list has the whole first sentence of each, where click cuts it after some words."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Commands"):
            helps = {name: command.help or "" for name, command in sorted(self.commands.items())}
            formatter.write_dl([(name, " ".join(text.split("\n\n")[0].split())) for name, text in helps.items()])


def escape_unwritable() -> None:
    """Let text that a terminal's or a pipe's encoding lacks be written as escapes: in Latin-1 a Hindi query ended a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="backslashreplace")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="wirewatch")
def main() -> None:
    """News over Kafka: raw pages in; clean, unique, tagged articles out.

    \b
    Try it, without Kafka:      wirewatch demo
    Over a file, no broker:     wirewatch apply clean,dedup,tag raw.jsonl
    All day, on a laptop:       wirewatch run --data news/
                                wirewatch sources add https://… --data news/
    On a Kafka of your own:     wirewatch topics create
                                wirewatch run
                                wirewatch ingest raw.jsonl pages/ archive.warc.gz
                                wirewatch tail news.tagged --region VE
                                wirewatch audit

    Settings come from wirewatch.toml, then WIREWATCH_<SECTION>_<NAME> variables, then options.

    Exit codes: 0 done; 1 done, and something was refused or does not balance; 2 a wrong option, setting or file; 3 Kafka
    fails; 130 interrupted.
    """


if __name__ == "__main__":
    main()
