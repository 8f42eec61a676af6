"""`wirewatch watches check`: the languages that a `topic:` reaches, divisions, receivers, and settings that are wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from streams.records import Sensitivity, Tagged, Trend, TrendKey, encode
from wirewatch.api import tag
from wirewatch.cli import main


def check(tmp_path: Path, query: str) -> str:
    """Return the output of the check of one watch."""
    path = tmp_path / "strikes.toml"
    path.write_text(f"query = '{query}'\n", encoding="utf-8")
    return CliRunner().invoke(main, ["watches", "check", str(path)]).output.replace("\n", " ")


def test_a_topic_says_its_languages(tmp_path: Path) -> None:
    """Who watches a topic reads where it is known."""
    out = check(tmp_path, "topic:labour AND port")
    assert "strikes: topic: reaches articles in" in out
    assert " es," in out
    assert " cs," not in out
    assert "0 findings" in out


def test_a_group_of_countries_says_its_countries(tmp_path: Path) -> None:
    """Who watches the Levant reads which countries that is here, and that others may see it otherwise; it is no finding."""
    out = check(tmp_path, "port AND region:levant")
    assert "strikes: region: Levant stands for IL JO LB PS SY (usage: without" in out
    assert "0 findings" in out
    assert 'did you mean "African Great Lakes"?' in check(tmp_path, 'port AND region:"Great Lakes"')


def test_a_topic_in_languages_without_topics_never_matches(tmp_path: Path) -> None:
    """A watch that asks for a topic and for languages that have none is a finding, not a footnote."""
    out = check(tmp_path, "topic:labour AND (lang:th OR lang:vi)")
    assert "never matches: articles in th, vi have no topics" in out
    assert "1 finding" in out
    assert "0 findings" in check(tmp_path, "topic:labour AND (lang:th OR lang:sw)")


def test_a_file_of_something_else_is_no_sample(tmp_path: Path) -> None:
    """Of many wrong lines some are told, and that nothing was read is an error: no finding would say nothing."""
    (tmp_path / "w.toml").write_text("query = 'oil'\n")
    (tmp_path / "raw.jsonl").write_text('{"url": "https://a.example/"}\n' * 40)
    path, file = str(tmp_path / "w.toml"), str(tmp_path / "raw.jsonl")
    for words in (["check", path, "--sample", file], ["backtest", path, "--file", file]):
        ended = CliRunner().invoke(main, ["watches", *words])
        assert ended.exit_code == 2
        assert "no tagged article is in the file" in ended.stderr.replace("\n", " ")
        assert "35 more lines" in ended.stderr
        assert len(ended.stderr.splitlines()) < 12


@pytest.mark.parametrize("words", [("test",), ("backtest", "--file")])
def test_a_trial_over_a_file_with_wrong_lines_ends_with_1(tmp_path: Path, words: tuple[str, ...]) -> None:
    """What can be read is tried all the same, and the lines that are no articles are named."""
    (tmp_path / "w.toml").write_text("query = 'gas'\n")
    for more, code in (b"", 0), (b'{"url": "https://a.example/"}\n', 1):
        (tmp_path / "tagged.jsonl").write_bytes(encode(tag("Gas", source="a")) + b"\n" + more)
        command, *option = words
        arguments = ["watches", command, str(tmp_path / "w.toml"), *option, str(tmp_path / "tagged.jsonl")]
        ended = CliRunner().invoke(main, arguments)
        assert ended.exit_code == code
        assert "matches" in ended.stdout and ("line 2" in ended.stderr) == bool(more)


def test_a_small_sample_says_so(tmp_path: Path) -> None:
    """Of three articles nobody learns that a term never occurs, and the check says that it does not look."""
    (tmp_path / "w.toml").write_text("query = 'oil'\n")
    (tmp_path / "tagged.jsonl").write_bytes(b"\n".join(encode(tag(f"Gas {n}", source="a")) for n in range(3)))
    ended = CliRunner().invoke(
        main, ["watches", "check", str(tmp_path / "w.toml"), "--sample", str(tmp_path / "tagged.jsonl")]
    )
    assert ended.exit_code == 0
    assert "3 articles in the sample: of fewer than 100" in ended.stderr


def test_words_alone_say_nothing_of_topics(tmp_path: Path) -> None:
    """Words are found in every language."""
    assert "topic:" not in check(tmp_path, "strike AND port")


def test_a_division_that_no_article_has_is_a_finding(tmp_path: Path) -> None:
    """A code of the right form that is no division's would wait for ever."""
    out = check(tmp_path, "port AND region:(US-ZZ OR US-TX)")
    assert "`US-ZZ` is no division of" in out
    assert "US-TX` is no" not in out
    assert "1 finding" in out


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("Deutschland", "region:DE (Germany)"),
        ("Andaluc\u00eda", "region:ES-AN (Andalusia)"),
        ("\u4e2d\u56fd", "region:CN (China)"),
        ("Estados Unidos", "region:US (United States)"),
        ("Milano", 'region:"Milan"'),
    ],
)
def test_a_place_in_another_language_is_named_in_english(tmp_path: Path, name: str, english: str) -> None:
    """Articles are tagged with English names: the watch would wait for ever."""
    out = check(tmp_path, f'port AND region:"{name}"')
    assert f"`{name.lower()}` is no name that articles are tagged with: write {english}" in out
    assert "1 finding" in out


def test_an_english_place_is_left_alone(tmp_path: Path) -> None:
    """A city that is called so in articles matches, and where it is the only one there is nothing to say."""
    assert "0 findings" in check(tmp_path, "port AND region:Munich")


def test_places_of_one_name_are_told_apart(tmp_path: Path) -> None:
    """The check says which they are, and the code of the one that is meant."""
    out = check(tmp_path, "fire AND region:Coimbra AND region:Springfield")
    assert "the division PT-06, a city in PT-06, a city in BR-MG (write region:PT-06 for the first alone)" in out
    assert "a city in US-MO, a city in US-MA" in out
    assert "and more (add AND region:US-MO for the first alone)" in out
    assert "write region:CO-COR (Córdoba); `córdoba` finds" in check(tmp_path, "fire AND region:Cordoba")


def checked_with(tmp_path: Path, settings: str) -> Result:
    """Return the check of a watch for the receiver desk, with a settings file."""
    watch, config = tmp_path / "strikes.toml", tmp_path / "settings.toml"
    watch.write_text('query = "strike"\nreceivers = ["desk"]\n', encoding="utf-8")
    config.write_text(settings, encoding="utf-8")
    return CliRunner().invoke(main, ["watches", "check", str(watch), "--config", str(config)])


def test_wrong_settings_are_a_fault(tmp_path: Path) -> None:
    """Who checks watches hears of the settings that no worker would start with."""
    ended = checked_with(tmp_path, "[watch]\nfoldr = 'watches'\n")
    assert ended.exit_code == 2
    assert "[watch] has no setting called foldr (did you mean folder?)" in ended.output


def test_a_receiver_that_the_settings_lack_is_a_finding(tmp_path: Path) -> None:
    """`watches put` would refuse it; without any receivers in the settings nothing is known of them, which is said."""
    ended = checked_with(tmp_path, "[receivers.desks]\ntype = 'file'\npath = 'alerts.jsonl'\n")
    assert ended.exit_code == 1
    assert "no receiver in the settings is called desk (did you mean desks?); there are desks" in ended.output
    assert "not checked" not in ended.output
    unknown = checked_with(tmp_path, "")
    assert (unknown.exit_code, unknown.stdout) == (0, "1 watch, 0 findings\n")
    assert "receivers are not checked" in unknown.stderr and "[receivers.desk]" in unknown.stderr


def test_a_watch_of_trends_says_that_no_trend_was_read(tmp_path: Path) -> None:
    """That nothing matches would say that it is wrong, and it is not."""
    ended = backtested(tmp_path, "", [an_article(datetime.now(UTC))])
    assert "matches 0 of 1 article and 0 of 0 trends; 0 alerts" in ended
    assert "asks for trends, and none was read" in ended


def test_a_backtest_tries_trends_beside_articles(tmp_path: Path) -> None:
    """A trend that grows is told once, from the level on that is asked for; cool-down holds back trends as it does articles."""
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    begun = replace(a_trend("balanced"), at=noon)
    grown = replace(begun, at=noon + timedelta(hours=3), state="growing", sensitivity="quiet")
    soon = replace(grown, id="PE:medtop:04000000:1", at=noon + timedelta(hours=3, minutes=5))
    over = replace(grown, at=noon + timedelta(days=1), state="over")
    # decided on by their times, not in the order of the file
    read: list[Tagged | Trend] = [over, an_article(noon), begun, soon, grown]
    said = backtested(tmp_path, "", read)
    assert "matches 0 of 1 article and 2 of 2 trends; 2 alerts (2 raised, 1 repeat)" in said
    assert "12h:1 15h:1" in said
    said = backtested(tmp_path, 'trends = "quiet"', read)
    assert "2 of 2 trends; 1 alert (1 cool_down, 1 raised)" in said
    assert "15h:1" in said and "none was read" not in said


def backtested(folder: Path, more: str, records: list[Tagged | Trend]) -> str:
    """Return the output of a backtest of a watch of Peru's trends over a file of records."""
    watch, file = folder / "w.toml", folder / "tagged.jsonl"
    watch.write_text(f"query = 'trend:Peru'\ncool_down = '30m'\n{more}\n")
    file.write_bytes(b"".join(encode(record) + b"\n" for record in records))
    ended = CliRunner().invoke(main, ["watches", "backtest", str(watch), "--file", str(file)])
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def an_article(at: datetime) -> Tagged:
    """Return an article on rain."""
    return Tagged(id="a", source="paper.example", title="Rain", text="Rain.", fetched_at=at, extractor="x")


def a_trend(sensitivity: Sensitivity) -> Trend:
    """Return a trend of labour in Peru that has begun now."""
    return Trend(
        id="PE:medtop:09000000:1", key=TrendKey(country="PE", topic="medtop:09000000"), label="Peru: labour",
        at=datetime.now(UTC), window_hours=3.5, count=20, sources=9, expected=2.0, score=7.4, baseline=99.0,
        sensitivity=sensitivity,
    )  # fmt: skip


def test_a_watch_of_trends_says_when_it_is_told(tmp_path: Path) -> None:
    """A level that the step does not show is a finding that names the setting; any other is explained."""
    watch, config = tmp_path / "strikes.toml", tmp_path / "settings.toml"
    watch.write_text('query = "trend:Peru"\ntrends = "eager"\n')
    words = ["watches", "check", str(watch), "--config", str(config)]
    config.write_text("")
    ended = CliRunner().invoke(main, words)
    assert ended.exit_code == 1
    assert "set trends.min_score to 6.6 where the step runs" in ended.output
    config.write_text("[trends]\nmin_score = 6.6\n")
    ended = CliRunner().invoke(main, words)
    assert (ended.exit_code, "when its score comes to 6.6 (eager)" in ended.output) == (0, True), ended.output


def test_trends_are_tried_on_watches(tmp_path: Path) -> None:
    """Each record of a trend says who is told, and why another watch that names it is not."""
    folder = tmp_path / "watches"
    folder.mkdir()
    for name, level in (("all", ""), ("calm", 'trends = "quiet"')):
        (folder / f"{name}.toml").write_text(f'query = "trend:Peru"\n{level}\n')
    begun = a_trend("balanced")
    lines = [encode(begun), encode(replace(begun, state="over", sensitivity="quiet"))]
    (tmp_path / "trends.jsonl").write_bytes(b"\n".join(lines))
    ended = CliRunner().invoke(main, ["watches", "test", str(folder), str(tmp_path / "trends.jsonl")])
    first, _, second = ended.output.partition("Peru: labour (over")
    assert ended.exit_code == 0
    assert "all: matches" in first
    assert "calm: asks for trends that are quiet, and this one is balanced so far" in first
    assert second.count("the trend is over, which raises no alert") == 2
