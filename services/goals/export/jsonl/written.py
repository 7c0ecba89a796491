"""The lines of an export: what was asked for, each event with its proof, and the signature over all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from services.goals.export.jsonl.form import (
    PROOF,
    Begun,
    Ended,
    Proof,
    Signed,
    first_of,
    last_of,
    line,
    spelled,
)
from services.goals.log.chain import Row
from services.goals.log.merkle import Tree
from services.goals.log.proven import Proven
from services.goals.seals.seal import LaneSeal
from services.goals.seals.signing import EXPORT, sign
from shared.tokens import Key
from shared.wire import to_cloudevent


def written(
    begun: Begun,
    events: Sequence[Proven],
    trees: Mapping[int, Tree],
    *,
    key: Key,
    now: datetime,
    export_id: UUID,
) -> Iterator[bytes]:
    """The lines, each with its end; `trees` are over the hashes of each seal of `begun`, by its number."""
    hashed = sha256()
    lanes = {seal.number: seal.lane for seal in begun.seals}
    lines = 0
    first = first_of(begun, now, export_id)
    for item in (first, *(_event(event, lanes, trees) for event in events)):
        text = line(item)
        hashed.update(text)
        lines += 1
        yield text
    said = Signed(record_id=begun.record_id, made_at=now, lines=lines, sha256=hashed.hexdigest())
    ended = Ended(sign(key, EXPORT, msgspec.json.encode(said, order="sorted")))
    yield line(last_of(first, ended))


def seal_of(position: int, lanes: Mapping[int, LaneSeal]) -> int | None:
    """The number of the seal that holds a position; None where none does yet."""
    return next((number for number, lane in lanes.items() if lane.after < position <= lane.position), None)


def _event(proven: Proven, lanes: Mapping[int, LaneSeal], trees: Mapping[int, Tree]) -> dict[str, Any]:
    event, row = proven.opened.event, Row(*proven.row)
    number = seal_of(row.position, lanes)
    path = trees[number].path(row.position - lanes[number].after - 1) if number is not None else ()
    proof = Proof(
        version=row.version,
        shape=row.schema,
        body=spelled(row.body),
        sealed=None if row.sealed is None else spelled(row.sealed),
        key_id=None if row.key_id is None else UUID(bytes=bytes(row.key_id)),
        meta=spelled(row.meta),
        previous=proven.previous.hex(),
        seal=number,
        path=tuple(node.hex() for node in path),
    )
    item = to_cloudevent(event, proven.opened.clear, None, granted=False)
    item["data"] = msgspec.to_builtins(event.data)
    return item | {PROOF: spelled(msgspec.json.encode(proof))}
