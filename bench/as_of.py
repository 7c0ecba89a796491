"""Row 7: a goal as of a day, on either axis, beside loading its stream."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bench.cluster import MASTER_KEY, Cluster, cluster
from bench.designs.lived import REGISTERED, ZONE, told
from bench.designs.win import BY_CLIENT, CLINIC
from bench.figures import Goal, Result, Table, ratios, with_spread
from bench.rounds import Progress, interleaved
from services.goals.log.append import NewEvent, append
from services.goals.log.read import History, load
from services.goals.rules.timeline import Axis, goal_in, place
from shared.database import engine
from shared.events import Event
from shared.vault import Vault

LOADED, KNOWN, TRUE = "loading the stream", "as it was known", "as it was true"
AXES: dict[str, Axis] = {KNOWN: "known", TRUE: "true"}
BATCH = 100
METHOD = (
    "One client with one goal, whose stream has so many events: practices, wins with words, ratings, and an "
    "adjustment in twenty, entered late, days after they were true. *Loading* is the service's own read: one "
    "round trip, rows opened and unsealed. As of today, so that every event counts, it is loaded, the events "
    "are chosen and put in the order of their axis, and the goal is folded from them, as a GET does. One "
    "connection, in turns."
)


@dataclass(frozen=True)
class Size:
    """Rounds, reads in each turn, and events on the goal's stream."""

    rounds: int = 8
    reads: int = 20
    events: int = 1000


QUICK = Size(rounds=1, reads=1, events=40)


def as_of(progress: Progress, size: Size | None = None) -> Result:
    """Row 7."""
    size = size or Size()
    progress("starting PostgreSQL")
    with cluster("steady") as where, connected(where) as (connection, vault):
        progress(f"writing {size.events:,} events")
        found = interleaved([LOADED, KNOWN, TRUE], size.rounds, turns(connection, vault, size), progress)
    rows = tuple(
        (name, with_spread(seconds, "ms"), with_spread(ratios(seconds, found[LOADED]), "times"))
        for name, seconds in found.items()
    )
    goals = tuple(
        Goal(
            f"a goal of {size.events:,} events {name}", ratios(found[name], found[LOADED]), 2, "times", False
        )
        for name in AXES
    )
    return Result("7. A goal as of a day", METHOD, (Table(("what", "a read", "of loading"), rows),), goals)


@contextmanager
def connected(where: Cluster) -> Iterator[tuple[Connection, Vault]]:
    """A connection to the log, and the vault."""
    goals, keys = (
        engine(url, pool_size=1, autocommit=True) for url in (where.places.goals, where.places.vault)
    )
    with goals.connect() as connection:
        yield connection, Vault(keys, MASTER_KEY)
    goals.dispose()
    keys.dispose()


def turns(connection: Connection, vault: Vault, size: Size) -> Callable[[str], float]:
    """Runs a turn of what is named; seconds a read."""
    client, goal = uuid4(), uuid4()

    def read() -> History:
        found = load(connection, vault, CLINIC, goal)
        assert found is not None
        return found

    def then(axis: Axis) -> None:
        now = datetime.now(UTC)
        today = now.astimezone(ZoneInfo(ZONE)).date()
        assert goal_in(place(read().events, goal, today, axis, now, "#/as_of").events, goal) is not None

    def turn(name: str) -> float:
        once = read if name == LOADED else lambda: then(AXES[name])
        began = time.perf_counter()
        for _ in range(size.reads):
            once()
        return (time.perf_counter() - began) / size.reads

    vault.create(client)
    said = [(client, REGISTERED), *((goal, event) for event in told(size.events))]
    for first in range(0, len(said), BATCH):
        append(
            connection,
            vault,
            clinic_id=CLINIC,
            record_id=client,
            expected_version=first,
            events=[
                _new(client, stream, number, event)
                for number, (stream, event) in enumerate(said[first : first + BATCH], start=first)
            ],
            actor=BY_CLIENT,
            correlation_id="a-benchmark",
        )
    return turn


def _new(client: UUID, stream: UUID, number: int, data: Event) -> NewEvent:
    """The event with its place: the goal's stream counts from the second event on."""
    return NewEvent(
        stream_id=stream,
        stream_kind="client" if stream == client else "goal",
        version=number or 1,
        event_id=uuid4(),
        time=datetime.now(UTC),
        data=data,
    )
