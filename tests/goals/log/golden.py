"""Golden rows: an event of every shape that there ever was, as the log holds it, and what it is read as."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid5

import msgspec

from services.goals.log.chain import BEFORE_THE_FIRST, Row, link
from services.goals.log.stored import Meta, NewEvent, parts_of
from shared.arrays import instant
from shared.events import Actor, Change, Event
from shared.lanes import lane_of
from shared.sealing import Key
from tests import controls as c

PLACE = Path(__file__).parent / "golden"
KEY = Key(UUID("00000000-0000-4000-8000-0000000000aa"), b"only for golden rows".ljust(32), bytes)
BY_TEXT = Actor("client", str(c.CLIENT), "sms")
LEARNED = datetime(2026, 3, 2, 15, 0, 0, 41873, tzinfo=UTC)


class Golden(msgspec.Struct, frozen=True):
    """A row: what is stored of its data as bytes (hexadecimal where they are no text), and its hash.

    `read_as` are the fields that the event has for whoever reads it today.
    """

    body: str
    sealed: str | None
    meta: str
    hash: str
    read_as: dict[str, Any]


def file_of(kind: type[Event], shape: int) -> Path:
    """Where the row of an event's shape is kept, e.g. practice.logged.v1.shape1.json."""
    return PLACE / f"{kind.TYPE.removeprefix('cairn.')}.shape{shape}.json"


def read(kind: type[Event], shape: int) -> Golden:
    """The row of an event's shape."""
    return msgspec.json.decode(file_of(kind, shape).read_bytes(), type=Golden)


def row_of(kind: type[Event], shape: int, body: bytes, sealed: bytes | None, meta: bytes) -> Row:
    """These bytes as the only event of a lane."""
    return Row(
        lane=lane_of(c.CLIENT),
        position=1,
        clinic_id=c.CLINIC.bytes,
        record_id=c.CLIENT.bytes,
        record_version=1,
        stream_id=c.CLIENT.bytes,
        version=1,
        event_id=c.named(1).bytes,
        type=kind.TYPE.encode(),
        schema=shape,
        occurred_at=instant(c.NOW),
        recorded_at=instant(LEARNED),
        body=body,
        sealed=sealed,
        key_id=KEY.key_id.bytes if sealed else None,
        meta=meta,
    )


def write(kind: type[Event]) -> None:
    """Keeps a row of the newest shape, unless there is one: what was written stays as it is."""
    place = file_of(kind, kind.SHAPE)
    if place.exists():
        return
    event = filled(kind)
    new = NewEvent(
        stream_id=c.CLIENT, stream_kind="client", version=1, event_id=c.named(1), time=c.NOW, data=event
    )
    parts = parts_of(c.CLINIC, new, Meta(BY_TEXT, "golden"), KEY)
    row = row_of(kind, kind.SHAPE, parts.body, parts.sealed, parts.meta)
    golden = Golden(
        parts.body.decode(),
        parts.sealed.hex() if parts.sealed else None,
        parts.meta.decode(),
        link(BEFORE_THE_FIRST, row).hex(),
        msgspec.to_builtins(event),
    )
    place.write_bytes(msgspec.json.format(msgspec.json.encode(golden), indent=2) + b"\n")


def filled(kind: type[msgspec.Struct]) -> Any:
    """A struct with something in every field, always the same."""
    if kind is Change:
        return Change("target", 2, 1)
    hints = get_type_hints(kind, include_extras=True)
    return kind(**{name: _value(hints[name], name) for name in kind.__struct_fields__})


def _value(hint: Any, name: str) -> Any:
    if hint in _VALUES:
        return _VALUES[hint]
    for meta in getattr(hint, "__metadata__", ()):
        if meta.pattern:
            return "08:00"
    if hint is str:
        return name
    if hint is UUID:
        return uuid5(c.CLIENT, name)
    origin, args = get_origin(hint), get_args(hint)
    if origin is Literal:
        return args[0]
    if origin is tuple:
        return (_value(args[0], name),)
    if origin in (Annotated, Union, UnionType):
        return _value(args[0], name)
    return filled(hint)


_VALUES: dict[Any, Any] = {int: 1, bool: True, date: c.TODAY, datetime: c.NOW, Decimal: Decimal("2.5")}
