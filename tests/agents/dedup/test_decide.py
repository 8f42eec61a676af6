"""Decisions on copies and revisions, and the memory of the decider."""

from collections.abc import Callable

import msgspec
import pytest

from agents.dedup.decide import Deduplicator, Verdict
from agents.dedup.sketch import make_sketch, read_sketch
from agents.dedup.stored import encoder
from streams.errors import InvalidRecord
from streams.records import Clean
from tests.support.copies import decide, originals, verdicts

Prose = Callable[[int, int], str]
Write = Callable[..., Clean]

HOUR = 3600.0


def test_different_articles_are_unique(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """Articles with texts of their own go on as revision 0 of themselves."""
    decisions = verdicts(decider, *(write(f"a{seed}", prose(seed, 200)) for seed in range(20)))

    assert all(decision.unique and decision.revision == 0 and decision.kind is None for decision in decisions)


def test_the_same_text_under_another_id_is_exact(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """Another publisher's article with the same words is an exact copy, whatever its title, case and punctuation."""
    text = prose(1, 200)

    _, copy = verdicts(
        decider, write("a", text), write("b", text.upper().replace(" ", ",  ", 5), title="Another title")
    )

    assert (copy.unique, copy.duplicate_of, copy.kind) == (False, "a", "exact")
    assert copy.similarity is not None
    assert copy.similarity.containment == copy.similarity.jaccard == 1.0


def test_the_same_text_fetched_again_is_a_copy_of_itself(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A second fetch of an unchanged article is exact, a copy of the article's own id."""
    text = prose(1, 200)

    first, second = verdicts(decider, write("a", text), write("a", text, fetch="2"))

    assert first.unique
    assert (second.kind, second.duplicate_of, second.revision) == ("exact", "a", 0)
    assert second.key == first.key


def test_another_text_of_the_same_article_is_a_revision(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A changed article goes on, with the next revision, and never as a copy of its old text or of a copy of that."""
    text = prose(1, 200)
    changed = text.replace(" ", " corrected ", 1)

    _, copy, revised, again = verdicts(
        decider,
        write("a", text),
        write("b", text + " " + prose(2, 20)),
        write("a", changed, fetch="2"),
        write("a", text, fetch="3"),
    )

    assert copy.duplicate_of == "a"
    assert (revised.unique, revised.revision) == (True, 1)
    assert (again.unique, again.revision) == (True, 2)


def test_a_revision_keeps_its_own_higher_number(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A number that the article brought along is kept where it is higher than the next."""
    first, second, third = verdicts(
        decider,
        write("a", prose(1, 100), revision=4),
        write("a", prose(2, 100), fetch="2", revision=2),
        write("a", prose(3, 100), fetch="3", revision=9),
    )

    assert [first.revision, second.revision, third.revision] == [4, 5, 9]


def test_a_changed_copy_is_still_a_copy(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A copy that is changed a little stays a copy of its original; changed altogether it is news."""
    text = prose(1, 200)

    *_, touched, rewritten = verdicts(
        decider,
        write("a", text),
        write("b", text + " Agency"),
        write("b", text + " Wire", fetch="2"),
        write("b", prose(2, 200), fetch="3"),
    )

    assert touched.duplicate_of == "a"
    assert (rewritten.unique, rewritten.revision) == (True, 2)


def test_a_fetch_delivered_again_gets_its_old_verdict(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """At-least-once delivery changes nothing: each fetch keeps the verdict that it had, in any order."""
    text = prose(1, 200)
    articles = [
        write("a", text),
        write("b", text[:600]),
        write("a", text, fetch="2"),
        write("a", prose(2, 200), fetch="3"),
        write("b", text[:600], fetch="2"),
    ]
    first = verdicts(decider, *articles)
    size = decider.stats().articles

    again = verdicts(decider, *articles)

    def told(decision: Verdict) -> tuple[object, ...]:
        return decision.unique, decision.revision, decision.duplicate_of, decision.kind, decision.similarity

    assert list(map(told, again)) == list(map(told, first))
    assert decider.stats().articles == size


def test_a_copy_that_comes_with_another_text_stays_a_copy(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """One fetch is never a copy and news as well: cleaned anew it may have another text, or its source has one time for two."""
    text, other = prose(1, 200), prose(2, 200)

    _, copy, anew, _, later, later_anew = verdicts(
        decider,
        write("a", text),
        write("b", text),
        write("b", other),
        write("c", prose(3, 200)),
        write("c", prose(3, 200), fetch="2"),
        write("c", other, fetch="2"),
    )

    assert (copy.unique, copy.duplicate_of) == (anew.unique, anew.duplicate_of) == (False, "a")
    assert (later.unique, later.duplicate_of) == (later_anew.unique, later_anew.duplicate_of) == (False, "c")


def test_news_that_comes_with_another_text_stays_news(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """The same text under another title is the same revision; another one is a further one, whatever it is like."""
    text, other = prose(1, 200), prose(2, 200)
    verdicts(decider, write("a", text), write("a", other, fetch="2"))

    retitled, revised, changed, again = (
        decide(decider, write("a", body, title=title), 600.0)
        for body, title in ((text, "Another title"), (other, ""), (f"{other} and more", ""), (text, ""))
    )

    assert [(verdict.unique, verdict.revision) for verdict in (retitled, revised, changed, again)] == [
        *((True, 0), (True, 2), (True, 3), (True, 0)),
    ]


def test_fetches_that_older_workers_decided_are_known(write: Write, prose: Prose) -> None:
    """Older workers remembered a fetch by its text and title as well."""
    first, again = write("a", prose(1, 200)), write("a", prose(1, 200), fetch="2")
    before, decider = Deduplicator(), Deduplicator()
    verdicts(before, first, again)
    old = before._state.stored(0)
    assert old is not None
    names = b"".join(read_sketch(make_sketch(article)).fetch for article in (first, again))
    decider.restore("a:0", encoder.encode(msgspec.structs.replace(old, fetches=names)))

    assert [verdict.unique for verdict in verdicts(decider, first, again, first)] == [True, False, True]


def test_a_copy_of_a_copy_belongs_to_the_first(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """Originals are leaders: no copy points to a copy."""
    text = prose(1, 300)
    decisions = verdicts(
        decider, write("a", text), write("b", text + " " + prose(2, 60)), write("c", text + " " + prose(2, 60) + " end")
    )

    assert originals(decisions) == [None, "a", "a"]


def test_part_of_an_article_is_truncated(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """The first third of an article is a truncated copy."""
    text = prose(1, 300)

    _, copy = verdicts(decider, write("a", text), write("b", " ".join(text.split()[:100])))

    assert (copy.kind, copy.duplicate_of, copy.new_facts) == ("truncated", "a", False)


def test_an_article_around_another_is_extended_with_new_facts(
    decider: Deduplicator, write: Write, prose: Prose
) -> None:
    """A brief that grew into a report is an extended copy, and says that it has news."""
    text = prose(1, 120)

    _, copy = verdicts(decider, write("a", text), write("b", f"{text} {prose(2, 150)}"))

    assert (copy.kind, copy.duplicate_of, copy.new_facts) == ("extended", "a", True)


def test_a_piece_with_a_new_lead_has_new_facts(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A report written through is a copy, and watches are asked about what it says first; without its head it is no news."""
    opening, background = prose(1, 60), prose(2, 150)

    _, written, cut = verdicts(
        decider,
        write("a", f"{opening} {background}"),
        write("b", f"{prose(3, 60)} {background}"),
        write("c", background),
    )

    assert (written.duplicate_of, written.new_facts) == ("a", True)
    assert (cut.duplicate_of, cut.new_facts) == ("a", False)


def test_a_piece_with_a_new_first_paragraph_has_new_facts(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A paper writes its own first forty-five words; what follows begins within the lead that is compared."""
    opening, rest = prose(1, 40), prose(2, 160)

    _, own, signed = verdicts(
        decider,
        write("a", f"{opening} {rest}"),
        write("b", f"{prose(3, 45)} {rest}"),
        write("c", f"Ansel Rook Brill, Port Ellery, 7 March. {opening} {rest}"),
    )

    assert (own.duplicate_of, own.kind, own.new_facts) == ("a", "copy", True)
    assert (signed.duplicate_of, signed.new_facts) == ("a", False)


def test_a_brief_with_a_sender_of_its_own_before_it_has_new_facts(
    decider: Deduplicator, write: Write, prose: Prose
) -> None:
    """Two offices print what they agreed on, each below its own words: these are shorter than the lead that is compared."""
    agreed = prose(2, 75)

    articles = [write("a", f"{prose(1, 18)} {agreed}"), write("b", f"{prose(3, 38)} {agreed}"), write("c", agreed)]
    _, own, cut = verdicts(decider, *articles)

    assert (own.duplicate_of, own.kind, own.new_facts) == ("a", "copy", True)
    assert (cut.duplicate_of, cut.new_facts) == ("a", False)


GATE = (
    "Das Schleusentor in Wendelau klemmt seit dem Morgen, und elf Frachter warten auf der Weser. Taucher fanden einen "
    "Baumstamm zwischen Tor und Mauer. Der Leiter des Amtes, Uwe Brodersen, rechnet mit einer Nacht Arbeit. Ein Kran aus "
    "Nienburg soll den Stamm heben, sobald das Wasser gefallen ist."
)


@pytest.mark.parametrize(
    ("more", "news"),
    [
        (
            "Am Abend warteten 17 Frachter, und die Reederei Hellwig sprach von einem Schaden von 90000 Euro am Tag.",
            True,
        ),
        (
            "Mit der App lesen Leser Nachrichten auf dem Telefon, und ein Abo bringt Rabatt auf Reisen, Bücher und Wein.",
            False,
        ),
    ],
)
def test_nouns_in_capitals_are_no_news(decider: Deduplicator, write: Write, more: str, news: bool) -> None:
    """German writes every noun with a capital, so only a number tells lines about the event from those about a paper."""
    _, copy = verdicts(decider, write("a", GATE), write("b", f"{GATE} {more}"))

    assert (copy.kind, copy.new_facts) == ("extended", news)


def test_an_edited_article_is_a_copy(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A changed word in twenty makes no other article."""
    words = prose(1, 300).split()
    words[::20] = ["edited"] * len(words[::20])

    _, copy = verdicts(decider, write("a", prose(1, 300)), write("b", " ".join(words)))

    assert (copy.kind, copy.duplicate_of) == ("copy", "a")


def test_many_copies_do_not_hide_their_original(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """The hundredth copy finds the original as the first did."""
    text = prose(1, 200)
    copies = [write(f"b{n}", f"{text} {prose(100 + n, 15)}") for n in range(100)]

    decisions = verdicts(decider, write("a", text), *copies)

    assert set(originals(decisions)[1:]) == {"a"}


SCRIPTS = {
    "Chinese": (0x4E00, 0x9000, ""),
    "Japanese": (0x3042, 0x3090, ""),
    "Thai": (0x0E01, 0x0E2E, ""),
    "Arabic": (0x0627, 0x064A, " "),
    "Hindi": (0x0905, 0x0939, " "),
    "Russian": (0x0430, 0x044F, " "),
    "Korean": (0xAC00, 0xD7A3, " "),
    "Greek": (0x03B1, 0x03C9, " "),
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_has_copies_and_news(decider: Deduplicator, write: Write, prose: Prose, script: str) -> None:
    """An edited copy is found and another article is not, with and without spaces and capitals."""
    low, high, space = SCRIPTS[script]

    def written(seed: int) -> str:
        words = prose(seed, 150).lower().replace(",", "").split()
        return space.join("".join(chr(low + hash_of(seed, word, i) % (high - low)) for i in range(3)) for word in words)

    def hash_of(seed: int, word: str, place: int) -> int:
        return sum((ord(letter) + seed) * 131 ** (n + place) for n, letter in enumerate(word))

    text = written(1)
    edited = text[:100] + written(2)[:10] + text[110:]

    decisions = verdicts(decider, write("a", text), write("b", edited), write("c", written(3)), write("d", text[:200]))

    assert originals(decisions) == [None, "a", None, "a"]


def test_an_accent_makes_no_other_word(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A desk that spells names without their marks writes the same text."""
    text = prose(1, 100) + " Erdo\u011fan and M\u00fcller don\u2019t"

    _, copy = verdicts(decider, write("a", text), write("b", prose(1, 100) + " Erdogan and Muller don't"))

    assert copy.kind == "exact"


def test_the_window_forgets(write: Write, prose: Prose) -> None:
    """After the window a text is news again, expired or not, and its key is given back once."""
    decider = Deduplicator(window_hours=1.0)
    first = decide(decider, write("a", prose(1, 100)), 0.0)
    near = decide(decider, write("b", prose(1, 100)), HOUR)
    late = decide(decider, write("c", prose(1, 100)), HOUR + 1)

    assert (near.duplicate_of, late.unique) == ("a", True)
    assert decider.expire(HOUR + 1) == [first.key]
    assert decider.expire(HOUR + 1) == []
    assert decider.stats().articles == 2
    assert sorted(decider.expire(9 * HOUR)) == sorted([near.key, late.key])
    assert decider.stats().articles == 0


def test_the_number_of_articles_is_bounded(write: Write, prose: Prose) -> None:
    """Of too many articles the oldest leave, and their keys are given back."""
    decider = Deduplicator(max_articles=10)
    keys = [decide(decider, write(f"a{n}", prose(n, 50)), float(n)).key for n in range(25)]

    assert decider.stats().articles == 10
    assert decider.expire(25.0) == keys[:15]
    assert decide(decider, write("b", prose(3, 50)), 26.0).unique
    assert decide(decider, write("c", prose(20, 50)), 27.0).duplicate_of == "a20"


def test_an_article_that_comes_back_keeps_its_new_record(write: Write, prose: Prose) -> None:
    """The key of an article that left and came again before `expire` is not given back: it holds the new record."""
    decider = Deduplicator(max_articles=2)
    articles = [write("a", prose(1, 50)), write("b", prose(2, 50)), write("c", prose(3, 50)), write("a", prose(1, 50))]
    keys = [decide(decider, article, float(n)).key for n, article in enumerate(articles)]

    assert decider.expire(4.0) == [keys[1]]


def test_stats_tell_size_and_age(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """Articles, bytes and the oldest arrival are counted; an empty state has no age."""
    assert decider.stats().oldest_arrival is None

    decide(decider, write("a", prose(1, 100)), 1000.0)
    decide(decider, write("b", prose(2, 100)), 2000.0)
    stats = decider.stats()

    assert (stats.articles, stats.oldest_arrival) == (2, 1000.0)
    assert stats.bytes > 500


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x93\x01\x02\x03", b"\xc1"])
def test_junk_is_refused(decider: Deduplicator, junk: bytes) -> None:
    """Bytes that are no sketch and no record are refused by name, not crashed on."""
    with pytest.raises(InvalidRecord):
        decider.decide(junk, 0.0, "a:1")

    with pytest.raises(InvalidRecord, match="a:0"):
        decider.restore("a:0", junk)
    assert decider.stats().articles == 0


def test_record_that_is_none_of_ours_changes_nothing(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A record under another's key, or with numbers that nobody counts up to, is refused; the window stays as it was."""
    decision = decide(decider, write("a", prose(1, 100)), 0.0)
    stored = msgspec.msgpack.decode(decision.record)
    for index, value in ((0, 1 << 62), (1, float("nan")), (3, 99), (4, b"short")):
        with pytest.raises(InvalidRecord, match="a:0"):
            decider.restore("a:0", msgspec.msgpack.encode([*stored[:index], value, *stored[index + 1 :]]))
    with pytest.raises(InvalidRecord, match="b:0"):
        decider.restore("b:0", decision.record)
    assert decide(decider, write("b", prose(1, 100)), 1.0).duplicate_of == "a"


def test_memory_stops_growing_where_the_window_is_full(write: Write, prose: Prose) -> None:
    """Articles beyond the bound give their bytes back."""
    decider = Deduplicator(max_articles=20)
    verdicts(decider, *(write(f"a{seed:03}", prose(seed, 60)) for seed in range(40)))
    full = decider.stats()
    verdicts(decider, *(write(f"a{seed:03}", prose(seed, 60)) for seed in range(40, 120)))

    assert decider.stats().articles == full.articles
    assert decider.stats().bytes == pytest.approx(full.bytes, rel=0.05)
