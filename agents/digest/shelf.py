"""The stories that digests choose from: what `news.stories` last said of each, and which source had it when."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct, field

from agents.digest.plan import Plan
from streams.records import Digest, DigestLink, DigestSection, DigestSectionName, DigestStory, Story

#: Of one region and topic, at most so many stories.
MOST_ALIKE = 3
MOST_LINKS = 3
MOST_PLACES = 3
#: Sources of a story that are remembered, the latest.
MOST_SOURCES = 256
#: A story that a digest has shown is shown at full weight again when it has half as many sources more.
MORE_SOURCES = 1.5
NEW_WEIGHT, SHOWN_WEIGHT = 2.0, 0.5


class Held(Struct, array_like=True):
    """One story: its latest record, when each source had it, links by source, and with how many sources it was shown."""

    story: Story
    sources: dict[str, datetime] = field(default_factory=dict)
    links: dict[str, DigestLink] = field(default_factory=dict)
    shown: dict[str, int] = field(default_factory=dict)


class Shelf:
    """Stories by id, those that have grown within `keep`."""

    def __init__(self, keep: timedelta, most: int) -> None:
        self.keep = keep
        self.most = most
        self.held: dict[str, Held] = {}

    def put(self, story: Story) -> Held | None:
        """Take note of what happened to a story; return it as it is held, None where it is no more."""
        before = self.held.pop(story.id, None)
        if story.event == "merged":
            kept = self.held.get(story.merged_into or "")
            if before is not None and kept is not None:
                kept.sources = {**before.sources, **kept.sources}
                kept.links = {**before.links, **kept.links}
            return None
        held = before or Held(story)
        held.story = story
        article = story.article
        if article is not None:
            held.sources.pop(article.source, None)
            held.sources[article.source] = article.fetched_at
            if article.url and article.url.startswith("https://"):
                held.links.setdefault(
                    article.source, DigestLink(title=article.title, source=article.source, url=article.url)
                )
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

    def digest(self, name: str, plan: Plan, since: datetime, at: datetime) -> Digest:
        """Return what a digest says of the time since the one before."""
        ranked = sorted(
            (held for held in self.held.values() if wanted(held, plan, since, at)),
            key=lambda held: (-weight(held, name, plan, at), held.story.id),
        )
        chosen = list(unlike(ranked))
        shown = chosen[: plan.stories]
        sections: list[DigestSection] = []
        names: tuple[DigestSectionName, ...] = ("new", "developing")
        for section in names:
            stories = [story_of(held, plan) for held in shown if (name in held.shown) == (section == "developing")]
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

    def note_shown(self, digest: Digest) -> list[Held]:
        """Remember what a digest has shown; return the stories that this changes."""
        changed = []
        for section in digest.sections:
            for story in section.stories:
                held = self.held.get(story.id)
                if held is not None:
                    held.shown[digest.name] = len(held.sources)
                    changed.append(held)
        return changed


def wanted(held: Held, plan: Plan, since: datetime, at: datetime) -> bool:
    """Tell whether a story grew in the time of a digest and is about what that asks for."""
    story = held.story
    if not any(since < time <= at for time in held.sources.values()):
        return False
    if plan.languages and not set(plan.languages) & set(story.languages):
        return False
    if plan.topics and not set(plan.topics) & {topic.id for topic in story.topics}:
        return False
    codes = {code for region in story.regions for code in (region.id.partition("/")[0], region.id[:2])}
    return not plan.regions or bool(set(plan.regions) & codes)


def weight(held: Held, name: str, plan: Plan, at: datetime) -> float:
    """Return the weight of a story: its sources, each halved with every half-life; new ones count double."""
    hours = [max(0.0, (at - time).total_seconds() / 3600) for time in held.sources.values() if time <= at]
    total: float = sum(0.5 ** (age / plan.half_life_hours) for age in hours)
    if name not in held.shown:
        return NEW_WEIGHT * total
    return total if len(held.sources) >= MORE_SOURCES * held.shown[name] else SHOWN_WEIGHT * total


def unlike(ranked: Iterable[Held]) -> Iterable[Held]:
    """Yield stories, at most `MOST_ALIKE` of one region and topic, and of related ones only the first."""
    alike: Counter[tuple[str, str]] = Counter()
    told: set[str] = set()
    for held in ranked:
        story = held.story
        kind = (story.regions[0].id[:2] if story.regions else "", story.topics[0].id if story.topics else "")
        if story.id in told or (any(kind) and alike[kind] >= MOST_ALIKE):
            continue
        alike[kind] += 1
        told.update((story.id, *story.related))
        yield held


def story_of(held: Held, plan: Plan) -> DigestStory:
    """Return a story as a digest shows it."""
    story = held.story
    places = list(dict.fromkeys(region.label for region in story.regions))[:MOST_PLACES]
    topics = [topic.label for topic in story.topics]
    asked = {*plan.regions, *plan.topics}
    why = [share.label for share in (*story.regions, *story.topics) if asked & {share.id, share.id[:2]}]
    return DigestStory(
        id=story.id,
        title=story.title,
        sentence=story.lead if story.lead != story.title else "",
        language=story.languages[0],
        articles=story.articles,
        sources=story.sources,
        first_seen_at=story.first_seen_at,
        last_seen_at=story.last_seen_at,
        places=places,
        topics=topics,
        links=list(held.links.values())[-MOST_LINKS:],
        why=list(dict.fromkeys(why)) or [f"{story.sources} sources"],
    )
