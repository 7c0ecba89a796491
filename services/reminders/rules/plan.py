"""What is worth saying: the occasions of events and slots, each with a key that forbids a second."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from services.reminders.rules.cadence import Slot
from services.reminders.rules.person import Person, Reminder
from shared.events import Channel, Clock, ConsentGiven, MilestoneReached, MilestoneRule, Recorded
from shared.limits import PRACTICE_EXPIRES

CELEBRATION_EXPIRES = timedelta(hours=48)

WELCOME_EXPIRES = timedelta(hours=48)
"""As long as the question stays open that it asks."""
RATING_EXPIRES = timedelta(hours=24)
"""Of one that comes round by a cadence; before a session it is the session's begin."""

OccasionKind = Literal["welcome", "practice", "rating", "review", "quiet", "celebration"]


class Detail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an occasion is about: a milestone's rule and threshold, a reminder's slot, a contact, a session,
    a review day, or since when she is silent. Nothing personal.
    """

    rule: MilestoneRule | None = None
    threshold: int | None = None
    goal_id: UUID | None = None
    reminder_id: UUID | None = None
    slot_date: date | None = None
    slot_time: Clock | None = None
    contact_id: UUID | None = None
    session_id: UUID | None = None
    review_on: date | None = None
    silent_since: datetime | None = None


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """Something worth saying, from `due_at` on and before `expires_at`, once on each of its channels."""

    key: str
    client_id: UUID
    kind: OccasionKind
    channels: tuple[Channel, ...]
    due_at: datetime
    expires_at: datetime
    source: UUID | None = None
    detail: Detail = Detail()

    @property
    def by_her(self) -> bool:
        """Whether she scheduled it herself, by a cadence."""
        return self.detail.reminder_id is not None


def occasions(person: Person, event: Recorded) -> tuple[Occasion, ...]:
    """The occasions of an event, given the person as the events before it made her.

    A consent to a contact that nobody has verified is welcomed there. Of the rest only milestones are
    celebrated, on each channel that she consented to, but not what a text of hers earned: its
    acknowledgement says so. Nothing that was imported is an occasion.
    """
    if event.actor.via == "import":
        return ()
    match event.data:
        case ConsentGiven() as given:
            return _welcome(person, given, event)
        case MilestoneReached() as reached if event.actor.via != "sms":
            return _celebration(person, reached, event)
        case _:
            return ()


def _welcome(person: Person, given: ConsentGiven, event: Recorded) -> tuple[Occasion, ...]:
    contact = person.contacts.get(given.contact_id)
    if contact is None or contact.verified:
        return ()
    welcome = Occasion(
        key=f"welcome:{given.consent_id}",
        client_id=person.client_id,
        kind="welcome",
        channels=(given.scope,),
        due_at=event.recorded_at,
        expires_at=event.recorded_at + WELCOME_EXPIRES,
        source=event.event_id,
        detail=Detail(contact_id=given.contact_id),
    )
    return (welcome,)


def _celebration(person: Person, data: MilestoneReached, event: Recorded) -> tuple[Occasion, ...]:
    if data.rule == "goal_achieved" and not _hers(person, event.stream_id, data.evidence):
        return ()
    channels = channels_of(person, "celebration")
    if not channels:
        return ()
    celebration = Occasion(
        key=f"celebration:{event.event_id}",
        client_id=person.client_id,
        kind="celebration",
        channels=channels,
        due_at=event.recorded_at,
        expires_at=event.recorded_at + CELEBRATION_EXPIRES,
        source=event.event_id,
        detail=Detail(
            rule=data.rule,
            threshold=data.threshold,
            goal_id=event.stream_id if event.stream_id != event.record_id else None,
        ),
    )
    return (celebration,)


def nudge(client_id: UUID, reminder_id: UUID, reminder: Reminder, slot: Slot) -> Occasion:
    """The occasion of a reminder's slot, from plain columns alone: nothing needs unsealing."""
    kind: Literal["practice", "rating"] = "rating" if reminder.kind == "rating" else "practice"
    return Occasion(
        key=f"{kind}:{reminder_id}:{slot.local_date}:{slot.time}",
        client_id=client_id,
        kind=kind,
        channels=(reminder.channel,),
        due_at=slot.at,
        expires_at=slot.at + (RATING_EXPIRES if kind == "rating" else PRACTICE_EXPIRES),
        detail=Detail(
            goal_id=reminder.goal_id,
            reminder_id=reminder_id,
            slot_date=slot.local_date,
            slot_time=slot.time,
        ),
    )


def once_more(client_id: UUID, slot: Detail, inbound_id: UUID, at: datetime) -> Occasion:
    """The same slot once more, for a text that said LATER."""
    return Occasion(
        key=f"later:{inbound_id}",
        client_id=client_id,
        kind="practice",
        channels=("sms",),
        due_at=at,
        expires_at=at + PRACTICE_EXPIRES,
        detail=slot,
    )


def channels_of(person: Person, kind: OccasionKind) -> tuple[Channel, ...]:
    """The channels with a consent in force on which she has not switched this off."""
    consented = {consent.scope for consent in person.consents.values() if consent.in_force}
    return tuple(sorted(channel for channel in consented if not is_switched_off(person, kind, channel)))


def is_switched_off(person: Person, kind: OccasionKind, channel: Channel) -> bool:
    """Whether she wants none of what comes by itself there; it is on unless she says so."""
    said = [r.active for r in person.reminders.values() if r.kind == kind and r.channel == channel]
    return bool(said) and not any(said)


def _hers(person: Person, goal_id: UUID, evidence: UUID) -> bool:
    """Whether she had a say in calling the goal achieved; what we have not seen is not celebrated."""
    goal = person.goals.get(goal_id)
    achieved = goal.achieved if goal else None
    return achieved is not None and achieved.event_id == evidence and achieved.agreed != "therapist"
