"""Rebuilding the read models while writes go on, and checking them: rebuilt against live, by records."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from services.goals.log.stored import open_row
from services.goals.rebuilding.beside import Beside
from services.goals.rebuilding.built import Built, build, nothing
from services.goals.rebuilding.compare import differing
from services.goals.rebuilding.walk import Batches, Found, Walk
from shared.sealing import Key
from shared.vault import Vault

NAMED = 10
"""How many of the streams that differ are named."""
FEW = 500
"""So few events behind, the rest is caught up with while writers wait."""
MOST_PASSES = 20
LOCK_TRIES = 5
PAUSE_SECONDS = 0.5
LOCK_WAIT = "2s"
"""Writers who come while a lock is waited for wait behind it: less than they would before they give up."""

_ONE_AT_A_TIME = text("SELECT pg_try_advisory_lock(hashtext('cairn goals rebuild'))")
_NEXT_PLEASE = text("SELECT pg_advisory_unlock(hashtext('cairn goals rebuild'))")
_LOCK_WAIT = text(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
_LOCK = text("LOCK TABLE cairn.current, cairn.address IN SHARE ROW EXCLUSIVE MODE")

Progress = Callable[[int], None]
"""Hears how many events were read on."""


class KeysMissing(Exception):
    """The vault never had a key of some record: it is not the vault of this log."""


class Occupied(Exception):
    """Another rebuild runs, or writers gave no room for the swap; nothing was changed."""


@dataclass
class Findings:
    """How much was read, and of how many streams something else is kept; the first of them are named."""

    events: int = 0
    streams: int = 0
    different: int = 0
    named: list[UUID] = field(default_factory=list)

    def differ(self, streams: Iterable[UUID]) -> None:
        """Takes note of streams of which something else is kept."""
        for stream_id in streams:
            self.different += 1
            if len(self.named) < NAMED:
                self.named.append(stream_id)


class Rebuilt(NamedTuple):
    """How many events were read, and of how many records what was kept has been put right."""

    events: int
    records: int


class _Judged(NamedTuple):
    """A record with what is to be kept of it, its key, and the streams of which something else is."""

    built: Built
    key: Key | None
    wrong: list[UUID]


def check(engine: Engine, vault: Vault, progress: Progress = lambda _: None) -> Findings:
    """Compares what is kept with what the log adds up to, and changes nothing.

    Each lane is judged in a snapshot of its own: writers need not stop. Raises KeysMissing, and UnknownEvent
    for a type that newer code wrote.
    """
    findings = Findings()
    walk = Walk(engine)
    for lane in walk.lanes():
        with closing(walk.lane(lane)) as batches:
            for records in batches:
                for judged in _judge(records, vault):
                    findings.streams += len(judged.built.states)
                    findings.differ(judged.wrong)
                findings.events += _told(records, progress)
    findings.differ(stray.stream_id for stray in walk.strays())
    return findings


def rebuild(engine: Engine, vault: Vault, progress: Progress = lambda _: None) -> Rebuilt:
    """Makes the read models again beside the live ones, and swaps in what differs, all at once, at the end.

    Until the swap commits nothing that is live is touched. Raises as `check` does, and Occupied.
    """
    with _one_at_a_time(engine):
        walk, beside = Walk(engine), Beside(engine, vault)
        beside.empty()
        events = sum(_take(walk.lane(lane), beside, vault, progress) for lane in walk.lanes())
        strays = {(stray.clinic_id, stray.record_id) for stray in walk.strays()}
        beside.hold([(nothing(*stray, 0), None) for stray in strays])
        for _ in range(MOST_PASSES):
            if walk.behind() <= FEW:
                break
            events += _take(walk.moved(), beside, vault, progress)
        with _alone(engine) as connection:
            events += _take(walk.moved(), beside, vault, progress)
            beside.swap(connection)
        return Rebuilt(events, len(beside))


def _take(batches: Batches, beside: Beside, vault: Vault, progress: Progress) -> int:
    """Holds beside what differs, and no more what is right by now; gives how many events that took."""
    events = 0
    with closing(batches):
        for records in batches:
            judged = list(_judge(records, vault))
            beside.let_go((one.built.clinic_id, one.built.record_id) for one in judged if not one.wrong)
            beside.hold([(one.built, one.key) for one in judged if one.wrong])
            events += _told(records, progress)
    return events


def _judge(records: list[Found], vault: Vault) -> Iterator[_Judged]:
    keys = vault.keys(found.record_id for found in records)
    without = {found.record_id for found in records} - keys.keys()
    if without - vault.destroyed(without):
        raise KeysMissing
    for found in records:
        key = keys.get(found.record_id)
        built = _built(found, key)
        yield _Judged(built, key, differing(found, built, key, vault))


def _built(found: Found, key: Key | None) -> Built:
    if key is None:
        return nothing(found.clinic_id, found.record_id, len(found.rows))
    return build([open_row(row, key).event for row in found.rows])


def _told(records: list[Found], progress: Progress) -> int:
    events = sum(len(found.rows) for found in records)
    progress(events)
    return events


@contextmanager
def _one_at_a_time(engine: Engine) -> Iterator[None]:
    """Holds a lock that goes with its connection; a process that is killed leaves none."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if not connection.scalar(_ONE_AT_A_TIME):
            raise Occupied("Another rebuild is running.")
        try:
            yield
        finally:
            connection.execute(_NEXT_PLEASE)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction during which nobody writes what is kept; who reads, reads on."""
    with engine.connect() as connection:
        for _ in range(LOCK_TRIES):
            transaction = connection.begin()
            try:
                connection.execute(_LOCK_WAIT)
                connection.execute(_LOCK)
            except OperationalError:
                transaction.rollback()
                time.sleep(PAUSE_SECONDS)
                continue
            with transaction:
                yield connection
            return
    raise Occupied("Writers leave no moment for the swap.")
