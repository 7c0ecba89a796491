"""How a state is answered: put into its outward shape, as JSON."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response

from services.goals.api.shapes import (
    Adjustments,
    CareEndState,
    ClientState,
    ClinicState,
    ConsentState,
    ContactState,
    ErasureState,
    FlagState,
    GoalState,
    RemindersPauseState,
    ReminderState,
    SessionState,
    StaffMember,
)
from services.goals.beats import Answer
from services.goals.rules.client import Client
from services.goals.rules.goal import Goal
from services.goals.rules.progress import progress
from services.goals.rules.rated import standing
from services.goals.rules.reached import Milestone
from shared.clinic import Clinic


def written(answer: Answer) -> Response:
    """The answer to a PUT: 201 when it was new, 200 when it was so already."""
    return _answered(answer, 201 if answer.created else 200)


def removed(answer: Answer) -> Response:
    """The answer to a DELETE."""
    return _answered(answer, 200)


def etag(version: int) -> str:
    """The ETag of a goal at a version of its stream."""
    return f'"{version}"'


def state_of(state: Client | Goal | Clinic, milestones: tuple[Milestone, ...]) -> msgspec.Struct:
    """A state in its outward shape, with these milestones."""
    match state:
        case Clinic():
            return _clinic(state)
        case Client():
            return client_state(state, milestones)
        case Goal():
            return _goal(state, milestones)


def client_state(client: Client, milestones: tuple[Milestone, ...]) -> ClientState:
    """A client in her outward shape."""
    return ClientState(
        id=client.client_id,
        registered_at=client.registered_at,
        name=client.name,
        locale=client.locale,
        time_zone=client.time_zone,
        staff_ids=list(client.team),
        contacts=[
            ContactState(channel, c.contact_id, c.address, c.verified_by)
            for channel, c in sorted(client.contacts.items())
        ],
        **msgspec.structs.asdict(client.preferences),
        consents=[ConsentState(name, **msgspec.structs.asdict(c)) for name, c in client.consents.items()],
        reminders=[ReminderState(name, **msgspec.structs.asdict(r)) for name, r in client.reminders.items()],
        stops=client.stops,
        sessions=[SessionState(name, s.starts_at, s.status) for name, s in client.sessions.items()],
        pauses=[RemindersPauseState(name, **msgspec.structs.asdict(p)) for name, p in client.pauses.items()],
        care_ends=[CareEndState(name, **msgspec.structs.asdict(c)) for name, c in client.care_ends.items()],
        flags=[FlagState(name, **msgspec.structs.asdict(f)) for name, f in client.flags.items()],
        erasures=[
            ErasureState(erasure_id=name, **msgspec.structs.asdict(e)) for name, e in client.erasures.items()
        ],
        wins=client.wins,
        milestones=list(milestones),
    )


def as_json(value: Any, status: int = 200) -> Response:
    """A value as a JSON response; decimals as strings, times with Z."""
    return Response(msgspec.json.encode(value), status, content_type="application/json")


def _goal(goal: Goal, milestones: tuple[Milestone, ...]) -> GoalState:
    fields = msgspec.structs.asdict(goal)
    del fields["baselines"]
    fields |= {
        "adjustments": Adjustments(**goal.adjustments),
        "ratings": standing(goal.ratings),
        "progress": progress(goal),
        "milestones": list(milestones),
    }
    return GoalState(id=fields.pop("goal_id"), **fields)


def _clinic(clinic: Clinic) -> ClinicState:
    fields = msgspec.structs.asdict(clinic)
    del fields["left"]
    staff = [StaffMember(name, m.role, m.name, m.email) for name, m in fields.pop("staff").items()]
    return ClinicState(id=fields.pop("clinic_id"), staff=staff, milestones=[], **fields)


def _answered(answer: Answer, status: int) -> Response:
    response = as_json(state_of(answer.state, answer.milestones), status)
    if isinstance(answer.state, Goal):
        response.headers["ETag"] = etag(answer.version)
    return response
