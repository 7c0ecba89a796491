"""What the service reaches for by name, put in the place of: the bell, the reading of events, fresh ids."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch
from uuid import UUID

import structlog

from services.reminders import ringer
from services.reminders.bell import BellAway, Rung
from services.reminders.following import folding
from services.reminders.hearing import own_page
from services.reminders.sending import deliver, sweep
from shared.events import Recorded
from shared.wire import from_cloudevent


class Bell:
    """A bell that can be away, and that forgets. `heard` is what was rung and nobody answered yet."""

    def __init__(self) -> None:
        self.heard: list[Rung] = []
        self.awake = False
        self.away = False

    def ring(self, rung: list[Rung]) -> None:
        """Raises BellAway."""
        self._answers()
        self.heard += rung

    def is_awake(self) -> bool:
        """Whether it remembers. Raises BellAway."""
        self._answers()
        return self.awake

    def _answers(self) -> None:
        if self.away:
            raise BellAway("away")


class Unwatched:
    """Nobody looks whether the ledger was restored: holding it is a step of its own."""

    def look(self, _: object) -> None:
        """Sees nothing."""


@contextmanager
def stage(poison: Callable[[], set[str]], fresh: Callable[[], UUID]) -> Iterator[None]:
    """The service stands on it as long as this is open. `poison` are the ids of events that break."""

    def read(item: dict[str, Any]) -> Recorded:
        if item["id"] in poison():
            raise ValueError("poison")
        return from_cloudevent(item)

    def mark_awake(bell: Bell) -> None:
        bell.awake = True

    level = structlog.make_filtering_bound_logger(logging.CRITICAL)
    before = structlog.get_config()
    structlog.configure(wrapper_class=level, processors=[], cache_logger_on_first_use=False)
    parts = [
        (folding, "from_cloudevent", read),
        (ringer, "ring", Bell.ring),
        (sweep, "ring", Bell.ring),
        (sweep, "is_awake", Bell.is_awake),
        (sweep, "mark_awake", mark_awake),
        (own_page, "uuid4", fresh),
        (deliver, "SETTLE_WAITS_SECONDS", (0.0,) * 4),
    ]
    with ExitStack() as stack:
        stack.callback(structlog.configure, **before)
        for module, name, stand_in in parts:
            stack.enter_context(patch.object(module, name, stand_in))
        yield
