"""The demo's day: stories as they grow, a trend, and a digest at the end.

A trend needs three days to know what is usual. The demo has an hour of news, so it begins with two made-up weeks: an even
stream of `USUAL_ARTICLES` an hour in which nothing was said on its subjects. And it does not wait for the digest's moment:
the digest is made, by the code of its step, when the sample is through.
"""

from datetime import UTC, datetime, timedelta

from rich.text import Text

from agents.deliver.digests import facts_of, subject
from agents.digest.files import load
from agents.digest.plan import Plan
from agents.digest.shelf import Shelf
from agents.trends.counting import Stream
from agents.trends.key_state import WHOLE
from streams.events import header_list
from streams.kafka.clients import producing
from streams.kafka.reading import read_all
from streams.records import Digest, Story, Trend, decode, encode
from streams.settings import Settings
from streams.topics import DIGESTS, STORIES, TREND_STATES
from wirewatch.sample import digests_folder
from wirewatch.terminal.console import safe_text

USUAL_HOURS, USUAL_ARTICLES = 14 * 24, 30
#: The subject of the even stream's articles, of a country that is none: what is expected follows what others have.
OTHERS = "ZZ"
DIGEST = "day"
DAY = timedelta(days=1)
#: Stories of the digest that the terminal shows.
SHOWN_STORIES = 4


async def begin_with_quiet_weeks(settings: Settings) -> None:
    """Let the trends step begin as after two weeks in which nothing but an even stream came in."""
    stream = Stream(min_score=1.0, max_keys=1)
    row = stream.rows[WHOLE]
    stream.baseline.hours = USUAL_HOURS
    stream.baseline.season[row], stream.baseline.level[row] = USUAL_ARTICLES, USUAL_ARTICLES
    async with producing(settings.kafka) as producer:
        for key in (WHOLE, OTHERS):
            await producer.send_and_wait(TREND_STATES.name, stream.kept(WHOLE), key=key.encode(), partition=0)


async def send_digest(settings: Settings) -> Digest:
    """Make the digest of the day of all stories, and send it as its step would; return it."""
    plan, now = load(digests_folder())[DIGEST], datetime.now(UTC).replace(microsecond=0)
    digest = await made(settings, plan, now)
    async with producing(settings.kafka, enable_idempotence=True) as producer:
        await producer.send_and_wait(
            DIGESTS.name,
            encode(digest),
            key=digest.name.encode(),
            headers=header_list(digest.id, "digests", "digest"),
        )
    return digest


async def made(settings: Settings, plan: Plan, now: datetime) -> Digest:
    """Return the digest of a day of the stories on news.stories, whatever the time: not only since this morning's."""
    shelf = Shelf(DAY, 10_000)
    async for message in read_all(settings.kafka, [STORIES.name]):
        shelf.put(decode(message.value or b"", Story))
    digest = shelf.digest(DIGEST, plan, now - DAY, now)
    digest.processed_at = now
    return digest


def story_line(story: Story) -> Text:
    """Return a story in one line: how many sources have it, in which other languages it is told, its title."""
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{story.sources} source{'' if story.sources == 1 else 's'}", style="bold")
    if story.related:
        others = ", ".join(sorted(other.partition("-")[0] for other in story.related))
        line.append(f", also in {others}", style="magenta")
    line.append(f"  {safe_text(story.title)}")
    return line


def trend_line(trend: Trend) -> Text:
    """Return a trend in one line."""
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(safe_text(trend.label), style="bold")
    line.append(
        f" {trend.count} articles of {trend.sources} sources in {trend.window_hours:g} h, usually {trend.expected:.1f}"
    )
    return line


def digest_lines(digest: Digest) -> list[Text]:
    """Return the subject of a digest and its first stories."""
    stories = [story for section in digest.sections for story in section.stories]
    lines = [Text(safe_text(subject(digest)), style="bold", no_wrap=True, overflow="ellipsis")]
    for story in stories[:SHOWN_STORIES]:
        line = Text("  ", no_wrap=True, overflow="ellipsis")
        line.append(safe_text(story.title))
        line.append(safe_text(f"  {', '.join(facts_of(story, digest.timezone))}"), style="dim")
        lines.append(line)
    return lines
