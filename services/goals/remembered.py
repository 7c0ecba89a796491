"""Records as they were last read, so that they are not read again: what is in the log never changes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from services.goals.rules.record import Record
from shared.vault import CACHE_SECONDS

MOST_EVENTS = 20_000
"""What all remembered records together are made of, at most: some 30 MB."""


class _Held(NamedTuple):
    until: float
    record: Record


class Remembered:
    """Records by their clinic and id. Threads may share it; `clock` gives seconds that only rise.

    What is recalled was so once and may be behind: only an append that names its version shows that it still
    is. It is forgotten as long after it was unsealed as a key is, for it holds what that key opens.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, most_events: int = MOST_EVENTS) -> None:
        self._clock = clock
        self._most = most_events
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[UUID, UUID], _Held] = OrderedDict()
        self._events = 0

    def recall(self, clinic_id: UUID, record_id: UUID) -> Record | None:
        """A record as it was last known; None when it is not, or no longer, remembered."""
        with self._lock:
            held = self._held.get((clinic_id, record_id))
            if held is None or self._clock() >= held.until:
                return None
            self._held.move_to_end((clinic_id, record_id))
            return held.record

    def read(self, clinic_id: UUID, record: Record) -> None:
        """Remembers a record that was read just now; one that has not begun is none."""
        if not record.version:
            return
        self._hold((clinic_id, record.client_id), _Held(self._clock() + CACHE_SECONDS, record))

    def grown(self, clinic_id: UUID, record: Record) -> None:
        """Remembers what was appended to a record, for no longer than what it was before."""
        place = (clinic_id, record.client_id)
        with self._lock:
            held = self._held.get(place)
        if held is not None and held.record.version < record.version:
            self._hold(place, _Held(held.until, record))

    def forget(self, clinic_id: UUID, record_id: UUID) -> None:
        """Remembers a record no more."""
        with self._lock:
            held = self._held.pop((clinic_id, record_id), None)
            self._events -= held.record.version if held else 0

    def _hold(self, place: tuple[UUID, UUID], held: _Held) -> None:
        with self._lock:
            before = self._held.pop(place, None)
            self._events += held.record.version - (before.record.version if before else 0)
            self._held[place] = held
            while self._events > self._most:
                _, oldest = self._held.popitem(last=False)
                self._events -= oldest.record.version
