"""Digests checked before a worker has them: when each is due, and doubts about it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from agents.digest.files import load, read_files
from agents.digest.plan import Plan, moments
from agents.watch.errors import WatchError
from agents.watch.files import load as load_watches
from agents.watch.settings import WatchSettings
from streams.errors import SettingsError
from streams.settings import Settings
from streams.text.names import meant

#: A digest of 29 February comes at the latest so long after now.
FARTHEST = timedelta(days=8 * 366)
#: Moments of a digest that are shown.
MOST_MOMENTS = 3


def checked(settings: Settings, path: Path, now: datetime) -> tuple[list[str], int]:
    """Return lines about the digests of a file or folder, and how many doubts are among them.

    Raises `SettingsError` with every fault, and where there is no digest.
    """
    if path.is_dir():
        plans = load(path)
    else:
        plans, faults = read_files([path])
        if faults:
            raise SettingsError("\n".join(faults))
    if not plans:
        raise SettingsError(f"{path}: no digest is there; a folder's digests are in its files called *.toml")
    watches = watches_of(settings)
    lines: list[str] = []
    found = 0
    for name, plan in sorted(plans.items()):
        lines.append(f"{name}: {times_of(plan, now)}{to_whom(plan)}")
        for doubt in doubts(plan, settings, watches):
            lines.append(f"{name}: {doubt}")
            found += 1
    digests, said = "digest" if len(plans) == 1 else "digests", "finding" if found == 1 else "findings"
    return [*lines, f"{len(plans)} {digests}, {found} {said}"], found


def times_of(plan: Plan, now: datetime) -> str:
    """Return when a digest is due next, by the clock of its zone, the first also by UTC."""
    zone = ZoneInfo(plan.timezone)
    due = list(islice(moments(plan, now, now + FARTHEST), MOST_MOMENTS))
    if not due:
        return "never due"
    local = [f"{moment.astimezone(zone):%a %d %b %Y %H:%M}" for moment in due]
    utc = "" if plan.timezone == "UTC" else f" ({due[0]:%a %H:%M} UTC)"
    return f"next {local[0]} {plan.timezone}{utc}" + "".join(f", {each}" for each in local[1:])


def to_whom(plan: Plan) -> str:
    """Return whom a digest is sent to."""
    return f"; to {', '.join(plan.receivers)}" if plan.receivers else "; to nobody"


def doubts(plan: Plan, settings: Settings, watches: set[str] | None) -> Iterator[str]:
    """Yield doubts about a digest; `watches`: the names of those in the settings' folder, None without one."""
    known = sorted(settings.names("receivers"))
    if not plan.receivers:
        yield 'it goes to nobody, and stands on the page alone; receivers = ["desk-mail"] sends it'
    for name in plan.receivers:
        if name not in known:
            yield f"no receiver in the settings is called {name}{meant(name, known)}; there are {', '.join(known) or 'none'}"
    if plan.watch is not None and watches is not None and plan.watch not in watches:
        yield f"no watch in watch.folder is called {plan.watch}{meant(plan.watch, sorted(watches))}"


def watches_of(settings: Settings) -> set[str] | None:
    """Return the names of the watches in the folder of the settings; None without a folder, or where one is wrong."""
    folder = settings[WatchSettings].folder
    try:
        return {watch.name for watch in load_watches(Path(folder))} if folder else None
    except WatchError:
        return None
