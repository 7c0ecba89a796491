"""Appending: a record's next events, its current state and its addresses, in one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, NoReturn
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from services.goals.log.addresses import digest_of
from services.goals.log.staff import asking, judged
from services.goals.log.stored import Meta, NewEvent, Parts, StateRow, parts_of, state_place
from services.goals.rules.access import Who
from services.goals.rules.refusal import NotThere, Refused
from shared import arrays
from shared.arrays import Array
from shared.database import ask
from shared.events import Actor, Channel, ClientErased
from shared.sealing import Key
from shared.vault import KeyDestroyed, Vault

__all__ = ["AddressMove", "AddressTaken", "NewEvent", "RecordMoved", "append"]

_CLINIC = "cairn.still_at(%s, %s::uuid, %s::text)"
_WRITE_ONE = (
    f"SELECT cairn.write_one({_CLINIC}, %s, %s::int8, %s, %s, %s::int8, %s, %s, %s::int4, %s, %s, %s, %s, %s,"
    " %s)"
)
_WRITE = (
    f"SELECT FROM cairn.write({_CLINIC}, %s, %s::int8, %s,"  # nosec B608 # our own words
    " %s::uuid[], %s::text[], %s::int8[], %s::uuid[], %s::text[], %s::int4[], %s::timestamptz[], %s::bytea[],"
    " %s::bytea[], %s::bytea[],"
    " %s::uuid[], %s::text[], %s::int8[], %s::bytea[],"
    " %s::text[], %s::bytea[], %s::bool[])"
)
_ERASE = f"WITH done AS MATERIALIZED ({_WRITE_ONE}) SELECT cairn.forget(%s, %s) FROM done"  # noqa: S608  our own
"""With client.erased, all that was kept beside the log goes in the same statement."""
_RECORD_OF = text("SELECT cairn.record_of(:clinic, :stream)")
_NO_STATE = (None,)


class AddressMove(NamedTuple):
    """A number or an address becomes the record's, or is free again."""

    channel: Channel
    address: str
    claim: bool


class RecordMoved(Exception):
    """The record is at another version than the decision was made on."""

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"the record is at version {actual}, not {expected}")
        self.expected = expected
        self.actual = actual


class AddressTaken(Refused):
    """The number or the address is another client's; the words do not say so."""

    def __init__(self) -> None:
        super().__init__("This number or address cannot be used here.", "#/address")


def append(
    connection: Connection,
    vault: Vault,
    *,
    clinic_id: UUID,
    record_id: UUID,
    expected_version: int,
    events: Sequence[NewEvent],
    actor: Actor,
    correlation_id: str,
    traceparent: str | None = None,
    current: Sequence[StateRow] = (),
    addresses: Sequence[AddressMove] = (),
    who: Who | None = None,
) -> None:
    """Appends the events of one record, all or none, on an AUTOCOMMIT connection.

    The record has its key by now (`vault.create`). Raises RecordMoved when the record is not at
    `expected_version`, NotThere when it or a stream is another clinic's, Refused when a new stream's id is
    taken in the clinic, AddressTaken, KeyDestroyed when the record was erased, and SignedOut where `who` asks
    and works there no more.
    """
    key = vault.key(record_id)
    metas = [Meta(actor, correlation_id, new.causation_id, traceparent) for new in events]
    parts = [parts_of(clinic_id, new, meta, key) for new, meta in zip(events, metas, strict=True)]
    states = _sealed(current, key)
    record = (*asking(clinic_id, who).values(), record_id, expected_version)
    try:
        with judged():
            if isinstance(events[0].data, ClientErased):
                one = _one(events[0], parts[0], key)
                ask(connection, _ERASE, (*record, *one, *_NO_STATE, clinic_id, record_id))
            elif _is_one(events, current) and not addresses:
                one = _one(events[0], parts[0], key)
                ask(connection, _WRITE_ONE, (*record, *one, *(states or _NO_STATE)))
            else:
                moves = _moved(vault, clinic_id, addresses)
                rows = _rows(current, states)
                ask(connection, _WRITE, (*record, key and key.key_id, *_all(events, parts), *rows, *moves))
    except DBAPIError as error:
        _explain(connection, error, clinic_id, expected_version, events)


def _is_one(events: Sequence[NewEvent], rows: Sequence[StateRow]) -> bool:
    """Whether it is one event, with the state of its own stream or none."""
    return len(events) == 1 and all(row.stream_id == events[0].stream_id for row in rows)


def _one(new: NewEvent, part: Parts, key: Key | None) -> tuple[Any, ...]:
    place = (new.stream_id, new.stream_kind, new.version)
    fact = (new.event_id, new.data.TYPE, new.data.SHAPE, new.time)
    return (*place, *fact, part.body, part.sealed, key and key.key_id, part.meta)


def _all(events: Sequence[NewEvent], parts: Sequence[Parts]) -> tuple[Array, ...]:
    return (
        arrays.ids(new.stream_id for new in events),
        arrays.texts(new.stream_kind for new in events),
        arrays.numbers(new.version for new in events),
        arrays.ids(new.event_id for new in events),
        arrays.texts(new.data.TYPE for new in events),
        arrays.shapes(new.data.SHAPE for new in events),
        arrays.moments(new.time for new in events),
        arrays.blobs(part.body for part in parts),
        arrays.blobs(part.sealed for part in parts),
        arrays.blobs(part.meta for part in parts),
    )


def _sealed(rows: Sequence[StateRow], key: Key | None) -> list[bytes]:
    if not rows:
        return []
    if key is None:
        raise KeyDestroyed
    return [key.seal(row.state, state_place(row.stream_id, row.version)) for row in rows]


def _rows(rows: Sequence[StateRow], states: Sequence[bytes]) -> tuple[Array, ...]:
    return (
        arrays.ids(row.stream_id for row in rows),
        arrays.texts(row.kind for row in rows),
        arrays.numbers(row.version for row in rows),
        arrays.blobs(states),
    )


def _moved(vault: Vault, clinic_id: UUID, moves: Sequence[AddressMove]) -> tuple[Array, ...]:
    digested = sorted(
        (move.channel, digest_of(vault, clinic_id, move.channel, move.address), move.claim) for move in moves
    )
    return (
        arrays.texts(channel for channel, _, _ in digested),
        arrays.blobs(digest for _, digest, _ in digested),
        arrays.truths(claim for _, _, claim in digested),
    )


def _explain(
    connection: Connection,
    error: DBAPIError,
    clinic_id: UUID,
    expected_version: int,
    events: Sequence[NewEvent],
) -> NoReturn:
    state = getattr(error.orig, "sqlstate", None)
    said = getattr(error.orig, "diag", None)
    if state == "CN001" and said is not None:
        raise RecordMoved(expected_version, int(said.message_detail)) from error
    if state == "CN002":
        raise NotThere from error
    if state == "CN003":
        raise AddressTaken from error
    if state == "23505" and said is not None and said.constraint_name == "stream_pkey":
        begun = [new.stream_id for new in events if new.version == 1]
        here = [connection.scalar(_RECORD_OF, {"clinic": clinic_id, "stream": stream}) for stream in begun]
        raise (Refused("This id is another's; a new one is needed.") if any(here) else NotThere()) from error
    raise error
