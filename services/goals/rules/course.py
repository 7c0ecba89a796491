"""The course of a goal, day by day: what was rated and done, what was adjusted, when it rested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec

from services.goals.rules.days import Stays, day_of
from services.goals.rules.goal import Goal, typed
from services.goals.rules.rated import standing
from services.goals.rules.timeline import Place, goal_in
from shared.events import (
    AdjustmentKind,
    Event,
    GoalAchieved,
    GoalAdjusted,
    GoalClosed,
    GoalReopened,
    GoalSet,
    Measure,
    Number,
    PracticeLogged,
    PracticeVoided,
    Rater,
    Recorded,
)

AMOUNTS = ("measure", "target", "baseline")
"""The fields that a line is drawn by."""


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """What was aimed at from a day on; of another epoch another thing, and none of its figures compare."""

    since: date
    epoch: int
    measure: Measure
    target: Number | None
    baseline: Number | None
    """Where the epoch was set to begin; None where nobody said so for this epoch."""


class Rated(msgspec.Struct, frozen=True, kw_only=True):
    """A rating that holds, on the local day on which it was true."""

    on: date
    epoch: int
    rater: Rater
    value: int


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What was practised on a local day, in one epoch. A day that has none is unknown, never zero."""

    on: date
    epoch: int
    quantity: Number
    entries: int


class Adjusted(msgspec.Struct, frozen=True, kw_only=True):
    """An adjustment, on the day from which it holds: which fields it changed, and neither words nor why."""

    on: date
    kind: AdjustmentKind
    fields: tuple[str, ...]


class Rest(msgspec.Struct, frozen=True):
    """Days on which the goal rested, both included."""

    first: date
    last: date


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, each part in the order of its days; `last` is the day of the place, or of the goal's end."""

    first: date
    last: date
    levels: tuple[Level, ...]
    ratings: tuple[Rated, ...]
    done: tuple[Done, ...]
    adjusted: tuple[Adjusted, ...]
    rests: tuple[Rest, ...]


def course(there: Place, goal_id: UUID, stays: Stays) -> Course | None:
    """The course of a goal up to a place on an axis; None where it was not set yet.

    Nothing here is personal but figures and days: a client's own copy may show all of it.
    """
    goal = goal_in(there.events, goal_id)
    own = [event for event in there.events if event.stream_id == goal_id]
    levels = _levels(event.data for event in own)
    if goal is None or not levels:
        return None
    ratings, done = _ratings(goal, stays), _done(event.data for event in own)
    days = [levels[0].since, *(one.on for one in ratings), *(one.on for one in done)]
    last = max(*days, day_of(_ended(own) or there.at, stays))
    return Course(
        first=min(days),
        last=last,
        levels=levels,
        ratings=ratings,
        done=done,
        adjusted=_adjusted(event.data for event in own),
        rests=tuple(_rests(goal, last, stays)),
    )


def _levels(own: Iterable[Event]) -> tuple[Level, ...]:
    levels: list[Level] = []
    for data in own:
        match data:
            case GoalSet():
                levels = [Level(since=data.start_on, epoch=1, **_amounts(data))]
            case GoalAdjusted() if levels:
                levels = _after(levels, data)
            case _:
                pass
    return tuple(levels)


def _amounts(data: GoalSet) -> dict[str, Any]:
    return {name: getattr(data, name) for name in AMOUNTS}


def _after(levels: list[Level], data: GoalAdjusted) -> list[Level]:
    """The levels after an adjustment; a correction holds from the start of its epoch."""
    new = {change.field: typed(change.field, change.to) for change in data.changes if change.field in AMOUNTS}
    last = levels[-1]
    if data.epoch != last.epoch:
        new = {"baseline": None} | new
    elif not new:
        return levels
    elif data.kind == "corrected":
        return [_with(level, new) if level.epoch == data.epoch else level for level in levels]
    since = max(data.effective_on, last.since)
    before = levels[:-1] if since == last.since and data.epoch == last.epoch else levels
    return [*before, _with(last, new | {"since": since, "epoch": data.epoch})]


def _with(level: Level, new: dict[str, Any]) -> Level:
    return msgspec.structs.replace(level, **new)


def _done(own: Iterable[Event]) -> tuple[Done, ...]:
    """The practices that were not voided, summed up by day; each counts in the epoch in which it came."""
    epoch, entries = 1, dict[UUID, tuple[date, int, Number]]()
    for data in own:
        match data:
            case GoalAdjusted():
                epoch = data.epoch
            case PracticeLogged():
                entries[data.practice_id] = (data.on, epoch, data.quantity)
            case PracticeVoided():
                entries.pop(data.practice_id, None)
            case _:
                pass
    days: dict[tuple[date, int], list[Number]] = {}
    for on, in_epoch, quantity in entries.values():
        days.setdefault((on, in_epoch), []).append(quantity)
    return tuple(
        Done(on=on, epoch=in_epoch, quantity=sum(quantities), entries=len(quantities))
        for (on, in_epoch), quantities in sorted(days.items())
    )


def _ratings(goal: Goal, stays: Stays) -> tuple[Rated, ...]:
    return tuple(
        Rated(on=day_of(one.at, stays), epoch=one.epoch, rater=one.rater, value=one.value)
        for one in standing(goal.ratings)
    )


def _adjusted(own: Iterable[Event]) -> tuple[Adjusted, ...]:
    found = (
        Adjusted(on=data.effective_on, kind=data.kind, fields=tuple(change.field for change in data.changes))
        for data in own
        if isinstance(data, GoalAdjusted) and data.changes
    )
    return tuple(sorted(found, key=attrgetter("on")))


def _ended(own: Iterable[Recorded]) -> datetime | None:
    """When the goal ended, where it has not been taken up again."""
    at: datetime | None = None
    for event in own:
        match event.data:
            case GoalAchieved() | GoalClosed():
                at = event.time
            case GoalReopened():
                at = None
            case _:
                pass
    return at


def _rests(goal: Goal, last: date, stays: Stays) -> Iterator[Rest]:
    """The pauses by their days: the day of the resumption was still one of rest, as it is for milestones."""
    for pause in goal.pauses:
        ends = [day for day in (pause.until, pause.resumed_at and day_of(pause.resumed_at, stays)) if day]
        first = day_of(pause.since, stays)
        if first <= last:
            yield Rest(first, max(first, min(*ends, last)) if ends else last)
