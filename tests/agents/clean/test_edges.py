"""Text at the edges of an article that is not part of it."""

from datetime import date

import pytest

from agents.clean.edges import is_signature, trim
from agents.clean.metadata.bylines.words import squash

LEAD = "The harbour was closed for a third day while crews searched the water, the port authority said on Friday."
NEXT = "The mayor told reporters after the meeting that the ferries would run again before the weekend."


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe, John Roe\n24 November 2026, 11:56",
        "24.11.2026 05:44 Example News Von Jane Doe",
        "Published 3 March 2026 at 08:15 GMT",
        "2026年11月23日 22:02 Jane Doe",
        "Jane Doe",
        "Example News | Home",
        "Friday 24 November 2026, 10:15am EST",
        "24 November 2026 The Other Courier by Jane Doe",
        "Posted Sunday 22 November 2026 by admin",
        "By Jane Doe, Courier staff",
        "Example News Léa BERT. Publié le 19/11/2026 à 18h30",
        "الثلاثاء 17/نوفمبر/2026 - 09:10 م",
        "24 novembre 2026 (modifica il 25 novembre 2026 | 22:10)",
        "Поделиться",
        "२४ नवंबर २०२६",
        "प्रकाशित 16.04.2026",
        "Опубликовано 23.10.2026",
        "Facebook",
        "X | WhatsApp | LinkedIn",
        "Text: Jane Doe Bild: Ola Ek",
        "Reporter: John Roe | Editor: Ola Ek",
        "2026年11月24日（火）",
        "تاریخ انتشار: ۳ آذر ۱۴۰۵ - ۱۰:۲۰",
        "เผยแพร่: 3 มี.ค. 2569 09:20 ปรับปรุง: 4 มี.ค. 2569 12:00",
        "Redacción / Agencias",
        "Da Redação, com Folhapress",
    ],
)
def test_bylines_and_dates_at_the_head_go(line: str) -> None:
    """A block at the head of which nothing is left beside names and dates is dropped."""
    assert trim([line, LEAD, NEXT], ["Jane Doe", "John Roe"], ["Example News"]) == [LEAD, NEXT]


@pytest.mark.parametrize(
    "line",
    [
        "WASHINGTON (MW) - The United States has added eleven tankers to its sanctions list.",
        "WASHINGTON, 24 November 2026",
        "Jane Doe was elected on 24 November 2026.",
        "Elections in May",
        "Posted wages in 2026",
        "Jane Doe on the harbour",
        "Facebook closes its office in Oslo",
        "Опубликовано 23 отчёта",
        "Example News closes after 90 years",
        "Reuters cuts jobs",
        "Comments on page 3",
        "Text of the treaty",
        "Copyright law protects the photographer, the court said.",
        "Readers have to subscribe to read its articles now.",
    ],
)
def test_what_says_more_stays(line: str) -> None:
    """A dateline, a heading and a sentence are text, also with an author's name, the publisher's or a date in them."""
    assert trim([line, LEAD], ["Jane Doe"], ["Example News"]) == [line, LEAD]


@pytest.mark.parametrize(
    "line",
    [
        "© 2026 Example News. All rights reserved.",
        "(Example News)",
        "Share ABC",
        "[",
        "By Jane Doe",
        "€ 9,99",
        "12,50 zł",
    ],
)
def test_notices_at_the_end_go(line: str) -> None:
    """Notices of copyright, the publisher's name, buttons and signatures are dropped from the end."""
    assert trim([LEAD, NEXT, line], ["Jane Doe"], ["Example News"]) == [LEAD, NEXT]


@pytest.mark.parametrize(
    "line",
    [
        "정하나 기자 hana@daily.example",
        "저작권자 ⓒ 섬마을신문, 무단전재 금지",
        "جميع الحقوق محفوظة © صحيفة المنارة",
        "（责任编辑：周强）",
        "Editing by Mark Olden",
        "Additional reporting by Mark Olden.",
        "Количество просмотров: 731",
        "Views: 1,204",
        "Tags: lighthouse, storm, harbour",
        "Schlagwörter: Leuchtturm, Sturm",
        "タグ：灯台、嵐",
    ],
)
def test_signatures_credits_and_tags_at_the_end_go(line: str) -> None:
    """An address of mail beside a name, who edited, who holds the rights and a list of subjects are no text."""
    assert trim([LEAD, NEXT, line], [], []) == [LEAD, NEXT]


@pytest.mark.parametrize(
    "line",
    [
        "Readers can write to the harbour office at office@harbour.example until the end of May.",
        "The keeper sold his © sign for nine crowns.",
        "Tags were cut from nine sails.",
        "크게 기뻐할 일이다.",
    ],
)
def test_sentences_with_their_signs_stay_at_the_end(line: str) -> None:
    """A sentence that holds an address, a symbol or the word is text."""
    assert trim([LEAD, NEXT, line], [], []) == [LEAD, NEXT, line]


def test_a_byline_may_begin_with_a_sign_and_an_editors_word() -> None:
    """Polish papers name so whoever wrote up what agencies sent: the page's author."""
    assert is_signature("– oprac. Jan Kowalski", {squash("Jan Kowalski")}, set())


def test_a_head_between_line_breaks_goes() -> None:
    """Old pages set title, byline, paper and date above the text, or into its first block."""
    head = "Lighthouse is lit again\nBy Jane Doe\nCoast desk\n24 November 2026"
    assert trim([head, LEAD, NEXT], ["Jane Doe"], [], "Lighthouse is lit again") == [LEAD, NEXT]
    assert trim([f"{head}\n{LEAD}", NEXT], ["Jane Doe"], [], "Lighthouse is lit again") == [LEAD, NEXT]
    assert trim(["Lighthouse is lit again", LEAD], [], [], "Lighthouse is lit again") == [LEAD]
    verse = f"The lamp turns\nand turns again\n{LEAD}"
    assert trim([verse, NEXT], ["Jane Doe"], [], "Lighthouse is lit again") == [verse, NEXT]


@pytest.mark.parametrize(
    "label", ["Advertisement", "Anzeige", "Реклама", "广告", "크게", "Story continues below advertisement"]
)
def test_labels_of_advertising_go_wherever_they_stand(label: str) -> None:
    """A label of advertising between two paragraphs is dropped."""
    text = [LEAD, NEXT, LEAD, NEXT, LEAD, label, NEXT, LEAD, NEXT, LEAD, NEXT]
    assert trim(text, [], []) == [line for line in text if line != label]


def test_short_lines_in_the_middle_stay() -> None:
    """A date or a name between the paragraphs, as timelines and interviews have it, is text."""
    text = [LEAD] * 5 + ["24 November 2026", LEAD, "Jane Doe"] + [NEXT] * 5
    assert trim(text, ["Jane Doe"], []) == text


def test_dates_as_headings_stay_below_a_sentence() -> None:
    """The dates of a timeline stand between its paragraphs, from the second on."""
    text = [LEAD, "23 November 2026", NEXT]
    assert trim(text, ["Jane Doe"], []) == text


def test_one_paragraph_is_always_left() -> None:
    """A text is never taken for nothing but a notice."""
    notice = "Already a subscriber? That question has left the paper's pages, its publisher said."
    assert trim([notice], [], []) == [notice]


@pytest.mark.parametrize(
    "line", ["Copyright law protects the photographer.", "Nobody has to subscribe to read it now."]
)
def test_sentences_about_notices_stay_at_the_end(line: str) -> None:
    """Notices are told by their form; a sentence about copyright or subscriptions is text."""
    assert trim([LEAD, line], [], []) == [LEAD, line]


def test_the_day_of_the_article_goes_below_its_deck() -> None:
    """A date alone below a deck is the article's own where it is its day; another is a heading."""
    text = [LEAD, "23 November 2026", NEXT]
    assert trim(text, [], [], day=date(2026, 11, 23)) == [LEAD, NEXT]
    assert trim(text, [], [], day=date(2026, 11, 24)) == text


def test_a_byline_between_the_lines_of_an_old_page_goes() -> None:
    """The byline below the deck is dropped from a block of lines, the deck and the text stay."""
    assert trim([f"{NEXT}\nBy Jane Doe\n{LEAD}", NEXT], ["Jane Doe"], []) == [f"{NEXT}\n{LEAD}", NEXT]


@pytest.mark.parametrize(
    "address",
    [
        ["Press contact:", "Mary Major", "Tel. +44 20 7946 0958", "press@port.example"],
        ["Pressekontakt\nHafen AG\nMary Major\nTel. +49 40 555 0136"],
        ["報道関係者のお問い合わせ先", "広報部"],
        ["للتواصل الإعلامي:", "Tel. +44 20 7946 0958"],
    ],
)
def test_the_address_for_journalists_goes_from_the_end(address: list[str]) -> None:
    """The label, and the short lines below it, are for journalists; nothing of them is news."""
    assert trim([LEAD, NEXT, *address], [], []) == [LEAD, NEXT]


def test_lines_of_a_page_in_one_block_at_the_end_go() -> None:
    """Each of them may go by itself; beside a sentence none does."""
    lines = "Views: 731\nPublished 24 November 2026 at 08:15"
    assert trim([LEAD, NEXT, "Jane Doe", lines], ["Jane Doe"], []) == [LEAD, NEXT]
    assert trim([LEAD, f"{lines}\nThe crews went home."], [], [])[-1].endswith("The crews went home.")


def test_the_day_right_before_the_text_goes() -> None:
    """Templates set it there without a space; another day is the text's."""
    day = date(2026, 11, 24)
    assert trim([f"24.11.2026{LEAD}", NEXT], [], [], day=day) == [LEAD, NEXT]
    assert trim([f"23.11.2026{LEAD}", NEXT], [], [], day=day) == [f"23.11.2026{LEAD}", NEXT]


def test_a_heading_about_the_press_office_stays_above_a_sentence() -> None:
    """With sentences below it, such a label is a heading."""
    assert trim([LEAD, "Press office", NEXT], [], []) == [LEAD, "Press office", NEXT]


def test_the_last_lines_of_an_old_page_go() -> None:
    """Buttons and bylines below line breaks are no part of the last paragraph; its own lines stay."""
    assert trim([LEAD, f"{NEXT}\nJane Doe\nPrinter friendly"], ["Jane Doe"], []) == [LEAD, NEXT]
    verse = "The lamp is out\nJane Doe"
    assert trim([LEAD, verse], ["Jane Doe"], []) == [LEAD, verse]


def test_a_notice_of_signs_without_end_is_looked_at_in_its_beginning() -> None:
    """A stranger's block of 200,000 symbols behind a copyright took hours."""
    paragraphs = ["The port will close for a week, the minister said on Monday.", "© 2026 " + "- " * 100_000 + "x"]
    assert trim(paragraphs, (), ()) == paragraphs


def test_all_below_a_notice_of_rights_is_the_site() -> None:
    """Below a notice of copyright and of all rights stand the site's other notices; a picture's copyright ends nothing."""
    rights = "Copyright © 2026 Example News. All rights reserved. Visit our terms of use for further information."
    note = "Transcripts are made in a hurry by a contractor and may be revised after they have been published here."
    assert trim([LEAD, NEXT, rights, note], [], ["Example News"]) == [LEAD, NEXT]
    assert trim([LEAD, "© 2026 Jane Doe", NEXT], [], []) == [LEAD, "© 2026 Jane Doe", NEXT]


def test_lines_below_a_rule_at_the_end_lead_elsewhere() -> None:
    """Agencies set a rule below a report, and then their own lines; another note below a rule is the author's."""
    more = "More Example News sailing: https://example.com/sailing"
    thanks = "Thanks to the divers for their patience."
    report = [LEAD, NEXT, LEAD, NEXT]
    assert trim([*report, "___", more], [], ["Example News"]) == report
    assert trim([*report, "___", thanks], [], ["Example News"]) == [*report, "___", thanks]


@pytest.mark.parametrize("line", ["(rln/ktr)", "ab/cde", "/cb", "（完）"])
def test_initials_of_a_desk_at_the_end_go(line: str) -> None:
    """Agencies sign with letters and a slash; a short word in brackets may be text."""
    assert trim([LEAD, NEXT, line], [], []) == [LEAD, NEXT]
    assert trim([LEAD, NEXT, "(more)"], [], []) == [LEAD, NEXT, "(more)"]


@pytest.mark.parametrize("way", ["Home > News > Harbour", "Inicio » Noticias » Puerto", "港新報 ＞ ニュース ＞ 社会"])
def test_the_way_from_the_front_page_is_no_text_above_the_first_sentence(way: str) -> None:
    """A line of parts with arrows between them; two parts, and such a line within the text, are none."""
    told = ["The light on Gull Rock will be lit again from Sunday.", way, "The cottage of its keeper stays closed."]
    assert trim([way, *told], [], []) == told
    assert trim(["Harbour > City", *told], [], []) == ["Harbour > City", *told]
