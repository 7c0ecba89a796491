"""Row 3: an import beside COPY of the same rows."""

from __future__ import annotations

import gc
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from bench.cluster import MASTER_KEY, Cluster, cluster
from bench.designs import bare
from bench.designs.win import CLINIC, WORDS
from bench.figures import Goal, Result, Table, rate, ratios, with_spread
from bench.rounds import Progress, interleaved
from infra.local.databases import plain
from services.goals.beats import House
from services.goals.importing.asked import Person
from services.goals.importing.bad import Bad
from services.goals.importing.checking import check, in_parts
from services.goals.importing.forms import opened
from services.goals.importing.judging import Judged, judge
from services.goals.importing.people import Place
from services.goals.importing.whole import Whole
from services.goals.importing.writing import Part, write, write_judged
from services.goals.rules.record import Record
from shared.clinic import Clinic
from shared.database import engine
from shared.vault import Vault

COPIED, WRITTEN, WHOLE = "COPY of the same rows", "what was judged, written", "the whole command"
METHOD = (
    "Clients with a goal, practices with notes, wins and ratings, 33 events each, as lines of a file. "
    "*Written* is what an import does once the rules have judged: keys made, each event encoded and "
    "sealed, versions, streams and addresses checked, chained under the lanes' locks, bound by row- "
    "level security, and the state of each stream kept beside, a hundred clients at a time over two "
    "connections while the next are sealed. "
    "*COPY* puts the same rows, made, sealed and chained beforehand, into a table with the same "
    "partitions and indexes and nothing else. *The whole command* reads the file twice, and judges each "
    "line twice by the rules of the API: before anything is written, and as it is. COPY has one connection; "
    "on the steady disk every flush takes 1 ms."
)


@dataclass(frozen=True)
class Size:
    """Rounds, and clients in each turn, with so many practices each."""

    rounds: int = 5
    clients: int = 1000
    practices: int = 15


QUICK = Size(rounds=1, clients=3, practices=2)


def bulk(progress: Progress, size: Size | None = None) -> Result:
    """Row 3."""
    size = size or Size()
    progress("starting PostgreSQL")
    with cluster("steady") as it, ready(it) as bench:
        progress("importing what is copied")
        bench.prepare(size)
        turns: dict[str, Callable[[], float]] = {
            COPIED: bench.copied,
            WRITTEN: lambda: bench.written(size),
            WHOLE: lambda: bench.whole(size),
        }
        found = interleaved(list(turns), size.rounds, lambda name: turns[name](), progress)
    rows = tuple(
        (name, *rate(rates), with_spread(ratios(rates, found[COPIED]), "percent"))
        for name, rates in found.items()
    )
    table = Table(("what", "events a second", "least to most", "of COPY"), rows)
    goal = Goal("what was judged, beside COPY", ratios(found[WRITTEN], found[COPIED]), 0.5, "percent")
    return Result("3. Import in bulk", METHOD, (table,), (goal,))


class Importer:
    """Imports files of its own making, on a cluster of its own."""

    def __init__(self, it: Cluster, house: House, place: Path) -> None:
        self._admin = psycopg.connect(plain(it.admin), autocommit=True)
        self.house = house
        self._file = place / "clients.jsonl"
        self._number = count()
        self._place = Place(_CLINIC, datetime.now(UTC), uuid4())
        self._rows = b""
        self._copied = 0

    def prepare(self, size: Size) -> None:
        """Imports once, and keeps the rows that this came to."""
        self.written(size)
        with self._admin.cursor() as cursor:
            asked = f"COPY (SELECT {bare.COLUMNS} FROM cairn.event) TO STDOUT (FORMAT binary)"  # noqa: S608  our own columns
            with cursor.copy(asked) as copy:
                self._rows = b"".join(copy)
            counted = cursor.execute("SELECT count(*) FROM cairn.event").fetchone()
            assert counted is not None
            self._copied = counted[0]

    def copied(self) -> float:
        """Rows a second."""
        self._admin.execute("TRUNCATE bench.event")
        began = time.perf_counter()
        asked = f"COPY bench.event ({bare.COLUMNS}) FROM STDIN (FORMAT binary)"
        with self._admin.cursor() as cursor, cursor.copy(asked) as copy:
            copy.write(self._rows)
        return self._copied / (time.perf_counter() - began)

    def written(self, size: Size) -> float:
        """Events a second, judged beforehand."""
        self._write_file(size)
        parts = list(self._parts())
        with _not_collected():
            began = time.perf_counter()
            done = write_judged(self.house, self._place, parts, _refuse, "a-benchmark")
            return done.events / (time.perf_counter() - began)

    def written_events(self, size: Size) -> int:
        """Writes as `written` does; how many events there are then."""
        self.written(size)
        counted = self._admin.execute("SELECT sum(position) FROM cairn.lane_head").fetchone()
        assert counted is not None
        return int(counted[0])

    def whole(self, size: Size) -> float:
        """Events a second, from the file to the log."""
        self._write_file(size)
        file = opened(self._file)
        began = time.perf_counter()
        check(self.house, self._place, file.people(self._place), _refuse)
        done = write(self.house, self._place, file.people(self._place), _refuse, "a-benchmark")
        return done.events / (time.perf_counter() - began)

    def close(self) -> None:
        """Lets go of its connection."""
        self._admin.close()

    def judged(self, size: Size) -> list[Judged]:
        """What the rules make of such a file."""
        self._write_file(size)
        return [one for _, judged in self._parts() for one in judged]

    def _parts(self) -> Iterator[Part]:
        for some in in_parts(opened(self._file).people(self._place)):
            yield some, [self._judge(person) for person in some]

    def _judge(self, person: Person | Whole) -> Judged:
        assert isinstance(person, Person)
        return judge(Record(person.client_id), person, _CLINIC, self._place.started)

    def _write_file(self, size: Size) -> None:
        with self._file.open("w") as file:
            for _ in range(size.clients):
                for line in _lines(f"c{next(self._number)}", size.practices):
                    file.write(json.dumps(line) + "\n")


def _lines(key: str, practices: int) -> Iterator[dict[str, Any]]:
    began = datetime.now(UTC).date() - timedelta(days=100)
    yield {"what": "client", "id": key, "name": "Maya Okafor", "adult": True, "since": str(began)}
    yield _goal(key, began)
    for n in range(practices):
        day = str(began + timedelta(days=2 + n))
        yield {"what": "practice", "client": key, "goal": "a", "on": day, "note": WORDS}
        if n % 4 == 0:
            rated = {"value": n % 11, "rater": "client"}
            yield {"what": "rating", "client": key, "goal": "a", "on": day, **rated}
            yield {"what": "win", "client": key, "on": day, "text": WORDS}


def _goal(key: str, began: date) -> dict[str, Any]:
    return {
        "what": "goal",
        "client": key,
        "id": "a",
        "status": "active",
        "specific": WORDS,
        "measure": {"kind": "per_period", "unit": "exercise", "period": "day"},
        "target": 2,
        "confidence": 7,
        "relevance": WORDS,
        "start_on": str(began),
        "end_on": str(began + timedelta(days=200)),
        "agreed": "together",
    }


def _refuse(bad: Bad) -> None:
    raise AssertionError(str(bad))


@contextmanager
def _not_collected() -> Iterator[None]:
    """An import holds a hundred clients at a time; that all are held here is the benchmark's doing."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def ready(it: Cluster) -> Iterator[Importer]:
    """With the files of a benchmark beside its cluster."""
    bare.prepare(it)
    goals, keys = (engine(url, pool_size=3, autocommit=True) for url in (it.places.goals, it.places.vault))
    with tempfile.TemporaryDirectory(prefix="cairn-bench-") as place:
        bench = Importer(it, House(goals, Vault(keys, MASTER_KEY)), Path(place))
        try:
            yield bench
        finally:
            bench.close()
            goals.dispose()
            keys.dispose()


_CLINIC = Clinic(
    clinic_id=CLINIC, name="Northside", sender="Northside", phone="+15035550100", country="US", locale="en",
    time_zone="America/New_York", quiet_start="21:00", quiet_end="08:00",
)  # fmt: skip
