"""A client's days before they come: what will be said and what held back, if nothing happens meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from heapq import heappop, heappush
from itertools import count
from typing import Literal, NamedTuple
from uuid import UUID

import msgspec

from services.reminders.rules import person as persons
from services.reminders.rules import plan
from services.reminders.rules.cadence import Slot, slots
from services.reminders.rules.caps import LOOKED_BACK, Said, Sent
from services.reminders.rules.person import Person
from services.reminders.rules.plan import Occasion
from services.reminders.rules.policy import (
    Expire,
    Later,
    Send,
    Standing,
    Suppress,
    judge_together,
)
from services.reminders.rules.prompts import prompts
from shared.clinic import Clinic
from shared.events import Channel, Recorded

CLOCKED = ("practice", "rating")
"""The kinds of reminders that come round by a cadence."""


class Going(NamedTuple):
    """One message."""

    at: datetime
    channel: Channel
    occasions: tuple[Occasion, ...]
    sends: tuple[Send, ...]
    """The verdict on each of them."""


class PutOff(NamedTuple):
    """An occasion that is judged again later."""

    at: datetime
    channel: Channel
    occasion: Occasion
    verdict: Later


class Dropped(NamedTuple):
    """An occasion that is not said there."""

    at: datetime
    channel: Channel
    occasion: Occasion
    verdict: Suppress | Expire


Outcome = Going | PutOff | Dropped
How = Literal["certain", "foreseen", "round"]
"""What is foreseen may be overtaken until it is due; a round of a reminder brings the next one."""
_NOTHING = Sent()


class _Waits(NamedTuple):
    """What is to be judged, and when."""

    at: datetime
    order: int
    channel: Channel
    occasion: Occasion
    how: How


class Ahead:
    """Her days from a moment on. `standing` is what each channel allows besides her record; `known` are the
    keys of what was planned already, and so never comes again by itself.

    Her reminders and the clinic stay as they are; what else happens to her is told by `happens`.
    """

    def __init__(
        self,
        person: Person,
        clinic: Clinic,
        now: datetime,
        sent: Sent = _NOTHING,
        standing: Mapping[Channel, Standing] | None = None,
        known: frozenset[str] = frozenset(),
    ) -> None:
        self.person = person
        self._clinic = clinic
        self._sent = sent
        self._standing = standing or {}
        self._known = known
        self._waiting: list[_Waits] = []
        self._order = count()
        self._foreseen: frozenset[str] = frozenset()
        self._rounds: dict[UUID, Iterator[Slot]] = {}
        for reminder_id, reminder in person.reminders.items():
            if reminder.kind in CLOCKED and reminder.active and reminder.cadence is not None:
                self._rounds[reminder_id] = slots(person.time_zone, reminder.cadence, now)
                self._come_round(reminder_id)
        self._foresee(now)

    def wait(self, occasion: Occasion, channel: Channel, until: datetime) -> None:
        """Takes in an occasion that is to be judged then."""
        self._push(occasion, channel, until, "certain")

    def happens(self, event: Recorded, at: datetime) -> None:
        """Something of hers happened."""
        for occasion in plan.occasions(self.person, event):
            for channel in occasion.channels:
                self.wait(occasion, channel, at)
        after = persons.evolve(self.person, event)
        assert after is not None
        self.person = after
        self._foresee(at)

    def until(self, ends: datetime) -> Iterator[Outcome]:
        """All that comes of it before `ends`, in order."""
        while self._waiting and (now := self._waiting[0].at) < ends:
            for channel, occasions in self._due(now).items():
                yield from self._judged(channel, occasions, now)

    def _due(self, now: datetime) -> dict[Channel, list[Occasion]]:
        due: dict[Channel, list[Occasion]] = {}
        while self._waiting and self._waiting[0].at <= now:
            one = heappop(self._waiting)
            if one.how == "round" and one.occasion.detail.reminder_id:
                self._come_round(one.occasion.detail.reminder_id)
            if one.how != "foreseen" or one.occasion.key in self._foreseen:
                due.setdefault(one.channel, []).append(one.occasion)
        return due

    def _judged(self, channel: Channel, due: list[Occasion], now: datetime) -> Iterator[Outcome]:
        going: list[tuple[Occasion, Send]] = []
        self._forget(now - LOOKED_BACK)
        standing = self._standing.get(channel, Standing())
        for occasion, verdict in judge_together(
            self.person, self._clinic, channel, due, self._sent, now, **standing._asdict()
        ):
            match verdict:
                case Send():
                    going.append((occasion, verdict))
                case Later():
                    self.wait(occasion, channel, verdict.until)
                    yield PutOff(now, channel, occasion, verdict)
                case Suppress() | Expire():
                    yield Dropped(now, channel, occasion, verdict)
        if going:
            said = tuple(Said(one.key, one.kind, one.due_at, channel, now, one.by_her) for one, _ in going)
            self._sent = msgspec.structs.replace(self._sent, said=self._sent.said + said)
            yield Going(now, channel, tuple(one for one, _ in going), tuple(send for _, send in going))

    def _forget(self, before: datetime) -> None:
        lately = tuple(said for said in self._sent.said if said.at >= before)
        self._sent = msgspec.structs.replace(self._sent, said=lately)

    def _come_round(self, reminder_id: UUID) -> None:
        reminder = self.person.reminders[reminder_id]
        for slot in self._rounds[reminder_id]:
            occasion = plan.nudge(self.person.client_id, reminder_id, reminder, slot)
            if occasion.key not in self._known:
                self._push(occasion, reminder.channel, slot.at, "round")
                return

    def _foresee(self, now: datetime) -> None:
        coming = prompts(self.person, now)
        for occasion in coming:
            if occasion.key not in self._foreseen and occasion.key not in self._known:
                for channel in occasion.channels:
                    self._push(occasion, channel, occasion.due_at, "foreseen")
        self._foreseen = frozenset(occasion.key for occasion in coming)

    def _push(self, occasion: Occasion, channel: Channel, until: datetime, how: How) -> None:
        heappush(self._waiting, _Waits(until.astimezone(UTC), next(self._order), channel, occasion, how))
