"""A client's record as of a moment, on either axis: as it was known then, and as it was true then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from services.goals.rules.days import begins, ends, stays_of
from services.goals.rules.goal import Goal, evolve
from services.goals.rules.refusal import Invalid, NotThere
from services.goals.rules.truth import true_since
from services.goals.rules.voids import voided_by
from shared.events import GoalAdjusted, Recorded

Axis = Literal["known", "true"]
Point = int | date | datetime
"""A version, a day or a time."""
Events = tuple[Recorded, ...]


class Place(NamedTuple):
    """A place on an axis: its moment, and the events that count there."""

    at: datetime
    events: Events


def place(
    events: Sequence[Recorded], goal_id: UUID, point: Point, axis: Axis, now: datetime, pointer: str
) -> Place:
    """The place that a point of a goal's past means. Raises Invalid, with the pointer; NotThere."""
    if not isinstance(point, int):
        at = moment_of(point, events, now, pointer)
        return Place(at, as_of(events, at, axis))
    if axis == "true":
        raise Invalid("A version is of what was known; on this axis a time or a day is expected.", pointer)
    return at_version(events, goal_id, point)


def as_of(events: Sequence[Recorded], moment: datetime, axis: Axis) -> Events:
    """The events that count at a moment, in the order in which they are to be folded."""
    return known_at(events, moment) if axis == "known" else true_at(events, moment)


def known_at(events: Sequence[Recorded], moment: datetime) -> Events:
    """What was recorded by then."""
    return tuple(event for event in events if event.recorded_at <= moment)


def true_at(events: Sequence[Recorded], moment: datetime) -> Events:
    """All that is known now of what was true by then, in the order in which it became so.

    What was voided is left out, with what voided it. A correction takes the place of every change of its
    fields that was recorded before it. An epoch begins where its measure does; what only the day is known of
    stands at its beginning. Milestones are those that were recorded.
    """
    voids = {voided_by(event.stream_id, event.data): event.event_id for event in events}
    left_out = {*voids, *(void for fact, void in voids.items() if fact is not None)}
    dated = zip(true_since(events), _corrected(events), strict=True)
    held = [(at, event) for at, event in dated if at <= moment and event.event_id not in left_out]
    held.sort(key=itemgetter(0))  # what was true at the same moment stays in the order of recording
    return tuple(_in_epochs(event for _, event in held))


def at_version(events: Sequence[Recorded], goal_id: UUID, version: int) -> Place:
    """The place at which a goal's stream had a version. Raises NotThere for one that it does not have."""
    last = next((e for e in events if e.stream_id == goal_id and e.version == version), None)
    if last is None:
        versions = sum(event.stream_id == goal_id for event in events)
        raise NotThere(f"The goal has no such version; it has 1 to {versions}.")
    upto = (event for event in events if event.record_version <= last.record_version)
    return Place(last.recorded_at, tuple(upto))


def goal_in(events: Iterable[Recorded], goal_id: UUID) -> Goal | None:
    """A goal as these events leave it; None before the first of its own."""
    goal: Goal | None = None
    for event in events:
        if event.stream_id == goal_id:
            goal = evolve(goal, goal_id, event.record_id, event.data, event.time, event.actor.kind)
    return goal


def range_of(
    first: date | datetime | None, last: date | datetime | None, events: Sequence[Recorded]
) -> tuple[datetime | None, datetime | None]:
    """The moments that two times or days mean: a day from its beginning, or to its end, where she was.

    Raises Invalid where the first is after the last.
    """
    stays = stays_of(events)
    if first is not None and not isinstance(first, datetime):
        first = begins(first, stays)
    if last is not None and not isinstance(last, datetime):
        last = ends(last, stays)
    if first and last and first > last:
        raise Invalid("from is not after to: exchange them.", "#/from")
    return first, last


def moment_of(when: date | datetime, events: Sequence[Recorded], now: datetime, pointer: str) -> datetime:
    """The moment that a time or a day means: a day is meant to its end, where she was then.

    Raises Invalid for the future, with the pointer.
    """
    if isinstance(when, datetime):
        begun, at = when, when
    else:
        stays = stays_of(events)
        begun, at = begins(when, stays), ends(when, stays)
    if begun > now:
        raise Invalid("What is to come is not recorded: a time or a day is expected that has begun.", pointer)
    return at


def _corrected(events: Sequence[Recorded]) -> Events:
    """The events without the changes in whose place a correction is."""
    fields: dict[UUID, set[str]] = {}
    kept: list[Recorded] = []
    for event in reversed(events):
        if isinstance(event.data, GoalAdjusted):
            kept.append(_without(event, event.data, fields.setdefault(event.stream_id, set())))
        else:
            kept.append(event)
    return tuple(reversed(kept))


def _without(event: Recorded, data: GoalAdjusted, corrected: set[str]) -> Recorded:
    """The adjustment without its changes of these fields; to them a correction adds its own."""
    changes = tuple(change for change in data.changes if change.field not in corrected)
    if data.kind == "corrected":
        corrected.update(change.field for change in changes)
    return _with(event, msgspec.structs.replace(data, changes=changes))


def _in_epochs(events: Iterable[Recorded]) -> Iterator[Recorded]:
    """The events with each adjustment in the epoch in which it stands now: another measure begins its own."""
    epochs: dict[UUID, int] = {}
    for event in events:
        if not isinstance(event.data, GoalAdjusted):
            yield event
            continue
        if any(change.field == "measure" for change in event.data.changes):
            epochs[event.stream_id] = event.data.epoch
        yield _with(event, msgspec.structs.replace(event.data, epoch=epochs.get(event.stream_id, 1)))


def _with(event: Recorded, data: GoalAdjusted) -> Recorded:
    return msgspec.structs.replace(event, data=data)
