"""A client as reminders know her: how she is reached, what she agreed to, what she did lately."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from services.reminders.rules import goal as goals
from services.reminders.rules.goal import Goal
from services.reminders.rules.pause import Pause
from services.reminders.rules.signs import seen
from shared.events import (
    Cadence,
    CareEnded,
    CareResumed,
    Channel,
    ClientRegistered,
    Clock,
    ConsentGiven,
    ConsentWithdrawn,
    ContactRemoved,
    ContactSet,
    PreferencesSet,
    Recorded,
    ReminderCancelled,
    ReminderKind,
    ReminderPlanned,
    RemindersPaused,
    RemindersResumed,
    SessionAttended,
    SessionCancelled,
    SessionScheduled,
    TeamSet,
    WinRecorded,
    WinVoided,
)

T = TypeVar("T")
WINS_KEPT = timedelta(days=28)

BEGINNINGS = (ConsentGiven, ReminderPlanned, RemindersResumed, CareResumed)
SESSIONS_KEPT = timedelta(days=7)


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
    pauses: dict[UUID, Pause] = {}
    """Of all her reminders; those that were not resumed."""
    wins: dict[UUID, date] = {}
    """On which of her days each was; those of the last weeks."""
    care_ended: bool = False
    signs: dict[UUID, datetime] = {}
    """Of the last weeks: `signs.SIGNS_KEPT`."""
    imported: frozenset[UUID] = frozenset()
    """Which of the signs an import brought: they are hers, and begin nothing."""
    begun_at: datetime | None = None
    """When something last began, or went on: a consent, a reminder, her reminders after a rest, her care."""
    sessions: dict[UUID, datetime] = {}
    """When those are that are planned; of the past ones, the last few days'."""

    @property
    def last_sign_at(self) -> datetime | None:
        """When she was last heard of; None where she never was, or not for long."""
        return max(self.signs.values(), default=None)


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
    return person and _heard(_changed(person, event), event)


def consents_to(person: Person, channel: Channel, contacts: Collection[UUID]) -> tuple[UUID, ...]:
    """Her consents in force that name one of these contacts for this channel."""
    return tuple(
        consent_id
        for consent_id, consent in person.consents.items()
        if consent.in_force and consent.scope == channel and consent.contact_id in contacts
    )


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
        case RemindersPaused():
            return _with(person, pauses=person.pauses | {data.pause_id: Pause(data.until)})
        case RemindersResumed():
            return _with(person, pauses=_without(person.pauses, data.pause_id))
        case WinRecorded():
            return _with(person, wins=_recent(person.wins | {data.win_id: data.on}))
        case WinVoided():
            return _with(person, wins=_without(person.wins, data.win_id))
        case CareEnded() | CareResumed():
            return _with(person, care_ended=isinstance(data, CareEnded))
        case SessionScheduled():
            return _with(
                person, sessions=_to_come(person.sessions | {data.session_id: data.starts_at}, event)
            )
        case SessionAttended() | SessionCancelled():
            return _with(person, sessions=_without(person.sessions, data.session_id))
        case _:
            return _on_goal(person, event)


def _heard(person: Person, event: Recorded) -> Person:
    signs = seen(person.signs, event)
    by_import = event.actor.via == "import"
    begins = isinstance(event.data, BEGINNINGS) and not by_import
    imported = person.imported
    if by_import:
        imported |= signs.keys() - person.signs.keys()
    if imported and len(signs) <= len(person.signs):  # else one came, and none is gone
        imported &= signs.keys()
    return _with(
        person, signs=signs, imported=imported, begun_at=event.recorded_at if begins else person.begun_at
    )


def _to_come(sessions: dict[UUID, datetime], event: Recorded) -> dict[UUID, datetime]:
    return {key: at for key, at in sessions.items() if at > event.recorded_at - SESSIONS_KEPT}


def _on_goal(person: Person, event: Recorded) -> Person:
    before = person.goals.get(event.stream_id, Goal())
    after = goals.evolve(before, event)
    return person if after == before else _with(person, goals=person.goals | {event.stream_id: after})


def _recent(wins: dict[UUID, date]) -> dict[UUID, date]:
    since = max(wins.values()) - WINS_KEPT
    return {key: on for key, on in wins.items() if on > since}


def _with(person: Person, **changes: Any) -> Person:
    return msgspec.structs.replace(person, **changes)


def _without(items: dict[UUID, T], gone: UUID) -> dict[UUID, T]:
    return {key: item for key, item in items.items() if key != gone}
