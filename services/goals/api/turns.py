"""Whose turn it is: how many requests a caller may have under way, and how many may wait behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from services.goals.api.metrics import Why
from services.goals.rules.access import Who
from shared.problems import Problem

SHARE = 2
"""One caller may have one in so many threads at work: whoever floods us leaves room for everybody else."""
BEHIND = 4
"""So many requests a thread may wait; who comes then is told so at once, rather than served long after."""
AFTER_SECONDS = 1


class Turns:
    """The turns of one process; `refused` is told of each who is turned away. Threads may share it."""

    def __init__(self, threads: int, share: int | None, refused: Callable[[Why], None]) -> None:
        self._refused = refused
        self.share = share or max(1, threads // SHARE)
        self.most_behind = threads * BEHIND
        self.behind = 0
        """How many wait for a thread now; the server that has them says so."""
        self._at_work: Counter[tuple[str, ...]] = Counter()
        self._lock = Lock()

    def wait(self) -> None:
        """One more waits for a thread."""
        with self._lock:
            self.behind += 1

    def begin(self) -> None:
        """One of those that waited has its thread."""
        with self._lock:
            self.behind -= 1

    def must_have_room(self) -> None:
        """Raises Problem 503 while too many wait: it is over the sooner, the less we do for each."""
        if self.behind > self.most_behind:
            self._refused("behind")
            raise Problem(503, "Too many requests wait already; nothing was changed.", headers=_later())

    @contextmanager
    def turn(self, who: Who) -> Iterator[None]:
        """While the caller's request is answered. Raises Problem 429 when she has her share under way."""
        caller = (who.role, who.sub, str(who.clinic_id))
        with self._lock:
            if self._at_work[caller] >= self.share:
                self._refused("share")
                raise _too_many(self.share)
            self._at_work[caller] += 1
        try:
            yield
        finally:
            with self._lock:
                self._at_work[caller] -= 1
                if not self._at_work[caller]:
                    del self._at_work[caller]


def _too_many(share: int) -> Problem:
    words = f"You have {share} requests under way, and no more are answered at once; nothing was changed."
    return Problem(429, words, headers=_later())


def _later() -> dict[str, str]:
    return {"Retry-After": str(AFTER_SECONDS)}
