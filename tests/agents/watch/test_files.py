"""Watch files: fields that are read, and faults that are reported in their place."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.watch.errors import WatchError
from agents.watch.files import load, read_record, read_toml
from streams.records import QuietHours

FULL = """
name = "oil"
query = "oil AND sanctions"
severity = "critical"
owner = "desk"
receivers = ["mail", "hook"]
each = "story"
cool_down = "30m"
limit_per_hour = 6
backfill = true
quiet_hours = { from = "22:00", to = "07:00", timezone = "Europe/Berlin" }

[burst]
count = 5
window = "1h"
baseline = "2d"
"""


def test_every_setting_is_read() -> None:
    """A full file gives a watch with all of its settings."""
    watches, faults = read_toml(FULL, "oil.toml")
    record = watches[0].record
    assert faults == []
    assert (record.name, record.severity, record.each, record.cool_down, record.limit_per_hour) == (
        "oil",
        "critical",
        "story",
        "30m",
        6,
    )
    assert record.quiet_hours == QuietHours(start="22:00", end="07:00", timezone="Europe/Berlin")
    assert record.burst is not None
    assert record.burst.ratio == 3.0


def test_defaults_are_quiet_ones() -> None:
    """A name and a query are enough; backfill is off."""
    record = read_toml('query = "oil"', "x", default_name="oil")[0][0].record
    assert (record.name, record.severity, record.each, record.backfill) == ("oil", "info", "group", False)


WRONG = [
    ('name = "a"\nquery = "oil AND story.sources >= 2"\n[burst]\ncount = 3', (3, 1), "two watches"),
    ('query = "oil"\nname = "Bad Name"', (2, 1), "`name`"),
    ('name = "a"', (1, 1), "`query` is missing"),
    ('name = "a"\nquery = 5', (2, 1), "`query`"),
    ('name = "a"\nquery = "oil"\nrecievers = ["x"]', (3, 1), "did you mean receivers?"),
    ('name = "a"\nquery = "oil"\ncool_down = "30 min"', (3, 1), "as in 30m"),
    ('name = "a"\nquery = "oil"\nseverity = "high"', (3, 1), "critical"),
    ('name = "a"\nquery = "oil"\nbackfill = "no"', (3, 1), "true or false"),
    ('name = "a"\nquery = "oil"\nquiet_hours = { from = "22:00", to = "7:00" }', (3, 33), "quiet_hours.to"),
    ('name = "a"\nquery = "oil"\n[quiet_hours]\nfrom = "22:00"\nto = "22:00"', (3, 1), "same time"),
    (
        'name = "a"\nquery = "oil"\n[quiet_hours]\nfrom = "22:00"\nto = "23:00"\ntimezone = "Mars"',
        (6, 1),
        "no time zone",
    ),
    (
        'name = "a"\nquery = "oil"\nquiet_hours = { from = "22:00", to = "07:00", timezone = "Europe/Olso" }',
        (3, 47),
        "did you mean Europe/Oslo?",
    ),
    ('name = "a"\nquery = "oil"\n[burst]\ncount = 1', (4, 1), "burst.count"),
    ('name = "a"\nquery = "oil"\n[burst]\ncount = 3\nbaseline = "2h"', (5, 1), "too few windows"),
    ('name = "a"\nquery = "oil"\n[burst]\ncount = 3\nwindow = "1m"', (3, 1), "more windows"),
    ('name = "a"\nquery = "trend:VE"\ntrends = "loud"', (3, 1), "eager, balanced or quiet"),
    ('name = "a"\nquery = "oil"\ntrends = "quiet"', (3, 1), "the query asks for none"),
    ('name = "a"\nquery = "oil', (2, 13), "not TOML"),
    ('name = "a"\nquery = "oil"\nname = "b"', (3, 11), "not TOML"),
    ('name = "a"\nquery = "oil AND (gas"', (2, 22), "closing parenthesis"),
    ('name = "a"\nquery = "\\"crude oil\\" gas"', (2, 24), "two terms"),
    ("name = 'a'\nquery = '''oil AND\n gas coal'''", (3, 6), "two terms"),
    ('name = "a"\nquery = """\noil AND\n  san*"""', (4, 3), "fewer than 4 letters"),
    ('name = "a"\nquery = """oil \\\n   AND gas coal"""', (3, 12), "two terms"),
    ('[[watch]]\nname = "a"\nquery = "oil"\n[[watch]]\nname = "b"\nquery = "-oil"', (6, 10), "NOT oil"),
    ('[[watch]]\nname = "a"\nquery = "oil"\n[watch.burst]\ncount = 0', (5, 1), "burst.count"),
    ('owner = "x"\n[[watch]]\nname = "a"\nquery = "oil"', (1, 1), "outside [[watch]]"),
]


@pytest.mark.parametrize(("text", "place", "says"), WRONG)
def test_wrong_watch_is_refused_with_line_and_column(text: str, place: tuple[int, int], says: str) -> None:
    """The fault stands at the key, and inside a query at the very character."""
    _, faults = read_toml(text, "w.toml")
    assert len(faults) == 1
    assert (faults[0].line, faults[0].column) == place
    assert says in str(faults[0])


def test_all_faults_of_a_watch_are_reported_in_their_order() -> None:
    """One reading tells everything that is wrong."""
    _, faults = read_toml('query = "a b"\nname = "A"\nseverity = "x"\nfoo = 1', "w.toml")
    assert [fault.line for fault in faults] == [1, 2, 3, 4]


def test_folder_reports_every_wrong_file(tmp_path: Path) -> None:
    """A wrong file hides no other; right ones do not hide it."""
    (tmp_path / "a.toml").write_text('query = "oil"')
    (tmp_path / "b.toml").write_text('query = "oil gas"')
    (tmp_path / "c.toml").write_bytes(b'query = "\xff"')
    (tmp_path / "d.toml").write_text('query = "oil"\nname = "a"')
    with pytest.raises(WatchError) as caught:
        load(tmp_path)
    assert [Path(fault.place).name for fault in caught.value.faults] == ["b.toml", "c.toml", "d.toml"]


def test_a_folder_without_watches_is_a_fault(tmp_path: Path) -> None:
    """A folder without a watch is an error that says how a watch's file is called."""
    (tmp_path / "oil.txt").write_text('query = "oil"')
    with pytest.raises(WatchError, match=r"no watch is there .*\*\.toml"):
        load(tmp_path)


def test_folder_of_right_files_is_loaded(tmp_path: Path) -> None:
    """Files are watches, named after themselves."""
    (tmp_path / "oil.toml").write_text('query = "oil"')
    (tmp_path / "two.toml").write_text('[[watch]]\nname = "b"\nquery = "gas"\n[[watch]]\nname = "c"\nquery = "coal"')
    assert [watch.name for watch in load(tmp_path)] == ["oil", "b", "c"]


def test_record_is_read_as_a_file_is() -> None:
    """A JSON record gives the same watch."""
    assert str(read_record(b'{"name": "a", "query": "Oil AND gas"}').query) == "oil AND gas"


@pytest.mark.parametrize(
    "value", [b"[]", b"{", b'{"name": "a"}', b'{"name": "a", "query": "a b"}', b'{"query": "a", "x": 1}']
)
def test_wrong_record_is_refused(value: bytes) -> None:
    """No wrong record comes into force."""
    with pytest.raises(WatchError):
        read_record(value)


HOSTILE = [
    'name = "a"\nquery = "ATLEAST/' + "9" * 5000 + ' oil"',
    'name = "a"\nquery = "score >= 2 { oil:' + "9" * 5000 + ' }"',
    'name = "a"\nquery = "oil"\nlimit_per_hour = ' + "9" * 5000,
    'name = "a"\nquery = "oil"\nowner = ' + "[" * 3000 + "]" * 3000,
    'name = "a"\nquery = "oil"\nowner = ' + "[" * 300 + "]" * 300,
    'name = "a"\nquery = "oil"\ncool_down = "30m\\n"',
    'name = "a\\n"\nquery = "oil"',
    'name = "a"\nquery = "oil"\nburst = { count = 3, window = "1h\\n" }',
    'name = "a"\nquery = "oil"\nquiet_hours = { from = "22:00", to = "07:00\\n" }',
    'name = "a"\nquery = "oil"\nquiet_hours = { from = "22:00", to = "07:00", timezone = "../../etc/passwd" }',
    'name = "a"\nquery = "oil"\nquiet_hours = { from = "22:00", to = "07:00", timezone = "' + "x" * 70_000 + '" }',
    'name = "a"\nquery = "oil"\n' + "\n".join(f"{'k' * 500}{number} = 1" for number in range(500)),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_watch_is_refused_and_not_crashed_on(text: str) -> None:
    """Numbers, depths, names and line ends that no person writes are faults like any other, and few lines of them."""
    watches, faults = read_toml(text, "a.toml")
    assert watches == []
    assert 1 <= len(faults) <= 20
    assert max(len(str(fault)) for fault in faults) < 1_000


@given(st.binary(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_watch_or_are_refused(value: bytes) -> None:
    """Whatever stands on news.watches, reading it raises nothing but `WatchError`."""
    for record in (value, b'{"name":"a","query":' + value + b"}"):
        with suppress(WatchError):
            assert read_record(record).name


def test_file_too_large_for_watches_is_refused(tmp_path: Path) -> None:
    """A file that nobody wrote by hand is refused before it is read."""
    (tmp_path / "a.toml").write_text("#" * 2_000_000)
    with pytest.raises(WatchError, match="2,000,000 bytes"):
        load(tmp_path)


def test_a_file_as_editors_write_it_is_read(tmp_path: Path) -> None:
    """A byte order mark before it changes nothing; another encoding is told with the line and the byte."""
    file = tmp_path / "oil.toml"
    file.write_bytes(b"\xef\xbb\xbfquery = 'oil'\n")
    assert [watch.name for watch in load(file)] == ["oil"]
    file.write_bytes("# a\nquery = 'café'\n".encode("cp1252"))
    with pytest.raises(WatchError, match=r"line 2 is not UTF-8 .byte 0xe9."):
        load(file)
