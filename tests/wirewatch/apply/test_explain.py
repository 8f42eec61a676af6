"""`wirewatch apply clean --explain`."""

from pathlib import Path

import jsonschema_rs
import orjson
from click.testing import CliRunner

from wirewatch.cli import main
from wirewatch.schema import json_schema

SENTENCE = "The mill by the weir grinds again since Tuesday, its new owners told the valley's paper this week. "


def lines(tmp_path: Path) -> Path:
    """Return a file of two raw records, the second without text."""
    page = f"<html lang='en'><head><title>Mill grinds again</title></head><body><article><h1>Mill grinds again</h1><p>{SENTENCE}"
    record = {"url": "https://valley.example/1", "fetched_at": "2026-01-03T00:00:00Z", "content_type": "text/html"}
    path = tmp_path / "raw.jsonl"
    path.write_bytes(
        b"\n\n".join(orjson.dumps(record | {"content": content}) for content in (page + SENTENCE * 3, "<p>"))
    )
    return path


def test_each_clean_record_is_followed_by_its_explanation(tmp_path: Path) -> None:
    """The explanation names the record that it explains; a dead record has none."""
    result = CliRunner().invoke(main, ["apply", "clean", "--explain", str(lines(tmp_path))])
    assert result.exit_code == 0, result.stderr
    clean, explanation, dead = map(orjson.loads, result.stdout.splitlines())
    jsonschema_rs.validate(json_schema("explanation"), explanation)
    assert explanation["explains"] == clean["id"]
    assert explanation["choices"]["title"]["value"] == clean["title"] == "Mill grinds again"
    assert dead["schema"] == "wirewatch.dead.v1"


def test_only_the_step_clean_is_explained(tmp_path: Path) -> None:
    """Another step, or more than one, is a wrong setting."""
    result = CliRunner().invoke(main, ["apply", "clean,tag", "--explain", str(lines(tmp_path))])
    assert result.exit_code != 0
    assert "--explain" in result.stderr
