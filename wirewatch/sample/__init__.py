"""The sample of news that the demo runs on: invented events, people, companies and publishers, in real places.

`raw_records` is the sample as lines of JSON, in a fixed order; `expected` says what is to become of each line, and what
each article is about. `write_warc` and `expected_warc` are the same for a small WARC file; `watches_folder` holds five
watches that ask for some of it, `digests_folder` a digest. Nothing is read or made at import, and nothing depends on
anything but `now`.
"""

from importlib import resources
from pathlib import Path

from wirewatch.sample.library import Article, articles
from wirewatch.sample.order import Expectation, expected, raw_records
from wirewatch.sample.warc import expected_warc, write_warc

__all__ = [
    "Article",
    "Expectation",
    "articles",
    "digests_folder",
    "expected",
    "expected_warc",
    "raw_records",
    "watches_folder",
    "write_warc",
]


def watches_folder() -> Path:
    """Return the folder of the five watches."""
    return Path(str(resources.files("wirewatch.sample") / "watches"))


def digests_folder() -> Path:
    """Return the folder of the digest."""
    return Path(str(resources.files("wirewatch.sample") / "digests"))
