"""What can happen: each event's name, version and fields, and which of them are personal (§)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID, uuid5

import msgspec

Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A local time of day, HH:MM."""
Number = int | Decimal
"""A quantity or a target; on the wire an integer or a decimal string, never a float."""
Scale = Annotated[int, msgspec.Meta(ge=0, le=10)]

Sealed = Annotated[str | None, msgspec.Meta(extra={"sealed": True})]
"""Personal: stored under the record's key; None when it was never given, or once it is erased."""
Granted = Annotated[str | None, msgspec.Meta(extra={"sealed": True, "granted": "reminders"})]
"""Personal, and unsealed on the feed for the reminder service, which could not send without it."""

Channel = Literal["sms", "email"]
Theme = Literal["coping", "communication", "trauma", "self_esteem", "boundaries", "other"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Period = Literal["day", "week"]
MeasureKind = Literal["count", "per_period", "duration", "rating", "yes_no"]
AdjustmentKind = Literal["eased", "stretched", "refocused", "rescheduled", "reworded", "corrected"]
ReasonCode = Literal[
    "too_hard", "too_easy", "life_event", "health", "schedule", "barrier", "new_insight", "priority_change",
    "client_request", "therapist_suggestion", "wording", "data_correction", "reached_early",
]  # fmt: skip
WinKind = Literal["effort", "showed_up", "insight", "boundary_held", "asked_for_help", "practice", "other"]
VerifiedBy = Literal["reply", "link", "seen"]
Outcome = Literal["let_go", "ended_not_reached", "superseded", "therapy_ended", "entered_in_error"]
ReminderKind = Literal["practice", "rating", "review", "quiet", "celebration", "digest"]
ReviewOutcome = Literal["keep", "adjust", "achieved", "let_go"]
Rater = Literal["client", "therapist"]
Agreed = Literal["together", "client", "therapist"]
CareEndReason = Literal["finished", "moved", "transferred", "died"]
ErasureDecision = Literal["granted", "refused"]
StaffRole = Literal["therapist", "lead", "operator"]
MilestoneRule = Literal[
    "first_step", "first_win", "practices", "came_back", "halfway", "rating_up", "target_reached",
    "review_kept", "goal_achieved",
]  # fmt: skip
ActorKind = Literal["client", "therapist", "operator", "system"]
Via = Literal["web", "sms", "api", "import"]


class Value(msgspec.Struct, frozen=True):
    """A part of an event's data."""


class Measure(Value, frozen=True):
    """What is counted; `period` only where the kind is per_period."""

    kind: MeasureKind
    unit: str
    period: Period | None = None


class Cadence(Value, frozen=True):
    """When, in the client's local time: the days and the times of day."""

    days: tuple[Day, ...]
    times: tuple[Clock, ...]


class Change(Value, frozen=True):
    """One field of a goal, from one whole value to another."""

    field: str
    from_: Any = msgspec.field(name="from", default=None)
    to: Any = None


class Event(msgspec.Struct, frozen=True):
    """A fact of the log. `TYPE` is its CloudEvents type; `SHAPE` is the version of its data's shape.

    An older shape is read as the newest (shared/upcasting.py).
    """

    TYPE: ClassVar[str]
    SHAPE: ClassVar[int] = 1


class ClinicSet(Event, frozen=True):
    """The clinic is so from now on."""

    TYPE = "cairn.clinic.set.v1"
    name: str
    sender: str
    phone: str
    country: str
    locale: str
    time_zone: str
    quiet_start: Clock
    quiet_end: Clock
    cover_email: Granted = None


class StaffSet(Event, frozen=True):
    """Somebody works at the clinic in this role."""

    TYPE = "cairn.staff.set.v1"
    staff_id: UUID
    role: StaffRole
    name: Granted = None
    email: Granted = None


class StaffLeft(Event, frozen=True):
    """Somebody works at the clinic no more."""

    TYPE = "cairn.staff.left.v1"
    staff_id: UUID


class ClientRegistered(Event, frozen=True):
    """A client's record begins."""

    TYPE = "cairn.client.registered.v1"
    locale: str
    time_zone: str
    adult: bool
    name: Granted = None


class TeamSet(Event, frozen=True):
    """Who of the staff works with the client."""

    TYPE = "cairn.client.team_set.v1"
    staff_ids: tuple[UUID, ...]
    reason: Sealed = None


class ContactSet(Event, frozen=True):
    """A number or an address at which she wants to be reached."""

    TYPE = "cairn.client.contact_set.v1"
    contact_id: UUID
    channel: Channel
    address: Granted = None
    verified_by: VerifiedBy | None = None


class ContactRemoved(Event, frozen=True):
    """A number or an address is no longer hers."""

    TYPE = "cairn.client.contact_removed.v1"
    contact_id: UUID
    channel: Channel


class PreferencesSet(Event, frozen=True):
    """How she wants to be reached; None leaves the clinic's or the domain's default."""

    TYPE = "cairn.client.preferences_set.v1"
    time_zone: str
    locale: str
    quiet_start: Clock | None = None
    quiet_end: Clock | None = None
    daily_cap: int | None = None
    weekly_cap: int | None = None
    label: Granted = None


class ConsentGiven(Event, frozen=True):
    """She agreed to be written to at this contact, in this wording; `via` is the way by which she said so."""

    TYPE = "cairn.consent.given.v1"
    SHAPE = 2
    consent_id: UUID
    contact_id: UUID
    scope: Channel
    text_version: str
    locale: str
    given_by: Literal["client", "therapist"]
    via: Via | None = None


class ConsentWithdrawn(Event, frozen=True):
    """She no longer agrees; `via` is the way by which she said so."""

    TYPE = "cairn.consent.withdrawn.v1"
    SHAPE = 2
    consent_id: UUID
    contact_id: UUID
    scope: Channel
    via: Via | None = None


class ReminderPlanned(Event, frozen=True):
    """A reminder in her local time."""

    TYPE = "cairn.reminder.planned.v1"
    reminder_id: UUID
    kind: ReminderKind
    channel: Channel
    goal_id: UUID | None = None
    cadence: Cadence | None = None
    active: bool = True


class ReminderCancelled(Event, frozen=True):
    """A reminder ends."""

    TYPE = "cairn.reminder.cancelled.v1"
    reminder_id: UUID


class RemindersPaused(Event, frozen=True):
    """All her reminders rest, until the end of `until` or until they are resumed."""

    TYPE = "cairn.reminders.paused.v1"
    pause_id: UUID
    until: date | None = None


class RemindersResumed(Event, frozen=True):
    """Her reminders go on."""

    TYPE = "cairn.reminders.resumed.v1"
    pause_id: UUID


class CareEnded(Event, frozen=True):
    """Her care at the clinic ended on this day; nothing is sent from then on."""

    TYPE = "cairn.care.ended.v1"
    care_end_id: UUID
    on: date
    reason: Sealed = None


class CareResumed(Event, frozen=True):
    """Her care goes on."""

    TYPE = "cairn.care.resumed.v1"
    care_end_id: UUID


class SessionScheduled(Event, frozen=True):
    """A session is to begin then."""

    TYPE = "cairn.session.scheduled.v1"
    session_id: UUID
    starts_at: datetime


class SessionAttended(Event, frozen=True):
    """She came: showing up counts."""

    TYPE = "cairn.session.attended.v1"
    session_id: UUID
    starts_at: datetime


class SessionCancelled(Event, frozen=True):
    """The session does not take place."""

    TYPE = "cairn.session.cancelled.v1"
    session_id: UUID
    starts_at: datetime


class SafetyFlagged(Event, frozen=True):
    """Something she wrote held a phrase of the safety lists; somebody looks at it."""

    TYPE = "cairn.safety.flagged.v1"
    flag_id: UUID
    message_ref: str
    crisis_line: str
    rule: Sealed = None


class SafetyReviewed(Event, frozen=True):
    """Somebody of the staff has looked at a flag."""

    TYPE = "cairn.safety.reviewed.v1"
    flag_id: UUID


class ErasureRequested(Event, frozen=True):
    """Her erasure was asked for."""

    TYPE = "cairn.erasure.requested.v1"
    erasure_id: UUID
    by: Literal["client", "therapist"]


class ErasureDecided(Event, frozen=True):
    """A lead decided on an erasure, with the ground; a record that must be kept is, until `retain_until`."""

    TYPE = "cairn.erasure.decided.v1"
    erasure_id: UUID
    decision: ErasureDecision
    retain_until: date | None = None
    ground: Sealed = None


class ErasureCancelled(Event, frozen=True):
    """An erasure that had not been carried out yet was called off."""

    TYPE = "cairn.erasure.cancelled.v1"
    erasure_id: UUID


class ClientErased(Event, frozen=True):
    """She is erased: with this event her key is to be destroyed, and nothing personal can be read again."""

    TYPE = "cairn.client.erased.v1"
    erasure_id: UUID


class GoalDrafted(Event, frozen=True):
    """A goal in the client's own words, not yet SMART."""

    TYPE = "cairn.goal.drafted.v1"
    theme: Sealed = None
    statement: Sealed = None
    reflection: Sealed = None


class GoalSet(Event, frozen=True):
    """The whole SMART snapshot of a goal that is active from now on."""

    TYPE = "cairn.goal.set.v1"
    measure: Measure
    baseline: Number | None
    target: Number
    confidence: Scale
    start_on: date
    end_on: date
    review_on: tuple[date, ...]
    agreed: Agreed
    cadence: Cadence | None = None
    focus: bool = False
    specific: Sealed = None
    relevance: Sealed = None
    if_then: Sealed = None


class GoalPrioritised(Event, frozen=True):
    """A goal came into focus, or left it."""

    TYPE = "cairn.goal.prioritised.v1"
    change_id: UUID
    from_: bool = msgspec.field(name="from")
    to: bool
    reason: Sealed = None


class GoalAdjusted(Event, frozen=True):
    """Fields of an active goal changed, for a reason."""

    TYPE = "cairn.goal.adjusted.v1"
    adjustment_id: UUID
    kind: AdjustmentKind
    changes: tuple[Change, ...]
    reason_code: ReasonCode
    effective_on: date
    epoch: int
    agreed: Agreed
    reason: Sealed = None


class GoalPaused(Event, frozen=True):
    """The goal rests; its days until it is resumed, or until `until`, are skipped."""

    TYPE = "cairn.goal.paused.v1"
    pause_id: UUID
    until: date | None = None
    reason_code: ReasonCode | None = None
    reason: Sealed = None


class GoalResumed(Event, frozen=True):
    """The goal goes on."""

    TYPE = "cairn.goal.resumed.v1"
    pause_id: UUID


class GoalReviewed(Event, frozen=True):
    """Looked at together, for a review day, with what came of it."""

    TYPE = "cairn.goal.reviewed.v1"
    review_id: UUID
    review_on: date
    outcome: ReviewOutcome
    note: Sealed = None


class RatingRecorded(Event, frozen=True):
    """How far it feels: 0 no progress, 10 reached, or a number of the goal's own scale. 0 is a rating."""

    TYPE = "cairn.rating.recorded.v1"
    rating_id: UUID
    value: Scale
    rater: Rater
    epoch: int
    session_id: UUID | None = None


class RatingVoided(Event, frozen=True):
    """A rating was entered by mistake; it stays in the history, marked, and counts no more."""

    TYPE = "cairn.rating.voided.v1"
    rating_id: UUID


class PracticeLogged(Event, frozen=True):
    """She practised, on this local day; `via` is the way by which she told of it."""

    TYPE = "cairn.practice.logged.v1"
    SHAPE = 2
    practice_id: UUID
    on: date
    quantity: Number
    note: Sealed = None
    via: Via | None = None


class PracticeVoided(Event, frozen=True):
    """A practice was entered by mistake; it stays in the history, marked, and counts no more."""

    TYPE = "cairn.practice.voided.v1"
    practice_id: UUID
    on: date
    quantity: Number
    epoch: int


class WinRecorded(Event, frozen=True):
    """Something worth holding on to, with or without a goal."""

    TYPE = "cairn.win.recorded.v1"
    win_id: UUID
    kind: WinKind
    on: date
    text: Sealed = None


class WinVoided(Event, frozen=True):
    """A win was entered by mistake; it stays in the history, marked, and counts no more."""

    TYPE = "cairn.win.voided.v1"
    win_id: UUID


class MilestoneReached(Event, frozen=True):
    """A milestone of the ruleset, with the event that earned it."""

    TYPE = "cairn.milestone.reached.v1"
    milestone_id: UUID
    rule: MilestoneRule
    threshold: int | None
    epoch: int | None
    evidence: UUID
    ruleset: int = 1


class GoalAchieved(Event, frozen=True):
    """A person decided that the goal is reached."""

    TYPE = "cairn.goal.achieved.v1"
    closure_id: UUID
    agreed: Agreed
    reason_code: ReasonCode | None = None
    reason: Sealed = None
    learned: Sealed = None


class GoalClosed(Event, frozen=True):
    """The goal ended in another way than by being reached."""

    TYPE = "cairn.goal.closed.v1"
    closure_id: UUID
    agreed: Agreed
    outcome: Outcome
    reason_code: ReasonCode | None = None
    reason: Sealed = None
    learned: Sealed = None


class GoalReopened(Event, frozen=True):
    """A goal that had ended goes on: the only way back."""

    TYPE = "cairn.goal.reopened.v1"
    closure_id: UUID


EVENTS: dict[str, type[Event]] = {event.TYPE: event for event in Event.__subclasses__()}


class Actor(msgspec.Struct, frozen=True):
    """Who did it, and by which way."""

    kind: ActorKind
    id: str
    via: Via


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """An event as the log holds it: `time` when it was true, `recorded_at` when we learned it."""

    lane: int
    position: int
    clinic_id: UUID
    record_id: UUID
    record_version: int
    stream_id: UUID
    version: int
    event_id: UUID
    time: datetime
    recorded_at: datetime
    actor: Actor
    data: Event
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None


@lru_cache(maxsize=4_096)
def fact_id(stream_id: UUID, kind: str, name: object) -> UUID:
    """The event's id, the same for the same fact of the same stream (CONTRACT, "Ids")."""
    return uuid5(stream_id, f"{kind}:{name}")
