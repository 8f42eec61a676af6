"""Settings that the tests of the commands share."""

import pytest


@pytest.fixture(autouse=True)
def _one_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start one child process, which loads the models, instead of one for each processor."""
    monkeypatch.setenv("WIREWATCH_WORKER_PROCESSES", "1")
