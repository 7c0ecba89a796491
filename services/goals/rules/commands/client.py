"""What can be asked of a client's own stream."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.goals.rules.commands.fact import Fact
from shared.events import Cadence, CareEndReason, Channel, Clock, ErasureDecision, ReminderKind, Via


@dataclass(frozen=True, kw_only=True)
class RegisterClient:
    """A client's record begins; who registers her is her first team."""

    name: str
    locale: str
    time_zone: str
    adult: bool


@dataclass(frozen=True, kw_only=True)
class SetTeam:
    """Who works with her, whole."""

    staff_ids: tuple[UUID, ...]
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class SetContact:
    """Her number (E.164) or address on a channel."""

    channel: Channel
    address: str
    verified_by: Literal["reply", "link", "seen"] | None = None


@dataclass(frozen=True, kw_only=True)
class RemoveContact:
    """The channel's contact is no longer hers."""

    channel: Channel


@dataclass(frozen=True, kw_only=True)
class SetPreferences:
    """How she wants to be reached; None keeps the default."""

    time_zone: str | None = None
    locale: str | None = None
    quiet_start: Clock | None = None
    quiet_end: Clock | None = None
    daily_cap: int | None = None
    weekly_cap: int | None = None
    label: str | None = None


@dataclass(frozen=True, kw_only=True)
class GiveConsent:
    """She agrees to messages at a contact; None is the channel's current one, by the way of who asks."""

    consent_id: UUID
    scope: Channel
    text_version: str
    contact_id: UUID | None = None
    locale: str | None = None
    given_by: Literal["client", "therapist"] | None = None
    via: Via | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawConsent:
    """She no longer agrees."""

    consent_id: UUID
    scope: Channel
    via: Via | None = None


@dataclass(frozen=True, kw_only=True)
class PlanReminder:
    """A reminder in her local time."""

    reminder_id: UUID
    kind: ReminderKind
    channel: Channel
    goal_id: UUID | None = None
    cadence: Cadence | None = None
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class CancelReminder:
    """A reminder ends."""

    reminder_id: UUID


@dataclass(frozen=True, kw_only=True)
class SetSession:
    """A session is planned, was attended, or does not take place."""

    session_id: UUID
    starts_at: datetime
    status: Literal["scheduled", "attended", "cancelled"] = "scheduled"


@dataclass(frozen=True, kw_only=True)
class PauseReminders(Fact):
    """All her reminders rest, to the end of a day or until they are resumed."""

    KIND = "pause"
    ENDED_BY = "resume"
    goal_id: None = field(default=None, init=False)
    pause_id: UUID
    until: date | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ResumeReminders:
    """Her reminders go on."""

    pause_id: UUID


@dataclass(frozen=True, kw_only=True)
class EndCare(Fact):
    """Her care at the clinic ended; None is today."""

    KIND = "care_end"
    ENDED_BY = "care_resume"
    goal_id: None = field(default=None, init=False)
    care_end_id: UUID
    reason: CareEndReason
    on: date | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ResumeCare:
    """Her care goes on."""

    care_end_id: UUID


@dataclass(frozen=True, kw_only=True)
class RaiseFlag(Fact):
    """Something she wrote held a phrase of the safety lists."""

    KIND = "flag"
    goal_id: None = field(default=None, init=False)
    flag_id: UUID
    message_ref: str
    crisis_line: str
    rule: str | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReviewFlag:
    """Somebody of the staff has looked at a flag."""

    flag_id: UUID


@dataclass(frozen=True, kw_only=True)
class AskErasure(Fact):
    """Her erasure is asked for, by her or for her."""

    KIND = "erasure"
    ENDED_BY = "erasure.cancelled"
    goal_id: None = field(default=None, init=False)
    erasure_id: UUID
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CancelErasure:
    """An erasure is called off."""

    erasure_id: UUID


@dataclass(frozen=True, kw_only=True)
class DecideErasure:
    """An erasure is granted, or refused until a day, with its ground."""

    erasure_id: UUID
    decision: ErasureDecision
    ground: str
    retain_until: date | None = None


ClientCommand = (
    RegisterClient
    | SetTeam
    | SetContact
    | RemoveContact
    | SetPreferences
    | GiveConsent
    | WithdrawConsent
    | PlanReminder
    | CancelReminder
    | SetSession
    | PauseReminders
    | ResumeReminders
    | EndCare
    | ResumeCare
    | RaiseFlag
    | ReviewFlag
    | AskErasure
    | CancelErasure
    | DecideErasure
)
