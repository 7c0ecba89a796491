"""Row 8: the nine o'clock wall, when of a million reminders a hundred thousand are due in one minute."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection as Pipe

import psycopg

from bench.cluster import PASSWORD, Cluster, cluster, folder
from bench.crew import standing_by
from bench.designs.reminders import due_again, fill
from bench.designs.win import CLINIC
from bench.figures import Bars, Goal, Result, Table, rate, ratios, with_spread
from bench.rounds import Progress, interleaved
from infra.local.databases import plain
from infra.local.trouble import LocalError
from infra.local.valkey import start_valkey
from services.reminders import bell
from services.reminders.ringer import ringer
from services.reminders.scheduling.schedule import schedule
from shared.database import engine

STATEMENT, ONE, TWO, RUNG = "one SQL statement", "one process", "two processes", "one process, and rung for"
PATIENCE = 300.0
ALL_AT_ONCE = """
WITH due AS MATERIALIZED (
    SELECT reminder_id, client_id, clinic_id, channel, goal_id, next_due_at, correlation_id
      FROM reminder WHERE active AND next_due_at <= %(now)s FOR UPDATE SKIP LOCKED
), said AS MATERIALIZED (
    SELECT due.*, gen_random_uuid() AS occasion_id, gen_random_uuid() AS message_id,
           'practice:' || reminder_id || ':' || next_due_at AS key
      FROM due
), occasions AS (
    INSERT INTO occasion (occasion_id, key, client_id, clinic_id, kind, detail, due_at, expires_at,
                          correlation_id, created_at)
    SELECT occasion_id, key, client_id, clinic_id, 'practice',
           jsonb_build_object('reminder_id', reminder_id, 'slot_time', '09:00',
                              'slot_date', next_due_at::date),
           next_due_at, next_due_at + interval '2 hours', correlation_id, %(now)s FROM said
    ON CONFLICT DO NOTHING
), messages AS (
    INSERT INTO message (message_id, client_id, clinic_id, channel, queue, state, correlation_id, created_at,
                         next_attempt_at, rung_at)
    SELECT message_id, client_id, clinic_id, channel, 'bulk', 'planned', correlation_id, %(now)s, next_due_at,
           %(now)s FROM said
), links AS (
    INSERT INTO message_occasion (message_id, occasion_id) SELECT message_id, occasion_id FROM said
)
UPDATE reminder SET next_due_at = reminder.next_due_at + interval '1 day'
  FROM due WHERE reminder.reminder_id = due.reminder_id
"""
METHOD = (
    "A million clients have a reminder each; a tenth of them are due, the others later. *One SQL statement* "
    "locks what is due and writes occasions, messages, their links and when each is due next, and knows "
    "nothing of zones, cadences or changes of the clocks. *One process* is `cairn reminders schedule`: "
    "batches of 2,000, each slot reckoned by her own clock, keys that make a second one impossible; two are "
    "two of them at once. *Rung for* adds the bell: a job for each message in a Valkey of its own. Between "
    "the rounds what was planned is removed and all are due again. On the steady disk."
)


@dataclass(frozen=True)
class Size:
    """Rounds, reminders, and how many of them are due."""

    rounds: int = 3
    reminders: int = 1_000_000
    due: int = 100_000


QUICK = Size(rounds=1, reminders=60, due=20)


def wall(progress: Progress, size: Size | None = None) -> Result:
    """Row 8."""
    size = size or Size()
    progress("starting PostgreSQL")
    with cluster("steady") as it, folder("steady") as ground, planners(it) as two:
        progress(f"{size.reminders:,} reminders are written")
        place = Wall(it, size)
        child, url = start_valkey(ground / "valkey", PASSWORD)
        broker = bell.connect(url)
        turns: dict[str, Callable[[], object]] = {
            STATEMENT: place.by_statement,
            ONE: lambda: two.plan(1, place.now),
            TWO: lambda: two.plan(2, place.now),
            RUNG: lambda: _rung_for(it, place.now, broker),
        }
        try:
            found = interleaved(
                list(turns), size.rounds, lambda name: place.planned_a_second(turns[name]), progress
            )
        finally:
            broker.client.close()
            child.stop()
            place.close()
    return _result(found)


class Wall:
    """The reminders of a cluster, due again whenever they are asked to be."""

    def __init__(self, it: Cluster, size: Size) -> None:
        self.now = datetime.now(UTC).replace(second=0, microsecond=0)
        self._due = size.due
        self._admin = psycopg.connect(plain(it.reminders_admin), autocommit=True)
        fill(self._admin, CLINIC, size.reminders, size.due, self.now)

    def by_statement(self) -> None:
        """Plans all that is due in one statement."""
        self._admin.execute(ALL_AT_ONCE, {"now": self.now})

    def planned_a_second(self, plan: Callable[[], object]) -> float:
        """Makes them due, plans them, and sees that every one was planned. Raises LocalError."""
        due_again(self._admin, self.now)
        self._admin.execute("CHECKPOINT")
        began = time.perf_counter()
        plan()
        took = time.perf_counter() - began
        counted = self._admin.execute("SELECT count(*) FROM message WHERE state = 'planned'").fetchone()
        if counted is None or counted[0] != self._due:
            raise LocalError(f"{counted} messages were planned of {self._due:,}")
        return self._due / took

    def over(self) -> None:
        """What was planned is gone, and nothing is due for an hour."""
        due_again(self._admin, self.now + timedelta(days=1))

    def close(self) -> None:
        """Lets go of its connection."""
        self._admin.close()


@dataclass(frozen=True)
class Planners:
    """Processes that wait to be told to plan."""

    pipes: Sequence[Pipe]

    def plan(self, how_many: int, now: datetime) -> None:
        """So many of them plan all that is due, together. Raises LocalError."""
        for pipe in self.pipes[:how_many]:
            pipe.send(now)
        for pipe in self.pipes[:how_many]:
            _must_have_planned(pipe)


@contextmanager
def planners(it: Cluster) -> Iterator[Planners]:
    """Two processes, each with a connection of its own."""
    with standing_by(_plan, (it.places.reminders,), 2) as pipes:
        yield Planners(pipes)


def _plan(pipe: Pipe, url: str) -> None:
    ledger = engine(url, pool_size=1)
    with contextlib.suppress(EOFError):
        while True:
            pipe.send(schedule(ledger, lambda _: None, pipe.recv()))


def _must_have_planned(pipe: Pipe) -> None:
    try:
        answer = pipe.recv() if pipe.poll(PATIENCE) else None
    except EOFError:
        answer = None
    if not isinstance(answer, int):
        raise LocalError("A planning process ended, or did not come to an end")


def _rung_for(it: Cluster, now: datetime, broker: bell.Bell) -> None:
    ledger = engine(it.places.reminders, pool_size=1)
    schedule(ledger, ringer(ledger, broker), now)
    ledger.dispose()
    broker.client.flushall()


def _result(found: dict[str, list[float]]) -> Result:
    rows = tuple(
        (name, *rate(rates), with_spread(ratios(rates, found[STATEMENT]), "percent"))
        for name, rates in found.items()
    )
    goals = (
        Goal("one process beside one statement", ratios(found[ONE], found[STATEMENT]), 0.75, "percent"),
        Goal("two processes beside one", ratios(found[TWO], found[ONE]), 1.7, "times"),
    )
    table = Table(("what", "reminders a second", "least to most", "of the statement"), rows)
    plot = Bars("reminders planned a second", "a second", found)
    return Result("8. The nine o'clock wall", METHOD, (table,), goals, (plot,))
