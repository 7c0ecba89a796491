"""Clients to whom something is to be said, as the feed tells of them: each has consented, and did well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from bench.designs.win import CLINIC
from infra.local import story
from shared.events import (
    Actor,
    ClientRegistered,
    ClinicSet,
    ConsentGiven,
    ContactSet,
    Event,
    MilestoneReached,
    Recorded,
)
from shared.lanes import lane_of
from shared.personal import split
from shared.wire import to_cloudevent

FIRST_NUMBER = 2_000_000
"""A subscriber's number in North America begins with a 2 at the least."""
BY_STAFF = Actor("therapist", "00000000-0000-4000-8000-0000000000a1", "web")


class Crowd:
    """One clinic, whose clients live where it is late morning; each comes with one message to be sent."""

    def __init__(self) -> None:
        self._positions: Counter[int] = Counter()
        self._numbers = count(FIRST_NUMBER)
        self._zone = story.where_it_is_late_morning(datetime.now(UTC))

    def clinic(self) -> list[dict[str, Any]]:
        """The clinic, which comes before its clients."""
        clinic = ClinicSet(
            name="Northside Counselling", sender="Northside", phone="+15035550100", country="US", locale="en",
            time_zone=self._zone, quiet_start="21:00", quiet_end="08:00",
        )  # fmt: skip
        return [self._item(CLINIC, 1, clinic)]

    def clients(self, many: int) -> list[dict[str, Any]]:
        """So many new clients, each with a milestone that is worth a message."""
        return [
            self._item(client, version, event)
            for client in (uuid4() for _ in range(many))
            for version, event in enumerate(self._hers(), start=1)
        ]

    def _hers(self) -> Iterator[Event]:
        contact = uuid4()
        number = f"+1503{next(self._numbers)}"
        yield ClientRegistered(locale="en", time_zone=self._zone, adult=True, name="Maya Okafor")
        yield ContactSet(contact_id=contact, channel="sms", address=number, verified_by="seen")
        yield ConsentGiven(
            consent_id=uuid4(), contact_id=contact, scope="sms", text_version=story.CONSENT_TEXT,
            locale="en", given_by="client", via="web",
        )  # fmt: skip
        yield MilestoneReached(
            milestone_id=uuid4(), rule="first_win", threshold=None, epoch=None, evidence=uuid4()
        )

    def _item(self, record: UUID, version: int, event: Event) -> dict[str, Any]:
        lane, now = lane_of(record), datetime.now(UTC)
        self._positions[lane] += 1
        recorded = Recorded(
            lane=lane, position=self._positions[lane], clinic_id=CLINIC, record_id=record,
            record_version=version, stream_id=record, version=0, event_id=uuid4(), time=now, recorded_at=now,
            actor=BY_STAFF, data=event, correlation_id="a-benchmark",
        )  # fmt: skip
        return to_cloudevent(recorded, *split(event), granted=True)
