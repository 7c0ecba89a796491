"""The delivering process: a Dramatiq worker for each queue, so that a full `bulk` never delays `now`."""

from __future__ import annotations

from threading import Event

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from services.reminders.bell import CHANNELS, QUEUES, Deliver, answer, queue_name

STOP_MS = 20_000
"""What is being sent when the process is told to stop has so long to settle; the rest is returned."""


def work(broker: RedisBroker, deliver: Deliver, stop: Event, *, threads: int) -> None:
    """Delivers until `stop` is set: `threads` for each bulk queue, half as many for each `now`."""
    answer(broker, deliver)
    workers = [
        dramatiq.Worker(
            broker,
            queues={queue_name(channel, queue)},
            worker_threads=threads if queue == "bulk" else max(1, threads // 2),
        )
        for channel in CHANNELS
        for queue in QUEUES
    ]
    for worker in workers:
        worker.start()
    stop.wait()
    for worker in workers:
        worker.stop(timeout=STOP_MS)
