"""A look at an address before it is a source."""

from datetime import UTC, datetime

from agents.fetch.settings import FetchSettings
from tests.support.newsstand import Everywhere, MovedClock, Newsstand, feed, item
from wirewatch.sources.check import looking


async def test_pages_at_a_private_address_are_said_to_be_out_of_reach() -> None:
    """A feed whose entries lie there can be polled, and its pages not: neither they nor a robots.txt are asked for."""
    settings = FetchSettings(contact="https://desk.example/bot", allow_private=["a.example"])
    async with Newsstand(MovedClock()) as stand, looking(settings, resolver=Everywhere()) as looker:
        stand.pages["/feed"] = feed("<item><title>x</title><link>http://10.1.2.3/admin</link></item>")
        look = await looker.look(stand.url())
        assert look.is_source
        assert (await looker.robots(look)).endswith(
            "nor the pages: 10.1.2.3 is a private address, which polls may not reach;"
            " to allow it, add it to fetch.allow_private"
        )


async def test_a_busy_feed_is_said_to_be_polled_before_its_entries_are_gone() -> None:
    """Its rhythm is told by the entries that it shows, as a worker tells it."""
    settings = FetchSettings(contact="https://desk.example/bot", allow_private=["a.example"])
    async with Newsstand(MovedClock()) as stand, looking(settings, resolver=Everywhere()) as looker:
        now = datetime.now(UTC).timestamp()
        stand.pages["/feed"] = feed(*(item(number, now - 120 * number) for number in range(1, 16)))
        said = dict((await looker.look(stand.url())).said)
    assert said["rhythm"] == "an article each 2 minutes: would be polled each 15 minutes or so"
    assert said["validators"].endswith("at most one an hour unless entries would be missed")
