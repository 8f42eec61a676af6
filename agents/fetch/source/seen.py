"""Seen entries: which of a document's entries are new, edited or known.

An entry is known by its canonical URL, or by its guid: a guid joins (an address that moved brings nothing new), it never
splits (the same address under another guid is the same article). A guid that stands at several entries of a document
identifies none of them; the reading half leaves it out. Entries without address are known by guid, else by title and text.

Each entry is 12 bytes: 5 of the address's hash, 5 of the guid's, 2 of the content's. 40 bits: among the 60 entries that are
kept of a usual feed, a new one is taken for a known one by chance once in 18 thousand million times; of the 4,000 of a large
sitemap, once in 275 million. 16 bits: one edit in 65,536 goes unseen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from agents.fetch.reading.entries import Entry
from streams.ids import canonical_url

KEY, GUID, CONTENT = 5, 5, 2
SIZE = KEY + GUID + CONTENT
#: The sizes in states that older workers wrote; a hash is the beginning of one of these.
LONG_KEY, LONG_GUID, LONG_CONTENT = 6, 6, 4
LONG = LONG_KEY + LONG_GUID + LONG_CONTENT
NO_GUID = bytes(GUID)
#: Entries kept for a source: twice those of its document, within these bounds.
LEAST_KEPT, MOST_KEPT = 40, 4000


@dataclass(slots=True, frozen=True)
class Print:
    """Hashes of an entry's identity and of its text."""

    key: bytes
    guid: bytes
    content: bytes

    def packed(self) -> bytes:
        """Return its 12 bytes."""
        return self.key + self.guid + self.content


@dataclass(slots=True)
class Comparison:
    """Indexes of a document's entries that are new and edited; `kept` are the entries to remember from now on."""

    new: list[int] = field(default_factory=list)
    edited: list[int] = field(default_factory=list)
    #: entries whose address is known under another guid, out of those that have a guid
    moved_guids: int = 0
    kept: bytes = b""


def print_of(entry: Entry) -> Print:
    """Return an entry's print."""
    guid = hashed(entry.guid, LONG_GUID)[:GUID] if entry.guid else NO_GUID
    content = hashed("\n".join((entry.title or "", entry.content or entry.summary or "")), LONG_CONTENT)[:CONTENT]
    if entry.url:
        key = hashed(canonical_url(entry.url), LONG_KEY)[:KEY]
    elif entry.guid:
        key = guid
    else:
        key = hashed("\n".join(("", entry.title or "", entry.content or entry.summary or "")), LONG_KEY)[:KEY]
    return Print(key, guid, content)


def shortened(kept: bytes) -> bytes:
    """Return entries that an older worker kept, in 12 bytes each."""
    entries = (kept[at : at + LONG] for at in range(0, len(kept) - LONG + 1, LONG))
    return b"".join(
        entry[:KEY] + entry[LONG_KEY : LONG_KEY + GUID] + entry[LONG_KEY + LONG_GUID :][:CONTENT] for entry in entries
    )


def hashed(text: str, size: int) -> bytes:
    """Return the first bytes of a text's hash."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()


def compare(kept: bytes, prints: Sequence[Print], least: int = LEAST_KEPT) -> Comparison:
    """Return which entries of a document are new or edited, and those to keep: they, then the earlier ones.

    An entry that stands twice in the document counts once. `least`: so many are kept however short the document is.
    """
    keys, guids = unpack(kept)
    result, here, order = Comparison(), set[bytes](), list[bytes]()
    for index, entry in enumerate(prints):
        if entry.key in here:
            continue
        here.add(entry.key)
        order.append(entry.packed())
        known = keys.get(entry.key)
        if known is None and entry.guid != NO_GUID:
            known = guids.get(entry.guid)
        elif known is not None and NO_GUID not in (entry.guid, known[KEY : KEY + GUID]):
            result.moved_guids += known[KEY : KEY + GUID] != entry.guid
        if known is None:
            result.new.append(index)
        elif known[KEY + GUID :] != entry.content:
            result.edited.append(index)
    result.kept = pack(order, kept, here, least)
    return result


def unpack(kept: bytes) -> tuple[dict[bytes, bytes], dict[bytes, bytes]]:
    """Return kept entries by the hash of their address and by that of their guid."""
    entries = [kept[at : at + SIZE] for at in range(0, len(kept) - SIZE + 1, SIZE)]
    keys = {entry[:KEY]: entry for entry in reversed(entries)}
    guids = {entry[KEY : KEY + GUID]: entry for entry in reversed(entries)}
    guids.pop(NO_GUID, None)
    return keys, guids


def pack(order: list[bytes], kept: bytes, here: Iterable[bytes], least: int = LEAST_KEPT) -> bytes:
    """Return the entries of a document and then the ones kept before that are not among them, within the bound."""
    most = min(max(2 * len(order), least), MOST_KEPT)
    known, out = set(here), order[:most]
    for at in range(0, len(kept) - SIZE + 1, SIZE):
        if len(out) >= most:
            break
        entry = kept[at : at + SIZE]
        if entry[:KEY] not in known:
            out.append(entry)
    return b"".join(out)
