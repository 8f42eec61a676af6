"""The subscribers of docs/subscribing.md in other languages read a topic of a real Kafka."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.kafka.clients import producing
from streams.settings import Settings
from tests.support.documents import blocks, shell_lines
from tests.support.flow import make_topics
from tests.support.processes import start_program
from tests.support.real_kafka import KAFKA, RealKafka

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]
PAGE = "docs/subscribing.md"


@pytest.fixture
async def article(kafka: RealKafka, settings: Settings) -> bytes:
    """An article on `news.tagged`, packed as the steps pack theirs."""
    settings.kafka.bootstrap = kafka.bootstrap
    await make_topics(settings)
    value = '{"title": "Dockers in Valparaíso end their strike"}'.encode()
    async with producing(settings.kafka) as producer:
        await producer.send_and_wait("news.tagged", value * 100, key=b"a", headers=[("ce_id", b"a:1")])
    return value


@pytest.fixture
def programs(kafka: RealKafka, tmp_path: Path) -> dict[str, list[str]]:
    """How each subscriber of the page is started."""
    [shell] = [line for line in shell_lines(PAGE) if line.startswith("kcat ")]
    [java] = [text for kind, text in blocks(PAGE) if kind == "java"]
    (tmp_path / "Subscriber.java").write_text(java.replace('"desk"', '"desk-java"'), encoding="utf-8")
    source = str(tmp_path / "Subscriber.java")
    return {
        "kcat": ["sh", "-c", f"exec {re.sub(r'127.0.0.1:9092', kafka.bootstrap, shell)}"],
        "java": ["java", "-cp", str(KAFKA / "libs" / "*"), source, kafka.bootstrap],
    }


@pytest.mark.parametrize(("name", "needs"), [("kcat", "kcat"), ("java", "javac")])
def test_a_subscriber_reads_headers_and_value(
    name: str, needs: str, programs: dict[str, list[str]], article: bytes
) -> None:
    """It prints the id to upsert by and the article, and is still there for the next one."""
    if shutil.which(needs) is None:
        pytest.skip(f"{needs} is not on the PATH")
    with start_program(programs[name], stdout=subprocess.PIPE) as subscriber:
        assert subscriber.stdout is not None
        try:
            read = b"".join(until(article, iter(subscriber.stdout.readline, b"")))
            assert subscriber.poll() is None
        finally:
            os.killpg(subscriber.pid, signal.SIGKILL)

    assert b"a:1" in read


def until(wanted: bytes, lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield lines up to the first that holds the wanted bytes."""
    for line in lines:
        yield line
        if wanted in line:
            return
