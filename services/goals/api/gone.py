"""What is answered of a record that was erased: that it was, by which erasure and when; nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import msgspec
from flask import Flask, Response

from services.goals.api.call import Call, rooms
from services.goals.erasing import worklist
from services.goals.log.read import load
from services.goals.rules.access import clinic_of
from services.goals.rules.client import Client
from services.goals.rules.record import fold
from services.goals.rules.refusal import Gone
from shared.problems import CONTENT_TYPE, ProblemDetails

ERASED = "This record was erased; nothing personal of it is left."
ERASING = "This record is being erased; nothing of it can be read or written any more."


class Tombstone(ProblemDetails, frozen=True, kw_only=True):
    """What stands in place of an erased record; `erased_at` is there once no process can open it any more."""

    state: Literal["erasing", "erased"]
    record_id: UUID
    erasure_id: UUID
    erased_at: datetime | None


def install(app: Flask) -> None:
    """Answers with the tombstone wherever a read meets an erased record."""
    app.register_error_handler(Gone, _answer)


def client_of(call: Call, stream_id: UUID) -> Client | None:
    """The erased client whose record a stream is of; None where the clinic has no such one."""
    clinic_id, house = clinic_of(call.who), call.rooms.house
    with house.engine.connect() as connection:
        found = load(connection, house.vault, clinic_id, stream_id)
    her = fold(found.record_id, found.events).client if found and found.kind == "client" else None
    return her if her is not None and her.erased is not None else None


def _answer(gone: Gone) -> Response:
    """410, with the tombstone."""
    with rooms().house.engine.connect() as connection:
        known = worklist.standing(connection, gone.clinic_id, gone.record_id)
    done = known is not None and known.done_at is not None
    tombstone = Tombstone(
        title="Gone",
        status=410,
        detail=ERASED if done else ERASING,
        state="erased" if done else "erasing",
        record_id=gone.record_id,
        erasure_id=gone.erasure_id,
        erased_at=known.erased_at.astimezone(UTC) if done and known and known.erased_at else None,
    )
    return Response(msgspec.json.encode(tombstone), 410, content_type=CONTENT_TYPE)
