"""A client: how she is reached, who works with her, what she agreed to, what is hers without a goal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal, TypeVar
from uuid import UUID

import msgspec

from services.goals.rules.reached import Milestone
from shared.events import (
    ActorKind,
    Cadence,
    CareEnded,
    CareResumed,
    Channel,
    ClientErased,
    ClientRegistered,
    Clock,
    ConsentGiven,
    ConsentWithdrawn,
    ContactRemoved,
    ContactSet,
    ErasureCancelled,
    ErasureDecided,
    ErasureDecision,
    ErasureRequested,
    Event,
    MilestoneReached,
    PreferencesSet,
    ReminderCancelled,
    ReminderKind,
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
LONG_AGO = datetime.min.replace(tzinfo=UTC)


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


class RemindersPause(msgspec.Struct, frozen=True):
    """All her reminders rest: from when, by whom, until the end of which day, and when they went on."""

    since: datetime
    by: ActorKind
    until: date | None = None
    resumed_at: datetime | None = None


class CareEnd(msgspec.Struct, frozen=True):
    """Her care ended on this day, and why; `resumed_at` where it goes on."""

    on: date
    reason: str | None
    resumed_at: datetime | None = None


class Flag(msgspec.Struct, frozen=True):
    """Something she wrote that somebody is to look at."""

    message_ref: str
    crisis_line: str
    rule: str | None
    raised_at: datetime
    reviewed_at: datetime | None = None


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """Her erasure: who asked for it, and what became of that."""

    by: Literal["client", "therapist"]
    requested_at: datetime
    decision: ErasureDecision | None = None
    decided_at: datetime | None = None
    retain_until: date | None = None
    ground: str | None = None
    cancelled_at: datetime | None = None
    erased_at: datetime | None = None

    @property
    def under_way(self) -> bool:
        """Whether it is still to be decided, or to be carried out."""
        return self.cancelled_at is None and self.erased_at is None and self.decision != "refused"


class Preferences(msgspec.Struct, frozen=True):
    """What she chose; None is the default."""

    quiet_start: Clock | None = None
    quiet_end: Clock | None = None
    daily_cap: int | None = None
    weekly_cap: int | None = None
    label: str | None = None


class Stops(msgspec.Struct, frozen=True):
    """What she stopped herself, and only she starts again: channels, and reminders."""

    channels: tuple[Channel, ...] = ()
    reminders: tuple[UUID, ...] = ()


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
    stops: Stops = Stops()
    sessions: dict[UUID, Session] = {}
    pauses: dict[UUID, RemindersPause] = {}
    care_ends: dict[UUID, CareEnd] = {}
    flags: dict[UUID, Flag] = {}
    erasures: dict[UUID, Erasure] = {}
    wins: int = 0
    milestones: tuple[Milestone, ...] = ()

    @property
    def erased(self) -> UUID | None:
        """The erasure that was carried out; None while she is there."""
        return next((name for name, erasure in self.erasures.items() if erasure.erased_at), None)

    @property
    def kept_until(self) -> date | None:
        """Until which day the latest refusal of an erasure says that her record must be kept."""
        refused = [erasure for erasure in self.erasures.values() if erasure.decision == "refused"]
        return (
            max(refused, key=lambda erasure: erasure.decided_at or LONG_AGO).retain_until if refused else None
        )


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
