"""Near-duplicates: quality on the development sets, and speed and memory from 10,000 articles up, beside peers.

    python -m bench.dedup quality [--record]                     # what ../shared/eval/score_dedup.py prints, for each method
    python -m bench.dedup speed --sizes 10000,100000 [--record]  # articles a second, look-up at p99, memory, restoring

Every size and method runs in a process of its own, so that memory is that of one alone. Times are CPU seconds of the
one thread that works, so that other work on the machine does not count. Articles of the speed table
are made of words drawn by Zipf's law, 260 on average; every tenth is a copy, cut and with words changed. Peers that
are not installed are reported as such: pip install datasketch rensa.
"""

import argparse
import gzip
import itertools
import json
import math
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import psutil

from agents.dedup.decide import Deduplicator
from agents.dedup.sketch import make_sketch, make_sketches
from agents.dedup.step import CHUNK_ARTICLES
from bench.measured import record, table
from streams.records import Clean

SHARED = Path(__file__).parents[2] / "shared"
SETS = SHARED / "data" / "dedup"
SCORER = SHARED / "eval" / "score_dedup.py"

SYNTHETIC = "neardup_synth.jsonl.gz"
NATURAL = "neardup_natural_pairs.jsonl.gz"

#: Records restored for the recovery figure.
RESTORED = 300_000
MEAN_WORDS = 260
VOCABULARY = 60_000

#: Leads that are looked for: their share of the piece's words, and how many those are at least.
LEAD, LONG = 0.12, 250

#: What a method does with an article: the id of its original, or None. The article is remembered.
Decide = Callable[[Clean], str | None]


def article(number: int | str, title: str, text: str, source: str = "news.example") -> Clean:
    """Return a clean article."""
    name = blake2b(str(number).encode(), digest_size=16).hexdigest()
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Clean(
        id=name, ref=number, source=source, title=title, fetched_at=now, language="en", text=text, extractor="given"
    )


def words_of(clean: Clean, size: int) -> list[bytes]:
    """Return the word shingles of an article's text, for the peers."""
    words = clean.text.lower().split()
    return [" ".join(words[i : i + size]).encode() for i in range(max(1, len(words) - size + 1))]


def wirewatch() -> Decide:
    """agents.dedup: sampled 4-shingles, containment, facts."""
    decider = Deduplicator()
    clock = iter(range(1 << 62))
    return lambda clean: (
        decider.decide(make_sketch(clean), next(clock) * 0.001, clean.fetch_id or clean.id).duplicate_of
    )


def datasketch() -> Decide:
    """MinHashLSH of datasketch, 128 permutations of word 5-shingles, Jaccard from 0.5."""
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415

    index = MinHashLSH(threshold=0.5, num_perm=128)

    def decide(clean: Clean) -> str | None:
        signature = MinHash(num_perm=128)
        signature.update_batch(words_of(clean, 5))
        found = index.query(signature)
        index.insert(clean.id, signature, check_duplication=False)
        return str(found[0]) if found else None

    return decide


def rensa() -> Decide:
    """RMinHashLSH of rensa, 128 permutations of word 5-shingles in 32 bands, Jaccard from 0.5."""
    from rensa import RMinHash, RMinHashLSH  # noqa: PLC0415

    index = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
    ids: list[str] = []
    signatures: list[object] = []

    def decide(clean: Clean) -> str | None:
        signature = RMinHash(num_perm=128, seed=1)
        signature.update([shingle.decode() for shingle in words_of(clean, 5)])
        found = max(((signature.jaccard(signatures[i]), -i) for i in index.query(signature)), default=(0.0, 0))
        index.insert(len(ids), signature)
        ids.append(clean.id)
        signatures.append(signature)
        return ids[-found[1]] if found[0] >= 0.5 else None

    return decide


def simhash() -> Decide:
    """64-bit SimHash of word 2-shingles within 3 bits, found by four tables of 16 bits each."""
    tables: list[dict[int, list[tuple[int, str]]]] = [{} for _ in range(4)]
    shifts = np.arange(64, dtype=np.uint64)

    def decide(clean: Clean) -> str | None:
        digests = b"".join(blake2b(shingle, digest_size=8).digest() for shingle in words_of(clean, 2))
        bits = (np.frombuffer(digests, np.uint64)[:, None] >> shifts) & np.uint64(1)
        value = int((bits.sum(axis=0) * 2 > len(bits)).astype(np.uint64) @ (np.uint64(1) << shifts))
        found = None
        for place, bucket in enumerate(tables):
            row = bucket.setdefault(value >> 16 * place & 0xFFFF, [])
            found = found or next((name for other, name in row if (other ^ value).bit_count() <= 3), None)
            row.append((value, clean.id))
        return found

    return decide


METHODS: dict[str, Callable[[], Decide]] = {
    "wirewatch": wirewatch,
    "datasketch": datasketch,
    "rensa": rensa,
    "simhash": simhash,
}


#: How the tables name a method, where not by its own name.
PEER_NAMES = {
    "datasketch": "datasketch MinHash LSH, Jaccard from .5",
    "rensa": "rensa MinHash LSH, the same",
    "simhash": "SimHash, 64 bits, distance up to 3",
}
QUALITY_HEAD = ("", "P", "R", "pair F1", "worst edit, R", "real pairs, P", "R", f"leads of {LEAD:.0%}, R")
SPEED_HEAD = ("", "articles in the window", "articles/s", "p99, ms", "MiB", "copies found")
QUALITY_TEXT = """Articles with copies of them by 15 kinds of edit; real pairs of news; and pieces of which only the lead came
before, under another title."""
SPEED_TEXT = f"""Articles of {MEAN_WORDS} words, a tenth of them copies, by a processor second of one thread. Of wirewatch, sketch
and decision together, and the decision at p99; of a peer, all that it does."""
#: A peer takes hours and gigabytes with more articles.
MOST_OF_PEERS = 100_000


def installed(method: str) -> bool:
    """Return whether a method can be run here."""
    return method in {"wirewatch", "simhash"} or find_spec(method) is not None


def read(name: str) -> Iterator[Clean]:
    """Yield the articles of a development set in their order; both of a pair one after the other."""
    with gzip.open(SETS / name) as lines:
        for line in lines:
            found = json.loads(line)
            halves = (
                [(f"{found['id']}#{half}", found[half]) for half in "ab"] if "a" in found else [(found["id"], found)]
            )
            for ref, document in halves:
                source = f"news{blake2b(ref.encode(), digest_size=1).hexdigest()}.example"
                yield article(ref, document.get("title") or "", document.get("text") or "", source)


def quality() -> str:
    """Print the scorer's figures for each method, and return a table of the main ones."""
    rows = []
    for method, make in METHODS.items():
        if not installed(method):
            print(f"{method}: not installed")
            continue
        said = ""
        for name, options in ((SYNTHETIC, []), (NATURAL, ["--pairs"])):
            decide = make()
            with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as out:
                for clean in read(name):
                    print(json.dumps({"id": clean.id, "ref": clean.ref, "duplicate_of": decide(clean)}), file=out)
                out.flush()
                command: list[str | Path] = [sys.executable, SCORER, out.name, SETS / name, *options]
                said += subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = leads(make())
        print(f"{method}\n{said}leads of {LEAD:.0%}: {found:.3f} found", flush=True)
        rows.append((PEER_NAMES.get(method, method), *main_figures(said), f"{found:.3f}"))
    return table(QUALITY_HEAD, rows)


def main_figures(said: str) -> list[str]:
    """Return from the scorer's lines: P, R of the copies, pair F1, the worst edit, and P, R of the real pairs."""
    (first,) = re.findall(r"doc P (\S+) R (\S+) .* pair P \S+ R \S+ F1 (\S+)", said)
    edits = {kind: float(share) for kind, share in re.findall(r"^  (\w+) (\S+) of", said, re.MULTILINE)}
    del edits["original"]  # no copies: each one flagged is a mistake
    worst = min(edits, key=lambda kind: edits[kind])
    (pairs,) = re.findall(r"^pairs \d+ P (\S+) R (\S+)", said, re.MULTILINE)
    return [*first, f"{edits[worst]:.3f} ({worst})", *pairs]


def leads(decide: Decide) -> float:
    """Return the share of pieces of `LONG` words or more whose first `LEAD` of the words, under another title, is found."""
    originals = [clean for clean in read(SYNTHETIC) if str(clean.ref).endswith("-0")]
    for clean in originals:
        decide(clean)
    pieces = [clean for clean in originals if len(clean.text.split()) >= LONG]
    found = 0
    for piece in pieces:
        words = piece.text.split()
        lead = article(f"{piece.ref}-lead", "In brief", " ".join(words[: int(LEAD * len(words))]), "brief.example")
        found += decide(lead) == piece.id
    return found / len(pieces)


def synthetic(count: int) -> Iterator[Clean]:
    """Yield articles of Zipf's words; every tenth is a copy of one of the last thousand."""
    random = np.random.default_rng(20261124)
    weights = 1.0 / np.arange(1, VOCABULARY + 1)
    upto = np.cumsum(weights / weights.sum())
    vocabulary = np.array([f"{'N' if i % 7 == 3 else 'w'}{i:x}" for i in range(VOCABULARY)])
    recent: list[list[str]] = []
    for number in range(count):
        if number % 10 == 9:
            words = list(recent[int(random.integers(len(recent)))])
            words = words[: int(len(words) * random.uniform(0.5, 1.0))]
            for place in random.integers(len(words), size=len(words) // 40):
                words[place] = "changed"
        else:
            length = max(40, int(random.lognormal(math.log(MEAN_WORDS) - 0.18, 0.6)))
            words = vocabulary[np.searchsorted(upto, random.random(length)).clip(max=VOCABULARY - 1)].tolist()
            recent = [*recent[-999:], words]
        yield article(number, " ".join(words[:8]), " ".join(words), f"news{number % 997}.example")


def memory() -> int:
    """Return the resident memory of this process, in bytes."""
    return psutil.Process().memory_info().rss


def speed_of_wirewatch(count: int) -> dict[str, float]:
    """Return figures of agents.dedup: sketch and decision apart, and the time to restore."""
    decider = Deduplicator(max_articles=max(count, 1_000))
    before, sketching, latencies, copies = memory(), 0.0, np.zeros(count), 0
    kept: list[tuple[str, bytes]] = []
    articles, number = synthetic(count), 0
    while chunk := list(itertools.islice(articles, CHUNK_ARTICLES)):
        start = time.thread_time()
        sketches = make_sketches(chunk)
        sketching += time.thread_time() - start
        for sketch in sketches:
            start = time.thread_time()
            decision = decider.decide(sketch, number * 0.01, str(number))
            latencies[number] = time.thread_time() - start
            copies += not decision.unique
            if number < RESTORED:
                kept.append((decision.key, decision.record))
            number += 1
    used = memory() - before
    start = time.thread_time()
    fresh = Deduplicator(max_articles=max(count, 1_000))
    for key, kept_record in kept:
        fresh.restore(key, kept_record)
    fresh.stats()
    restoring = time.thread_time() - start
    tail = latencies[-min(count, 20_000) :]
    return {
        "sketch_us": 1e6 * sketching / count,
        "decide_us": 1e6 * float(tail.mean()),
        "p99_ms": 1e3 * float(np.quantile(tail, 0.99)),
        "max_ms": 1e3 * float(latencies.max()),
        "per_second": 1 / (sketching / count + float(tail.mean())),
        "mib": used / 2**20,
        "found": copies / (count // 10),
        "restored": len(kept),
        "restore_s": restoring,
    }


def speed_of_peer(method: str, count: int) -> dict[str, float]:
    """Return figures of a peer: signature, look-up and insertion together."""
    decide = METHODS[method]()
    before, latencies, copies = memory(), np.zeros(count), 0
    for number, clean in enumerate(synthetic(count)):
        start = time.thread_time()
        copies += decide(clean) is not None
        latencies[number] = time.thread_time() - start
    tail = latencies[-min(count, 20_000) :]
    return {
        "per_second": 1 / float(tail.mean()),
        "p99_ms": 1e3 * float(np.quantile(tail, 0.99)),
        "mib": (memory() - before) / 2**20,
        "found": copies / (count // 10),
    }


def speed(sizes: list[int], methods: list[str]) -> str:
    """Print a row for each method and size, each from a process of its own, and return them as a table."""
    rows, restored = [], ""
    for size in sizes:
        for method in methods:
            if not installed(method) or (method != "wirewatch" and size > MOST_OF_PEERS):
                print(f"{method} {size}: {'too many for a peer' if installed(method) else 'not installed'}")
                continue
            command = [sys.executable, "-m", "bench.dedup", "one", "--sizes", str(size), "--methods", method]
            figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            print(method, size, *(f"{name} {value:,.2f}" for name, value in figures.items()), flush=True)
            cells = (f"{figures['per_second']:,.0f}", f"{figures['p99_ms']:.2f}", f"{figures['mib']:,.0f}")
            rows.append((PEER_NAMES.get(method, method), f"{size:,}", *cells, f"{figures['found']:.2f}"))
            if "restore_s" in figures:
                restored = f"{figures['restored']:,.0f} sketches are restored in {figures['restore_s']:.1f} s."
    return f"{table(SPEED_HEAD, rows)}\n\n{restored}"


def main() -> None:
    """Run the chosen bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["quality", "speed", "one"], help="`one` prints one size and method as JSON")
    parser.add_argument("--sizes", default="10000,100000,1000000", help="numbers of articles")
    parser.add_argument("--methods", default=",".join(METHODS), help="some of " + ", ".join(METHODS))
    parser.add_argument("--record", action="store_true", help="write the figures to docs/measured.md")
    options = parser.parse_args()
    sizes, methods = [int(size) for size in options.sizes.split(",")], options.methods.split(",")
    if options.what == "quality":
        text = quality()
        if options.record:
            record("dedup", "Duplicates", f"{QUALITY_TEXT}\n\n{text}", command="python -m bench.dedup quality --record")
    elif options.what == "speed":
        text = speed(sizes, methods)
        if options.record:
            command = f"python -m bench.dedup speed --sizes {options.sizes} --record"
            record("dedup-speed", "Duplicates: speed and memory", f"{SPEED_TEXT}\n\n{text}", command=command)
    else:
        print(json.dumps(speed_of_wirewatch(*sizes) if methods == ["wirewatch"] else speed_of_peer(*methods, *sizes)))


if __name__ == "__main__":
    main()
