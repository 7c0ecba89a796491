"""What happened to a goal: when, why, by whom and by which way, read off its events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.goals.rules.voids import voided_by
from shared.events import Actor, Change, ClientErased, GoalAdjusted, Recorded, Via


class By(msgspec.Struct, frozen=True):
    """Who did it."""

    kind: str
    id: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened: `time` when it was true, `recordedtime` when we learned it.

    `version` is that of the goal's stream with it; `via` is the way by which it came into the record, and
    `data` are the fact's own fields besides those named here, among them the way by which she told of it.
    `voided_at` is when a fact was voided: it stays here, marked, and counts no more.
    """

    id: UUID
    version: int
    type: str
    time: datetime
    recordedtime: datetime
    actor: By
    via: Via
    reason_code: str | None
    reason: str | None
    changes: tuple[Change, ...]
    data: dict[str, Any]
    voided_at: datetime | None


def history(events: Iterable[Recorded], goal_id: UUID, after: int = 0) -> tuple[Entry, ...]:
    """The goal's entries after a version of its stream, in the order in which they were recorded.

    What belongs to the client alone is no part of it, but for her erasure, which ends it.
    """
    its_own: list[Recorded] = []
    for event in events:
        if event.stream_id == goal_id:
            its_own.append(event)
        elif isinstance(event.data, ClientErased) and its_own:
            its_own.append(msgspec.structs.replace(event, version=its_own[-1].version + 1))
    voided = {voided_by(goal_id, event.data): event.time for event in its_own}
    return tuple(_entry(event, voided.get(event.event_id)) for event in its_own if event.version > after)


def _entry(event: Recorded, voided_at: datetime | None) -> Entry:
    data: dict[str, Any] = msgspec.to_builtins(event.data)
    changes = event.data.changes if isinstance(event.data, GoalAdjusted) else ()
    data.pop("changes", None)
    return Entry(
        id=event.event_id,
        version=event.version,
        type=event.data.TYPE,
        time=event.time,
        recordedtime=event.recorded_at,
        actor=_by(event.actor),
        via=event.actor.via,
        reason_code=data.pop("reason_code", None),
        reason=data.pop("reason", None),
        changes=changes,
        data=data,
        voided_at=voided_at,
    )


def _by(actor: Actor) -> By:
    return By(actor.kind, actor.id)
