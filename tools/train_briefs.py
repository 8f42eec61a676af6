"""Learn which briefs a second look lets into the nearest story: writes agents/stories/rules/brief.toml.

    python tools/train_briefs.py [--stream TAGGED TRUTH]… [--write]

Made-up affairs (made_up_affairs.py) are always learned from. Each further stream is what `wirewatch apply dedup,tag` wrote, in
order of time, and its truth (JSON lines with `id`, the record's `ref`, `cluster`; `half` `held` for what is not learned from):
only such whose licence lets weights be learned from them. Articles join the true stories, and each brief that none accepts is
learned from once, with the nearest story. The released weights come from made-up affairs and the open halves of own streams
(docs/decisions/story-training.md).
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from agents.stories.language import LanguageStories, Windows
from agents.stories.reading.gather import ArticleFeatures, gather
from agents.stories.reading.vectors import Table
from agents.stories.rules.second_look import SIGNS, nearest, signs
from agents.stories.state import story as stories
from streams.records import Tagged, decode
from tools import made_up_affairs
from tools.train_stories import fitted_one_way, labelled

#: Made-up events, and days.
EVENTS, DAYS = 400, 20.0
#: Above even odds a story has to accept a brief by so much, chosen on what was learned from.
BAR = 1.5
#: Which way each sign may speak.
WAYS = {"own": 1, "brings": -1, "lacks_all": -1, "elsewhere": -1, "names_shared": 1, "lead": 1, "margin": 1}


class Look(NamedTuple):
    """A brief beside the nearest story: its signs, and whether it is the story's."""

    signs: npt.NDArray[np.float64]
    right: bool


class Told(NamedTuple):
    """An article, the event that it tells of, and whether it is learned from."""

    article: ArticleFeatures
    event: str
    taught: bool


def given(tagged: Path, truth: Path) -> Iterator[Told]:
    """Yield the articles of a stream that are no copies."""
    rows = {row["id"]: row for row in map(orjson.loads, truth.read_bytes().splitlines())}
    for line in tagged.read_bytes().splitlines():
        if orjson.loads(line)["schema"] == "wirewatch.tagged.v1":
            record = decode(line, Tagged)
            row = rows[str(record.ref)]
            yield Told(gather(record), str(row["cluster"]), row.get("half") != "held")


def looks(stream: Iterable[Told]) -> Iterator[Look]:
    """Yield the briefs of a stream that no story accepts."""
    table, languages = Table(), dict[str, LanguageStories]()
    of, event_of = dict[str, int](), dict[tuple[str, int], str]()
    window = Windows(30 * 86_400.0, 30 * 86_400.0)
    for number, (article, event, taught) in enumerate(stream):
        if article.headline or article.roundup:
            continue
        language = languages.setdefault(article.language, LanguageStories(article.language, window, table))
        compared = language.compared(article)
        found = language.candidates(compared)
        if len(found) and taught:
            margins, seen = language.first_margins(compared, found, headline=False)
            best = nearest(compared, margins)
            if best >= 0:
                other = event_of[article.language, int(found[best])]
                seen_signs = signs(compared, language.memory, found, seen, language.commonness, margins, best)
                yield Look(seen_signs, other == event)
        at = of.get(event)
        story = language.story(at) if at is not None else stories.founded(article, number, article.time)
        stories.joined(story, article, compared.body, compared.title, article.time)
        language.put(story, at)
        of[event] = language.rows[story.id]
        event_of[article.language, of[event]] = event
        for _ in language.commonness.add(compared.body.ids):
            pass


def learned(found: list[Look]) -> str:
    """Return the weights of the signs as TOML; a sign that would speak against its way has none."""
    x, y = np.array([look.signs for look in found]), np.array([look.right for look in found], float)
    ways = np.array([WAYS.get(name, 0) for name in SIGNS])
    weights, bias = fitted_one_way(x, y, np.ones(len(found)), ways)
    accepted = x @ weights + bias > BAR
    print(
        f"{len(found)} looks, {int(y.sum())} right; accepted {accepted.sum()}, of these {int(y[accepted].sum())} right",
        file=sys.stderr,
    )
    lines = ["# Written by tools/train_briefs.py, whose head says what these were learned from.", f"bar = {BAR}"]
    lines += [f"{name} = {weight:.4f}" for name, weight in zip(SIGNS, weights, strict=True)]
    return "\n".join([*lines, f"bias = {bias:.4f}", ""])


def main() -> None:
    """Learn the weights of all streams together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stream", nargs=2, type=Path, action="append", default=[], metavar=("TAGGED", "TRUTH"))
    parser.add_argument(
        "--write", action="store_true", help="into agents/stories/rules/brief.toml, else to standard output"
    )
    options = parser.parse_args()
    made_up = [Told(*row, taught=True) for row in labelled(made_up_affairs.stream(1, EVENTS, DAYS))]
    streams = [made_up, *(given(tagged, truth) for tagged, truth in options.stream)]
    found = [look for stream in streams for look in looks(stream)]
    text = learned(found)
    if options.write:
        (ROOT / "agents" / "stories" / "rules" / "brief.toml").write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
