"""Fixtures that several folders of tests share."""

import gc
import os
import re
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest

from streams.settings import Settings
from tests.support.forked import VARIABLE as FORKED
from tests.support.forked import forked, share_children
from tests.support.hooks import SECRET, DemoReceivers
from tests.support.real_kafka import RealKafka

if TYPE_CHECKING:
    from tests.support.flow import Demo

# A shell that runs the suite in the background, or nohup, has these ignored; commands that tests start would inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
# `timeout` and whoever else ends a run gets it tidied up: brokers ended, folders gone.
signal.signal(signal.SIGTERM, signal.default_int_handler)
gc.disable()  # until the tests are collected: nothing of theirs is garbage
# No test is timed: a busy machine makes any example slow.
hypothesis.settings.register_profile("wirewatch", deadline=None)
hypothesis.settings.load_profile("wirewatch")
#: Folders whose tests start demos, brokers and browsers: a run on several processes begins with them, and ends with short
#: ones, so that no process is left alone with a long file.
LONG = ("embedded", "deploy", "quality", "wirewatch", "streams")
#: Files that share a fixture of the session which takes long to start: one process takes them all.
TOGETHER = {
    "tests/deploy/test_prometheus.py": "tests/embedded/test_demo.py",
    "tests/embedded/test_archive.py": "tests/embedded/test_demo.py",
    "tests/embedded/test_documented_requests.py": "tests/embedded/test_demo.py",
    "tests/embedded/test_examples.py": "tests/embedded/test_demo.py",
    "tests/embedded/test_top.py": "tests/embedded/test_demo.py",
}
#: Files of which each part is handed out on its own: it starts what it needs. The ids of their tests begin with the part.
PARTS = {"tests/wirewatch/test_documented_commands.py": re.compile(r"\[([^]:]+): ")}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Hand out files to the processes of a run, whole, since their fixtures are a file's; in the order of collection."""
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415 - one process needs no xdist

    class Scheduling(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            if file in PARTS and (part := PARTS[file].search(nodeid)) is not None:
                return f"{file} {part[1]}"
            return TOGETHER.get(file, file)

    config.option.loadscopereorder = False
    return Scheduling(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Start one process that forks commands, and children of pools, for all processes of a run."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        os.environ[FORKED] = str(forked().folder)
    share_children()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return the number of processes of `-n auto`: two more than processors, since tests of processes wait half their time."""
    return (os.cpu_count() or 1) + 2


#: The demo while it serves, and the last test that asks it: at rest it takes a twelfth of a processor.
DEMOS: "list[Demo]" = []
LAST: list[str] = []


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for garbage from here on, and not among the modules and tests: there are a million objects of them."""
    gc.freeze()
    gc.enable()
    LAST[:] = [item.nodeid for item in session.items if "demo" in getattr(item, "fixturenames", ())][-1:]


def pytest_runtest_logfinish(nodeid: str) -> None:
    """End the demo behind the last test that asks it."""
    if nodeid in LAST:
        stop_demos()


def stop_demos() -> None:
    """End the demo where it still serves."""
    while DEMOS:
        DEMOS.pop().stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders with long tests first."""

    def place(item: pytest.Item) -> int:
        folder = item.nodeid.removeprefix("tests/").partition("/")[0]
        return LONG.index(folder) if folder in LONG else len(LONG)

    items.sort(key=place)


@pytest.fixture(scope="module")
def kafka() -> Iterator[RealKafka]:
    """A real Kafka of a module's own: nobody else's messages are counted."""
    with RealKafka() as broker:
        yield broker


@pytest.fixture(scope="session")
def demo_receivers() -> Iterator[DemoReceivers]:
    """The receivers that the demo's settings have beside its own; only watches that tests put tell them of anything."""
    with DemoReceivers() as receivers:
        yield receivers


@pytest.fixture(scope="session")
def demo(demo_receivers: DemoReceivers, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Demo]":
    """The demo, with its sample settled and still serving."""
    from tests.support.flow import Demo  # noqa: PLC0415 - with all steps; what hands out the tests of a run needs none

    config = tmp_path_factory.mktemp("demo") / "wirewatch.toml"
    config.write_text(demo_receivers.settings())
    DEMOS.append(Demo("--config", str(config), environ={"HOOK_SECRET": SECRET}))
    yield DEMOS[0]
    stop_demos()


@pytest.fixture
def settings() -> Settings:
    """Settings that suit a test: few partitions, a short session."""
    made = Settings()
    made.kafka.partitions = 4
    made.kafka.session_timeout_seconds = 6.0
    return made
