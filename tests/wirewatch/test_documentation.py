"""The documentation is true: every command has help and is in the README, tables and schemas are what the code says."""

import re
import shlex
from pathlib import Path

import click
import orjson
import pytest
from click.testing import CliRunner

from streams.records import RECORDS
from tests.support.cli_commands import commands
from tools import readme_tables
from wirewatch import schema
from wirewatch.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", commands(main))
def test_command_has_help_and_is_in_the_readme(name: str) -> None:
    """`--help` says what a command does and what each option is for, and the README names the command."""
    result = CliRunner().invoke(main, [*name.split(), "--help"])
    assert result.exit_code == 0
    command = commands(main)[name]
    assert command.help and len(command.help) > 40
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"
    assert f"wirewatch {name}" in README


@pytest.mark.parametrize("name", ["", *commands(main)])
def test_examples_in_help_keep_their_lines(name: str) -> None:
    """What help sets as lines is shown as lines, none wider than a terminal, and no mark for it is left."""
    text = CliRunner().invoke(main, [*name.split(), "--help"]).output
    assert "\\b" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_help_names_every_record() -> None:
    """`wirewatch schema --help` names what `wirewatch schema` prints."""
    text = CliRunner().invoke(main, ["schema", "--help"]).output
    assert all(record in text for record in schema.names())


def test_commands_in_the_readme_exist() -> None:
    """Each `wirewatch …` line of the README's code blocks names a command and options that there are."""
    known = commands(main)
    blocks = re.findall(r"```(?:sh|console|bash)\n(.*?)```", README, re.DOTALL)
    lines = [
        line.split("#")[0].strip()
        for block in blocks
        for line in block.splitlines()
        if "wirewatch " in line.split("#")[0]
    ]
    assert lines
    for line in lines:
        call = shlex.split(re.split(r"[|>]", line[line.index("wirewatch ") :])[0])[1:]
        name = next((n for n in (" ".join(call[:2]), call[0]) if n in known), None)
        assert name is not None, line
        options = {option for parameter in known[name].params for option in parameter.opts}
        assert {word.split("=")[0] for word in call if word.startswith("-") and word != "-"} <= options, line


def test_readme_tables_are_generated() -> None:
    """The tables of steps, topics, settings and metrics are what the code says."""
    assert readme_tables.written(README) == README, "run: python -m tools.readme_tables"


def test_schemas_in_the_repository_are_generated() -> None:
    """schemas/ holds exactly what the types say."""
    folder = ROOT / "schemas"
    documents = {f"{name}.json": schema.json_schema(name) for name in RECORDS} | {"asyncapi.json": schema.asyncapi()}
    assert {path.name for path in folder.glob("*.json")} == set(documents)
    for name, document in documents.items():
        assert orjson.loads((folder / name).read_bytes()) == document, f"{name}: run `wirewatch schema --write schemas`"


def test_wrong_settings_end_with_two(tmp_path: Path) -> None:
    """A wrong setting is one line on standard error and exit 2, without a traceback."""
    file = tmp_path / "wirewatch.toml"
    file.write_text("[kafka]\nboot = 1\n")
    result = CliRunner().invoke(main, ["audit", "--config", str(file)])
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_no_kafka_ends_with_three() -> None:
    """Where nothing answers, the error says where and what to do."""
    result = CliRunner().invoke(main, ["audit", "--bootstrap", "127.0.0.1:9"])
    assert result.exit_code == 3


def test_watches_are_tried_over_a_file(tmp_path: Path) -> None:
    """`watches check`, `test` and `backtest` say what a watch does with tagged articles."""
    watch = tmp_path / "port.toml"
    watch.write_text('name = "port"\nquery = "strike NEAR/5 port"\nseverity = "info"\n')
    article = {
        "schema": "wirewatch.tagged.v1", "id": "a" * 32, "source": "a.example", "title": "Port strike ends", "extractor": "given",
        "text": "The strike in the port of Brest is over.", "fetched_at": "2026-01-01T00:00:00Z", "language": "en",
    }  # fmt: skip
    tagged = tmp_path / "tagged.jsonl"
    tagged.write_bytes(orjson.dumps(article) + b"\n")
    runner = CliRunner()
    assert runner.invoke(main, ["watches", "check", str(watch)]).exit_code == 0
    assert "matches" in runner.invoke(main, ["watches", "test", str(watch), str(tagged)]).output
    assert (
        "1 of 1 articles match"
        in runner.invoke(main, ["watches", "backtest", str(watch), "--file", str(tagged)]).output
    )
    watch.write_text('name = "port"\nquery = "strike AND"\n')
    assert runner.invoke(main, ["watches", "check", str(watch)]).exit_code == 2
