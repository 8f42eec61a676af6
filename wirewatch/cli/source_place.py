"""Where `wirewatch sources` finds its sources, and how it tells of names and records that are none."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from streams.errors import BrokerError, InputError
from streams.text.names import meant
from wirewatch.cli.console import data_folder, errors, load, remember, run_until_signal

if TYPE_CHECKING:
    from streams.settings import Settings
    from wirewatch.sources.topic import Place


def opened(config: Path | None, bootstrap: str | None) -> "tuple[Settings, Place]":
    """Return the settings, and where the sources stand: on Kafka, or in the folder of --data, which may be at rest."""
    from wirewatch.sources.topic import InFolder, OnKafka, OnLaptop

    settings, folder = load(config, bootstrap, running=False), data_folder()
    if folder is None:
        return settings, OnKafka(settings)
    from wirewatch.laptop.folder import bootstrap_of

    address = bootstrap_of(folder)
    if address is None:
        return settings, InFolder(folder)
    settings.kafka.bootstrap = address
    remember(address, folder)
    return settings, OnLaptop(settings, folder)


def address_of(place: "Place", text: str) -> str:
    """Return the address of the source in force that has a name, or a text as it is where it is an address.

    Raises `InputError` where it is neither. Without Kafka, which has the names, a text with a dot is an address.
    """
    from wirewatch.sources import topic as source_topic
    from wirewatch.sources.check import web_address

    if "/" not in text and ":" not in text:
        try:
            found, _ = run_until_signal(source_topic.in_force(place))
        except BrokerError:
            if "." not in text:
                raise
            errors.print(
                f"{text} is taken for an address: Kafka, which has the names of sources, does not answer",
                soft_wrap=True,
            )
        else:
            if text in found:
                return found[text].url
            if "." not in text:
                raise InputError(nobody(text, found))
    web_address(text)
    return text


def nobody(name: str, found: "Iterable[str]") -> str:
    """Return the error of a name that no source has."""
    return f"no source is called {name}{meant(name, found)}; `wirewatch sources list` has those in force"


def report_unknown(unknown: Sequence[str], found: "Iterable[str]") -> None:
    """Say which names are nobody's, and end with 1 where there are any."""
    for name in unknown:
        errors.print(nobody(name, found), soft_wrap=True)
    sys.exit(1 if unknown else 0)


def report_wrong(wrong: Mapping[str, str]) -> None:
    """Say which records on news.sources are no sources."""
    for name, error in wrong.items():
        errors.print(f"{name}: {error}", soft_wrap=True)
