"""All sections of `wirewatch.toml`: the backbone's, each package's, and the feeds'."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streams import settings as streams_settings
from streams.settings import Settings, Tables
from wirewatch.folders.settings import SECTIONS as INCOMING
from wirewatch.http.feeds.settings import SECTIONS as FEEDS
from wirewatch.http.page_settings import SECTIONS as PAGE
from wirewatch.http.push_settings import SECTIONS as PUSH
from wirewatch.packages import modules

SECTIONS = dict(streams_settings.SECTIONS)
for _module in modules("settings"):
    SECTIONS |= _module.SECTIONS
SECTIONS |= FEEDS
SECTIONS |= PUSH
SECTIONS |= PAGE
SECTIONS |= INCOMING
#: Sections of tables come last, in messages and documents too.
SECTIONS = dict(sorted(SECTIONS.items(), key=lambda section: isinstance(section[1], Tables)))


def load(
    path: Path | None, environ: Mapping[str, str] = os.environ, options: Mapping[str, Any] | None = None
) -> Settings:
    """Return the settings of a file, the environment and the options (see `streams.settings.load`)."""
    return streams_settings.load(path, environ, options, SECTIONS)
