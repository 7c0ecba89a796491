"""The least that a delivery could be: Dramatiq as Cairn sets it, and an actor that sleeps in its place."""

from __future__ import annotations

import os
import time
from uuid import UUID

from bench.queues import tally
from services.reminders.bell import Queue
from services.reminders.sending.worker import work
from shared.events import Channel
from shared.loops import told_to_stop

SECONDS = float(os.environ.get("CAIRN_BENCH_SECONDS", "0.1"))


def _sleep(_message: UUID, _channel: Channel, _queue: Queue) -> None:
    time.sleep(SECONDS)
    tally.one_more()


if __name__ == "__main__":
    work(
        os.environ["CAIRN_BENCH_QUEUE"],
        _sleep,
        told_to_stop(),
        threads=int(os.environ["CAIRN_BENCH_THREADS"]),
    )
