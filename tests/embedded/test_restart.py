"""A step that fails is started anew, at once and whole: the failed one is gone."""

import asyncio
import threading
import time

import pytest

import wirewatch.service
import wirewatch.watchdogs
from streams.errors import SettingsError
from streams.kafka.clients import producing
from streams.kafka.embedded import EmbeddedBroker
from streams.kafka.reading import read_all
from streams.message import Settlement
from streams.settings import Settings
from streams.topics import CLEAN, RAW
from tests.support.memory import EchoSettler, echo_step
from wirewatch.metrics import new_metrics
from wirewatch.service import Service


def own_threads() -> int:
    """Return how many threads run, without those of asyncio's pool, which begins them when it likes."""
    return sum(not thread.name.startswith("asyncio_") for thread in threading.enumerate())


async def test_what_failed_ends_and_its_message_comes_again(
    settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message that was in work is settled by the step that was started anew; no thread of the first goes on.

    A clock that is set back starts it anew too: it may wait for a time that is as far away again.
    """
    monkeypatch.setattr(wirewatch.service, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(wirewatch.watchdogs, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(wirewatch.service, "FIRST_WAIT_SECONDS", 0.1)
    failures = iter([RuntimeError("once")])

    wrong = iter([False, True, False, False])

    class FailingSettler(EchoSettler):
        def __init__(self, settings: Settings) -> None:
            if next(wrong):
                raise SettingsError("a file that was changed meanwhile")
            super().__init__(settings)

        def acknowledged(self, settlement: Settlement) -> None:
            if (error := next(failures, None)) is not None:
                raise error

    with EmbeddedBroker() as broker:
        settings.kafka.bootstrap = broker.bootstrap
        settings.kafka.session_timeout_seconds = 2.0
        service = Service(settings, [echo_step(FailingSettler)], new_metrics())
        async with asyncio.timeout(60), service.running():
            while not service.ready:
                await asyncio.sleep(0.05)
            threads = own_threads()
            async with producing(settings.kafka) as producer:
                await producer.send_and_wait(RAW.name, b"text", key=b"k", headers=[("ce_id", b"one")])
            restarts = ("wirewatch_step_restarts_total", {"step": "echo"})
            while not service.metrics.registry.get_sample_value(*restarts) or not service.ready:
                await asyncio.sleep(0.05)
            while len([message async for message in read_all(settings.kafka, [CLEAN.name])]) < 2:
                await asyncio.sleep(0.05)
            assert own_threads() == threads

            assert service.kafka_up
            service.failures["echo"] = "waits to be started anew, for longer than a heartbeat takes"
            service.runners["echo"].app.heartbeat_at -= 60
            assert service.kafka_up
            del service.failures["echo"]
            assert not service.kafka_up

            service.clock = lambda: time.time() - 3600
            while (service.metrics.registry.get_sample_value(*restarts) or 0) < 3 or not service.ready:
                await asyncio.sleep(0.05)
    assert "echo is started anew in 0.4 s: ClockError: the clock was set back by 3,600 s" in caplog.text
    assert "did not end in time" not in caplog.text
