"""What the reminder service tells of a client's messages: their course, and never their words."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from shared.events import Channel


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message of ours: what for, by which way, how far it came, and why no further."""

    id: UUID
    kinds: tuple[str, ...]
    channel: Channel
    state: str
    cause: str | None
    merged_into: UUID | None
    planned_at: datetime
    said_at: datetime | None
    settled_at: datetime | None
    held_until: datetime | None = None
    consent_id: UUID | None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A text of hers, and what it was understood as."""

    id: UUID
    channel: Channel
    intent: str
    safety: bool
    received_at: datetime


class Told(msgspec.Struct, frozen=True):
    """All messages and answers of a client, oldest first."""

    messages: tuple[Message, ...] = ()
    answers: tuple[Answer, ...] = ()


class Page(msgspec.Struct, frozen=True):
    """A page of them, as GET /v1/clients/{client}/messages answers; `next` is None on the last."""

    items: tuple[Message, ...]
    answers: tuple[Answer, ...]
    next: str | None
