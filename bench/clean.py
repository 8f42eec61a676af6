"""Cleaning side by side: ours and its peers on the same pages in the same run.

    python -m bench.clean [--only ours,trafilatura] [--limit N] [--sets NAMES] [DATA]
    python -m bench.clean --memory N [DATA]

DATA is the directory of the development sets (default: ../shared/data/clean beside the repository). Body text is scored
by precision, recall and F1 over word 4-grams, averaged over pages; a page without output counts as empty, an exception
as a failure. Times are CPU seconds of this process, HTML already decoded, imports and model loading excluded; the
systems take turns page by page, so that a busy machine is the same for all. Ours is timed with everything it does
(title, authors, date, language), the peers with the body only, but for the one whose name says more. For all of them garbage
is looked for as seldom as in a worker's child, and not among models and pages. Our pages per second are of 32 pages cleaned
together, as a worker with a backlog does, after each has been cleaned alone for its score and the p99.

`--memory N` cleans N pages (the sets again and again, shuffled, with class names and words changed in every round) in this
one process instead and prints the memory that is resident, every tenth part of the way, and its growth over the second
half: it must stop growing once the caches are warm.

Ours was trained on these same sets, so its rows here are of pages that it has seen; tools/train_clean.py measures it on
publishers that it has not seen. `--record` writes the figures of either to docs/measured.md.
"""

import argparse
import gc
import gzip
import json
import logging
import os
import random
import re
import statistics
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from agents.clean import article as clean
from agents.clean.step import CLEAN_STEP
from bench.clean_peers import PEERS, load_peers
from bench.measured import record, table
from streams.errors import Refused
from streams.records import Clean, Raw
from streams.worker.pool import GARBAGE

DATA = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "clean"
SETS = ("scrapinghub-dev", "wcxb-dev")
WORD = re.compile(r"\w+")
FETCHED_AT = datetime(2026, 11, 20, tzinfo=UTC)
#: Pages that a worker with a backlog gives to a child at once.
CHUNK = CLEAN_STEP.chunk_articles
Shingles = Counter[tuple[str, ...]]


@dataclass(slots=True)
class Score:
    """The scores of one system on one set.

    `days`: pages whose day, as the publisher counts it, is right, wrong or missing, and those that have none (`none`) or
    get one all the same (`given`).
    """

    precisions: list[float] = field(default_factory=list)
    recalls: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    #: CPU seconds of all pages, cleaned by as many as a worker with a backlog gives a child at once; 0 where that is not asked.
    together: float = 0.0
    failures: int = 0
    empty: int = 0
    title: list[int] = field(default_factory=lambda: [0, 0])
    date: list[int] = field(default_factory=lambda: [0, 0])
    days: Counter[str] = field(default_factory=Counter)
    author: list[int] = field(default_factory=lambda: [0, 0, 0])

    @property
    def precision(self) -> float:
        """Mean over the pages with output."""
        return statistics.fmean(self.precisions or [0.0])

    @property
    def recall(self) -> float:
        """Mean over the pages with a true text."""
        return statistics.fmean(self.recalls or [0.0])

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return harmonic(self.precision, self.recall)

    @property
    def pages_per_second(self) -> float:
        """Pages per second of CPU time, of pages together where they were cleaned so."""
        return len(self.seconds) / max(1e-9, self.together or sum(self.seconds))

    @property
    def p99_ms(self) -> float:
        """Ninety-ninth percentile of a page's time, in milliseconds."""
        ordered = sorted(self.seconds) or [0.0]
        return 1000 * ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]


def harmonic(precision: float, recall: float) -> float:
    """Return F1."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def shingles(text: str | None, size: int = 4) -> Shingles:
    """Return the word 4-grams of a text; a shorter text is one gram."""
    words = WORD.findall(text or "")
    if len(words) < size:
        return Counter([tuple(words)] if words else [])
    return Counter(tuple(words[index : index + size]) for index in range(len(words) - size + 1))


def norm(text: str | None) -> str:
    """Return a text's words in lower case."""
    return " ".join(WORD.findall((text or "").lower()))


def score_body(score: Score, true: Shingles, got: Shingles) -> None:
    """Add one page's precision and recall."""
    hit = sum((true & got).values())
    if got:
        score.precisions.append(hit / sum(got.values()))
    else:
        score.empty += 1
        if not true:
            return
    if true:
        score.recalls.append(hit / sum(true.values()))


def score_metadata(score: Score, page: dict[str, Any], got: Clean | None) -> None:
    """Add one page's title, date and authors where the set has them."""
    if page.get("title"):
        true, ours = norm(page["title"]), norm(got.title if got else "")
        score.title[0] += bool(ours) and (true.startswith(ours) or ours.startswith(true))
        score.title[1] += 1
    if page.get("date"):
        day = got.published_at.isoformat()[:10] if got and got.published_at else ""
        score.date[0] += day == page["date"][:10]
        score.date[1] += 1
    score.days[day_outcome(page.get("date"), str(got.published_day or "") if got else "")] += 1
    if page.get("author"):
        names = {norm(name) for name in re.split(r",|;| and | & ", page["author"]) if norm(name)}
        ours_names = {norm(name) for name in (got.authors if got else [])}
        score.author[0] += len(names & ours_names)
        score.author[1] += len(ours_names)
        score.author[2] += len(names)


def day_outcome(true: str | None, ours: str) -> str:
    """Return one of the keys of `Score.days` for a page's true day and ours, both ISO or empty."""
    if not true:
        return "given" if ours else "none"
    return "right" if ours == true[:10] else "wrong" if ours else "missing"


def record_of(page: dict[str, Any]) -> Raw:
    """Return a page as a raw record."""
    url = page["url"] or f"https://{page['id']}.example/article"
    return Raw(id=page["id"], url=url, fetched_at=FETCHED_AT, content_type="text/html", content=page["html"])


def seconds_together(pages: Sequence[dict[str, Any]]) -> float:
    """Return the CPU seconds of cleaning pages together."""
    records = [(record_of(page), ()) for page in pages]
    started = time.process_time()
    clean.clean_all(records)
    return time.process_time() - started


def run_ours(page: dict[str, Any]) -> Clean | None:
    """Return our clean article, or None where it is refused."""
    try:
        return clean.clean_raw(record_of(page)).clean
    except Refused:
        return None


def read_set(path: Path, limit: int) -> list[dict[str, Any]]:
    """Return a set's pages."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for _, line in zip(range(limit), lines, strict=False)]


def measure(
    pages: list[dict[str, Any]], peers: dict[str, Callable[[str], str | None]], *, ours: bool
) -> dict[str, Score]:
    """Return every system's score on these pages."""
    scores = {name: Score() for name in (["ours"] if ours else []) + list(peers)}
    for number, page in enumerate(pages, start=1):
        true = shingles(page["text"])
        for name, score in scores.items():
            text: str | None = None
            got: Clean | None = None
            started = time.process_time()
            try:
                if name == "ours":
                    got = run_ours(page)
                    text = got.text if got else None
                else:
                    text = peers[name](page["html"])
            except Exception as error:
                score.failures += 1
                logging.getLogger(__name__).info("%s on %s: %s", name, page["id"], error)
            score.seconds.append(time.process_time() - started)
            score_body(score, true, shingles(text))
            if name == "ours":
                score_metadata(score, page, got)
        if ours and (number % CHUNK == 0 or number == len(pages)):
            scores["ours"].together += seconds_together(pages[(number - 1) // CHUNK * CHUNK : number])
    return scores


def resident_mb() -> float:
    """Return the resident memory of this process in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure_memory(pages: list[dict[str, Any]], total: int) -> str:
    """Clean `total` pages, shuffled and changed anew in each round; print and return the memory after each tenth."""
    order = random.Random(1)
    done, turn, started = 0, 0, time.process_time()
    rows: list[tuple[str, str, str]] = []
    points: list[tuple[float, float]] = []
    print(f"{len(pages)} pages in memory, {resident_mb():.1f} MB resident before the first is cleaned")
    print("| pages | resident MB | pages per CPU second |")
    print("|---|---|---|")
    while done < total:
        order.shuffle(pages)
        turn += 1
        for page in pages[: total - done]:
            run_ours(changed(page, turn))
            done += 1
            if done % 100 == 0:
                points.append((done / 1000, resident_mb()))
            if done % max(1, total // 10) == 0:
                seconds = max(1e-9, time.process_time() - started)
                rows.append((f"{done:,}", f"{resident_mb():.1f}", f"{done / seconds:.0f}"))
                print(f"| {' | '.join(rows[-1])} |", flush=True)
    half = points[len(points) // 2 :]
    slope = statistics.linear_regression(*zip(*half, strict=True)).slope if len(half) > 1 else 0.0
    growth = f"Growth over the second half: {slope:+.2f} MB for each 1,000 pages."
    print(growth)
    return f"{table(['pages', 'resident MB', 'pages per CPU second'], rows)}\n\n{growth}"


def changed(page: dict[str, Any], turn: int) -> dict[str, Any]:
    """Return a page with other class names and other words in every turn, as a cache would meet them on new pages."""
    html = page["html"].replace('class="', f'class="turn{turn:x}-').replace(" the ", f" the{turn} ")
    return {**page, "html": html}


def report(scores: dict[str, Score]) -> None:
    """Print the table of one set."""
    print("| system | F1 | P | R | pages per CPU second | p99 ms | failures | empty |")
    print("|---|---|---|---|---|---|---|---|")
    for name, score in scores.items():
        print(
            f"| {name} | {score.f1:.4f} | {score.precision:.4f} | {score.recall:.4f} | {score.pages_per_second:.0f} |"
            f" {score.p99_ms:.0f} | {score.failures} | {score.empty} |"
        )
    if "ours" not in scores:
        return
    ours = scores["ours"]
    if ours.title[1]:
        precision, recall = ours.author[0] / max(1, ours.author[1]), ours.author[0] / max(1, ours.author[2])
        title, date = ours.title[0] / ours.title[1], ours.date[0] / max(1, ours.date[1])
        print(f"ours: title {title:.3f} of {ours.title[1]}, date {date:.3f} of {ours.date[1]}")
        days = ", ".join(f"{name} {ours.days[name]}" for name in ("right", "wrong", "missing", "none", "given"))
        print(f"ours: the publisher's own day: {days}")
        print(f"ours: author P {precision:.3f} R {recall:.3f} F1 {harmonic(precision, recall):.3f}")
    if "trafilatura" in scores:
        print(
            f"speed, ours by {CHUNK} / trafilatura: {ours.pages_per_second / scores['trafilatura'].pages_per_second:.2f}"
        )


def record_all(sets: dict[str, dict[str, Score]], only: str | None) -> None:
    """Write the figures of this run to docs/measured.md. `only`: the systems that were asked for."""
    first = next(iter(sets.values()))
    rows = [
        (
            "**wirewatch**, metadata and language included" if name == "ours" else name,
            *(
                f"{scores[name].f1:.3f} / {scores[name].precision:.3f} / {scores[name].recall:.3f} / "
                f"{scores[name].pages_per_second:.0f} / {scores[name].p99_ms:.0f}"
                for scores in sets.values()
            ),
        )
        for name in first
    ]
    text = [
        "Word 4-gram F1, precision, recall; pages per processor second; p99 in ms of processor time. The network was trained",
        "on these two sets: its figures on publishers that it has not seen stand in the next section. Ours are cleaned by",
        f"{CHUNK} at once for the pages per second, as a worker with a backlog does, and each alone for the p99.\n",
        table(["", *sets], rows),
    ]
    for name, scores in sets.items():
        for peer in ("trafilatura", "trafilatura with metadata"):
            if "ours" in scores and peer in scores:
                ratio = scores["ours"].pages_per_second / scores[peer].pages_per_second
                text.append(
                    f"\n{name}: {ratio:.2f} times as many pages per processor second as {peer} in the same run."
                )
        if "ours" in scores and scores["ours"].title[1]:
            ours = scores["ours"]
            precision, recall = ours.author[0] / max(1, ours.author[1]), ours.author[0] / max(1, ours.author[2])
            title, date = ours.title[0] / ours.title[1], ours.date[0] / max(1, ours.date[1])
            text.append(f"{name}: titles {title:.3f}, dates {date:.3f}, authors P {precision:.3f} R {recall:.3f}.")
    asked = f" --only {only}" if only else ""
    record("clean", "Cleaning", "\n".join(text), command=f"python -m bench.clean{asked} --record")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--only", help="comma list of systems: ours, " + ", ".join(PEERS))
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--limit", type=int, default=1_000_000, help="at most so many pages of each set")
    parser.add_argument("--record", action="store_true", help="write the section of docs/measured.md")
    parser.add_argument("--memory", type=int, metavar="N", help="clean N pages and print the resident memory")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    wanted = set(options.only.split(",")) if options.only else None
    clean.load()
    if options.memory:
        paths = [options.data / f"{name}.jsonl.gz" for name in options.sets.split(",")]
        pages = [page for path in paths for page in read_set(path, options.limit)]
        text = measure_memory(pages, options.memory)
        if options.record:
            command = f"python -m bench.clean --memory {options.memory} --record"
            record("clean-memory", "Memory of cleaning", text, command=command)
        return
    peers = dict(load_peers(wanted))
    gc.set_threshold(GARBAGE)
    measured: dict[str, dict[str, Score]] = {}
    for name in options.sets.split(","):
        path = options.data / f"{name}.jsonl.gz"
        pages = read_set(path, options.limit)
        gc.freeze()
        print(f"\n{name}: {len(pages)} pages, sha256 {sha256(path.read_bytes()).hexdigest()[:16]}")
        measured[f"{name} ({len(pages)} pages)"] = measure(pages, peers, ours=wanted is None or "ours" in wanted)
        report(measured[f"{name} ({len(pages)} pages)"])
    if options.record:
        record_all(measured, options.only)


if __name__ == "__main__":
    main()
