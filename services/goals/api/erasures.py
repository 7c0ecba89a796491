"""The operations on a client's erasure: asked for, decided, called off."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from services.goals.api.answers import removed, written
from services.goals.api.bodies import ErasureBody, ErasureDecisionBody
from services.goals.api.call import Call
from services.goals.api.clients import CLIENT
from services.goals.api.door import Door
from services.goals.rules.commands.client import AskErasure, CancelErasure, DecideErasure

door = Door("erasures", "Erasing a client: asked for, decided by a lead, carried out some days later.")
ERASURE = CLIENT + "/erasures/<uuid:erasure>"


@door.write("PUT", ERASURE, "Client", ErasureBody)
def put_erasure(call: Call, client: UUID, erasure: UUID) -> Response:
    """Asks for her erasure, one at a time. By her, or by staff."""
    return written(call.handle_client(client, AskErasure(erasure_id=erasure, **call.body)))


@door.write("DELETE", ERASURE, "Client")
def delete_erasure(call: Call, client: UUID, erasure: UUID) -> Response:
    """Calls an erasure off, until it is carried out. By who asked for it, or by a lead."""
    return removed(call.handle_client(client, CancelErasure(erasure_id=erasure)))


@door.write("PUT", ERASURE + "/decision", "Client", ErasureDecisionBody)
def put_erasure_decision(call: Call, client: UUID, erasure: UUID) -> Response:
    """Grants an erasure, or refuses it until the day that the record must be kept. By a lead."""
    return written(call.handle_client(client, DecideErasure(erasure_id=erasure, **call.body)))
