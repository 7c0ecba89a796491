"""Row 10: jobs that do nothing, on Dramatiq as we set it, on Celery and on procrastinate."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.cluster import PASSWORD, cluster, folder
from bench.figures import Bars, Goal, Result, Table, rate, ratios, with_spread
from bench.queues import ours, tally, with_celery, with_procrastinate
from bench.rounds import Progress, interleaved
from infra.local.child import start
from infra.local.databases import plain
from infra.local.trouble import LocalError
from infra.local.valkey import start_valkey
from shared.settings import other_variables

OURS, CELERY, PROCRASTINATE = "Dramatiq as we set it", "Celery", "procrastinate"
MODULES = {OURS: "ours", CELERY: "with_celery", PROCRASTINATE: "with_procrastinate"}
PATIENCE = 300.0
LOOK_SECONDS = 0.002
METHOD = (
    "Jobs that do nothing, with one argument each, wait before a worker is started; measured from its first "
    "job to its last, so that its start does not count. *Dramatiq as we set it*: the worker of `cairn "
    "reminders work` on a Valkey, 8 threads for the queue, retries, delays and time limits off, for they "
    "live in the ledger. *Celery*: one worker on the same Valkey, a process a core, results ignored, 64 jobs "
    "prefetched, acknowledged when done, without gossip, mingling or events. *procrastinate*: one worker on "
    "a PostgreSQL, asynchronous jobs, 32 at once, deleted when done; on the steady disk. *Enqueued*: in "
    "batches where the library has them."
)


@dataclass(frozen=True)
class Size:
    """Rounds, and jobs in each turn by the queue: enough for some seconds."""

    rounds: int = 3
    jobs: int = 10_000
    slower: int = 3_000
    threads: int = 8


QUICK = Size(rounds=1, jobs=20, slower=20)


@dataclass(frozen=True)
class Ran:
    """Jobs a second: enqueued, and run."""

    enqueued: float
    run: float


def queue(progress: Progress, size: Size | None = None) -> Result:
    """Row 10."""
    size = size or Size()
    progress("starting PostgreSQL and Valkey")
    with cluster("steady") as it, folder("steady") as ground:
        child, redis_url = start_valkey(ground / "valkey", PASSWORD)
        database = _own_database(it.admin)
        urls = {OURS: redis_url, CELERY: redis_url, PROCRASTINATE: database}
        asyncio.run(with_procrastinate.prepare(database))
        enqueue: dict[str, Callable[[int], object]] = {
            OURS: lambda jobs: ours.enqueue(redis_url, jobs),
            CELERY: lambda jobs: with_celery.enqueue(redis_url, jobs),
            PROCRASTINATE: lambda jobs: asyncio.run(with_procrastinate.enqueue(database, jobs)),
        }

        def turn(name: str) -> Ran:
            jobs = size.jobs if name == OURS else size.slower
            began = time.perf_counter()
            enqueue[name](jobs)
            enqueued = jobs / (time.perf_counter() - began)
            return Ran(enqueued, _run(ground, name, urls[name], jobs, size.threads))

        try:
            found = interleaved(list(MODULES), size.rounds, turn, progress)
        finally:
            child.stop()
    return _result(found)


def _own_database(admin: str) -> str:
    with psycopg.connect(plain(admin), autocommit=True) as connection:
        connection.execute("CREATE DATABASE queue")
    return admin.replace("postgresql+psycopg", "postgresql").replace("/cairn_goals", "/queue")


def _run(ground: Path, name: str, url: str, jobs: int, threads: int) -> float:
    """Starts a worker, and gives how many jobs a second it ran. Raises LocalError."""
    tallies = ground / f"{MODULES[name]}-{time.monotonic_ns()}"
    tallies.mkdir()
    environment = other_variables() | {
        tally.VARIABLE: str(tallies),
        "CAIRN_BENCH_QUEUE": url,
        "CAIRN_BENCH_THREADS": str(threads),
    }
    command = [sys.executable, "-m", f"bench.queues.{MODULES[name]}"]
    worker = start(name, command, env=environment, log=ground / f"{MODULES[name]}.log")
    try:
        first, began = _when(tallies, 1)
        last, ended = _when(tallies, jobs)
    except TimeoutError:
        raise LocalError(f"{name} did not come to its end: {worker.last_words(3)}") from None
    finally:
        worker.stop()
    return (last - first) / (ended - began)


def _when(tallies: Path, jobs: int) -> tuple[int, float]:
    """How many were run when so many were, and when that was. Raises TimeoutError."""
    deadline = time.monotonic() + PATIENCE
    while (count := tally.total(tallies)) < jobs:
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(LOOK_SECONDS)
    return count, time.monotonic()


def _result(found: dict[str, list[Ran]]) -> Result:
    run = {name: [one.run for one in ran] for name, ran in found.items()}
    rows = tuple(
        (
            name,
            *rate(rates),
            with_spread(ratios(rates, run[OURS]), "percent"),
            rate([one.enqueued for one in found[name]])[0],
        )
        for name, rates in run.items()
    )
    goals = tuple(
        Goal(f"beside {name}", ratios(run[OURS], run[name]), 2, "times") for name in (CELERY, PROCRASTINATE)
    )
    heads = ("what", "jobs run a second", "least to most", "of ours", "enqueued a second")
    plot = Bars("jobs run a second", "a second", run)
    return Result("10. Jobs that do nothing", METHOD, (Table(heads, rows),), goals, (plot,))
