"""What is worth saying: the occasions of events and slots, each with a key that forbids a second."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from services.reminders.rules.cadence import Slot
from services.reminders.rules.person import Person, Reminder
from shared.events import Channel, Clock, MilestoneReached, MilestoneRule, Recorded
from shared.limits import PRACTICE_EXPIRES

CELEBRATION_EXPIRES = timedelta(hours=48)

OccasionKind = Literal["practice", "celebration"]


class Detail(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an occasion is about: a milestone's rule and threshold, or a reminder's slot. Nothing personal."""

    rule: MilestoneRule | None = None
    threshold: int | None = None
    goal_id: UUID | None = None
    reminder_id: UUID | None = None
    slot_date: date | None = None
    slot_time: Clock | None = None


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


def occasions(person: Person, event: Recorded) -> tuple[Occasion, ...]:
    """The occasions of an event, given the person as the events before it made her.

    Only milestones are celebrated, on each channel that she consented to; not what was imported, nor what a
    text of hers earned: its acknowledgement says so.
    """
    data = event.data
    if not isinstance(data, MilestoneReached) or event.actor.via in ("import", "sms"):
        return ()
    if data.rule == "goal_achieved" and not _hers(person, event.stream_id, data.evidence):
        return ()
    channels = celebrated_on(person)
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
    """The occasion of a practice reminder's slot, from plain columns alone: nothing needs unsealing."""
    return Occasion(
        key=f"practice:{reminder_id}:{slot.local_date}:{slot.time}",
        client_id=client_id,
        kind="practice",
        channels=(reminder.channel,),
        due_at=slot.at,
        expires_at=slot.at + PRACTICE_EXPIRES,
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


def celebrated_on(person: Person) -> tuple[Channel, ...]:
    """The channels with a consent in force on which she has not switched celebrations off."""
    consented = {consent.scope for consent in person.consents.values() if consent.in_force}
    return tuple(sorted(channel for channel in consented if not is_switched_off(person, channel)))


def is_switched_off(person: Person, channel: Channel) -> bool:
    """Whether she wants no celebrations there; they are on unless she says so."""
    said = [r.active for r in person.reminders.values() if r.kind == "celebration" and r.channel == channel]
    return bool(said) and not any(said)


def _hers(person: Person, goal_id: UUID, evidence: UUID) -> bool:
    """Whether she had a say in calling the goal achieved; what we have not seen is not celebrated."""
    goal = person.goals.get(goal_id)
    achieved = goal.achieved if goal else None
    return achieved is not None and achieved.event_id == evidence and achieved.agreed != "therapist"
