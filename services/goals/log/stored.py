"""How an event lies in the log: what is in clear, what is sealed and to what it is tied, and back again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from shared.events import Actor, Event, Recorded
from shared.personal import join, split
from shared.sealing import Key, place
from shared.upcasting import readable, upcast
from shared.vault import KeyDestroyed

StreamKind = Literal["clinic", "client", "goal"]

COLUMNS = (
    "lane, position, clinic_id, record_id, record_version, stream_id, version, event_id, type, schema,"
    " occurred_at, recorded_at, body, sealed, meta"
)
"""What of a row of cairn.event is opened, in this order."""

_CANONICAL = msgspec.json.Encoder(order="sorted")


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is to be appended; `version` is the place in its stream, 1 begins a stream."""

    stream_id: UUID
    stream_kind: StreamKind
    version: int
    event_id: UUID
    time: datetime
    data: Event
    causation_id: str | None = None


class StateRow(NamedTuple):
    """The state of one stream after an append: `state` is JSON in clear, sealed before it is stored."""

    stream_id: UUID
    kind: StreamKind
    version: int
    record_version: int
    state: bytes


class Meta(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who, and in which course of things."""

    actor: Actor
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None


class Parts(msgspec.Struct, frozen=True):
    """An event as bytes: what is in clear, what is sealed (None when nothing is), and its meta."""

    body: bytes
    sealed: bytes | None
    meta: bytes


class Opened(NamedTuple):
    """An event with its data as `split` parts it, whatever the shape in which it is stored.

    `sealed` is None when it is erased, or was not opened.
    """

    event: Recorded
    clear: dict[str, Any]
    sealed: dict[str, Any] | None


def parts_of(clinic_id: UUID, new: NewEvent, meta: Meta, key: Key | None) -> Parts:
    """The bytes of an event that is to be stored. Raises KeyDestroyed for personal data without a key."""
    clear, hidden = split(new.data)
    sealed = None
    if hidden:
        if key is None:
            raise KeyDestroyed
        bound = event_place(new.event_id, new.stream_id, clinic_id)
        sealed = key.seal(_CANONICAL.encode(hidden), bound)
    return Parts(_CANONICAL.encode(clear), sealed, _CANONICAL.encode(meta))


def open_row(row: Sequence[Any], key: Key | None) -> Opened:
    """A row of COLUMNS, opened; without the key its personal fields are None.

    Raises UnknownEvent for a type or a shape that this code does not know, Unopenable for a ciphertext that
    is not this event's.
    """
    (lane, position, clinic_id, record_id, record_version, stream_id, version, event_id, name, shape,
     occurred_at, recorded_at, body, sealed, meta_bytes) = row  # fmt: skip
    kind = readable(name, shape)
    meta = _META.decode(meta_bytes)
    clear = upcast(kind, shape, _CLEAR.decode(body), meta.actor)
    hidden = None
    if sealed is None:
        hidden = {}
    elif key is not None:
        hidden = _CLEAR.decode(key.open(sealed, event_place(event_id, stream_id, clinic_id)))
    event = Recorded(
        lane=lane,
        position=position,
        clinic_id=clinic_id,
        record_id=record_id,
        record_version=record_version,
        stream_id=stream_id,
        version=version,
        event_id=event_id,
        time=occurred_at.astimezone(UTC),
        recorded_at=recorded_at.astimezone(UTC),
        actor=meta.actor,
        data=join(kind, clear, hidden),
        correlation_id=meta.correlation_id,
        causation_id=meta.causation_id,
        traceparent=meta.traceparent,
    )
    return Opened(event, clear, hidden)


def event_place(event_id: UUID, stream_id: UUID, clinic_id: UUID) -> bytes:
    """To what an event's ciphertext is tied: place("event", …), written out, for a feed opens thousands."""
    return _EVENT + event_id.bytes + _ID + stream_id.bytes + _ID + clinic_id.bytes


def state_place(stream_id: UUID, version: int) -> bytes:
    """To what the state of a stream is tied."""
    return place("current", stream_id, version)


_ID = b"\0\0\0\x10"
_EVENT = b"\0\0\0\x05event" + _ID
_CLEAR = msgspec.json.Decoder(dict[str, Any])
_META = msgspec.json.Decoder(Meta)
