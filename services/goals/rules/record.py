"""A client's whole record, she and all her goals, folded from its events: the consistency boundary."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.goals.rules import client_events as clients
from services.goals.rules import goal as goals
from services.goals.rules.client import Client
from services.goals.rules.commands.fact import Fact
from services.goals.rules.goal import Goal
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.refusal import NotThere, Refused
from shared.events import ActorKind, Event, Recorded, fact_id


class Known(msgspec.Struct, frozen=True):
    """What is in the log under an event's id."""

    data: Event
    time: datetime
    stream_id: UUID


class Record(msgspec.Struct, frozen=True):
    """The record at one version; `versions` are those of its streams."""

    client_id: UUID
    client: Client | None = None
    goals: dict[UUID, Goal] = {}
    facts: dict[UUID, Known] = {}
    versions: dict[UUID, int] = {}
    version: int = 0

    def known_client(self) -> Client:
        """The client; raises NotThere when the record has not begun."""
        if self.client is None:
            raise NotThere
        return self.client

    def known_goal(self, goal_id: UUID) -> Goal:
        """A goal of hers; raises NotThere."""
        if goal_id not in self.goals:
            raise NotThere
        return self.goals[goal_id]


def fold(client_id: UUID, events: Iterable[Recorded]) -> Record:
    """The record that its events, in the order of their record versions, add up to."""
    record = Record(client_id)
    for event in events:
        record = _grown(record, event.stream_id, event.event_id, event.data, event.time, event.actor.kind)
    return record


def apply(record: Record, proposed: Iterable[Proposed]) -> Record:
    """The record as it will be once these are appended; the given one stays as it is."""
    record = replace(
        record, goals=dict(record.goals), facts=dict(record.facts), versions=dict(record.versions)
    )
    for event in proposed:
        record = _grown(record, event.stream_id, event.event_id, event.data, event.time, event.by)
    return record


def fact(
    record: Record, command: Fact, build: Callable[[Any], Event], moment: Moment
) -> tuple[Proposed, ...]:
    """Proposes the fact that a command tells of, once; see `once`. What has ended is not told of again."""
    stream_id = command.goal_id or record.client_id
    if command.ENDED_BY and fact_id(stream_id, command.ENDED_BY, command.name) in record.facts:
        raise Refused("This is over, or was taken back; another needs a new id.")
    return once(record, stream_id, command.KIND, command.name, build, moment, command.time)


def fact_of(record: Record, command: Fact) -> UUID:
    """The id of the event that a command's fact is in the log, or will be."""
    return fact_id(command.goal_id or record.client_id, command.KIND, command.name)


def once(
    record: Record,
    stream_id: UUID,
    kind: str,
    name: UUID,
    build: Callable[[Any], Event],
    moment: Moment,
    time: datetime | None = None,
    otherwise: str | None = None,
) -> tuple[Proposed, ...]:
    """Proposes a fact once: nothing when it is in the record already, Refused when other content is.

    `build` gets the earlier event of the same name, so that what defaults to today is the same again.
    """
    event_id = fact_id(stream_id, kind, name)
    seen = record.facts.get(event_id)
    if seen is None:
        return (
            Proposed(
                stream_id=stream_id,
                stream_kind="client" if stream_id == record.client_id else "goal",
                event_id=event_id,
                data=build(None),
                time=time or moment.now,
                by=moment.actor.kind,
            ),
        )
    now = build(seen.data)
    if now == seen.data and time in (None, seen.time):
        return ()
    names = zip(now.__struct_fields__, now.__struct_encode_fields__, strict=True)
    differs = [said for name, said in names if getattr(now, name) != getattr(seen.data, name, None)]
    field = differs[0] if differs else "time"
    detail = otherwise or "This is recorded already, with other content; a new fact needs a new id."
    raise Refused(f"{detail} Another {field} was given.", f"#/{field}")


def _grown(
    record: Record, stream_id: UUID, event_id: UUID, data: Event, time: datetime, by: ActorKind
) -> Record:
    # The three dictionaries belong to this fold alone, so they grow in place: copying them at every event
    # would make a long record's fold quadratic.
    record.facts[event_id] = Known(data, time, stream_id)
    record.versions[stream_id] = record.versions.get(stream_id, 0) + 1
    if stream_id == record.client_id:
        her = clients.evolve(record.client, stream_id, data, time, by)
        return replace(record, client=her, version=record.version + 1)
    record.goals[stream_id] = goals.evolve(
        record.goals.get(stream_id), stream_id, record.client_id, data, time, by
    )
    return replace(record, version=record.version + 1)
