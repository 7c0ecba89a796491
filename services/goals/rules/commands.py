"""What can be asked of a record; named as in DOMAIN's events, None where the caller gave nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from shared.events import (
    AdjustmentKind,
    Agreed,
    Cadence,
    CareEndReason,
    Change,
    Channel,
    Clock,
    ErasureDecision,
    Measure,
    Number,
    Outcome,
    Rater,
    ReasonCode,
    ReminderKind,
    ReviewOutcome,
    StaffRole,
    Theme,
    WinKind,
)


class Fact:
    """A command that tells of a fact: its kind, and the caller's name for it in the field `<kind>_id`."""

    KIND: ClassVar[str]
    ENDED_BY: ClassVar[str | None] = None
    """The kind of what ends it or takes it back, once and for all; None where nothing does."""
    goal_id: UUID | None
    time: datetime | None

    @property
    def name(self) -> UUID:
        """The caller's name for the fact."""
        name: UUID = getattr(self, f"{self.KIND}_id")
        return name


@dataclass(frozen=True, kw_only=True)
class SetClinic:
    """The clinic's settings, whole."""

    name: str
    sender: str
    phone: str
    country: str
    locale: str
    time_zone: str
    quiet_start: Clock
    quiet_end: Clock
    cover_email: str | None = None


@dataclass(frozen=True, kw_only=True)
class SetStaff:
    """Somebody works here, in this role."""

    staff_id: UUID
    role: StaffRole
    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class RemoveStaff:
    """Somebody works here no more."""

    staff_id: UUID


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
    """She agrees to messages at a contact; None is the channel's current one."""

    consent_id: UUID
    scope: Channel
    text_version: str
    contact_id: UUID | None = None
    locale: str | None = None
    given_by: Literal["client", "therapist"] | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawConsent:
    """She no longer agrees."""

    consent_id: UUID
    scope: Channel


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


@dataclass(frozen=True, kw_only=True)
class DraftGoal:
    """A goal in the client's own words."""

    goal_id: UUID
    theme: Theme | None = None
    statement: str | None = None
    reflection: str | None = None


@dataclass(frozen=True, kw_only=True)
class SetGoal:
    """The whole SMART goal, active from now on; the draft's parts may come along."""

    goal_id: UUID
    specific: str
    measure: Measure
    target: Number
    confidence: int
    relevance: str
    end_on: date
    baseline: Number | None = None
    start_on: date | None = None
    review_on: tuple[date, ...] | None = None
    cadence: Cadence | None = None
    if_then: str | None = None
    focus: bool = False
    agreed: Agreed | None = None
    theme: Theme | None = None
    statement: str | None = None
    reflection: str | None = None


@dataclass(frozen=True, kw_only=True)
class FocusGoal(Fact):
    """The goal comes into focus, or leaves it."""

    KIND = "focus"
    goal_id: UUID
    change_id: UUID
    from_: bool
    to: bool
    reason: str | None = None
    time: datetime | None = None

    @property
    def name(self) -> UUID:
        """The caller's name for the change."""
        return self.change_id


@dataclass(frozen=True, kw_only=True)
class AdjustGoal(Fact):
    """Fields of an active goal, from what they are to something else, for a reason."""

    KIND = "adjustment"
    goal_id: UUID
    adjustment_id: UUID
    kind: AdjustmentKind
    changes: tuple[Change, ...]
    reason_code: ReasonCode
    reason: str | None = None
    effective_on: date | None = None
    agreed: Agreed | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PauseGoal(Fact):
    """The goal rests, until a day or until it is resumed."""

    KIND = "pause"
    ENDED_BY = "resume"
    goal_id: UUID
    pause_id: UUID
    until: date | None = None
    reason_code: ReasonCode | None = None
    reason: str | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ResumeGoal:
    """The goal goes on."""

    goal_id: UUID
    pause_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReviewGoal(Fact):
    """The goal was looked at, for one of its review days."""

    KIND = "review"
    goal_id: UUID
    review_id: UUID
    review_on: date
    outcome: ReviewOutcome
    note: str | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RateGoal(Fact):
    """How far it feels, by the client or by the therapist; None is who says it."""

    KIND = "rating"
    ENDED_BY = "rating.voided"
    goal_id: UUID
    rating_id: UUID
    value: int
    rater: Rater | None = None
    session_id: UUID | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VoidRating:
    """A rating was entered by mistake."""

    goal_id: UUID
    rating_id: UUID


@dataclass(frozen=True, kw_only=True)
class LogPractice(Fact):
    """She practised; None is today, once."""

    KIND = "practice"
    ENDED_BY = "practice.voided"
    goal_id: UUID
    practice_id: UUID
    on: date | None = None
    quantity: Number = 1
    note: str | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VoidPractice:
    """A practice was entered by mistake."""

    goal_id: UUID
    practice_id: UUID


@dataclass(frozen=True, kw_only=True)
class RecordWin(Fact):
    """Something worth holding on to; with no goal it is hers alone."""

    KIND = "win"
    ENDED_BY = "win.voided"
    win_id: UUID
    goal_id: UUID | None = None
    kind: WinKind = "other"
    text: str | None = None
    on: date | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class VoidWin:
    """A win was entered by mistake."""

    win_id: UUID
    goal_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class CloseGoal(Fact):
    """A person decides that the goal is reached, or that it ends in another way."""

    KIND = "closure"
    ENDED_BY = "reopen"
    goal_id: UUID
    closure_id: UUID
    outcome: Outcome | Literal["achieved"]
    agreed: Agreed | None = None
    reason_code: ReasonCode | None = None
    reason: str | None = None
    learned: str | None = None
    time: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReopenGoal:
    """A goal that had ended goes on."""

    goal_id: UUID
    closure_id: UUID


ClinicCommand = SetClinic | SetStaff | RemoveStaff
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
GoalCommand = (
    DraftGoal
    | SetGoal
    | FocusGoal
    | AdjustGoal
    | PauseGoal
    | ResumeGoal
    | ReviewGoal
    | RateGoal
    | VoidRating
    | LogPractice
    | VoidPractice
    | CloseGoal
    | ReopenGoal
)
RecordCommand = ClientCommand | GoalCommand | RecordWin | VoidWin
"""What may be asked of a client's record; a win is a goal's or hers alone."""
Command = ClinicCommand | RecordCommand
