"""Measure trends: the memory of so many keys, and how fast articles are counted.

    python -m bench.trends [--keys 100000] [--articles 60000] [--record]

Keys of countries and topics are counted one after another, as articles with one key each bring them, over four days of a
stream; then the process's memory is compared with that before.
"""

import argparse
import time

from agents.trends.counting import Stream
from bench.measured import memory_mib, record, table

DAY = 86_400.0


def main() -> None:
    """Measure, and write docs/measured.md where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--articles", type=int, default=60_000)
    parser.add_argument("--record", action="store_true", help="write docs/measured.md")
    options = parser.parse_args()
    before, stream = memory_mib(), Stream(7.1, options.keys)
    for number in range(options.keys):
        key = f"{chr(65 + number % 26)}{chr(65 + number // 26 % 26)} medtop:{number:08d}"
        for _ in stream.add(number * 4 * DAY / options.keys, [key], number % 997, f"en-{number % 5000:032x}"):
            pass
    held = memory_mib() - before
    keys = list(stream.rows)
    begun = time.process_time()
    for number in range(options.articles):
        own = [keys[1 + number * 7919 % (len(keys) - 1)]]
        for _ in stream.add(4 * DAY + number * 3.0, own, number % 997, f"en-{number % 5000:032x}"):
            pass
    speed = options.articles / (time.process_time() - begun)
    rows = [(f"{len(stream):,}", f"{held:.1f}", f"{stream.size_bytes / 2**20:.1f}", f"{speed:,.0f}")]
    text = table(["keys", "MiB of the process", "MiB by its own count", "articles a CPU second"], rows)
    print(text)
    if options.record:
        record("trends", "Trends", text, command="python -m bench.trends --record")


if __name__ == "__main__":
    main()
