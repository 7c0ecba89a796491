"""Why a process of this house cannot do its work just now, in one line; None when it can."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from services.reminders import schema
from services.reminders.bell import BellAway, is_awake
from services.reminders.parts import Parts
from shared.migrations.steps import at


def unready(parts: Parts) -> str | None:
    """Of whoever needs the ledger: its database is not reached, or is another version's."""
    try:
        with parts.engine.connect() as connection:
            step = at(connection)
        foreign = parts.vault.foreign() if schema.EXPECTED.serves(step) else None
    except SQLAlchemyError:
        return "The reminder database cannot be reached."
    if not schema.EXPECTED.serves(step):
        return f"The reminder database is at {step}, not {schema.HEAD}: run `cairn reminders migrate`."
    return foreign


def unheard(parts: Parts) -> str | None:
    """Of a worker, which needs the ledger and the bell."""
    why = unready(parts)
    if why:
        return why
    try:
        is_awake(parts.broker)
    except BellAway:
        return "The bell cannot be reached: CAIRN_BROKER_URL names nobody who answers."
    return None
