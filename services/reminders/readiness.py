"""Why a process of this house cannot do its work just now, in one line; None when it can."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from services.reminders import schema
from services.reminders.bell import BellAway, is_awake
from services.reminders.parts import Parts


def unready(parts: Parts) -> str | None:
    """Of whoever needs the ledger: its database is not reached, or is another version's."""
    try:
        with parts.engine.connect() as connection:
            at = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        foreign = parts.vault.foreign() if at == schema.HEAD else None
    except SQLAlchemyError:
        return "The reminder database cannot be reached."
    if at != schema.HEAD:
        return f"The reminder database is at {at}, not {schema.HEAD}: run `cairn reminders migrate`."
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
