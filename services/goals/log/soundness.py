"""What must hold along a lane, row by row; pure, so that it can be told anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from services.goals.log.chain import BEFORE_THE_FIRST, Stored, link

Hashed = tuple[bytes, Stored]
"""The stored hash of an event, and the stored fields that it is of."""


class Fault(NamedTuple):
    """The first place in a lane where something is not as it was written."""

    lane: int
    position: int
    why: str


class Head(NamedTuple):
    """Where a lane says that it ends; `recorded_at` as it is hashed, None while the lane is empty."""

    position: int
    hash: bytes
    recorded_at: bytes | None


class Lane:
    """What is known of a lane so far: sound up to `position`, with these records and streams in it."""

    def __init__(self, lane: int) -> None:
        self.lane = lane
        self.position = 0
        self.hash = BEFORE_THE_FIRST
        self.recorded_at = b""
        self.records: dict[bytes, tuple[int, bytes]] = {}
        self.streams: dict[bytes, tuple[int, bytes]] = {}
        self.began: dict[bytes, tuple[int, bytes, bytes]] = {}

    def take(self, rows: Iterable[Hashed]) -> Fault | None:
        """Goes on along rows in the order of their positions, up to the first that is not sound."""
        for stored_hash, row in rows:
            why = self._take(stored_hash, row)
            if why:
                return Fault(self.lane, self.position + 1, why)
        return None

    def end(self, head: Head) -> Fault | None:
        """Whether the lane ends where its head says."""
        if head.position > self.position:
            return Fault(self.lane, self.position + 1, f"is missing: the head is at {head.position}")
        if head.position < self.position:
            return Fault(self.lane, head.position + 1, f"is beyond the head, which is at {head.position}")
        if head.hash != self.hash:
            return Fault(self.lane, self.position, "is not what the head's hash was made of")
        if (head.recorded_at or b"") != self.recorded_at:
            return Fault(self.lane, self.position, "was recorded at another time than the head says")
        return None

    def misplaced(self, found: Iterable[tuple[bytes, bytes, bytes]]) -> Iterator[Fault]:
        """Streams whose rows (stream, record, clinic) are not as their events say; `found` is all of them."""
        missing = dict(self.began)
        for stream, record, clinic in found:
            position, of_record, of_clinic = missing.pop(stream)
            if (record, clinic) != (of_record, of_clinic):
                yield Fault(self.lane, position, "is of a stream that the table of streams places elsewhere")
        for position, _, _ in missing.values():
            yield Fault(self.lane, position, "is of a stream that the table of streams does not know")

    def _take(self, stored_hash: bytes, row: Stored) -> str | None:
        (lane, position, clinic, record, record_version, stream, version, _, _, _, _, recorded_at, *_) = row
        if position != self.position + 1:
            return f"is missing: the next is {position}"
        if link(self.hash, row) != stored_hash:
            return "is not what its hash was made of"
        last = self.records.get(record)
        if last is None:
            if sha256(record).digest()[0] != self.lane or lane != self.lane:
                return "belongs in another lane"
            last = (0, clinic)
        if record_version != last[0] + 1:
            return f"is version {record_version} of its record, after {last[0]}"
        if clinic != last[1]:
            return "is of another clinic than its record"
        of_stream = self.streams.get(stream)
        if of_stream is None:
            of_stream = (0, record)
            self.began[stream] = (position, record, clinic)
        if version != of_stream[0] + 1:
            return f"is version {version} of its stream, after {of_stream[0]}"
        if record != of_stream[1]:
            return "is of another record than its stream"
        if recorded_at < self.recorded_at:
            return "was recorded before the one that it follows"
        self.records[record] = (record_version, clinic)
        self.streams[stream] = (version, record)
        self.position, self.hash, self.recorded_at = position, stored_hash, recorded_at
        return None
