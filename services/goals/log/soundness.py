"""What must hold along a lane, row by row; pure, so that it can be told anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from services.goals.log.chain import BEFORE_THE_FIRST, Stored, link
from services.goals.log.merkle import Growing

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


class Mark(NamedTuple):
    """What seal number `seal` said of a lane: that its chain had this hash at this position.

    `root` is the Merkle root over the hashes since the mark before; empty where it is not compared.
    """

    seal: int
    position: int
    hash: bytes
    root: bytes


class Lane:
    """What is known of a lane so far: sound up to `position`, with these records and streams in it.

    It is held to the marks, in their order. With `since`, what is up to that mark is taken for sound, and the
    versions of a record or a stream are counted from the first of them that is seen.
    """

    def __init__(self, lane: int, marks: Sequence[Mark] = (), since: Mark | None = None) -> None:
        self.lane = lane
        self.position = since.position if since else 0
        self.hash = since.hash if since else BEFORE_THE_FIRST
        self.recorded_at = b""
        self.records: dict[bytes, tuple[int, bytes]] = {}
        self.streams: dict[bytes, tuple[int, bytes]] = {}
        self.began: dict[bytes, tuple[int, bytes, bytes]] = {}
        self.tree = Growing()
        """Over the hashes since the last mark that was passed."""
        self._since = since
        self._marks = list(reversed(marks))
        self._next_mark = marks[0].position if marks else 0

    def take(self, rows: Iterable[Hashed]) -> Fault | None:
        """Goes on along rows in the order of their positions, up to the first that is not sound."""
        for stored_hash, row in rows:
            why = self._take(stored_hash, row)
            if why:
                return Fault(self.lane, self.position + 1, why)
        return None

    def end(self, head: Head) -> Fault | None:
        """Whether the lane ends where its head says, and not before its last mark."""
        if self._since is not None and head.position <= self._since.position:
            return self._ends_at(self._since, head)
        if head.position > self.position:
            return Fault(self.lane, self.position + 1, f"is missing: the head is at {head.position}")
        if self._marks:
            return self._cut_before(self._marks[-1])
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
        lane, position, clinic, record, record_version, stream, version = row[:7]
        recorded_at = row[11]
        if position != self.position + 1:
            return f"is missing: the next is {position}"
        if link(self.hash, row) != stored_hash:
            return "is not what its hash was made of"
        last = self.records.get(record)
        if last is None:
            if sha256(record).digest()[0] != self.lane or lane != self.lane:
                return "belongs in another lane"
            last = (0 if self._since is None else record_version - 1, clinic)
        if record_version != last[0] + 1:
            return f"is version {record_version} of its record, after {last[0]}"
        if clinic != last[1]:
            return "is of another clinic than its record"
        of_stream = self.streams.get(stream)
        if of_stream is None:
            of_stream = (0 if self._since is None else version - 1, record)
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
        self.tree.add(stored_hash)
        return self._at_mark(self._marks[-1]) if position == self._next_mark else None

    def _ends_at(self, since: Mark, head: Head) -> Fault | None:
        self.position = head.position
        if head.position < since.position:
            return self._cut_before(since)
        if head.hash != since.hash:
            return Fault(self.lane, head.position, f"is not what seal {since.seal} was made of")
        return None

    def _cut_before(self, mark: Mark) -> Fault:
        why = f"is missing: seal {mark.seal} was made over {mark.position} in this lane"
        return Fault(self.lane, self.position + 1, why)

    def _at_mark(self, mark: Mark) -> str | None:
        if mark.hash != self.hash or mark.root not in (b"", self.tree.root()):
            self.position -= 1  # up to here it is sound, and not with it
            return f"is not what seal {mark.seal} was made of"
        self.tree = Growing()
        self._marks.pop()
        self._next_mark = self._marks[-1].position if self._marks else 0
        return None
