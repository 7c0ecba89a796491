"""When each event of a client's record was true, which is not when we learned of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from services.goals.rules.days import Stays, begins, day_of, stays_of
from services.goals.rules.voids import voided_by
from shared.events import (
    CareEnded,
    ClientRegistered,
    Event,
    GoalAchieved,
    GoalAdjusted,
    GoalClosed,
    GoalDrafted,
    GoalPaused,
    GoalPrioritised,
    GoalReopened,
    GoalResumed,
    GoalSet,
    MilestoneReached,
    PracticeLogged,
    RatingRecorded,
    Recorded,
    WinRecorded,
)

ENTRIES = PracticeLogged | WinRecorded | RatingRecorded | MilestoneReached
"""What stands on its own day, even where her goal was set later."""


def true_since(events: Sequence[Recorded]) -> tuple[datetime, ...]:
    """From when on each event was true, in turn: her own events and those of goals of hers, as recorded.

    Most name a day (`on`, `effective_on`) or a `time`. A goal is true from its `start_on` where that is
    earlier, and a correction from the start of its goal. A void is true when its fact is. Nothing is true of
    a client before she is registered, nothing changes a goal before it is set, and what is said of a thing
    again is not true before what was said of it first: so a goal goes through its states in the order in
    which that was recorded.
    """
    stays = stays_of(events)
    starts = _starts(events, stays)
    voided = {voided_by(event.stream_id, event.data) for event in events} - {None}
    facts: dict[UUID | None, datetime] = {}
    said: dict[tuple[object, ...], datetime] = {}
    since: list[datetime] = []
    for event in events:
        at = facts.get(voided_by(event.stream_id, event.data)) if voided else None
        if at is None:
            at = _alone(event, starts.get(event.stream_id), stays)
            thing = _thing(event)
            if thing is not None:
                at = said[thing] = max(at, said.get(thing, at))
            if event.event_id in voided:
                facts[event.event_id] = at
        since.append(at)
    return tuple(since)


def _alone(event: Recorded, start: datetime | None, stays: Stays) -> datetime:
    """When an event was true, but for others of the same thing."""
    at = _named(event, stays)
    if start is None or (isinstance(event.data, ENTRIES) and event.stream_id != event.record_id):
        return at
    match event.data:
        case GoalDrafted():
            return min(at, start)
        case GoalSet() | GoalAdjusted(kind="corrected"):
            return start
        case _:
            return max(at, start)


def _named(event: Recorded, stays: Stays) -> datetime:
    """The time that it names; of another day the beginning, for it is the whole day's."""
    day, today = _day(event.data), day_of(event.time, stays)
    if day is None or day == today:
        return event.time
    begun = begins(day, stays)
    return begun if day > today else min(begun, event.time)


def _day(data: Event) -> date | None:
    match data:
        case PracticeLogged() | WinRecorded() | CareEnded():
            return data.on
        case GoalAdjusted():
            return data.effective_on
        case _:
            return None


def _starts(events: Sequence[Recorded], stays: Stays) -> dict[UUID, datetime]:
    """When each stream's client was registered, or its goal set."""
    starts: dict[UUID, datetime] = {}
    for event in events:
        match event.data:
            case ClientRegistered():
                starts[event.stream_id] = event.time
            case GoalSet():
                starts[event.stream_id] = min(event.time, begins(event.data.start_on, stays))
            case _:
                pass
    return starts


def _thing(event: Recorded) -> tuple[object, ...] | None:
    """What an event speaks of, and others may speak of again: in most it is what the first field names."""
    match event.data:
        case PracticeLogged() | WinRecorded() | RatingRecorded() | MilestoneReached() | GoalAdjusted():
            return None
        case GoalSet() | GoalPaused() | GoalResumed() | GoalAchieved() | GoalClosed() | GoalReopened():
            return event.stream_id, "status"
        case GoalPrioritised():
            return event.stream_id, "focus"
        case _:
            field = event.data.__struct_fields__[0]
            return (event.stream_id, field, getattr(event.data, field)) if field.endswith("_id") else None
