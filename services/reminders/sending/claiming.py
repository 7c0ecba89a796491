"""Claiming a message that may break whoever judges it: then it alone is set aside, and the rest goes on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.reminders.ledger import aside
from services.reminders.links import Links
from services.reminders.sending.judging import Claimed, claim_and_judge
from shared.logs import logger
from shared.vault import Vault, WrongMasterKey

log = logger()


def claim_or_set_aside(
    engine: Engine, vault: Vault, message_id: UUID, now: datetime, links: Links | None = None
) -> Claimed | None:
    """Claims the message if it is to be sent now; None when it is not, and the ledger says why.

    What waits for her is judged together; where that breaks, this message is judged alone, so that what it
    was not to blame for does not hold it up. Raises what is no message's fault.
    """
    try:
        return claim_and_judge(engine, vault, message_id, now, links)
    except (SQLAlchemyError, WrongMasterKey):
        raise
    except Exception:
        log.exception("cannot be judged together", message=str(message_id))
    try:
        return claim_and_judge(engine, vault, message_id, now, links, alone=True)
    except (SQLAlchemyError, WrongMasterKey):
        raise
    except Exception as error:
        log.exception("message set aside", message=str(message_id))
        with engine.begin() as connection:
            aside.set_aside(connection, message_id, type(error).__name__, now)
        return None
