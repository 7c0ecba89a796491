"""A reminder service of a test's own: fed with events as the feed gives them, its clock set by the test."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec
from sqlalchemy import text

from services.reminders.bell import Rung
from services.reminders.channels import Heard
from services.reminders.following import apply
from services.reminders.hearing.answering import hear
from services.reminders.ledger import read
from services.reminders.ledger.inbound import inbound_id
from services.reminders.parts import Parts
from services.reminders.scheduling.schedule import schedule, schedule_once_at
from services.reminders.sending import sweep
from services.reminders.sending.deliver import deliverer
from shared.events import (
    Actor,
    Cadence,
    ClientRegistered,
    ClinicSet,
    ConsentGiven,
    ContactSet,
    Event,
    MilestoneReached,
    Recorded,
    ReminderPlanned,
)
from shared.lanes import lane_of
from shared.personal import split
from shared.wire import to_cloudevent

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""A Monday, 10:00 in New York."""
ZONE = "America/New_York"
NAME, LABEL = "Maya Okafor", "morning calm"
NUMBER, ADDRESS = "+15035550142", "maya.okafor@example.org"
CLINIC = UUID("00000000-0000-4000-8000-0000000000c1")
CLIENT = UUID("00000000-0000-4000-8000-0000000000b1")
REMINDER = UUID("00000000-0000-4000-8000-000000000aa1")
PHONE = UUID("00000000-0000-4000-8000-0000000000e1")
MAIL = UUID("00000000-0000-4000-8000-0000000000e2")
BY_CLIENT = Actor("client", str(CLIENT), "web")
EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

A_CLINIC = ClinicSet(
    name="Northside Counselling",
    sender="Northside",
    phone="+15035550100",
    country="US",
    locale="en",
    time_zone=ZONE,
    quiet_start="21:00",
    quiet_end="08:00",
)
REGISTERED = ClientRegistered(locale="en", time_zone=ZONE, adult=True, name=NAME)
HER_PHONE = ContactSet(contact_id=PHONE, channel="sms", address=NUMBER, verified_by="seen")
HER_MAIL = ContactSet(contact_id=MAIL, channel="email", address=ADDRESS, verified_by="seen")


def consent(channel: Any, contact_id: UUID, consent_id: UUID | None = None) -> ConsentGiven:
    """Her consent to one channel."""
    return ConsentGiven(
        consent_id=consent_id or uuid5(contact_id, "consent"),
        contact_id=contact_id,
        scope=channel,
        text_version="1",
        locale="en",
        given_by="client",
    )


def reminder(*times: str, channel: Any = "sms") -> ReminderPlanned:
    """Her reminder, every day at these times."""
    cadence = Cadence(EVERY_DAY, times)  # type: ignore[arg-type]
    return ReminderPlanned(reminder_id=REMINDER, kind="practice", channel=channel, cadence=cadence)


def milestone(rule: Any = "first_step", threshold: int | None = None) -> MilestoneReached:
    """A milestone, another each time."""
    return MilestoneReached(
        milestone_id=uuid4(), rule=rule, threshold=threshold, epoch=None, evidence=uuid4()
    )


@dataclass
class House:
    """The reminder service as a test sees it. `rung` is what was rung for and nobody answered yet."""

    parts: Parts
    now: datetime = NOW
    rung: list[Rung] = field(default_factory=list)
    _versions: dict[UUID, int] = field(default_factory=lambda: defaultdict(int))
    _positions: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def clock(self) -> datetime:
        """The test's time."""
        return self.now

    def items(
        self, *events: Event, record: UUID = CLIENT, clinic: UUID = CLINIC, actor: Actor = BY_CLIENT
    ) -> list[dict[str, Any]]:
        """The next events of a record as the feed gives them."""
        return [self._item(event, record, clinic, actor) for event in events]

    def page(self, items: list[dict[str, Any]]) -> int:
        """Applies a page."""
        return apply.apply(self.parts.engine, self.parts.vault, self.rung.extend, items, self.now)

    def happens(self, *events: Event, **of: Any) -> list[dict[str, Any]]:
        """The events happen, and are followed."""
        items = self.items(*events, **of)
        self.page(items)
        return items

    def begin(self, *channels: str) -> None:
        """A clinic, and a client who can be written to on these channels."""
        self.happens(A_CLINIC, record=CLINIC)
        self.happens(REGISTERED)
        if "sms" in channels:
            self.happens(HER_PHONE, consent("sms", PHONE))
        if "email" in channels:
            self.happens(HER_MAIL, consent("email", MAIL))

    def answer(self) -> list[object]:
        """Delivers all that was rung for, once each, as workers would."""
        deliver = deliverer(self.parts.engine, self.parts.vault, self.parts.channels(), {}, self.clock)
        rung, self.rung = self.rung, []
        return [deliver(message_id, channel, queue) for message_id, channel, queue in rung]

    def hears(self, words: str, provider_id: str = "SM1") -> UUID:
        """Her phone writes to us; the id of the text."""
        heard = Heard(provider_id, NUMBER, "+15035550100", words)
        links = self.parts.links
        hear(self.parts.engine, self.parts.vault, self.rung.extend, links, heard, self.now, "a-test")
        return inbound_id(provider_id)

    def schedule(self) -> int:
        """One round of the scheduler."""
        return schedule(self.parts.engine, self.rung.extend, self.now)

    def schedule_at(self, at: datetime) -> int:
        """One round as if it were `at`."""
        return schedule_once_at(self.parts.engine, self.rung.extend, self.now, at)

    def sweep(self) -> int:
        """One round of the sweeper, on the real bell; what it rang for is to be answered."""
        due = self._waiting()
        rung = sweep.sweep(self.parts.engine, self.parts.broker, self.parts.outbox.arrived, self.now)
        self.rung += due[:rung]
        return rung

    def sent(self) -> list[tuple[str, str, str]]:
        """What is in the outbox: channel, to, text."""
        return [(one.channel, one.body.to, one.body.text) for one in self.parts.outbox.kept()]

    def messages(self, client: UUID = CLIENT) -> list[dict[str, Any]]:
        """Her messages as the ledger shows them."""
        with self.parts.engine.connect() as connection:
            shown: list[dict[str, Any]] = msgspec.to_builtins(read.messages_of(connection, client).items)
            return shown

    def states(self) -> list[tuple[str, str | None]]:
        """Their states and causes, sorted."""
        return sorted((m["state"], m["cause"]) for m in self.messages())

    def later(self, **by: float) -> None:
        """Time passes."""
        self.now += timedelta(**by)

    def _waiting(self) -> list[Rung]:
        query = text(
            "SELECT message_id, channel, queue FROM message"
            " WHERE state = 'planned' AND next_attempt_at <= :now ORDER BY next_attempt_at"
        )
        with self.parts.engine.connect() as connection:
            return [Rung(*row) for row in connection.execute(query, {"now": self.now})]

    def _item(self, event: Event, record: UUID, clinic: UUID, actor: Actor) -> dict[str, Any]:
        lane = lane_of(record)
        self._versions[record] += 1
        self._positions[lane] += 1
        recorded = Recorded(
            lane=lane,
            position=self._positions[lane],
            clinic_id=clinic,
            record_id=record,
            record_version=self._versions[record],
            stream_id=record,
            version=0,
            event_id=uuid4(),
            time=self.now,
            recorded_at=self.now,
            actor=actor,
            data=event,
            correlation_id="cor-1",
        )
        return to_cloudevent(recorded, *split(event), granted=True)


def unknown(house: House) -> UUID:
    """A message of hers of which nobody knows whether it went; its id."""
    house.happens(milestone())
    with house.parts.engine.begin() as connection:
        found: UUID = connection.execute(
            text(
                "UPDATE message SET state = 'unknown', cause = 'timed_out', claimed_at = :now"
                " WHERE message_id = (SELECT message_id FROM message WHERE NOT direct LIMIT 1)"
                " RETURNING message_id"
            ),
            {"now": house.now},
        ).scalar_one()
    return found


def wait_for(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    """Waits until it holds; fails when it does not in time."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"not within {seconds} s"
        time.sleep(0.02)
