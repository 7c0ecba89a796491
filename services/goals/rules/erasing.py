"""Her erasure: asked for, decided by a lead with its ground, called off, or carried out."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal
from uuid import UUID

from services.goals.rules.client import Client, Erasure
from services.goals.rules.commands.client import AskErasure, CancelErasure, DecideErasure
from services.goals.rules.proposal import Moment, Proposed, local_day
from services.goals.rules.record import Record, fact, once
from services.goals.rules.refusal import Erased, Invalid, NotThere, Refused
from shared.events import ClientErased, ErasureCancelled, ErasureDecided, ErasureRequested


def ask(record: Record, command: AskErasure, moment: Moment) -> tuple[Proposed, ...]:
    """Asks for her erasure; one is under way at a time."""
    client = record.known_client()
    asks: Literal["client", "therapist"] = "client" if moment.actor.kind == "client" else "therapist"

    def build(seen: ErasureRequested | None) -> ErasureRequested:
        return ErasureRequested(erasure_id=command.erasure_id, by=seen.by if seen else asks)

    proposed = fact(record, command, build, moment)
    if proposed and any(erasure.under_way for erasure in client.erasures.values()):
        raise Refused("Her erasure is under way already; there is one at a time.")
    return proposed


def cancel(record: Record, command: CancelErasure, moment: Moment) -> tuple[Proposed, ...]:
    """Calls an erasure off, until it is carried out; doing it twice is the same."""
    erasure = _asked(record, command.erasure_id)
    event = ErasureCancelled(erasure_id=command.erasure_id)
    proposed = once(
        record, record.client_id, "erasure.cancelled", command.erasure_id, lambda _: event, moment
    )
    if proposed and not erasure.under_way:
        raise Refused("This erasure was refused; there is nothing to call off.")
    return proposed


def judge(record: Record, command: DecideErasure, moment: Moment) -> tuple[Proposed, ...]:
    """Grants an erasure, or refuses it because the record must be kept until a day; with the ground."""
    refuses = command.decision == "refused"
    if refuses and command.retain_until is None:
        raise Invalid("A refusal says until which day the record must be kept.", "#/retain_until")
    if not refuses and command.retain_until is not None:
        raise Invalid("Only a refusal says until when the record is kept.", "#/retain_until")
    erasure = _asked(record, command.erasure_id)
    event = ErasureDecided(
        erasure_id=command.erasure_id,
        decision=command.decision,
        retain_until=command.retain_until,
        ground=command.ground,
    )
    proposed = once(
        record,
        record.client_id,
        "erasure.decided",
        command.erasure_id,
        lambda _: event,
        moment,
        otherwise="This erasure is decided already; to decide anew, it is asked for anew.",
    )
    if proposed:
        if not erasure.under_way:
            raise Refused("This erasure was called off; there is nothing to decide.")
        _check_days(record.known_client(), command, moment)
    return proposed


def carry_out(record: Record, erasure_id: UUID, wait: timedelta, moment: Moment) -> tuple[Proposed, ...]:
    """Erases her, `wait` after it was granted; nothing when she is erased already.

    Raises Refused while it is not, or no longer, to be carried out.
    """
    if record.known_client().erased:
        return ()
    erasure = _asked(record, erasure_id)
    if not erasure.under_way or erasure.decision != "granted" or erasure.decided_at is None:
        raise Refused("This erasure is not granted, or was called off.")
    if moment.now < erasure.decided_at + wait:
        raise Refused("This erasure can still be called off; it is carried out later.")
    event = ClientErased(erasure_id=erasure_id)
    return once(record, record.client_id, "client.erased", erasure_id, lambda _: event, moment)


def must_be_there(record: Record) -> None:
    """Raises Erased: after client.erased nothing is written to a record, not even again."""
    if record.client is not None and record.client.erased is not None:
        raise Erased


def _asked(record: Record, erasure_id: UUID) -> Erasure:
    erasure = record.known_client().erasures.get(erasure_id)
    if erasure is None:
        raise NotThere
    return erasure


def _check_days(client: Client, command: DecideErasure, moment: Moment) -> None:
    """A grant before the day of the latest refusal has passed is refused: the record must still be kept."""
    today = local_day(moment.now, client.time_zone)
    if command.retain_until is not None and command.retain_until < today:
        raise Invalid(
            f"retain_until is the last day that the record must be kept; today is {today} where she is.",
            "#/retain_until",
        )
    kept = client.kept_until
    if command.decision == "granted" and kept is not None and today <= kept:
        raise Refused(f"This record must be kept until {kept}; erasing it can be granted after that day.")
