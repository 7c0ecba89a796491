"""What the seals of a place come to, each read once: the last, where lanes end, keys, which holds what."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import NamedTuple

from services.goals.log.soundness import Mark
from services.goals.seals.place import Place, PlaceAway, numbers_in, seals_of
from services.goals.seals.seal import BadSeal, Held, LaneSeal, Succession
from services.goals.seals.signing import PublicKey

WAITS = 2.0
"""So many seconds one waits while another reads: a store that hangs shall not hold all who ask."""


class SoFar(NamedTuple):
    """What the seals come to, at one moment."""

    last: Held | None
    ends: Mapping[int, Mark]
    keys: dict[str, PublicKey]
    handovers: Sequence[int]


class Known:
    """The seals of one place as far as they were read: a seal never changes, so only new ones are read.

    Where the last one that was read is there no more, all are read anew.
    """

    def __init__(self, place: Place, trusted: Mapping[str, PublicKey]) -> None:
        self._place = place
        self._trusted = trusted
        self._lock = Lock()
        self._begin()

    def _begin(self) -> None:
        self._succession = Succession(self._trusted)
        self.ends: dict[int, Mark] = {}
        """Where each lane ends, as the last seal that holds some of it says."""
        self.keys: dict[str, PublicKey] = {}
        """By which they were signed, in the order of their first use."""
        self.handovers: list[int] = []
        """The numbers of those by which one key followed another."""
        self._spans: dict[int, array[int]] = {}  # of each lane: number, after, position; and so on

    @property
    def last(self) -> Held | None:
        """The last that was read."""
        return self._succession.last

    def catch_up(self) -> SoFar:
        """Reads what is new; what all of them come to. Raises BadSeal, PlaceAway."""
        if not self._lock.acquire(timeout=WAITS):
            raise PlaceAway("the seals are being read just now")
        try:
            self._read_on()
            return SoFar(self.last, dict(self.ends), dict(self.keys), tuple(self.handovers))
        finally:
            self._lock.release()

    def _read_on(self) -> None:
        try:
            for held in seals_of(self._place, self._new()):
                self._take(held)
            self._succession.end()
        except BadSeal:
            self._begin()  # whoever puts it right may have changed any of them
            raise

    def holding(self, lane: int, first: int, last: int) -> list[int]:
        """The numbers of the seals that hold some of a lane's positions from the first to the last."""
        with self._lock:
            spans = [*zip(*[iter(self._spans.get(lane, ()))] * 3, strict=True)]
        return [number for number, after, end in spans if after < last and first <= end]

    def _new(self) -> list[int]:
        read_to = self.last.statement.number if self.last else 0
        numbers = numbers_in(self._place, max(0, read_to - 1))
        if read_to and read_to not in numbers:
            self._begin()
            return numbers_in(self._place)
        return [number for number in numbers if number > read_to]

    def _take(self, held: Held) -> None:
        self._succession.take(held)
        number, key = held.statement.number, held.statement.key
        self.keys.setdefault(key["kid"], key)
        if len(held.seal.signatures) > 1:
            self.handovers.append(number)
        for lane in held.seal.lanes:
            self.ends[lane.lane] = mark_of(held, lane)
            self._spans.setdefault(lane.lane, array("Q")).extend((number, lane.after, lane.position))


def mark_of(held: Held, lane: LaneSeal) -> Mark:
    """What a seal says of one lane, to hold it to."""
    number = held.statement.number
    return Mark(number, lane.position, bytes.fromhex(lane.hash), bytes.fromhex(lane.root))
