"""How often a goal was eased and stretched on the way to being reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from shared.events import GoalAchieved, GoalAdjusted, GoalReopened, Recorded


class Easing(msgspec.Struct, frozen=True, kw_only=True):
    """How often, before it was reached; so far, where it is not reached (`reached_at` is None)."""

    eased: int
    stretched: int
    reached_at: datetime | None


def easing(events: Iterable[Recorded], goal_id: UUID) -> Easing:
    """The count on these events. What was adjusted on the way to an end that was taken back counts on."""
    made, reached_at = Counter[str](), None
    for event in events:
        if event.stream_id != goal_id:
            continue
        match event.data:
            case GoalAdjusted():
                made[event.data.kind] += 1
            case GoalAchieved():
                reached_at = event.time
            case GoalReopened():
                reached_at = None
            case _:
                pass
    return Easing(eased=made["eased"], stretched=made["stretched"], reached_at=reached_at)
