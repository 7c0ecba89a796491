"""The versions of a goal: one for each adjustment, and for whatever else made it another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from services.goals.export.fhir.goal import Resource, Standing, at_version, resource
from services.goals.export.fhir.status import Achievement, achievement, lifecycle
from services.goals.export.fhir.words import Absent
from services.goals.rules.days import DAY, Stays, begins, day_of, stays_of
from services.goals.rules.goal import Goal, evolve, on_day
from shared.events import ClientErased, Event, GoalAchieved, GoalAdjusted, GoalClosed, GoalPaused, Recorded


class Version(NamedTuple):
    """A version of a goal, and the event that made it; None where a day did that came by itself."""

    stream_version: int
    name: str
    """meta.versionId: the version of the goal's stream, and the day where there was no event."""
    recorded_at: datetime
    goal: Goal
    resource: Resource
    event: Recorded | None


def versions(events: Sequence[Recorded], goal_id: UUID, now: datetime) -> tuple[Version, ...]:
    """All versions of a goal that were there by now, in order, as they were known then.

    A goal that goes on after the last day of its pause, or begins on its day, does so without an event.
    """
    told = _Telling(stays_of(events), missing(events))
    for event in events:
        if event.stream_id == goal_id:
            told.passes(event.recorded_at)
            told.tells(event)
    told.passes(now)
    return tuple(told.made)


def missing(events: Iterable[Recorded]) -> Absent:
    """Why words are missing in this record: they were erased, or never said."""
    return "masked" if any(isinstance(event.data, ClientErased) for event in events) else "unknown"


def in_force(made: Iterable[Version], event: Recorded) -> Version | None:
    """The version that was there with an event of the goal's; None for an event of another stream."""
    found = None
    for version in made:
        by_itself = 1 if version.event is None else 0  # and so after the last event that it knew
        if version.stream_version + by_itself <= event.version:
            found = version
    return found


class _Telling:
    """A goal on its way through its events."""

    def __init__(self, stays: Stays, why_missing: Absent) -> None:
        self.stays = stays
        self.why_missing = why_missing
        self.made: list[Version] = []
        self.goal: Goal | None = None
        self.stands: Standing | None = None
        self.last = 0
        """The version of the stream."""
        self.seen = date.min
        """The day up to which it was shown."""

    def tells(self, event: Recorded) -> None:
        """One more event of the goal's own."""
        self.goal = evolve(
            self.goal, event.stream_id, event.record_id, event.data, event.time, event.actor.kind
        )
        self.last = event.version
        at = event.recorded_at
        self.shows(self.goal, day_of(at, self.stays), day_of(event.time, self.stays), at, event)

    def passes(self, until: datetime) -> None:
        """Time goes by, and with it perhaps a day on which the goal goes on, or begins, by itself."""
        today = day_of(until, self.stays)
        for day in _turns(self.goal):
            if self.goal is not None and self.seen < day <= today:
                at = min(max(begins(day, self.stays), self.made[-1].recorded_at), until)
                self.shows(self.goal, day, day, at, None)
        self.seen = max(self.seen, today)

    def shows(self, goal: Goal, today: date, since: date, at: datetime, event: Recorded | None) -> None:
        """The goal as it is then; a version where that is another, or an adjustment says so."""
        self.stands = _stands(goal, self.stands, today, since, event.data if event else None)
        content = resource(goal, self.stands, self.why_missing)
        adjusted = event is not None and isinstance(event.data, GoalAdjusted)
        if self.made and not adjusted and content == _content(self.made[-1]):
            return
        name = str(self.last) if event else f"{self.last}.{today.isoformat()}"
        self.made.append(Version(self.last, name, at, goal, at_version(content, name, at), event))


def _turns(goal: Goal | None) -> list[date]:
    """The days on which the goal may be another by itself: the first one, and the one after its pause."""
    if goal is None:
        return []
    until = goal.pauses[-1].until if goal.pauses else None
    rested = until + DAY if until is not None and goal.status == "paused" else None
    return sorted(day for day in (goal.start_on, rested) if day is not None)


def _stands(goal: Goal, before: Standing | None, today: date, since: date, event: Event | None) -> Standing:
    at = lifecycle(on_day(goal, today), today)
    last: Achievement | None = before.achievement if before else None
    achieved = achievement(goal, at, last)
    if before is not None and before.lifecycle == at:
        return msgspec.structs.replace(before, achievement=achieved)
    return Standing(at, achieved, since, _why(event))


def _why(event: Event | None) -> str | None:
    match event:
        case GoalPaused() | GoalAchieved():
            return event.reason or event.reason_code
        case GoalClosed():
            return event.reason or event.reason_code or event.outcome
        case _:
            return None


def _content(version: Version) -> Resource:
    return {name: part for name, part in version.resource.items() if name != "meta"}
