"""What stands under the hash: every stored field in order, each behind its length (docs/log-format.md)."""

from __future__ import annotations

from hashlib import sha256
from struct import Struct
from typing import NamedTuple

BEFORE_THE_FIRST = bytes(32)
"""What the first event of a lane is chained to."""
COLUMNS = (
    "lane::int8, position, uuid_send(clinic_id), uuid_send(record_id), record_version, uuid_send(stream_id),"
    " version, uuid_send(event_id), convert_to(type, 'UTF8'), schema::int8, timestamptz_send(occurred_at),"
    " timestamptz_send(recorded_at), body, sealed, uuid_send(key_id), meta"
)
"""Selects a Row of cairn.event."""

_FIRST = Struct(">iqiqi16si16siqi16siqi16si")
_TIMES = Struct(">iqi8si8si")
_LENGTH = Struct(">i")
_NULL = _LENGTH.pack(-1)


class Row(NamedTuple):
    """An event's stored fields in the order in which they are hashed: ids and times as bytes."""

    lane: int
    position: int
    clinic_id: bytes
    record_id: bytes
    record_version: int
    stream_id: bytes
    version: int
    event_id: bytes
    type: bytes
    schema: int
    occurred_at: bytes
    recorded_at: bytes
    body: bytes
    sealed: bytes | None
    key_id: bytes | None
    meta: bytes


Stored = tuple[
    int, int, bytes, bytes, int, bytes, int, bytes, bytes, int, bytes, bytes, bytes, bytes | None,
    bytes | None, bytes,
]  # fmt: skip
"""A Row as the database gives it, without the names."""


def link(previous: bytes, row: Stored) -> bytes:
    """The hash of a row that follows one whose hash is `previous`: 32 bytes."""
    return sha256(previous + encoded(row)).digest()


def encoded(row: Stored) -> bytes:
    """The row as it is hashed: each field's length in four bytes, -1 for null, then the field."""
    (lane, position, clinic, record, record_version, stream, version, event, kind, schema, occurred, recorded,
     body, sealed, key, meta) = row  # fmt: skip
    return b"".join((
        _FIRST.pack(8, lane, 8, position, 16, clinic, 16, record, 8, record_version, 16, stream, 8, version,
                    16, event, len(kind)),
        kind,
        _TIMES.pack(8, schema, 8, occurred, 8, recorded, len(body)),
        body,
        _NULL if sealed is None else _LENGTH.pack(len(sealed)) + sealed,
        _NULL if key is None else _LENGTH.pack(len(key)) + key,
        _LENGTH.pack(len(meta)),
        meta,
    ))  # fmt: skip
