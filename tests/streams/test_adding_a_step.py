"""docs/adding-a-step.md is followed to the letter: the step that it adds runs over a file and over Kafka."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "adding-a-step.md"
ARTICLE = {
    "id": "a" * 32, "source": "a.example", "title": "Port strike ends", "extractor": "given", "text": "Text.",
    "fetched_at": "2026-01-01T00:00:00Z", "fetch_id": "a:1",
}  # fmt: skip
#: A worker with the step alone, on the embedded broker; it prints the message that comes out.
WORKER = """
import asyncio
from streams.kafka.clients import consuming, producing
from streams.kafka.embedded import EmbeddedBroker
from streams.settings import Settings
from streams.topics import TOPICS
from wirewatch.metrics import new_metrics
from wirewatch.service import Service
from wirewatch.steps import STEPS

async def main(article):
    settings = Settings()
    settings.worker.processes = 1
    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        async with producing(settings.kafka) as producer:
            service = Service(settings, [STEPS["headline"]], new_metrics())
            async with service.running():
                await producer.send_and_wait("news.tagged", article, key=b"a")
                async with consuming(settings.kafka, "wirewatch.headlines", auto_offset_reset="earliest") as consumer:
                    print((await asyncio.wait_for(consumer.getone(), 40)).value.decode(), flush=True)
            value = service.metrics.registry.get_sample_value("wirewatch_headline_titles_total", {"length": "short"})
            print(value, flush=True)

if __name__ == "__main__":
    import os, sys
    asyncio.run(main(sys.argv[1].encode()))
    os._exit(0)
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the code in which the page has been followed."""
    folder = tmp_path_factory.mktemp("checkout")
    for package in ("streams", "agents", "wirewatch"):
        shutil.copytree(ROOT / package, folder / package)  # with its bytecode: four processes compile nothing anew
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        first, _, code = block.partition("\n")
        name = first.removeprefix("# ")
        file = folder / name.split(",")[0]
        if name.endswith("in INTERNAL"):
            head, table, tail = re.split(r"(INTERNAL[^=]*= \()", file.read_text())
            file.write_text(f"{head}{table}\n{code}{tail}")
        elif file.exists():
            file.write_text(file.read_text().replace("\nPUBLIC:", f"\n{code}\nPUBLIC:"))
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(code)
    packages = folder / "wirewatch" / "packages.py"
    packages.write_text(re.sub(r"(PACKAGES = \(.*?)\)", r'\1, "headline")', packages.read_text(), flags=re.DOTALL))
    yield folder
    shutil.rmtree(folder)


def run(checkout: Path, *command: str) -> str:
    """Run a command in the copy and return its output."""
    environ = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(
        [sys.executable, *command], cwd=checkout, env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_the_step_runs_over_a_file(checkout: Path) -> None:
    """`wirewatch apply` knows it by its name."""
    (checkout / "tagged.jsonl").write_bytes(orjson.dumps(ARTICLE) + b"\n")
    out = run(checkout, "-m", "wirewatch", "apply", "headline", "tagged.jsonl")
    assert orjson.loads(out) == {"id": "a" * 32, "words": 3}


def test_the_step_has_settings(checkout: Path) -> None:
    """Its section of the settings is known, and a mistake in it is named."""
    (checkout / "wirewatch.toml").write_text("[headline]\nlong = 0\n")
    environ = {**os.environ, "PYTHONPATH": str(checkout)}
    command = [sys.executable, "-m", "wirewatch", "apply", "headline", "tagged.jsonl"]
    done = subprocess.run(command, cwd=checkout, env=environ, capture_output=True, text=True, check=False)
    (checkout / "wirewatch.toml").unlink()
    assert done.returncode == 2
    assert "headline.long = 0" in done.stderr


def test_the_step_runs_over_kafka(checkout: Path) -> None:
    """A worker takes its messages, writes its outputs and counts them."""
    (checkout / "worker.py").write_text(WORKER)
    lines = run(checkout, "worker.py", orjson.dumps(ARTICLE).decode()).splitlines()
    assert orjson.loads(lines[0]) == {"id": "a" * 32, "words": 3}
    assert lines[1] == "1.0"


def test_the_tests_of_the_step_pass(checkout: Path) -> None:
    """The page's own test finds the settler as the page writes it."""
    out = run(checkout, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/agents/headline")
    assert "1 passed" in out
