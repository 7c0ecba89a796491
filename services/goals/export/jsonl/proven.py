"""One event of an export, held to what was hashed of it and to the seal that proves it."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.goals.export.jsonl.form import PROOF, Proof, unspelled
from services.goals.log.chain import Row, link
from services.goals.log.merkle import root_from
from services.goals.log.stored import Meta
from services.goals.seals.seal import LaneSeal
from shared.arrays import instant
from shared.personal import split
from shared.upcasting import UnknownEvent, readable, upcast

_CANONICAL = msgspec.json.Encoder(order="sorted")
_ATTRIBUTES = frozenset(
    {
        "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataversion", "lane",
        "sequence", "recordversion", "partitionkey", "recordedtime", "actorkind", "actorid", "via",
        "correlationid", "causationid", "traceparent", "data", PROOF,
    }
)  # fmt: skip


class Untrue(Exception):
    """The event is not what its proof says; the text says what differs."""


def held_to(item: dict[str, Any], lanes: Mapping[int, LaneSeal]) -> tuple[Row, Proof]:
    """The fields that were hashed of an event, if all that it says is true of them. Raises Untrue.

    `lanes` are what seals say of its lane, by their numbers, each checked before.
    """
    if not set(item) <= _ATTRIBUTES:
        raise Untrue("has an attribute that no event has")
    try:
        proof = msgspec.json.decode(unspelled(item[PROOF]), type=Proof)
        row = _row(item, proof)
        previous = bytes.fromhex(proof.previous)
        path = [bytes.fromhex(node) for node in proof.path]
        hash_ = link(previous, row)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, struct.error) as error:
        raise Untrue("has no proof that can be read") from error
    _as_said(item, row, proof)
    if proof.seal is None:
        _must_be_younger(row, lanes)
        return row, proof
    lane = lanes.get(proof.seal)
    if lane is None or not lane.after < row.position <= lane.position or lane.lane != row.lane:
        raise Untrue("is proven by a seal that does not hold it")
    root = root_from(hash_, row.position - lane.after - 1, lane.position - lane.after, path)
    if root is None or root.hex() != lane.root:
        raise Untrue(f"is not what seal {proof.seal} was made of")
    return row, proof


def _row(item: dict[str, Any], proof: Proof) -> Row:
    return Row(
        lane=item["lane"],
        position=int(item["sequence"]),
        clinic_id=UUID(item["source"].removeprefix("/clinics/")).bytes,
        record_id=UUID(item["partitionkey"]).bytes,
        record_version=int(item["recordversion"]),
        stream_id=UUID(item["subject"]).bytes,
        version=proof.version,
        event_id=UUID(item["id"]).bytes,
        type=item["type"].encode(),
        schema=proof.shape,
        occurred_at=instant(datetime.fromisoformat(item["time"])),
        recorded_at=instant(datetime.fromisoformat(item["recordedtime"])),
        body=unspelled(proof.body),
        sealed=None if proof.sealed is None else unspelled(proof.sealed),
        key_id=None if proof.key_id is None else proof.key_id.bytes,
        meta=unspelled(proof.meta),
    )


def _as_said(item: dict[str, Any], row: Row, proof: Proof) -> None:
    """Who did it, and what stands in clear, are said twice: as they are read, and as they were hashed."""
    try:
        meta = msgspec.json.decode(row.meta, type=Meta)
        kind = readable(item["type"], proof.shape)
        was = upcast(kind, proof.shape, msgspec.json.decode(row.body), meta.actor)
        clear, hidden = split(msgspec.convert(item["data"], kind))
    except UnknownEvent as unknown:
        raise Untrue(f"is one that this version does not know: {unknown}") from unknown
    except (ValueError, KeyError, TypeError) as error:  # msgspec's are ValueErrors, as is what is no text
        raise Untrue("has data that is not of its shape") from error
    said = tuple(item.get(name) for name in ("actorkind", "actorid", "via", "correlationid"))
    said += tuple(item.get(name) for name in ("causationid", "traceparent"))
    actor = meta.actor
    hashed = (actor.kind, actor.id, actor.via, meta.correlation_id, meta.causation_id, meta.traceparent)
    if said != hashed:
        raise Untrue("says that another did it, or in another course of things, than its hash was made of")
    if _CANONICAL.encode(clear) != _CANONICAL.encode(was) or (hidden and row.sealed is None):
        raise Untrue("says something else than its hash was made of")


def _must_be_younger(row: Row, lanes: Mapping[int, LaneSeal]) -> None:
    if any(row.position <= lane.position for lane in lanes.values()):
        raise Untrue("has no proof, and is older than a seal")
