"""Rows 1 and 2: what an append costs beside a bare INSERT, one lock for all, and a library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench import pgbench
from bench.cluster import Cluster, Disk, cluster
from bench.crew import Design, crew
from bench.designs import bare, ours, sourced, statements
from bench.figures import Goal, Result, Table, rate, ratios, with_spread
from bench.rounds import Progress, interleaved

BARE = "bare INSERT"
APPEND = "append"
ONE_LOCK = "append, one lock for all"
SOURCED = "eventsourcing"
FUNCTIONS = "eventsourcing, its functions"
IN_PYTHON: dict[str, Design] = {
    BARE: bare.insert,
    APPEND: ours.lanes,
    SOURCED: sourced.plain,
    FUNCTIONS: sourced.functions,
}
METHOD = (
    "Each connection writes wins to eight clients in turn. **In the database**: pgbench calls "
    "`cairn.append`, which in one round trip checks the record's version, takes the lane's next "
    "position, chains, and is bound by row-level security; the *bare INSERT* puts the same row into a "
    "table with the same partitions and indexes and nothing else; *one lock for all* is the same "
    "function with one lane. **In Python**, a process a connection: *append* is the service's own call, "
    "which also encodes the event and seals her words; the bare INSERT, by the same psycopg in the "
    "same way, was encoded and sealed beforehand; *eventsourcing*, by the same psycopg, saves an event "
    "of an aggregate that it holds in memory, set up as its documentation advises; *its functions* are "
    "an option of its. On the steady disk every flush takes 1 ms."
)
NAMES: dict[Disk, str] = {"steady": "steady disk", "real": "this machine's disk"}
Found = dict[str, list[float]]


@dataclass(frozen=True)
class Size:
    """Rounds on the steady disk, on the real one (0: not at all) and in Python; seconds of each turn."""

    rounds: int = 5
    rounds_on_disk: int = 3
    rounds_in_python: int = 3
    seconds: int = 1
    seconds_in_python: float = 0.8


QUICK = Size(rounds=1, rounds_on_disk=0, rounds_in_python=1, seconds=0, seconds_in_python=0.05)


def sixteen(progress: Progress, size: Size | None = None) -> Result:
    """Row 1: 16 connections."""
    steady, real, python = _measured(16, size or Size(), progress)
    goals = (
        Goal(
            "beside the bare INSERT, in the database", ratios(steady[APPEND], steady[BARE]), 0.85, "percent"
        ),
        Goal(
            "beside one lock for all, in the database", ratios(steady[APPEND], steady[ONE_LOCK]), 10, "times"
        ),
        Goal("beside eventsourcing, in Python", ratios(python[APPEND], python[SOURCED]), 10, "times"),
    )
    return Result("1. Append, 16 connections", METHOD, (_table(steady, real, python),), goals)


def one(progress: Progress, size: Size | None = None) -> Result:
    """Row 2: one connection."""
    steady, real, python = _measured(1, size or Size(), progress)
    found = ratios(steady[APPEND], steady[BARE])
    goals = (Goal("beside the bare INSERT, in the database", found, 0.9, "percent"),)
    return Result("2. Append, one connection", METHOD, (_table(steady, real, python),), goals)


def _measured(connections: int, size: Size, progress: Progress) -> tuple[Found, Found, Found]:
    with _started("steady", progress) as it:
        steady = _in_database(it, connections, size.rounds, size.seconds, _of("steady", progress))
        with crew(it, IN_PYTHON, connections) as they:

            def turn(name: str) -> float:
                return they.run(name, size.seconds_in_python)

            python = interleaved(
                list(IN_PYTHON), size.rounds_in_python, turn, _of("steady", progress, ", in Python")
            )
    if not size.rounds_on_disk:
        return steady, {}, python
    with _started("real", progress) as it:
        real = _in_database(it, connections, size.rounds_on_disk, size.seconds, _of("real", progress))
    return steady, real, python


@contextmanager
def _started(disk: Disk, progress: Progress) -> Iterator[Cluster]:
    progress(f"{NAMES[disk]}: a PostgreSQL starts")
    with cluster(disk) as it:
        bare.prepare(it)
        statements.prepare(it)
        sourced.prepare(it)
        yield it


def _in_database(it: Cluster, connections: int, rounds: int, seconds: int, progress: Progress) -> Found:
    scripts = {
        BARE: (it.admin, statements.bare()),
        APPEND: (it.places.goals, statements.append()),
        ONE_LOCK: (it.places.goals, statements.append("bench")),
    }

    def turn(name: str) -> float:
        url, script = scripts[name]
        scripts_a_second = pgbench.runs(
            url, script, connections=connections, seconds=seconds, variables=statements.VARIABLES
        )
        return scripts_a_second * statements.RECORDS

    return interleaved(list(scripts), rounds, turn, progress)


def _of(disk: Disk, progress: Progress, where: str = "") -> Progress:
    return lambda what: progress(f"{NAMES[disk]}{where}: {what}")


def _table(steady: Found, real: Found, python: Found) -> Table:
    places = {
        "in the database, steady disk": steady,
        "in the database, this machine's disk": real,
        "in Python, steady disk": python,
    }
    rows = tuple(
        (place, name, *rate(rates), with_spread(ratios(rates, found[BARE]), "percent"))
        for place, found in places.items()
        for name, rates in found.items()
    )
    return Table(("where", "what", "a second", "least to most", "of the bare INSERT"), rows)
