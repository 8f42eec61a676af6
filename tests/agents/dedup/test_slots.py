"""Forms that are filled anew are told from copies by the words in the same places of the same sentences."""

from collections.abc import Callable, Sequence

import msgspec
import pytest

from agents.dedup.decide import Deduplicator
from agents.dedup.sketch import make_sketch, make_sketches, read_sketch
from agents.dedup.slots import are_filled, compare_slots
from streams.records import Clean
from tests.support.copies import originals, verdicts

Write = Callable[..., Clean]

MATCH_JA = (
    "ハンドボール女子のリーグは{}日、{}の体育館で行われ、{}が{}を{}対{}で下しました。前半は{}の{}選手が{}点を挙げて流れをつかみ、後半は"
    "{}選手が続けて速攻を決めて突き放しました。ゴールキーパーの{}選手は{}本のシュートを止めました。集まった観客は{}人でした。"
    "監督は「守りからリズムをつくることができた。残りの試合も目の前の相手に集中したい」と話しました。チームの順位は{}位です。"
)
CRASH_AR = (
    "لقي {} أشخاص مصرعهم وأصيب {} آخرون بجروح عندما انقلبت حافلة صغيرة على الطريق الرابط بين {} و{} مساء {} بحسب الدفاع المدني. "
    "وأوضح المصدر نفسه أن الحافلة خرجت عن مسارها بسبب السرعة المفرطة عند الكيلومتر {} وأن {} سيارات إسعاف نقلت المصابين إلى "
    "المستشفى الجهوي حيث يتلقون العلاج اللازم. "
    "وفتحت السلطات تحقيقا في ملابسات الحادث ودعت السائقين إلى احترام قواعد السير وتخفيف السرعة."
)
SIGNS_IT = (
    "Capricorno: forza {}, in ufficio conviene ascoltare prima di parlare e la sera porta una telefonata gradita. "
    "Acquario: forza {}, la casa chiede piccole riparazioni e un amico lontano si fa vivo con una proposta. "
    "Pesci: forza {}, giornata adatta a chi studia, mentre in amore qualcuno aspetta una risposta da troppo tempo. "
    "Bilancia: forza {}, le spese vanno riviste con calma e senza litigare con chi divide il tetto. "
    "Scorpione: forza {}, un viaggio breve riporta il sorriso. "
    "Sagittario: forza {}, il corpo chiede riposo e la mente qualche svago in più del solito."
)
FORMS: dict[str, tuple[str, Sequence[str], Sequence[str]]] = {
    "match": (
        MATCH_JA,
        ["4", "雪見市", "ツバメ", "シラサギ", "31", "24", "ツバメ", "江口", "9", "堀川", "三宅", "14", "1280", "3"],
        ["11", "雪見市", "ツバメ", "カモメ", "28", "26", "ツバメ", "江口", "7", "堀川", "三宅", "11", "1465", "2"],
    ),
    "crash": (
        CRASH_AR,
        ["3", "11", "وزان", "شفشاون", "الأحد", "47", "4"],
        ["5", "9", "وزان", "شفشاون", "الأحد", "62", "6"],
    ),
    "horoscope": (SIGNS_IT, ["3", "9", "6", "7", "4", "8"], ["8", "5", "6", "2", "9", "7"]),
}
each_form = pytest.mark.parametrize("name", FORMS)


def reports(name: str) -> tuple[str, str]:
    """Return two reports of a form."""
    form, first, second = FORMS[name]
    return form.format(*first), form.format(*second)


@each_form
def test_form_with_few_facts_filled_anew_is_no_copy(decider: Deduplicator, write: Write, name: str) -> None:
    """Most words and names of the two are the same; the numbers in the same places are others."""
    assert originals(verdicts(decider, *map(write, "ab", reports(name)))) == [None, None]


@each_form
def test_each_report_has_its_own_copies(decider: Deduplicator, write: Write, name: str) -> None:
    """In either order, with a line of a site's before it or a number corrected, a copy belongs to its report."""
    one, other = reports(name)
    corrected = other.replace("26", "27").replace("62", "63").replace("forza 9", "forza 1")
    led_in = f"The following was sent to us by the agency this morning.\n\n{one}"

    articles = [write(*named) for named in zip("abcd", (one, other, corrected, led_in), strict=True)]

    assert originals(verdicts(decider, *articles)) == [None, None, "b", "a"]
    assert originals(verdicts(Deduplicator(), *articles[::-1])) == [None, None, "c", "d"]


@pytest.mark.parametrize(
    ("form", "one", "other"),
    [
        ("Anglers of {} elected {} as their warden on {} night after the fish count on the old weir.", 0, 1),
        (
            "Der Bauausschuss von {} hat dem Entwurf von {} für die neue Halle am {} nach langer Beratung zugestimmt.",
            1,
            2,
        ),
    ],
    ids=("English", "German"),
)
def test_brief_with_one_other_fact_is_no_copy(
    decider: Deduplicator, write: Write, form: str, one: int, other: int
) -> None:
    """Feeds give a sentence of a piece: with another place it is another piece, and with a line more a copy."""
    facts = ["Westerloh", "Ilse Tamm", "Dienstag"]
    changed = [*facts]
    changed[other] = "Aldenau"
    brief = form.format(*facts)

    articles = [write("a", brief), write("b", form.format(*changed)), write("c", f"{brief} More soon.")]

    assert originals(verdicts(decider, *articles)) == [None, None, "a"]


def test_brief_whose_dateline_moved_is_a_copy(decider: Deduplicator, write: Write) -> None:
    """Another desk names the town further on; two facts that changed places make another brief."""
    brief = (
        "{} - Thieves took 14 ladders from the yard of Brenner in Mill Lane on {} night. Sergeant Hale asks for hints."
    )
    moved = "Thieves took 14 ladders from the yard of Brenner in Mill Lane on {} night. Sergeant Hale of Torrley asks for hints."

    articles = [
        write("a", brief.format("TORRLEY", "Friday")),
        write("b", moved.format("Friday")),
        write("c", brief.format("OLDHAVEN", "Monday")),
        write("d", "Torrley beat Oldhaven 3-1 in the Hale Cup on Friday night, said Brenner."),
        write("e", "Oldhaven beat Torrley 3-1 in the Hale Cup on Friday night, said Brenner."),
    ]

    assert originals(verdicts(decider, *articles)) == [None, "a", None, None, None]


def test_place_that_comes_again_counts_as_often_as_in_both() -> None:
    """Prices of a list stand among the same words; slots are a place above twelve bits of its words."""
    place, other = 5 << 12, 9 << 12

    slots = compare_slots({place | 2, place | 4, place | 6, other | 2}, {place | 2, place | 8, other | 2})

    assert (slots.common, slots.agreeing, slots.fewest) == (3, 2, 3)


def test_sketches_of_older_workers_are_read(decider: Deduplicator, write: Write) -> None:
    """They have no slots, and say of copies the same as before."""
    one, other = reports("horoscope")
    first, *more = (
        make_sketch(write(name, text)) for name, text in zip("abc", (one, one + " Fine.", other), strict=True)
    )
    old = msgspec.msgpack.encode(msgspec.msgpack.decode(first)[:14])
    assert read_sketch(old).slots == b""

    found = [decider.decide(sketch, float(n), str(n)).duplicate_of for n, sketch in enumerate((old, *more))]

    assert found == [None, "a", "a"]
    assert not are_filled(read_sketch(old), read_sketch(more[1]))


@pytest.mark.parametrize("text", ["", "7", "Lima", "Quito 9", "one two Lima", "no facts in here at all", "12 13 14"])
def test_slots_at_the_ends_of_a_text_know_no_other_text(write: Write, text: str) -> None:
    """Articles sketched beside another, before or after it, change nothing."""
    article = write("a", text)
    among = [write("b", "Ends with Rome 5"), article, write("c", "Bern 8 begins")]

    assert make_sketches(among)[1] == make_sketch(article)
