"""The five beats of every command, written once: read, fold, decide, append, project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import Engine

from services.goals import current
from services.goals.log import append as log
from services.goals.log.read import History, load
from services.goals.rules import clinic as clinics
from services.goals.rules.access import Who, clinic_of, may_ask, may_set_clinic
from services.goals.rules.client import Client
from services.goals.rules.clinic import Clinic
from services.goals.rules.commands import (
    AdjustGoal,
    ClientCommand,
    ClinicCommand,
    GoalCommand,
    PlanReminder,
    RecordWin,
    RegisterClient,
    SetTeam,
)
from services.goals.rules.decide import decide
from services.goals.rules.goal import Goal
from services.goals.rules.milestones import Milestone
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record, apply, fold
from services.goals.rules.refusal import NotThere, Refused, Stale
from shared.events import Recorded
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
        made = decide(record, command, moment, clinic)
        if not made:
            return _answer(record, command, created=False)
        if if_match is not None and isinstance(command, AdjustGoal):
            _check_version(record, command.goal_id, if_match)
        if isinstance(command, RegisterClient):
            house.vault.create(client_id)
        after = apply(record, made)
        _append(house, connection, clinic_id, record, after, made, moment, correlation_id, traceparent)
        return _answer(after, command, created=True)

    return _rerun(house, beat)
