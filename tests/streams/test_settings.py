"""Settings: where they come from, and that a mistake is named with its place."""

from pathlib import Path

import pytest

from agents.deliver.settings import DeliverSettings, FileSettings, Receivers, WebhookSettings
from agents.tag.settings import TagSettings
from streams.errors import SettingsError
from wirewatch.settings import load


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
    assert load(None, {"WIREWATCH_TAG_TOPIC_THRESHOLD": "0"})[TagSettings].topic_threshold == 0
    assert load(None, {})[TagSettings].topic_threshold is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[kafka]\nbootstrap = 'x:1'\n\nbootstraps = 'y'\n", ":4: [kafka] has no setting called bootstraps"),
        ("[kafkas]\nx = 1\n", ":1: no section is called [kafkas]"),
        ("[clean]\n# seconds\ntimeout_seconds = 0\n", ":3: clean.timeout_seconds = 0"),
        ("[kafka]\npartitions = 'many'\n", ":2: kafka.partitions = 'many'"),
        (
            "[kafka]\nbootstrap = 9092\n",
            ":2: kafka.bootstrap = 9092: it has to be a text, in quotes, and is a whole number",
        ),
        ("[kafka]\npartitions = '2'\n", "= '2': it has to be a whole number without quotes, and is a text"),
        ("[fetch]\nallow_private = true\n", '= true: it has to be a list, as in ["a", "b"], and is true or false'),
        ("[fetch]\nallow_private = [1]\n", "= [1]: it has to be a text, in quotes, and is a whole number - at `$[0]`"),
        ("[kafka\n", ": not TOML: Expected"),
        ("[worker]\nhtp_port = 1\n", "(did you mean http_port?)"),
        ("[archiv]\nurl = ''\n", "(did you mean archive?)"),
        (
            "[kafka]\npartitions = 1\nbootstrap = 'localhost:one'\n",
            ":3: kafka.bootstrap = 'localhost:one': no HOST:PORT",
        ),
        ("[kafka]\nbootstrap = 'a:1, b c:2'\n", ":2: kafka.bootstrap = ' b c:2': no HOST:PORT"),
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


def test_section_alone_in_the_environment_is_said() -> None:
    """A variable that names a section and none of its settings says so."""
    with pytest.raises(SettingsError, match="WIREWATCH_ARCHIVE names the section"):
        load(None, {"WIREWATCH_ARCHIVE": "sqlite:news.db"})


@pytest.mark.parametrize("address", ["kafka", "a:9092,b:9092", "a:1, b.c-d:2", "[::1]:9092", "10.0.0.1:9092"])
def test_addresses_of_brokers_are_taken(address: str) -> None:
    """Names, numbers, with a port or without one, one or several."""
    assert load(None, {"WIREWATCH_KAFKA_BOOTSTRAP": address}).kafka.bootstrap == address


def test_a_file_in_another_encoding_is_told_in_plain_words(tmp_path: Path) -> None:
    """The line and the byte, with advice."""
    (tmp_path / "wirewatch.toml").write_bytes("# a\n[fetch]\ncontact = 'café'\n".encode("cp1252"))
    with pytest.raises(SettingsError, match=r"line 3 is not UTF-8 .byte 0xe9.: save the file as UTF-8"):
        load(tmp_path / "wirewatch.toml", {})


def test_missing_file_is_named(tmp_path: Path) -> None:
    """A file that was asked for and is not there is an error."""
    with pytest.raises(SettingsError, match="nowhere.toml"):
        load(tmp_path / "nowhere.toml", {})


RECEIVER = '[receivers.desk]\ntype = "webhook"\nurl = "https://desk.example/hook"\nsecret_env = "DESK_SECRET"\n'


def test_receivers_are_tables_of_their_type(tmp_path: Path) -> None:
    """A receiver's table becomes the settings of its type."""
    file = tmp_path / "wirewatch.toml"
    file.write_text(RECEIVER + '\n[receivers.log]\ntype = "file"\npath = "alerts.jsonl"\n')
    receivers = load(file, {})[Receivers]
    assert receivers == {
        "desk": WebhookSettings(url="https://desk.example/hook", secret_env="DESK_SECRET"),
        "log": FileSettings(path="alerts.jsonl"),
    }


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[receivers.a]\nurl = 'x'\n", 1, "type"),
        ("[receivers.a]\ntype = 'pigeon'\n", 1, "no receiver has the type 'pigeon'; there are webhook, apprise"),
        ("[receivers.a]\ntype = 'webhok'\n", 1, r"'webhok' \(did you mean webhook\?\)"),
        ("[receivers.a]\ntype = ['webhook']\n", 1, "no receiver has the type"),
        (RECEIVER + "sekret_env = 'X'\n", 5, "secret_env"),
        ("\n[receivers.a]\ntype = 'alertmanager'\nurl = 'http://a'\nactive_minutes = -1\n", 5, "active_minutes"),
        ("[receivers.a]\ntype = 'file'\n", 1, "path"),
        ("[receivers.'A b']\ntype = 'file'\npath = 'x'\n", 1, "lower-case"),
    ],
)
def test_wrong_receiver_stops_the_start_with_its_place(tmp_path: Path, text: str, line: int, says: str) -> None:
    """The error names file and line, and the allowed values."""
    file = tmp_path / "wirewatch.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=says) as caught:
        load(file, {})
    assert f"wirewatch.toml:{line}:" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "hosts"),
    [
        ("127.0.0.1, hooks.lan", ["127.0.0.1", "hooks.lan"]),
        ('["127.0.0.1", "hooks.lan"]', ["127.0.0.1", "hooks.lan"]),
        ("[::1], hooks.lan", ["[::1]", "hooks.lan"]),
        ("[]", []),
    ],
)
def test_a_list_in_a_variable(value: str, hosts: list[str]) -> None:
    """A variable gives a list as its parts with commas between them, or as the file does."""
    assert load(None, {"WIREWATCH_DELIVER_ALLOW_PRIVATE": value})[DeliverSettings].allow_private == hosts


def test_number_out_of_bounds_in_a_variable_is_told_by_its_bounds() -> None:
    """A number in a variable is no text, also where it is too large."""
    with pytest.raises(SettingsError, match="Expected `int` <= 65535"):
        load(None, {"WIREWATCH_WORKER_HTTP_PORT": "99999"})


def test_words_that_a_variable_may_hold_are_said() -> None:
    """A wrong word in a variable is answered with the right ones."""
    with pytest.raises(SettingsError, match="one of DEBUG, INFO, WARNING, ERROR"):
        load(None, {"WIREWATCH_WORKER_LOG_LEVEL": "loud"})


def test_words_that_a_file_may_hold_are_said(tmp_path: Path) -> None:
    """A wrong word in the file is answered with the right ones."""
    file = tmp_path / "wirewatch.toml"
    file.write_text('[kafka]\nsecurity_protocol = "TLS"\n')
    with pytest.raises(SettingsError, match="one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL"):
        load(file, {})


def test_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """Editors on Windows write such files."""
    file = tmp_path / "wirewatch.toml"
    file.write_bytes(b"\xef\xbb\xbf[worker]\nhttp_port = 9\n")
    assert load(file, {}).worker.http_port == 9


def test_a_settings_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The error says that it is the settings that are missing, not any other file of the command."""
    with pytest.raises(SettingsError, match=r"the settings file \S+none\.toml cannot be read: No such file"):
        load(tmp_path / "none.toml", {})


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    """The error names the obstacle, and the way out."""
    with pytest.raises(SettingsError, match="is a folder, where the settings file is to be: rename it"):
        load(tmp_path, {})
