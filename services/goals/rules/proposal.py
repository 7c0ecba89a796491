"""What a decision proposes to the log, and the moment and the person it was decided for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.events import Actor, ActorKind, Event, fact_id

StreamKind = Literal["clinic", "client", "goal"]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When a command is decided, for whom, and an id that nobody has yet."""

    now: datetime
    actor: Actor
    fresh: UUID


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """An event that is not in the log yet."""

    stream_id: UUID
    stream_kind: StreamKind
    event_id: UUID
    data: Event
    time: datetime
    by: ActorKind
    causation_id: str | None = None


def setting(kind: StreamKind, stream_id: UUID, event: Event, version: int, moment: Moment) -> Proposed:
    """A setting's new value; its id ends in the record's version, for a setting may come round again."""
    name = event.TYPE.removeprefix("cairn.").rpartition(".")[0]
    return Proposed(
        stream_id=stream_id,
        stream_kind=kind,
        event_id=fact_id(stream_id, name, version + 1),
        data=event,
        time=moment.now,
        by=moment.actor.kind,
    )


def local_day(now: datetime, time_zone: str) -> date:
    """The calendar day that it is for somebody in this zone."""
    return now.astimezone(ZoneInfo(time_zone)).date()
