"""The pages of the therapist's room: how soon their first byte comes, and how many bytes they are."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import requests

from bench.cluster import MASTER_KEY, Cluster, cluster, folder
from bench.designs.lived import REGISTERED, told
from bench.designs.win import BY_CLIENT, CLINIC
from bench.figures import Goal, Result, Table, percentile, with_spread
from bench.put_win import THERAPIST, furnish, serving
from bench.rounds import Progress, interleaved
from infra.local.people import STAFF
from services.goals.log.append import NewEvent, append
from services.goals.rebuilding.rebuild import rebuild
from services.goals.web.accounts import Accounts, Somebody
from shared.database import engine
from shared.events import Event, TeamSet
from shared.vault import Vault

PASSWORD = "a calm walk by the river"  # noqa: S105  of a cluster that ends with the run
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SOONEST, MOST = 0.1, 100.0
"""Seconds to the first byte, and kilobytes of a page, that no page is to be above."""
BATCH = 100
METHOD = (
    "A client of 20 goals and 5,000 events: each goal has practices, ratings, wins with words, and an "
    "adjustment in twenty, many entered late. A gunicorn of one process with 16 threads serves the pages, as "
    "`cairn goals serve` does; one visitor who is signed in asks for one page after another over one "
    "connection. Before the first byte a page reads and unseals the record, folds it, draws, and writes the "
    "look into the access log. The bytes are those of the page itself, before anything compresses them."
)


@dataclass(frozen=True)
class Size:
    """Rounds, looks in each turn, her goals, and the events of each."""

    rounds: int = 8
    looks: int = 5
    goals: int = 20
    events: int = 250


@dataclass(frozen=True)
class Look:
    """Looks at one page: seconds to the first byte of each, and its bytes."""

    seconds: tuple[float, ...]
    bytes: int


QUICK = Size(rounds=1, looks=1, goals=2, events=40)


def pages(progress: Progress, size: Size | None = None) -> Result:
    """Every page that a record is read for."""
    size = size or Size()
    progress("starting PostgreSQL")
    with cluster("steady") as it, folder("steady") as logs, serving(it, logs, "ours") as ports:
        furnish(ports["ours"])
        progress(f"writing {size.goals * size.events:,} events")
        client, goal = _written(it, size)
        with _visitor(f"http://127.0.0.1:{ports['ours']}", it) as visitor:
            addresses = _addresses(client, goal)
            found = interleaved(
                list(addresses), size.rounds, lambda name: visitor.look(addresses[name], size.looks), progress
            )
    return _result(found)


def _addresses(client: UUID, goal: UUID) -> dict[str, str]:
    then = (datetime.now(UTC) - timedelta(days=40)).toordinal()
    past = f"/goals/{goal}"
    hers = f"/clients/{client}"
    return {
        "the list of clients": "/clients",
        "her page": hers,
        "how she is reached": f"{hers}/reach",
        "who has looked": f"{hers}/looks",
        "what can be copied": f"{hers}/copies",
        "the form of a new goal": f"{hers}/goals/new",
        "a goal": past,
        "its history": f"{past}/history",
        "its history, with every entry": f"{past}/history?show=all",
        "its history, 40 days ago as we know now": f"{past}/history?axis=true&day={then}",
        "two days of it": f"{past}/difference?axis=true",
        "her copy of it": f"{past}/copy?words=yes",
        "whether it is as it was written": f"{past}/integrity",
        "a goal, to adjust it": f"{past}/adjust",
        "a goal, to write something down": f"{past}/notes",
    }


class Visitor:
    """Somebody who is signed in, by a browser that loads one page after another."""

    def __init__(self, session: requests.Session, at: str) -> None:
        self._session, self._at = session, at

    def sign_in(self, email: str) -> None:
        """Raises RuntimeError where the room does not let her in."""
        form = self._session.get(f"{self._at}/sign-in", timeout=30).text
        found = TOKEN.search(form)
        body = {"csrf_token": found[1] if found else "", "email": email, "password": PASSWORD}
        if self._session.post(f"{self._at}/sign-in", body, timeout=30).url != f"{self._at}/clients":
            raise RuntimeError("the visitor could not sign in")

    def look(self, address: str, times: int) -> Look:
        """So many looks at a page, one after another."""
        seconds, length = [], 0
        for _ in range(times):
            began = time.perf_counter()
            with self._session.get(self._at + address, stream=True, timeout=30) as answer:
                seconds.append(time.perf_counter() - began)
                answer.raise_for_status()
                length = len(answer.content)
        return Look(tuple(seconds), length)


@contextmanager
def _visitor(at: str, it: Cluster) -> Iterator[Visitor]:
    """The client's therapist, signed in."""
    goals, keys = (engine(url, pool_size=1, autocommit=True) for url in (it.places.goals, it.places.vault))
    email = STAFF["therapist"]["email"]
    accounts = Accounts(goals, Vault(keys, MASTER_KEY))
    accounts.accept(accounts.invite(Somebody(CLINIC, THERAPIST), email), PASSWORD)
    goals.dispose()
    keys.dispose()
    with requests.Session() as session:
        session.headers["Accept-Encoding"] = "identity"
        visitor = Visitor(session, at)
        visitor.sign_in(email)
        yield visitor


def _written(it: Cluster, size: Size) -> tuple[UUID, UUID]:
    """Writes the record; her id, and that of one of her goals."""
    client, streams = uuid4(), [uuid4() for _ in range(size.goals)]
    goals = [told(size.events) for _ in streams]
    by_turns = [
        (stream, goal[n]) for n in range(size.events) for stream, goal in zip(streams, goals, strict=True)
    ]
    said: list[tuple[UUID, Event]] = [
        (client, REGISTERED),
        (client, TeamSet(staff_ids=(THERAPIST,))),
        *by_turns,
    ]
    events = _placed(client, said)
    log, keys = (engine(url, pool_size=1, autocommit=True) for url in (it.places.goals, it.places.vault))
    vault = Vault(keys, MASTER_KEY)
    vault.create(client)
    with log.connect() as connection:
        for first in range(0, len(events), BATCH):
            append(
                connection,
                vault,
                clinic_id=CLINIC,
                record_id=client,
                expected_version=first,
                events=events[first : first + BATCH],
                actor=BY_CLIENT,
                correlation_id="a-benchmark",
            )
    log.dispose()
    apart = engine(it.places.goals, pool_size=4)
    rebuild(apart, vault)  # what a PUT keeps beside the log, made of the log at once
    apart.dispose()
    keys.dispose()
    return client, streams[0]


def _placed(client: UUID, said: list[tuple[UUID, Event]]) -> list[NewEvent]:
    versions: dict[UUID, int] = {}
    placed = []
    for stream, data in said:
        versions[stream] = versions.get(stream, 0) + 1
        placed.append(
            NewEvent(
                stream_id=stream,
                stream_kind="client" if stream == client else "goal",
                version=versions[stream],
                event_id=uuid4(),
                time=datetime.now(UTC),
                data=data,
            )
        )
    return placed


def _result(found: dict[str, list[Look]]) -> Result:
    middles = {name: tuple(percentile(look.seconds, 0.5) for look in looks) for name, looks in found.items()}
    rows = tuple(
        (name, with_spread(middles[name], "ms"), f"{looks[-1].bytes / 1000:.0f}")
        for name, looks in found.items()
    )
    slowest = max(middles, key=lambda name: sorted(middles[name])[len(middles[name]) // 2])
    largest = max(looks[-1].bytes for looks in found.values()) / 1000
    goals = (
        Goal(f"the first byte of {slowest}, the slowest", middles[slowest], SOONEST, "ms", at_least=False),
        Goal("the largest page", (largest,), MOST, "kB", at_least=False),
    )
    table = Table(("page", "first byte", "kB"), rows)
    return Result("Pages of a client of 20 goals and 5,000 events", METHOD, (table,), goals)
