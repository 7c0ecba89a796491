"""Appending: a record's next events, its current state and its addresses, in one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any, NamedTuple, NoReturn
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from services.goals.log.arrays import blobs, moments, plain
from services.goals.log.stored import Meta, NewEvent, Parts, StateRow, parts_of, shape_of, state_place
from services.goals.rules.refusal import NotThere, Refused
from shared.events import Actor, Channel, Recorded
from shared.sealing import Key
from shared.vault import KeyDestroyed, Vault

__all__ = ["AddressMove", "AddressTaken", "NewEvent", "RecordMoved", "append"]

_WRITE = text(
    "SELECT in_lane, first_position, now_recorded FROM cairn.write("
    " :clinic, :record, :version, :key,"
    " CAST(:stream_ids AS uuid[]), CAST(:kinds AS text[]), CAST(:versions AS int8[]),"
    " CAST(:event_ids AS uuid[]), CAST(:types AS text[]), CAST(:schemas AS int4[]),"
    " CAST(:times AS timestamptz[]), CAST(:bodies AS bytea[]), CAST(:sealeds AS bytea[]),"
    " CAST(:metas AS bytea[]),"
    " CAST(:row_streams AS uuid[]), CAST(:row_kinds AS text[]), CAST(:row_versions AS int8[]),"
    " CAST(:row_states AS bytea[]),"
    " CAST(:channels AS text[]), CAST(:digests AS bytea[]), CAST(:claims AS bool[]))"
)
_RECORD_OF = text("SELECT cairn.record_of(:clinic, :stream)")


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
) -> tuple[Recorded, ...]:
    """Appends the events of one record, all or none, on an AUTOCOMMIT connection.

    The record has its key by now (`vault.create`). Raises RecordMoved when the record is not at
    `expected_version`, NotThere when it or a stream is another clinic's, Refused when a new stream's id is
    taken in the clinic, AddressTaken, and KeyDestroyed when the record was erased.
    """
    key = vault.key(record_id)
    metas = [Meta(actor, correlation_id, new.causation_id, traceparent) for new in events]
    parts = [parts_of(clinic_id, new, meta, key) for new, meta in zip(events, metas, strict=True)]
    values = {
        "clinic": clinic_id,
        "record": record_id,
        "version": expected_version,
        "key": key.key_id if key else None,
        **_event_values(events, parts),
        **_state_values(current, key),
        **_address_values(vault, clinic_id, addresses),
    }
    try:
        done = connection.execute(_WRITE, values).one()
    except DBAPIError as error:
        _explain(connection, error, clinic_id, expected_version, events)
    return tuple(
        Recorded(
            lane=done.in_lane,
            position=done.first_position + n,
            clinic_id=clinic_id,
            record_id=record_id,
            record_version=expected_version + 1 + n,
            stream_id=new.stream_id,
            version=new.version,
            event_id=new.event_id,
            time=new.time,
            recorded_at=done.now_recorded.astimezone(UTC),
            actor=actor,
            data=new.data,
            correlation_id=correlation_id,
            causation_id=new.causation_id,
            traceparent=traceparent,
        )
        for n, new in enumerate(events)
    )


def _event_values(events: Sequence[NewEvent], parts: Sequence[Parts]) -> dict[str, Any]:
    return {
        "stream_ids": plain(new.stream_id for new in events),
        "kinds": plain(new.stream_kind for new in events),
        "versions": plain(new.version for new in events),
        "event_ids": plain(new.event_id for new in events),
        "types": plain(new.data.TYPE for new in events),
        "schemas": plain(shape_of(type(new.data)) for new in events),
        "times": moments(new.time for new in events),
        "bodies": blobs(part.body for part in parts),
        "sealeds": blobs(part.sealed for part in parts),
        "metas": blobs(part.meta for part in parts),
    }


def _state_values(rows: Sequence[StateRow], key: Key | None) -> dict[str, Any]:
    if rows and key is None:
        raise KeyDestroyed
    return {
        "row_streams": plain(row.stream_id for row in rows),
        "row_kinds": plain(row.kind for row in rows),
        "row_versions": plain(row.version for row in rows),
        "row_states": blobs(
            key.seal(row.state, state_place(row.stream_id, row.version)) for row in rows if key is not None
        ),
    }


def _address_values(vault: Vault, clinic_id: UUID, moves: Sequence[AddressMove]) -> dict[str, Any]:
    digested = sorted(
        (move.channel, vault.digest(clinic_id, move.channel, _folded(move.address)), move.claim)
        for move in moves
    )
    return {
        "channels": plain(channel for channel, _, _ in digested),
        "digests": blobs(digest for _, digest, _ in digested),
        "claims": plain(claim for _, _, claim in digested),
    }


def _folded(address: str) -> str:
    return address.strip().casefold()


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
