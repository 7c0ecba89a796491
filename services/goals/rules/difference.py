"""What differs between two states of a goal, field by field, and what made it differ."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from services.goals.rules.history import Entry
from services.goals.rules.refusal import Invalid
from services.goals.rules.timeline import Place
from shared.events import Change


def in_order(before: Place, after: Place) -> None:
    """Raises Invalid where the first comes after the second."""
    if (before.at, len(before.events)) > (after.at, len(after.events)):
        raise Invalid("from is not after to: exchange them.", "#/from")


def changed(before: msgspec.Struct | None, after: msgspec.Struct) -> tuple[Change, ...]:
    """The fields that differ, with whole values; before anything was there each was None."""
    pairs = ((f, getattr(before, f, None), getattr(after, f)) for f in after.__struct_fields__)
    return tuple(Change(field, was, now) for field, was, now in pairs if was != now)


def between(entries: Iterable[Entry], before: Place, after: Place) -> tuple[Entry, ...]:
    """The entries that count at the second place and did not at the first, in the order of their axis."""
    told = {entry.id: entry for entry in entries}
    counted = {event.event_id for event in before.events}
    return tuple(
        told[event.event_id]
        for event in after.events
        if event.event_id in told and event.event_id not in counted
    )
