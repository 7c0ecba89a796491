"""How far each lane is, and one look for all who wait for the next event."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

LOOK_SECONDS = 0.025
"""Between two looks while somebody waits; nobody looks while nobody does."""
AWAY_SECONDS = 1.0
"""Until the next look when the database could not be reached."""

_HEADS = text("SELECT array_agg(position ORDER BY lane) FROM cairn.lane_head")

log = structlog.get_logger()


def positions(connection: Connection) -> tuple[int, ...]:
    """The last position of each lane, 0 where there is none yet."""
    return tuple(connection.scalars(_HEADS).one())


class Heads:
    """Waits for lanes to grow: one thread a process looks, and only while somebody waits."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._lock = threading.Lock()
        self._wanted = threading.Condition(self._lock)
        self._grown = threading.Condition(self._lock)
        self._stop = threading.Event()
        self._waiting = 0
        self._seen: tuple[int, ...] = ()
        self._looker: threading.Thread | None = None

    def wait(self, lanes: Collection[int], after: Mapping[int, int], seconds: float) -> bool:
        """True as soon as one of the lanes has an event after its position; False when time is up."""
        deadline = time.monotonic() + seconds
        with self._lock:
            self._waiting += 1
            try:
                self._look_from_now_on()
                while not self._has_more(lanes, after):
                    left = deadline - time.monotonic()
                    if left <= 0 or self._stop.is_set():
                        return False
                    self._grown.wait(left)
                return True
            finally:
                self._waiting -= 1

    def close(self) -> None:
        """Lets everybody go who waits, and ends the thread."""
        self._stop.set()
        with self._lock:
            self._wanted.notify_all()
            self._grown.notify_all()
            looker = self._looker
        if looker is not None:
            looker.join()

    def _has_more(self, lanes: Collection[int], after: Mapping[int, int]) -> bool:
        return bool(self._seen) and any(self._seen[lane] > after.get(lane, 0) for lane in lanes)

    def _look_from_now_on(self) -> None:
        # Begun here and not before: a thread does not outlive the fork of a server's worker.
        if not self._stop.is_set() and (self._looker is None or not self._looker.is_alive()):
            self._looker = threading.Thread(target=self._look, name="heads", daemon=True)
            self._looker.start()
        self._wanted.notify_all()

    def _look(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                while not self._waiting and not self._stop.is_set():
                    self._wanted.wait()
            pause = LOOK_SECONDS
            try:
                with self._engine.connect() as connection:
                    seen = positions(connection)
            except SQLAlchemyError as error:
                log.warning("heads_unseen", error=type(error).__name__)
                pause = AWAY_SECONDS
            else:
                with self._lock:
                    if seen != self._seen:
                        self._seen = seen
                        self._grown.notify_all()
            self._stop.wait(pause)
