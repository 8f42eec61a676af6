"""`wirewatch export`: the articles of a search, as a table."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.errors import SettingsError
from wirewatch.cli.console import data_folder, errors, load, run_until_signal, say_replaced, with_config, with_data

if TYPE_CHECKING:
    from agents.archive.store import Span
    from streams.settings import Settings
    from wirewatch.cli.progress import Shown
    from wirewatch.history.export import Origin
    from wirewatch.tables.writing import TableFile

STANDARD = Path("-")


@click.command()
@click.option("--query", default="", help="Articles that match it, in the language of watches; all by default.")
@click.option("--since", help="From then on: 2026-11-26T12:00:00Z, or 90m, 24h, 7d ago.")
@click.option("--until", help="Until before then, in the same way.")
@click.option(
    "--format", "form", type=click.Choice(["parquet", "csv", "jsonl"]), help="Of the file; by default its name says it."
)
@click.option(
    "--output",
    "-o",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file; - for standard output.",
)
@click.option(
    "--from", "origin", metavar="ADDRESS", help="sqlite:PATH, postgresql://…, or a worker's http://HOST:PORT."
)
@click.option("--token-env", metavar="NAME", help="The variable that holds the worker's token (feeds.token).")
@click.option("--progress", "show", is_flag=True, help="Show progress without a terminal too.")
@with_config
@with_data
def export(
    *,
    query: str,
    since: str | None,
    until: str | None,
    form: str | None,
    output: Path,
    origin: str | None,
    token_env: str | None,
    show: bool,
    config: Path | None,
) -> None:
    """Write the articles of a search into a table: Parquet, CSV or JSON lines.

    Reads the store of history (setting archive.url), another one, or a worker's
    API. The newest article comes first. The columns are those of docs/tables.md;
    JSON lines are the records themselves, with the flat columns added. The file
    appears when it is whole; one that is there is replaced then. Standard output
    gets it when it is whole, too.

    Exits with 0 when all is written, also where nothing matches; 2 for a wrong
    option or a store that cannot be read; 130 when it was interrupted.

    \b
    wirewatch export --query "strike* AND region:FR" --since 30d -o fr.parquet
    wirewatch export --data news/ -o all.csv
    wirewatch export --since 7d --from http://127.0.0.1:8080 -o week.csv
    wirewatch export --from sqlite:data/archive.db --format jsonl -o - | wc -l
    """
    from wirewatch.cli.progress import progress
    from wirewatch.history.export import origin_of
    from wirewatch.tables.writing import TableFile, format_of

    wanted, span = format_of(output, form), span_between(since, until)
    address = history_address(origin, load(config, None, running=False))
    source = origin_of(address, token_of(token_env), query, span)
    shown = show or errors.is_terminal
    with file_of(output) as path:
        file = TableFile(path, wanted)
        try:
            total = run_until_signal(source.count()) if shown else None
            with progress(total, shown=shown) as bar:
                count = run_until_signal(written(source, file, bar))
            file.close()
        except BaseException:
            file.abandon()
            raise
    name = "standard output" if output == STANDARD else output
    errors.print(f"{name}: {count} {'article' if count == 1 else 'articles'}", soft_wrap=True)
    for doubt in doubts(query) if not count else ():
        errors.print(f"--query: {doubt}", soft_wrap=True)


@contextmanager
def file_of(output: Path) -> Iterator[Path]:
    """Give the file that is to be written; for standard output one that goes there at the end, and is gone then."""
    if output != STANDARD:
        say_replaced(output)
        yield output
        return
    with tempfile.TemporaryDirectory(prefix="wirewatch-export-") as folder:
        path = Path(folder) / "table"
        yield path
        with path.open("rb") as whole:
            shutil.copyfileobj(whole, sys.stdout.buffer)
        sys.stdout.buffer.flush()


def history_address(origin: str | None, settings: "Settings") -> str:
    """Return where history is read: --from, the folder of --data, or archive.url. Raises `SettingsError` where none is kept."""
    from agents.archive.open import ADDRESS, store_url
    from agents.archive.settings import ArchiveSettings

    if origin and not (ADDRESS.match(origin) or origin.startswith(("http://", "https://"))):
        raise SettingsError(
            "--from is neither sqlite:PATH, postgresql://USER@HOST/NAME nor a worker's http://HOST:PORT"
        )
    folder = data_folder()
    if folder is not None:
        from wirewatch.laptop.folder import HISTORY, keep_history

        keep_history(folder, settings)
    address = origin or store_url(settings[ArchiveSettings])
    if folder is not None and address == f"sqlite:{folder / HISTORY}" and not (folder / HISTORY).is_file():
        raise SettingsError(
            f"{folder} keeps no history yet: `wirewatch run --data {folder}` makes it of the news that comes or waits there"
        )
    if not address:
        raise SettingsError(
            "no history is kept: set archive.url in wirewatch.toml, or give --from ADDRESS or --data FOLDER"
        )
    return address


def doubts(query: str) -> list[str]:
    """Return why a query that found nothing may have found nothing: places and languages that there are not, and the like."""
    from agents.watch.language.parse import parse
    from agents.watch.lint import contradictions, odd_words

    parsed = parse(query) if query else None
    return [] if parsed is None else list(map(str, [*contradictions(parsed), *odd_words(parsed, query)]))


def span_between(since: str | None, until: str | None) -> "Span":
    """Return the span of time that options give. Raises `SettingsError` for one that is no time."""
    from wirewatch.http.history.parameters import ParameterError, span_of

    try:
        return span_of({name: text for name, text in (("since", since), ("until", until)) if text})
    except ParameterError as error:
        raise SettingsError(f"--{error}") from error


async def written(source: "Origin", file: "TableFile", bar: "Shown") -> int:
    """Write all records; return how many."""
    import asyncio

    count = 0
    async for records in source.records():
        await asyncio.to_thread(file.write, records)
        count += len(records)
        bar.advance(len(records))
    return count


def token_of(variable: str | None) -> str:
    """Return a worker's token. Raises `SettingsError` for a variable that is not set."""
    if variable is None:
        return ""
    if variable not in os.environ:
        raise SettingsError(f"--token-env: the variable {variable} is not set")
    return os.environ[variable]
