"""What anyone may know of the seals: each as it was signed, and by which keys they are checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from services.goals.log.soundness import Mark
from services.goals.seals.known import Known, SoFar
from services.goals.seals.place import Place, seals_of
from services.goals.seals.seal import Held
from services.goals.seals.signing import PublicKey, publics
from shared.tokens import Key


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


class Page(NamedTuple):
    """Seals, before which number the next page begins, and the keys that seals are checked by: those that
    signed one, then any that has signed none yet.
    """

    items: list[SealState]
    before: int | None
    keys: list[PublicKey]


class Published:
    """The seals of one place, which are read as they come."""

    def __init__(self, place: Place, keys: Sequence[Key]) -> None:
        self.place = place
        self._ours = publics(keys)
        self._known = Known(place, self._ours)

    def page(self, before: int | None, limit: int) -> Page:
        """The latest first, at most `limit` before a number. Raises BadSeal, PlaceAway."""
        known = self._known.catch_up()
        first = known.last.statement.number if known.last else 0
        if before:
            first = min(first, before - 1)
        numbers = range(first, max(0, first - limit), -1)
        states = [_state(held) for held in seals_of(self.place, numbers)]
        more = numbers[-1] if numbers and numbers[-1] > 1 else None
        return Page(states, more, self._keys(known))

    def keys(self) -> list[PublicKey]:
        """By which keys seals are checked. Raises BadSeal, PlaceAway."""
        return self._keys(self._known.catch_up())

    def of_lane(self, lane: int) -> tuple[SealState | None, Mark | None]:
        """The last seal, and where one lane ends as the last that holds some of it says.

        Raises BadSeal, PlaceAway.
        """
        known = self._known.catch_up()
        return (_state(known.last) if known.last else None), known.ends.get(lane)

    def proving(self, lane: int, first: int, last: int) -> Iterator[Held]:
        """The seals that hold some of a lane's positions from the first to the last, and each by which one
        key followed another. Raises BadSeal, PlaceAway.
        """
        known = self._known.catch_up()
        numbers = {*self._known.holding(lane, first, last), *known.handovers}
        return seals_of(self.place, sorted(numbers))

    def _keys(self, known: SoFar) -> list[PublicKey]:
        return list((known.keys | self._ours).values())


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
