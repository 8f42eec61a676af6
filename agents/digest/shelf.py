"""The stories that digests choose from: the latest of `news.stories` on each, and which source had it when."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct, field

from agents.digest.matches import KEY_BYTES, Matches, article_key
from agents.digest.plan import Plan
from streams.records import (
    Digest,
    DigestLink,
    DigestSection,
    DigestSectionName,
    DigestStory,
    Story,
    StoryArticle,
    to_utc,
)
from streams.text.opinion import is_opinion

#: Of one region and topic, at most so many stories.
MOST_ALIKE = 3
#: Most links to sources that a digest shows of a story.
MOST_LINKS = 3
#: Most places that it shows of one.
MOST_PLACES = 3
#: Sources of a story that are remembered, the latest.
MOST_SOURCES = 256
#: Articles of a story that are remembered, the latest: by them a watch's matches are found.
MOST_ARTICLES = 64
#: A story that a digest has shown is shown at full weight again when it has half as many sources more.
MORE_SOURCES = 1.5
#: Weights of a story that a digest has not shown yet, and of one that it has and that has not grown so much since.
NEW_WEIGHT, SHOWN_WEIGHT = 2.0, 0.5


class ShelfStory(Struct, array_like=True):
    """One story: its latest record, when each source had it, links by source, and with how many sources it was shown.

    `arrived`: when its latest article came here; by it, not by the article's own times, a digest knows what it has not
    shown yet, however late the steps before were. `articles`: hashes of its latest articles.
    """

    story: Story
    sources: dict[str, datetime] = field(default_factory=dict)
    links: dict[str, DigestLink] = field(default_factory=dict)
    shown: dict[str, int] = field(default_factory=dict)
    arrived: datetime | None = None
    articles: bytes = b""

    def __post_init__(self) -> None:
        """Bring every time to UTC; raise `ValueError` for a record of which no digest could be made."""
        to_utc(self)
        if max(len(self.sources), len(self.links)) > 2 * MOST_SOURCES or len(self.articles) % KEY_BYTES:
            raise ValueError("more sources than are ever kept, or parts of hashes")

    def article_keys(self) -> list[bytes]:
        """Return the hashes of its latest articles."""
        return [self.articles[at : at + KEY_BYTES] for at in range(0, len(self.articles), KEY_BYTES)]


class Shelf:
    """Stories by id, those that have grown within `keep`; `matches` of the watches that digests name."""

    def __init__(self, keep: timedelta, most: int, matches: Matches | None = None) -> None:
        self.keep = keep
        self.most = most
        self.matches = matches or Matches(())
        self.held: dict[str, ShelfStory] = {}

    def put(self, story: Story, arrived: datetime | None = None) -> ShelfStory | None:
        """Take note of a story's event, and when that came here (without a time: when its article was fetched).

        Return the story as it is held, None where it is no more.
        """
        before = self.held.pop(story.id, None)
        if story.event == "merged":
            kept = self.held.get(story.merged_into or "")
            if before is not None and kept is not None:
                kept.sources = {**before.sources, **kept.sources}
                kept.links = {**before.links, **kept.links}
                kept.articles = (before.articles + kept.articles)[-KEY_BYTES * MOST_ARTICLES :]
            return None
        held = before or ShelfStory(story)
        held.story = story
        article = story.article
        if article is not None:
            held.arrived = arrived or article.fetched_at
            key = article_key(article.id)
            others = [known for known in held.article_keys() if known != key]
            held.articles = b"".join([*others, key][-MOST_ARTICLES:])
            held.sources.pop(article.source, None)
            held.sources[article.source] = article.fetched_at
            note_link(held, article)
        while len(held.sources) > MOST_SOURCES:
            gone = next(iter(held.sources))
            del held.sources[gone]
            held.links.pop(gone, None)
        self.held[story.id] = held  # the latest last
        return held

    def drop(self, now: datetime) -> list[str]:
        """Forget stories to which nothing has come for long, and the quietest beyond the bound; return their ids."""
        old = [name for name, held in self.held.items() if now - held.story.last_seen_at > self.keep]
        old += list(self.held)[: max(0, len(self.held) - len(old) - self.most)]
        for name in dict.fromkeys(old):
            self.held.pop(name, None)
        return list(dict.fromkeys(old))

    def digest(self, name: str, plan: Plan, since: datetime, at: datetime, made: datetime | None = None) -> Digest:
        """Return a digest's content of the time since the one before, which was `made` then (without a time: on time)."""
        half_life = plan.half_life(since, at)
        ranked = sorted(
            (held for held in self.held.values() if self.wanted(held, plan, made or since)),
            key=lambda held: (-weight(held, name, half_life, at), held.story.id),
        )
        chosen = list(unlike(ranked))
        shown = chosen[: plan.stories]
        sections: list[DigestSection] = []
        names: tuple[DigestSectionName, ...] = ("new", "developing")
        for section in names:
            stories = [
                self.story_of(held, plan, made or since)
                for held in shown
                if (name in held.shown) == (section == "developing")
            ]
            if stories:
                sections.append(DigestSection(name=section, stories=stories))
        return Digest(
            id=f"{name}:{at:%Y-%m-%dT%H:%M:%SZ}",
            name=name,
            title=plan.title or name,
            at=at,
            since=since,
            timezone=plan.timezone,
            sections=sections,
            left_out=len(ranked) - len(shown),
            receivers=plan.receivers,
        )

    def note_shown(self, digest: Digest) -> list[ShelfStory]:
        """Remember which stories a digest has shown; return those that this changes."""
        changed = []
        for section in digest.sections:
            for story in section.stories:
                held = self.held.get(story.id)
                if held is not None:
                    held.shown[digest.name] = len(held.sources)
                    changed.append(held)
        return changed

    def wanted(self, held: ShelfStory, plan: Plan, made: datetime) -> bool:
        """Return whether a story grew since a digest was made, and fits its watch, languages, topics and regions."""
        story = held.story
        if held.arrived is None or held.arrived <= made or not held.sources:
            return False
        if plan.watch is not None and self.matches.words(plan.watch, held.article_keys()) is None:
            return False
        if plan.languages and not set(plan.languages) & set(story.languages):
            return False
        if plan.topics and not set(plan.topics) & {topic.id for topic in story.topics}:
            return False
        codes = {code for region in story.regions for code in (region.id.partition("/")[0], region.id[:2])}
        return not plan.regions or bool(set(plan.regions) & codes)

    def story_of(self, held: ShelfStory, plan: Plan, since: datetime) -> DigestStory:
        """Return a story as a digest of the time since then shows it."""
        story = held.story
        places = list(dict.fromkeys(region.label for region in story.regions))[:MOST_PLACES]
        newest = latest(story, since)
        return DigestStory(
            id=story.id,
            title=story.title,
            sentence=story.lead if story.lead != story.title else "",
            latest=newest,
            language=story.languages[0] if story.languages else "und",
            articles=story.articles,
            sources=story.sources,
            first_seen_at=story.first_seen_at,
            last_seen_at=story.last_seen_at,
            places=places,
            topics=[topic.label for topic in story.topics],
            links=links_of(held, newest),
            why=self.reasons(held, plan),
        )

    def reasons(self, held: ShelfStory, plan: Plan) -> list[str]:
        """Return why a story is there: the words that the watch found, and the regions and topics asked for."""
        story, found = held.story, []
        if plan.watch is not None:
            words = self.matches.words(plan.watch, held.article_keys())
            found.append(f"watch {plan.watch}: {', '.join(words)}" if words else f"watch {plan.watch}")
        shares = (*story.regions, *story.topics)
        for asked in (*plan.regions, *plan.topics):
            whole = [share.label for share in shares if share.id == asked]
            found += whole or [share.label for share in shares if asked in (share.id[:2], share.id.partition("/")[0])]
        return list(dict.fromkeys(found)) or [f"{story.sources} {'source' if story.sources == 1 else 'sources'}"]


def note_link(held: ShelfStory, article: StoryArticle) -> None:
    """Remember the link of a source's latest article; one to the article that the story has its title of stays."""
    if not (article.url and article.url.startswith("https://")):
        return
    before = held.links.get(article.source)
    if before is None or before.title != held.story.title:
        held.links.pop(article.source, None)
        held.links[article.source] = DigestLink(title=article.title, source=article.source, url=article.url)


def links_of(held: ShelfStory, latest_title: str) -> list[DigestLink]:
    """Return links of different sources: the title's article, the latest development (`latest_title`), then the last ones.

    Of a piece that many sources have, one: its copies come last.
    """
    links = list(reversed(held.links.values()))
    named = [link for link in links if link.title == held.story.title]
    others = [link for link in links if link.title != held.story.title]
    developments = [link for link in others if link.title == latest_title]
    ordered = (*named[:1], *developments[:1], *others, *named[1:])
    return list({link.url: link for link in ordered}.values())[:MOST_LINKS]


def latest(story: Story, since: datetime) -> str:
    """Return the title of a story's newest development since then, or of its latest report.

    The title of the story is that of an article in its middle: "voting begins" of an election that is over, "dam breached"
    of a rumour that is denied.
    """
    newest, report, article = story.newest, story.latest, story.article
    if newest is not None and newest.fetched_at > since:
        shown = newest
    elif report is not None and report.fetched_at > since:
        shown = report
    elif article is not None and is_report(article) and story.first_seen_at <= since < article.fetched_at:
        shown = article  # of a story that an older worker wrote
    else:
        return ""
    # the title's own article, or a new text of it (a live blog), may be later
    own = [each.fetched_at for each in (report, article) if each is not None and each.title == story.title]
    return shown.title if shown.title != story.title and max(own, default=since) <= shown.fetched_at else ""


def is_report(article: StoryArticle) -> bool:
    """Return whether an article has words of its own, and is no opinion."""
    return not article.duplicate and not is_opinion(article.title, article.url)


def weight(held: ShelfStory, name: str, half_life: float, at: datetime) -> float:
    """Return the weight of a story: its sources, each halved with every half-life (hours); new ones count double."""
    hours = [max(0.0, (at - time).total_seconds() / 3600) for time in held.sources.values() if time <= at]
    total: float = sum(0.5 ** (age / half_life) for age in hours)
    if name not in held.shown:
        return NEW_WEIGHT * total
    return total if len(held.sources) >= MORE_SOURCES * held.shown[name] else SHOWN_WEIGHT * total


def unlike(ranked: Iterable[ShelfStory]) -> Iterable[ShelfStory]:
    """Yield stories, at most `MOST_ALIKE` of one region and topic, and of related ones only the first."""
    alike: Counter[tuple[str, str]] = Counter()
    taken: set[str] = set()
    for held in ranked:
        story = held.story
        kind = (story.regions[0].id[:2] if story.regions else "", story.topics[0].id if story.topics else "")
        if story.id in taken or (any(kind) and alike[kind] >= MOST_ALIKE):
            continue
        alike[kind] += 1
        taken.update((story.id, *story.related))
        yield held
