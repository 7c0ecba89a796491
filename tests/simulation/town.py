"""Who lives in a simulation: one or two clients, where and when it begins, by the dice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from shared.events import (
    Actor,
    Cadence,
    ClientRegistered,
    ClinicSet,
    ConsentGiven,
    ContactSet,
    Event,
    GoalSet,
    Measure,
    ReminderPlanned,
    StaffSet,
    TeamSet,
)
from tests.simulation.dice import Dice

NAMES = UUID("5e5a3f0e-0000-4000-8000-000000000002")
STAFF = uuid5(NAMES, "staff")
NUMBERS = ("+15035550142", "+15035550143")
OTHER_NUMBER = "+15035550144"
ADDRESSES = ("maya@example.org", "noor@example.org")
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEB = Actor("therapist", str(STAFF), "web")
ZONES = (
    "America/New_York", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Auckland",
    "America/St_Johns", "Europe/London", "America/Santiago", "Pacific/Apia", "Asia/Kathmandu",
)  # fmt: skip
BEGINNINGS = (
    datetime(2026, 3, 2, 15, 0, tzinfo=UTC),
    datetime(2026, 3, 6, 15, 0, tzinfo=UTC),
    datetime(2026, 10, 30, 9, 0, tzinfo=UTC),
    datetime(2028, 2, 27, 22, 0, tzinfo=UTC),
    datetime(2026, 4, 3, 3, 0, tzinfo=UTC),
    datetime(2026, 9, 25, 12, 0, tzinfo=UTC),
    datetime(2026, 12, 30, 18, 0, tzinfo=UTC),
)
"""Before changes of the clocks on both sides of the world, a leap day, and a new year."""
TIMES = (
    ("08:30",), ("08:30", "20:45"), ("07:59", "12:00"), ("02:30", "10:00"), ("06:45", "13:15", "19:50"),
    ("21:00",), ("09:00", "10:30", "12:00", "13:30", "15:00"),
)  # fmt: skip
QUIET = (("21:00", "08:00"), ("21:00", "08:00"), ("22:30", "06:30"), ("00:00", "05:00"), ("12:00", "12:00"))


@dataclass(frozen=True)
class Client:
    """Somebody, her clinic, and what she has from the first."""

    client_id: UUID
    clinic_id: UUID
    zone: str
    quiet: tuple[str, str]
    number: str
    address: str
    goal_id: UUID

    def begins(self, dice: Dice, *, plain: bool) -> list[tuple[UUID, Event]]:
        """What happens first, and on which stream of hers."""
        contact = {channel: self.contact(channel) for channel in ("sms", "email")}
        verified: Any = "seen" if plain or dice.chance(85) else None
        events: list[Event] = [
            ClientRegistered("es" if dice.chance(20) else "en", self.zone, True, "Maya"),
            TeamSet((STAFF,)),
            ContactSet(contact["sms"], "sms", self.number, verified),
            consent(contact["sms"], "sms", uuid5(contact["sms"], "consent")),
            *self.planned(dice, "first"),
        ]
        if dice.chance(60):
            events += [
                ContactSet(
                    contact["email"], "email", self.address, "link" if plain or dice.chance(80) else None
                ),
                consent(contact["email"], "email", uuid5(contact["email"], "consent")),
            ]
        goal = goal_set(BEGINNINGS[0])
        return [*((self.client_id, one) for one in events), (self.goal_id, goal)]

    def contact(self, channel: str) -> UUID:
        """Her first contact there."""
        return uuid5(self.client_id, channel)

    def reached_at(self, channel: str, *, other: bool) -> str:
        """Her number or her address; or the other one that she has."""
        if channel == "sms":
            return OTHER_NUMBER if other else self.number
        return f"other.{self.address}" if other else self.address

    def planned(self, dice: Dice, name: str) -> list[Event]:
        """A reminder of hers, by the dice."""
        kind: Any = "rating" if dice.chance(15) else "practice"
        channel: Any = "email" if dice.chance(25) else "sms"
        goal = self.goal_id if dice.chance(60) else None
        times = dice.one(TIMES)
        return [
            ReminderPlanned(uuid5(self.client_id, name), kind, channel, goal, Cadence(EVERY_DAY, times))  # type: ignore[arg-type]
        ]


def consent(contact_id: UUID, channel: Any, consent_id: UUID) -> ConsentGiven:
    """Her consent to be written to there."""
    return ConsentGiven(consent_id, contact_id, channel, "1", "en", "client", "web")


def goal_set(now: datetime) -> GoalSet:
    """A goal with two review days to come."""
    day = now.date()
    return GoalSet(
        measure=Measure("count", "times"),
        baseline=0,
        target=30,
        confidence=7,
        start_on=day,
        end_on=day.replace(year=day.year + 1, day=1),
        review_on=(day.replace(month=day.month % 12 + 1, day=9), day.replace(day=28)),
        agreed="together",
        focus=True,
    )


def live_in(dice: Dice) -> tuple[Client, ...]:
    """One client, or two of two clinics who share a number now and then."""
    count = 2 if dice.chance(25) else 1
    shared = dice.chance(50)
    return tuple(
        Client(
            client_id=uuid5(NAMES, f"client {place}"),
            clinic_id=uuid5(NAMES, f"clinic {place}"),
            zone=dice.one(ZONES),
            quiet=dice.one(QUIET),
            number=NUMBERS[0 if shared else place],
            address=ADDRESSES[place],
            goal_id=uuid5(NAMES, f"goal {place}"),
        )
        for place in range(count)
    )


def clinic(client: Client) -> tuple[Event, ...]:
    """Her clinic, and who works there."""
    quiet_start, quiet_end = client.quiet
    return (
        ClinicSet("Northside Counselling", "Northside", "+15035550100", "US", "en", client.zone, quiet_start,
                  quiet_end, "cover@example.org"),
        StaffSet(STAFF, "therapist", "Dana", "dana@example.org"),
    )  # fmt: skip
