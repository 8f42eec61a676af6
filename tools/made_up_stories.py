"""Made-up news for the acceptance of stories: events with names, numbers and places of their own, told in several ways.

Two events of one kind look alike and are not one story; two articles of one event share its facts and not its wording. That
is what the acceptance has to learn, and no text of anybody else's is needed to learn it. What events are made of stands in
tools/story_seeds; names of persons are the census lists of the region tagger.
"""

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from streams import ids
from streams.records import Clean

SEEDS = Path(__file__).parent / "story_seeds"
PEOPLE = Path(__file__).parents[1] / "agents" / "tag" / "regions" / "tables"
START = datetime(2026, 3, 1, tzinfo=UTC)
#: Share of events by how many articles they have, from 1: most events are told once or twice.
SIZES = (0.45, 0.2, 0.12, 0.08, 0.05, 0.04, 0.03, 0.02, 0.01)


@dataclass
class Seeds:
    """Lists that events are drawn from."""

    kinds: list[dict[str, Any]]
    closing: list[str]
    lists: dict[str, list[str]] = field(default_factory=dict)


def words(text: str) -> list[str]:
    """Return the names of a list, in which `_` stands for a blank."""
    return [word.replace("_", " ") for word in text.split()]


def load() -> Seeds:
    """Return the seeds."""
    incidents = tomllib.loads((SEEDS / "incidents.toml").read_text(encoding="utf-8"))
    lists = {k: words(v) for k, v in tomllib.loads((SEEDS / "names.toml").read_text(encoding="utf-8")).items()}
    for name in ("given_names", "surnames"):
        lines = (PEOPLE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        lists[name] = [line for line in lines if line and not line.startswith("#")]
    return Seeds(incidents["kind"], incidents["closing"], lists)


def facts_of(dice: random.Random, lists: dict[str, list[str]]) -> dict[str, str]:
    """Return the names, numbers and places of one event."""

    def pick(name: str) -> str:
        return dice.choice(lists[name])

    def person() -> tuple[str, str]:
        last = pick("surnames")
        return f"{pick('given_names')} {last}", last

    victim, last = person()
    suspect, slast = person()
    country, capital = pick("countries").split(":")
    street = f"{pick('streets')} {pick('kinds_of_street')}"
    return {
        "victim": victim,
        "last": last,
        "suspect": suspect,
        "slast": slast,
        "officer": person()[0],
        "relative": person()[0],
        "judge": person()[0],
        "age": str(dice.randint(18, 80)),
        "sage": str(dice.randint(18, 60)),
        "child": str(dice.randint(2, 9)),
        "n": str(dice.randint(2, 40)),
        "number": str(dice.randint(12, 900)),
        "number2": str(dice.randint(900, 3000)),
        "small": str(dice.randint(80, 990)),
        "bail": f"{dice.randint(20, 900)},000",
        "billion": f"{dice.randint(1, 40)}.{dice.randint(1, 9)}",
        "percent": str(dice.randint(3, 38)),
        "mag": f"{dice.randint(5, 7)}.{dice.randint(0, 9)}",
        "time": f"{dice.randint(1, 12)}:{dice.choice(('00', '15', '30', '45', '20'))} {dice.choice(('a.m.', 'p.m.'))}",
        "day": pick("days"),
        "city": pick("cities"),
        "county": pick("surnames"),
        "street": street,
        "road": f"Interstate {dice.randint(5, 95)}",
        "place": f"{pick('streets')} {pick('places')}",
        "hospital": f"{pick('streets')} {pick('hospitals')}",
        "office": pick("offices"),
        "shop": pick("shops"),
        "vehicle": pick("vehicles"),
        "company": f"{pick('firms')} {pick('firm_kinds')}",
        "company2": f"{pick('firms')} {pick('firm_kinds')}",
        "bank": f"{pick('firms')} Bank",
        "country": country,
        "capital": capital.replace("_", " "),
        "country2": pick("countries").split(":")[0],
    }


def article(
    dice: random.Random, kind: dict[str, Any], facts: dict[str, str], closing: list[str], *, late: bool
) -> tuple[str, str]:
    """Return title and text of one article of an event; a late one tells its outcome, and some of its beginning."""
    first = [group for group in kind["facts"] if dice.random() < (0.35 if late else 0.75)] or kind["facts"][:1]
    later = [group for group in kind["later"] if dice.random() < 0.8] if late else []
    dice.shuffle(first)
    told = [dice.choice(group) for group in later + first]
    told += dice.sample(closing, dice.randint(0, 3))
    title = dice.choice(kind["later_titles"] if late and dice.random() < 0.7 else kind["titles"])
    paragraphs = [" ".join(told[at : at + 2]) for at in range(0, len(told), 2)]
    return title.format(**facts), "\n\n".join(paragraphs).format(**facts)


def stream(seed: int, events: int, days: float, kinds: Sequence[str] = ()) -> Iterator[tuple[Clean, str]]:
    """Yield the articles of so many events over so many days, in order of time, each with its event's name.

    `kinds`: of these alone, so that every event looks like every other.
    """
    dice, seeds, rows = random.Random(f"made-up:{seed}"), load(), []
    seeds.kinds = [kind for kind in seeds.kinds if not kinds or kind["name"] in kinds]
    shares = [kind["share"] for kind in seeds.kinds]
    for event in range(events):
        kind = dice.choices(seeds.kinds, shares)[0]
        facts, start = facts_of(dice, seeds.lists), dice.uniform(0, days)
        for number in range(dice.choices(range(1, len(SIZES) + 1), SIZES)[0]):
            late = number > 0 and dice.random() < 0.4
            gap = dice.expovariate(1 / (10.0 if late else 0.5)) if number else 0.0
            title, text = article(dice, kind, facts, seeds.closing, late=late)
            rows.append((start + min(gap, 29.0), f"{event}-{number}", title, text, f"event-{event}"))
    for day, name, title, text, told in sorted(rows):
        source = f"paper{dice.randrange(200)}.example"
        yield clean_of(f"https://{source}/{seed}/{name}", source, title, text, day), told


def clean_of(url: str, source: str, title: str, text: str, day: float) -> Clean:
    """Return a made-up article, published and fetched so many days after the first one."""
    time = START + timedelta(days=day)
    return Clean(
        id=ids.article_id(url, None, None, ""),
        url=url,
        source=source,
        title=title,
        text=text,
        published_at=time,
        fetched_at=time,
        language="en",
        language_score=1.0,
        extractor="given",
    )
