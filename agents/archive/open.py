"""Which store the settings ask for."""

import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from agents.archive.settings import ArchiveSettings
from agents.archive.store import Store
from streams.errors import ArchiveError, MissingExtra, SettingsError

#: An address of a store. It may hold a password: errors do not show it.
ADDRESS = re.compile(r"sqlite:.|postgres(?:ql)?:")
NO_ADDRESS = "archive.url is neither sqlite:PATH nor postgresql://USER@HOST/NAME"


def store_url(settings: ArchiveSettings, environ: Mapping[str, str] = os.environ) -> str:
    """Return the address of the store; empty where none is wanted.

    Raises `SettingsError` for a missing variable, and for an address of no store.
    """
    if settings.url_env and settings.url_env not in environ:
        raise SettingsError(f"archive.url_env: the variable {settings.url_env} is not set")
    url = environ[settings.url_env] if settings.url_env else settings.url
    if url and not ADDRESS.match(url):
        raise SettingsError(NO_ADDRESS)
    return url


def is_store_error(error: BaseException) -> bool:
    """Return whether an error is one of a store's library: the file, the database or the connection is at fault."""
    psycopg = sys.modules.get("psycopg")
    return isinstance(error, sqlite3.Error) or (psycopg is not None and isinstance(error, psycopg.Error))


def open_store(url: str) -> Store:
    """Open a store. Raises as `opener` does, and `ArchiveError` where it cannot be opened."""
    return opener(url)()


@contextmanager
def opened(url: str, undone: str) -> Iterator[Store]:
    """Give a store that is opened for a piece of work; raise `ArchiveError` as `leaving` does."""
    with leaving(undone):
        store = open_store(url)
        try:
            yield store
        finally:
            with suppress(Exception):  # of a connection that is broken
                store.close()


@contextmanager
def leaving(undone: str) -> Iterator[None]:
    """Let a piece of work on a store fail with an `ArchiveError`, which says first what is left undone."""
    try:
        yield
    except WorkLeftError:
        raise
    except ArchiveError as error:
        raise WorkLeftError(f"{undone}: {error}") from error
    except Exception as error:
        # a disk that is full, a file that is damaged, a database that dies in the middle: none of them ends the step
        raise WorkLeftError(f"{undone}: {type(error).__name__}: {error}") from error


class WorkLeftError(ArchiveError):
    """A piece of work on a store that was left undone, which its message names."""


def opener(url: str) -> Callable[[], Store]:
    """Return the function that opens a store, with its library loaded.

    Raises `SettingsError` for an address that is none, `MissingExtra` where the library is not installed.
    """
    kind, _, rest = url.partition(":")
    if kind == "sqlite" and rest:
        from agents.archive.sqlite import SqliteStore  # noqa: PLC0415 - the one store does not load the other

        return partial(SqliteStore, Path(rest))
    if kind in ("postgres", "postgresql"):
        try:
            from agents.archive.postgres import PostgresStore  # noqa: PLC0415 - its driver is an extra
        except ImportError as error:
            raise MissingExtra("postgres", "psycopg", "archives in PostgreSQL (archive.url)") from error
        return partial(PostgresStore, url)
    raise SettingsError(NO_ADDRESS)
