"""What anyone may know of the seals: each as it was signed, and by which keys they are checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from services.goals.log.soundness import Mark
from services.goals.seals.known import Known
from services.goals.seals.place import Place, seals_of
from services.goals.seals.seal import Held
from services.goals.seals.signing import PublicKey, publics
from shared.tokens import Key

MOST = 99_999_999
"""The highest number that a seal's name has room for."""


class SealState(msgspec.Struct, frozen=True):
    """A seal, and what was signed to make it; its lanes stand under `lanes_root`, in its file."""

    number: int
    made_at: datetime
    digest: str
    previous: str | None
    events: int
    lanes_root: str
    key_id: str
    signatures: tuple[str, ...]


class Published:
    """The seals of one place, which are read as they come."""

    def __init__(self, place: Place, keys: Sequence[Key]) -> None:
        self.place = place
        self._ours = publics(keys)
        self._known = Known(place, self._ours)

    def page(self, before: int | None, limit: int) -> tuple[list[SealState], int | None]:
        """The latest first, at most `limit` before a number; and before which the next page begins.

        Raises BadSeal, PlaceAway.
        """
        last = self._last()
        first = min(last.statement.number if last else 0, before - 1 if before else MOST)
        numbers = range(first, max(0, first - limit), -1)
        states = [_state(held) for held in seals_of(self.place, numbers)]
        return states, (numbers[-1] if numbers and numbers[-1] > 1 else None)

    def keys(self) -> list[PublicKey]:
        """By which keys seals are checked: those that signed one, then any that has signed none yet.

        Raises BadSeal, PlaceAway.
        """
        self._known.catch_up()
        return list((self._known.keys | self._ours).values())

    def of_lane(self, lane: int) -> tuple[SealState | None, Mark | None]:
        """The last seal, and where one lane ends as the last that holds some of it says.

        Raises BadSeal, PlaceAway.
        """
        last = self._last()
        return (_state(last) if last else None), self._known.ends.get(lane)

    def proving(self, lane: int, first: int, last: int) -> Iterator[Held]:
        """The seals that hold some of a lane's positions from the first to the last, and each by which one
        key followed another. Raises BadSeal, PlaceAway.
        """
        self._known.catch_up()
        numbers = {*self._known.holding(lane, first, last), *self._known.handovers}
        return seals_of(self.place, sorted(numbers))

    def _last(self) -> Held | None:
        self._known.catch_up()
        return self._known.last


def _state(held: Held) -> SealState:
    said = held.statement
    return SealState(
        said.number,
        said.made_at,
        held.digest,
        said.previous,
        said.events,
        said.lanes_root,
        said.key["kid"],
        held.seal.signatures,
    )
