"""`wirewatch apply poll`: saved documents to raw records, without network."""

import json
import os
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from streams.records import Raw, decode
from wirewatch.cli import main

TEXT = "The harbour of Maracaibo reopened on Tuesday after a strike of nine days, the harbour office said. " * 5
FEED = f"""<rss version="2.0"><channel><title>Port News</title><link>https://ports.example/</link><language>en</language>
<item><title>Harbour reopens</title><link>/1</link><guid isPermaLink="false">n-1</guid>
<pubDate>Thu, 26 Nov 2026 10:00:00 CET</pubDate><description>{TEXT}</description></item>
<item><title>Only a title</title><link>/2</link></item></channel></rss>"""


def feed(folder: Path, text: str = FEED) -> Path:
    """Return a saved feed, fetched at a known time."""
    path = folder / "feed.xml"
    path.write_text(text)
    os.utime(path, (1_800_000_000, 1_800_000_000))
    return path


def run(*arguments: object) -> Result:
    """Call `wirewatch apply`."""
    return CliRunner().invoke(main, ["apply", *map(str, arguments)])


def lines(result: Result, code: int = 0) -> list[dict[str, Any]]:
    """Return the records that came out."""
    assert result.exit_code == code, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_an_entry_with_a_text_is_a_raw_record(tmp_path: Path) -> None:
    """Hints, id, address and times of the entry are in the record."""
    first, _ = lines(run("poll", feed(tmp_path), "--url", "https://ports.example/feed"))
    raw = decode(json.dumps(first), Raw)

    assert (raw.url, raw.source, raw.entry_id, raw.via) == ("https://ports.example/1", "ports.example", "n-1", "file")
    assert (raw.title, raw.language, raw.feed) == ("Harbour reopens", "en", "https://ports.example/feed")
    assert (first["published_at"], first["fetched_at"]) == ("2026-11-26T09:00:00Z", "2027-01-15T08:00:00Z")


def test_an_entry_without_a_text_is_a_dead_record_in_its_place(tmp_path: Path) -> None:
    """Nothing is swallowed."""
    _, second = lines(run("poll", feed(tmp_path)))

    assert (second["schema"], second["reason"], second["url"]) == (
        "wirewatch.dead.v1",
        "no_content",
        "https://ports.example/2",
    )


def test_an_entry_that_stands_twice_counts_once(tmp_path: Path) -> None:
    """The same address, but for what tracks readers, is one article, as it is where the feed is polled."""
    item = "<item><title>Harbour reopens</title><link>/1?utm_source={}</link><description>Open.</description></item>"
    text = FEED.replace("<item>", item.format("a") + item.format("b") + "<item>", 1)

    records = lines(run("poll", feed(tmp_path, text)))

    assert [record["url"] for record in records] == [
        "https://ports.example/1?utm_source=a",
        "https://ports.example/2",
    ]


def test_the_steps_go_on_from_the_raw_records(tmp_path: Path) -> None:
    """A feed comes out tagged."""
    tagged, dead = lines(run("poll,clean,dedup,tag", feed(tmp_path)))

    assert (tagged["title"], tagged["primary_country"]) == ("Harbour reopens", "VE")
    assert dead["reason"] == "no_content"


def test_entries_come_in_the_neutral_form(tmp_path: Path) -> None:
    """A line for each document, in order, named as it was given."""
    page = tmp_path / "page.html"
    page.write_text("<html><title>Home</title></html>")
    first, second = lines(run("poll", "--entries", feed(tmp_path), page))

    assert (first["ref"], first["feed"]["title"], len(first["entries"])) == (str(tmp_path / "feed.xml"), "Port News", 2)
    assert first["entries"][0]["published_at"] == "2026-11-26T09:00:00Z"
    assert (second["kind"], second["entries"]) == ("page", [])


def test_a_list_says_where_documents_were_fetched(tmp_path: Path) -> None:
    """Relative addresses follow the address of the list's line."""
    feed(tmp_path, FEED.replace("<link>https://ports.example/</link>", ""))
    listed = tmp_path / "documents.jsonl"
    listed.write_text(json.dumps({"path": "feed.xml", "ref": "a", "url": "https://other.example/feed"}) + "\n")

    [document] = lines(run("poll", "--entries", listed))

    assert (document["ref"], document["entries"][0]["link"]) == ("a", "https://other.example/1")


def test_a_sitemap_is_read(tmp_path: Path) -> None:
    """Its addresses are entries."""
    path = tmp_path / "sitemap.xml"
    path.write_text("<urlset><url><loc>https://e.org/1</loc></url><url><loc>https://e.org/2</loc></url></urlset>")

    [document] = lines(run("poll", "--entries", path))

    assert (document["kind"], [e["link"] for e in document["entries"]]) == (
        "sitemap",
        ["https://e.org/1", "https://e.org/2"],
    )


def test_a_broken_line_of_a_list_is_named(tmp_path: Path) -> None:
    """File and line stand in the error."""
    listed = tmp_path / "documents.jsonl"
    listed.write_text("{}\n")
    result = run("poll", listed)

    assert result.exit_code == 2
    assert "documents.jsonl:1" in " ".join(result.output.split())


def test_options_of_poll_go_with_poll(tmp_path: Path) -> None:
    """Without it they would mean nothing."""
    assert run("clean", "--entries", feed(tmp_path)).exit_code == 2
    assert run("poll").exit_code == 2


def test_documents_without_entries_are_told(tmp_path: Path) -> None:
    """The page of one article gives no raw record, and that is not said by silence alone."""
    (tmp_path / "page.html").write_text("<html><h1>Snow closes the pass</h1><p>It fell all night.</p></html>")

    for steps in ("poll", "poll,clean"):
        told = run(steps, tmp_path / "page.html")
        assert (told.exit_code, told.stdout) == (0, "")
        assert told.stderr.startswith("no entries: ")


def test_a_folder_is_read_with_the_folders_in_it(tmp_path: Path) -> None:
    """As other steps read one: hidden files are passed over, and a link to a folder elsewhere is a wrong input in the end."""
    inner, elsewhere = tmp_path / "saved" / "monday", tmp_path / "elsewhere"
    for folder in inner, elsewhere:
        folder.mkdir(parents=True)
        feed(folder)
    (inner / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (inner.parent / "link").symlink_to(elsewhere)
    result = run("poll", inner.parent)

    assert [record["schema"] for record in lines(result, 2)] == ["wirewatch.raw.v1", "wirewatch.dead.v1"]
    assert "link: a link to a folder elsewhere" in " ".join(result.stderr.split())
