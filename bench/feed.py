"""Row 5: the feed as a follower reads it, beside a raw scan of the same rows in the same order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from bench import bulk
from bench.bulk import Importer, Size, ready
from bench.cluster import Cluster, cluster, folder
from bench.figures import Bars, Goal, Result, Table, rate, ratios, with_spread
from bench.put_win import as_a_service, serving
from bench.rounds import Progress, interleaved
from infra.local.databases import plain
from services.goals.log import feed as log_feed
from services.goals.log.stored import COLUMNS
from services.reminders.following.feed import Feed
from services.reminders.following.reading_ahead import ReadingAhead, after_all
from shared.goals_client import Goals
from shared.lanes import LANES
from shared.wire import MAX_PAGE

SCANNED, PAGES, FOLLOWED = "raw scan of the same rows", "pages, without HTTP", "the feed, over HTTP"
METHOD = (
    "Clients as an import writes them, 33 events each, over all lanes. *Raw scan*: psycopg reads the "
    "columns of the log that a reader needs of all rows, ordered by lane and position, a thousand at a time "
    "from one cursor, and does nothing with them. *Pages*: what the service does for them: each lane's share "
    "found, no position left out, names and addresses unsealed for whom they are granted, written as "
    "CloudEvents. *The feed*: the reminder service's own reader asks a server of one process for page after "
    "page, a thousand events each, the next while one is parsed, over HTTP with a token. From the first "
    "event to the last, one reader."
)


SIZE, QUICK = Size(clients=1_500), bulk.QUICK


@dataclass(frozen=True)
class Filled:
    """A log of so many events on a cluster of its own, who wrote it, and a reader of its feed over HTTP."""

    it: Cluster
    importer: Importer
    events: int
    read: Feed


@contextmanager
def filled(progress: Progress, size: Size) -> Iterator[Filled]:
    """Writes the log, and serves it by one process."""
    progress("starting PostgreSQL")
    with cluster("steady") as it, ready(it) as importer, folder("steady") as logs:
        progress("writing the log")
        events = importer.written_events(size)
        with serving(it, logs, "ours") as ports:
            goals = Goals(f"http://127.0.0.1:{ports['ours']}", as_a_service)
            yield Filled(it, importer, events, Feed(goals))


def feed(progress: Progress, size: Size | None = None) -> Result:
    """Row 5."""
    size = size or SIZE
    with filled(progress, size) as log:
        turns: dict[str, Callable[[], int]] = {
            SCANNED: lambda: _scanned(log.it),
            PAGES: lambda: pages(log.importer, {}),
            FOLLOWED: lambda: followed(log.read, log.events),
        }
        found = interleaved(list(turns), size.rounds, lambda name: a_second(turns[name]), progress)
    return _result(found)


def followed(read: Feed, events: int) -> int:
    """Reads the feed from nothing on, as a follower does, until so many events came; how many those were."""
    after, count = dict.fromkeys(range(LANES), 0), 0
    reading = ReadingAhead(read)
    while count < events:
        items = reading.read(after).items
        after = after_all(after, items)
        count += len(items)
    return count


def a_second(once: Callable[[], int]) -> float:
    """How many a second it comes to."""
    began = time.perf_counter()
    return once() / (time.perf_counter() - began)


def _scanned(it: Cluster) -> int:
    count = 0
    with psycopg.connect(plain(it.admin)) as connection, connection.cursor("scan") as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM cairn.event ORDER BY lane, position")  # noqa: S608  our own columns
        while rows := cursor.fetchmany(MAX_PAGE):
            count += len(rows)
    return count


def pages(importer: Importer, after: dict[int, int]) -> int:
    """Reads page after page without HTTP, from behind these positions to the end; how many events came."""
    count, house = 0, importer.house
    while True:
        items, after = log_feed.page(
            house.engine, house.vault, lanes=range(LANES), after=after, limit=MAX_PAGE, granted=True
        )
        if not items:
            return count
        count += len(items)


def _result(found: dict[str, list[float]]) -> Result:
    rows = tuple(
        (name, *rate(rates), with_spread(ratios(rates, found[SCANNED]), "percent"))
        for name, rates in found.items()
    )
    table = Table(("what", "events a second", "least to most", "of the raw scan"), rows)
    goal = Goal("beside the raw scan", ratios(found[FOLLOWED], found[SCANNED]), 0.5, "percent")
    return Result("5. The feed", METHOD, (table,), (goal,), (Bars("events a second", "a second", found),))
