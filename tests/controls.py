"""The examples that every test speaks of: one clinic, one therapist, one client and her goal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

from services.goals.rules.proposal import Moment
from shared.clinic import Clinic, Member
from shared.events import (
    Actor,
    ClientRegistered,
    ConsentGiven,
    ContactSet,
    Event,
    GoalDrafted,
    GoalSet,
    Measure,
    Recorded,
    TeamSet,
    fact_id,
)
from shared.lanes import lane_of

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday, 10:00 in New York."""
TODAY = date(2026, 3, 2)
ZONE = "America/New_York"

CLINIC = UUID("00000000-0000-4000-8000-0000000000c1")
OTHER_CLINIC = UUID("00000000-0000-4000-8000-0000000000c2")
THERAPIST = UUID("00000000-0000-4000-8000-0000000000a1")
COLLEAGUE = UUID("00000000-0000-4000-8000-0000000000a2")
CLIENT = UUID("00000000-0000-4000-8000-0000000000b1")
GOAL = UUID("00000000-0000-4000-8000-0000000000d1")
PHONE_CONTACT = UUID("00000000-0000-4000-8000-0000000000e1")
CONSENT = UUID("00000000-0000-4000-8000-0000000000f1")

NAME = "Maya Okafor"
NUMBER = "+15035550142"
ADDRESS = "maya@example.org"
STATEMENT = "I want to practice deep breathing exercises twice a day to manage my anxiety over the next month"
WIN = "I showed up today even though I wanted to cancel"

BY_THERAPIST = Actor("therapist", str(THERAPIST), "api")
BY_CLIENT = Actor("client", str(CLIENT), "web")
BY_CAIRN = Actor("system", "erasure", "api")

A_CLINIC = Clinic(
    clinic_id=CLINIC,
    name="Northside Counselling",
    sender="Northside",
    phone="+15035550100",
    country="US",
    locale="en",
    time_zone=ZONE,
    quiet_start="21:00",
    quiet_end="08:00",
    staff={THERAPIST: Member("therapist", "Ana Ruiz", "ana@example.org")},
)

REGISTERED = ClientRegistered(locale="en", time_zone=ZONE, adult=True, name=NAME)
TEAM = TeamSet(staff_ids=(THERAPIST,))
HER_PHONE = ContactSet(contact_id=PHONE_CONTACT, channel="sms", address=NUMBER, verified_by="seen")
CONSENTS = ConsentGiven(
    consent_id=CONSENT,
    contact_id=PHONE_CONTACT,
    scope="sms",
    text_version="1",
    locale="en",
    given_by="client",
)
TWICE_A_DAY = Measure(kind="per_period", unit="exercise", period="day")
DRAFTED = GoalDrafted(theme="coping", statement=STATEMENT)
SET = GoalSet(
    specific="Deep breathing, five minutes",
    measure=TWICE_A_DAY,
    baseline=None,
    target=2,
    confidence=7,
    relevance="To feel calmer at work",
    start_on=TODAY,
    end_on=date(2026, 4, 2),
    review_on=(date(2026, 3, 17), date(2026, 4, 2)),
    agreed="together",
)


def named(number: int) -> UUID:
    """A fact's id that a caller might have made."""
    return UUID(int=number)


def at(moment: datetime = NOW, actor: Actor = BY_THERAPIST) -> Moment:
    """A moment of a decision."""
    return Moment(now=moment, actor=actor, fresh=named(999))


def history(*said: tuple[UUID, Event] | tuple[UUID, Event, UUID], days_ago: int = 0) -> list[Recorded]:
    """A record's events as the log would hold them: (stream, data) or (stream, data, event id)."""
    versions: dict[UUID, count[int]] = {}
    when = NOW - timedelta(days=days_ago)
    return [
        Recorded(
            lane=lane_of(CLIENT),
            position=number,
            clinic_id=CLINIC,
            record_id=CLIENT,
            record_version=number,
            stream_id=event[0],
            version=next(versions.setdefault(event[0], count(1))),
            event_id=event[2] if len(event) == 3 else fact_id(event[0], event[1].TYPE, number),
            time=when,
            recorded_at=when,
            actor=BY_THERAPIST,
            data=event[1],
            correlation_id="a-test",
        )
        for number, event in enumerate(said, start=1)
    ]


BEGUN = ((CLIENT, REGISTERED), (CLIENT, TEAM))
"""A client who is registered, and no more."""
ACTIVE = (*BEGUN, (GOAL, DRAFTED), (GOAL, SET, fact_id(GOAL, "goal.set", GOAL)))
"""A client with her goal set."""
