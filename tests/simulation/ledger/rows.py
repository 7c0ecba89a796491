"""The rows of the reminder database, as frozen values: the columns that its migrations give them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

NO_OFFSET = timedelta(0)


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row; a change of it is another."""


class Checkpoint(Row, frozen=True):
    """How far a lane has been applied."""

    lane: int
    position: int = 0
    recorded_at: datetime | None = None
    applied_at: datetime | None = None


class ParkedRecord(Row, frozen=True):
    """A record that is set aside."""

    record_id: UUID
    clinic_id: UUID
    reason: str
    lane: int
    position: int
    parked_at: datetime


class ParkedEvent(Row, frozen=True):
    """An event of it, sealed."""

    lane: int
    position: int
    record_id: UUID
    event_id: UUID
    type: str
    sealed: bytes


class Clinic(Row, frozen=True):
    """A clinic, sealed."""

    clinic_id: UUID
    version: int
    sealed: bytes


class Person(Row, frozen=True):
    """A client, sealed."""

    client_id: UUID
    clinic_id: UUID
    version: int
    sealed: bytes


class Reminder(Row, frozen=True):
    """A reminder that comes round by the clock."""

    reminder_id: UUID
    client_id: UUID
    clinic_id: UUID
    kind: str
    channel: str
    goal_id: UUID | None
    zone: str
    cadence: Any
    active: bool
    next_due_at: datetime | None
    correlation_id: str


class Prompt(Row, frozen=True):
    """What is foreseen for a client."""

    key: str
    client_id: UUID
    clinic_id: UUID
    kind: str
    channels: list[str]
    detail: Any
    due_at: datetime
    expires_at: datetime
    correlation_id: str


class Digest(Row, frozen=True):
    """When a clinic's next weekly digest is due."""

    clinic_id: UUID
    zone: str
    next_due_at: datetime


class Occasion(Row, frozen=True):
    """Something worth saying."""

    occasion_id: UUID
    key: str
    client_id: UUID
    clinic_id: UUID
    kind: str
    detail: Any
    source: UUID | None
    due_at: datetime
    expires_at: datetime
    clock_offset: timedelta
    correlation_id: str
    created_at: datetime


class Message(Row, frozen=True):
    """One provider call."""

    message_id: UUID
    client_id: UUID | None
    clinic_id: UUID | None
    channel: str
    queue: str
    state: str
    cause: str | None
    correlation_id: str
    created_at: datetime
    next_attempt_at: datetime
    attempts: int = 0
    clock_offset: timedelta = NO_OFFSET
    provider_id: str | None = None
    sealed: bytes | None = None
    rung_at: datetime | None = None
    claimed_at: datetime | None = None
    said_at: datetime | None = None
    settled_at: datetime | None = None
    reconcile_at: datetime | None = None
    reconcile_tries: int = 0
    redacted_at: datetime | None = None
    direct: bool = False
    consent_id: UUID | None = None
    aside: str | None = None


class Link(Row, frozen=True):
    """What a message says: message_occasion."""

    message_id: UUID
    occasion_id: UUID
    state: str
    cause: str | None = None


class Direct(Row, frozen=True):
    """What a message to an address of its own says, sealed."""

    message_id: UUID
    record_id: UUID
    kind: str
    despite_opt_out: bool
    expires_at: datetime
    sealed: bytes | None


class Callback(Row, frozen=True):
    """What the provider told."""

    provider_id: str
    status: str
    message_id: UUID | None
    received_at: datetime


class OptOut(Row, frozen=True):
    """Who wants nothing more."""

    address_hash: bytes
    channel: str
    source: str
    at: datetime
    lifted_at: datetime | None = None


class DeadAddress(Row, frozen=True):
    """Where nobody is reached."""

    channel: str
    address_hash: bytes
    cause: str
    at: datetime


class Contact(Row, frozen=True):
    """Whose number it is."""

    channel: str
    address_hash: bytes
    client_id: UUID
    clinic_id: UUID


class Inbound(Row, frozen=True):
    """A text of hers."""

    inbound_id: UUID
    channel: str
    from_hash: bytes
    received_at: datetime
    correlation_id: str
    client_id: UUID | None = None
    clinic_id: UUID | None = None
    intent: str | None = None
    safety: bool = False
    fell_back: bool = False
    sealed: bytes | None = None


class Quiet(Row, frozen=True):
    """Until when nothing is initiated."""

    client_id: UUID
    cause: str
    until: datetime


class Question(Row, frozen=True):
    """What we asked her."""

    client_id: UUID
    kind: str
    goals: list[UUID]
    sealed: bytes | None
    asked_at: datetime


class Flag(Row, frozen=True):
    """A flag that somebody is to look at."""

    flag_id: UUID
    client_id: UUID
    clinic_id: UUID
    raised_at: datetime
    notices: int
    next_notice_at: datetime | None


class Outgoing(Row, frozen=True):
    """A fact for the log."""

    fact_id: UUID
    sequence: int
    record_id: UUID
    clinic_id: UUID
    kind: str
    method: str
    path: str
    sealed: bytes | None
    correlation_id: str
    via: str
    created_at: datetime
    next_attempt_at: datetime
    state: str = "waiting"
    cause: str | None = None
    tries: int = 0
    settled_at: datetime | None = None
    reply_to: UUID | None = None


class Erased(Row, frozen=True):
    """Who was erased: erased_client."""

    client_id: UUID
    clinic_id: UUID
    erased_at: datetime
    key_destroyed_at: datetime | None = None


class Hold(Row, frozen=True):
    """Whether the ledger is held; `home` is told apart by whether it is this one's alone."""

    single: bool = True
    at_home: bool = True
    pulse: int = 0
    held_at: datetime | None = None
    cause: str | None = None
    released_at: datetime | None = None
