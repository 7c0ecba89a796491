"""Row 9: deliveries through real workers, beside an actor that only sleeps as long as a send takes."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

import structlog

from bench.cluster import MASTER_KEY, PASSWORD, TOKEN_KEY, Cluster, cluster, folder
from bench.designs.crowd import Crowd
from bench.figures import Bars, Goal, Result, Table, rate, ratios, with_spread, written
from bench.processes import cpu_by_name
from bench.queues import ours, tally
from bench.rounds import Progress, interleaved
from bench.slow_provider import taking
from infra.local.child import Child, start
from infra.local.trouble import LocalError
from infra.local.valkey import start_valkey
from services.reminders import bell
from services.reminders.following.apply import apply
from shared.database import engine
from shared.settings import Settings, other_variables
from shared.vault import Vault

WORKER = "cairn reminders work"
SENT, SLEPT = "sent by real workers", "slept by a bare actor"
STEADY = (0.2, 0.95)
"""Between which shares of all it is measured: all workers run by then, and none is short of work yet."""
PATIENCE = 120.0
LOOK_SECONDS = 0.005
PAGE = 1_000
METHOD = (
    "`cairn reminders work --threads 32`, so many of them, with Twilio's own SDK and a stand-in that takes "
    "100 ms and next to no CPU; each message is a celebration to a client of its own: a token, claimed and "
    "judged in one transaction, worded, handed over, settled in another. *Bare*: the same workers and the "
    "same bell, and an actor that sleeps for 100 ms. All were rung for before the workers start; measured "
    "from a fifth of them to nineteen twentieths. PostgreSQL on the steady disk, beside Valkey, the stand-in "
    "and the workers on the same cores. *CPU a send* is the workers' own, and in brackets PostgreSQL's. "
    "*Of all cores* is what all of it took together: near 100 % the machine is full, and more workers send "
    "no more."
)


@dataclass(frozen=True)
class Size:
    """Rounds, how many workers run beside each other, their threads, sends a worker, seconds of each."""

    rounds: int = 3
    workers: tuple[int, ...] = (1, 2, 4)
    threads: int = 32
    sends: int = 1_500
    seconds: float = 0.1


QUICK = Size(rounds=1, workers=(1,), threads=4, sends=12, seconds=0.01)


@dataclass(frozen=True)
class Ran:
    """Sends a second; the seconds of CPU that one took, the workers' and PostgreSQL's; and how much of the
    machine's cores all of it took together.
    """

    a_second: float
    cpu: float
    database_cpu: float
    of_cores: float


def deliver(progress: Progress, size: Size | None = None) -> Result:
    """Row 9."""
    size = size or Size()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    progress("starting PostgreSQL, Valkey and the stand-in")
    with cluster("steady") as it, folder("steady") as ground, _post(it, ground, size) as post:
        turns: dict[str, Callable[[], Ran]] = {}
        for workers in size.workers:
            turns[_named(SENT, workers)] = partial(post.sent, workers)
            turns[_named(SLEPT, workers)] = partial(post.slept, workers)
        found = interleaved(list(turns), size.rounds, lambda name: turns[name](), progress)
    return _result(found, size)


class Post:
    """Everything that a worker needs, and how it is told to go on."""

    def __init__(
        self, it: Cluster, ground: Path, broker_url: str, provider: Settings, taken: Path, size: Size
    ) -> None:
        self._ground = ground
        self._broker_url = broker_url
        self._taken = taken
        self._size = size
        self._crowd = Crowd()
        self._ledger = engine(it.places.reminders, pool_size=1)
        self._keys = engine(it.places.reminders_vault, pool_size=1, autocommit=True)
        self._vault = Vault(self._keys, MASTER_KEY)
        settings = replace(
            provider,
            reminders_database_url=it.places.reminders,
            reminders_vault_database_url=it.places.reminders_vault,
            broker_url=broker_url,
            goals_url="http://127.0.0.1:9",
            master_key=MASTER_KEY,
            token_key=TOKEN_KEY,
            reminders_public_url="https://reminders.example.org",
        )
        self._environment = other_variables() | settings.environment()
        self._apply(self._crowd.clinic())

    def sent(self, workers: int) -> Ran:
        """So many workers send."""
        many = self._size.sends * workers
        rung: list[bell.Rung] = []
        items = self._crowd.clients(many)
        for first in range(0, len(items), PAGE):
            rung += self._apply(items[first : first + PAGE])
        if len(rung) != many:
            raise LocalError(f"{len(rung):,} messages were planned of {many:,}")
        command = [sys.executable, "-m", "infra.command", "reminders", "work"]
        command += ["--threads", str(self._size.threads)]
        broker = bell.connect(self._broker_url)
        bell.ring(broker, rung)
        broker.client.close()
        return self._run(command, workers, many, self._taken)

    def slept(self, workers: int) -> Ran:
        """So many workers sleep."""
        many = self._size.sends * workers
        ours.enqueue(self._broker_url, many)
        taken = self._ground / f"slept-{time.monotonic_ns()}"
        taken.mkdir()
        return self._run([sys.executable, "-m", "bench.queues.sleeping"], workers, many, taken)

    def close(self) -> None:
        """Lets go of its connections."""
        self._ledger.dispose()
        self._keys.dispose()

    def _apply(self, items: list[dict[str, object]]) -> list[bell.Rung]:
        rung: list[bell.Rung] = []
        apply(self._ledger, self._vault, rung.extend, items, datetime.now(UTC))
        return rung

    def _run(self, command: list[str], workers: int, many: int, taken: Path) -> Ran:
        environment = self._environment | {
            tally.VARIABLE: str(taken),
            "CAIRN_BENCH_QUEUE": self._broker_url,
            "CAIRN_BENCH_THREADS": str(self._size.threads),
            "CAIRN_BENCH_SECONDS": str(self._size.seconds),
        }
        before = tally.total(taken)
        children: list[Child] = []
        try:
            for number in range(workers):
                log = self._ground / f"worker-{number}.log"
                children.append(start(f"worker {number}", command, env=environment, log=log))
            return _steady(taken, before, many, children)
        finally:
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.stop(ask=False)


def _steady(taken: Path, before: int, many: int, workers: list[Child]) -> Ran:
    """What it came to in between. Raises LocalError."""
    marks = []
    for share in (*STEADY, 1.0):
        deadline = time.monotonic() + PATIENCE
        while (count := tally.total(taken) - before) < many * share:
            died = next((one for one in workers if one.process.poll() is not None), None)
            if died is not None or time.monotonic() > deadline:
                what = died or workers[0]
                raise LocalError(f"{count:,} of {many:,} were sent: {what.last_words(2)}")
            time.sleep(LOOK_SECONDS)
        marks.append((count, time.monotonic(), cpu_by_name()))
    (first, began, cpu), (last, ended, cpu_then) = marks[:2]
    sends = last - first
    spent = {name: cpu_then.get(name, 0.0) - cpu.get(name, 0.0) for name in cpu_then}
    own = sum(spent.get(name, 0.0) for name in (WORKER, "bench.queues.sleeping"))
    of_cores = sum(spent.values()) / (ended - began) / (os.cpu_count() or 1)
    return Ran(sends / (ended - began), own / sends, spent.get("postgres", 0.0) / sends, of_cores)


@contextmanager
def _post(it: Cluster, ground: Path, size: Size) -> Iterator[Post]:
    with ExitStack() as running:
        valkey, broker_url = start_valkey(ground / "valkey", PASSWORD)
        running.callback(valkey.stop)
        settings, taken = running.enter_context(taking(ground, size.seconds))
        post = Post(it, ground, broker_url, settings, taken, size)
        running.callback(post.close)
        yield post


def _named(what: str, workers: int) -> str:
    return f"{what}, {workers}"


def _result(found: dict[str, list[Ran]], size: Size) -> Result:
    rates = {name: [ran.a_second for ran in all_of_it] for name, all_of_it in found.items()}
    rows = tuple(
        (
            str(workers),
            what,
            *rate(rates[_named(what, workers)]),
            with_spread(ratios(rates[_named(what, workers)], rates[_named(SLEPT, workers)]), "percent"),
            _cpu(found[_named(what, workers)]),
            written(median(ran.of_cores for ran in found[_named(what, workers)]), "percent"),
        )
        for workers in size.workers
        for what in (SENT, SLEPT)
    )
    two = 2 if 2 in size.workers else size.workers[0]
    most = ratios(rates[_named(SENT, two)], rates[_named(SLEPT, two)])
    goals = [Goal(f"beside the bare actor, {two} × {size.threads} threads", most, 0.85, "percent")]
    goals += [
        Goal(
            f"{workers} workers beside 1", ratios(rates[_named(SENT, workers)], rates[_named(SENT, 1)]),
            0.85 * workers, "times",
        )
        for workers in size.workers
        if workers > 1
    ]  # fmt: skip
    heads = (
        "workers",
        "what",
        "a second",
        "least to most",
        "of the bare actor",
        "CPU a send",
        "of all cores",
    )
    plot = Bars("sends a second, by workers", "a second", rates)
    return Result("9. Deliveries", METHOD, (Table(heads, rows),), tuple(goals), (plot,))


def _cpu(ran: list[Ran]) -> str:
    middle = sorted(ran, key=lambda one: one.cpu)[len(ran) // 2]
    return f"{written(middle.cpu, 'ms')} ({written(middle.database_cpu, 'ms')})"
