"""Measure the decider of stories beside a plain cosine pass: articles per CPU second, p99, memory, restore.

    python bench/stories.py [--stories 20000] [--articles 3000]

Made-up news (tools/made_up_stories.py) fills the decider to so many running stories; then so many more articles are decided.
Their small records are made beforehand: that work (`gather`) is spread over child processes, and is timed apart. The plain
pass compares each article with every story as one sparse TF-IDF vector, by an inverted index in plain Python, and takes the
best above a threshold: the same decisions' bare minimum.
"""

import argparse
import math
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from agents.stories.decide import Decider
from agents.stories.gather import Gathered, gather, unpacked
from streams.records import Tagged
from tools.made_up_stories import stream

THRESHOLD = 0.17


def articles(events: int) -> Iterator[Gathered]:
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

    def decide(self, article: Gathered) -> int:
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


def memory_mib() -> float:
    """Return what this process holds."""
    return float(psutil.Process().memory_info().rss) / 2**20


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, default=20_000)
    parser.add_argument("--articles", type=int, default=3_000)
    parser.add_argument("--plain", type=int, default=60, help="articles that the plain pass decides")
    options = parser.parse_args()
    begun = time.process_time()
    everything = list(articles(options.stories * 5 // 4 + options.articles))
    print(f"gather: {len(everything) / (time.process_time() - begun):.0f} articles/s, made-up text included")
    before = memory_mib()
    decider, log, rest = Decider(365, 365, 10**6), {}, iter(everything)
    for article in rest:
        log.update({key: value for key, value in decider.decide(article).changes if value is not None})
        if len(decider) >= options.stories:
            break
    print(
        f"{len(decider)} stories: {memory_mib() - before:.0f} MiB with their log, state {decider.size().bytes / 2**20:.0f} MiB"
    )
    latest = [article for article, _ in zip(rest, range(options.articles), strict=False)]
    seconds = []
    begun = time.process_time()
    for article in latest:
        start = time.perf_counter()
        decider.decide(article)
        seconds.append(time.perf_counter() - start)
    spent = time.process_time() - begun
    p99 = statistics.quantiles(seconds, n=100)[-1] * 1000
    print(f"decide: {len(latest) / spent:.0f} articles per CPU second, p99 {p99:.2f} ms")
    sizes = [len(value) for key, value in log.items() if key.startswith("story:")]
    print(f"a story: median {statistics.median(sizes):.0f} bytes, largest {max(sizes)}")
    begun = time.process_time()
    restored = Decider(365, 365, 10**6)
    for key, value in log.items():
        restored.restore(key, value)
    print(f"restored {len(restored)} stories in {time.process_time() - begun:.1f} s")
    plain = Plain()
    for article in everything[: len(everything) - options.plain]:
        plain.seen.update(unpacked(article.body_words).ids.tolist())
        plain.articles += 1
    for number, story in enumerate(decider.stories()):
        plain.stories.append(dict(zip(story.body.ids.tolist(), story.body.weights.tolist(), strict=True)))
        for word in plain.stories[number]:
            plain.holders[word].add(number)
    begun = time.process_time()
    for article in latest[: options.plain]:
        plain.decide(article)
    print(f"plain cosine pass: {options.plain / (time.process_time() - begun):.0f} articles per CPU second")


if __name__ == "__main__":
    main()
