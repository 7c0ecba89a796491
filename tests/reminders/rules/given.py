"""The person, the clinic and the occasions that the tests of the rules speak of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.reminders.rules.cadence import Slot, next_due
from services.reminders.rules.caps import Said
from services.reminders.rules.person import Consent, Contact, Person, Reminder
from services.reminders.rules.plan import CELEBRATION_EXPIRES, Detail, Occasion, OccasionKind, nudge
from services.reminders.rules.policy import Send
from shared.clinic import Clinic
from shared.events import Actor, Cadence, Channel, Event, MilestoneRule, Recorded
from tests import controls
from tests.controls import CLIENT, CLINIC, CONSENT, GOAL, NOW, PHONE_CONTACT, ZONE

MAIL_CONTACT = UUID("00000000-0000-4000-8000-0000000000e2")
MAIL_CONSENT = UUID("00000000-0000-4000-8000-0000000000f2")
REMINDER = UUID("00000000-0000-4000-8000-000000000a01")
DAILY = Cadence(days=("mon", "tue", "wed", "thu", "fri", "sat", "sun"), times=("08:00", "20:00"))

NORTHSIDE = Clinic(
    clinic_id=CLINIC,
    name="Northside Counselling",
    sender="Northside",
    phone="+15035550100",
    country="US",
    locale="en",
    time_zone=ZONE,
    quiet_start="21:00",
    quiet_end="08:00",
)
MAYA = Person(
    client_id=CLIENT,
    clinic_id=CLINIC,
    locale="en",
    time_zone=ZONE,
    name=controls.NAME,
    contacts={
        PHONE_CONTACT: Contact("sms", controls.NUMBER, True),
        MAIL_CONTACT: Contact("email", controls.ADDRESS, True),
    },
    consents={
        CONSENT: Consent(PHONE_CONTACT, "sms", True, "1"),
        MAIL_CONSENT: Consent(MAIL_CONTACT, "email", True, "1"),
    },
    reminders={REMINDER: Reminder("practice", "sms", GOAL, DAILY)},
)
"""Reached by SMS and e-mail, reminded at 08:00 and 20:00 in New York, quiet as her clinic is."""


def local(day: int, clock: str, month: int = 3) -> datetime:
    """An instant of 2026 by Maya's clock, while New York is at UTC-5 (until 8 March)."""
    return datetime.fromisoformat(f"2026-{month:02}-{day:02}T{clock}:00-05:00").astimezone(UTC)


def event(
    data: Event, *, stream: UUID = CLIENT, number: int = 1, at: datetime = NOW, via: str = "api"
) -> Recorded:
    """An event of Maya's record, as it came from the feed."""
    recorded = controls.history((stream, data, UUID(int=number)))[0]
    return Recorded(
        **{name: getattr(recorded, name) for name in recorded.__struct_fields__}
        | {"time": at, "recorded_at": at, "actor": Actor("client", str(CLIENT), via)}  # type: ignore[arg-type]
    )


def celebration(
    number: int = 1, at: datetime = NOW, rule: MilestoneRule = "practices", threshold: int | None = 7
) -> Occasion:
    """A celebration that came due at a moment."""
    return Occasion(
        key=f"celebration:{UUID(int=number)}",
        client_id=CLIENT,
        kind="celebration",
        channels=("email", "sms"),
        due_at=at,
        expires_at=at + CELEBRATION_EXPIRES,
        source=UUID(int=number),
        detail=Detail(rule=rule, threshold=threshold),
    )


def prompt(kind: OccasionKind, at: datetime = NOW) -> Occasion:
    """What came due by itself, and is about nothing in particular."""
    return Occasion(
        key=f"{kind}:{at.isoformat()}",
        client_id=CLIENT,
        kind=kind,
        channels=("email", "sms"),
        due_at=at,
        expires_at=at + timedelta(hours=24),
    )


def slot_at(at: datetime, person: Person = MAYA) -> Slot:
    """The slot of her reminder that comes round at an instant."""
    cadence = person.reminders[REMINDER].cadence
    assert cadence
    found = next_due(person.time_zone, cadence, at - timedelta(seconds=1))
    assert found
    assert found.at == at
    return found


def practice(at: datetime, person: Person = MAYA, reminder: UUID = REMINDER) -> Occasion:
    """The nudge of a slot."""
    return nudge(person.client_id, reminder, person.reminders[REMINDER], slot_at(at, person))


def said(occasion: Occasion, at: datetime, channel: Channel = "sms") -> Said:
    """That it was said."""
    return Said(occasion.key, occasion.kind, occasion.due_at, channel, at, occasion.by_her)


def maya(**changes: Any) -> Person:
    """Maya, but for what is named."""
    return replace(MAYA, **changes)


def reminded(**changes: Any) -> Person:
    """Maya with her reminder as it is named."""
    return maya(reminders={REMINDER: replace(MAYA.reminders[REMINDER], **changes)})


def goes(minutes: int, contact: UUID = PHONE_CONTACT) -> Send:
    """That it is sent, and tried for so long."""
    return Send(contact, timedelta(minutes=minutes))


def named_rows(rows: list[Any]) -> list[Any]:
    """The rows of a table, each named by its first column."""
    return [pytest.param(*row[1:], id=row[0]) for row in rows]
