"""Measure how far two readings of the topic gold agree, and write the final labels.

    python -m tools.gold_agreement tests/quality/gold

Reads labels-a.jsonl, labels-b.jsonl and adjudicated.jsonl (the decisions where the readings differ), which hold a line
`{"key", "set", "topics"}` for each item, the main topic first and no topics where the item was discarded. The last two
may be missing: then the first reading stands, and agreement.md says so. Writes topics.jsonl (what both readings say or
what was decided, with a third of the items in each split) and agreement.md.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

Value = TypeVar("Value", bound=Hashable)
Labels = tuple[str, ...]
Readings = Mapping[str, Labels]

SPLITS = ("train", "thresholds", "test")
NAMES = {
    "medtop:01000000": "arts, culture, entertainment and media",
    "medtop:02000000": "crime, law and justice",
    "medtop:03000000": "disaster, accident and emergency incident",
    "medtop:04000000": "economy, business and finance",
    "medtop:05000000": "education",
    "medtop:06000000": "environment",
    "medtop:07000000": "health",
    "medtop:08000000": "human interest",
    "medtop:09000000": "labour",
    "medtop:10000000": "lifestyle and leisure",
    "medtop:11000000": "politics",
    "medtop:12000000": "religion",
    "medtop:13000000": "science and technology",
    "medtop:14000000": "society",
    "medtop:15000000": "sport",
    "medtop:16000000": "conflict, war and peace",
    "medtop:17000000": "weather",
}


class Item(NamedTuple):
    """A labelled article: its key, the set that holds its text, and its topics, main first."""

    key: str
    set: str
    topics: Labels


def read(path: Path) -> dict[str, Item]:
    """Return a label file's items by key, in the file's order; raise ValueError on a wrong or repeated line."""
    items: dict[str, Item] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        item = Item(row["key"], row["set"], tuple(row["topics"]))
        where = f"{path}, line {number}: {item.key}"
        if item.key in items:
            raise ValueError(f"{where} is labelled twice")
        if unknown := set(item.topics) - set(NAMES):
            raise ValueError(f"{where} has unknown topics {sorted(unknown)}")
        if len(item.topics) > 3 or len(set(item.topics)) != len(item.topics):
            raise ValueError(f"{where} must have at most three topics, each once")
        items[item.key] = item
    return items


def nominal(one: Hashable, other: Hashable) -> float:
    """Return 0 for equal values, else 1."""
    return float(one != other)


def masi(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the MASI distance of two sets, 0 (equal) to 1 (nothing shared).

    Measuring Agreement on Set-valued Items (Passonneau 2006): 1 - Jaccard x monotonicity, which is 1 for equal sets,
    2/3 where one holds the other, 1/3 where they overlap, 0 where they share nothing.
    """
    if one == other:
        return 0.0
    shared = len(one & other)
    if not shared:
        return 1.0
    monotonicity = 2 / 3 if one < other or other < one else 1 / 3
    return 1 - shared / len(one | other) * monotonicity


def krippendorff_alpha(units: Iterable[Sequence[Value]], distance: Callable[[Value, Value], float]) -> float:
    """Compute Krippendorff's alpha: 1 for full agreement, 0 for chance.

    A unit holds the values that its readings gave; units with fewer than two are left out. Source: Krippendorff,
    Computing Krippendorff's Alpha-Reliability (2011), with any distance in place of the squared difference.
    """
    pairable = [unit for unit in units if len(unit) > 1]
    counts = Counter(value for unit in pairable for value in unit)
    total = counts.total()
    observed = sum(
        distance(one, other) / (len(unit) - 1)
        for unit in pairable
        for i, one in enumerate(unit)
        for j, other in enumerate(unit)
        if i != j
    )
    expected = sum(n * m * distance(one, other) for one, n in counts.items() for other, m in counts.items())
    return 1.0 if not expected else 1 - observed * (total - 1) / expected


def split_of(key: str) -> str:
    """Return the third that a key belongs to, by its SHA-256, so that it never depends on the other items."""
    return SPLITS[int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % len(SPLITS)]


def settle(first: Readings, second: Readings, decided: Readings) -> dict[str, Labels]:
    """Return the final labels: those of both readings where they agree, order included, else the decision.

    An item that only the first reading holds keeps its labels; KeyError where a decision is missing.
    """
    return {key: labels if second.get(key, labels) == labels else decided[key] for key, labels in first.items()}


def main_topic(labels: Labels) -> str:
    """Return the main topic, or `discard`."""
    return labels[0] if labels else "discard"


def figures(first: Readings, second: Readings) -> Iterator[tuple[str, str]]:
    """Yield name and value of each figure of agreement over the items of both readings."""
    both = [(first[key], second[key]) for key in first if key in second]
    share = len(both) / 100
    mains = [(main_topic(one), main_topic(other)) for one, other in both]
    sets = [(frozenset(one), frozenset(other)) for one, other in both]
    crossed = sum(a == b or a in other or b in one for (a, b), (one, other) in zip(mains, both, strict=True))
    yield "items in both readings", str(len(both))
    yield "Krippendorff's alpha, main topic, nominal", f"{krippendorff_alpha(mains, nominal):.3f}"
    yield "Krippendorff's alpha, set of topics, MASI distance", f"{krippendorff_alpha(sets, masi):.3f}"
    yield "same main topic", f"{sum(a == b for a, b in mains) / share:.1f} %"
    yield "main topic of one reading is among the topics of the other", f"{crossed / share:.1f} %"
    yield "same set of topics", f"{sum(a == b for a, b in sets) / share:.1f} %"
    yield (
        "topics for each item, first and second reading",
        " and ".join(f"{sum(len(pair[reading]) for pair in both) / len(both):.2f}" for reading in (0, 1)),
    )
    yield (
        "discarded in the first and in the second reading",
        " and ".join(str(sum(not pair[reading] for pair in both)) for reading in (0, 1)),
    )


def topic_alpha(topic: str, first: Readings, second: Readings) -> float:
    """Return the nominal alpha of giving or not giving one topic, main or not."""
    return krippendorff_alpha([(topic in first[key], topic in second[key]) for key in first if key in second], nominal)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table, its first column to the left and the others to the right."""
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [header, rule, *rows])


def confusions(first: Readings, second: Readings, most: int = 12) -> list[tuple[str, str]]:
    """Return the pairs of main topics that the readings most often took for one another, with their counts."""
    pairs = Counter(
        tuple(sorted((main_topic(labels), main_topic(second[key])))) for key, labels in first.items() if key in second
    )
    names = NAMES | {"discard": "discarded"}
    ranked = [(f"{names[one]} / {names[other]}", str(n)) for (one, other), n in pairs.most_common() if one != other]
    return ranked[:most]


def agreement(first: Readings, second: Readings, final: Readings) -> list[str]:
    """Return the paragraphs on how far the readings agree."""
    if not second:
        return ["The items of keys.txt were labelled once by RULES.md; no agreement can be told yet."]
    alphas = ([f"{topic[7:9]} {name}", f"{topic_alpha(topic, first, second):.2f}"] for topic, name in NAMES.items())
    once = len(first.keys() - second.keys())
    differing = [key for key, labels in first.items() if second.get(key, labels) != labels]
    kept_first = sum(final[key] == first[key] for key in differing)
    kept_second = sum(final[key] == second[key] for key in differing)
    made = (
        "The items of keys.txt were labelled twice by RULES.md, each time without sight of the other labels and of the "
        f"desk's{f' ({once} of them once only)' if once else ''}. Where the two lists differ, order included, the text "
        "was read again, both lists in sight, and the labels decided by the rules (adjudicated.jsonl): "
        f"{len(differing)} of {len(first)} items, {kept_first} for the first list, {kept_second} for the second, "
        f"{len(differing) - kept_first - kept_second} for neither. The figures tell how far the rules fix the labels, "
        "not how other people, with rules of their own, would label: they do not compare with agreement published "
        "elsewhere."
    )
    return [
        made,
        table(["figure", "value"], figures(first, second)),
        "Alpha of each topic, given or not, main or not:",
        table(["topic", "alpha"], alphas),
        "Main topics most often taken for one another before the decision:",
        table(["topics", "items"], confusions(first, second)),
    ]


def report(first: Readings, second: Readings, final: Readings) -> str:
    """Return agreement.md."""
    splits = {split: [labels for key, labels in final.items() if split_of(key) == split] for split in SPLITS}
    counts = (
        [
            f"{topic[7:9]} {name}",
            str(sum(labels[:1] == (topic,) for labels in final.values())),
            *(str(sum(topic in labels for labels in splits[split])) for split in SPLITS),
            str(sum(topic in labels for labels in final.values())),
        ]
        for topic, name in NAMES.items()
    )
    sizes = ", ".join(f"{split} {sum(bool(labels) for labels in splits[split])}" for split in SPLITS)
    kept = sum(bool(labels) for labels in final.values())
    several = sum(len(labels) > 1 for labels in final.values())
    use = (
        f"{kept} items ({sizes}), {several} of them with two or three topics. The split is a hash of the key. Most items "
        "come from train parts: who trains on those parts has to leave out the keys of the splits `thresholds` and "
        "`test`. The columns of the splits count items that have the topic at all."
    )
    return "\n\n".join(
        [
            "# Agreement on the topic gold",
            "Written by `python -m tools.gold_agreement tests/quality/gold`.",
            *agreement(first, second, final),
            "## What topics.jsonl holds",
            use,
            table(["topic", "main", *SPLITS, "all"], counts),
        ]
    )


def write(folder: Path) -> None:
    """Write topics.jsonl and agreement.md into the gold's folder."""
    items = read(folder / "labels-a.jsonl")
    first = {key: item.topics for key, item in items.items()}
    second, decided = (
        {key: item.topics for key, item in read(folder / name).items()} if (folder / name).exists() else {}
        for name in ("labels-b.jsonl", "adjudicated.jsonl")
    )
    final = settle(first, second, decided)
    lines = (
        json.dumps({"key": key, "set": items[key].set, "split": split_of(key), "topics": labels})
        for key, labels in final.items()
        if labels
    )
    (folder / "topics.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    (folder / "agreement.md").write_text(report(first, second, final) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder that holds the label files")
    write(parser.parse_args().folder)
