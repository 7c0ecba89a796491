"""What each event of her own stream makes of a client."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from services.goals.rules.client import (
    CareEnd,
    Client,
    Consent,
    Contact,
    Erasure,
    Flag,
    Preferences,
    Reminder,
    RemindersPause,
    Session,
    Stops,
)
from services.goals.rules.reached import Milestone
from shared.events import (
    ActorKind,
    CareEnded,
    CareResumed,
    ClientErased,
    ClientRegistered,
    ConsentGiven,
    ConsentWithdrawn,
    ContactRemoved,
    ContactSet,
    ErasureCancelled,
    ErasureDecided,
    ErasureRequested,
    Event,
    MilestoneReached,
    PreferencesSet,
    ReminderCancelled,
    ReminderPlanned,
    RemindersPaused,
    RemindersResumed,
    SafetyFlagged,
    SafetyReviewed,
    SessionAttended,
    SessionCancelled,
    SessionScheduled,
    TeamSet,
    WinRecorded,
    WinVoided,
)

T = TypeVar("T")


def evolve(
    client: Client | None, client_id: UUID, event: Event, at: datetime, by: ActorKind
) -> Client | None:
    """The client after one more event of her own stream."""
    if isinstance(event, ClientRegistered):
        return Client(
            client_id=client_id,
            registered_at=at,
            name=event.name,
            locale=event.locale,
            time_zone=event.time_zone,
        )
    if client is None:
        return None
    changed = _changed(client, event, at, by)
    if by != "client":
        return changed
    return msgspec.structs.replace(changed, stops=_stops(client.stops, event))


def _changed(client: Client, event: Event, at: datetime, by: ActorKind) -> Client:
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
        case RemindersPaused() | RemindersResumed():
            return msgspec.structs.replace(client, pauses=_pauses(client.pauses, event, at, by))
        case CareEnded():
            end = CareEnd(event.on, event.reason)
            return msgspec.structs.replace(client, care_ends=client.care_ends | {event.care_end_id: end})
        case CareResumed():
            over = msgspec.structs.replace(client.care_ends[event.care_end_id], resumed_at=at)
            return msgspec.structs.replace(client, care_ends=client.care_ends | {event.care_end_id: over})
        case SafetyFlagged():
            flag = Flag(event.message_ref, event.crisis_line, event.rule, at)
            return msgspec.structs.replace(client, flags=client.flags | {event.flag_id: flag})
        case SafetyReviewed():
            seen = msgspec.structs.replace(client.flags[event.flag_id], reviewed_at=at)
            return msgspec.structs.replace(client, flags=client.flags | {event.flag_id: seen})
        case ErasureRequested() | ErasureDecided() | ErasureCancelled() | ClientErased():
            known = client.erasures.get(event.erasure_id)
            erasure = _erasure(known, event, at)
            return msgspec.structs.replace(client, erasures=client.erasures | {event.erasure_id: erasure})
        case WinRecorded():
            return msgspec.structs.replace(client, wins=client.wins + 1)
        case WinVoided():
            return msgspec.structs.replace(client, wins=client.wins - 1)
        case MilestoneReached():
            reached = Milestone.of(event)
            return msgspec.structs.replace(client, milestones=(*client.milestones, reached))
        case _:
            return client


def _stops(stops: Stops, event: Event) -> Stops:
    """What is stopped after she said this herself."""
    match event:
        case ConsentWithdrawn():
            return msgspec.structs.replace(stops, channels=_and(stops.channels, event.scope))
        case ConsentGiven():
            return msgspec.structs.replace(stops, channels=_but(stops.channels, event.scope))
        case ReminderPlanned(active=True):
            return msgspec.structs.replace(stops, reminders=_but(stops.reminders, event.reminder_id))
        case ReminderPlanned() | ReminderCancelled():
            return msgspec.structs.replace(stops, reminders=_and(stops.reminders, event.reminder_id))
        case _:
            return stops


def _and(known: tuple[T, ...], one: T) -> tuple[T, ...]:
    return (*_but(known, one), one)


def _but(known: tuple[T, ...], one: T) -> tuple[T, ...]:
    return tuple(other for other in known if other != one)


def _with_session(client: Client, session_id: UUID, session: Session) -> Client:
    return msgspec.structs.replace(client, sessions=client.sessions | {session_id: session})


def _pauses(
    pauses: dict[UUID, RemindersPause], event: RemindersPaused | RemindersResumed, at: datetime, by: ActorKind
) -> dict[UUID, RemindersPause]:
    if isinstance(event, RemindersPaused):
        return pauses | {event.pause_id: RemindersPause(at, by, event.until)}
    return pauses | {event.pause_id: msgspec.structs.replace(pauses[event.pause_id], resumed_at=at)}


def _erasure(
    known: Erasure | None,
    event: ErasureRequested | ErasureDecided | ErasureCancelled | ClientErased,
    at: datetime,
) -> Erasure:
    match event:
        case ErasureRequested():
            return Erasure(by=event.by, requested_at=at)
        case ErasureDecided():
            return msgspec.structs.replace(
                _asked(known),
                decision=event.decision,
                decided_at=at,
                retain_until=event.retain_until,
                ground=event.ground,
            )
        case ErasureCancelled():
            return msgspec.structs.replace(_asked(known), cancelled_at=at)
        case ClientErased():
            return msgspec.structs.replace(_asked(known), erased_at=at)


def _asked(erasure: Erasure | None) -> Erasure:
    assert erasure is not None, "an erasure is asked for before anything else becomes of it"
    return erasure
