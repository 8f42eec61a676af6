"""Articles that only look alike are no copies: short ones, forms, tables, boilerplate, roundups."""

import re
from collections.abc import Callable

import pytest

from agents.dedup.decide import Deduplicator
from streams.records import Clean
from tests.support.copies import decide, originals, verdicts

Prose = Callable[[int, int], str]
Write = Callable[..., Clean]


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


def test_a_report_at_the_head_of_a_roundup_is_no_part_of_it(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A list of items begins with one of them, and whichever comes first is no copy; the same list elsewhere is one."""
    items = [f"{number}. {prose(number, 40)}." for number in range(1, 6)]
    morning = "\n\n".join(items[:5])

    decisions = verdicts(
        decider,
        write("report", items[0][3:]),
        write("morning", morning, title="Five at five"),
        write("late", items[2][3:]),
        write("again", morning + " Thank you.", title="Five at five"),
    )

    assert originals(decisions) == [None, None, None, "morning"]


ASKED = "Se pide a cualquier persona que tenga datos que llame a la Policía Local de Lorca al 968 44 33 92 o al 112."
BRIEFS = (
    "Un hombre de 29 años fue apuñalado el viernes en la plaza del mercado. Está fuera de peligro.",
    "Unos ladrones se llevaron de madrugada el cobre de una ermita en La Hoya.",
    "Una ciclista resultó herida al ser embestida por una furgoneta azul que se dio a la fuga.",
)


def test_briefs_that_end_with_whom_to_call_are_no_copies(decider: Deduplicator, write: Write) -> None:
    """It is most of their words, and all of their names and numbers; each begins with something else."""
    briefs = [write(f"a{n}", f"{brief} {ASKED}", title=brief) for n, brief in enumerate(BRIEFS)]
    copy = write("copy", f"{BRIEFS[0]} {ASKED} Seguiremos informando.", title=BRIEFS[0])

    assert originals(verdicts(decider, *briefs, copy)) == [None, None, None, "a0"]


def test_the_next_list_of_a_source_is_no_copy(decider: Deduplicator, write: Write) -> None:
    """A cinema shows other films at the same hours, in a hall of the same name; a paper that prints one list has a copy."""
    form = (
        "In the Long Hall at 14.30 {}, at 17.00 {}. In the Attic at 15.45 {}, and at 20.15 {} with an interval for tea. Children "
        "pay half, and the bar is open until the last guest has gone home."
    )
    friday = form.format(
        "the tale of a tin goat", "songs from the weir", "a comedy in verse", "the widow and her lodger"
    )
    sunday = form.format("a farce about ladders", "dancing for everybody", "puppets with strings", "a play about salt")
    copy = sunday.replace(".30", ":30").replace(".00", ":00").replace(".45", ":45").replace(".15", ":15")

    articles = [
        write("a", friday, title="On Friday", source="hall.example"),
        write("b", sunday, title="On Sunday", source="hall.example"),
        write("c", copy, title="At the Hall", source="paper.example"),
    ]

    assert originals(verdicts(decider, *articles)) == [None, None, "b"]


@pytest.mark.parametrize(
    ("title", "original"), [("Evening briefing", None), ("Fog delays ferries to Whitcliff", "a")], ids=("usual", "own")
)
def test_titles_without_a_text(decider: Deduplicator, write: Write, title: str, original: str | None) -> None:
    """A title of two or three words may stand over everybody's page, and is no copy without a text below it."""
    assert originals(verdicts(decider, write("a", "", title=title), write("b", "", title=title))) == [None, original]


#: With what a column begins each week, and two questions that it answered.
COLUMN = (
    "Our beekeeper Ada answers what readers ask about hives, honey and swarms. Letters go to the desk for the garden, and may "
    "be shortened. Whoever feels faint should see a doctor."
)
ANSWERS = """\
My bees leave the box in the rain, why? They look for a drier place, and damp wood is to blame. Lift the box on stones, turn
its door away from the wind and lay a slate on top. Before the winter take the old combs out. Hetty from Marl asked.

May I keep a hive on a balcony? Where the neighbours do not mind, nothing is against it, but plant a hedge so that they fly
up over the roof. Give them water, or they will drink from the pool of whoever lives below. Oswin from Thorpe asked."""


def test_weeks_of_one_column_are_no_copies(decider: Deduplicator, write: Write) -> None:
    """They share a title, the opening lines and no number; another site's print of one is a copy."""
    answers = ANSWERS.split("\n\n")
    weeks = [
        write(f"a{n}", f"{COLUMN}\n\n{answer}", title="Ask the beekeeper", source="garden.example")
        for n, answer in enumerate(answers)
    ]
    copy = write("b", f"{COLUMN}\n\n{answers[1]} Write to us.", title="Hives on balconies")

    assert originals(verdicts(decider, *weeks, copy)) == [None, None, "a1"]


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


def test_news_before_an_old_background_is_no_copy(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """A follow-up repeats what was before and says as much that is new; a piece with a changed lead is still the piece."""
    opening, background = prose(1, 110), prose(2, 85)
    new = " ".join(word for word in prose(3, 130).lower().split() if word.isalpha())
    follow_up = f"{new} {background}"
    written_through = f"{prose(4, 65)} {' '.join(opening.split()[60:])} {background}"

    texts = f"{opening} {background}", follow_up, written_through
    decisions = verdicts(decider, *(write(name, text) for name, text in zip("abc", texts, strict=True)))

    assert originals(decisions) == [None, None, "a"]


#: A form, and two reports made of it: on other people, at another hour, of another day's prices.
SHOOTING = (
    "Un {} de {} años fue herido a tiros la madrugada del {} en la colonia {} de la ciudad. Dos hombres que viajaban a bordo "
    "de un auto gris le cerraron el paso y le dispararon sin mediar palabra. La víctima, identificada como {}, fue llevada a "
    "un hospital. La policía acordonó la calle y busca imágenes de las cámaras de la zona. Hasta el momento no hay detenidos "
    "y se desconocen las causas del ataque."
)
FUTURES = (
    "{}日の穀物取引所で大豆先物は{}し、終値は前日比{}円安の5万{}円だった。海外市場の下落を受けて売りが先行し、{}も相場の重荷に"
    "なった。午後に入ると安値を拾う買いが出て下げ幅を縮めた。取引関係者は「週末の作柄報告を前に様子見の気分が強い」と話している。"
    "売買高は概算で{}千枚だった。"
)
VEGETABLES = (
    "ตลาดกลางสินค้าเกษตรรายงานราคาผักประจำวันที่ {} ธันวาคม คะน้ากิโลกรัมละ {} บาท กวางตุ้งกิโลกรัมละ {} บาท "
    "แตงกวากิโลกรัมละ {} บาท มะเขือเทศกิโลกรัมละ {} บาท พริกขี้หนูกิโลกรัมละ {} บาท "
    "ผู้ค้าคาดว่าราคาจะทรงตัวถึงปลายสัปดาห์ และขอให้เกษตรกรตรวจสอบราคาก่อนขนส่งทุกครั้ง"
)
STORM = (
    "Штормовое предупреждение объявлено в {} области. Об этом в {} сообщило МЧС. Жителей просят не выходить из дома без "
    "необходимости и не парковать автомобили под деревьями. Паром через залив временно не ходит."
)
MATCH = (
    "{} beat {} {}-0 at {} on Saturday in front of {} spectators in the twelfth round of the league. {} opened the scoring in "
    "the {}th minute after a corner that the visitors failed to clear. The home side had more of the ball in the first half "
    "and hit the post twice. After the break the visitors came back into the game, but the goalkeeper saved well from close "
    "range. The coach said that he was proud of his players and that they had earned the three points."
)
TREMOR = (
    "Ein Erdbeben der Stärke {} hat am {} die Gegend um {} erschüttert, wie der seismologische Dienst mitteilte. Das Zentrum "
    "lag {} Kilometer südlich der Stadt in einer Tiefe von {} Kilometern. Berichte über Schäden oder Verletzte lagen zunächst "
    "nicht vor. In mehreren Orten liefen Menschen auf die Straße. Der Dienst rechnet mit Nachbeben in den nächsten Stunden "
    "und bittet die Bevölkerung um Ruhe. Eine Warnung vor einer Flutwelle wurde nicht ausgegeben."
)
TREMOR_ZH = (
    "国家地震台网消息，{}在{}附近发生{}级地震，震中位于该市以南{}公里处，震源深度{}公里。目前没有人员伤亡和房屋损坏的报告。"
    "多个乡镇的居民感到震动并跑到街上。地震部门表示未来数小时内可能有余震，请居民保持冷静，听从当地政府的安排。没有发布海啸警报。"
)
TREMOR_AR = (
    "ضرب زلزال بقوة {} درجات منطقة {} يوم {} وفق ما أعلنت هيئة رصد الزلازل. وكان مركزه على بعد {} كيلومترا جنوب المدينة وعلى "
    "عمق {} كيلومترا. ولم ترد أنباء عن أضرار أو إصابات حتى الآن. وخرج السكان إلى الشوارع في عدة بلدات. ولم تستبعد الهيئة وقوع "
    "هزات ارتدادية في الساعات المقبلة ودعت السكان إلى الهدوء. ولم يصدر تحذير من موجات مد عاتية."
)
REPORTS = (
    (
        MATCH,
        "Rovers|United|2|Park Road|12,011|Novak|23",
        "Wanderers|Town|3|Park Road|8,210|Okoro|17",
    ),
    (TREMOR, "5,1|Montag|Talca|12|33", "4,6|Montag|Arica|40|61"),
    (TREMOR_ZH, "星期一|昆明|5.1|12|33", "星期四|喀什|4.6|40|61"),
    (TREMOR_AR, "5.1|طنجة|الاثنين|12|33", "4.6|وهران|الخميس|40|61"),
    (
        SHOOTING,
        "taxista|51|lunes|El Mirador, al oriente|Rubén Olmedo",
        "panadero|38|jueves|San Telmo, al poniente|Iván Quesada",
    ),
    (FUTURES, "9|反落|180|2340|産地の天候が回復するとの予報|7万4", "10|続落|95|2245|在庫が増えたとの発表|6万1"),
    (VEGETABLES, "3|28|19|24|41|135", "9|33|22|18|56|148"),
    (STORM, "Заозёрской|21:35", "Нижнереченской|06:20"),
)
FORMS = ("match", "tremor", "tremor-zh", "tremor-ar", "shooting", "futures", "vegetables", "storm")
of_one_form = pytest.mark.parametrize(("form", "first", "second"), REPORTS, ids=FORMS)


@of_one_form
def test_reports_of_one_form_with_other_numbers_are_no_copies(
    decider: Deduplicator, write: Write, form: str, first: str, second: str
) -> None:
    """Also where the names that are shared would not tell: a second victim is news."""
    reports = (form.format(*facts.split("|")) for facts in (first, second))

    assert originals(verdicts(decider, *map(write, "ab", reports))) == [None, None]


@of_one_form
def test_a_report_is_the_copy_of_one_with_its_numbers(
    decider: Deduplicator, write: Write, form: str, first: str, second: str
) -> None:
    """The form says nothing against it: what a desk cut is found, under its own report of the two."""
    one, other = (form.format(*facts.split("|")) for facts in (first, second))
    cut = one[: len(one) * 3 // 4]

    assert originals(verdicts(decider, *map(write, "abc", (other, one, cut)))) == [None, None, "b"]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "मधुपुर हादसा: बस चालक ने नहीं सुनी सीटी",
            "प्रत्यक्षदर्शियों ने बताया कि मधुपुर में क्रॉसिंग पार करते समय बस चालक फोन पर बात कर रहा था। मृतकों के परिजनों को सहायता मिलेगी।",
        ),
        (
            "خروج قطار عن القضبان قرب سوهاج",
            "قتل أشخاص وأصيب آخرون في خروج قطار ركاب عن القضبان قرب مدينة سوهاج ، بحسب وزارة الصحة. وكان متجها إلى القاهرة.",
        ),
    ],
    ids=("Devanagari", "Arabic"),
)
def test_a_latin_word_hides_no_copy_in_another_script(
    decider: Deduplicator, write: Write, title: str, text: str
) -> None:
    """Where the script has no capitals, one word in Latin letters is not all that a brief names."""
    again = write("b", text, title=f"Update: {title}")

    assert originals(verdicts(decider, write("a", text, title=title), again)) == [None, "a"]


LEDGER = (
    "The harbour office of {} counted {} crates of herring on the quay before the auction began. Buyers paid {} crowns a "
    "kilogram, and {} boats lay idle for want of ice. The foreman {} told this paper that the cold store will be open on "
    "all days of the feast, that the crane has been oiled, and that nobody may leave nets to dry on the northern stairs. The "
    "office asks skippers to weigh their catch at the new scales, which are true to a gram and have been sealed by the county."
)


def test_many_reports_of_one_form_hide_no_copy(decider: Deduplicator, write: Write, prose: Prose) -> None:
    """The copy of a report is found among forty of its form, which share most of its sentences and are none."""
    names = [
        f"{first}{last}"
        for first in ("Bjor", "Kell", "Tors", "Ulm")
        for last in ["vik", "dal", "nes", "fors", "lund", "mark"]
    ]

    def report(n: int) -> str:
        return LEDGER.format(names[n % 24], 211 + 37 * n, 12 + 3 * n, 91 + 7 * n, names[(7 * n + 5) % 24])

    reports = [write(f"a{n}", report(n)) for n in range(40)]
    copies = [write(f"b{n}", f"{prose(n, 6)}. {report(n)}") for n in range(0, 40, 4)]

    decisions = verdicts(decider, *reports, *copies)

    assert originals(decisions) == [None] * 40 + [f"a{n}" for n in range(0, 40, 4)]


#: What an association writes below each of its notices, longer than most of them.
ABOUT = (
    "About the Lantern Trust. The Lantern Trust was founded in 1951 by the Corvin sisters and lends instruments "
    "to schools, bands and choirs on the western islands. It keeps workshops in four towns, employs 86 people and"
    " prints a yearly account of what was lent and mended. A council of seven meets each spring in Port Ellery. "
    "Letters reach the press office at any time, and the telephone is answered on weekdays. Pictures of "
    "instruments may be printed without a fee where the maker is named."
)
NOTICES = (
    (
        "The Lantern Trust has lent its oldest cello, built by Aurel Finch in 1794, to the school band of Skerry. "
        "Pupils will play it for the first time on Sunday in the chapel, where the trust has paid for new chairs. The"
        " teacher Odile Marsh said that the wait had been worth it, and that nobody under twelve would carry the "
        "case."
    ),
    (
        "A concert of 140 brass players opens the new hall in Tarn Bay this evening. Conductor Piers Holm has put a "
        "march by Ilse Drummond on the programme, which was thought to be lost until a copy turned up in a barn near "
        "Whitcliff last winter. Seats cost nothing, and the ferry will wait for the last guests until midnight."
    ),
)


def test_notices_of_one_sender_are_no_copies(decider: Deduplicator, write: Write) -> None:
    """Two press releases share the long lines about their sender, and have a lead, names and numbers of their own."""
    first, second = (write(f"a{n}", f"{notice}\n\n{ABOUT}", title=notice[:40]) for n, notice in enumerate(NOTICES))

    assert originals(verdicts(decider, first, second)) == [None, None]


def test_releases_that_begin_with_their_sender_are_no_copies(decider: Deduplicator, write: Write) -> None:
    """The leads share half a sentence; another site that prints one under a title of its own has a copy."""
    news = (
        "the opening of a workshop for harps in the old rope works. Six menders will bend new necks and wind strings of gut, "
        "and twice a week children may watch them from a gallery. The roof was laid anew with slate from the quarry, and the "
        "floor is warmed by the bakery next door. Until now broken harps were sent over the sea and came back a year later.\n\n"
        "that its treasurer will leave after the summer to grow pears. She had counted every coin since the first loan of a "
        "drum, and taught three younger ones how to do so. Her place goes to a former postman who kept the books of the "
        "lifeboat, plays no instrument and says that he means to learn one. The council thanked both of them with a song."
    )
    told = [
        f"The Lantern Trust, a leading lender of instruments, announced {text}\n\n{ABOUT}"
        for text in news.split("\n\n")
    ]
    first, second = (write(f"a{n}", text, title=text[60:95], source="wire.example") for n, text in enumerate(told))
    copy = write("b", told[1], title="From the islands", source="paper.example")

    assert originals(verdicts(decider, first, second, copy)) == [None, None, "a1"]


def test_a_notice_without_its_last_lines_is_a_copy(decider: Deduplicator, write: Write) -> None:
    """A paper prints the notice, and leaves out who sent it."""
    first = write("a", f"{NOTICES[0]}\n\n{ABOUT}", title="A cello for Skerry")

    assert originals(verdicts(decider, first, write("b", NOTICES[0], title="Old cello"))) == [None, "a"]


def test_a_list_of_briefs_is_no_copy_of_a_short_one(decider: Deduplicator, write: Write) -> None:
    """A brief of thirty words stands last in a list of news that begins with others."""
    brief = (
        "A trawler ran aground off Whitcliff on Friday with nine men aboard. The lifeboat of Tarn Bay took all of them off "
        "within an hour, and the hull was towed to Port Ellery."
    )
    others = "\n\n".join(NOTICES)

    assert originals(verdicts(decider, write("a", brief), write("b", f"{others}\n\n{brief}"))) == [None, None]


def test_a_form_with_numbers_in_characters_is_filled_anew(decider: Deduplicator, write: Write) -> None:
    """A Japanese report of prices with other numerals in the same sentences is none of the other's copies."""
    form = (
        "山形のさくらんぼの初競りが{}月{}日に市場で行われ、最高値は一箱{}円だった。昨年より{}円高い。今季は春先の霜の影響で実が少なく、"
        "初日の入荷は{}箱と去年の{}割だった。競り落としたのは東京の青果店で、店頭では{}日から並ぶ。出荷は七月中旬まで続き、県内外の{}市場に"
        "送られる。組合長は「味は例年どおりで、多くの人に食べてほしい」と話した。"
    )
    filled = [
        form.format(*numbers.split())
        for numbers in ("六 三 四十万 五万 百二十 七 五 十二", "五 九 三十五万 二万 二百十 八 四 十四")
    ]

    assert originals(verdicts(decider, *(write(f"a{n}", text) for n, text in enumerate(filled)))) == [None, None]
