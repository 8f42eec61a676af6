"""Messages for people, with the words marked and nothing of a page's own making."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.deliver.alerts import MAX_ITEMS, MAX_SUBJECT, body, subject
from agents.deliver.markup import Markup, pieces_of, safe_url
from streams.records import Alert, AlertArticle, AlertItem, BurstCount, Evidence, HeldBack

MakeAlert = Callable[..., Alert]
MakeSpan = Callable[..., Evidence]

MARKUPS = get_args(Markup)
HOSTILE = "<b>Oil</b> [up](http://evil.example) *5* _x_ `y` <!channel> @everyone & \u2028new\nline"


class Elements(HTMLParser):
    """Collects elements with their attributes, and the text."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.text += data


def test_text_says_what_and_why(alert: MakeAlert) -> None:
    """Title, link, source, time, marked snippet, regions, topics, watch, words found."""
    assert body(alert(), "text").split("\n") == [
        "Oil *sanctions* bite",
        "https://news.example.org/oil",
        "news.example.org, published 2026-03-02 11:55 UTC",
        "",
        "Ministers said that new sanctions on crude *oil* would follow.",
        "",
        "Regions: Venezuela",
        "Topics: economy, business and finance",
        "",
        "Watch: venezuela-oil (critical, energy desk)",
        "Found: *sanctions*, *oil*",
        "To mute it: wirewatch watches mute venezuela-oil",
    ]


@pytest.mark.parametrize(
    ("fields", "ways"),
    [
        (
            {"story": "en-1"},
            [
                "Its story",
                "https://desk.example/?story=en-1",
                "Mute or change the watch",
                "https://desk.example/?view=watches&watch=venezuela-oil",
            ],
        ),
        ({}, ["Its story", "https://desk.example/?article=a1", "Mute or change the watch"]),
        ({"kind": "trend"}, ["Mute or change the watch"]),
    ],
    ids=("story", "article", "trend"),
)
def test_a_message_leads_to_the_page(alert: MakeAlert, fields: dict[str, Any], ways: list[str]) -> None:
    """To the story, or that of the article; a trend has none. Who is woken at night finds where to mute the watch."""
    lines = body(alert(**fields), "text", "https://desk.example").split("\n")
    begin = lines.index("Found: *sanctions*, *oil*") + 1
    assert lines[begin : begin + len(ways)] == ways
    link = '<a href="https://desk.example/?view=watches&amp;watch=venezuela-oil">Mute or change the watch</a>'
    assert link in body(alert(**fields), "html", "https://desk.example")


def test_an_article_of_a_day_has_no_hour(alert: MakeAlert) -> None:
    """A page that names its day alone came out at any hour of it."""
    raised = alert({"published_at": datetime(2026, 3, 2, tzinfo=UTC)})
    assert body(raised, "text").split("\n")[2] == "news.example.org, published on 2026-03-02"


def test_a_trend_is_no_article_of_a_source(alert: MakeAlert) -> None:
    """Its numbers have a time, and nobody published them."""
    raised = alert({"source": "trends", "published_at": None}, kind="trend")
    assert body(raised, "text").split("\n")[2] == "a trend, counted at 2026-03-02 11:59 UTC"


def test_words_found_stand_in_the_order_of_the_article(alert: MakeAlert, span: MakeSpan) -> None:
    """As they come first, though the text has them in another order."""
    title, text = "Strike at the port", "The port is shut by a strike."
    words = [("title", title, "Strike"), ("title", title, "port"), ("text", text, "port"), ("text", text, "strike")]
    raised = alert({"title": title, "snippet": text}, spans=[span(*word) for word in words])
    assert "Found: *Strike*, *port*" in body(raised, "text").split("\n")


def test_markdown_links_and_marks(alert: MakeAlert) -> None:
    """The title is the link; marked words are bold."""
    first, _, third, *_ = body(alert(), "markdown").split("\n")

    assert first == "[Oil **sanctions** bite](<https://news.example.org/oil>)  "
    assert third == ""
    assert "on crude **oil** would" in body(alert(), "markdown")


def test_html_links_and_marks(alert: MakeAlert) -> None:
    """The title is the link; marked words are bold; there are paragraphs and nothing else."""
    page = Elements(body(alert(), "html"))

    assert ("a", {"href": "https://news.example.org/oil"}) in page.found
    assert {tag for tag, _ in page.found} == {"p", "a", "b", "br"}
    assert "<b>sanctions</b>" in body(alert(), "html")


def test_the_subject_names_severity_watch_and_title(alert: MakeAlert) -> None:
    """One line names severity, watch and title."""
    assert subject(alert()) == "[critical] venezuela-oil: Oil sanctions bite"
    assert subject(alert({"title": " "})) == "[critical] venezuela-oil: (no title)"


@given(st.text(max_size=400))
def test_a_subject_is_one_short_line(title: str) -> None:
    """Whatever a title holds, it cannot add a header to a mail or push the rest out of sight."""
    made = alert_with(title=title)
    assert len(subject(made)) <= MAX_SUBJECT
    assert len(subject(made).splitlines()) == 1


@pytest.mark.parametrize("markup", MARKUPS)
def test_nothing_in_an_article_is_markup(alert: MakeAlert, markup: Markup) -> None:
    """A title and a text that hold marks and calls of their own come out as text."""
    made = alert({"title": HOSTILE, "snippet": HOSTILE, "source": HOSTILE}, owner=HOSTILE, story=HOSTILE, spans=[])
    message = body(made, markup)

    assert "@everyone" not in message and "<!channel" not in html.unescape(message)
    if markup == "html":
        page = Elements(message)
        assert {tag for tag, _ in page.found} == {"p", "a", "br"}
        assert [attributes["href"] for tag, attributes in page.found if tag == "a"] == [made.article.url]
    if markup == "markdown":
        assert not re.search(r"(?<!\\)[`_]|(?<![\\(])<(?!https://news)|(?<!\\)\]\(http", message)
        assert re.findall(r"(?<!\\)\[(?:[^\]\\]|\\.)*\]\(<(.*?)>\)", message) == [made.article.url]


@pytest.mark.parametrize("markup", MARKUPS)
@pytest.mark.parametrize(
    "call",
    [
        "@**all**", "@room", "@desk", '<at user_id="all">', "<users/all>", "<https://evil.example|Your bank>",
        "[Your bank](https://evil.example)", "![](https://evil.example/seen.png)", "(@*all*)",
    ],
)  # fmt: skip
def test_no_chat_reads_a_call_or_a_hidden_address(alert: MakeAlert, call: str, markup: Markup) -> None:
    """Chats that are given plain text read marks in it all the same: an invisible blank parts each call and link."""
    made = alert({"title": call, "snippet": f"So {call} said", "source": "news.example.org"}, spans=[])
    for said in (subject(made), html.unescape(body(made, markup)).replace("\\", "")):
        assert call not in said
        assert call in said.replace("\u200b", "")


def test_an_address_of_mail_stays_whole(alert: MakeAlert) -> None:
    """The text of a title can be copied where it calls nobody."""
    assert subject(alert({"title": "Write to desk@news.example: 3 < 4 @ 5"})).endswith(
        "Write to desk@news.example: 3 < 4 @ 5"
    )


def test_nothing_turns_a_line_around(alert: MakeAlert) -> None:
    """A title with characters that turn text leaves source and time of its line as they are."""
    made = alert({"title": "Oil \u202egnikcatta\u2066 up"}, spans=[])
    assert subject(made).endswith(": Oil gnikcatta up") and "\u202e" not in body(made, "text")


@given(st.text(max_size=80), st.text(max_size=80))
def test_html_shows_the_text_itself(title: str, snippet: str) -> None:
    """Escaped text reads as it was written, but for blanks and invisible characters."""
    page = Elements(body(alert_with(title=title, snippet=snippet), "html"))
    shown = letters(page.text)
    assert letters(title) in shown and letters(snippet) in shown


def letters(text: str) -> str:
    """Return a text without blanks, controls and the blank that keeps calls apart."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]+", "", text)


@given(st.text(max_size=60), st.integers(0, 100), st.lists(st.tuples(st.integers(-20, 200), st.integers(-20, 200))))
def test_pieces_are_the_text(text: str, start: int, ends: list[tuple[int, int]]) -> None:
    """Whatever the spans, the pieces together are the text, and exactly the covered characters are marked."""
    spans = [Evidence(field="text", start=begin, end=end) for begin, end in ends]

    pieces = pieces_of(text, spans, "text", start)

    assert "".join(piece.text for piece in pieces) == text
    marked = [piece.marked for piece in pieces for _ in piece.text]
    covered = [any(begin <= start + at < end for begin, end in ends) for at in range(len(text))]
    assert marked == covered


def test_spans_count_code_points(alert: MakeAlert, span: MakeSpan) -> None:
    """Offsets hold behind letters that take several units in other encodings."""
    text = "🛢️🇻🇪 石油制裁 sanctions"
    made = alert({"snippet": text, "title": "t"}, spans=[span("text", text, "制裁"), span("text", text, "sanctions")])

    assert "🛢️🇻🇪 石油*制裁* *sanctions* …" in body(made, "text")


def test_a_snippet_from_the_middle(alert: MakeAlert, span: MakeSpan) -> None:
    """Spans are offsets into the whole text; dots say that it goes on; spans outside are counted."""
    text = "new sanctions on crude\n\noil would"
    spans = [
        span("text", text, "sanctions", 500),
        span("text", text, "oil", 500),
        Evidence(field="text", start=3, end=9),
    ]
    made = alert({"snippet": text, "snippet_start": 500, "title": "t"}, spans=spans)

    assert "… new *sanctions* on crude *oil* would …" in body(made, "text")
    assert "Found: *sanctions*, *oil*, 1 place outside of the excerpt" in body(made, "text")


def test_a_word_is_named_once(alert: MakeAlert, span: MakeSpan) -> None:
    """Words found in several places and cases are named as they stand first; many are counted."""
    text = " ".join(f"word{number}" for number in range(12)) + " WORD1 word1"
    spans = [span("text", text, f"word{number}") for number in range(2, 12)] + [span("text", text, "WORD1")]
    made = alert({"snippet": text, "title": "t"}, spans=spans)

    assert "Found: *word2*, *word3*, *word4*, *word5*, *word6*, *word7*, *word8*, *word9*, 3 more" in body(made, "text")


def test_what_was_held_back_and_the_story_are_told(alert: MakeAlert) -> None:
    """The counts of an alert are in its message."""
    message = body(alert(suppressed=3, story="s42"), "text")

    assert "Held back since the last alert: 3 (cool-down, limit, quiet hours or a mute)" in message
    assert "Story: s42" in message


def test_held_back_matches_are_named(alert: MakeAlert, noon: datetime) -> None:
    """The latest matches that raised nothing are listed with their links and reasons, and call nobody."""
    held = [
        HeldBack(
            id=str(n),
            url=f"https://x.example/{n}",
            title=f"@channel {n}",
            source="x.example",
            reason="cool_down",
            at=noon,
        )
        for n in range(7)
    ]
    message = body(alert(suppressed=9, held_back=held), "text")

    assert "Held back since the last alert: 9; the latest 5:" in message
    assert "https://x.example/6" in message
    assert "https://x.example/1" not in message
    assert "x.example, 2026-03-02 12:00 UTC, cool-down)" in message
    assert "@channel" not in message


def test_without_names_codes_are_told(alert: MakeAlert) -> None:
    """An alert that an earlier release raised has no names."""
    message = body(alert({"region_names": [], "topic_labels": []}), "text")

    assert "Regions: VE\nTopics: medtop:04000000" in message


@pytest.mark.parametrize(
    ("seconds", "period"), [(90, "90 s"), (1800, "30 min"), (3600, "1 h"), (7200, "2 h"), (86_400, "1 d")]
)
def test_a_burst_in_numbers(alert: MakeAlert, seconds: int, period: str) -> None:
    """Count, window and the usual count."""
    made = alert(kind="burst", burst=BurstCount(count=12, usual=2.26, window_seconds=seconds))

    assert subject(made) == f"[critical] venezuela-oil: 12 articles in {period}, usually 2.3: Oil sanctions bite"
    assert f"Burst: 12 articles in {period}, usually 2.3" in body(made, "text")


def test_a_time_says_which_it_is(alert: MakeAlert, noon: datetime) -> None:
    """Without a date of publication the fetch is told; times are in UTC."""
    at = noon.astimezone(timezone(timedelta(hours=5, minutes=30)))

    assert "news.example.org, fetched 2026-03-02 12:00 UTC" in body(
        alert({"published_at": None, "fetched_at": at}), "text"
    )


def items(count: int, noon: datetime) -> list[AlertItem]:
    """Return items of a digest, a minute apart."""
    return [
        AlertItem(
            id=f"i{number}",
            article=AlertArticle(
                id=f"a{number}",
                url=f"https://news.example.org/{number}",
                title=f"Title {number}",
                source="news.example.org",
                fetched_at=noon + timedelta(minutes=number),
                snippet=f"Snippet {number}.",
            ),
            spans=[Evidence(field="title", start=0, end=5)],
            held_at=noon,
        )
        for number in range(1, count + 1)
    ]


@pytest.mark.parametrize("markup", MARKUPS)
def test_a_digest_has_all_items(alert: MakeAlert, noon: datetime, markup: Markup) -> None:
    """Each item has title, link, source, time and snippet, in order."""
    made = alert(kind="digest", digest=items(3, noon))

    message = body(made, markup)

    assert subject(made) == "[critical] venezuela-oil: 3 alerts from quiet hours: Oil sanctions bite"
    assert "3 alerts of watch venezuela-oil, held back in quiet hours" in message
    places = [message.index(f"Snippet {number}.") for number in (1, 2, 3)]
    assert places == sorted(places)
    for number in (1, 2, 3):
        assert f"https://news.example.org/{number}" in message
        assert f"fetched 2026-03-02 12:0{number} UTC" in message
    assert "Found" not in message and message.count("Watch: ") == 1


@pytest.mark.parametrize("page", ["", "https://desk.example"])
def test_a_digest_of_several_leads_to_no_story(alert: MakeAlert, noon: datetime, page: str) -> None:
    """Its articles have their own: that of the newest alone would be taken for that of all."""
    several, single = (
        body(alert(kind="digest", story="en-1", digest=items(number, noon)), "text", page) for number in (3, 1)
    )
    assert "en-1" in single
    assert "en-1" not in several
    assert "venezuela-oil" in several.splitlines()[-1]


def test_a_long_digest_is_cut_and_counted(alert: MakeAlert, noon: datetime) -> None:
    """The newest items are told, and how many there were."""
    message = body(alert(kind="digest", digest=items(50, noon)), "text")

    assert "50 alerts of watch venezuela-oil, held back in quiet hours; the last 20:" in message
    assert message.count("fetched 2026") == MAX_ITEMS
    assert "Title* 50" in message and "Title* 30\n" not in message


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b=c&d=%20#e", "https://example.org/a?b=c&d=%20#e"),
        ("https://example.org/石油", "https://example.org/石油"),
        ("HTTP://example.org/(a)", "HTTP://example.org/(a)"),
        ('https://example.org/<b>"x" y\n', "https://example.org/%3Cb%3E%22x%22%20y"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://[", None),
        ("", None),
        (None, None),
    ],
)
def test_only_web_addresses_are_links(url: str | None, safe: str | None) -> None:
    """Any other URL is left out; a web address cannot end within itself."""
    assert safe_url(url) == safe


def alert_with(**article: Any) -> Alert:
    """Return an alert on an article; for property tests, which take no function's fixtures."""
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    about: dict[str, Any] = {"id": "a", "title": "t", "source": "s.example", "fetched_at": now}
    return Alert(
        id="1",
        watch="w",
        severity="info",
        article=AlertArticle(**(about | article)),
        raised_at=now,
        fetched_to_raised_s=0.0,
    )
