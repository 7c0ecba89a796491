"""A client: how she is reached, who works with her, what she agreed to, what is hers without a goal."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.goals.rules.reached import Milestone
from shared.events import (
    Cadence,
    Channel,
    ClientRegistered,
    Clock,
    ConsentGiven,
    ConsentWithdrawn,
    ContactRemoved,
    ContactSet,
    Event,
    MilestoneReached,
    PreferencesSet,
    ReminderCancelled,
    ReminderKind,
    ReminderPlanned,
    SessionAttended,
    SessionCancelled,
    SessionScheduled,
    TeamSet,
    WinRecorded,
)


class Contact(msgspec.Struct, frozen=True):
    """Where she is reached on a channel."""

    contact_id: UUID
    address: str | None
    verified_by: str | None


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """What she agreed to, for which contact; kept when withdrawn."""

    contact_id: UUID
    scope: Channel
    text_version: str
    locale: str
    given_by: str
    in_force: bool = True


class Reminder(msgspec.Struct, frozen=True):
    """A reminder that is planned."""

    kind: ReminderKind
    channel: Channel
    goal_id: UUID | None
    cadence: Cadence | None
    active: bool


class Session(msgspec.Struct, frozen=True):
    """A session with her therapist."""

    starts_at: datetime
    status: Literal["scheduled", "attended", "cancelled"]


class Preferences(msgspec.Struct, frozen=True):
    """What she chose; None is the default."""

    quiet_start: Clock | None = None
    quiet_end: Clock | None = None
    daily_cap: int | None = None
    weekly_cap: int | None = None
    label: str | None = None


class Client(msgspec.Struct, frozen=True, kw_only=True):
    """A client as she is in the record now."""

    client_id: UUID
    registered_at: datetime
    name: str | None
    locale: str
    time_zone: str
    team: tuple[UUID, ...] = ()
    contacts: dict[Channel, Contact] = {}
    preferences: Preferences = Preferences()
    consents: dict[UUID, Consent] = {}
    reminders: dict[UUID, Reminder] = {}
    sessions: dict[UUID, Session] = {}
    wins: int = 0
    milestones: tuple[Milestone, ...] = ()


def evolve(client: Client | None, client_id: UUID, event: Event, at: datetime) -> Client | None:
    """The client after one more event of her own stream."""
    if isinstance(event, ClientRegistered):
        return Client(
            client_id=client_id,
            registered_at=at,
            name=event.name,
            locale=event.locale,
            time_zone=event.time_zone,
        )
    return client and _changed(client, event)


def _changed(client: Client, event: Event) -> Client:
    match event:
        case TeamSet():
            return msgspec.structs.replace(client, team=event.staff_ids)
        case ContactSet():
            contact = Contact(event.contact_id, event.address, event.verified_by)
            return msgspec.structs.replace(client, contacts=client.contacts | {event.channel: contact})
        case ContactRemoved():
            rest = {k: v for k, v in client.contacts.items() if v.contact_id != event.contact_id}
            return msgspec.structs.replace(client, contacts=rest)
        case PreferencesSet():
            chosen = Preferences(
                event.quiet_start, event.quiet_end, event.daily_cap, event.weekly_cap, event.label
            )
            return msgspec.structs.replace(
                client, time_zone=event.time_zone, locale=event.locale, preferences=chosen
            )
        case ConsentGiven():
            consent = Consent(
                contact_id=event.contact_id,
                scope=event.scope,
                text_version=event.text_version,
                locale=event.locale,
                given_by=event.given_by,
            )
            return msgspec.structs.replace(client, consents=client.consents | {event.consent_id: consent})
        case ConsentWithdrawn() if event.consent_id in client.consents:
            gone = msgspec.structs.replace(client.consents[event.consent_id], in_force=False)
            return msgspec.structs.replace(client, consents=client.consents | {event.consent_id: gone})
        case ReminderPlanned():
            reminder = Reminder(event.kind, event.channel, event.goal_id, event.cadence, event.active)
            return msgspec.structs.replace(client, reminders=client.reminders | {event.reminder_id: reminder})
        case ReminderCancelled():
            left = {k: v for k, v in client.reminders.items() if k != event.reminder_id}
            return msgspec.structs.replace(client, reminders=left)
        case SessionScheduled():
            return _with_session(client, event.session_id, Session(event.starts_at, "scheduled"))
        case SessionAttended():
            return _with_session(client, event.session_id, Session(event.starts_at, "attended"))
        case SessionCancelled():
            return _with_session(client, event.session_id, Session(event.starts_at, "cancelled"))
        case WinRecorded():
            return msgspec.structs.replace(client, wins=client.wins + 1)
        case MilestoneReached():
            reached = Milestone.of(event)
            return msgspec.structs.replace(client, milestones=(*client.milestones, reached))
        case _:
            return client


def _with_session(client: Client, session_id: UUID, session: Session) -> Client:
    return msgspec.structs.replace(client, sessions=client.sessions | {session_id: session})
