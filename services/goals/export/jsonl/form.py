"""What stands in an export's lines: its beginning, the proof of each event, its end (docs/integrity.md)."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.goals.seals.seal import LaneSeal
from shared.wire import rfc3339

FORMAT = 1
BEGUN, ENDED = "cairn.export.begun.v1", "cairn.export.ended.v1"
"""The types of the first line and of the last; in between stand events of the log."""
FRAME = frozenset({"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"})
"""What the first line and the last have, and nothing else."""
PROOF = "proof"
"""The extension attribute that an event's proof is in: base64url of its JSON."""


class SealProof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A seal that holds some of the events: its signatures, what it says of their lane, and its path."""

    number: int
    signatures: tuple[str, ...]
    lane: LaneSeal
    index: int
    path: tuple[str, ...]


class Begun(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whose record it is, what was asked of it, and the seals that prove it.

    With a goal it is that goal's stream alone; between two moments it is what was recorded then. `withheld`
    are the record's versions that are not for whom it was made. `handovers` are the signatures of seals by
    which one key followed another.
    """

    format: int
    purpose: str
    clinic_id: UUID
    record_id: UUID
    goal_id: UUID | None
    first: datetime | None
    last: datetime | None
    events: int
    withheld: tuple[int, ...]
    seals: tuple[SealProof, ...]
    handovers: tuple[tuple[str, ...], ...]


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is hashed of an event beside its attributes, and its path to the root of a seal.

    `seal` is None for what was written after the last one. Bytes are in base64url, hashes in hex.
    """

    version: int
    shape: int
    body: str
    sealed: str | None
    key_id: UUID | None
    meta: str
    previous: str
    seal: int | None
    path: tuple[str, ...]


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is signed at the end: how many lines there are before, and the SHA-256 of their bytes."""

    record_id: UUID
    made_at: datetime
    lines: int
    sha256: str


class Ended(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last line: `signature` is a compact JWS over `Signed`."""

    signature: str


def first_of(begun: Begun, now: datetime, export_id: UUID) -> dict[str, Any]:
    """The first line."""
    return {
        "specversion": "1.0",
        "id": f"{export_id}/begun",
        "source": f"/clinics/{begun.clinic_id}",
        "type": BEGUN,
        "subject": str(begun.record_id),
        "time": rfc3339(now),
        "datacontenttype": "application/json",
        "data": msgspec.to_builtins(begun),
    }


def last_of(first: dict[str, Any], ended: Ended) -> dict[str, Any]:
    """The last line of what began so."""
    export_id = str(first["id"]).removesuffix("/begun")
    return first | {"id": f"{export_id}/ended", "type": ENDED, "data": msgspec.to_builtins(ended)}


def spelled(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unspelled(text: str) -> bytes:
    """The bytes again. Raises ValueError for what `spelled` did not write."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise ValueError("no base64url") from error
    if spelled(raw) != text:
        raise ValueError("no base64url")
    return raw


def line(item: dict[str, Any]) -> bytes:
    """One line of the file."""
    return msgspec.json.encode(item) + b"\n"
