"""The five beats of every command, written once: read, fold, decide, append, project."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import Connection, Engine

from services.goals import current
from services.goals.log.append import AddressMove, NewEvent, RecordMoved, append
from services.goals.log.appends import Appends
from services.goals.log.read import load
from services.goals.remembered import Remembered
from services.goals.rules.access import Who
from services.goals.rules.client import Client
from services.goals.rules.goal import Goal
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.reached import Milestone
from services.goals.rules.record import Record
from services.goals.rules.refusal import NotThere, Refused
from shared.clinic import Clinic
from shared.events import Recorded
from shared.vault import KeyDestroyed, Vault

MAX_RERUNS = 10
"""How often the beats are run again because the record moved, before the caller is asked to come back."""


class Busy(Exception):
    """The record moved at every try; nothing was changed."""


@dataclass(frozen=True)
class House:
    """What the beats need: the databases, a clock and a source of ids."""

    engine: Engine
    vault: Vault
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    fresh: Callable[[], UUID] = uuid4
    remembered: Remembered = field(default_factory=Remembered)
    appends: Appends | None = None
    """Where appends are counted, if they are."""


@dataclass(frozen=True)
class Answer:
    """What a command came to: the state of what it was about, and the milestones that its fact earned."""

    created: bool
    state: Client | Goal | Clinic
    version: int
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True)
class Decision:
    """What the rules make of a record: the events, none when it is so already, and what is so with them."""

    version: int
    """Of the record, as it was decided on."""
    versions: Mapping[UUID, int]
    """Of its streams."""
    made: tuple[Proposed, ...]
    states: dict[UUID, Client | Goal | Clinic]
    """By stream; of one that is erased none is kept."""
    moves: list[AddressMove]
    answer: Answer
    after: Record | None = None
    """A client's record with them."""


Decide = Callable[[Connection, bool], Decision | None]
"""Decides on what is in the log or, when told so, on what is recalled of it; None when nothing is."""


def beats(
    house: House,
    who: Who | None,
    clinic_id: UUID,
    record_id: UUID,
    moment: Moment,
    decide_on: Decide,
    correlation_id: str,
    traceparent: str | None,
) -> Answer:
    """Decides on what is recalled first: the append shows whether that is still so. Where nothing is appended
    only the log can say."""
    with house.engine.connect() as connection:
        write: Callable[..., None] = partial(
            append, connection, house.vault, clinic_id=clinic_id, record_id=record_id, actor=moment.actor,
            correlation_id=correlation_id, traceparent=traceparent, who=who,
        )  # fmt: skip
        write = house.appends.counted(write) if house.appends else write
        recalled, tries = True, 0
        while tries < MAX_RERUNS:
            try:
                decision = decide_on(connection, recalled)
                if decision is None:
                    recalled = False
                    continue
                if decision.made:
                    if not decision.version:
                        house.vault.create(record_id)
                    new, rows = written(decision.version, decision.versions, decision.made, decision.states)
                    at = decision.version
                    write(expected_version=at, events=new, current=rows, addresses=decision.moves)
                    if decision.after is not None:
                        house.remembered.grown(clinic_id, decision.after)
                return decision.answer
            except RecordMoved:
                house.remembered.forget(clinic_id, record_id)
                tries += 1
            except (Refused, KeyDestroyed):
                if not recalled:
                    raise
            recalled = False
    raise Busy


def events_of(
    house: House, connection: Connection, clinic_id: UUID, record_id: UUID, who: Who | None
) -> tuple[Recorded, ...]:
    history = load(connection, house.vault, clinic_id, record_id, who)
    if history is not None and history.record_id != record_id:
        raise NotThere
    return history.events if history else ()


def written(
    version: int,
    stream_versions: Mapping[UUID, int],
    made: Sequence[Proposed],
    states: Mapping[UUID, Client | Goal | Clinic],
) -> tuple[list[NewEvent], list[current.Row]]:
    """The events with their places in their streams, and the states of the streams that they move; `version`
    is the record's before them."""
    last: dict[UUID, NewEvent] = {}
    new = []
    for proposed in made:
        before = last.get(proposed.stream_id)
        event = NewEvent(
            stream_id=proposed.stream_id,
            stream_kind=proposed.stream_kind,
            version=(before.version if before else stream_versions.get(proposed.stream_id, 0)) + 1,
            event_id=proposed.event_id,
            time=proposed.time,
            data=proposed.data,
            causation_id=proposed.causation_id,
        )
        last[proposed.stream_id] = event
        new.append(event)
    rows = [
        current.Row(
            event.stream_id,
            event.stream_kind,
            event.version,
            version + len(new),
            msgspec.json.encode(states[event.stream_id]),
        )
        for event in last.values()
        if event.stream_id in states
    ]
    return new, rows
