"""An event as the feed sends it: the CloudEvent of `shared.wire`, made of the bytes that are stored."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from services.goals.log.stored import Meta, event_place
from shared.events import EVENTS, Event
from shared.personal import GRANTED_FIELDS
from shared.sealing import Key
from shared.upcasting import readable, upcast

WITH_GRANTED = sorted(TYPE for TYPE, event in EVENTS.items() if GRANTED_FIELDS[event])
"""The types of which a granted subscriber gets something unsealed."""
_MOMENT = """'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'"""
COLUMNS = (
    "lane, position, type, schema, record_version, event_id::text, clinic_id::text, record_id::text,"
    f" stream_id::text, to_char(occurred_at, {_MOMENT}), to_char(recorded_at, {_MOMENT}), body, meta,"
    " CASE WHEN type = ANY(%(opened)s) THEN sealed END"
)
"""What of a row of cairn.event is sent, as `Row` has it; `opened` are the types that are unsealed."""


class Row(NamedTuple):
    """A row of COLUMNS, by `shared.database.raw`: texts, ids and times as their letters, in UTC."""

    lane: int
    position: int
    type: bytes
    shape: int
    record_version: int
    event_id: bytes
    clinic_id: bytes
    record_id: bytes
    stream_id: bytes
    occurred_at: bytes
    recorded_at: bytes
    body: bytes
    meta: bytes
    sealed: bytes | None


def cloudevent(row: Row, granted: bool, key: Key | None) -> bytes:
    """The row as JSON; `key` opens what is granted, and without it that is null.

    Nothing is parsed that goes out as it lies there. Raises UnknownEvent, Unopenable.
    """
    kind = readable(row.type.decode(), row.shape)
    meta = _META.decode(row.meta)
    named = GRANTED_FIELDS[kind] if granted else frozenset()
    data = row.body
    if named or row.shape < kind.SHAPE:
        data = _parsed(row, kind, sorted(named), key)
    return _EVENT % (
        row.event_id, row.clinic_id, row.type, row.stream_id, row.occurred_at, row.lane, row.position,
        row.record_version, row.record_id, row.recorded_at, meta.actor.kind, meta.actor.id, meta.actor.via,
        meta.correlation_id, b"".join(_more(kind.SHAPE, meta)), data,
    )  # fmt: skip


class _Actor(msgspec.Struct):
    kind: msgspec.Raw
    id: msgspec.Raw
    via: msgspec.Raw


class _Meta(msgspec.Struct):
    """As `Meta`, each value as it is written."""

    actor: _Actor
    correlation_id: msgspec.Raw
    causation_id: msgspec.Raw = msgspec.Raw()
    traceparent: msgspec.Raw = msgspec.Raw()


_META = msgspec.json.Decoder(_Meta)
_WHOLE_META = msgspec.json.Decoder(Meta)
_CLEAR = msgspec.json.Decoder(dict[str, Any])
_EVENT = (
    b'{"specversion":"1.0","id":"%b","source":"/clinics/%b","type":"%b","subject":"%b","time":"%b",'
    b'"datacontenttype":"application/json","lane":%d,"sequence":"%d","recordversion":"%d","partitionkey":"%b",'
    b'"recordedtime":"%b","actorkind":%b,"actorid":%b,"via":%b,"correlationid":%b%b,"data":%b}'
)


def _more(shape: int, meta: _Meta) -> tuple[bytes, ...]:
    """What not every event has."""
    return (
        b',"dataversion":"%d"' % shape if shape > 1 else b"",
        b',"causationid":%b' % meta.causation_id if bytes(meta.causation_id) else b"",
        b',"traceparent":%b' % meta.traceparent if bytes(meta.traceparent) else b"",
    )


def _parsed(row: Row, kind: type[Event], named: list[str], key: Key | None) -> bytes:
    """The data in the newest shape, with the fields that are granted."""
    clear = upcast(kind, row.shape, _CLEAR.decode(row.body), _WHOLE_META.decode(row.meta).actor)
    hidden = _opened(row, key)
    return msgspec.json.encode(clear | {name: hidden.get(name) for name in named})


def _opened(row: Row, key: Key | None) -> dict[str, Any]:
    if row.sealed is None or key is None:
        return {}
    ids = (UUID(one.decode()) for one in (row.event_id, row.stream_id, row.clinic_id))
    return _CLEAR.decode(key.open(row.sealed, event_place(*ids)))
