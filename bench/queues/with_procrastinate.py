"""Procrastinate on a PostgreSQL: one worker, asynchronous jobs, many at once, finished ones deleted.

Its documentation advises concurrency for jobs that wait, jobs deferred in batches, and finished jobs deleted
so that its table stays small.
"""

from __future__ import annotations

import asyncio
import os

import procrastinate
from procrastinate.types import JSONValue

from bench.queues import tally

BATCH = 2_000
CONCURRENCY = 32

app = procrastinate.App(
    connector=procrastinate.PsycopgConnector(
        conninfo=os.environ.get("CAIRN_BENCH_QUEUE", ""), min_size=4, max_size=CONCURRENCY
    )
)


@app.task(name="nothing", queue="bulk")
async def nothing(message: str) -> None:  # noqa: ARG001  a job has an argument, as ours has
    """Does nothing."""
    tally.one_more()


async def prepare(url: str) -> None:
    """Its tables."""
    with app.replace_connector(_connector(url)) as here:
        async with here.open_async():
            await here.schema_manager.apply_schema_async()


async def enqueue(url: str, jobs: int) -> None:
    """Defers so many, in batches."""
    with app.replace_connector(_connector(url)) as here:
        async with here.open_async():
            for first in range(0, jobs, BATCH):
                some: list[dict[str, JSONValue]] = [
                    {"message": str(number)} for number in range(first, min(first + BATCH, jobs))
                ]
                await here.configure_task("nothing", queue="bulk").batch_defer_async(*some)


async def run() -> None:
    """Runs jobs until it is told to stop."""
    async with app.open_async():
        await app.run_worker_async(queues=["bulk"], concurrency=CONCURRENCY, delete_jobs="always")


def _connector(url: str) -> procrastinate.PsycopgConnector:
    return procrastinate.PsycopgConnector(conninfo=url, min_size=1, max_size=4)


if __name__ == "__main__":
    asyncio.run(run())
