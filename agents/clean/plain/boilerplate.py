"""Lines that a source repeats on its pages: menus, notes and promotions that no parser can see in plain text.

For each source a small table of line hashes with decayed document counts. A line is boilerplate while at least three
documents and a fifth of the source's recent documents hold it. Counts are per article id, and an exact copy within the
source does not count, or copies of one article would teach its own text away.
"""

import struct
from collections import OrderedDict
from collections.abc import Iterable
from hashlib import blake2b
from itertools import chain

from streams.errors import InvalidRecord

#: A line is boilerplate from this many distinct documents on ...
MIN_DOCUMENTS = 3
#: ... that are this share of the source's recent documents.
MIN_SHARE = 0.2
#: Every document weighs this much less with each later one: half after 69.
DECAY = 0.99
#: Lines below this weight are forgotten first when a table is full.
MAX_LINES = 2_000
MAX_SOURCES = 5_000
#: Article ids and content hashes remembered per source, to count each once.
MAX_SEEN = 500

#: No line stands in as many documents.
MAX_COUNT = 1e12

_HEADER = struct.Struct("<BdII")
_LINE = struct.Struct("<Qff")
_SEEN = struct.Struct("<QQ")
_VERSION = 1


class _Source:
    """One source's counts."""

    __slots__ = ("documents", "lines", "seen")

    def __init__(self) -> None:
        self.documents = 0.0
        #: line hash -> [decayed documents, distinct documents]
        self.lines: dict[int, list[float]] = {}
        #: article hash -> content hash
        self.seen: OrderedDict[int, int] = OrderedDict()

    def learn(self, lines: set[int]) -> None:
        """Count one document."""
        self.documents = self.documents * DECAY + 1.0
        for counts in self.lines.values():
            counts[0] *= DECAY
        for line in lines:
            counts = self.lines.setdefault(line, [0.0, 0.0])
            counts[0] += 1.0
            counts[1] += 1.0
        if len(self.lines) > MAX_LINES:
            kept = sorted(self.lines.items(), key=lambda item: item[1][0], reverse=True)[: MAX_LINES * 3 // 4]
            self.lines = dict(kept)

    def known(self) -> set[int]:
        """Return the lines that count as boilerplate now."""
        least = MIN_SHARE * self.documents
        return {line for line, (weight, count) in self.lines.items() if count >= MIN_DOCUMENTS and weight >= least}

    def pack(self) -> bytes:
        """Return the state as bytes: header, lines, seen ids."""
        parts = [_HEADER.pack(_VERSION, self.documents, len(self.lines), len(self.seen))]
        parts += [_LINE.pack(line, weight, count) for line, (weight, count) in self.lines.items()]
        parts += [_SEEN.pack(article, content) for article, content in self.seen.items()]
        return b"".join(parts)

    @classmethod
    def unpack(cls, state: bytes) -> "_Source":
        """Return the state that `pack` wrote; raise `InvalidRecord` for other bytes."""
        source = cls()
        if len(state) < _HEADER.size:
            raise InvalidRecord("invalid_record", "the lines of a source are cut")
        version, documents, lines, seen = _HEADER.unpack_from(state)
        if version != _VERSION:
            raise InvalidRecord("invalid_record", f"the lines of a source have version {version}, not {_VERSION}")
        if len(state) != _HEADER.size + lines * _LINE.size + seen * _SEEN.size:
            raise InvalidRecord("invalid_record", "the lines of a source are cut, or more than they say")
        source.documents = documents
        middle = _HEADER.size + lines * _LINE.size
        for line, weight, count in _LINE.iter_unpack(state[_HEADER.size : middle]):
            source.lines[line] = [weight, count]
        source.seen.update(_SEEN.iter_unpack(state[middle:]))
        if not all(0 <= number < MAX_COUNT for number in (documents, *chain.from_iterable(source.lines.values()))):
            raise InvalidRecord("invalid_record", "the lines of a source have counts that no source can have")
        return source


class Boilerplate:
    """The table of all sources; the least recently used goes first when there are more than `max_sources`."""

    def __init__(self, max_sources: int = MAX_SOURCES) -> None:
        self.max_sources = max_sources
        self._sources: OrderedDict[str, _Source] = OrderedDict()

    def __len__(self) -> int:
        """Return the number of sources in the table."""
        return len(self._sources)

    def known(self, source: str) -> set[int]:
        """Return the hashes of the lines that are boilerplate of `source` now."""
        table = self._sources.get(source)
        return table.known() if table is not None else set()

    def learn(self, source: str, article_id: str, content_hash: int, lines: Iterable[int]) -> bytes | None:
        """Count an article's lines once; return the source's new state to persist, or None where nothing changed.

        `article_id`: hex digits; `content_hash`: of the whole text, by which exact copies under other ids are known.
        """
        lines = set(lines)
        if not lines:
            return None
        table = self._sources.get(source)
        if table is None:
            table = self._sources[source] = _Source()
            while len(self._sources) > self.max_sources:
                self._sources.popitem(last=False)
        self._sources.move_to_end(source)
        article = _hash64(article_id)
        content = content_hash & 0xFFFF_FFFF_FFFF_FFFF
        if article in table.seen or content in table.seen.values():
            return None
        table.seen[article] = content
        while len(table.seen) > MAX_SEEN:
            table.seen.popitem(last=False)
        table.learn(lines)
        return table.pack()

    def restore(self, source: str, state: bytes | None) -> None:
        """Restore a source from the state that `learn` returned; None forgets it.

        Raises `InvalidRecord` for other bytes; the lines known before stay.
        """
        if state is None:
            self._sources.pop(source, None)
            return
        self._sources[source] = _Source.unpack(state)
        while len(self._sources) > self.max_sources:
            self._sources.popitem(last=False)


def _hash64(identity: str) -> int:
    try:
        return int(identity, 16) & 0xFFFF_FFFF_FFFF_FFFF
    except ValueError:
        return int.from_bytes(blake2b(identity.encode(), digest_size=8).digest(), "little")
