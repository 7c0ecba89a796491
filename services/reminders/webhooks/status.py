"""/twilio/status: what became of a message, told by the provider. Signed, or it was not the provider."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy import Engine

from services.reminders.channels.sms import Told, told
from services.reminders.ledger import callbacks
from services.reminders.sending import refusing
from services.reminders.webhooks.signed import must_be_genuine
from shared.logs import correlated, logger
from shared.problems import Problem
from shared.vault import Vault

PATH = "/twilio/status"
LONGEST = 100
"""Characters of the provider's ids and statuses; its own have 34."""

log = logger()


def status(
    engine: Engine, vault: Vault, *, auth_token: str, public_url: str, clock: Callable[[], datetime]
) -> Blueprint:
    """The route; `public_url` is where the provider believes that we are, whatever proxy stands between."""
    pages = Blueprint("twilio_status", __name__)

    @pages.post(PATH)
    def tell() -> Response:
        must_be_genuine(auth_token, f"{public_url}{PATH}")
        said = told(request.form)
        if said is None or not _is_storable(said):
            raise Problem(422, "This is no status callback: it names no message, or no status of one.")
        hear(engine, vault, said, _message_id(), clock())
        return Response(status=204)

    return pages


def hear(engine: Engine, vault: Vault, said: Told, message_id: UUID | None, now: datetime) -> None:
    """Takes in a callback. One heard before, or about a message that we do not have, changes nothing."""
    refused = refusing.speaks_of_address(said.answer)
    with engine.begin() as connection:
        if refused:
            callbacks.lock_her(connection, message_id, said.provider_id)
        known = callbacks.about(connection, message_id, said.provider_id)
        ours = known.message_id if known else None
        new = callbacks.keep(connection, said.provider_id, said.status, ours, now)
        if not new or known is None or said.answer is None:
            return
        if known.provider_id not in (None, said.provider_id):
            log.error("accepted twice", message=str(known.message_id), provider_id=said.provider_id)
            return
        if refused and said.to:
            refusing.learn(connection, vault, said.answer, channel="sms", address=said.to,
                           client_id=known.client_id, clinic_id=known.clinic_id, now=now,
                           correlation_id=known.correlation_id)  # fmt: skip
        state = callbacks.apply(connection, known.message_id, said.answer, now)
    with correlated(known.correlation_id, message=known.message_id):
        log.info("callback", status=said.status, state=state)
        refusing.raise_if_ours("sms", said.answer)


def _is_storable(said: Told) -> bool:
    return all(
        len(text) <= LONGEST and text.isascii() and text.isprintable()
        for text in (said.provider_id, said.status)
    )


def _message_id() -> UUID | None:
    try:
        return UUID(request.args.get("message", ""))
    except ValueError:
        return None
