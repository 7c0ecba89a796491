"""Choices from a number: the same number makes the same choices, whatever else is chosen elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Dice:
    """A stream of choices from a salt: a step keeps its own when the steps around it are taken away."""

    __slots__ = ("_state",)

    def __init__(self, salt: int) -> None:
        self._state = salt

    def below(self, bound: int) -> int:
        """A whole number from 0 on and below the bound."""
        # Knuth's MMIX generator: its high bits are good enough for choices, and it costs nothing to begin.
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) & _MASK
        return (self._state >> 33) % bound

    def chance(self, percent: int) -> bool:
        """True so many times of a hundred."""
        return self.below(100) < percent

    def one(self, of: Sequence[T]) -> T:
        """One of them."""
        return of[self.below(len(of))]

    def fresh(self) -> int:
        """A number of 64 bits."""
        return (self.below(1 << 31) << 31) ^ self.below(1 << 31)
