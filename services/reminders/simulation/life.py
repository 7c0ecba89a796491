"""A client's days in virtual time: what comes due, what is said, and which rule holds the rest back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple
from uuid import UUID, uuid5

import msgspec

from services.reminders.rules import person as persons
from services.reminders.rules import plan
from services.reminders.rules.cadence import Slot, slots
from services.reminders.rules.caps import LOOKED_BACK, Said, Sent
from services.reminders.rules.hours import local_day
from services.reminders.rules.plan import Occasion
from services.reminders.rules.policy import Expire, Later, Send, Suppress, judge_together
from services.reminders.rules.prompts import prompts
from services.reminders.rules.segments import size
from services.reminders.rules.words import compose
from services.reminders.simulation.crowd import CLINIC, One
from shared.events import Actor, Event, MilestoneReached, PracticeLogged, Recorded

PROMPTED = frozenset({"rating", "review", "quiet"})
"""What may be foreseen and then not come (a crowd has no ratings that come round by a cadence)."""
COUNTED = (3, 7, 14, 30, 60, 100)
"""The practices that are celebrated (the goals service's ruleset 1)."""


class Message(NamedTuple):
    """A message that would go."""

    at: datetime
    segments: int


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
    return _Living(one, begins, days).run(begins)


class _Living:
    def __init__(self, one: One, begins: datetime, days: int) -> None:
        self._one = one
        self._person = msgspec.structs.replace(one.person, begun_at=begins)
        self._ends = begins + timedelta(days=days)
        self._life = Life()
        self._waiting: list[tuple[datetime, int, Occasion]] = []
        self._order = count()
        self._foreseen: frozenset[str] = frozenset()
        self._come: set[str] = set()
        self._said: tuple[Said, ...] = ()
        self._practised = 0
        self._version = 0
        self._drifted = False
        self._put_off: set[tuple[str, str]] = set()
        [(self._reminder_id, self._reminder)] = one.person.reminders.items()
        assert self._reminder.cadence
        self._slots = slots(one.person.time_zone, self._reminder.cadence, begins)

    def run(self, begins: datetime) -> Life:
        """Every instant at which something is due, in order."""
        self._plan_next()
        self._foresee(begins)
        while self._waiting and (now := self._waiting[0][0]) < self._ends:
            due = []
            while self._waiting and self._waiting[0][0] <= now:
                occasion = heappop(self._waiting)[2]
                if self._comes(occasion):
                    due.append(occasion)
            if any(occasion.kind == "practice" for occasion in due):
                self._plan_next()
            self._come |= {occasion.key for occasion in due if occasion.kind in PROMPTED}
            self._judge(due, now)
        return self._life

    def _plan_next(self) -> None:
        slot: Slot = next(self._slots)
        self._wait(slot.at, plan.nudge(self._person.client_id, self._reminder_id, self._reminder, slot))

    def _comes(self, occasion: Occasion) -> bool:
        known = (self._foreseen, self._come)
        return occasion.kind not in PROMPTED or any(occasion.key in keys for keys in known)

    def _foresee(self, now: datetime) -> None:
        """What comes by itself if nothing changes; what was foreseen before and is not now never comes."""
        coming = prompts(self._person, now)
        for occasion in coming:
            if occasion.key not in self._foreseen:
                self._wait(occasion.due_at, occasion)
        self._foreseen = frozenset(occasion.key for occasion in coming)

    def _judge(self, due: list[Occasion], now: datetime) -> None:
        self._said = tuple(said for said in self._said if said.at > now - LOOKED_BACK)
        going = []
        for occasion, verdict in judge_together(self._person, CLINIC, "sms", due, Sent(self._said), now):
            match verdict:
                case Send():
                    going.append(occasion)
                case Later():
                    self._hold(occasion, verdict)
                case Suppress() | Expire():
                    self._life.dropped[verdict.cause] += 1
        if going:
            self._say(going, now)

    def _hold(self, occasion: Occasion, verdict: Later) -> None:
        if (occasion.key, verdict.cause) not in self._put_off:
            self._put_off.add((occasion.key, verdict.cause))
            self._life.held[verdict.cause] += 1
        self._wait(verdict.until, occasion)

    def _say(self, going: list[Occasion], now: datetime) -> None:
        text = compose(going, CLINIC, self._person, "sms", self._person.client_id.int).text
        self._life.messages.append(Message(now, size(text).segments))
        self._said += tuple(Said(one.key, one.kind, one.due_at, "sms", now) for one in going)
        if any(one.kind == "practice" for one in going):
            self._answer(now + timedelta(minutes=self._one.random.randint(1, 90)))

    def _answer(self, at: datetime) -> None:
        """She does it, or not; who drifts away does not come back."""
        self._drifted = self._drifted or self._one.random.random() < self._one.drifts
        if self._drifted or self._one.random.random() >= self._one.answers:
            return
        self._practised += 1
        on = local_day(self._person.time_zone, at)
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
        goal_id = next(iter(self._person.goals))
        event = Recorded(
            lane=0, position=self._version, clinic_id=CLINIC.clinic_id, record_id=self._person.client_id,
            record_version=self._version, stream_id=goal_id, version=self._version,
            event_id=self._named(f"event {self._version}"), time=at, recorded_at=at,
            actor=Actor("client", str(self._person.client_id), "web"), data=data, correlation_id="simulated",
        )  # fmt: skip
        for occasion in plan.occasions(self._person, event):
            self._wait(at, occasion)
        after = persons.evolve(self._person, event)
        assert after is not None
        self._person = after
        self._foresee(at)

    def _wait(self, until: datetime, occasion: Occasion) -> None:
        heappush(self._waiting, (until.astimezone(UTC), next(self._order), occasion))

    def _named(self, what: str) -> UUID:
        return uuid5(self._person.client_id, f"{what} {self._practised}")
