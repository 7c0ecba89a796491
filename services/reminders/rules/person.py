"""A client as reminders know her: how she is reached, what she agreed to, what she did lately."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from shared.events import (
    Agreed,
    Cadence,
    Channel,
    ClientRegistered,
    Clock,
    ConsentGiven,
    ConsentWithdrawn,
    ContactRemoved,
    ContactSet,
    GoalAchieved,
    GoalAdjusted,
    GoalClosed,
    GoalSet,
    Measure,
    Number,
    PracticeLogged,
    PreferencesSet,
    Recorded,
    ReminderCancelled,
    ReminderKind,
    ReminderPlanned,
    TeamSet,
    WinRecorded,
)

T = TypeVar("T")

PRACTICES_KEPT = timedelta(days=28)
"""Longer than the 14 days that a practice may be logged back, and a whole week more."""


class Contact(msgspec.Struct, frozen=True):
    """A number or an address of hers; without an address it was erased."""

    channel: Channel
    address: str | None
    verified: bool


class Consent(msgspec.Struct, frozen=True):
    """What she agreed to, for which contact; kept when withdrawn."""

    contact_id: UUID
    scope: Channel
    in_force: bool
    text_version: str


class Reminder(msgspec.Struct, frozen=True):
    """A reminder that is planned."""

    kind: ReminderKind
    channel: Channel
    goal_id: UUID | None = None
    cadence: Cadence | None = None
    active: bool = True


class Practice(msgspec.Struct, frozen=True):
    """What she logged, on her local day."""

    practice_id: UUID
    on: date
    quantity: Number


class Achievement(msgspec.Struct, frozen=True):
    """The event that called a goal achieved, and who agreed."""

    event_id: UUID
    agreed: Agreed


class Goal(msgspec.Struct, frozen=True):
    """What reminders need of a goal: how much is asked, and what was done lately. Never its words."""

    measure: Measure | None = None
    target: Number | None = None
    ended: bool = False
    achieved: Achievement | None = None
    practices: tuple[Practice, ...] = ()


class Pause(msgspec.Struct, frozen=True):
    """All her reminders rest, until then or until she resumes."""

    until: datetime | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A client. None among her preferences is the clinic's hours, or the domain's cap."""

    client_id: UUID
    clinic_id: UUID
    locale: str
    time_zone: str
    name: str | None = None
    team: tuple[UUID, ...] = ()
    """Who of the staff works with her, and so may read what was sent to her."""
    label: str | None = None
    quiet_start: Clock | None = None
    quiet_end: Clock | None = None
    daily_cap: int | None = None
    weekly_cap: int | None = None
    contacts: dict[UUID, Contact] = {}
    consents: dict[UUID, Consent] = {}
    reminders: dict[UUID, Reminder] = {}
    goals: dict[UUID, Goal] = {}
    pause: Pause | None = None
    care_ended: bool = False
    last_sign_at: datetime | None = None


def evolve(person: Person | None, event: Recorded) -> Person | None:
    """The client after one more event of her record; what reminders do not need leaves her as she is."""
    if isinstance(event.data, ClientRegistered):
        return Person(
            client_id=event.record_id,
            clinic_id=event.clinic_id,
            locale=event.data.locale,
            time_zone=event.data.time_zone,
            name=event.data.name,
        )
    return person and _changed(person, event)


def _changed(person: Person, event: Recorded) -> Person:
    data = event.data
    match data:
        case TeamSet():
            return _with(person, team=data.staff_ids)
        case ContactSet():
            # Another address is another contact: a channel has one, and consent names it.
            others = {k: c for k, c in person.contacts.items() if c.channel != data.channel}
            contact = Contact(data.channel, data.address, data.verified_by is not None)
            return _with(person, contacts=others | {data.contact_id: contact})
        case ContactRemoved():
            return _with(person, contacts=_without(person.contacts, data.contact_id))
        case PreferencesSet():
            return _with(person, **msgspec.structs.asdict(data))
        case ConsentGiven():
            consent = Consent(data.contact_id, data.scope, True, data.text_version)
            return _with(person, consents=person.consents | {data.consent_id: consent})
        case ConsentWithdrawn() if data.consent_id in person.consents:
            consent = msgspec.structs.replace(person.consents[data.consent_id], in_force=False)
            return _with(person, consents=person.consents | {data.consent_id: consent})
        case ReminderPlanned():
            reminder = Reminder(data.kind, data.channel, data.goal_id, data.cadence, data.active)
            return _with(person, reminders=person.reminders | {data.reminder_id: reminder})
        case ReminderCancelled():
            return _with(person, reminders=_without(person.reminders, data.reminder_id))
        case GoalSet() | GoalAdjusted() | GoalAchieved() | GoalClosed() | PracticeLogged():
            before = person.goals.get(event.stream_id, Goal())
            goals = person.goals | {event.stream_id: _goal(before, event)}
            return _with(_seen(person, event), goals=goals)
        case WinRecorded():
            return _seen(person, event)
        case _:
            return person


def _goal(goal: Goal, event: Recorded) -> Goal:
    match event.data:
        case GoalSet() as data:
            return msgspec.structs.replace(goal, measure=data.measure, target=data.target, ended=False)
        case GoalAdjusted() as data:
            for change in data.changes:
                if change.field == "target":
                    goal = msgspec.structs.replace(goal, target=msgspec.convert(change.to, Number))
                elif change.field == "measure":
                    goal = msgspec.structs.replace(goal, measure=msgspec.convert(change.to, Measure))
            return goal
        case GoalAchieved() as data:
            achieved = Achievement(event.event_id, data.agreed)
            return msgspec.structs.replace(goal, ended=True, achieved=achieved)
        case GoalClosed():
            return msgspec.structs.replace(goal, ended=True)
        case PracticeLogged() as data:
            logged = (*goal.practices, Practice(data.practice_id, data.on, data.quantity))
            latest = max(practice.on for practice in logged)
            kept = tuple(practice for practice in logged if practice.on > latest - PRACTICES_KEPT)
            return msgspec.structs.replace(goal, practices=kept)
        case _:
            return goal


def _seen(person: Person, event: Recorded) -> Person:
    """A practice or a win is a sign of her, whoever wrote it down."""
    if not isinstance(event.data, PracticeLogged | WinRecorded):
        return person
    return _with(person, last_sign_at=max(event.time, person.last_sign_at or event.time))


def _with(person: Person, **changes: Any) -> Person:
    return msgspec.structs.replace(person, **changes)


def _without(items: dict[UUID, T], gone: UUID) -> dict[UUID, T]:
    return {key: item for key, item in items.items() if key != gone}
