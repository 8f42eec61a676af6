"""Faust apps of steps, with settings made for pages instead of small events; each departure from the defaults stands here."""

import tempfile
from collections.abc import Sequence
from typing import Any

import faust
from faust.types import TP, AppT

from streams.kafka.clients import MAX_REQUEST_BYTES, METADATA_SECONDS
from streams.kafka.credentials import credentials
from streams.kafka.engine import MAX_HEARTBEAT_SECONDS, Monitoring, StepApp, Tables
from streams.settings import Settings


def new_app(group: str, settings: Settings, topics: Sequence[str] = ()) -> StepApp:
    """Return the Faust app that reads topics as a group; nothing is global, nothing starts before `start`."""
    kafka, worker = settings.kafka, settings.worker
    brokers = [f"kafka://{address.strip()}" for address in kafka.bootstrap.split(",")]
    options: dict[str, Any] = {}
    if (given := credentials(kafka)) is not None:
        options["broker_credentials"] = given
    app = StepApp(
        group,
        broker=brokers,
        set_as_current=False,
        autodiscover=False,
        Monitor=Monitoring,
        TableManager=Tables,
        web_enabled=False,  # wirewatch serves its own metrics, health and page
        topic_allow_declare=False,  # `wirewatch topics create` makes topics, with their limits
        topic_disable_leader=True,  # no leader election, so no topic for it
        key_serializer="raw",
        value_serializer="raw",
        processing_guarantee="at_least_once",  # exactly_once repeats just as much (engine measurements)
        consumer_max_fetch_size=1024 * 1024,
        consumer_metadata_max_age_ms=METADATA_SECONDS * 1000,
        consumer_auto_offset_reset="earliest",
        producer_max_request_size=MAX_REQUEST_BYTES,
        broker_session_timeout=kafka.session_timeout_seconds,
        broker_heartbeat_interval=min(kafka.session_timeout_seconds / 4, MAX_HEARTBEAT_SECONDS),
        broker_commit_interval=worker.commit_interval_seconds,
        broker_commit_every=5_000,
        broker_max_poll_interval=600.0,
        datadir=tempfile.gettempdir(),  # no tables, so nothing is kept there
        **options,
    )
    app.fetch_wait_seconds = worker.fetch_wait_seconds
    app.several_topics = len(topics) > 1
    app.embedded = bool(kafka.journal)
    if topics:
        # Faust subscribes to what its agents read; nothing reaches this one (see _Consumer).
        app.agent(app.topic(*topics, key_serializer="raw", value_serializer="raw"), name=group)(_idle)
    return app


async def _idle(stream: faust.StreamT[Any]) -> None:
    async for _ in stream:
        pass


def finish(app: AppT, topic: str, partition: int, offset: int) -> None:
    """Say that everything below an offset of a partition is done: it may be committed."""
    consumer: Any = app.consumer
    consumer.finish(TP(topic, partition), offset)
