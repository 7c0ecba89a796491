"""Clients who might be: where they live, when they are reminded, how often they do it. All from a seed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from services.reminders.rules.goal import Goal
from services.reminders.rules.person import Consent, Contact, Person, Reminder
from shared.clinic import Clinic
from shared.events import Cadence, Clock, Day, Measure

EVERY_DAY: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKDAYS = EVERY_DAY[:5]
ZONES = (
    "America/New_York", "America/New_York", "America/New_York", "America/Chicago", "America/Chicago",
    "America/Denver", "America/Los_Angeles", "America/Los_Angeles", "America/Mexico_City", "Europe/Madrid",
)  # fmt: skip
TIMES: tuple[Clock, ...] = ("09:00", "09:00", "09:00", "08:00", "08:30", "12:00", "18:00", "20:00")
"""Full hours are what people choose, nine o'clock first."""
A_WEEK = timedelta(weeks=1)
REVIEWS = (6 * A_WEEK, 12 * A_WEEK)
"""A goal of twelve weeks is looked back on midway and at its end."""

CLINIC = Clinic(
    clinic_id=UUID(int=1),
    name="Northside",
    sender="Northside",
    phone="+15035550100",
    country="US",
    locale="en",
    time_zone="America/New_York",
    quiet_start="21:00",
    quiet_end="08:00",
)


class One(NamedTuple):
    """A client, and her way: how likely a reminder is answered, that she stops answering on a day, and when
    in the week she meets her therapist.
    """

    person: Person
    answers: float
    drifts: float
    meets: timedelta
    random: Random

    def begun(self, begins: datetime, days: int) -> Person:
        """She as she begins: her sessions of so many days, and when she looks back on her goal."""
        where = ZoneInfo(self.person.time_zone)
        today = begins.astimezone(where).date()
        monday = datetime.combine(today - timedelta(days=today.weekday()), time.min)
        met = [(monday + week * A_WEEK + self.meets).replace(tzinfo=where) for week in range(days // 7 + 2)]
        sessions = {UUID(int=week): at for week, at in enumerate(met) if at > begins}
        review_on = tuple(today + after for after in REVIEWS)
        goals = {key: replace(goal, review_on=review_on) for key, goal in self.person.goals.items()}
        return replace(self.person, begun_at=begins, sessions=sessions, goals=goals)


def one(seed: int, number: int) -> One:
    """The so-manieth client of the crowd of a seed: always the same one."""
    chance = Random(f"{seed}:{number}")  # noqa: S311  a crowd, not a secret
    client, goal, contact = (UUID(int=number * 8 + part + 8) for part in range(3))
    times = tuple(sorted(set(chance.choices(TIMES, k=chance.choice((1, 1, 1, 2, 2, 3))))))
    days = chance.choice((EVERY_DAY, EVERY_DAY, WORKDAYS))
    measure = Measure(kind="per_period", unit="times", period="day")
    person = Person(
        client_id=client,
        clinic_id=CLINIC.clinic_id,
        locale=chance.choice(("en", "en", "en", "es")),
        time_zone=chance.choice(ZONES),
        contacts={contact: Contact("sms", "+15035550188", True)},
        consents={contact: Consent(contact, "sms", True, "1")},
        goals={goal: Goal(measure=measure, target=len(times), focus=True)},
        reminders={client: Reminder("practice", "sms", goal, Cadence(days, times))},
    )
    answers, drifts = chance.betavariate(2, 3), chance.uniform(0.0, 0.02)
    meets = timedelta(days=chance.randrange(5), hours=chance.randrange(9, 18))
    return One(person, answers, drifts, meets, chance)
