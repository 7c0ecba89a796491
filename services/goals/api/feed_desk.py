"""Where long polls wait: a few seats, so that most threads stay free, and nobody sits when we close."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Desk:
    """The seats of one process."""

    def __init__(self, seats: int) -> None:
        self.seats = seats
        self.waiting = 0
        self.closed = False
        self._lock = Lock()

    @contextmanager
    def seat(self) -> Iterator[bool]:
        """True while one may wait; False when every seat is taken or the desk is closed."""
        with self._lock:
            sits = not self.closed and self.waiting < self.seats
            self.waiting += sits
        try:
            yield sits
        finally:
            with self._lock:
                self.waiting -= sits

    def close(self) -> None:
        """Nobody waits any more; who does gets up at the next look."""
        self.closed = True
