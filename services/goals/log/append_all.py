"""Appending many records at once, each whole: what an import does, in one round trip for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Literal, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from services.goals.log.addresses import digest_of
from services.goals.log.stored import Meta, NewEvent, StateRow, parts_of, state_place
from shared import arrays
from shared.arrays import Array
from shared.database import ask
from shared.events import Channel
from shared.lanes import lane_of
from shared.sealing import Key
from shared.vault import KeyDestroyed, Vault

Value = TypeVar("Value")
Why = Literal["moved", "elsewhere", "address"]
"""The record is at another version; its id or a goal's is taken; so is its number or its address."""

_WRITE_ALL = (
    "SELECT cairn.write_all(%s,"
    " %s::uuid[], %s::int8[], %s::uuid[], %s::text[], %s::int8[], %s::uuid[], %s::text[], %s::int4[],"
    " %s::timestamptz[], %s::bytea[], %s::bytea[], %s::uuid[], %s::bytea[],"
    " %s::uuid[], %s::uuid[], %s::text[], %s::int8[], %s::int8[], %s::bytea[],"
    " %s::uuid[], %s::text[], %s::bytea[])"
)
_WHY: dict[str, Why] = {
    "CN001": "moved",
    "CN002": "elsewhere",
    "CN003": "address",
    "23505": "elsewhere",
    "40P01": "moved",  # each of two waited for the other: alone, one of them does not
}


class Growth(NamedTuple):
    """What a record is to grow by: events with who did each, decided on at a version, and what is so then."""

    record_id: UUID
    decided_on: int
    events: Sequence[tuple[NewEvent, Meta]]
    states: Sequence[StateRow]
    claims: Sequence[tuple[Channel, str]]
    """Numbers and addresses that become its own."""


class NotAppended(Exception):
    """None of the records was written, because of one of them; which, is not always known."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


Encoded = tuple[Array | UUID, ...]
"""What goes to the database: sealed, nothing personal in clear."""


def encode(vault: Vault, clinic_id: UUID, growths: Iterable[Growth]) -> Encoded:
    """Seals some records' growth and puts it into the one form in which it is sent, lane by lane. Their keys
    are made by now (`vault.create_all`). Raises KeyDestroyed for a record that was erased."""
    growths = sorted(growths, key=lambda growth: lane_of(growth.record_id))
    keys = vault.keys(growth.record_id for growth in growths)
    if len(keys) < len(growths):
        raise KeyDestroyed
    events = [new for growth in growths for new, _ in growth.events]
    parts = [
        parts_of(clinic_id, new, meta, keys[growth.record_id])
        for growth in growths
        for new, meta in growth.events
    ]
    return (
        clinic_id,
        arrays.ids(_each(growths, lambda growth: growth.record_id)),
        arrays.numbers(_each(growths, lambda growth: growth.decided_on)),
        arrays.ids([new.stream_id for new in events]),
        arrays.texts([new.stream_kind for new in events]),
        arrays.numbers([new.version for new in events]),
        arrays.ids([new.event_id for new in events]),
        arrays.texts([new.data.TYPE for new in events]),
        arrays.shapes([new.data.SHAPE for new in events]),
        arrays.moments([new.time for new in events]),
        arrays.blobs([part.body for part in parts]),
        arrays.blobs([part.sealed for part in parts]),
        arrays.ids(_each(growths, lambda growth: keys[growth.record_id].key_id)),
        arrays.blobs([part.meta for part in parts]),
        *_states(growths, keys),
        *_claims(vault, clinic_id, growths),
    )


def append_all(connection: Connection, encoded: Encoded) -> None:
    """Appends them all, on an AUTOCOMMIT connection, or none: raises NotAppended."""
    try:
        ask(connection, _WRITE_ALL, encoded)
    except DBAPIError as error:
        why = _WHY.get(getattr(error.orig, "sqlstate", None) or "")
        if why is None:
            raise
        raise NotAppended(why) from error


def _each(growths: Sequence[Growth], of: Callable[[Growth], Value]) -> list[Value]:
    """What is the same for all events of a record, once for each of them."""
    return [value for growth in growths for value in repeat(of(growth), len(growth.events))]


def _states(growths: Sequence[Growth], keys: Mapping[UUID, Key]) -> tuple[Array, ...]:
    rows = [(growth.record_id, row) for growth in growths for row in growth.states]
    return (
        arrays.ids([record_id for record_id, _ in rows]),
        arrays.ids([row.stream_id for _, row in rows]),
        arrays.texts([row.kind for _, row in rows]),
        arrays.numbers([row.version for _, row in rows]),
        arrays.numbers([row.record_version for _, row in rows]),
        arrays.blobs([keys[of].seal(row.state, state_place(row.stream_id, row.version)) for of, row in rows]),
    )


def _claims(vault: Vault, clinic_id: UUID, growths: Iterable[Growth]) -> tuple[Array, ...]:
    claims = [(growth.record_id, *claim) for growth in growths for claim in growth.claims]
    return (
        arrays.ids([record_id for record_id, _, _ in claims]),
        arrays.texts([channel for _, channel, _ in claims]),
        arrays.blobs([digest_of(vault, clinic_id, channel, address) for _, channel, address in claims]),
    )
