"""What is answered, flat, by the names of DOMAIN: the shapes of states and pages, for the description too."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from services.goals.access import Access
from services.goals.rules.client import Stops
from services.goals.rules.goal import Pause, Review, Status
from services.goals.rules.history import Entry
from services.goals.rules.progress import Progress
from services.goals.rules.rated import Rating
from services.goals.rules.reached import Milestone
from services.goals.seals.published import SealState
from services.goals.seals.signing import PublicKey
from shared.events import (
    ActorKind,
    Agreed,
    Cadence,
    Change,
    Channel,
    Clock,
    ErasureDecision,
    Measure,
    Number,
    ReminderKind,
    StaffRole,
)


class StaffMember(msgspec.Struct, frozen=True):
    """Somebody of the staff."""

    staff_id: UUID
    role: StaffRole
    name: str | None
    email: str | None


class ClinicState(msgspec.Struct, frozen=True, kw_only=True):
    """A clinic as it is now."""

    id: UUID
    name: str
    sender: str
    phone: str
    country: str
    locale: str
    time_zone: str
    quiet_start: Clock
    quiet_end: Clock
    cover_email: str | None
    staff: list[StaffMember]
    milestones: list[Milestone]


class ContactState(msgspec.Struct, frozen=True):
    """Where she is reached on a channel."""

    channel: Channel
    contact_id: UUID
    address: str | None
    verified_by: str | None


class ConsentState(msgspec.Struct, frozen=True):
    """What she agreed to; kept when withdrawn."""

    consent_id: UUID
    contact_id: UUID
    scope: Channel
    text_version: str
    locale: str
    given_by: str
    in_force: bool


class ReminderState(msgspec.Struct, frozen=True):
    """A reminder that is planned."""

    reminder_id: UUID
    kind: ReminderKind
    channel: Channel
    goal_id: UUID | None
    cadence: Cadence | None
    active: bool


class SessionState(msgspec.Struct, frozen=True):
    """A session with her therapist."""

    session_id: UUID
    starts_at: datetime
    status: str


class RemindersPauseState(msgspec.Struct, frozen=True):
    """All her reminders rest, or rested."""

    pause_id: UUID
    since: datetime
    by: ActorKind
    until: date | None
    resumed_at: datetime | None


class CareEndState(msgspec.Struct, frozen=True):
    """Her care ended."""

    care_end_id: UUID
    on: date
    reason: str | None
    resumed_at: datetime | None


class FlagState(msgspec.Struct, frozen=True):
    """Something she wrote that somebody is to look at."""

    flag_id: UUID
    message_ref: str
    crisis_line: str
    rule: str | None
    raised_at: datetime
    reviewed_at: datetime | None


class ErasureState(msgspec.Struct, frozen=True, kw_only=True):
    """Her erasure: who asked for it, and what became of that."""

    erasure_id: UUID
    by: str
    requested_at: datetime
    decision: ErasureDecision | None
    decided_at: datetime | None
    retain_until: date | None
    ground: str | None
    cancelled_at: datetime | None
    erased_at: datetime | None


class ClientState(msgspec.Struct, frozen=True, kw_only=True):
    """A client as she is now; `wins` are those without a goal."""

    id: UUID
    registered_at: datetime
    name: str | None
    locale: str
    time_zone: str
    staff_ids: list[UUID]
    contacts: list[ContactState]
    quiet_start: Clock | None
    quiet_end: Clock | None
    daily_cap: int | None
    weekly_cap: int | None
    label: str | None
    consents: list[ConsentState]
    reminders: list[ReminderState]
    stops: Stops
    sessions: list[SessionState]
    pauses: list[RemindersPauseState]
    care_ends: list[CareEndState]
    flags: list[FlagState]
    erasures: list[ErasureState]
    wins: int
    milestones: list[Milestone]


class Adjustments(msgspec.Struct, frozen=True, kw_only=True):
    """How often a goal was adjusted, by kind."""

    eased: int = 0
    stretched: int = 0
    refocused: int = 0
    rescheduled: int = 0
    reworded: int = 0
    corrected: int = 0


class GoalState(msgspec.Struct, frozen=True, kw_only=True):
    """A goal as it is now; the SMART parts are null while it is a draft. `first_words` are those of the first
    draft, `progress` sums the ratings up by epoch and rater."""

    id: UUID
    client_id: UUID
    status: Status
    theme: str | None
    statement: str | None
    first_words: str | None
    reflection: str | None
    specific: str | None
    measure: Measure | None
    baseline: Number | None
    target: Number | None
    confidence: int | None
    relevance: str | None
    start_on: date | None
    end_on: date | None
    review_on: tuple[date, ...]
    cadence: Cadence | None
    if_then: str | None
    focus: bool
    agreed: Agreed | None
    epoch: int
    adjustments: Adjustments
    practices: int
    quantity: Number
    ratings: tuple[Rating, ...]
    progress: tuple[Progress, ...]
    reviews: tuple[Review, ...]
    pauses: tuple[Pause, ...]
    wins: int
    closure_id: UUID | None
    closed_by: ActorKind | None
    outcome: str | None
    learned: str | None
    milestones: list[Milestone]


class ClientPage(msgspec.Struct, frozen=True):
    """Clients in the order of their ids, and the cursor of what follows."""

    items: list[ClientState]
    next: str | None


class DifferenceState(msgspec.Struct, frozen=True):
    """The fields of a goal that differ, and what was done to it in between, in the order of the axis."""

    changes: list[Change]
    history: list[Entry]


class HistoryPage(msgspec.Struct, frozen=True):
    """What happened to a goal or a client, first things first, and the cursor of what follows."""

    items: list[Entry]
    next: str | None


class AccessPage(msgspec.Struct, frozen=True):
    """Who looked at a client's record, the latest first, and the cursor of what was before."""

    items: list[Access]
    next: str | None


class SealPage(msgspec.Struct, frozen=True):
    """The seals, the latest first, the cursor of those before, and the keys that all are checked by."""

    items: list[SealState]
    next: str | None
    keys: list[PublicKey]


SHAPES = {"Clinic": ClinicState, "Client": ClientState, "Goal": GoalState}
"""The states under the names that the description gives them."""
