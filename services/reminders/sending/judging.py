"""The one transaction that claims and judges a message: her row locked, the policy asked, the answer kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from services.reminders import parking, people
from services.reminders.channels import Letter
from services.reminders.ledger import claim, count, erasing, hold, questions
from services.reminders.ledger.claim import Waiting, Whose
from services.reminders.ledger.direct import Kind
from services.reminders.links import Links
from services.reminders.rules.caps import LOOKED_BACK
from services.reminders.rules.causes import Cause
from services.reminders.rules.person import Person, consents_to
from services.reminders.rules.plan import Occasion
from services.reminders.rules.policy import Expire, Later, Send, Suppress, Verdict, judge_together
from services.reminders.sending.directly import claim_direct, letter_to
from services.reminders.sending.letters import Unsayable, letter_of, sealed
from services.reminders.standing import standing
from shared.vault import Vault

PARKED_WAIT = timedelta(minutes=10)
HELD_WAIT = timedelta(minutes=10)
"""Until it is asked for again; what waits goes at once when the ledger is released."""


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to send, now: whose it is, and all that it says."""

    message_id: UUID
    correlation_id: str
    client_id: UUID | None
    clinic_id: UUID | None
    due_at: datetime
    """From when on it was to go."""
    letter: Letter | Unsayable
    occasions: tuple[Occasion, ...] = ()
    direct: Kind | None = None
    """What it is, where it goes to an address of its own."""


def claim_and_judge(
    engine: Engine,
    vault: Vault,
    message_id: UUID,
    now: datetime,
    links: Links | None = None,
    *,
    alone: bool = False,
) -> Claimed | None:
    """Claims the message if it is to be sent now; None when it is not, and the ledger says why.

    `links` are what a welcome by e-mail asks to be pressed. `alone` leaves out what waits beside it.
    """
    try:
        return _claim_and_judge(engine, vault, message_id, now, links, alone)
    except DBAPIError as error:
        if not hold.is_held(error):
            raise
    with engine.begin() as connection:
        claim.hold(connection, message_id, now + HELD_WAIT, "restored")
    return None


def _claim_and_judge(
    engine: Engine, vault: Vault, message_id: UUID, now: datetime, links: Links | None, alone: bool
) -> Claimed | None:
    with engine.begin() as connection:
        whose = claim.whose(connection, message_id)
        if whose is None:
            return None
        if whose == "direct":
            return _directly(connection, vault, message_id, now)
        # Her row is locked before any of her messages: whoever judges her, judges alone.
        person = people.lock_persons(connection, vault, {whose.client_id}).get(whose.client_id)
        waiting = claim.waiting(connection, whose, now, only=message_id if alone else None)
        mine = next((message for message in waiting if message.message_id == message_id), None)
        if mine is None:
            return None
        if parking.parked(connection, {whose.client_id}):
            claim.hold(connection, message_id, now + PARKED_WAIT, "parked")
            return None
        if person is None:
            cause: Cause = "erased" if erasing.erased(connection, {whose.client_id}) else "unknown_person"
            claim.end(connection, message_id, "suppressed", cause, now)
            return None
        return _judge(connection, vault, person.who, whose, mine, waiting, now, links)


def _directly(connection: Connection, vault: Vault, message_id: UUID, now: datetime) -> Claimed | None:
    one = claim_direct(connection, vault, message_id, now)
    if one is None:
        return None
    return Claimed(
        message_id, one.correlation_id, one.client_id, one.clinic_id, one.due_at or now, letter_to(one, now),
        direct=one.kind,
    )  # fmt: skip


def _judge(
    connection: Connection,
    vault: Vault,
    person: Person,
    whose: Whose,
    mine: Waiting,
    waiting: Sequence[Waiting],
    now: datetime,
    links: Links | None,
) -> Claimed | None:
    hers = now + whose.clock_offset
    clinic = people.clinic(connection, vault, person.clinic_id)
    occasions = [occasion for message in waiting for _, occasion in message.sayings]
    sent = count.lately(connection, person.client_id, hers - LOOKED_BACK)
    stands = standing(connection, vault, person, whose.channel, hers)
    judged = judge_together(person, clinic, whose.channel, occasions, sent, hers, **stands._asdict())
    verdicts = {occasion.key: verdict for occasion, verdict in judged}
    going = [message for message in waiting if _settle(connection, message, whose, verdicts, now)]
    if mine not in going or clinic is None:
        return None
    said = tuple(
        occasion
        for message in going
        for _, occasion in message.sayings
        if isinstance(verdicts[occasion.key], Send)
    )
    sends = [verdict for one in said if isinstance(verdict := verdicts[one.key], Send)]
    soonest = min(sends, key=lambda send: send.valid_for)
    letter = letter_of(message_id=mine.message_id, channel=whose.channel, occasions=said, clinic=clinic,
                       person=person, send=soonest, at=hers, links=links)  # fmt: skip
    merged = [message.message_id for message in going if message is not mine]
    agreed = consents_to(person, whose.channel, [soonest.contact_id])[-1]
    claim.take(connection, mine.message_id, merged, now, hers, sealed(vault, letter), agreed)
    if whose.channel == "sms" and any(one.kind == "welcome" for one in said):
        questions.ask_opt_in(connection, person.client_id, now)
    return Claimed(
        mine.message_id, mine.correlation_id, person.client_id, person.clinic_id, mine.due_at, letter,
        occasions=said,
    )  # fmt: skip


def _settle(
    connection: Connection, message: Waiting, whose: Whose, verdicts: dict[str, Verdict], now: datetime
) -> bool:
    """Writes down every no of a message; whether it goes. One that must wait in part, waits whole."""
    later: list[Later] = []
    ended: list[Suppress | Expire] = []
    for occasion_id, occasion in message.sayings:
        match verdicts[occasion.key]:
            case Later() as held:
                later.append(held)
            case Suppress() | Expire() as no:
                claim.end_saying(connection, message.message_id, occasion_id, _state(no), no.cause)
                ended.append(no)
            case Send():
                pass
    if later:
        last = max(later, key=lambda held: held.until)
        claim.hold(connection, message.message_id, last.until - whose.clock_offset, last.cause)
        return False
    if len(ended) == len(message.sayings):
        claim.end(connection, message.message_id, _state(ended[0]), ended[0].cause, now)
        return False
    return True


def _state(no: Suppress | Expire) -> Literal["suppressed", "expired"]:
    return "expired" if isinstance(no, Expire) else "suppressed"
