"""What the database itself refuses: while the ledger is held, nothing is claimed and nothing ended."""

from __future__ import annotations

from services.reminders.ledger.hold import HELD
from tests.simulation.ledger.memory import refused
from tests.simulation.ledger.rows import Message
from tests.simulation.ledger.tables import Tables


def may_send(t: Tables, row: Message, state: str, cause: str | None) -> None:
    """The trigger of that name. Raises what the database does."""
    if row.state != "planned" or not (
        state == "sending" or (state in {"suppressed", "expired"} and cause not in {"erased", "after_flag"})
    ):
        return
    hold = t.hold.rows[True]
    if hold.held_at is None and hold.at_home:
        return
    told = t.direct.get(row.message_id)
    if row.direct and told is not None and told.kind in {"signpost", "flag"}:
        return
    raise refused(HELD)
