"""Which store the settings ask for."""

import os
from collections.abc import Mapping
from pathlib import Path

from agents.archive.settings import ArchiveSettings
from agents.archive.store import Store
from streams.errors import SettingsError


def store_url(settings: ArchiveSettings, environ: Mapping[str, str] = os.environ) -> str:
    """Return the address of the store; empty where none is wanted. Raises `SettingsError` for a missing variable."""
    if not settings.url_env:
        return settings.url
    if settings.url_env not in environ:
        raise SettingsError(f"archive.url_env: the variable {settings.url_env} is not set")
    return environ[settings.url_env]


def open_store(url: str) -> Store:
    """Open a store. Raises `SettingsError` for an address that is none, `ArchiveError` where it cannot be opened."""
    kind, _, rest = url.partition(":")
    if kind == "sqlite" and rest:
        from agents.archive.sqlite import SqliteStore  # noqa: PLC0415 - the one store does not load the other

        return SqliteStore(Path(rest))
    if kind in ("postgres", "postgresql"):
        from agents.archive.postgres import PostgresStore  # noqa: PLC0415 - its driver is an extra

        return PostgresStore(url)
    raise SettingsError("archive.url is neither sqlite:PATH nor postgresql://USER@HOST/NAME")
