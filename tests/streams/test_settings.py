"""Settings: where they come from, and that a mistake is named with its place."""

from pathlib import Path

import pytest

from streams.errors import SettingsError
from streams.settings import load


def test_file_then_environment_then_options(tmp_path: Path) -> None:
    """A variable overrides the file, an option overrides both."""
    file = tmp_path / "wirewatch.toml"
    file.write_text('[kafka]\nbootstrap = "file:1"\npartitions = 3\nreplication = 2\n')
    settings = load(
        file, {"WIREWATCH_KAFKA_PARTITIONS": "5", "WIREWATCH_KAFKA_BOOTSTRAP": "env:1"}, {"kafka.bootstrap": "option:1"}
    )
    assert (settings.kafka.bootstrap, settings.kafka.partitions, settings.kafka.replication) == ("option:1", 5, 2)


def test_topic_threshold_comes_from_the_environment() -> None:
    """WIREWATCH_TAG_TOPIC_THRESHOLD=0 is a number, and unset is null."""
    assert load(None, {"WIREWATCH_TAG_TOPIC_THRESHOLD": "0"}).tag.topic_threshold == 0
    assert load(None, {}).tag.topic_threshold is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[kafka]\nbootstrap = 'x:1'\n\nbootstraps = 'y'\n", ":4: [kafka] has no setting called bootstraps"),
        ("[kafkas]\nx = 1\n", ":1: no section is called [kafkas]"),
        ("[clean]\n# seconds\ntimeout_seconds = 0\n", ":3: clean.timeout_seconds = 0"),
        ("[kafka]\npartitions = 'many'\n", ":2: kafka.partitions = 'many'"),
        ("[kafka\n", "line 1"),
    ],
)
def test_mistake_in_the_file_is_named(tmp_path: Path, text: str, place: str) -> None:
    """An unknown section or name and a wrong value stop the start with file and line."""
    file = tmp_path / "wirewatch.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(file, {})
    assert place in str(caught.value)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize(
    "variable", ["WIREWATCH_KAFKA_NOTHING", "WIREWATCH_NOTHING_AT", "WIREWATCH_CLEAN_TIMEOUT_SECONDS"]
)
def test_mistake_in_the_environment_is_named(variable: str) -> None:
    """A wrong variable stops the start with its name."""
    with pytest.raises(SettingsError, match=variable):
        load(None, {variable: "soon"})


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that was asked for and is not there is an error."""
    with pytest.raises(SettingsError, match="nowhere.toml"):
        load(tmp_path / "nowhere.toml", {})
