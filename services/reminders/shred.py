"""The last of an erasure in this house: her key, once nothing on its way needs it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from services.reminders.ledger import erasing
from shared.logs import logger
from shared.vault import Vault

log = logger()


def shred(engine: Engine, vault: Vault, now: datetime, *, asks: bool) -> int:
    """Destroys the keys of erased clients; gives how many. `asks`: a provider may still keep words of hers.

    Whoever dies on the way is followed by somebody who does the same again.
    """
    with engine.connect() as connection:
        clients = erasing.due(connection, now, asks=asks)
    for client_id in clients:
        vault.destroy(client_id)
        with engine.begin() as connection:
            erasing.destroyed(connection, client_id, now)
        log.info("key destroyed", client=str(client_id))
    return len(clients)
