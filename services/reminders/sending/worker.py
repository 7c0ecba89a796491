"""The delivering process: a Dramatiq worker for each queue, so that a full `bulk` never delays `now`."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event, Thread

import dramatiq

from services.reminders.bell import CHANNELS, QUEUES, Bell, Deliver, Queue, answer, connect, queue_name
from shared import shapes
from shared.events import Channel
from shared.logs import logger

log = logger()

IDLE_MS = 50
"""An idle worker looks for something to do this often; Dramatiq's own second is a second too many."""
NAP_SECONDS = 0.5
"""The threads behind it are woken when there is something; by themselves they look only whether to stop."""
STOP_MS = 20_000
"""What is being sent when the process is told to stop has so long to settle; the rest is returned."""


def work(
    broker_url: str,
    deliver: Deliver,
    stop: Event,
    *,
    threads: int,
    middleware: Sequence[dramatiq.Middleware] = (),
) -> None:
    """Delivers until `stop` is set: `threads` for each bulk queue, half as many for each `now`."""
    shapes.learn()
    # A broker each: Dramatiq's workers do not share one well.
    bells = {(channel, queue): connect(broker_url) for channel in CHANNELS for queue in QUEUES}
    workers = [
        _worker(broker, deliver, *of, threads if of[1] == "bulk" else max(1, threads // 2), middleware)
        for of, broker in bells.items()
    ]
    for worker in workers:
        worker.start()
        for sleeper in worker.workers:
            sleeper.timeout = NAP_SECONDS
    log.info("started", threads=threads)
    stop.wait()
    stopping = [Thread(target=worker.stop, kwargs={"timeout": STOP_MS}) for worker in workers]
    for thread in stopping:
        thread.start()
    for thread in stopping:
        thread.join()
    for broker in bells.values():
        broker.client.close()
    log.info("stopped")


def _worker(
    broker: Bell,
    deliver: Deliver,
    channel: Channel,
    queue: Queue,
    threads: int,
    middleware: Sequence[dramatiq.Middleware],
) -> dramatiq.Worker:
    for one in middleware:
        broker.add_middleware(one)
    answer(broker, deliver, channel, queue)
    name = queue_name(channel, queue)
    return dramatiq.Worker(broker, queues={name}, worker_timeout=IDLE_MS, worker_threads=threads)
