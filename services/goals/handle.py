"""The five beats of every command, written once: read, fold, decide, append, project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import Connection, Engine

from services.goals import current
from services.goals.log import append as log
from services.goals.log.read import load
from services.goals.rules import clinic as clinics
from services.goals.rules.access import Who, clinic_of, may_ask, may_set_clinic
from services.goals.rules.client import Client
from services.goals.rules.clinic import Clinic
from services.goals.rules.commands import (
    AdjustGoal,
    ClientCommand,
    ClinicCommand,
    CloseGoal,
    GoalCommand,
    LogPractice,
    PauseGoal,
    PlanReminder,
    RateGoal,
    RecordWin,
    RegisterClient,
    ReviewGoal,
    SetSession,
    SetTeam,
)
from services.goals.rules.decide import decide
from services.goals.rules.goal import Goal
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.reached import Milestone
from services.goals.rules.record import Record, apply, fold
from services.goals.rules.refusal import NotThere, Stale
from shared.events import SessionAttended, fact_id
from shared.vault import Vault

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


@dataclass(frozen=True)
class Answer:
    """What a command came to: the state of what it was about, and the milestones that its fact earned."""

    created: bool
    state: Client | Goal | Clinic
    version: int
    milestones: tuple[Milestone, ...] = ()


def handle_client(
    house: House,
    who: Who,
    client_id: UUID,
    command: ClientCommand | GoalCommand | RecordWin,
    *,
    correlation_id: str,
    traceparent: str | None = None,
    if_match: int | None = None,
) -> Answer:
    """Answers a command on a client's record. `if_match` is the version of the goal's stream that was read.

    Raises Refused in one of its kinds; Busy when the record moved MAX_RERUNS times.
    """
    clinic_id = clinic_of(who)

    def beat(connection: Connection) -> Answer:
        history = load(connection, house.vault, clinic_id, client_id)
        if history is not None and history.record_id != client_id:
            raise NotThere
        record = fold(client_id, history.events if history else ())
        may_ask(who, client_id, record.client, command)
        clinic = None
        if isinstance(command, RegisterClient | SetTeam | PlanReminder):
            clinic = current.clinic(connection, house.vault, clinic_id)
        moment = Moment(now=house.now(), actor=who.actor(client_id), fresh=house.fresh())
        if isinstance(command, AdjustGoal) and if_match is not None:
            _check_version(record, command, if_match)
        made = decide(record, command, moment, clinic)
        if not made:
            return _answer(record, command, created=False)
        if isinstance(command, RegisterClient):
            house.vault.create(client_id)
        after = apply(record, made)
        _append(house, connection, clinic_id, record, after, made, moment, correlation_id, traceparent)
        return _answer(after, command, created=True)

    return _rerun(house, beat)


def handle_clinic(
    house: House,
    who: Who,
    clinic_id: UUID,
    command: ClinicCommand,
    *,
    correlation_id: str,
    traceparent: str | None = None,
) -> Answer:
    """Answers a command on a clinic's record; raises as `handle_client` does."""
    may_set_clinic(who, clinic_id, command)

    def beat(connection: Connection) -> Answer:
        history = load(connection, house.vault, clinic_id, clinic_id)
        events = history.events if history else ()
        before = clinics.fold(clinic_id, events)
        moment = Moment(now=house.now(), actor=who.actor(), fresh=house.fresh())
        made = clinics.decide(before, clinic_id, len(events), command, moment)
        if not made and before is not None:
            return Answer(created=False, state=before, version=len(events))
        if not events:
            house.vault.create(clinic_id)
        after = clinics.evolve(before, clinic_id, made[0].data)
        assert after is not None
        version = len(events) + 1
        log.append(
            connection,
            house.vault,
            clinic_id=clinic_id,
            record_id=clinic_id,
            expected_version=len(events),
            events=[_new(made[0], version)],
            actor=moment.actor,
            correlation_id=correlation_id,
            traceparent=traceparent,
            current=[current.Row(clinic_id, "clinic", version, version, msgspec.json.encode(after))],
            addresses=[],
        )
        return Answer(created=True, state=after, version=version)

    return _rerun(house, beat)


def _append(
    house: House,
    connection: Connection,
    clinic_id: UUID,
    before: Record,
    after: Record,
    made: tuple[Proposed, ...],
    moment: Moment,
    correlation_id: str,
    traceparent: str | None,
) -> None:
    versions = dict(before.versions)
    events = []
    for proposed in made:
        versions[proposed.stream_id] = versions.get(proposed.stream_id, 0) + 1
        events.append(_new(proposed, versions[proposed.stream_id]))
    states = {event.stream_id: event.stream_kind for event in events}
    log.append(
        connection,
        house.vault,
        clinic_id=clinic_id,
        record_id=before.client_id,
        expected_version=before.version,
        events=events,
        actor=moment.actor,
        correlation_id=correlation_id,
        traceparent=traceparent,
        current=[
            current.Row(
                stream_id,
                kind,
                versions[stream_id],
                after.version,
                msgspec.json.encode(after.client if kind == "client" else after.goals[stream_id]),
            )
            for stream_id, kind in states.items()
        ],
        addresses=_addresses(before, after),
    )


def _addresses(before: Record, after: Record) -> list[log.AddressMove]:
    """Which numbers and addresses become hers, and which are free again."""
    old = {channel: c.address for channel, c in before.client.contacts.items()} if before.client else {}
    new = {channel: c.address for channel, c in after.known_client().contacts.items()}
    freed = [log.AddressMove(c, a, claim=False) for c, a in old.items() if a and new.get(c) != a]
    taken = [log.AddressMove(c, a, claim=True) for c, a in new.items() if a and old.get(c) != a]
    return freed + taken


def _new(proposed: Proposed, version: int) -> log.NewEvent:
    return log.NewEvent(
        stream_id=proposed.stream_id,
        stream_kind=proposed.stream_kind,
        version=version,
        event_id=proposed.event_id,
        time=proposed.time,
        data=proposed.data,
        causation_id=proposed.causation_id,
    )


def _rerun(house: House, beat: Callable[[Connection], Answer]) -> Answer:
    with house.engine.connect() as connection:
        for _ in range(MAX_RERUNS):
            try:
                return beat(connection)
            except log.RecordMoved:
                continue
    raise Busy


def _check_version(record: Record, command: AdjustGoal, read_at: int) -> None:
    """A repeat is never stale: it was decided when it was first made."""
    version = record.versions.get(command.goal_id, 0)
    if version != read_at and _fact_of(record, command) not in record.facts:
        raise Stale(
            f"The goal is at version {version}, not {read_at}; read it again and adjust what it is now."
        )


def _answer(record: Record, command: ClientCommand | GoalCommand | RecordWin, *, created: bool) -> Answer:
    goal_id = getattr(command, "goal_id", None) if not isinstance(command, PlanReminder) else None
    stream_id = goal_id or record.client_id
    state = record.goals[goal_id] if goal_id else record.known_client()
    fact = _fact_of(record, command)
    reached = [*record.known_client().milestones, *(m for g in record.goals.values() for m in g.milestones)]
    return Answer(
        created=created,
        state=state,
        version=record.versions[stream_id],
        milestones=tuple(m for m in reached if m.evidence == fact),
    )


def _fact_of(record: Record, command: ClientCommand | GoalCommand | RecordWin) -> UUID | None:
    match command:
        case AdjustGoal():
            return fact_id(command.goal_id, "adjustment", command.adjustment_id)
        case SetSession():
            return _attendance(record, command.session_id)
        case PauseGoal():
            return fact_id(command.goal_id, "pause", command.pause_id)
        case ReviewGoal():
            return fact_id(command.goal_id, "review", command.review_id)
        case RateGoal():
            return fact_id(command.goal_id, "rating", command.rating_id)
        case LogPractice():
            return fact_id(command.goal_id, "practice", command.practice_id)
        case RecordWin():
            return fact_id(command.goal_id or record.client_id, "win", command.win_id)
        case CloseGoal():
            return fact_id(command.goal_id, "closure", command.closure_id)
        case _:
            return None


def _attendance(record: Record, session_id: UUID) -> UUID | None:
    """A session is a setting, so its event's id cannot be told from the session's."""
    for event_id, fact in reversed(record.facts.items()):
        if isinstance(fact.data, SessionAttended) and fact.data.session_id == session_id:
            return event_id
    return None
