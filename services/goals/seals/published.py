"""What anyone may know of the seals: each as it was signed, and by which keys they are checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from threading import Lock

import msgspec

from services.goals.log.soundness import Mark
from services.goals.seals.place import Place, numbers_in, seal_in
from services.goals.seals.seal import Held
from services.goals.seals.sealing import marks_of, publics, succession
from services.goals.seals.signing import PublicKey
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


class Published:
    """The seals of one place. Keys are remembered: a seal that was read once never changes."""

    def __init__(self, place: Place, keys: Sequence[Key]) -> None:
        self.place = place
        self._ours = publics(keys)
        self._signed: dict[str, PublicKey] = {}
        self._read_to = 0
        self._lock = Lock()

    def page(self, before: int | None, limit: int) -> tuple[list[SealState], int | None]:
        """The latest first, at most `limit` before a number; and before which the next page begins.

        Raises BadSeal.
        """
        numbers = [n for n in reversed(numbers_in(self.place)) if before is None or n < before]
        states = [_state(seal_in(self.place, number)) for number in numbers[:limit]]
        return states, (states[-1].number if len(numbers) > limit else None)

    def keys(self) -> list[PublicKey]:
        """By which keys seals are checked: those that signed one, then any that has signed none yet.

        Raises BadSeal.
        """
        with self._lock:
            for number in numbers_in(self.place):
                if number > self._read_to:
                    key = seal_in(self.place, number).statement.key
                    self._signed[key["kid"]] = key
                    self._read_to = number
            return list((self._signed | self._ours).values())

    def of_lane(self, lane: int) -> tuple[SealState | None, list[Mark]]:
        """The last seal, None where there is none, and what all of them say of one lane. Raises BadSeal."""
        held = list(succession(self.place, self._ours))
        return (_state(held[-1]) if held else None), marks_of(held).get(lane, [])


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
