"""Measure the tag step as the scorers do: both tables, regions and topics, in one command.

usage: python -m bench.tag [--data ../shared/data] [--embed minilm]
"""

import argparse
from pathlib import Path

from bench import regions, topics


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the development sets")
    parser.add_argument("--embed", default="", help="as the setting tag.embed_model: minilm, or a folder")
    options = parser.parse_args()
    print("REGIONS")
    regions.main([str(options.data / "regions")])
    print("TOPICS")
    topics.main(["--data", str(options.data / "topics"), "--embed", options.embed])


if __name__ == "__main__":
    main()
