"""Celery on a Valkey: one worker, a process a core, results off, prefetching, as one runs short jobs.

Its own documentation advises to ignore results that nobody reads, to raise the prefetch of short jobs, and to
switch off gossip, mingling and the events of other workers where they are not wanted. It runs as many
processes as there are cores, which was faster than threads.
"""

from __future__ import annotations

import os

from celery import Celery  # type: ignore[import-untyped]

from bench.queues import tally

PREFETCH = 64

app = Celery("bench")
app.conf.update(
    broker_url=os.environ.get("CAIRN_BENCH_QUEUE", "memory://"),
    task_ignore_result=True,
    task_acks_late=True,  # as Dramatiq: a job whose worker dies is run again
    worker_prefetch_multiplier=PREFETCH,
    worker_send_task_events=False,
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
)


@app.task(name="nothing")  # type: ignore[untyped-decorator]
def nothing(_message: str) -> None:
    """Does nothing."""
    tally.one_more()


def enqueue(url: str, jobs: int) -> None:
    """Sends so many, on one connection of the broker's."""
    app.conf.broker_url = url
    with app.producer_pool.acquire(block=True) as producer:
        for number in range(jobs):
            nothing.apply_async((str(number),), producer=producer)


def run() -> None:
    """Runs jobs until it is told to stop."""
    app.worker_main(
        ["worker", "--loglevel=ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat",
         f"--concurrency={os.cpu_count()}"]
    )  # fmt: skip


if __name__ == "__main__":
    run()
