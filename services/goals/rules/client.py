"""A client: how she is reached, who works with her, what she agreed to, what is hers without a goal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.goals.rules.reached import Milestone
from shared.events import ActorKind, Cadence, Channel, Clock, ErasureDecision, ReminderKind

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
