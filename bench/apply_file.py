"""`wirewatch apply … -o FILE` at its size: a table of many articles, whole, and killed and interrupted in the middle.

usage: python -m bench.apply_file [--articles N] [--folder DIR] [--record]

Articles are the sample's, on their pages, again and again; in each turn other words of them are changed, three of five
long ones, so that few are copies of one another. Runs `clean,dedup,tag,stories` into Parquet once whole; then once more,
killed (SIGKILL) at a third, interrupted (SIGINT) at two thirds, and resumed each time. Compares the files byte by byte,
and reads them with pandas and with DuckDB, where those are installed. Memory is the most that the command and its children
hold together, what they share counted once.
"""

import argparse
import importlib.util
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count, islice
from pathlib import Path

import orjson
import psutil

from bench.measured import record, table
from streams.records import encode
from wirewatch.sample.library import Article, articles
from wirewatch.sample.order import article_page, page_record

STEPS = "clean,dedup,tag,stories"
NOW = datetime(2026, 11, 1, tzinfo=UTC)
#: Between two articles, and of the words of an article those that stay as they are.
APART, KEPT = timedelta(seconds=20), 0.4
WORD = re.compile(r"\b([^\W\d_A-Z]{5,})\b")


def changed(choose: random.Random, suffix: str, found: re.Match[str]) -> str:
    """Return a word, or one that is not in any other turn."""
    return found[1] if choose.random() < KEPT else found[1] + suffix


def lines(number: int) -> Iterator[bytes]:
    """Yield raw records as lines."""
    choose = random.Random(5)
    sample = [article for article in articles().values() if article.treatment == "page"]
    for at, (turn, article) in enumerate(islice(((turn, a) for turn in count() for a in sample), number)):
        told = retold(article, partial(changed, choose, letters(turn)))
        page = replace(article_page(told, NOW + at * APART), slug=f"{article.slug}-{turn}")
        yield encode(page_record(page, NOW + at * APART, page.url))


def retold(article: Article, change: "partial[str]") -> Article:
    """Return an article with some other words."""
    title, *paragraphs = (WORD.sub(change, text) for text in (article.title, *article.paragraphs))
    return replace(article, title=title, paragraphs=tuple(paragraphs))


def letters(number: int) -> str:
    """Return a number in three letters."""
    return "".join(chr(97 + number // 26**place % 26) for place in range(3))


@dataclass
class Measured:
    """Seconds of the clock and of processors, and the most memory, of one run."""

    seconds: float = 0.0
    cpu: float = 0.0
    mib: float = 0.0

    def watch(self, process: subprocess.Popen[bytes]) -> None:
        """Take one look at a run that is going on."""
        try:
            parent = psutil.Process(process.pid)
            everyone = [parent, *parent.children(recursive=True)]
            self.mib = max(self.mib, sum(each.memory_full_info().pss for each in everyone) / 2**20)
            self.cpu = max(self.cpu, sum(sum(each.cpu_times()[:2]) for each in everyone))
        except psutil.Error:
            return


def run(given: Path, out: Path, *more: str, stop: signal.Signals | None = None, after: int = 0) -> tuple[int, Measured]:
    """Run the command; send a signal once so many lines are settled. Return its exit code and its costs."""
    command = [sys.executable, "-m", "wirewatch", "apply", STEPS, str(given), "-o", str(out), *more]
    mark, taken, begin = out.with_name(f"{out.name}.part") / "mark.json", Measured(), time.perf_counter()
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            taken.watch(process)
            if stop is not None and settled(mark) >= after:
                process.send_signal(stop)
                process.wait()
            time.sleep(0.2)
    taken.seconds = time.perf_counter() - begin
    return process.returncode, taken


def settled(mark: Path) -> int:
    """Return how many lines a run has settled."""
    try:
        return int(orjson.loads(mark.read_bytes())["line"])
    except (OSError, orjson.JSONDecodeError):
        return 0


def read_back(file: Path) -> list[tuple[str, str]]:
    """Return by reader how many rows it finds, and how many of them have a country, a topic and a story."""
    import pandas as pd  # noqa: PLC0415 - as its user does, after the runs

    frame = pd.read_parquet(file)
    filled = ", ".join(f"{int(frame[name].notna().sum())} with {name}" for name in ("country", "topic", "story"))
    found = [("read by pandas", f"{len(frame)} rows, {filled}")]
    if importlib.util.find_spec("duckdb") is not None:
        import duckdb  # type: ignore[import-not-found,unused-ignore] # noqa: PLC0415

        query = "SELECT count(*), count(country), count(topic), count(story) FROM read_parquet(?)"
        rows, *having = duckdb.execute(query, [str(file)]).fetchall()[0]
        named = zip(having, ("country", "topic", "story"), strict=True)
        found.append(("read by DuckDB", f"{rows} rows, {', '.join(f'{number} with {name}' for number, name in named)}"))
    return found


def said(code: int, taken: Measured) -> str:
    """Describe a run's end and its costs."""
    return f"exit {code}, {taken.seconds:.0f} s, {taken.cpu:.0f} s of processor time, {taken.mib:.0f} MiB"


def measured(number: int, folder: Path) -> str:
    """Run everything; return the table."""
    given, whole, stopped = folder / "raw.jsonl", folder / "whole.parquet", folder / "stopped.parquet"
    with given.open("wb") as file:
        file.writelines(line + b"\n" for line in lines(number))
    rows = [("input", f"{number} pages, {given.stat().st_size / 2**20:.0f} MiB")]
    rows.append(("whole", said(*run(given, whole))))
    rows.append(("SIGKILL at a third", said(*run(given, stopped, stop=signal.SIGKILL, after=number // 3))))
    interrupted = run(given, stopped, "--resume", stop=signal.SIGINT, after=2 * number // 3)
    rows.append(("resumed, SIGINT at two thirds", said(*interrupted)))
    rows.append(("resumed to the end", said(*run(given, stopped, "--resume"))))
    same = whole.read_bytes() == stopped.read_bytes()
    rows.append(
        ("both files", f"{'the same' if same else 'NOT the same'} bytes, {whole.stat().st_size / 2**20:.1f} MiB")
    )
    return table(["", "`apply clean,dedup,tag,stories … -o FILE.parquet`"], [*rows, *read_back(stopped)])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="where the files stay; by default they go")
    parser.add_argument("--record", action="store_true", help="write docs/measured.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wirewatch-bench-") as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        text = measured(given.articles, folder)
    print(text)
    if given.record:
        command = f"python -m bench.apply_file --articles {given.articles} --record"
        record("apply-file", "A table of articles", text, command=command)


if __name__ == "__main__":
    main()
