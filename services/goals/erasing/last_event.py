"""The last event of a record, appended as every other: she is erased."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from services.goals.beats import Answer, Decision, House, beats, events_of
from services.goals.rules import erasing
from services.goals.rules.proposal import Moment
from services.goals.rules.record import apply, fold
from shared.events import Actor

ERASES = Actor("system", "erasure", "api")
"""Who carries out what a lead has granted."""


def erase(
    house: House, clinic_id: UUID, client_id: UUID, erasure_id: UUID, wait: timedelta, *, correlation_id: str
) -> bool:
    """Erases a client's record, `wait` after that was granted; False when it was erased already.

    With the event go its current state and its addresses. Raises Refused while, or when no longer, it is to
    be carried out; Busy as `handle_client` does.
    """
    moment = Moment(now=house.now(), actor=ERASES, fresh=house.fresh())

    def decide_on(connection: Connection, recalled: bool) -> Decision | None:
        if recalled:
            return None
        before = fold(client_id, events_of(house, connection, clinic_id, client_id, None))
        made = erasing.carry_out(before, erasure_id, wait, moment)
        after = apply(before, made)
        answer = Answer(created=bool(made), state=after.known_client(), version=after.versions[client_id])
        return Decision(before.version, before.versions, made, {}, [], answer)

    try:
        return beats(house, None, clinic_id, client_id, moment, decide_on, correlation_id, None).created
    finally:
        house.remembered.forget(clinic_id, client_id)
