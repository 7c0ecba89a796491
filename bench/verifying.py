"""Row 6: the log verified, with its seals and from the last one, and the read models checked against it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import bulk
from bench.bulk import Importer, ready
from bench.cluster import cluster
from bench.figures import Goal, Result, Table, rate
from bench.rounds import Progress, interleaved
from services.goals.log.verify import verify
from services.goals.rebuilding.rebuild import check
from services.goals.seals.folder import Folder
from services.goals.seals.place import Place, seals_in
from services.goals.seals.sealing import marks_of, seal

VERIFIED, SEALED, REBUILT = "verified", "sealed for the first time", "read models made anew and compared"
KEY = bytes(range(32))
METHOD = (
    "Clients as an import writes them, 33 events each, over all lanes. *Verified* is `cairn goals verify`: "
    "every row read through a cursor, its hash computed anew, versions, streams and heads checked, and each "
    "lane held to a seal, hash and Merkle root. *Sealed* is the same and a signature, with no seal before. "
    "*Read models* is `cairn goals rebuild --check`: each record unsealed, folded, and compared with what is "
    "kept. One process."
)
Size = bulk.Size
QUICK = bulk.QUICK


def verifying(progress: Progress, size: Size | None = None) -> Result:
    """Row 6, without the follower."""
    size = size or Size(rounds=5, clients=6_000)
    progress("starting PostgreSQL")
    with cluster("steady") as it, ready(it) as filled, tempfile.TemporaryDirectory() as folder:
        progress("writing the log")
        filled.written(size)
        place = Folder(Path(folder) / "kept")
        seal(filled.house.engine, place, (KEY,), datetime.now(UTC))
        turns = {
            VERIFIED: lambda: _verified(filled, place),
            SEALED: lambda: _sealed(filled),
            REBUILT: lambda: _rebuilt(filled),
        }
        found = interleaved(list(turns), size.rounds, lambda name: turns[name](), progress)
    rows = tuple((name, *rate(rates)) for name, rates in found.items())
    goals = (
        Goal("events verified a second", tuple(found[VERIFIED]), 100_000, "a second"),
        Goal("events rebuilt a second", tuple(found[REBUILT]), 20_000, "a second"),
    )
    return Result(
        "6. Verify the log, rebuild the read models",
        METHOD,
        (Table(("what", "events a second", "least to most"), rows),),
        goals,
    )


def _verified(filled: Importer, place: Place) -> float:
    def once() -> int:
        verdicts = verify(filled.house.engine, marks=marks_of(seals_in(place)))
        return sum(verdict.events for verdict in verdicts)

    return _a_second(once)


def _sealed(filled: Importer) -> float:
    def once() -> int:
        with tempfile.TemporaryDirectory() as folder:
            made = seal(filled.house.engine, Folder(Path(folder) / "kept"), (KEY,), datetime.now(UTC))
        assert made is not None
        return made.statement.events

    return _a_second(once)


def _rebuilt(filled: Importer) -> float:
    return _a_second(lambda: check(filled.house.engine, filled.house.vault, lambda _: None).events)


def _a_second(once: Callable[[], int]) -> float:
    began = time.perf_counter()
    return once() / (time.perf_counter() - began)
