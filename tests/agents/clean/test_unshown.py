"""Articles within boilerplate: a menu that was never closed, a dialog that a page opens, a footer around everything."""

import json
from html import escape

import pytest

from agents.clean import article as clean
from streams.errors import Refused
from tests.support.one_page import BODY, PARAGRAPHS, page_record, page_text

TITLE = "Lighthouse is lit again"
MENU = "<ul><li><a href='/1'>Harbour</a></li><li><a href='/2'>Weather</a></li></ul>"
TEASERS = "<ul><li><a href='/3'>Ferry is late again</a></li><li><a href='/4'>Lighthouse is lit again</a></li></ul>"
CONSENT = "<dialog><p>We use cookies to make your visit better.</p><button>Accept</button></dialog>"


@pytest.mark.parametrize(
    "body",
    [
        f"<div><nav class='top'>{MENU}<div class='page'><h1>{TITLE}</h1>{BODY}</div></div>",
        f"<main>{TEASERS}</main><dialog open><h1>{TITLE}</h1>{BODY}<button>Close</button></dialog>{CONSENT}",
        f"<header>{MENU}</header><footer><h2>{TITLE}</h2>{BODY}<p>© 2025 The Gull</p></footer>",
        f"<div><nav>{MENU}<b>{TITLE}</b><br><br>{'<br><br>'.join(PARAGRAPHS)}</div>",
    ],
    ids=["open menu", "dialog", "footer", "open menu, no heading"],
)
def test_an_article_within_boilerplate_is_found(body: str) -> None:
    """Where a page shows nothing else, the element that holds its title is read, whatever its tag."""
    content = f"<html lang='en'><head><title>{TITLE} - The Gull</title></head><body>{body}</body></html>"
    assert page_text(content) == "\n\n".join(PARAGRAPHS)


def test_a_footer_about_the_publisher_is_no_article() -> None:
    """A page of an error has none, though its footer tells at length who made it; nor is it added to a short report."""
    about = f"<footer><h2>About us</h2>{BODY}</footer>"
    lost = f"<html><head><title>Page not found</title></head><body><h1>Page not found</h1>{about}</body></html>"
    with pytest.raises(Refused, match="not_article|words of article"):
        page_text(lost)
    report = f"<article><h1>{TITLE}</h1><p>The lighthouse will be lit on Sunday, the harbour master said on Friday.</p></article>"
    brief = f"<html><head><title>{TITLE}</title></head><body>{report}<footer>{TEASERS}{about}</footer></body></html>"
    assert page_text(brief) == "The lighthouse will be lit on Sunday, the harbour master said on Friday."


def test_the_reason_names_the_boilerplate() -> None:
    """Who asks why sees from where the text came."""
    content = f"<html><head><title>{TITLE}</title></head><body><nav>{MENU}<h1>{TITLE}</h1>{BODY}</body></html>"
    raw = page_record(content)
    assert "in a menu, a dialog or a footer" in clean.explain_raw(raw)[1].choices["text"].why


@pytest.mark.parametrize("cut", [40, 100_000], ids=["in parts", "whole"])
def test_an_article_in_the_rows_that_a_page_streams_to_its_scripts(cut: int) -> None:
    """The text is a row of its own, counted in bytes, and another row names it; parts end anywhere."""
    text = BODY.replace("lighthouse", "lighthouse (phare allumé)")
    post = json.dumps({"title": TITLE, "author": "Nan Price", "body": "$7"}, ensure_ascii=False)
    other = json.dumps(["$", "div", None, {"children": ["$L9", {"title": "Ferry is late again", "body": "$7"}]}])
    stream = f'1:I[5751,[],"default"]\n5:["$","main",null,{{"post":{post}}}]\n7:T{len(text.encode()):x},{text}9:{other}\n8:"$8"\n'
    parts = [stream[at : at + cut] for at in range(0, len(stream), cut)]
    scripts = "".join(f"<script>self.__next_f.push({json.dumps([1, part])})</script>" for part in parts)
    head = f"<html><head><title>{TITLE}</title></head><body><main></main><script>(self.__next_f=[]).push([0])</script>"
    wanted = "\n\n".join(PARAGRAPHS).replace("lighthouse", "lighthouse (phare allumé)")
    assert page_text(f"{head}{scripts}</body></html>") == wanted


HTML = json.dumps(BODY, ensure_ascii=False)
POST = json.dumps({"post": {"title": TITLE, "text": BODY}})


@pytest.mark.parametrize(
    "script",
    [
        f"<script>kit.start(app, {{data: [null, {{article: {{title: '{TITLE}', body: {HTML}}}}}], error: null}});</script>",
        f"<script>window.__NUXT__=(function(a,b,c){{return {{title:a,body:b,free:c}}}}('{TITLE}',{HTML},false));</script>",
        f"<script>store.hydrate({json.dumps(POST)});</script>",
        f"<script>stream.enqueue({json.dumps(json.dumps([{'_1': 2}, 'title', TITLE, 'body', BODY]))});</script>",
        f"<script>show('{TITLE}', '{BODY.replace(chr(39), chr(92) + chr(39)).replace('<', chr(92) + 'x3c')}');</script>",
        f'<div id="app" data-page="{escape(POST)}"></div>',
    ],
    ids=[
        "names without quotes",
        "arguments",
        "JSON in quotes",
        "flat list in quotes",
        "escapes of scripts",
        "attribute",
    ],
)
def test_an_article_between_the_quotes_of_a_script(script: str) -> None:
    """Whatever the script does with them, one text is the title, and another is HTML of some paragraphs."""
    other = "<script>var menu = {title: 'Ferry is late again', html: '<p>Soon.</p>'};</script>"
    head = f"<html><head><title>{TITLE}</title></head><body><div id='root'></div>{other}"
    assert page_text(f"{head}{script}</body></html>") == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "script", [f"f('{TITLE}', \"" + "\\\\x3" * 90_000, "'\"" * 90_000, f"f('{TITLE}','" + "<p>" * 90_000 + "')"]
)
def test_scripts_that_never_end_hold_no_article(script: str) -> None:
    """Quotes and escapes without an end cost no more than their length."""
    with pytest.raises(Refused):
        page_text(f"<html><head><title>{TITLE}</title></head><body><script>{script}</script></body></html>")


@pytest.mark.parametrize("name", ["noframes", "NOFRAMES"])
def test_an_article_for_readers_without_frames_is_found(name: str) -> None:
    """A page that is nothing but frames holds it beside them."""
    frames = f"<frameset cols='20%,80%'><frame src='menu.html'><frame src='text.html'><{name}><body><h1>{TITLE}</h1>{BODY}</body>"
    page = f"<html><head><title>{TITLE}</title></head>{frames}</{name}></frameset></html>"
    assert page_text(page) == "\n\n".join(PARAGRAPHS)
