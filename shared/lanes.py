"""Lanes: which of the log's 256 orders a record is in."""

from hashlib import sha256
from uuid import UUID

LANES = 256


def lane_of(record_id: UUID) -> int:
    """The lane of a record: the first byte of sha256 over its 16 bytes. Fixed at birth, for ever."""
    return sha256(record_id.bytes).digest()[0]
