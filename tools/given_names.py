"""Write the given names by which a byline is known to be a person's: the most common ones of the census of 1990.

    python tools/given_names.py

The package `names` (MIT) carries the lists of the United States Census Bureau (public domain) with their frequencies.
Names of fewer than three in a hundred thousand people are left out, and so are those that are words or places more often; names
that the census lacks stand in the language files (`bylines.given_names`).
"""

from pathlib import Path

import names

OUT = Path(__file__).resolve().parents[1] / "agents" / "clean" / "metadata" / "given_names.txt"
LEAST_PERCENT = 0.003
#: Names that are more often something else in a heading or a menu.
WORDS = frozenset(
    """
    in my art autumn china christian domingo dean faith grant hope india ivory jewel joy king long love man may
    north page paris see so spring star summer sunday van von will young rose season dallas austin phoenix
    houston america asia london sydney florida georgia carolina virginia washington lincoln jordan israel
    chance major price royal pearl
    """.split()  # noqa: SIM905 - a list of words is read more easily
)


def main() -> None:
    """Write the list, one name a line."""
    share: dict[str, float] = {}
    for sex in ("male", "female"):
        path = Path(names.__file__).parent / f"dist.{sex}.first"
        for line in path.read_text("ascii").splitlines():
            if line.strip():
                name, percent, *_ = line.split()
                share[name.lower()] = max(share.get(name.lower(), 0.0), float(percent))
    kept = sorted(name for name, percent in share.items() if percent >= LEAST_PERCENT and name not in WORDS)
    OUT.write_text("\n".join(kept) + "\n", "utf-8")
    print(f"{OUT.name}: {len(kept)} names")


if __name__ == "__main__":
    main()
