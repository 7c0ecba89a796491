"""A rest of her reminders, or of a goal: whether it holds on a day of hers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec


class Pause(msgspec.Struct, frozen=True):
    """A rest that was not ended; it holds through the day `until`, and without one until it is ended."""

    until: date | None = None


def is_resting(pauses: Mapping[UUID, Pause], today: date) -> bool:
    """Whether one of them holds on this day."""
    return any(pause.until is None or today <= pause.until for pause in pauses.values())
