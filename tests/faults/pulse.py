"""Whether anything moves: who waits here waits as long as something does, however slow the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

STILL = 120.0
"""Seconds without any movement, after which what is waited for is not going to happen."""
BETWEEN_LOOKS = 1.0

Look = Callable[[], tuple[int, ...] | None]
"""Figures that only ever grow, and do while anything happens; None while they cannot be seen."""


class Standstill(AssertionError):
    """What was waited for has not come, and nothing moves any more; says what stands still."""


@dataclass
class Pulse:
    """Many may wait at once; they share one look a second."""

    look: Look
    tell: Callable[[], str]
    """What stands still, in words."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _seen: tuple[int, ...] | None = None
    _moved: float = float("-inf")
    _looked: float = float("-inf")
    _lock: Lock = field(default_factory=Lock)

    def wait(self, holds: Callable[[], bool], what: str, still: float = STILL, every: float = 0.1) -> None:
        """Waits until it holds, and asks that every so many seconds; `Standstill` when nothing moves."""
        began = self.clock()
        while not holds():
            if self.clock() - max(began, self.last_moved()) > still:
                raise Standstill(f"{what}: nothing has moved for {still:.0f} s; {self.tell()}")
            self.sleep(every)

    def last_moved(self) -> float:
        """When something was last seen to move, by the clock."""
        with self._lock:
            if self.clock() - self._looked >= BETWEEN_LOOKS:
                self._see(self.look())
                self._looked = self.clock()
            return self._moved

    def _see(self, figures: tuple[int, ...] | None) -> None:
        if figures is not None and figures != self._seen:
            self._seen, self._moved = figures, self.clock()
