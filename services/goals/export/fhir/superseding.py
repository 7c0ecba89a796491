"""Which of the things that were noticed a later one takes the place of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from shared.events import GoalAdjusted, GoalSet, RatingRecorded, Recorded


def replaced(events: Iterable[Recorded]) -> dict[UUID, UUID]:
    """Which rating takes the place of which: a later one by the same rater in the same session."""
    last: dict[object, UUID] = {}
    replaces: dict[UUID, UUID] = {}
    rated = [event for event in events if isinstance(event.data, RatingRecorded) and event.data.session_id]
    for event in sorted(rated, key=lambda event: event.time):
        assert isinstance(event.data, RatingRecorded)
        place = (event.stream_id, event.data.rater, event.data.session_id, event.data.epoch)
        if place in last:
            replaces[event.event_id] = last[place]
        last[place] = event.event_id
    return replaces


def corrected(events: Sequence[Recorded]) -> set[tuple[UUID, str]]:
    """What a correction says was wrong: by event and field, all that was said of the field before it."""
    said: dict[tuple[UUID, str], set[tuple[UUID, str]]] = {}
    wrong: set[tuple[UUID, str]] = set()
    for event in events:
        for field in _fields(event):
            before = said.setdefault((event.stream_id, field), set())
            if isinstance(event.data, GoalAdjusted) and event.data.kind == "corrected":
                wrong |= before
            before.add((event.event_id, field))
    return wrong


def _fields(event: Recorded) -> list[str]:
    match event.data:
        case GoalSet():
            return ["baseline", "confidence"]
        case GoalAdjusted():
            return [change.field for change in event.data.changes]
        case _:
            return []
