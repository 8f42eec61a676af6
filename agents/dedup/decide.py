"""The decider: which article is a duplicate of which, and the reasons for its design.

**One decider.** Copies meet only where all articles do. Splitting the work by shingle costs 16 to 64 messages an
article and a join that waits; one decider needs one, is right by construction, and is far faster than the world writes
news. Sketches, half of the work, are made by as many workers as there are. Where one decider is not enough, languages
split it.

**Sampled shingles, containment and facts.** Measured on the development halves of neardup_synth (5,247 articles, 1,658
copies by 15 kinds of edit) and of the natural pairs (47, of which 31 are copies); `python -m bench.dedup quality`,
2026-11-24:

| rule | document P | R | pair F1 | worst edit | natural P | R |
|---|---|---|---|---|---|---|
| SimHash, 64 bits, word pairs, distance up to 3 | 1.0 | .129 | .141 | 0 | .833 | .161 |
| rensa MinHash LSH, 5-shingles, Jaccard from .5 | 1.0 | .559 | .613 | 0 | .813 | .419 |
| datasketch MinHash LSH, the same | 1.0 | .596 | .649 | .01 | .786 | .355 |
| containment from .6 alone | 1.0 | .795 | .839 | .02 | .893 | .806 |
| containment from .3 alone | .992 | .980 | .984 | .83 | .721 | 1.0 |
| from .6, or from .3 with .65 of the facts | .996 | .959 | .968 | .69 | .861 | 1.0 |
| **`near.is_copy`** | .998 | .986 | .988 | .88 | 1.0 | 1.0 |
| the same without `is_other_page` (2026-11-24) | .998 | .987 | .989 | .88 | .912 | 1.0 |
| the same with half of the sample | .996 | .978 | .982 | .83 | .912 | 1.0 |
| the same without dropping set phrases and boilerplate | .996 | .987 | .989 | .88 | .912 | 1.0 |

Over four draws of the sampling the rules of 2026-11-24 had P .998 to .999, pair F1 .985 to .989, their worst edit (cut,
boilerplate, edits and misspellings at once) .82 to .88, and natural P .886 to .912: what they took for copies wrongly
were pages of nothing but a site's boilerplate, which `is_other_page` tells by titles that do not fit the text. Jaccard
misses what is cut; containment alone takes templates (bond issues, market reports) for copies, which the facts tell
apart.

Forms that are filled (results of matches, tremors, markets) share four fifths of their shingles. Of 475 such briefs made
up in eight languages, none a copy of another, 273 were taken for copies; with the numbers and facts that `numbers_agree`
and `is_brief` ask for, 10 are, and of 864 edits of such briefs one is missed (2026-11-29; the sets above stay as they
are, but for one copy of 1,658).

Sets of numbers say less than their places: two matches share a 2 and a 9 by chance, and the names of a league anyway.
Of 7,350 articles by 49 forms in 15 languages (`slots`), no copy of each other and of one source or of ten, 104 were
taken for copies in their order and 102 shuffled; with the facts compared place by place, 6 and 4. Of 5,880 copies of
such reports and originals among each other P rises from .946 to .9997 and R from .947 to .952; of 4,008 of real news
in more than twenty languages both stay, 1.0 and .994 (2026-11-29). Candidates are chosen by the rarest shingles that
they share: of 1,487 copies among 1,987 reports of 16 forms, whose sentences everybody's reports fill the rows with,
170 were found in their order and 983 shuffled, now 1,484 and 1,473.

**Leaders.** A copy points to an article that was unique itself, never to a copy. Copies are in the index all the same
and stand for their leaders, so that the hundredth copy of a piece cannot push the piece itself out of sight, but what
is compared is always the leader's sketch: no drift from copy to copy. A changed fetch of a unique article is a revision
and is not compared at all; one of a copy is compared anew.

**Rows of one array.** The index has to hold 65 million postings of a million articles. Alternatives, with one thread of
the same loaded machine: a dictionary of numbers and lists takes 4.2 kB an article; 12 segments of six hours, sorted,
take 0.5 kB and 860 us a look-up (`searchsorted` misses the cache at every step) and half a second to freeze each; rows
in eight tables, one for each eighth of a window of 30,000, 223 us a decision, because each table costs a look-up of its
own. The one table of `index.Shingles` takes 0.4 kB, and 106 us a decision in the same run: its rows are never sorted,
moved or emptied, since a place on a ring says by itself whether it is still in the window. It has its full size from
the start: a table that doubles would be filled anew from the records each time (300,000 in 13 s), and one that were
split instead would lack what its fuller rows had let go of, which a restored one would hold. But a row takes memory only once
something is written to it.

**Articles are sketched together.** Half of the time of a sketch is that of calling numpy on arrays of 260 words. 128
articles at a time take 60 us each, one alone 280, in the same run; the sketches are the same, byte for byte.

**Records are the truth.** All state is a pure function of the records in the window, so a restored decider gives the
verdicts that the old one would have given (tests/agents/dedup/test_restore.py). Superseded revisions keep their own
records until they leave: an index that forgot them would depend on when it was built.
"""

import msgspec
from msgspec import Struct

from agents.dedup.copy_rules import Likeness, is_other_page, kind_of, share_of_lead
from agents.dedup.index import Probe
from agents.dedup.near import find_original
from agents.dedup.sketch import EVERYTHING, Sketch, read_sketch
from agents.dedup.state import State, Stats
from agents.dedup.stored import StoredVerdict, key_of
from streams.ids import fetch_hash
from streams.records import DuplicateKind, Similarity

#: Facts that an extended copy, or one with a lead of its own, needs beyond its original's to be news again.
NEW_FACTS = 3
#: Facts for each word from which most are no names: nouns of German, rare words of scripts without capitals. English reports
#: have a tenth to a quarter. There new facts need a number among them, or a text so many times as long as the original:
#: a few lines that invite to read on name nothing.
FACTS_A_WORD, GROWN = 0.28, 2.0
#: Less than this of a lead of its own is the original's, and more of the original's lead may be left: a first paragraph is
#: shorter than a lead, and what both go on with begins within it.
NEW_LEAD, REPLACED_LEAD = 0.25, 0.5
#: Bytes of each fact's hash in a sketch.
HASH_BYTES = 4


class Verdict(Struct, kw_only=True, frozen=True):
    """Verdict on an article, and the record to persist before it is published.

    `revision`: of a unique article, 0 or one more than its latest in the window, or its own if higher. `kind`,
    `duplicate_of` (the id of an article that was unique itself) and `similarity` are those of a copy. `record` belongs
    under `key` in the compacted topic that `Deduplicator.restore` reads.
    """

    unique: bool
    revision: int
    duplicate_of: str | None = None
    kind: DuplicateKind | None = None
    similarity: Similarity | None = None
    new_facts: bool = False
    key: str
    record: bytes


class Deduplicator:
    """Decides, article by article, which are copies. Remembers `window_hours` and `max_articles` at most."""

    def __init__(self, window_hours: float = 72.0, max_articles: int = 1_000_000) -> None:
        self._state = State(window_hours * 3600.0, max_articles)

    def decide(self, sketch: bytes, arrived: float, fetch_id: str) -> Verdict:
        """Return the verdict on the article behind `sketch`, which arrived at `arrived` (epoch seconds).

        `fetch_id` is the one that the accounts are kept by: it is a copy, or it is none, for as long as it is remembered.
        Raises `InvalidRecord` for bytes that are no sketch.
        """
        new, fetch = read_sketch(sketch), fetch_hash(fetch_id)
        state = self._state
        state.settle()
        earlier = state.revisions(new.id, arrived)
        before = [stored for stored in earlier if stored.has_fetch(fetch)]
        known = decided_before(before, fetch, new) or next((s for s in earlier if s.has_fetch(new.fetch)), None)
        if known is not None:
            is_first = known.is_first(fetch) or known.is_first(new.fetch)
            return self._answer(known, state.record(known.seq) or b"", is_first=is_first)
        latest = earlier[-1] if earlier else None
        if not before and (same := same_text(earlier, new, arrived)) is not None:
            again = same.fetched_again(fetch)
            return self._answer(again, state.rewrite(again), is_first=False)
        revision = max(new.revision, latest.revision + 1) if latest else new.revision
        state.make_way(new.id, revision)
        stored = StoredVerdict(
            seq=state.next_seq,
            arrived=arrived,
            revision=revision,
            leader=state.next_seq,
            fetches=fetch,
            sketch=new,
        )
        probe = state.probe(new)
        if not before and (latest is None or latest.duplicate_of is not None):
            stored = self._compared(stored, probe)
        return self._answer(stored, state.add(stored, probe), is_first=True)

    def restore(self, key: str, record: bytes | None) -> None:
        """Take back one persisted record, in any order and batches; None is a tombstone.

        Raises `InvalidRecord` for bytes that are no record; nothing is changed by them.
        """
        self._state.restore(key, record)

    def expire(self, now: float) -> list[str]:
        """Forget the articles that left the window by `now` (epoch seconds); return their keys, to be tombstoned."""
        self._state.settle()
        return self._state.expire(now)

    def stats(self) -> Stats:
        """Return the size of the state."""
        self._state.settle()
        return self._state.stats()

    def _compared(self, stored: StoredVerdict, probe: Probe) -> StoredVerdict:
        """Return the record with the verdict of a copy where the article is one."""
        new = stored.sketch
        original = self._state.same_text(new.text, stored.arrived) if new.shingles else None
        if original is not None and not is_other_page(new, original.sketch):
            return msgspec.structs.replace(
                stored, leader=original.seq, duplicate_of=original.sketch.id, kind="exact", alike=(1.0, 1.0, 1.0)
            )
        match = find_original(self._state, new, probe, stored.arrived)
        return copied(stored, match) if match is not None else stored

    @staticmethod
    def _answer(stored: StoredVerdict, record: bytes, *, is_first: bool) -> Verdict:
        """Return the verdict that a record holds for one of its fetches, the first or a later one.

        A later fetch of a unique article's text is a copy of the article itself; one of a copy is a copy again.
        """
        key, revision = key_of(stored), stored.revision
        if stored.alike is not None:
            containment, jaccard, facts = stored.alike
            return Verdict(
                unique=False,
                revision=revision,
                duplicate_of=stored.duplicate_of,
                kind=stored.kind,
                similarity=Similarity(containment=containment, jaccard=jaccard, facts=facts),
                new_facts=stored.new_facts,
                key=key,
                record=record,
            )
        if is_first:
            return Verdict(unique=True, revision=revision, key=key, record=record)
        return Verdict(
            unique=False,
            revision=revision,
            duplicate_of=stored.sketch.id,
            kind="exact",
            similarity=Similarity(containment=1.0, jaccard=1.0, facts=1.0),
            key=key,
            record=record,
        )


def decided_before(before: list[StoredVerdict], fetch: bytes, new: Sketch) -> StoredVerdict | None:
    """Return the record whose verdict a fetch gets again, of those that it was decided in; None for a further revision.

    The same fetch may come with another text: cleaned again by a worker that had learnt more of its source, or because a
    source gives the same time to two texts. A copy then stays one, and what was none becomes a revision.
    """
    same = next((stored for stored in before if stored.sketch.text == new.text), None)
    if same is not None or not before:
        return same
    latest = before[-1]
    return None if latest.is_first(fetch) and latest.duplicate_of is None else latest


def same_text(earlier: list[StoredVerdict], new: Sketch, arrived: float) -> StoredVerdict | None:
    """Return the revision that an article repeats: the one in force when it arrived, or the latest; None for a new text.

    The former was in force for what is delivered again long after, when the fetches that a record keeps are all later ones.
    """
    in_force = [stored for stored in earlier if stored.arrived <= arrived][-1:]
    return next((stored for stored in (*in_force, *earlier[-1:]) if stored.sketch.text == new.text), None)


def copied(stored: StoredVerdict, match: Likeness) -> StoredVerdict:
    """Return the record of a near copy."""
    shingles, facts = match.shingles, match.facts
    kind = kind_of(stored.sketch, match)
    return msgspec.structs.replace(
        stored,
        leader=match.leader.seq,
        duplicate_of=match.leader.sketch.id,
        kind=kind,
        alike=(round(shingles.containment, 4), round(shingles.jaccard, 4), round(facts.containment, 4)),
        new_facts=has_news(stored.sketch, match) and has_own_text(kind, stored.sketch, match),
    )


def has_own_text(kind: DuplicateKind, copy: Sketch, match: Likeness) -> bool:
    """Return whether a copy is longer than its original, or has a lead of its own in place of most of the other's."""
    original = match.leader.sketch
    has_own_lead = share_of_lead(copy, original) < NEW_LEAD and share_of_lead(original, copy) < REPLACED_LEAD
    return kind == "extended" or has_own_lead


def has_news(copy: Sketch, match: Likeness) -> bool:
    """Return whether a copy has facts of its own, where few facts are names a number among them or much text."""
    facts, numbers = match.facts, match.numbers
    if facts.new - facts.shared < NEW_FACTS:
        return False
    all_facts = len(copy.facts) / HASH_BYTES * EVERYTHING / max(1, copy.facts_below)
    named = all_facts < FACTS_A_WORD * copy.words
    return named or numbers.new > numbers.shared or copy.words >= GROWN * match.leader.sketch.words
