"""Decisions on copies, revisions and articles that only look alike."""

import re
from collections.abc import Callable

import msgspec
import pytest

from agents.dedup.decide import Deduplicator, Verdict
from agents.dedup.sketch import make_sketch, read_sketch
from agents.dedup.stored import encoder
from streams.errors import InvalidRecord
from streams.records import Clean

Prose = Callable[[int, int], str]
Write = Callable[..., Clean]

HOUR = 3600.0


@pytest.fixture
def decider() -> Deduplicator:
    """Return a decider with its usual window."""
    return Deduplicator()


def verdicts(decider: Deduplicator, *articles: Clean) -> list[Verdict]:
    """Decide articles that arrive a minute apart."""
    return [decide(decider, article, 60.0 * number) for number, article in enumerate(articles)]


def decide(decider: Deduplicator, article: Clean, arrived: float) -> Verdict:
    """Decide one article."""
    return decider.decide(make_sketch(article), arrived, article.fetch_id)


def originals(decisions: list[Verdict]) -> list[str | None]:
    """Return the original of each."""
    return [decision.duplicate_of for decision in decisions]


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


def test_a_template_with_other_facts_is_no_copy(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """Reports of one form, half of the words in common, are articles of their own where names and numbers differ."""
    form = [prose(seed, 12).lower().replace(",", "") for seed in range(10)]
    form = [" ".join(word for word in part.split() if word.isalpha()) for part in form]

    def report(seed: int) -> str:
        facts = [f"Bank{seed}x{i} pays {seed * 37 + i * 11 + 2}" for i in range(10)]
        return " ".join(f"{part} {fact}" for part, fact in zip(form, facts, strict=True))

    assert originals(verdicts(decider, *(write(f"a{seed}", report(seed)) for seed in range(4)))) == [None] * 4


def test_boilerplate_of_a_source_makes_no_copies(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """Once four articles of a source carry its sign-in text, that text makes no copy of the next."""
    boilerplate = prose(99, 120)
    texts = [f"{prose(seed, 60)} {boilerplate}" for seed in range(8)]
    decisions = verdicts(decider, *(write(f"a{seed}", text, source="one.example") for seed, text in enumerate(texts)))

    assert originals(decisions)[3:] == [None] * 5


def test_a_phrase_of_everybody_makes_no_copies(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """An agency's notice that many articles end in does not tie them together."""
    notice = prose(99, 50)
    texts = [f"{prose(seed, 90)} {notice}" for seed in range(30)]

    decisions = verdicts(decider, *(write(f"a{seed}", text) for seed, text in enumerate(texts)))

    assert originals(decisions) == [None] * 30


def test_revisions_of_one_article_make_no_phrase(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A copy is found however often its original was revised before."""
    text = prose(1, 200)
    revisions = [write("a", f"{text} update {n}", fetch=str(n), title=f"Title {n}", source="s") for n in range(20)]

    *_, copy = verdicts(decider, *revisions, write("b", text, source="s"))

    assert copy.duplicate_of == "a"


def test_many_copies_do_not_hide_their_original(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """The hundredth copy finds the original as the first did."""
    text = prose(1, 200)
    copies = [write(f"b{n}", f"{text} {prose(100 + n, 15)}") for n in range(100)]

    decisions = verdicts(decider, write("a", text), *copies)

    assert set(originals(decisions)[1:]) == {"a"}


@pytest.mark.parametrize("words", [0, 1, 3, 8, 15])
def test_short_texts_are_copies_only_with_their_titles(
    decider: Deduplicator, write: Write, prose: Prose, words: int
) -> None:
    """A line that many pages carry is no text of theirs: the title has to agree."""
    text = prose(1, words)

    decisions = verdicts(
        decider,
        write("a", text, title="Storm closes the harbour"),
        write("b", text, title="Minister to step down"),
        write("c", text, title="Storm closes the harbour"),
    )

    assert originals(decisions) == [None, None, "a"]


def test_a_brief_is_a_copy_under_any_title(decider: Deduplicator, write: Write) -> None:
    """Two sentences with names in them are enough to know a copy by; without any they are not."""
    brief = (
        "Ministers from Quito and Lima met in Bogota on 14 March and agreed on a joint patrol of the border river "
        "which both had claimed since 1998"
    )
    plain = "this clip is not available in your region at the moment so please try again later or watch another clip"

    decisions = verdicts(decider, write("a", brief), write("b", brief + " today"), write("c", plain), write("d", plain))

    assert originals(decisions) == [None, "a", None, None]


def test_articles_without_a_word_are_no_copies(decider: Deduplicator, write: Write) -> None:
    """Nothing is no text: two empty articles have nothing in common."""
    decisions = verdicts(decider, write("a", "", title="—"), write("b", " \n", title="…"))

    assert all(decision.unique for decision in decisions)


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
    """Articles, postings, bytes and the oldest arrival are counted; an empty state has no age."""
    assert decider.stats().oldest_arrival is None

    decide(decider, write("a", prose(1, 100)), 1000.0)
    decide(decider, write("b", prose(2, 100)), 2000.0)
    stats = decider.stats()

    assert (stats.articles, stats.oldest_arrival) == (2, 1000.0)
    assert stats.postings == 128
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


LOGIN = (
    "Sign in with the account that you have. Why do we ask for this? By registering you agree to our terms and to the "
    "way in which we handle data. You have an account already? We sent a message to confirm your address; follow the "
    "link in it. Thank you for registering! Come back often, change your profile, and have our news sent to you by mail "
    "each morning before breakfast and each evening after the main programme of the day."
)
STALL = (
    "The fruit market of Eastmere gave these prices for the day: apples 1.20, pears 1.45, plums 2.10, cherries 4.80, "
    "grapes 2.95, melons 1.75, figs 3.60, quinces 2.25, medlars 2.85, walnuts 6.40, hazelnuts 7.15 a kilogram, as the "
    "traders agreed before noon in the hall by the river where all that is sold in the county is weighed and noted."
)


def test_pages_with_nothing_but_boilerplate_are_no_copies(decider: Deduplicator, write: Write) -> None:
    """Two articles of whose titles nothing stands in the text beneath share their site's boilerplate, not a piece."""
    titles = ("Bridge in Norwick closed after crash", "Mayor of Southam resigns over Lake contract")

    decisions = verdicts(decider, *(write(f"a{n}", LOGIN, title=title) for n, title in enumerate(titles)))
    again = decide(decider, write("c", LOGIN, title=titles[1] + " - Daily Post"), 600.0)

    assert originals(decisions) == [None, None]
    assert again.duplicate_of in {"a0", "a1"}


def test_tables_with_other_numbers_are_no_copies(decider: Deduplicator, write: Write) -> None:
    """Of two lists of prices in the same words, the numbers say that they are two."""
    other = re.sub(r"\d\.\d\d", lambda match: f"{(float(match[0]) * 7 + 0.13) % 9:.2f}", STALL)

    decisions = verdicts(decider, write("a", STALL, title="Fruit prices"), write("b", other, title="Fruit prices"))
    corrected = decide(decider, write("c", STALL.replace("2.10", "2.15"), title="Fruit prices"), 600.0)

    assert originals(decisions) == [None, None]
    assert corrected.duplicate_of == "a"


def test_roundup_is_no_copy_of_what_it_holds(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A roundup that holds a brief begins with another piece; the piece of which a brief is the beginning is one."""
    brief = prose(1, 90)
    roundup = " ".join((prose(2, 90), brief, prose(3, 90)))
    longer = f"{brief} {prose(4, 160)}"

    decisions = verdicts(decider, write("brief", brief), write("roundup", roundup), write("longer", longer))

    assert originals(decisions) == [None, None, "brief"]


def test_roundup_of_briefs_is_no_copy_of_a_brief(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """The brief before it may be so short that the next one begins within the lead; an update with a new lead is a copy."""
    brief = prose(1, 90)
    roundup = " ".join((prose(2, 45), brief, prose(3, 40)))
    update = f"{prose(4, 25)} {brief} {prose(5, 60)}"

    decisions = verdicts(decider, write("brief", brief), write("roundup", roundup), write("update", update))

    assert originals(decisions) == [None, None, "brief"]


def test_forms_that_share_their_names_and_no_number_are_no_copies(decider: Deduplicator, write: Write) -> None:
    """The queues of two days name the same ports and quays, and every number differs."""
    form = (
        "Lorries waited {} hours in Holm, {} in Larne, {} in Bergvik, {} in Aasen, {} in Nesset and {} in Moen{}, the Customs "
        "Board said. Drivers for Torvik, Dalby, Lunde, Strand and Viken should take the Outer Quay, those for Hamar and Skien "
        "the Fish Quay. The Customs Board asks everybody to have the papers ready before the gate opens in the morning, and "
        "not to park on the bridge at Holm, where {} lorries were towed away."
    )
    monday = form.format(11, 14, 17, 21, 23, 26, " because of fog that came in over the fjord in the night", 31)
    friday = form.format(12, 15, 18, 22, 25, 28, ", most of them with fish that nobody would buy any more", 37)
    decisions = verdicts(decider, write("monday", monday), write("friday", friday))
    assert originals(decisions) == [None, None]
