"""Build the data that is made from other people's tables, from files whose hashes are checked: `make build-data`.

Rebuilt, each with what pip installs for it alone (tools/data_sources, versions and SHA-256 pinned): the gazetteer, the
given names, the names of months and days in the language files. The gazetteer also needs Unicode CLDR's subdivisions, as
Debian's package unicode-cldr-core has them. A change of a rule or a table shows as a difference in git.

Weights that were learnt are not rebuilt: the texts may not be shipped. Each one's inputs are listed with licence and
SHA-256 and, with --texts FOLDER, looked for there; the shipped files are compared with the hashes of their training.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import orjson

from tools.region_divisions import CLDR

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "tools" / "data_sources"
INSTALLED = ROOT / "build" / "data-sources"
#: Scripts by the requirements that they are run with.
BUILDS = {"gazetteer": ("build_gazetteer",), "names": ("given_names", "language_calendar")}
#: What a source imports and no data is read from: a wheel for each platform, so no one hash.
CODE = {"gazetteer": ("rapidfuzz==3.14.6",)}
#: CLDR 41 as Debian 12 has it.
CLDR_VERSION = "unicode-cldr-core 41-0.1"
CLDR_SHA256 = "df2a2ada7fadd766307f6d66038728f5767949d000ccb686d68d8a5f7004804c"
TOPICS = ROOT / "agents" / "tag" / "topics" / "model"
#: Learnt files by the script that makes them; locks name their inputs, and the outputs with their hashes.
LOCKS = {"train_topics": TOPICS / "training-data.lock", "train_languages": TOPICS / "languages.lock"}
#: Folders of the project's own inputs.
OWN = (ROOT / "tools" / "topic_seeds", ROOT / "tests" / "quality" / "gold")
BLOCK_WEIGHTS = ROOT / "agents" / "clean" / "page" / "weights.npz"


class Learnt(NamedTuple):
    """An input or an output of a training, and whether it is the file that the lock names."""

    script: str
    name: str
    digest: str
    licence: str
    state: str


def digest_of(path: Path) -> str:
    """Return a file's SHA-256."""
    return sha256(path.read_bytes()).hexdigest()


def digest_of_folder(folder: Path) -> str:
    """Return the SHA-256 of the names and hashes of a folder's XML files."""
    digest = sha256()
    for path in sorted(folder.glob("*.xml")):
        digest.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def check_cldr(folder: Path) -> None:
    """End where CLDR's subdivisions are missing or of another version, saying how to get them."""
    subdivisions = folder / "common" / "subdivisions"
    if not subdivisions.is_dir():
        sys.exit(f"{subdivisions} is missing: apt-get install unicode-cldr-core, or name CLDR's folder with --cldr")
    if digest_of_folder(subdivisions) != CLDR_SHA256:
        sys.exit(
            f"{subdivisions} is not that of {CLDR_VERSION} (CLDR 41): take CLDR's core.zip of that release, unpack it and"
            " name its folder with --cldr; for a newer CLDR change CLDR_SHA256 in tools/build_data.py and build with --base"
        )


def build(name: str, arguments: tuple[str, ...] = ()) -> None:
    """Install the sources of one kind of data beside each other, and run its scripts with them."""
    target = INSTALLED / name
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--upgrade",
    ]
    install += ["--target", str(target)]
    subprocess.run([*install, "--require-hashes", "--requirement", str(SOURCES / f"{name}.txt")], check=True)
    if name in CODE:
        subprocess.run([*install, *CODE[name]], check=True)
    for script in BUILDS[name]:
        path = os.pathsep.join((str(target), str(ROOT)))
        command = [sys.executable, "-m", f"tools.{script}", *arguments]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, check=True)


def learnt(texts: Path | None) -> Iterator[Learnt]:
    """Yield the inputs of each training, then the outputs; `texts`: where others' inputs are looked for."""
    places = [*OWN, *([texts] if texts else [])]
    for script, lock in LOCKS.items():
        parts = orjson.loads(lock.read_bytes())
        for name, entry in parts["inputs"].items():
            yield Learnt(script, name, entry["sha256"], entry["licence"], state_of(places, name, entry["sha256"]))
        for name, digest in parts["outputs"].items():
            yield Learnt(script, name, digest, "", state_of([TOPICS], name, digest))
    wanted = BLOCK_WEIGHTS.with_suffix(".lock").read_text("ascii").strip()
    state = state_of([BLOCK_WEIGHTS.parent], BLOCK_WEIGHTS.name, wanted)
    yield Learnt("train_clean", BLOCK_WEIGHTS.name, wanted, "", state)


def state_of(folders: Sequence[Path], name: str, digest: str) -> str:
    """Compare the files of a name in or below some folders with a hash: same, another or missing."""
    digests = {digest_of(path) for folder in folders for path in folder.rglob(name)}
    if not digests:
        return "missing"
    return "same" if digest in digests else "another"


def main() -> int:
    """Build the built files, list the learnt ones; return 1 where a learnt file is not the one of its training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cldr", type=Path, default=CLDR, help="folder of Unicode CLDR (default: %(default)s)")
    parser.add_argument("--texts", type=Path, help="folder with the texts that weights were learnt from")
    parser.add_argument("--list", action="store_true", help="build nothing: list the sources of what was learnt")
    options = parser.parse_args()
    if not options.list:
        check_cldr(options.cldr)
        build("gazetteer", ("--cldr", str(options.cldr)))
        build("names")
    print("learnt, not rebuilt (agents/tag/topics/ATTRIBUTIONS.txt and NOTICE.md say where the inputs come from):")
    damaged = False
    for row in learnt(options.texts):
        print(f"  {row.script:16} {row.name:36} {row.digest[:16]} {row.state:8} {row.licence}".rstrip())
        damaged |= not row.licence and row.state != "same"
    return int(damaged)


if __name__ == "__main__":
    sys.exit(main())
