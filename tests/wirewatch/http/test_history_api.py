"""`/api/v1` over real HTTP: searches, pages, feeds, refusals, and its OpenAPI document."""

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path

import feedparser
import orjson
import pytest
import requests
from aiohttp import ClientSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.archive.sqlite import SqliteStore
from agents.fetch.settings import WebSubSettings
from streams.settings import Settings
from tests.support.history import ARTICLES, STORY, fill, matching
from tests.support.history_server import Server
from tests.support.openapi import described, try_requests
from wirewatch.http.openapi import document
from wirewatch.http.operations import HISTORY
from wirewatch.http.page_files import FILES
from wirewatch.http.server import WebApp
from wirewatch.metrics import new_metrics
from wirewatch.service import Service
from wirewatch.steps import chosen

STRIKE = "strike* OR walkout*"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a store with the articles of the watches' cases."""
    path: Path = tmp_path_factory.mktemp("history") / "archive.db"
    store = SqliteStore(path)
    fill(store)
    store.close()
    made = Server(f"sqlite:{path}")
    yield made
    made.stop()


def test_a_search_has_what_a_watch_matches_page_by_page(server: Server) -> None:
    """Pages by `before` hold every match once, in order, with the marked words."""
    found, before = [], ""
    while before is not None:
        page = server.get("/articles", query=STRIKE, limit="7", **({"before": before} if before else {})).json()
        found += page["articles"]
        before = page["before"]

    assert [article["id"] for article in found] == matching(STRIKE)
    for article in found:
        words = [
            (article["title"] if s["field"] == "title" else article["snippet"])[s["start"] : s["end"]]
            for s in article["spans"]
        ]
        assert all(word.lower().startswith(("strike", "walkout")) for word in words), words


def test_counts_say_how_many_match(server: Server) -> None:
    """The numbers by day, language and country add up."""
    counts = server.get("/counts", query=STRIKE).json()

    assert counts["articles"] == len(matching(STRIKE)) == sum(counts["days"].values())
    assert counts["complete"] is True
    assert set(counts["topic_names"]) == set(counts["topics"])


def test_times_bound_a_search(server: Server) -> None:
    """`since` and `until` are read as times and as ages; the first moment counts."""
    between = {"since": ARTICLES[3].fetched_at, "until": ARTICLES[4].fetched_at}

    page = server.get("/articles", **{name: moment.isoformat() for name, moment in between.items()}).json()

    assert [article["id"] for article in page["articles"]] == [ARTICLES[3].id]
    zone = timezone(timedelta(hours=5, minutes=30))
    written = "&".join(f"{name}={moment.astimezone(zone).isoformat()}" for name, moment in between.items())
    assert requests.get(f"{server.url}/api/v1/articles?{written}", timeout=20).json() == page  # its + comes as a space
    assert len(server.get("/articles", until="1m", limit="200").json()["articles"]) == 200


def test_an_article_has_its_versions_and_copies(server: Server) -> None:
    """All that is kept of one article, and which story it belongs to."""
    body = server.get(f"/articles/{ARTICLES[0].id}").json()

    assert [version["fetch_id"] for version in body["versions"]] == [ARTICLES[0].fetch_id]
    assert [copy["source"] for copy in body["duplicates"]] == ["copies.example"]
    assert body["story"] == STORY


def test_a_story_has_its_articles_and_its_past(server: Server) -> None:
    """The list has each story once, as it is now; the story's own answer has its events."""
    [listed] = server.get("/stories").json()["stories"]
    body = server.get(f"/stories/{STORY}").json()

    assert listed == body["story"]
    assert [article["id"] for article in body["articles"]] == [ARTICLES[n].id for n in (2, 1, 0)]
    assert [event["event"] for event in body["events"]] == ["grown", "grown", "new"]


def test_alerts_go_page_by_page(server: Server) -> None:
    """Two pages of two hold three alerts."""
    first = server.get("/alerts", limit="2").json()
    rest = server.get("/alerts", limit="2", before=first["before"]).json()

    assert len({alert["id"] for alert in first["alerts"] + rest["alerts"]}) == 3
    assert rest["before"] is None
    assert server.get("/alerts", watch="nobody").json()["alerts"] == []


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"query": "oil embargo"}, "line 1, column"),
        ({"query": "x" * 5000}, "at most 4000"),
        ({"q": "strike"}, "no parameter is called q here; there are query, since"),
        ({"region": "VE"}, "write it into the query, as in query=region:"),
        ({"limit": "0"}, "from 1 to 200"),
        ({"since": "yesterday"}, "since: a time as"),
        ({"before": "1e9"}, "before"),
        ({"order": "oldest"}, "newest or best"),
        ({"since": "7d", "until": "30d"}, "before since"),
    ],
)
def test_a_wrong_parameter_is_named(server: Server, parameters: dict[str, str], said: str) -> None:
    """400, with the mistake and the values that are allowed."""
    answer = server.get("/articles", **parameters)

    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_a_parameter_given_twice_is_named(server: Server) -> None:
    """One of the two would be passed over."""
    answer = requests.get(f"{server.url}/api/v1/articles?query=oil&query=strike", timeout=60)

    assert (answer.status_code, answer.json()["error"].partition(";")[0]) == (400, "query is given twice")


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("deflate;q=1, gzip;q=0.5", True),
        ("*", True),
        ("GZIP;Q=0.001", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, deflate", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("deflate", False),
        ("identity", False),
    ],
)
def test_an_answer_is_packed_for_a_client_that_takes_gzip(server: Server, accepted: str, packed: bool) -> None:
    """A weight of nought is a refusal, and only gzip is promised."""
    answer = requests.get(f"{server.url}/api/v1/openapi.json", headers={"Accept-Encoding": accepted}, timeout=60)

    assert (answer.headers.get("Content-Encoding") == "gzip") == packed
    assert answer.json()["openapi"] == "3.1.0"


def test_no_route_passes_over_a_parameter(server: Server) -> None:
    """A route without parameters, and the document itself, say so too; the token is one of every route."""
    for path in ("/openapi.json", f"/articles/{ARTICLES[0].id}", "/stories/nobody", "/digests/day.html", "/events"):
        answer = server.get(path, region="VE")
        assert (answer.status_code, "no parameter is called region here" in answer.text) == (400, True), path
    assert "there is none" in server.get("/openapi.json", region="VE").text
    assert server.get("/openapi.json", token="any").status_code == 200


def test_nothing_there_is_404(server: Server) -> None:
    """An id or a route that there is not."""
    for path in ("/articles/nobody", "/stories/nobody", "/nothing"):
        answer = server.get(path)
        assert (answer.status_code, "error" in answer.json()) == (404, True), path


def test_an_answer_that_is_known_is_not_sent_again(server: Server) -> None:
    """The ETag of an answer brings 304 as long as nothing has changed."""
    tag = server.get("/counts", query=STRIKE).headers["ETag"]

    again = requests.get(
        f"{server.url}/api/v1/counts", params={"query": STRIKE}, headers={"If-None-Match": tag}, timeout=20
    )

    assert (again.status_code, again.content) == (304, b"")


async def test_answers_are_packed(server: Server) -> None:
    """A client that takes gzip gets it, and it is much smaller."""
    async with ClientSession(auto_decompress=False) as session:
        url = f"{server.url}/api/v1/articles?limit=200"
        async with session.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
            packed = await answer.read()
        assert answer.headers["Content-Encoding"] == "gzip"

    plain = gzip.decompress(packed)
    assert len(orjson.loads(plain)["articles"]) == 200
    assert len(packed) < len(plain) / 3


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_search_is_a_feed(server: Server, form: str) -> None:
    """Feed readers read it: an entry for each article, the newest first, with its address."""
    answer = requests.get(f"{server.url}/api/v1/articles.{form}", params={"query": STRIKE, "limit": "5"}, timeout=20)
    feed = feedparser.parse(answer.content)

    assert not feed.bozo
    assert [entry.id for entry in feed.entries] == [f"urn:wirewatch:article:{each}" for each in matching(STRIKE)[:5]]
    assert STRIKE in feed.feed.title


def test_a_feed_of_another_question_is_refused(server: Server) -> None:
    """A parameter that it does not have would make it a feed of everything."""
    answer = server.get("/articles.rss", region="VE")

    assert answer.status_code == 400
    assert "write it into the query, as in query=region:" in answer.json()["error"]


def test_a_search_is_a_json_feed(server: Server) -> None:
    """With the version that its readers look for."""
    feed = server.get("/articles.json", query=STRIKE, limit="5").json()

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in feed["items"]] == [f"urn:wirewatch:article:{each}" for each in matching(STRIKE)[:5]]


@pytest.mark.parametrize("path", ["/articles.rss", "/articles.atom", "/articles.json", "/digests/daily.rss"])
def test_a_feed_does_not_tell_the_token(server: Server, path: str) -> None:
    """A reader that passes a feed on would pass it on; the rest of the address stands in it."""
    rest = {"limit": "3"} if path.startswith("/articles") else {}
    feed = server.get(path, token="geheim", **rest).text

    assert "geheim" not in feed
    assert f"/api/v1{path}{'?limit=3' if rest else ''}" in feed


def test_the_latest_digest_is_a_page_and_the_last_ones_a_feed(server: Server) -> None:
    """The page is the newest one, with nothing of strangers as markup; the feed has each with its id."""
    page = server.get("/digests/daily.html")
    assert page.headers["content-type"].startswith("text/html")
    assert "The day 1" in page.text and "The day 0" not in page.text
    assert "A &lt;b&gt;sentence&lt;/b&gt; &amp; more." in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    feed = feedparser.parse(server.get("/digests/daily.rss").content)
    assert not feed.bozo
    assert feed.feed.link == f"{server.url}/api/v1/digests/daily.html"
    assert [entry.id for entry in feed.entries] == ["daily:2026-11-22T00:00:00Z", "daily:2026-11-21T00:00:00Z"]
    assert [entry.link for entry in feed.entries] == [
        f"{server.url}/api/v1/digests/daily.html?at=2026-11-2{day}T00%3A00%3A00Z" for day in (2, 1)
    ]
    pages = [requests.get(entry.link, timeout=60).text for entry in feed.entries]
    assert ["The day 1" in pages[0], "The day 0" in pages[1], "The day 1" in pages[1]] == [True, True, False]
    assert server.get("/digests/nobody.html").status_code == 404
    assert server.get("/digests/daily.html", at="2026-11-22T00:00:01Z").status_code == 404
    assert "at: a time as" in server.get("/digests/daily.html", at="noon").json()["error"]


def test_a_worker_without_history_says_how_to_keep_it() -> None:
    """404 names the setting."""
    server = Server(None)
    answer = server.get("/articles")
    server.stop()

    assert answer.status_code == 404
    assert "archive.url" in answer.json()["error"]


def test_a_store_that_cannot_be_asked_is_503(tmp_path: Path) -> None:
    """The answer says why, and when to come again."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    server = Server(f"sqlite:{tmp_path / 'file' / 'archive.db'}")
    answer = server.get("/articles")
    server.stop()

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


def test_the_openapi_document_has_every_route() -> None:
    """The routes that a worker serves, beside the page's files and what answers 404, are the routes that are described."""
    given = Settings()
    given[WebSubSettings].public_url, given[WebSubSettings].key = "https://desk.example", "a key"
    app = WebApp(Service(given, chosen("clean", given), new_metrics())).application()

    served = {
        (route.method.lower(), route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD" and route.resource.canonical not in FILES
        if ".*" not in str(route.resource.get_info().get("pattern", ""))
    }
    document_ = orjson.loads(document())

    assert served == {(method, path) for path, operations in document_["paths"].items() for method in operations}
    for path, operations in document_["paths"].items():
        for operation in operations.values():
            names = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
            assert names == set(re.findall(r"{(\w+)}", path)), path
    [watches] = document_["paths"]["/watches.{format}"]["get"]["parameters"][1:]
    assert (watches["name"], watches["schema"]["type"]) == ("watch", "array"), "it may be given more than once"


@pytest.mark.parametrize("path", [operation.path for operation in HISTORY if operation.answer])
def test_no_request_breaks_the_api(server: Server, path: str) -> None:
    """Whatever the OpenAPI document allows and whatever it does not: no 500, and no answer off its schema."""
    try_requests(described(server.url, path), examples=40)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=st.text(max_size=200))
def test_no_query_breaks_a_search(server: Server, query: str) -> None:
    """Any text is a query or is refused with its place."""
    answer = server.get("/articles", query=query)

    assert answer.status_code in (200, 400)


def test_the_document_names_every_route() -> None:
    """docs/api.md has each operation of `/api/v1`, and the status, once."""
    text = (Path(__file__).parents[3] / "docs/api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(?:([A-Z]+) )?(/\S+)` \|", text, re.MULTILINE)
    paths = orjson.loads(document())["paths"]

    assert sorted(((method or "GET").lower(), path) for method, path in rows) == sorted(
        (method, path)
        for path, operations in paths.items()
        for method in operations
        if path.startswith("/api/v1/") or path == "/status.json"
    )


def test_the_example_of_the_document_runs(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """The Python of docs/api.md prints an article a line."""
    text = (Path(__file__).parents[3] / "docs/api.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)

    exec(example.replace("http://127.0.0.1:8080", server.url).replace('"30d"', '"9000d"'), {})

    assert capsys.readouterr().out.splitlines()
