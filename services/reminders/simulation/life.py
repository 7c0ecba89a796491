"""A client's days in virtual time: what comes due, what is said, and which rule holds the rest back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from services.reminders.rules.ahead import Ahead, Dropped, Going, PutOff
from services.reminders.rules.hours import local_day
from services.reminders.rules.segments import size
from services.reminders.rules.words import compose
from services.reminders.simulation.crowd import CLINIC, One
from shared.events import Actor, Event, MilestoneReached, PracticeLogged, RatingRecorded, Recorded

COUNTED = (3, 7, 14, 30, 60, 100)
"""The practices that are celebrated (the goals service's ruleset 1)."""


class Message(NamedTuple):
    """A message that would go."""

    at: datetime
    segments: int
    kinds: frozenset[str]


@dataclass
class Life:
    """What became of everything worth saying."""

    messages: list[Message] = field(default_factory=list)
    held: Counter[str] = field(default_factory=Counter)
    """Occasions that were put off, once for each rule and occasion."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Occasions that were never said, by the rule."""


def live(one: One, begins: datetime, days: int) -> Life:
    """So many days of a client's."""
    return _Living(one, begins, days).run(begins + timedelta(days=days))


class _Living:
    def __init__(self, one: One, begins: datetime, days: int) -> None:
        self._one = one
        self._ahead = Ahead(one.begun(begins, days), CLINIC, begins)
        self._life = Life()
        self._practised = 0
        self._version = 0
        self._drifted = False
        self._put_off: set[tuple[str, str]] = set()

    def run(self, ends: datetime) -> Life:
        """Every instant at which something is due, in order."""
        for outcome in self._ahead.until(ends):
            match outcome:
                case Going():
                    self._say(outcome)
                case PutOff():
                    self._hold(outcome)
                case Dropped():
                    self._life.dropped[outcome.verdict.cause] += 1
        return self._life

    def _hold(self, put_off: PutOff) -> None:
        once = (put_off.occasion.key, put_off.verdict.cause)
        if once not in self._put_off:
            self._put_off.add(once)
            self._life.held[put_off.verdict.cause] += 1

    def _say(self, going: Going) -> None:
        person = self._ahead.person
        text = compose(going.occasions, CLINIC, person, going.channel, person.client_id.int).text
        kinds = frozenset(one.kind for one in going.occasions)
        self._life.messages.append(Message(going.at, size(text).segments, kinds))
        at = going.at + timedelta(minutes=self._one.random.randint(1, 90))
        if "practice" in kinds and self._answers():
            self._practise(at)
        if "rating" in kinds and self._answers():
            rating_id = self._named(f"rating {at.date()}")
            self._happens(RatingRecorded(rating_id=rating_id, value=5, rater="client", epoch=1), at)

    def _answers(self) -> bool:
        """Whether she does; who drifts away does not come back."""
        self._drifted = self._drifted or self._one.random.random() < self._one.drifts
        return not self._drifted and self._one.random.random() < self._one.answers

    def _practise(self, at: datetime) -> None:
        self._practised += 1
        on = local_day(self._ahead.person.time_zone, at)
        self._happens(PracticeLogged(practice_id=self._named("practice"), on=on, quantity=1), at)
        if self._practised in COUNTED:
            self._happens(
                MilestoneReached(
                    milestone_id=self._named("milestone"),
                    rule="practices",
                    threshold=self._practised,
                    epoch=None,
                    evidence=self._named("practice"),
                ),
                at,
            )

    def _happens(self, data: Event, at: datetime) -> None:
        self._version += 1
        person = self._ahead.person
        event = Recorded(
            lane=0, position=self._version, clinic_id=CLINIC.clinic_id, record_id=person.client_id,
            record_version=self._version, stream_id=next(iter(person.goals)), version=self._version,
            event_id=self._named(f"event {self._version}"), time=at, recorded_at=at,
            actor=Actor("client", str(person.client_id), "web"), data=data, correlation_id="simulated",
        )  # fmt: skip
        self._ahead.happens(event, at)

    def _named(self, what: str) -> UUID:
        return uuid5(self._ahead.person.client_id, f"{what} {self._practised}")
