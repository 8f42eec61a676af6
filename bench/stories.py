"""Measure the decider of stories beside a plain cosine pass: articles per CPU second, p99, memory, restore.

    python -m bench.stories [--stories 20000] [--articles 3000] [--record]

Made-up news (tools/made_up_stories.py) fills the decider to so many running stories; then so many more articles are decided.
Their small records are made beforehand: that work (`gather`) is spread over child processes, and is timed apart. The plain
pass compares each article with every story as one sparse TF-IDF vector, by an inverted index in plain Python, and takes the
best above a threshold: the same decisions' bare minimum.
"""

import argparse
import math
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator

from agents.stories.decide import Decider
from agents.stories.reading.gather import ArticleFeatures, gather, unpacked
from bench.measured import memory_mib, record, table
from streams.records import Tagged
from tools.made_up_stories import stream

THRESHOLD = 0.17


def articles(events: int) -> Iterator[ArticleFeatures]:
    """Yield made-up articles, without regions."""
    for clean, _ in stream(9, events, 25.0):
        fields = {name: getattr(clean, name) for name in clean.__struct_fields__ if name != "schema"}
        yield gather(Tagged(**fields))


class Plain:
    """Stories as sums of TF-IDF vectors in dictionaries, with an inverted index over all words."""

    def __init__(self) -> None:
        self.seen: Counter[int] = Counter()
        self.articles = 0
        self.stories: list[dict[int, float]] = []
        self.holders: defaultdict[int, set[int]] = defaultdict(set)

    def decide(self, article: ArticleFeatures) -> int:
        """Return the number of the story that an article belongs to."""
        words = unpacked(article.body_words)
        times = dict(zip(words.ids.tolist(), words.times.tolist(), strict=True))
        weights = {
            w: (1 + math.log(n)) * math.log((self.articles + 50) / (self.seen[w] + 0.5)) for w, n in times.items()
        }
        length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
        products: defaultdict[int, float] = defaultdict(float)
        for word, weight in weights.items():
            for number in self.holders[word]:
                products[number] += weight / length * self.stories[number][word]
        best = max(
            products, key=lambda n: products[n] / math.sqrt(sum(w * w for w in self.stories[n].values())), default=-1
        )
        good = best >= 0 and products[best] / math.sqrt(sum(w * w for w in self.stories[best].values())) > THRESHOLD
        number = best if good else len(self.stories)
        if not good:
            self.stories.append({})
        for word, weight in weights.items():
            self.stories[number][word] = self.stories[number].get(word, 0.0) + weight / length
            self.holders[word].add(number)
        self.seen.update(times.keys())
        self.articles += 1
        return number


def filled(everything: Iterator[ArticleFeatures], stories: int) -> tuple[Decider, dict[str, bytes]]:
    """Return a decider with so many running stories, and its persisted state."""
    decider, log = Decider(365, 365, 10**6), dict[str, bytes]()
    for article in everything:
        log.update({key: value for key, value in decider.decide(article).changes if value is not None})
        if len(decider) >= stories:
            break
    return decider, log


def decided(decider: Decider, latest: list[ArticleFeatures]) -> tuple[float, float]:
    """Return the articles that are decided in a CPU second, and the 99th percentile of a decision in CPU milliseconds."""
    seconds = []
    for article in latest:
        start = time.thread_time()
        decider.decide(article)
        seconds.append(time.thread_time() - start)
    return len(latest) / sum(seconds), statistics.quantiles(seconds, n=100)[-1] * 1000


def restored(log: dict[str, bytes]) -> float:
    """Return the CPU seconds in which a decider is restored."""
    begun, decider = time.process_time(), Decider(365, 365, 10**6)
    for key, value in log.items():
        decider.restore(key, value)
    return time.process_time() - begun


def plain_speed(decider: Decider, before: list[ArticleFeatures], latest: list[ArticleFeatures]) -> float:
    """Return the articles that the plain pass decides in a CPU second, over the same stories."""
    plain = Plain()
    for article in before:
        plain.seen.update(unpacked(article.body_words).ids.tolist())
        plain.articles += 1
    for number, story in enumerate(decider.stories()):
        plain.stories.append(dict(zip(story.body.ids.tolist(), story.body.weights.tolist(), strict=True)))
        for word in plain.stories[number]:
            plain.holders[word].add(number)
    begun = time.process_time()
    for article in latest:
        plain.decide(article)
    return len(latest) / (time.process_time() - begun)


def main() -> None:
    """Measure, and write docs/measured.md where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=20_000)
    parser.add_argument("--articles", type=int, default=3_000)
    parser.add_argument("--plain", type=int, default=60, help="articles that the plain pass decides")
    parser.add_argument("--record", action="store_true", help="write docs/measured.md")
    options = parser.parse_args()
    begun = time.process_time()
    everything = list(articles(options.stories * 5 // 4 + options.articles))
    gathering = len(everything) / (time.process_time() - begun)
    before, rest = memory_mib(), iter(everything)
    decider, log = filled(rest, options.stories)
    held, stories = memory_mib() - before, len(decider)
    log_mib = sum(map(len, log.values())) / 2**20
    latest = [article for article, _ in zip(rest, range(options.articles), strict=False)]
    speed, p99 = decided(decider, latest)
    sizes = [len(value) for key, value in log.items() if key.startswith("story:")]
    seconds = restored(log)
    plain = plain_speed(decider, everything[: len(everything) - options.plain], latest[: options.plain])
    rows = [
        ("running stories", f"{stories:,}"),
        ("decided, articles a CPU second", f"{speed:,.0f}"),
        ("a decision, 99th percentile, CPU ms", f"{p99:.2f}"),
        ("a plain cosine pass over the same stories, articles a CPU second", f"{plain:,.1f}"),
        ("times as many as that pass", f"{speed / plain:,.0f}"),
        ("memory, MiB of the process (with what is persisted, as this script keeps it)", f"{held:.0f}"),
        ("of that what is persisted, MiB", f"{log_mib:.0f}"),
        ("a story, bytes persisted, median and largest", f"{statistics.median(sizes):,.0f}, {max(sizes):,}"),
        ("restored in, CPU seconds", f"{seconds:.1f}"),
        ("gathered, articles a CPU second, the making of the text included", f"{gathering:,.0f}"),
    ]
    text = table(["", ""], rows)
    print(text)
    if options.record:
        record("stories", "Stories", text, command="python -m bench.stories --record")


if __name__ == "__main__":
    main()
