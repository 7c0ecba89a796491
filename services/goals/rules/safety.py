"""What she wrote that somebody must look at: raised once, and looked at once."""

from __future__ import annotations

from services.goals.rules.commands.client import RaiseFlag, ReviewFlag
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record, fact, once
from services.goals.rules.refusal import NotThere
from shared.events import SafetyFlagged, SafetyReviewed


def raise_flag(record: Record, command: RaiseFlag, moment: Moment) -> tuple[Proposed, ...]:
    """Raises a flag; whatever else is so of her, it is taken."""
    record.known_client()
    event = SafetyFlagged(
        flag_id=command.flag_id,
        message_ref=command.message_ref,
        crisis_line=command.crisis_line,
        rule=command.rule,
    )
    return fact(record, command, lambda _: event, moment)


def review_flag(record: Record, command: ReviewFlag, moment: Moment) -> tuple[Proposed, ...]:
    """Says that somebody has looked; the first one counts, and saying it again is free."""
    client = record.known_client()
    if command.flag_id not in client.flags:
        raise NotThere
    event = SafetyReviewed(flag_id=command.flag_id)
    return once(record, client.client_id, "flag_review", command.flag_id, lambda _: event, moment)
