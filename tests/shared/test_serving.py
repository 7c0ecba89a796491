"""What a worker of ours does otherwise than gunicorn's."""

from __future__ import annotations

import pytest

from shared.serving import Worker


class Told:
    """What gunicorn's parent looks at: when the worker last said that it lives."""

    def __init__(self) -> None:
        self.times = 0

    def notify(self) -> None:
        """Once more."""
        self.times += 1


def test_a_worker_says_that_it_lives_once_a_second_however_often_it_turns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = object.__new__(Worker)
    worker.tmp = Told()
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    for moment in (100.0, 100.4, 100.9, 101.0, 101.5, 102.1):
        now = moment
        worker.notify()
    assert worker.tmp.times == 3
