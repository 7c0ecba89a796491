"""Row 6, its third figure: a follower that knows nothing reads the whole log, and is up to date."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import psycopg
from prometheus_client import CollectorRegistry

from bench import bulk
from bench.bulk import Size
from bench.cluster import MASTER_KEY, Cluster
from bench.feed import SIZE, a_second, filled, followed
from bench.figures import Bars, Goal, Result, Table, rate
from bench.rounds import Progress, interleaved
from infra.local.databases import plain
from infra.local.trouble import LocalError
from services.reminders.following.feed import Feed
from services.reminders.following.follow import follow_until
from services.reminders.following.lag import Lag
from shared.database import engine
from shared.vault import Vault

READ, CAUGHT_UP = "the feed, read alone", "a follower from nothing to the end"
LOOK_SECONDS = 0.02
PATIENCE = timedelta(minutes=10)
MADE_BY_FOLLOWING = "person, clinic, reminder, prompt, contact, occasion, message, message_occasion, follower"
METHOD = (
    "Clients as an import writes them, 33 events each, over all lanes. *A follower* is the loop of "
    "`cairn reminders follow`, one, beside a server of one process: each page is fetched over HTTP, its "
    "people opened, moved on, sealed and written together with the checkpoint of each lane, while the next "
    "page is on its way. Its databases are empty before each round but for the keys, which a second round "
    "finds again. From its start until the last event is applied; on the steady disk."
)


QUICK = bulk.QUICK


def following(progress: Progress, size: Size | None = None) -> Result:
    """Row 6, the follower."""
    size = size or SIZE
    with filled(progress, size) as log:
        turns: dict[str, Callable[[], int]] = {
            READ: lambda: followed(log.read, log.events),
            CAUGHT_UP: lambda: _caught_up(log.it, log.read, log.events),
        }

        def turn(name: str) -> float:
            _forget(log.it)
            return a_second(turns[name])

        found = interleaved(list(turns), size.rounds, turn, progress)
    rows = tuple((name, *rate(rates)) for name, rates in found.items())
    table = Table(("what", "events a second", "least to most"), rows)
    goal = Goal("events followed a second", tuple(found[CAUGHT_UP]), 5_000, "a second")
    plot = Bars("events a second", "a second", found)
    return Result("6. A follower from zero", METHOD, (table,), (goal,), (plot,))


def _forget(it: Cluster) -> None:
    with _reminders(it) as admin:
        admin.execute(f"TRUNCATE {MADE_BY_FOLLOWING} CASCADE")
        admin.execute("UPDATE checkpoint SET position = 0, recorded_at = NULL, applied_at = NULL")


def _caught_up(it: Cluster, read: Feed, events: int) -> int:
    """Follows until so many events are applied. Raises LocalError when that does not come."""
    ledger = engine(it.places.reminders, pool_size=3)
    keys = engine(it.places.reminders_vault, pool_size=2, autocommit=True)
    stop = Event()
    lag = Lag(CollectorRegistry())
    loop = follow_until(ledger, Vault(keys, MASTER_KEY), lambda _: None, read, lambda: datetime.now(UTC), lag)
    thread = Thread(target=loop, args=(stop,))
    thread.start()
    try:
        with _reminders(it) as admin:
            _wait_for(admin, events)
    finally:
        stop.set()
        thread.join()
        ledger.dispose()
        keys.dispose()
    return events


def _wait_for(admin: psycopg.Connection, events: int) -> None:
    deadline = time.monotonic() + PATIENCE.total_seconds()
    while True:
        applied = admin.execute("SELECT sum(position) FROM checkpoint").fetchone()
        if applied is not None and applied[0] >= events:
            return
        if time.monotonic() > deadline:
            raise LocalError(f"The follower did not come to the end of {events:,} events")
        time.sleep(LOOK_SECONDS)


@contextmanager
def _reminders(it: Cluster) -> Iterator[psycopg.Connection]:
    url = plain(it.reminders_admin)
    with psycopg.connect(url, autocommit=True) as admin:
        yield admin
