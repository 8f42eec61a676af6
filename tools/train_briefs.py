"""Learn which briefs a second look lets into the nearest story: writes agents/stories/brief.toml.

    python tools/train_briefs.py [--stream TAGGED TRUTH]… [--sentences TAGGED TRUTH]… [--write]

Each stream is what `wirewatch apply dedup,tag` wrote, in order of time, and its truth (JSON lines with `id`, the record's `ref`,
and `cluster`; `stranger` where nothing is known of the article, `half` `held` for what is not learned from). Articles join the
true stories, and each brief that none accepts is learned from once, with the nearest story. Of a stream among `--sentences` two
strangers are not learned from: neighbouring sentences are of one text. The released weights come from own streams and from half A
of the mixed stream (docs/stories.md).
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import orjson

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from agents.stories import story as stories
from agents.stories.gather import gather
from agents.stories.language import STEPS, LanguageStories, Windows, words_asked
from agents.stories.second_look import SIGNS, nearest, signs
from agents.stories.vectors import Table, Vector, heaviest
from streams.records import Tagged, decode
from tools.train_stories import fitted

#: A stranger may tell of the event of another one, which no label says: so much it counts beside a labelled article.
STRANGER = 0.25
#: Above even odds a story has to accept a brief by so much, chosen on what was learned from.
BAR = 0.5
#: Which way each sign may speak.
WAYS = {"own": 1, "brings": -1, "lacks_all": -1, "elsewhere": -1, "names_shared": 1, "lead": 1, "margin": 1}


class Look(NamedTuple):
    """A brief beside the nearest story: its signs, whether it is the story's, and how much that counts."""

    signs: npt.NDArray[np.float64]
    right: bool
    counts: float


def looks(tagged: Path, truth: Path, strangers: float = STRANGER) -> Iterator[Look]:
    """Yield the briefs of a stream that no story accepts; two strangers count `strangers`."""
    rows = {row["id"]: row for row in map(orjson.loads, truth.read_bytes().splitlines())}
    table, languages = Table(), dict[str, LanguageStories]()
    of, event_of, strange = dict[str, int](), dict[tuple[str, int], str](), set[str]()
    window = Windows(30 * 86_400.0, 30 * 86_400.0)
    for number, line in enumerate(tagged.read_bytes().splitlines()):
        if orjson.loads(line)["schema"] != "wirewatch.tagged.v1":
            continue
        record = decode(line, Tagged)
        article, row = gather(record), rows[str(record.ref)]
        if article.headline or article.roundup:
            continue
        event = str(row["cluster"])
        if row.get("stranger"):
            strange.add(event)
        language = languages.setdefault(article.language, LanguageStories(article.language, window, table))
        compared = language.compared(article)
        asked = np.rint(compared.body.weights * compared.rarity * STEPS)
        most = words_asked(len(compared.body.ids), language.memory.overlap)
        found = language.memory.candidates(heaviest(Vector(compared.body.ids, asked), most))
        if len(found) and row.get("half") != "held":
            margins, seen = language.first_margins(compared, found, headline=False)
            best = nearest(compared, margins)
            if best >= 0:
                other = event_of[article.language, int(found[best])]
                seen_signs = signs(compared, language.memory, found, seen, language.commonness, margins, best)
                yield Look(seen_signs, other == event, strangers if {other, event} <= strange else 1.0)
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
    counts = np.array([look.counts for look in found])
    ways = np.array([WAYS.get(name, 0) for name in SIGNS])
    used = np.ones(len(SIGNS), np.bool_)
    while True:
        weights = np.zeros(len(SIGNS))
        weights[used], bias = fitted(x[:, used], y, counts)
        if not (weights * ways < 0).any():
            break
        used &= weights * ways >= 0
    odds = x @ weights + bias - BAR
    print(
        f"{len(found)} looks, {int(y.sum())} right; accepted {(odds > 0).sum()}, of these {int(y[odds > 0].sum())} right"
    )
    lines = ["# Written by tools/train_briefs.py, whose head says what these were learned from.", f"bar = {BAR}"]
    lines += [f"{name} = {weight:.4f}" for name, weight in zip(SIGNS, weights, strict=True)]
    return "\n".join([*lines, f"bias = {bias:.4f}", ""])


def main() -> None:
    """Learn the weights of all streams together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--stream", "--sentences"):
        parser.add_argument(name, nargs=2, type=Path, action="append", default=[], metavar=("TAGGED", "TRUTH"))
    parser.add_argument("--write", action="store_true", help="into agents/stories/brief.toml, else to standard output")
    options = parser.parse_args()
    found = [look for tagged, truth in options.stream for look in looks(tagged, truth)]
    found += [look for tagged, truth in options.sentences for look in looks(tagged, truth, 0.0) if look.counts]
    text = learned(found)
    if options.write:
        (ROOT / "agents" / "stories" / "brief.toml").write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
