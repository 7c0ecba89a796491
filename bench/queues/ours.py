"""Dramatiq as Cairn sets it: the bell, and the worker of `cairn reminders work`, here with nothing to do."""

from __future__ import annotations

import os
from threading import Event
from uuid import UUID, uuid4

from bench.queues import tally
from services.reminders import bell
from services.reminders.sending.worker import work
from shared.events import Channel
from shared.loops import told_to_stop

BATCH = 2_000
"""As many as the scheduler rings for at once."""


def enqueue(url: str, jobs: int) -> None:
    """Rings so often, in batches."""
    broker = bell.connect(url)
    for first in range(0, jobs, BATCH):
        some = range(first, min(first + BATCH, jobs))
        bell.ring(broker, [bell.Rung(uuid4(), "sms", "bulk") for _ in some])
    broker.client.close()


def run(url: str, threads: int) -> None:
    """Answers until it is told to stop."""
    stop: Event = told_to_stop()
    work(url, _nothing, stop, threads=threads)


def _nothing(_message: UUID, _channel: Channel, _queue: bell.Queue) -> None:
    tally.one_more()


if __name__ == "__main__":
    run(os.environ["CAIRN_BENCH_QUEUE"], int(os.environ["CAIRN_BENCH_THREADS"]))
