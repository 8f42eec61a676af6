"""The documentation is true: commands exist, tables are the code's, links and paths lead somewhere."""

import ast
import re
import shlex
import textwrap
import tomllib
from datetime import UTC, datetime
from fnmatch import fnmatch
from importlib.metadata import metadata
from inspect import signature
from itertools import chain
from pathlib import Path
from typing import Any

import click
import msgspec
import orjson
import pytest
from click.testing import CliRunner

from agents.deliver.receivers.base import Receiver
from tests.support.cli_commands import commands
from tests.support.documents import DOCUMENTS, shell_lines, text_of
from tools import docs_tables
from wirewatch import schema
from wirewatch.cli import COMMANDS, main
from wirewatch.steps import STAGES, STEPS

ROOT = Path(__file__).parents[2]
#: Nouns that `make` is followed by in prose.
MAKE_TARGETS = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", commands(main))
def test_command_has_help_and_a_place(name: str) -> None:
    """`--help` describes a command and each option, and docs/commands.md has it."""
    result = CliRunner().invoke(main, [*name.split(), "--help"])
    assert result.exit_code == 0
    command = commands(main)[name]
    assert command.help and len(command.help) > 40
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"
    assert f"## `wirewatch {name}`" in text_of("docs/commands.md")


def test_help_lists_the_commands() -> None:
    """Each command that help lists can be loaded, and its line there is a sentence."""
    text = CliRunner().invoke(main, ["--help"]).output
    for name, line in COMMANDS.items():
        assert name in text and line.endswith(".")
        assert main.get_command(click.Context(main), name) is not None


@pytest.mark.parametrize("name", ["", *commands(main)])
def test_examples_in_help_keep_their_lines(name: str) -> None:
    """Lines of examples are shown as lines, none wider than a terminal, and no mark for them is left."""
    text = CliRunner().invoke(main, [*name.split(), "--help"]).output
    assert "\\b" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_help_names_every_record() -> None:
    """`wirewatch schema --help` names each record that `wirewatch schema` prints."""
    text = CliRunner().invoke(main, ["schema", "--help"]).output
    assert all(record in text for record in schema.names())


def test_help_names_every_step() -> None:
    """`wirewatch run --help` names each step, and `wirewatch apply --help` has a line for each that runs over a file."""
    run, apply = (CliRunner().invoke(main, [command, "--help"]).output for command in ("run", "apply"))
    listed = re.search(r"(?s)Steps: (.*?)\n\n", run)
    assert listed is not None
    assert set(STEPS) <= set(re.findall(r"\w+", listed[1]))
    assert all(re.search(rf"(?m)^    {stage} ", apply) for stage in STAGES)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_in_documents_exist(document: str) -> None:
    """Each `wirewatch …` and `make …` line of a shell block names a command, options and a target that there are."""
    known = commands(main)
    for line in shell_lines(document):
        if line.startswith("make "):
            assert line.split()[1] in MAKE_TARGETS, line
        for part in re.split(r"[|;>]|&&", line):
            words = shlex.split(part.strip()) if "wirewatch " in part else []
            while words and words[0] != "wirewatch" and not words[0].endswith("/wirewatch"):
                words = words[1:]
            call = words[1:]
            if not call or call[0] in ("--help", "--version"):
                continue
            name = next((n for n in (" ".join(call[:2]), call[0]) if n in known), None)
            assert name is not None, line
            options = {option for parameter in known[name].params for option in parameter.opts} | {"--help"}
            assert {word.split("=")[0] for word in call if word.startswith("-") and word != "-"} <= options, line


@pytest.mark.parametrize("document", docs_tables.DOCUMENTS)
def test_tables_are_generated(document: str) -> None:
    """Tables of steps, topics, settings, metrics and commands are those of the code."""
    assert docs_tables.written(document) == text_of(document), "run: python -m tools.docs_tables"


def test_each_setting_is_described() -> None:
    """Each row of docs/settings.md ends with a description."""
    assert not re.findall(r"^\| `(\S+)` \|.*\|\s*\|$", text_of("docs/settings.md"), re.MULTILINE)


def links_of(document: str) -> list[str]:
    """Return the links of a document to files of the project."""
    return re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)(?:#[^)]*)?\)", text_of(document))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    """Each link to a file of the project has its file."""
    folder = (ROOT / document).parent
    assert not [target for target in links_of(document) if not (folder / target).exists()]


def anchors_of(document: str) -> set[str]:
    """Return the anchors of a document: GitHub makes one of each heading, without its marks and punctuation."""
    prose = re.sub(r"```.*?```", "", text_of(document), flags=re.DOTALL)
    plain = (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line) for line in re.findall(r"^#+ (.+)$", prose, re.MULTILINE))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_to_a_heading(document: str) -> None:
    """Each link into a document, this or another one, has its heading."""
    pairs = re.findall(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)", text_of(document))
    files = {name: (ROOT / document).parent / name if name else ROOT / document for name, _ in pairs}
    lost = [
        (name, anchor)
        for name, anchor in pairs
        if anchor not in anchors_of(str(files[name].resolve().relative_to(ROOT)))
    ]
    assert not lost


@pytest.mark.parametrize("document", DOCUMENTS)
def test_tables_are_whole(document: str) -> None:
    """Each row of a table has as many cells as its head: a line break or a bar within a cell would end the table there."""
    prose = re.sub(r"^```.*?^```", "", text_of(document), flags=re.DOTALL | re.MULTILINE)
    for table in re.findall(r"(?:^\|.*\n)+.*", prose, re.MULTILINE):
        rows = table.splitlines()
        assert re.fullmatch(r"\|(?: ?:?-+:? ?\|)+", rows[1]), rows[:2]
        if not rows[-1].strip() or rows[-1].startswith("<!--"):
            rows.pop()
        bars = {row: len(re.findall(r"(?<!\\)\|", row)) for row in rows}
        assert not [row for row in rows if bars[row] != bars[rows[0]] or not row.endswith("|")]


def test_the_readme_leads_to_the_documents() -> None:
    """From the README a reader comes to most documents, so that there are links to look after."""
    assert len(set(links_of("README.md"))) > 20


@pytest.mark.parametrize("document", DOCUMENTS)
def test_paths_in_documents_exist(document: str) -> None:
    """Each file of the project that a document names is there; names of an example's own package are not asked for."""
    example = set(re.findall(r"# ((?:agents|streams|wirewatch|tests)/\S+\.py)", text_of(document)))
    found = re.findall(
        r"(?<![\w/.])((?:agents|streams|wirewatch|tests|tools|bench|deploy)/[\w/.-]*\w)", text_of(document)
    )
    missing = {
        path
        for path in found
        if "*" not in path
        and not re.fullmatch(r"deploy/\w+", path)
        and not any((ROOT / path).parent.glob((ROOT / path).name + "*"))
    }
    made = {path for path in missing if any(path.split("/")[:2] == name.split("/")[:2] for name in example)}
    assert not missing - made


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_in_documents_is_python(document: str) -> None:
    """Each block of Python parses."""
    for block in re.findall(r"```python\n(.*?)```", text_of(document), re.DOTALL):
        if "INTERNAL" not in block:  # a line inside a tuple
            ast.parse(textwrap.dedent(block))


async def test_the_receiver_of_the_page_is_one() -> None:
    """The class that docs/adding-a-receiver.md shows has every member of a receiver, and delivers."""
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", text_of("docs/adding-a-receiver.md"), re.DOTALL):
        exec(compile(textwrap.dedent(block), "adding-a-receiver.md", "exec"), names)
    settings = msgspec.convert({"type": "pager", "token_env": "PAGER_TOKEN"}, names["PagerSettings"])
    pager = names["Pager"]("desk", settings.token_env)
    members = {*Receiver.__annotations__, *(name for name in vars(Receiver) if not name.startswith("_"))}
    assert {"name", "kind", "send", "close"} <= members
    assert all(hasattr(pager, member) for member in members)
    assert signature(names["Pager"].send) == signature(Receiver.send)
    assert (await pager.send(None, 1)).delivered
    await pager.close()


def test_the_reader_of_the_page_reads() -> None:
    """The function that docs/adding-a-source.md shows reads lists as it says, and any text without an error."""
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", text_of("docs/adding-a-source.md"), re.DOTALL):
        exec(compile(textwrap.dedent(block), "adding-a-source.md", "exec"), names)
    good = "2026-11-28T10:00:00Z\thttps://a.example/1\tDockers strike\n"
    found = names["read_lines"](f"{good}no line\t\t\n", "https://a.example/list")
    long = names["read_lines"](good * 3000, "https://a.example/list")

    assert names["BEGIN"].match(good) and not names["BEGIN"].match("<rss>")
    assert [(entry.url, entry.title) for entry in found.entries] == [
        ("https://a.example/1", "Dockers strike"),
        (None, None),
    ]
    assert found.entries[0].published_at == datetime(2026, 11, 28, 10, tzinfo=UTC)
    assert [len(long.entries), *long.notes] == [2000, "entries_cut: 2000 of 3000 read"]


#: Files that are no data: code, and pages of documents. Any other is, whatever its name ends with.
CODE = {".py", ".pyc", ".typed", ".js", ".css", ".md"}
#: Lists of what pip installs, checksums, the page's own frame, and the texts behind rows.
NO_DATA = (
    "tools/data_sources/",
    "agents/tag/topics/model/checksums.txt",
    "agents/tag/topics/ATTRIBUTIONS.txt",
    "wirewatch/http/page/page.html",
)
#: The ways in which a row says how its file came to be: by a tool, written here, or taken from a source that is named.
ORIGIN = re.compile(r"tools/\w+\.py|written for wirewatch|of our own|\(facts\)|©|general knowledge|story_seeds")


def notice_rows() -> list[list[str]]:
    """Return the cells of NOTICE.md's table: files, sources, licences."""
    return [
        line.strip("| \n").split(" | ") for line in text_of("NOTICE.md").splitlines() if re.match(r"\| [\w/]+/", line)
    ]


def test_notice_has_a_row_for_every_table() -> None:
    """Each file in the tree that is no code is named by NOTICE.md, alone or by its folder."""
    named = [path for row in notice_rows() for path in re.findall(r"[\w-]+/[\w/.*-]*", row[0])]
    files = [
        str(path.relative_to(ROOT))
        for folder in ("streams", "agents", "wirewatch", "tools", "bench", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in CODE
    ]
    missing = [
        file
        for file in files
        if not file.startswith(NO_DATA) and not any(file.startswith(path) or fnmatch(file, path) for path in named)
    ]

    assert len(files) > 50
    assert not missing


def test_every_row_of_the_notice_says_how_its_file_came_to_be() -> None:
    """A row names the tool that made its file, a source, or that it was written here; and a tool that is named exists."""
    rows = notice_rows()
    assert all(len(row) == 3 and all(row) for row in rows)
    assert not [row[0] for row in rows if not ORIGIN.search(row[1])]
    tools = {tool for row in rows for tool in re.findall(r"tools/\w+\.py", row[1])}
    assert not [tool for tool in tools if not (ROOT / tool).is_file()]


#: Licences that ask for more than to be named.
RECIPROCAL = re.compile(r"\b(?:A|L)?GPL|\bMPL|\bEPL|\bEUPL|\bCDDL")


def test_libraries_that_are_not_permissive_are_named() -> None:
    """NOTICE.md names each library whose licence asks for more than to be named, and no strict one is among them."""
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    extras = (
        value for name, value in project["optional-dependencies"].items() if name not in ("dev", "bench", "build")
    )
    wanted = {re.split(r"[\[><=]", line)[0] for line in (*project["dependencies"], *chain(*extras))} - {"wirewatch"}
    licences = {name: licence_of(name) for name in wanted}
    reciprocal = {name: licence for name, licence in licences.items() if RECIPROCAL.search(licence)}

    assert len(licences) > 25
    assert all(licences.values()), licences
    assert {name for name in licences if name in text_of("NOTICE.md").rpartition("permissive but")[2]} == set(
        reciprocal
    )
    assert not [name for name, licence in reciprocal.items() if re.search(r"\bA?GPL", licence)]


def licence_of(library: str) -> str:
    """Return the licence that a library's package states, in one line."""
    known = metadata(library)
    classifiers = [line for line in known.get_all("Classifier") or () if line.startswith("License")]
    stated = [known[name].partition("\n")[0][:100] for name in ("License-Expression", "License") if name in known]
    return "; ".join(filter(None, stated[:1] or classifiers))


def test_the_readme_is_short() -> None:
    """A front page is read, a report is not: at most 8 kB, with a picture."""
    text = text_of("README.md")
    assert len(text.encode()) <= 8_000
    assert "](docs/page.png)" in text
    assert (ROOT / "docs" / "page.png").read_bytes().startswith(b"\x89PNG")


def test_decisions_and_changes_are_short() -> None:
    """A decision is read in some minutes, and so is what a user notices of all changes."""
    decisions = [name for name in DOCUMENTS if name.startswith("docs/decisions/")]
    assert decisions
    assert not [name for name in decisions if len(text_of(name).encode()) > 15_000]
    assert len(text_of("CHANGELOG.md").encode()) <= 25_000


def test_schemas_in_the_repository_are_generated() -> None:
    """schemas/ holds exactly the schemas of the types."""
    folder = ROOT / "schemas"
    documents = {f"{name}.json": schema.json_schema(name) for name in schema.KINDS} | {
        "asyncapi.json": schema.asyncapi()
    }
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
    """Where nothing answers, the error names the address and the ways out."""
    result = CliRunner().invoke(main, ["audit", "--bootstrap", "127.0.0.1:9"])
    assert result.exit_code == 3


def test_watches_are_tried_over_a_file(tmp_path: Path) -> None:
    """`watches check`, `test` and `backtest` try a watch on tagged articles."""
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
        "matches 1 of 1 article;"
        in runner.invoke(main, ["watches", "backtest", str(watch), "--file", str(tagged)]).output
    )
    watch.write_text('name = "port"\nquery = "strike AND"\n')
    assert runner.invoke(main, ["watches", "check", str(watch)]).exit_code == 2
