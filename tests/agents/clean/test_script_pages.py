"""Pages that show nothing without their scripts: the article lies in a state, a template or structured data."""

import json

import pytest

from agents.clean.metadata.states.articles import may_hold
from streams.errors import Refused
from tests.support.one_page import BODY, PARAGRAPHS, page_text, text_of


@pytest.mark.parametrize("paragraphs", ["html", "list", "blocks"])
def test_an_article_in_the_state_of_scripts(paragraphs: str) -> None:
    """A page that shows nothing without its scripts holds the article in their state, next to others."""
    body = {"html": BODY, "list": PARAGRAPHS, "blocks": [{"type": "p", "content": line} for line in PARAGRAPHS]}
    other = {"title": "Ferry sails again", "body": "The ferry sails again. " * 80}
    state = {"props": {"more": [other], "page": {"headline": "Lighthouse is lit again", "body": body[paragraphs]}}}
    content = (
        "<html><head><title>Lighthouse is lit again</title><meta property='og:type' content='article'></head>"
        f"<body><div id='app'></div><script type='application/json'>{json.dumps(state)}</script></body></html>"
    )
    assert page_text(content) == "\n\n".join(PARAGRAPHS)


def runs(line: str, **kind: str) -> list[dict[str, object]]:
    """Return a paragraph as runs of text, the second of which is a word that is a link."""
    first, word, rest = line.split(" ", 2)
    link: dict[str, object] = {"type": "link", "url": "/a", "children": [{**kind, "text": word}]}
    return [{**kind, "text": f"{first} "}, link, {**kind, "text": f" {rest}"}]


PICTURE = {"type": "image", "content": "A picture of the old lantern room, before the storm took it."}
RICH = {
    "slate": [PICTURE, *({"type": "paragraph", "children": runs(line)} for line in PARAGRAPHS)],
    "portable": [
        {"_type": "block", "children": [{"_type": "span", "text": half} for half in line.partition(", ")]}
        for line in PARAGRAPHS
    ],
    "document": {
        "type": "doc",
        "content": [{"type": "paragraph", "content": runs(line, type="text")} for line in PARAGRAPHS],
    },
    "lexical": {
        "root": {"children": [{"type": "paragraph", "children": runs(line, type="text")} for line in PARAGRAPHS]}
    },
    "models": [
        {"type": "text", "model": {"blocks": [{"type": "paragraph", "model": {"text": line, "blocks": []}}]}}
        for line in PARAGRAPHS
    ],
    "data": {"blocks": [{"type": "paragraph", "data": {"text": line}} for line in PARAGRAPHS]},
    "elements": [
        part
        for line in PARAGRAPHS
        for part in ("\n", {"name": "p", "children": [{"type": "text", "data": line}]}, {"type": "text", "data": "\n"})
    ],
}


@pytest.mark.parametrize("editor", RICH)
def test_an_article_as_editors_keep_it(editor: str) -> None:
    """An article in a state may be a tree of blocks and runs of text: a link within a paragraph does not part it."""
    state = {"props": {"page": {"headline": "Lighthouse is lit again", "body": RICH[editor]}}}
    content = (
        "<html><head><title>Lighthouse is lit again</title></head><body><div id='app'></div>"
        f"<script type='application/json'>{json.dumps(state)}</script></body></html>"
    )
    assert page_text(content) == "\n\n".join(PARAGRAPHS)


def flat(value: object) -> list[object]:
    """Return a value as a flat list in which places stand for values, as Nuxt writes it."""
    places: list[object] = []

    def put(part: object) -> int:
        at = len(places)
        places.append(None)
        match part:
            case dict():
                places[at] = {name: put(inner) for name, inner in part.items()}
            case list():
                places[at] = [put(inner) for inner in part]
            case _:
                places[at] = part
        return at

    put(value)
    return places


LIT = {"id": 7, "title": "Lighthouse is lit again", "body": BODY}
TABLE = {
    "ROOT_QUERY": {"page": {"__ref": "Story:7"}},
    "Story:7": {
        "headline": "Lighthouse is lit again",
        "blocks": [{"__ref": f"Block:{at}"} for at in range(len(PARAGRAPHS))],
    },
    **{f"Block:{at}": {"text": line} for at, line in enumerate(PARAGRAPHS)},
}
ELEMENTS = {
    "headlines": {"basic": "Lighthouse is lit again"},
    "content_elements": [{"type": "text", "content": line} for line in PARAGRAPHS],
}


@pytest.mark.parametrize(
    "script",
    [
        f"<script>var a = [1, 2]; window.__STATE__ = {json.dumps({'page': LIT}).replace('7', 'undefined')};</script>",
        f"<script>window['state'] = JSON.parse({json.dumps(json.dumps({'page': LIT}))}); start()</script>",
        f"<script>window.__APOLLO_STATE__={json.dumps(TABLE)};</script>",
        f"<script type='application/javascript'>App.path='/p';App.content={json.dumps(ELEMENTS)};</script>",
        f"<script type='application/json' id='__NUXT_DATA__'>{json.dumps(flat({'data': [LIT]}))}</script>",
    ],
    ids=["undefined", "text", "references", "elements", "places"],
)
def test_states_that_scripts_set(script: str) -> None:
    """A state that a script sets by name, a table of objects and a flat list hold the article as plain JSON does."""
    head = "<html><head><title>Lighthouse is lit again</title></head>"
    assert text_of(f"{head}<body><div id='app'></div>{script}</body></html>") == "\n\n".join(PARAGRAPHS)


def test_an_object_in_itself_is_looked_at_once() -> None:
    """A list in which an object is its own value ends the search, and the article in it is found."""
    places = flat(LIT)
    assert isinstance(places[0], dict)
    places[0]["again"] = 0
    script = f"<script type='application/json' id='__NUXT_DATA__'>{json.dumps(places)}</script>"
    head = "<html><head><title>Lighthouse is lit again</title></head>"
    assert text_of(f"{head}<body><div id='app'></div>{script}</body></html>") == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("tag", ["noscript", "template"])
def test_an_article_that_scripts_would_put_in_its_place(tag: str) -> None:
    """A page that shows its name and its rights alone holds the article for readers without scripts, or as a template."""
    menu = "<div>The Gull. All rights reserved.</div>"
    page = f"<html><head><title>Lighthouse is lit again</title></head><body>{menu}<{tag} id='a'><h1>Lighthouse is lit again</h1>"
    assert text_of(f"{page}{BODY}</{tag}></body></html>") == "\n\n".join(PARAGRAPHS)


def test_a_short_report_is_not_replaced_by_a_request_to_switch_scripts_on() -> None:
    """Two sentences are the article, though a long text for readers without scripts stands below them."""
    report = "<p>The lighthouse will be lit again on Sunday. The harbour master said so on Friday evening.</p>"
    asked = "<p>This site works with scripts alone, so please switch them on in the settings of your browser.</p>" * 2
    page = f"<html><head><title>Lighthouse</title></head><body><article><h1>Lighthouse</h1>{report}</article>"
    text = text_of(f"{page}<noscript>{asked}</noscript></body></html>")
    assert text == "The lighthouse will be lit again on Sunday. The harbour master said so on Friday evening."


def test_structured_data_in_a_script_without_spaces() -> None:
    """A Chinese article that stands in the structured data alone is long enough by its characters."""
    body = (
        "灯塔周日将重新亮起，距离那场吹走灯室的风暴已有两年。潜水员在海床上找到了碎成九块的旧透镜，港口的作坊花了一个冬天把它拼好。"
        * 2
    )
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "灯塔重新亮起", "articleBody": body}
    content = (
        f"<html lang='zh'><head><title>灯塔重新亮起</title><script type='application/ld+json'>{json.dumps(data)}</script></head>"
        "<body><div>加载中</div></body></html>"
    )
    assert page_text(content) == body


def test_html_in_a_state_has_the_bounds_of_a_page() -> None:
    """A script escapes its HTML, so that the page's tags do not count it: nested too deep, it is not read."""
    body = "<div>" * 20_000 + " ".join(PARAGRAPHS)
    state = json.dumps({"page": {"headline": "Lighthouse is lit again", "body": body}}).replace("<", "\\u003c")
    head = "<html><head><title>Lighthouse is lit again</title></head>"
    with pytest.raises(Refused):
        page_text(f"{head}<body><div id='app'></div><script type='application/json'>{state}</script></body></html>")


@pytest.mark.parametrize(
    ("script", "held"),
    [
        ('x={"title":"the harbour master\\u2019s \\u201cnew\\u201d r\\u00f4le"}', True),
        ('x="{\\"title\\":\\"\\nthe harbour master\\\\u2019s new rôle\\n\\"}"', True),
        ("x={title:'the harbour master\\'s new rôle '}", True),
        ('x={"title":"the harbour master\\u2019s new r\\u00f4le - the example"};harbour="/img"', False),
        ('x={"url":"https://example.com/the-harbour-master-s-new-rôle-123"}', False),
        ("master('the');" + "f(x);" * 1_000 + "harbour='new'", False),
        ("harbour " * 2_000, True),
    ],
)
def test_a_script_is_read_where_a_title_is_a_text_in_it(script: str, held: bool) -> None:
    """Whatever characters it escapes; where a word stands in very many places, not all are looked at."""
    assert may_hold(script, "the harbour master s new rôle") is held
