"""Row 4: what a PUT of a win costs over HTTP, beside a bare route and a route on a library."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from bench.cluster import ADMIN, MASTER_KEY, TOKEN_KEY, Cluster, Disk, cluster, folder
from bench.designs import bare, sourced
from bench.designs.win import CLINIC, WORDS
from bench.figures import Goal, Result, Table, percentile, rate, ratios, with_spread
from bench.load import Driven, drive, put, send_all
from bench.rounds import Progress, interleaved
from bench.trips import counted
from infra.local.child import start
from infra.local.people import CLINIC as CLINIC_BODY
from infra.local.people import STAFF
from infra.local.ports import free_port
from infra.local.processes import Processes
from shared import tokens
from shared.settings import Settings, other_variables

OURS = "PUT a win"
BARE = "bare route, bare INSERT"
SOURCED = "route on eventsourcing"
WHAT = {OURS: "ours", BARE: "inserting", SOURCED: "sourcing"}
NAMES: dict[Disk, str] = {"steady": "steady disk", "real": "this machine's disk"}
THERAPIST = UUID("00000000-0000-4000-8000-0000000000a1")
CONNECTIONS = 32
COUNTED = 20
"""PUTs whose round trips are counted, after as many that plans and keys were cached by."""
METHOD = (
    "32 connections kept open, one request at a time on each, from one thread; each connection writes "
    "to clients of its own. Every server is a gunicorn of one process with 16 threads, as `cairn goals "
    "serve` runs it, started on the same PostgreSQL. Ours takes the whole path: token, schema, the five "
    "beats, sealing, current state, metrics and a line in the log. The bare route reads its JSON and "
    "makes one INSERT of a row that was sealed beforehand; the route on eventsourcing loads the client, "
    "records the win and saves. Round trips are counted on the wire, by what stands between a server "
    "and all its databases, with connections open and plans prepared."
)


@dataclass(frozen=True)
class Size:
    """Rounds on each disk (0: not at all), seconds of each turn, clients of each connection."""

    rounds: int = 4
    rounds_on_disk: int = 2
    seconds: float = 1.0
    clients: int = 6


QUICK = Size(rounds=1, rounds_on_disk=0, seconds=0.1, clients=1)


@dataclass(frozen=True)
class Asked:
    """Who is written to, and by which token."""

    token: str
    clients: tuple[UUID, ...]

    def begin(self) -> list[bytes]:
        """Registers every client."""
        who = {"name": "Maya Okafor", "locale": "en", "time_zone": "America/New_York", "adult": True}
        return [self._put(f"/v1/clients/{client}", who) for client in self.clients]

    def win(self, number: int) -> bytes:
        """A new win of a client whom no other connection writes to."""
        mine = self.clients[number::CONNECTIONS]
        fact = uuid4()
        path = f"/v1/clients/{mine[fact.int % len(mine)]}/wins/{fact}"
        return self._put(path, {"kind": "showed_up", "text": WORDS})

    def _put(self, path: str, body: object) -> bytes:
        return put(path, json.dumps(body).encode(), self.token, "127.0.0.1")


def put_win(progress: Progress, size: Size | None = None) -> Result:
    """Row 4."""
    size = size or Size()
    trips: dict[str, float] = {}
    found: dict[Disk, dict[str, list[Driven]]] = {}
    disks: tuple[tuple[Disk, int], ...] = (("steady", size.rounds), ("real", size.rounds_on_disk))
    for disk, rounds in disks:
        if not rounds:
            continue
        progress(f"{NAMES[disk]}: a PostgreSQL starts")
        with cluster(disk) as it, folder(disk) as logs:
            bare.prepare(it)
            sourced.prepare(it)
            if disk == "steady":
                trips = _trips(it, logs, progress)
            found[disk] = _on(it, logs, rounds, size, _of(disk, progress))
    steady = {name: [driven.rate for driven in all_of_it] for name, all_of_it in found["steady"].items()}
    goals = (
        Goal("round trips to the databases a PUT", (trips[OURS],), 4, "trips", at_least=False),
        Goal("beside the bare route", ratios(steady[OURS], steady[BARE]), 0.5, "percent"),
        Goal("beside the route on eventsourcing", ratios(steady[OURS], steady[SOURCED]), 2, "times"),
    )
    return Result("4. PUT a win over HTTP, 32 connections", METHOD, (_table(found, trips),), goals)


def _on(it: Cluster, logs: Path, rounds: int, size: Size, progress: Progress) -> dict[str, list[Driven]]:
    with serving(it, logs, *WHAT.values()) as ports:
        asked = Asked(_therapist(), tuple(uuid4() for _ in range(size.clients * CONNECTIONS)))
        progress(f"{len(asked.clients)} clients are registered")
        furnish(ports["ours"])
        for what in ("ours", "sourcing"):
            send_all(ports[what], asked.begin())

        def turn(name: str) -> Driven:
            return drive(ports[WHAT[name]], asked.win, connections=CONNECTIONS, seconds=size.seconds)

        return interleaved(list(WHAT), rounds, turn, progress)


def _trips(it: Cluster, logs: Path, progress: Progress) -> dict[str, float]:
    """Round trips of a PUT, by name."""
    progress("round trips are counted")
    found = {}
    port = int(it.admin.rpartition(":")[2].partition("/")[0])
    with counted(port) as trips, serving(_moved(it, port, trips.port), logs, *WHAT.values()) as ports:
        furnish(ports["ours"])
        for name, what in WHAT.items():
            asked = Asked(_therapist(), (uuid4(),))
            if what != "inserting":
                send_all(ports[what], asked.begin())
            send_all(ports[what], [asked.win(0) for _ in range(COUNTED)])
            before = trips.count
            send_all(ports[what], [asked.win(0) for _ in range(COUNTED)])
            found[name] = (trips.count - before) / COUNTED
    return found


@contextmanager
def serving(it: Cluster, logs: Path, *what: str) -> Iterator[dict[str, int]]:
    """These servers, ready; their ports."""
    processes = Processes(logs=logs)
    ports, children = {}, []
    try:
        for each in what:
            ports[each] = free_port()
            settings = Settings(
                goals_port=ports[each],
                goals_database_url=it.places.goals,
                vault_database_url=it.places.vault,
                master_key=MASTER_KEY,
                token_key=TOKEN_KEY,
            )
            environment = other_variables() | settings.environment() | {ADMIN: it.admin}
            command = [sys.executable, "-m", "bench.served", each]
            quickly = signal.SIGQUIT  # no answer is waited for any more
            log = logs / f"{each}.log"
            children.append(start(each, command, env=environment, log=log, stop_signal=quickly))
        processes.stage(*children)
        processes.wait_for(*(f"http://127.0.0.1:{port}" for port in ports.values()))
        yield ports
    finally:
        processes.stop()


def furnish(port: int) -> None:
    """A clinic with a therapist, made when it is new."""
    token = _token("operator", "a-benchmark")
    place = f"/v1/clinics/{CLINIC}"
    bodies = {place: CLINIC_BODY, f"{place}/staff/{THERAPIST}": STAFF["therapist"]}
    send_all(port, [put(path, json.dumps(b).encode(), token, "127.0.0.1") for path, b in bodies.items()])


def as_a_service(clinic: UUID | None, _client: UUID | None) -> str:
    """A token of the reminder service's."""
    return _token("service", "reminders", clinic)


def _therapist() -> str:
    return _token("therapist", str(THERAPIST), CLINIC)


def _token(role: str, sub: str, clinic: UUID | None = None) -> str:
    hour = timedelta(hours=1)
    return tokens.mint(TOKEN_KEY, sub=sub, role=role, clinic=clinic, lifetime=hour, now=datetime.now(UTC))


def _moved(it: Cluster, port: int, to: int) -> Cluster:
    """The same cluster, reached by another port."""

    def moved(url: str) -> str:
        return url.replace(f":{port}/", f":{to}/")

    places = replace(it.places, goals=moved(it.places.goals), vault=moved(it.places.vault))
    return Cluster(moved(it.admin), places)


def _of(disk: Disk, progress: Progress) -> Progress:
    return lambda what: progress(f"{NAMES[disk]}: {what}")


def _table(found: dict[Disk, dict[str, list[Driven]]], trips: dict[str, float]) -> Table:
    rows = []
    for disk, by_name in found.items():
        rates = {name: [driven.rate for driven in all_of_it] for name, all_of_it in by_name.items()}
        for name, all_of_it in by_name.items():
            beside = with_spread(ratios(rates[name], rates[BARE]), "percent")
            middle, slow = (
                with_spread([percentile(driven.took, share) for driven in all_of_it], "ms")
                for share in (0.5, 0.99)
            )
            rows.append((NAMES[disk], name, *rate(rates[name]), beside, middle, slow, f"{trips[name]:g}"))
    heads = ("disk", "what", "a second", "least to most", "of the bare route", "p50", "p99", "round trips")
    return Table(heads, tuple(rows))
