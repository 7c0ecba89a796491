"""Once the log has taken what she sent: that it is noted, with what it earned, to where it came from."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import Connection

from services.reminders import people
from services.reminders.bell import Rung
from services.reminders.ledger import direct, inbound, outgoing
from services.reminders.ledger.direct import GOOD_FOR, Direct, Said
from services.reminders.ledger.outgoing import Fact
from services.reminders.rules import answers
from services.reminders.rules.answers import Speaker
from services.reminders.rules.catalogue import language_of
from services.reminders.rules.crisis import crisis_of
from shared.events import MilestoneRule
from shared.vault import Vault

NOTED = {"practice.logged": "done", "win.recorded": "win", "rating.recorded": "rating"}
"""What is acknowledged, by the event that it comes to."""


class Earned(msgspec.Struct):
    """A milestone of the answer's."""

    rule: MilestoneRule
    threshold: int | None = None


class Taken(msgspec.Struct):
    """What is read of the answer to a PUT: the milestones that it earned."""

    milestones: list[Earned] = []


def acknowledge(
    connection: Connection, vault: Vault, fact: Fact, answered: bytes, now: datetime
) -> list[Rung]:
    """The acknowledgement of a fact that the log has taken; nothing where no text waits for one."""
    earned = msgspec.json.decode(answered, type=Taken).milestones
    counted = [(one.rule, one.threshold or 1) for one in earned]
    return _say(connection, vault, fact, counted, now)


def refused(connection: Connection, vault: Vault, fact: Fact, now: datetime) -> list[Rung]:
    """The answer where the log will not have it: the goal has ended meanwhile, or there is none such."""
    return _say(connection, vault, fact, None, now)


def _say(
    connection: Connection,
    vault: Vault,
    fact: Fact,
    earned: list[tuple[MilestoneRule, int]] | None,
    now: datetime,
) -> list[Rung]:
    inbound_id = outgoing.replied_to(connection, fact.fact_id)
    kept = inbound.kept(connection, vault, inbound_id) if inbound_id else None
    person = people.person(connection, vault, kept.client_id) if kept else None
    clinic = people.clinic(connection, vault, person.clinic_id) if person else None
    if inbound_id is None or kept is None or person is None or clinic is None:
        return []
    language = language_of(person.locale, clinic.locale)
    speaker = Speaker(language, clinic.sender, clinic.phone, crisis_of(clinic.country))
    return direct.plan(
        connection,
        vault,
        Direct(
            message_id=uuid5(inbound_id, "acknowledgement"),
            record_id=person.client_id,
            client_id=person.client_id,
            clinic_id=person.clinic_id,
            channel="sms",
            kind="acknowledgement",
            said=Said(
                kept.written.sent_from, _words(speaker, fact, inbound_id, earned), zone=person.time_zone
            ),
            expires_at=now + GOOD_FOR,
            correlation_id=kept.correlation_id,
        ),
        now,
    )


def _words(
    speaker: Speaker, fact: Fact, inbound_id: UUID, earned: list[tuple[MilestoneRule, int]] | None
) -> str:
    if earned is None:
        return answers.answer(speaker, "answer nothing open")
    return answers.acknowledged(speaker, NOTED[fact.kind], earned, inbound_id.int % 97)
