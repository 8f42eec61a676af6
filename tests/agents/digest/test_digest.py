"""Digests: their moments, their choice of stories, their forms."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.deliver.digests import html, message, rss_item
from agents.digest.files import load
from agents.digest.matches import KEY_BYTES
from agents.digest.plan import Plan, moments, since
from agents.digest.shelf import MOST_ARTICLES, Shelf
from streams.errors import SettingsError
from streams.records import Digest, Growth, Story, StoryArticle, StoryShare

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def story(name: str, source: str, hours: float = 1.0, region: str = "NO", **fields: object) -> Story:
    """Return a story that an article of a source has just joined, so many hours before noon."""
    time = NOON - timedelta(hours=hours)
    article = StoryArticle(
        id=f"{name}{source}",
        url=f"https://{source}.example/{name}",
        title=f"{name} by {source}",
        source=source,
        fetched_at=time,
    )
    values: dict[str, object] = {
        "id": f"en-{name}",
        "event_id": f"en-{name}:{source}",
        "event": "grown",
        "title": f"Ferry {name}",
        "lead": f"What happened to {name}.",
        "languages": ["en"],
        "first_seen_at": time,
        "last_seen_at": time,
        "articles": 1,
        "sources": 1,
        "growth": Growth(now=1, life=1),
        "regions": [StoryShare(id=region, label="Norway", share=1.0)],
        "topics": [StoryShare(id="medtop:03000000", label="disaster", share=1.0)],
        "article": article,
    }
    return Story(**{**values, **fields})  # type: ignore[arg-type]


def made(shelf: Shelf, plan: Plan | None = None) -> Digest:
    """Return the digest of the day until noon."""
    return shelf.digest("daily", plan or Plan(), NOON - timedelta(days=1), NOON)


def ids(digest: Digest) -> list[str]:
    """Return the ids of its stories in order."""
    return [one.id for section in digest.sections for one in section.stories]


@pytest.fixture
def shelf() -> Shelf:
    """An empty shelf."""
    return Shelf(timedelta(days=9), 1000)


def test_more_sources_come_first(shelf: Shelf) -> None:
    """A story of three sources stands before one of a single source that has as many articles."""
    for source in ("a", "a", "a"):
        shelf.put(story("one", source))
    for source in ("a", "b", "c"):
        shelf.put(story("three", source))
    assert ids(made(shelf)) == ["en-three", "en-one"]


def test_at_most_three_of_one_region_and_topic(shelf: Shelf) -> None:
    """A fourth is left out and counted; one from elsewhere has its place."""
    for name in ("a", "b", "c", "d"):
        shelf.put(story(name, "x"))
    shelf.put(story("e", "x", region="PE"))
    digest = made(shelf)
    assert len(ids(digest)) == 4
    assert "en-e" in ids(digest)
    assert digest.left_out == 1


def test_stories_without_region_and_topic_are_not_alike(shelf: Shelf) -> None:
    """Nothing is known of what they are about, so none stands in another's place; each says how many sources it has."""
    for name in ("a", "b", "c", "d"):
        shelf.put(story(name, "x", regions=[], topics=[]))
    shelf.put(story("d", "y", regions=[], topics=[], sources=2))
    stories = made(shelf).sections[0].stories
    assert {one.id: one.why for one in stories} == {f"en-{name}": ["1 source"] for name in "abc"} | {
        "en-d": ["2 sources"]
    }


def test_a_story_that_grew_by_half_has_its_whole_weight_again(shelf: Shelf) -> None:
    """Of those that were shown, one with half as many sources more goes before a larger one that has stood still."""
    for source in ("a", "b", "c", "d"):
        shelf.put(story("large", source))
    for source in ("a", "b"):
        shelf.put(story("grown", source))
    first = made(shelf)
    assert ids(first) == ["en-large", "en-grown"]
    shelf.note_shown(first)
    shelf.put(story("grown", "c"))
    assert ids(made(shelf)) == ["en-grown", "en-large"]


def test_what_was_shown_is_developing_and_comes_after_what_is_new(shelf: Shelf) -> None:
    """Told once, a story is told again only under its own heading, and at half its weight."""
    shelf.put(story("old", "a"))
    shelf.put(story("old", "b"))
    shelf.note_shown(made(shelf))
    shelf.put(story("new", "a"))
    digest = made(shelf)
    assert [(section.name, [one.id for one in section.stories]) for section in digest.sections] == [
        ("new", ["en-new"]),
        ("developing", ["en-old"]),
    ]


def test_only_what_grew_since_the_one_before_and_what_was_asked_for(shelf: Shelf) -> None:
    """Neither an older story nor one of another country is there."""
    shelf.put(story("older", "a", hours=30))
    shelf.put(story("peru", "a", region="PE"))
    shelf.put(story("norway", "a"))
    assert ids(made(shelf, Plan(regions=["NO"]))) == ["en-norway"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"newest": "count"}, "count"),
        ({"newest": "poll", "age": 40.0}, "votes by b"),
        ({"newest": "votes by b"}, "votes by b"),
        ({"title": "votes by b", "age": 40.0}, ""),
        ({"newest": "Ferry votes"}, ""),
        ({}, ""),
        ({"latest": "no votes"}, "no votes"),
        ({"latest": "no votes", "newest": "count"}, "count"),
        ({"latest": "Ferry votes"}, ""),
        ({"newest": "count", "title": "votes by b"}, ""),
    ],
    ids=(
        "newest",
        "newest of an earlier digest",
        "newest alone",
        "its title",
        "newest is its title",
        "begun since",
        "denied since",
        "newest and latest",
        "latest is its title",
        "its title came after the newest",
    ),
)
@pytest.mark.parametrize("render", [html, lambda digest: message(digest, "text")], ids=("html", "text"))
def test_a_story_says_what_is_new(shelf: Shelf, render: Any, fields: dict[str, Any], said: str) -> None:
    """A running story's title may be a day old: "voting begins" of an election that is over."""
    first = NOON - timedelta(hours=fields.get("age", 2.0))
    values: dict[str, Any] = {"title": fields.get("title", "Ferry votes"), "first_seen_at": first}
    for name in {"newest", "latest"} & set(fields):
        values[name] = StoryArticle(id="n", title=fields[name], source="n", fetched_at=first)
    shelf.put(story("votes", "b", **values))
    digest = made(shelf)
    assert digest.sections[0].stories[0].latest == said
    assert ("Latest" in render(digest)) is bool(said)


def test_a_title_leads_to_its_article_and_the_latest_has_a_link(shelf: Shelf) -> None:
    """However many sources came between and after, and whatever else the title's source wrote."""
    newest = StoryArticle(id="n", title="sinks by c", source="c", fetched_at=NOON)
    for source in "abcdef":
        shelf.put(story("sinks", source, title="sinks by b", newest=newest, first_seen_at=NOON - timedelta(hours=30)))
    again = story("sinks", "b", title="sinks by b", newest=newest, first_seen_at=NOON - timedelta(hours=30))
    assert again.article is not None
    again.article.title, again.article.url = "why it sank", "https://b.example/why"
    shelf.put(again)
    links = made(shelf).sections[0].stories[0].links
    assert [link.title for link in links] == ["sinks by b", "sinks by c", "sinks by f"]


def test_copies_of_the_title_leave_room_for_the_latest(shelf: Shelf) -> None:
    """A wire's piece stands at five sources under one title; what has come since stands at one."""
    latest = StoryArticle(id="n", title="sinks by c", source="c", fetched_at=NOON)
    for source in "abcdef":
        sunk = story("sinks", source, title="Ferry sinks", latest=latest, first_seen_at=NOON - timedelta(hours=30))
        assert sunk.article is not None
        if source not in "bc":
            sunk.article.title = "Ferry sinks"
        shelf.put(sunk)
    links = made(shelf).sections[0].stories[0].links
    assert [link.title for link in links] == ["Ferry sinks", "sinks by c", "sinks by b"]


@pytest.mark.parametrize(("days", "hours"), [(7, 100.0), (1, 17.0), (0.125, 2.5)])
def test_sources_of_earlier_outweigh_a_single_one_of_just_now(shelf: Shelf, days: float, hours: float) -> None:
    """Five sources of Tuesday in a digest of the week, of yesterday noon in one of the day, stand before the latest brief."""
    for source in "abcde":
        shelf.put(story("noon", source, hours=hours, sources=5))
    shelf.put(story("brief", "f", hours=0.1))
    since = NOON - timedelta(days=days)
    assert ids(shelf.digest("d", Plan(), since, NOON))[0] == "en-noon"


def test_a_half_life_that_a_plan_names_holds(shelf: Shelf) -> None:
    """With two hours the latest brief outweighs five sources of yesterday."""
    for source in "abcde":
        shelf.put(story("noon", source, hours=17.0, sources=5))
    shelf.put(story("brief", "f", hours=0.1))
    assert ids(made(shelf, Plan(half_life_hours=2.0)))[0] == "en-brief"


def test_a_comment_is_not_the_latest_of_a_story(shelf: Shelf) -> None:
    """It tells nothing that has happened."""
    running = story("votes", "b", first_seen_at=NOON - timedelta(hours=40))
    assert running.article is not None
    running.article.title = "Opinion: what the vote says"
    shelf.put(running)
    assert made(shelf).sections[0].stories[0].latest == ""


def test_events_that_come_again_change_nothing(shelf: Shelf) -> None:
    """A digest afterwards is the same, and the first of a story's articles is still known by its watch's match."""
    events = [story("one", str(number)) for number in range(MOST_ARTICLES)]
    for event in events:
        held = shelf.put(event)
    assert held is not None
    before, digest = held.articles, made(shelf)
    for event in events[10:]:
        held = shelf.put(event)
    assert held is not None
    assert (sorted(held.article_keys()), made(shelf)) == (sorted(split(before)), digest)


def split(articles: bytes) -> list[bytes]:
    """Return the hashes of articles."""
    return [articles[at : at + KEY_BYTES] for at in range(0, len(articles), KEY_BYTES)]


def test_a_merged_story_is_there_once(shelf: Shelf) -> None:
    """Its sources count for the one that took it in."""
    shelf.put(story("kept", "a"))
    shelf.put(story("lost", "b"))
    shelf.put(story("lost", "b", event="merged", merged_into="en-kept"))
    digest = made(shelf)
    assert ids(digest) == ["en-kept"]
    assert len(digest.sections[0].stories[0].links) == 2


@pytest.mark.parametrize("render", [html, rss_item])
def test_what_strangers_write_is_escaped(shelf: Shelf, render: object) -> None:
    """Titles cannot bring markup into a mail or a feed."""
    shelf.put(story("x", "a", title="<script>alert(1)</script> & more"))
    assert "<script>" not in render(made(shelf))  # type: ignore[operator]


def test_the_plain_part_has_title_sources_and_links(shelf: Shelf) -> None:
    """Who reads without HTML misses nothing."""
    shelf.put(story("x", "a"))
    text = message(made(shelf), "text")
    assert "Ferry x" in text
    assert "https://a.example/x" in text


def test_a_digest_is_due_by_the_clock_of_its_zone() -> None:
    """Seven in Berlin is five in UTC in summer and six in winter."""
    plan = Plan(at=["07:00"], timezone="Europe/Berlin")
    summer = list(moments(plan, datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC)))
    winter = list(moments(plan, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)))
    assert (summer[0].hour, winter[0].hour) == (5, 6)


@settings(deadline=None)
@given(
    st.integers(0, 365 * 24 * 60),
    st.sampled_from(["Europe/Berlin", "America/Lima", "Asia/Kolkata"]),
    st.sampled_from(
        [
            {"at": ["02:30", "19:00"], "days": ["sun", "mon"]},
            {"every": "30m"},
            {"every": "1d", "days": ["sat"]},
            {"when": "30 2,19 * * sun,mon"},
            {"when": "*/20 1-3 * * *"},
        ]
    ),
)
def test_moments_of_two_spans_are_those_of_the_whole(minutes: int, zone: str, times: dict[str, Any]) -> None:
    """However often it is asked, each moment comes once, in order, also where the clock is changed."""
    plan = Plan(timezone=zone, **times)
    middle = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    start, end = middle - timedelta(days=4), middle + timedelta(days=4)
    whole = list(moments(plan, start, end))
    assert [*moments(plan, start, middle), *moments(plan, middle, end)] == whole
    assert whole == sorted(set(whole))
    assert since(plan, whole[-1]) < whole[-1]


@pytest.mark.parametrize(
    ("times", "dues"),
    [
        ({"at": ["02:30"]}, ["02:30 +0200"]),
        ({"every": "2h"}, ["00:00 +0200", "02:00 +0200", "04:00 +0100"]),
        ({"every": "30m"}, ["00:00 +0200", "00:30 +0200", "01:00 +0200", "01:30 +0200", "02:00 +0200", "02:30 +0200",
                            "02:00 +0100", "02:30 +0100", "03:00 +0100", "03:30 +0100", "04:00 +0100"]),
        ({"when": "0 * * * *"}, ["00:00 +0200", "01:00 +0200", "02:00 +0200", "02:00 +0100", "03:00 +0100", "04:00 +0100"]),
    ],
)  # fmt: skip
def test_an_hour_that_comes_twice(times: dict[str, Any], dues: list[str]) -> None:
    """A clock time is due once in the night when summer time ends; a digest of each hour or oftener leaves no hour out."""
    plan, zone = Plan(timezone="Europe/Oslo", **times), ZoneInfo("Europe/Oslo")
    night = datetime(2026, 10, 24, 21, 59, tzinfo=UTC), datetime(2026, 10, 25, 3, 0, tzinfo=UTC)
    assert [f"{due.astimezone(zone):%H:%M %z}" for due in moments(plan, *night)] == dues


def test_a_crontab_line_and_a_space_of_time_say_when() -> None:
    """Half past seven on weekdays, and every six hours by the clock of the zone."""
    start, end = datetime(2026, 6, 5, tzinfo=UTC), datetime(2026, 6, 8, 12, tzinfo=UTC)
    weekdays = Plan(when="30 7 * * mon-fri", timezone="Europe/Oslo")
    assert [f"{due:%a %H:%M}" for due in moments(weekdays, start, end)] == ["Fri 05:30", "Mon 05:30"]
    sixth = Plan(every="6h", timezone="America/Lima")
    assert [due.hour for due in moments(sixth, start, start + timedelta(days=1))] == [5, 11, 17, 23]


@pytest.mark.parametrize(
    "text",
    [
        "[digest.X Y]\n",
        '[digest.a]\nat = "7"\n',
        '[digest.a]\ntimezone = "Mars"\n',
        '[digest.a]\nevery = "7h"\n',
        '[digest.a]\nevery = "1h"\nwhen = "0 7 * * *"\n',
        '[digest.a]\nwhen = "0 0 30 2 *"\n',
        '[digest.a]\nwhen = "* * * * * *"\n',
        '[digest.a]\nwhen = "*/5 * * * *"\n',
        "[watch.a]\n",
        "x",
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    """The error says in which file."""
    (tmp_path / "wrong.toml").write_text(text)
    with pytest.raises(SettingsError, match=r"wrong\.toml"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ('days = ["Monday"]', "Monday.* write one of mon, tue, wed"),
        ('every = "5m"', "5m.* write one of 15m, 30m, 1h"),
        ('empty = "always"', "always.* write one of skip, send"),
        ('at = "07:00"', r'`\$\.at`; several are written as \["one", "other"\]'),
        ('reciever = ["desk"]', r"there is no `reciever` \(did you mean receivers\?\); there are title, at, days"),
        ('at = ["7:00"]', r"such as `07:30` - at `\$\.at\[0\]`"),
        ('watch = "Ports!"', r"of a-z, 0-9, .* at `\$\.watch`"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_write(tmp_path: Path, line: str, advice: str) -> None:
    """Who writes a digest need not look up which words there are."""
    (tmp_path / "a.toml").write_text(f"[digest.a]\n{line}\n")
    with pytest.raises(SettingsError, match=advice):
        load(tmp_path)


def test_all_faults_of_all_files_are_named_with_their_lines(tmp_path: Path) -> None:
    """Who mends one need not start the worker again to hear of the next; a good digest is no fault."""
    (tmp_path / "a.toml").write_text(
        '[digest.a]\n\ndays = ["Monday"]\nreciever = []\ntimezone = "Europe/Olso"\n\n[digest.b]\n'
    )
    (tmp_path / "b.toml").write_text("# mine\n[digest.b]\n[digest.B]\n")
    (tmp_path / "c.toml").write_text("[digest\n")
    with pytest.raises(SettingsError) as refused:
        load(tmp_path)
    lines = [line.removeprefix(f"{tmp_path}/") for line in str(refused.value).splitlines()]
    assert [line.split(": ")[0] for line in lines] == [
        "a.toml:3",
        "a.toml:4",
        "a.toml:5",
        "b.toml:2",
        "b.toml:3",
        "c.toml",
    ]
    assert "did you mean Europe/Oslo?" in lines[2]


def test_the_reason_is_what_was_asked_for(shelf: Shelf) -> None:
    """Of a country its name alone, not each town of it that the line above has named; a town where it stands alone."""
    town = StoryShare(id="NO/Bergen", label="Bergen", share=0.4)
    shelf.put(story("ferry", "a", regions=[StoryShare(id="NO", label="Norway", share=1.0), town]))
    shelf.put(story("tram", "a", regions=[town]))
    digest = made(shelf, Plan(regions=["NO"]))
    assert {one.id: one.why for one in digest.sections[0].stories} == {"en-ferry": ["Norway"], "en-tram": ["Bergen"]}


def test_a_folder_of_digests_that_there_is_not_is_named(tmp_path: Path) -> None:
    """A worker with a misspelled digest.folder does not start; it made no digest, and said nothing."""
    with pytest.raises(SettingsError, match=r"digest\.folder: there is no folder .*digsets"):
        load(tmp_path / "digsets")
    assert load(tmp_path) == {}


@pytest.mark.parametrize(
    ("asked", "advice"),
    [
        ('regions = ["NO", "Norway"]', "write NO"),
        ('regions = ["Sahel"]', "codes of countries or divisions"),
        ('regions = ["ZZ-1"]', "codes of countries or divisions"),
        ('topics = ["Labour"]', "write medtop:09000000"),
        ('topics = ["09000000"]', "IPTC codes"),
        ('languages = ["Norwegian"]', "as en"),
        (
            'regions = ["Norway"]\nlanguages = ["Norwegian"]\ntopics = ["Labour"]',
            "(?s)write NO.*as en.*write medtop:09",
        ),
        ('regions = ["NO", "Sahel", "Norway"]', "Sahel.*write NO"),
    ],
)
def test_a_digest_that_would_be_empty_for_ever_is_refused(tmp_path: Path, asked: str, advice: str) -> None:
    """A name that no story has is named, with the one to write."""
    (tmp_path / "a.toml").write_text(f"[digest.a]\n{asked}\n")
    with pytest.raises(SettingsError, match=advice):
        load(tmp_path)
    (tmp_path / "a.toml").write_text(
        '[digest.a]\nregions = ["NO", "US-CA"]\ntopics = ["medtop:09000000"]\nlanguages = ["nb"]\n'
    )
    assert load(tmp_path)["a"].regions == ["NO", "US-CA"]
