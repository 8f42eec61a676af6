"""Articles that a page claims and does not show, beside more boilerplate than they have words."""

import json
from html import escape

import pytest

from agents.clean.claimed import (
    DOUBTED,
    TOLD_CHARS,
    claimed_text,
    is_article_instead,
    is_doubtful,
    title_share,
    without_shortcodes,
)
from tests.support.one_page import PARAGRAPHS, page_text, text_of

TITLE = "Lighthouse is lit again"
#: Cards and notices that a shell shows around an article: as many words as it has.
SHELL = "".join(
    f"<div class='k-item'><a href='/{number}'><h3>{line}</h3></a><p>{line}, the {place} said on Monday. Get the best stories of "
    "the day in your inbox every morning.</p></div>"
    for number, (line, place) in enumerate(
        [
            ("Rain halts trains", "railway"),
            ("Market hall sold", "mayor"),
            ("School wins prize", "head"),
            ("Two lynx seen", "ranger"),
        ]
    )
)
STATE = {"page": {"headline": TITLE, "body": "".join(f"<p>{line}</p>" for line in PARAGRAPHS)}}
HTML = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)


def structured(body: str, **more: object) -> str:
    """Return a script of structured data that claims a body."""
    data = {"@type": "NewsArticle", "headline": TITLE, "articleBody": body, **more}
    return f"<script type='application/ld+json'>{json.dumps(data)}</script>"


def shell(head: str = "", apart: str = "") -> str:
    """Return a page of boilerplate with a script in its head or a part that it does not show."""
    return (
        f"<html lang='en'><head><title>{TITLE}</title>{head}</head><body><div id='app'></div>{apart}<div>{SHELL}</div>"
        "<div class='k-ft'><p>We use cookies to improve the site. By going on you accept them.</p></div></body></html>"
    )


@pytest.mark.parametrize(
    "page",
    [
        shell(structured("\n".join(PARAGRAPHS))),
        shell(structured(escape(escape(HTML)))),
        shell(apart=f"<script>window.__STATE__ = {json.dumps(STATE)};</script>"),
        shell(apart=f"<noscript><h1>{TITLE}</h1>{HTML}</noscript>"),
    ],
    ids=["data", "escaped twice", "state", "noscript"],
)
def test_the_claimed_article_beside_much_boilerplate(page: str) -> None:
    """The page has more words than the claim, and none of its sentences."""
    assert page_text(page) == "\n\n".join(PARAGRAPHS)


def test_a_reader_who_pays_sees_the_rest() -> None:
    """A page that shows the first paragraph and an offer of as many words gives the text that its data hold."""
    offer = "<div><p>Read on with a subscription, from a pound a week, on the web and in the application.</p></div>" * 3
    page = f"{structured(chr(10).join(PARAGRAPHS), isAccessibleForFree=False)}<p>{PARAGRAPHS[0]}</p>{offer}"
    assert text_of(page) == "\n\n".join(PARAGRAPHS)


MENU = [
    "Ferry sails again today",
    "Market hall is sold",
    "School wins a prize",
    "Two lynx were seen",
    "Rain halts the trains",
]
OTHERS = {
    "copy": "Der Leuchtturm auf dem Möwenfelsen brennt ab Sonntag wieder, zwei Jahre nach dem Sturm, der die Laterne abriss. "
    * 12,
    "another": "The ferry sails again from Monday, after the mechanics found a new shaft for it in a yard across the sound. "
    * 12,
    "teaser": f"{PARAGRAPHS[0]} {PARAGRAPHS[1]}…",
    "page": "\n".join(
        [*MENU, TITLE, *PARAGRAPHS, *MENU, *[f"Reader {number} says that it was about time." for number in range(40)]]
    ),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_the_shown_article_stays(kind: str) -> None:
    """A claim in another language, of another article, cut, or with the menus and comments of the page is not the article."""
    links = "".join(f"<li><a href='/{number}'>{line}</a></li>" for number, line in enumerate(MENU))
    shown = "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    assert text_of(structured(OTHERS[kind]) + shown, after=f"<ul>{links}</ul>") == "\n\n".join(PARAGRAPHS)


def test_a_claim_with_the_menus_of_a_page_without_spaces() -> None:
    """Headlines of a few characters that are links tell the text of the whole Chinese page."""
    text = [
        "灯塔周日将重新亮起，距离那场吹走灯室的风暴已有两年。",
        "潜水员在海床上找到了碎成九块的旧透镜，港口的作坊花了一个冬天把它拼好。",
    ] * 2
    text = [f"{line}第{number}段记录了当时的情形。" for number, line in enumerate(text)]
    menu = ["渡轮今天恢复航行", "老市场昨天被出售", "学校获得全国大奖", "大雨使列车停运"]
    comments = [f"读者{number}认为早就应该这样做了，现在才做有些晚。" for number in range(12)]
    links = "".join(f"<li><a href='/{number}'>{line}</a></li>" for number, line in enumerate(menu))
    page = structured("\n".join([*menu, *text, *comments]), headline="灯塔周日重新亮起")
    shown = "".join(f"<p>{line}</p>" for line in text)
    found = text_of(page + shown, after=f"<ul>{links}</ul>", lang="zh", title="灯塔周日重新亮起")
    assert found == "\n\n".join(text)


def test_boilerplate_within_a_claim_goes() -> None:
    """Systems write all that an editor sees into it: title, byline, codes of pictures, links, labels, notices."""
    lines = [
        *(TITLE, "By Hannah Reeve", PARAGRAPHS[0], "Advertisement", *PARAGRAPHS[1:3]),
        *(
            '[caption id="a7" width="640"]The old lens[/caption]',
            "[embed]https://video.example/7[/embed]",
            PARAGRAPHS[3],
        ),
        *("Share this article", "All rights reserved."),
    ]
    assert page_text(shell(structured("\n".join(lines)))) == "\n\n".join(PARAGRAPHS)
    state = {
        "page": {"headline": TITLE, "body": HTML.replace("</p>", "</p><p><a href='/1'>Ferry sails again</a></p>", 2)}
    }
    assert page_text(shell(apart=f"<script>window.state = {json.dumps(state)};</script>")) == "\n\n".join(PARAGRAPHS)


def test_brackets_of_a_text_stay() -> None:
    """Only codes go that have attributes or hold an address."""
    text = 'He [the keeper] said [sic] that [b]nobody[/b] knew of it [page=7]. [gallery ids="1,2"]'
    assert without_shortcodes(text) == "He [the keeper] said [sic] that [b]nobody[/b] knew of it [page=7]. "


def test_a_summary_in_other_words_is_not_the_article() -> None:
    """The found text says as much of the title."""
    summary = (
        "Lighthouse lit again: a machine tells it in words of its own, for those who search, and says nothing new. " * 3
    )
    assert not is_article_instead(summary, "\n".join(PARAGRAPHS), TITLE)


@pytest.mark.parametrize(
    ("title", "claimed", "found"),
    [
        (
            "灯塔周日重新亮起",
            "灯塔周日将重新亮起，潜水员在海床上找到了碎成九块的旧透镜，港口的作坊花了一个冬天把它拼好。" * 3,
            "每天早晨把要闻送到您的邮箱，欢迎订阅我们的通讯。" * 5,
        ),
        (
            "पुराना प्रकाशस्तंभ फिर जलेगा",
            "पुराना प्रकाशस्तंभ रविवार से फिर जलेगा और नाविक इसका इंतज़ार कर रहे हैं। " * 5,
            "हर सुबह मुख्य समाचार अपने ईमेल पर पाएँ। " * 8,
        ),
    ],
    ids=["zh", "hi"],
)
def test_the_title_tells_the_article_in_other_scripts(title: str, claimed: str, found: str) -> None:
    """Pairs of characters, and words with their vowel signs, say which text is the title's."""
    assert is_article_instead(claimed, found, title)
    assert not is_article_instead(found, claimed, title)


def test_a_claim_that_no_parser_may_see_is_none() -> None:
    """Formats that are never closed would be opened anew in each paragraph."""
    assert claimed_text("".join(f"<font size={number}><p>word" for number in range(5_000))) == ""


def test_cards_that_repeat_the_title_say_nothing() -> None:
    """A shell whose cards begin with the title of its own article is no article."""
    cards = "".join(
        f"<div class='q-card'><a href='/{number}'><h3>{TITLE}: {word}</h3></a><p>{TITLE}. They say {word} to it.</p></div>"
        for number, word in enumerate(["yes", "no", "thanks", "finally"])
    )
    assert page_text(shell(structured("\n".join(PARAGRAPHS)), cards)) == "\n\n".join(PARAGRAPHS)


def test_entries_of_a_live_blog_that_scripts_would_show() -> None:
    """Headline and text of each, in their order; a page that shows them keeps its own."""
    heads = ["Divers begin", "Lens is found", "Trust speaks", "Ships are warned"]
    entries = [
        {"@type": "BlogPosting", "headline": head, "articleBody": line}
        for head, line in zip(heads, PARAGRAPHS, strict=True)
    ]
    head = structured("", **{"@type": "LiveBlogPosting", "liveBlogUpdate": entries})
    text = page_text(shell(head))
    assert [text.index(line) for line in PARAGRAPHS] == sorted(text.index(line) for line in PARAGRAPHS)
    assert text_of(head + HTML) == "\n\n".join(PARAGRAPHS)


def test_a_copy_in_another_language_below_a_title_that_neither_has() -> None:
    """The text in the language that the page declares is its own, whatever the headline says."""
    assert not is_article_instead(OTHERS["copy"], "\n".join(PARAGRAPHS), "Sailors rejoice at last", "en", titled=True)
    assert is_article_instead(OTHERS["copy"], "\n".join(PARAGRAPHS), "Sailors rejoice at last", "de-AT", titled=True)


def test_a_sure_choice_stands_against_a_longer_claim() -> None:
    """A transcript of the same title, say, is taken only in the place of blocks that may be boilerplate."""
    for confidence in (0.97, 0.5):
        found = is_article_instead(
            OTHERS["another"],
            "\n".join(PARAGRAPHS),
            "Sailors rejoice at last",
            "en",
            titled=True,
            confidence=confidence,
        )
        assert found is (confidence < 0.9)


def test_a_part_for_readers_without_scripts_under_the_title() -> None:
    """Its heading is the page's title, of which the article has no word; a page that shows an article keeps its own."""
    name = "Sailors rejoice at last"
    part = f"<noscript><h1>{name}</h1>{HTML}</noscript>"
    assert page_text(shell(apart=part).replace(TITLE, name)) == "\n\n".join(PARAGRAPHS)
    other = "".join(f"<p>{OTHERS['another']}{number}</p>" for number in range(3))
    assert text_of(f"{HTML}<noscript><h1>{name}</h1>{other}</noscript>", title=name) == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("before", [0, 9, TOLD_CHARS - 30, TOLD_CHARS - 12, TOLD_CHARS - 5, TOLD_CHARS + 9])
@pytest.mark.parametrize("said", [TITLE, TITLE.upper(), "Lighthouse again", "lit lighthouse", "ferries"])
def test_a_text_is_doubtful_by_all_of_it_wherever_it_says_its_title(said: str, before: int) -> None:
    """Its beginning is looked at first, and where the title is cut off there its halves say nothing."""
    title = "Lighthouse keeper returns again"
    text = "x" * before + f" {said} {title} " + "y " * TOLD_CHARS
    assert is_doubtful(title, text) is (title_share(title, text) < DOUBTED)
