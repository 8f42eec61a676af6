"""Articles that come as plain text."""

from datetime import UTC, datetime

import pytest

from agents.clean import article as clean
from agents.clean.plain.article import line_hash, read_plain
from agents.clean.plain.lines import is_html, lines_of, unwrap
from streams.errors import Refused
from streams.records import Clean, Raw

PARAGRAPHS = [
    "The regional government said on Thursday that it would reopen the mountain road after three weeks of repairs.",
    "Engineers had found that the retaining wall above the second tunnel could not be saved, and replaced it.",
    "Hauliers who had been sent on a detour of ninety kilometres welcomed the news, but asked for compensation.",
    "A decision on that will be taken next month, when the council meets for the first time since the elections.",
]
TITLE = "Mountain road reopens after landslide repairs"


@pytest.fixture(scope="module", autouse=True)
def _models() -> None:
    """Load the models once."""
    clean.load()


def extract(lines: list[str], boilerplate: tuple[int, ...] = (), **fields: object) -> Clean:
    """Return the article in these lines."""
    record: dict[str, object] = {
        "source": "example.org",
        "fetched_at": datetime(2026, 1, 3, tzinfo=UTC),
        "content_type": "text/plain",
    }
    return clean.clean_raw(Raw(**(record | {"content": "\n".join(lines)} | fields)), boilerplate).clean  # type: ignore[arg-type]


def test_head_body_and_tail_are_told_apart() -> None:
    """Title, byline and date come from the head; fragments and notices at the end go."""
    head = ["Home", "World", TITLE, "- byada moreno", "- 02 January, 2026"]
    tail = [
        ")",
        "Note: For any concerns, contact us at info@example.org.",
        "Related Post",
        "Hot Categories",
        "Daily Newsletter",
        "Get all the top stories.",
    ]
    article = extract([*head, *PARAGRAPHS, *tail])
    assert article.title == TITLE
    assert article.authors == ["ada moreno"]
    assert article.published_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.extractor == "plain"


def test_a_hint_is_the_title() -> None:
    """The source's title wins, and is no paragraph."""
    article = extract([TITLE, *PARAGRAPHS], title=f"{TITLE} | example.org")
    assert article.title == TITLE
    assert article.text == "\n\n".join(PARAGRAPHS)


def test_headings_within_the_text_stay() -> None:
    """A short line between paragraphs is part of the article."""
    lines = [*PARAGRAPHS[:2], "What happens next", *PARAGRAPHS[2:]]
    assert extract(lines, title=TITLE).text == "\n\n".join(lines)


def test_announcements_within_the_text_go() -> None:
    """Advertisements and links to other articles between paragraphs are dropped."""
    lines = [*PARAGRAPHS[:2], "ADVERTISEMENT", "Read more: Ferry prices rise again", *PARAGRAPHS[2:]]
    assert extract(lines, title=TITLE).text == "\n\n".join(PARAGRAPHS)


def test_known_boilerplate_goes() -> None:
    """A sentence that the source repeats on its pages is dropped."""
    promise = "This newspaper has been fair and independent since 1921, and always will be."
    boilerplate = (line_hash(promise),)
    assert extract([*PARAGRAPHS, promise], boilerplate, title=TITLE).text == "\n\n".join(PARAGRAPHS)


def test_boilerplate_never_takes_most_of_the_text() -> None:
    """Where the table would drop most sentences it is wrong for this text, and is not applied."""
    boilerplate = tuple(line_hash(paragraph) for paragraph in PARAGRAPHS[:3])
    assert extract(PARAGRAPHS, boilerplate, title=TITLE).text == "\n\n".join(PARAGRAPHS)


def test_one_line_is_a_text() -> None:
    """A text of one line is kept, whatever it looks like."""
    assert extract(["Road open again"]).text == "Road open again"


def test_hard_wrapped_text_is_joined() -> None:
    """Lines that were broken at a fixed width are paragraphs again."""
    wrapped = (
        "The regional government said on Thursday\nthat it would reopen the mountain road\n"
        "after three weeks of repairs to a tunnel.\n\n"
        "Engineers had found that the retaining\nwall above the second tunnel could not\n"
        "be saved, and replaced all of it.\n\n"
        "Hauliers who had been sent on a detour\nwelcomed the news, but they also asked\n"
        "for compensation from the council."
    )
    assert extract(wrapped.split("\n"), title=TITLE).text.count("\n\n") == 2


def test_wrapped_text_without_blank_lines_is_joined() -> None:
    """A paragraph ends with a sentence behind which the next word had room, as agencies set their copy."""
    wrapped = (
        "The regional government said on\nThursday that it would reopen the mountain road after three\n"
        "weeks of repairs to a tunnel that had been closed since May.\nEngineers found that the wall above it could not be\n"
        "saved.\nHauliers who had been sent on a detour welcomed the news, and\nasked the council for compensation."
    )
    first, *rest = extract(wrapped.split("\n"), title=TITLE).text.split("\n\n")
    assert first.startswith("The regional government said on Thursday that")
    assert "the wall above it could not be saved." in first
    assert rest == ["Hauliers who had been sent on a detour welcomed the news, and asked the council for compensation."]


def test_a_list_of_headlines_is_not_joined() -> None:
    """Lines that end anywhere, each with a capital, are lines of their own."""
    headlines = [
        "Council reopens the mountain road after repairs to tunnel",
        "Fishermen protest against quotas in the northern harbour",
        "School wins a prize for its weather station on the roof",
        "Ferry to Gull Rock sails twice a day until the autumn",
        "Museum finds map of the harbour in its cellar",
    ]
    assert unwrap(headlines) == headlines


def test_capitals_that_were_set_to_one_width_are_joined() -> None:
    """Copy in capitals throughout has no small letters to tell by."""
    wrapped = [
        "THE REGIONAL GOVERNMENT SAID ON THURSDAY THAT IT WOULD REOPEN",
        "THE MOUNTAIN ROAD AFTER THREE WEEKS OF REPAIRS TO A TUNNEL AND",
        "THAT HAULIERS NEED NO LONGER TAKE THE DETOUR OVER THE NORTHERN",
        "PASS.",
    ]
    assert unwrap(wrapped) == [" ".join(wrapped)]


def test_a_word_that_was_divided_is_no_two_words() -> None:
    """The hyphen stays: it may be the word's own."""
    wrapped = [
        "The regional government said that it would reopen the moun-",
        "tain road after three weeks of repairs, that hauliers need",
        "no longer take the detour over the pass, and that buses go",
        "again.",
    ]
    assert "reopen the moun-tain road" in unwrap(wrapped)[0]


def test_markdown_and_entities_are_read() -> None:
    """The text that an extractor made of a page comes without its marks."""
    lines = lines_of(
        "# Road open\n\nThe **road** is [open](https://a.example/1) &amp; ![x](https://a.example/p.png)free."
    )
    assert lines == ["Road open", "The road is open & free."]


def test_signs_of_plain_text_are_no_markdown() -> None:
    """One mark alone is the text's own."""
    assert lines_of("# 4 on the list is **not** there") == ["# 4 on the list is **not** there"]


def test_html_that_comes_as_plain_text_is_html() -> None:
    """Paragraphs lose their tags; a text about tags keeps them."""
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    assert extract([paragraphs], title=TITLE).text == "\n\n".join(PARAGRAPHS)
    assert not is_html(f"A page begins with <html> and ends with </html>. {PARAGRAPHS[0]}</p>")


def test_lines_are_given_to_learn_from() -> None:
    """The hashes of all lines come out, equal for lines that differ in digits and case only."""
    found = read_plain("\n".join([*PARAGRAPHS, "Seen by 17 readers"]), TITLE, (), "en")
    assert line_hash("SEEN BY 912 READERS") in found.lines
    assert len(found.lines) == 5


def test_nothing_is_refused_as_empty() -> None:
    """White space is no article."""
    with pytest.raises(Refused) as refused:
        extract([" ", "", "\t"])
    assert refused.value.reason == "empty"


@pytest.mark.parametrize(
    "text",
    [
        "政府は木曜日、3週間にわたる補修工事を終え、山道を再開すると発表した。住民は安堵している。",
        "सरकार ने गुरुवार को कहा कि तीन सप्ताह की मरम्मत के बाद पहाड़ी सड़क फिर से खोली जाएगी।",
        "أعلنت الحكومة الإقليمية يوم الخميس أنها ستعيد فتح الطريق الجبلي بعد ثلاثة أسابيع من الإصلاحات.",
    ],
)
def test_other_scripts_are_text(text: str) -> None:
    """Sentences without Latin stops or spaces are kept."""
    assert text in extract(["Menu", text, "Home"], title="x y z").text


def test_a_title_that_stands_twice_is_the_title() -> None:
    """A heading that repeats the page's own title wins over lines nearer to the text, and the name below is the author's."""
    head = [f"{TITLE} - Signal Clips", "Skip to main content", "World", "Sign in to your account"]
    article = extract([*head, TITLE, "Fiona Castellanos", "2 January 2026", "Choose another edition here", *PARAGRAPHS])
    assert article.title == TITLE
    assert article.authors == ["Fiona Castellanos"]
    assert article.text == "\n\n".join(PARAGRAPHS)


def test_a_button_to_listen_is_no_title() -> None:
    """A line that offers to play the article is boilerplate."""
    assert extract([TITLE, "Listen to this story", *PARAGRAPHS]).title == TITLE


def test_a_glued_byline_is_no_name() -> None:
    """The name is read where a scraper lost the space after the introduction."""
    assert extract([TITLE, "byFiona Castellanos", *PARAGRAPHS]).authors == ["Fiona Castellanos"]


@pytest.mark.parametrize(
    ("head", "title", "day"),
    [
        (["Subject: Road reopens", ""], "Road reopens", "None"),
        (
            ["From: Ann <ann@daily.example>", "Date: Fri, 2 Jan 2026 10:11:12 +0100", "Subject: Re: Road reopens"],
            "Road reopens",
            "2026-01-02",
        ),
        (["Betreff: WG: Straße wieder offen", "Gesendet: 02.01.2026 09:15"], "Straße wieder offen", "2026-01-02"),
        (["Objet : La route rouvre", "Date : 2 janvier 2026"], "La route rouvre", "2026-01-02"),
        (["件名：山道が再開", "日付：2026年1月2日"], "山道が再開", "2026-01-02"),
        (["Headline: Road reopens", "Date: 2026-01-02"], "Road reopens", "2026-01-02"),
        (["Minister: Road will reopen soon", ""], "Minister: Road will reopen soon", "None"),
        (["From: the valley to the pass", ""], "From: the valley to the pass", "None"),
    ],
)
def test_headers_of_a_mail_are_no_text(head: list[str], title: str, day: str) -> None:
    """The subject is the title, its date the article's; a title with a colon stays whole."""
    cleaned = extract([*head, "", *PARAGRAPHS])
    assert (cleaned.title, str(cleaned.published_day)) == (title, day)
    assert cleaned.text == "\n\n".join(PARAGRAPHS)
