"""`wirewatch sources`: where news comes from; added, looked at, listed, and how each is doing."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec
import orjson

from wirewatch.cli import INTERRUPTED, Subcommands
from wirewatch.cli.console import configured, errors, output, run_until_signal
from wirewatch.cli.source_place import address_of, opened, report_unknown, report_wrong
from wirewatch.sources.rows import in_trouble, row_of
from wirewatch.terminal.console import write_json, write_text
from wirewatch.terminal.sources import list_table, show_health, show_look, troubles

if TYPE_CHECKING:
    from streams.settings import Settings
    from wirewatch.sources.check import Look
    from wirewatch.sources.topic import Change, Place


@click.group(cls=Subcommands)
def sources() -> None:
    """Add feeds, sitemaps and sites; see how they do (docs/sources.md)."""


AS_JSON = click.option("--json", "as_json", is_flag=True, help="JSON lines, for programs.")


@sources.command(name="add")
@click.argument("url")
@click.option("--name", help="Its name; made from its title where none is given.")
@click.option(
    "--kind",
    type=click.Choice(["auto", "site", "page"]),
    default="auto",
    show_default=True,
    help="A site: the feed that its home page names, also when that moves. A page: it alone, polled for changes.",
)
@click.option("--tag", "tags", multiple=True, help="A tag, as often as wanted.")
@click.option(
    "--body",
    type=click.Choice(["auto", "entry", "page"]),
    default="auto",
    show_default=True,
    help="Take the article from the feed's entry, from its page, or from the entry where it holds one.",
)
@click.option(
    "--backfill",
    type=click.Choice(["mark", "skip", "take"]),
    default="mark",
    show_default=True,
    help="What is there already: marked as old, left out, or taken as news.",
)
@click.option("--yes", is_flag=True, help="Take what was found without asking.")
@configured
def sources_add(
    url: str,
    name: str | None,
    kind: str,
    tags: tuple[str, ...],
    body: str,
    backfill: str,
    *,
    yes: bool,
    config: Path | None,
    bootstrap: str | None,
) -> None:
    """Look at URL, name its kind, and poll it from now on.

    URL is a feed, a sitemap, or a site's home page, whose feeds are found and shown. Running workers poll a new source
    within seconds. Before a foreign site is asked, the setting fetch.contact has to say whom its owner can write to.

    \b
    wirewatch sources add https://news.example/feed
    wirewatch sources add news.example --tag regional
    """
    from wirewatch.sources.check import web_address

    web_address(url)
    settings, place = opened(config, bootstrap)
    look, feeds, ready_at = run_until_signal(find(settings, url, kind))
    if feeds:
        look = run_until_signal(look_at(settings, choose(feeds, yes=yes), ready_at))
    if look is None or look.found is None:
        sys.exit(1)
    wanted = {"kind": kind, "tags": list(tags), "body": body, "backfill": backfill, "title": look.found.title or None}
    change, taken = run_until_signal(take(place, look.url, name, wanted))
    for verb, names in (("new", change.new), ("changed", change.changed), ("unchanged", change.unchanged)):
        for each in names:
            output.print(f"{verb:9} {each}", soft_wrap=True)
    output.print(f"`wirewatch sources list` shows when {taken} is polled", style="dim")


async def find(settings: "Settings", url: str, kind: str) -> "tuple[Look | None, Sequence[tuple[str, str]], float]":
    """Look at an address and show it; return it where it can be taken, or where it is a page the feeds of its site.

    Also return from when on the site may be asked again, in epoch seconds.
    """
    from agents.fetch.settings import FetchSettings
    from wirewatch.sources.check import looking

    async with looking(settings[FetchSettings]) as looker:
        look = await looker.look_typed(url)
        show_look(output, look)
        if kind != "auto":
            return look if look.status == 200 and look.found is not None else None, (), 0.0
        if look.is_source or look.status != 200:
            return look if look.is_source else None, (), 0.0
        feeds = await looker.discover(look)
        if not feeds:
            errors.print("no feed is named there, and none is in the usual places")
        return None, feeds, looker.ready_at(look.url)


def choose(feeds: Sequence[tuple[str, str]], *, yes: bool) -> str:
    """Return the address of the feed that is chosen; end where nobody can be asked, or Ctrl-C or the end of input answers.

    Asked outside of an event loop: within one Ctrl-C would wait for the answer.
    """
    for number, (address, title) in enumerate(feeds, 1):
        output.print(
            f"{number:3}  {title or address}\n     {address}" if title else f"{number:3}  {address}", soft_wrap=True
        )
    if len(feeds) == 1 and yes:
        return feeds[0][0]
    if not sys.stdin.isatty():
        errors.print("choose one and add its address" if len(feeds) > 1 else "--yes takes it without asking")
        sys.exit(1)
    try:
        chosen: int = click.prompt("which one", type=click.IntRange(1, len(feeds)), default=1)
    except click.Abort:
        errors.print("\nnothing is added")
        sys.exit(INTERRUPTED)
    return feeds[chosen - 1][0]


async def look_at(settings: "Settings", url: str, ready_at: float) -> "Look | None":
    """Look at a feed once its site may be asked, and show it; return it where it can be polled."""
    from agents.fetch.settings import FetchSettings
    from wirewatch.sources.check import looking

    async with looking(settings[FetchSettings]) as looker:
        await looker.wait_until(ready_at)
        look = await looker.look(url)
    show_look(output, look)
    return look if look.is_source else None


async def take(place: "Place", url: str, name: str | None, fields: Mapping[str, Any]) -> "tuple[Change, str]":
    """Put one source into force; return the change, and its name."""
    from agents.fetch.reading.opml import name_of
    from streams.records import Source
    from wirewatch.sources import topic as source_topic

    before, wrong = await source_topic.in_force(place)
    same = next((source.name for source in before.values() if source.url == url), None)
    name = name or same or name_of(fields.get("title"), url, {*before, *wrong})
    source = msgspec.convert({"name": name, "url": url, **fields}, Source)
    return await source_topic.put(place, [source]), name


@sources.command(name="import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be put into force.")
@configured
def sources_import(path: Path, *, dry_run: bool, config: Path | None, bootstrap: str | None) -> None:
    """Put the sources of a list into force: OPML of any feed reader, TOML with a [[source]] for each, or JSON.

    Nothing is asked of their servers now; each is polled for the first time in its turn. A feed of an OPML list that is
    in force already stays as it is, so a list may be imported again. Exit 1 where something is left out.

    \b
    wirewatch sources import subscriptions.opml --dry-run
    wirewatch sources import subscriptions.opml
    """
    from wirewatch.sources import topic as source_topic
    from wirewatch.sources.files import read_list

    _, place = opened(config, bootstrap)
    before, wrong = ({}, {}) if dry_run else run_until_signal(source_topic.in_force(place))
    found, notes = read_list(path, {**dict.fromkeys(wrong), **before})
    for note in notes:
        errors.print(f"{path}: {note}", soft_wrap=True)
    if dry_run:
        for source in found:
            output.print(f"{source.name}  {source.url}", soft_wrap=True)
    else:
        change = run_until_signal(source_topic.put(place, found))
        output.print(f"{len(change.new)} new, {len(change.changed)} changed, {len(change.unchanged)} unchanged")
    sys.exit(1 if any(not note.startswith("charset") for note in notes) else 0)


@sources.command(name="export")
@click.option("--opml", "kind", flag_value="opml", default=True, help="OPML 2.0, for feed readers.")
@click.option("--toml", "kind", flag_value="toml", help="TOML, with all that a source can have.")
@configured
def sources_export(kind: str, config: Path | None, bootstrap: str | None) -> None:
    """Print the sources in force as a list that others, or `wirewatch sources import`, can read.

    \b
    wirewatch sources export --toml > sources.toml
    """
    from agents.fetch.reading.opml import write_opml
    from wirewatch.sources import topic as source_topic
    from wirewatch.sources.files import toml_of

    found, wrong = run_until_signal(source_topic.in_force(opened(config, bootstrap)[1]))
    write_text(write_opml(found.values()) if kind == "opml" else toml_of(found.values()))
    report_wrong(wrong)


@sources.command(name="list")
@AS_JSON
@configured
def sources_list(*, as_json: bool, config: Path | None, bootstrap: str | None) -> None:
    """Show the sources in force: how each is doing, when it is polled next, and its articles.

    \b
    wirewatch sources list
    """
    from wirewatch.sources import topic as source_topic

    _, place = opened(config, bootstrap)
    found, wrong = run_until_signal(source_topic.in_force(place))
    polled = run_until_signal(source_topic.polled(place))
    if as_json:
        write_json(orjson.dumps(row_of(each, polled.states.get(each.name))) for each in found.values())
    else:
        output.print(list_table(found.values(), polled.states))
        output.print(f"{len(found)} in force" + (f", {len(wrong)} wrong" if wrong else ""))
        if odd := sum(bool(troubles(source, polled)) for source in found.values()):
            output.print(f"{odd} could not be polled, or have to wait: `wirewatch sources health` says why")
    report_wrong(wrong)


@sources.command(name="health")
@click.option("--failing", is_flag=True, help="Only those that somebody should look at; exit 1 where there is one.")
@AS_JSON
@configured
def sources_health(*, failing: bool, as_json: bool, config: Path | None, bootstrap: str | None) -> None:
    """Say how each source is doing, since when, and why.

    \b
    wirewatch sources health --failing
    """
    from wirewatch.sources import topic as source_topic

    _, place = opened(config, bootstrap)
    found, wrong = run_until_signal(source_topic.in_force(place))
    polled = run_until_signal(source_topic.polled(place))
    states = polled.states
    shown = [source for source in found.values() if not failing or in_trouble(source, states.get(source.name))]
    if as_json:
        write_json(orjson.dumps(row_of(source, states.get(source.name))) for source in shown)
    else:
        for source in shown:
            show_health(output, source, polled)
        number = f"{len(found)} source{'' if len(found) == 1 else 's'}"
        output.print(f"{len(shown)} of {number}" if failing else number)
    report_wrong(wrong)
    sys.exit(1 if failing and shown else 0)


@sources.command(name="check")
@click.argument("address")
@click.option("--robots", is_flag=True, help="Also ask robots.txt whether its pages may be fetched.")
@AS_JSON
@configured
def sources_check(address: str, *, robots: bool, as_json: bool, config: Path | None, bootstrap: str | None) -> None:
    """Make one polite request to ADDRESS, a URL or a source's name, and name its kind; exit 1 where it is no source.

    A name in force comes before an address: news.example is the source of that name where there is one.

    \b
    wirewatch sources check https://news.example/feed --robots
    wirewatch sources check harbour-office
    """
    settings, place = opened(config, bootstrap)
    look = run_until_signal(check(settings, address_of(place, address), robots=robots))
    if as_json:
        write_json([orjson.dumps(look.as_json())])
    else:
        show_look(output, look)
    sys.exit(0 if look.is_source else 1)


async def check(settings: "Settings", url: str, *, robots: bool) -> "Look":
    """Return the kind of an address; with `robots` also whether its robots.txt allows its pages."""
    from agents.fetch.settings import FetchSettings
    from wirewatch.sources.check import looking

    async with looking(settings[FetchSettings]) as looker:
        look = await looker.look_typed(url)
        if robots and look.is_source:
            look.said.append(("robots", await looker.robots(look)))
        if step := looker.next_step(look):
            look.said.append(("next", step))
        return look


@sources.command(name="remove")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@configured
def sources_remove(names: tuple[str, ...], config: Path | None, bootstrap: str | None) -> None:
    """Take sources out of force, by name; exit 1 where one is not in force. Their articles stay.

    \b
    wirewatch sources remove harbour-office
    """
    from wirewatch.sources import topic as source_topic

    _, place = opened(config, bootstrap)
    found, wrong = run_until_signal(source_topic.in_force(place))
    removed, unknown = run_until_signal(source_topic.remove(place, names))
    for name in removed:
        output.print(f"removed  {name}", soft_wrap=True)
    report_unknown(unknown, [*found, *wrong])


@sources.command(name="pause")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.option("--off", is_flag=True, help="Poll them again.")
@configured
def sources_pause(names: tuple[str, ...], *, off: bool, config: Path | None, bootstrap: str | None) -> None:
    """Leave sources alone until `--off`; their state stays.

    \b
    wirewatch sources pause harbour-office
    wirewatch sources pause harbour-office --off
    """
    from wirewatch.sources import topic as source_topic

    _, place = opened(config, bootstrap)
    found, _ = run_until_signal(source_topic.in_force(place))
    changed = [msgspec.structs.replace(found[name], enabled=off) for name in names if name in found]
    run_until_signal(source_topic.put(place, changed))
    for source in changed:
        output.print(f"{'polled again' if off else 'paused'}  {source.name}")
    report_unknown([name for name in names if name not in found], found)


@sources.command(name="poll")
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@configured
def sources_poll(names: tuple[str, ...], config: Path | None, bootstrap: str | None) -> None:
    """Have sources polled now, as soon as their domains allow it; a dead one is tried once more.

    \b
    wirewatch sources poll harbour-office
    """
    from wirewatch.sources import topic as source_topic

    _, place = opened(config, bootstrap)
    found, _ = run_until_signal(source_topic.in_force(place))
    asked = run_until_signal(source_topic.ask_polls(place, [found[name] for name in names if name in found]))
    output.print(f"{asked} asked for; `wirewatch sources list` shows what came of it")
    report_unknown([name for name in names if name not in found], found)
