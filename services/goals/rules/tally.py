"""What the milestones count, read off a record: her entries by their days, her rests, what was reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from services.goals.rules.client import Client, RemindersPause, Session
from services.goals.rules.goal import Pause
from services.goals.rules.milestones import SILENT_DAYS, Tally
from services.goals.rules.proposal import Proposed, local_day
from services.goals.rules.record import Known, Record
from services.goals.rules.voids import void_of
from shared.events import Event, PracticeLogged, RatingRecorded, SessionAttended, WinRecorded

NO_SILENCE = timedelta(days=SILENT_DAYS)
"""A sign so many days ago or less leaves fewer whole days between than a silence has."""


def tally(before: Record, after: Record, entry: Proposed) -> Tally:
    """The tally of an entry: `before` is the record without it, `after` with it."""
    client = after.known_client()
    today = day_of(entry.data, entry.time, client.time_zone) or local_day(entry.time, client.time_zone)
    reached = [*client.milestones, *(m for goal in after.goals.values() for m in goal.milestones)]
    return Tally(
        client_id=client.client_id,
        goal=after.goals.get(entry.stream_id),
        today=today,
        last_sign_on=_last_sign(before, client.time_zone, today - NO_SILENCE),
        rests=tuple(_rest(pause, client.time_zone) for pause in _pauses(after, client)),
        times_back=sum(milestone.rule == "came_back" for milestone in client.milestones),
        reached=frozenset(milestone.milestone_id for milestone in reached),
    )


def _last_sign(record: Record, time_zone: str, since: date) -> date | None:
    """The last day of what she entered and of the sessions she attended, without what was voided.

    The newest entries are looked at first, and none before one that is of `since` or later: however long her
    record, it is as good as the last.
    """
    last: date | None = None
    for fact in reversed(record.facts.values()):
        day = day_of(fact.data, fact.time, time_zone)
        if day is None or (last is not None and day <= last) or not _stands(record, fact):
            continue
        last = day
        if day >= since:
            break
    return last


def _stands(record: Record, fact: Known) -> bool:
    return void_of(fact.stream_id, fact.data) not in record.facts and not _was_put_right(record, fact.data)


def _was_put_right(record: Record, event: Event) -> bool:
    """Whether a session that was called attended is said to be otherwise now."""
    if not isinstance(event, SessionAttended) or record.client is None:
        return False
    session = record.client.sessions[event.session_id]
    return session != Session(event.starts_at, "attended")


def day_of(event: Event, time: datetime, time_zone: str) -> date | None:
    """The local day of a sign of her; None for what is none."""
    match event:
        case PracticeLogged() | WinRecorded():
            return event.on
        case RatingRecorded():
            return local_day(time, time_zone)
        case SessionAttended():
            return local_day(event.starts_at, time_zone)
        case _:
            return None


def _pauses(record: Record, client: Client) -> Iterator[Pause | RemindersPause]:
    """Whenever something of hers rested: a goal, or all her reminders."""
    yield from client.pauses.values()
    for goal in record.goals.values():
        yield from goal.pauses


def _rest(pause: Pause | RemindersPause, time_zone: str) -> tuple[date, date]:
    ends = [day for day in (pause.until, pause.resumed_at and local_day(pause.resumed_at, time_zone)) if day]
    return local_day(pause.since, time_zone), min(ends, default=date.max)
