"""Which entries of a history were asked for: by kind, person, reason, way and time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.goals.rules.history import Entry
from shared.events import EVENTS, GoalAdjusted

KINDS = {name.removeprefix("cairn.").rpartition(".")[0]: name for name in EVENTS}
"""The types by their short names: goal.adjusted."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for; None is anything, of several words one is enough."""

    kind: frozenset[str] | None = None
    """Types, short or whole, and kinds of adjustments."""
    person: frozenset[str] | None = None
    """Kinds of actors, and their ids."""
    reason: frozenset[str] | None = None
    way: frozenset[str] | None = None
    first: datetime | None = None
    last: datetime | None = None


def chosen(
    entries: Iterable[Entry], wanted: Wanted, since: Mapping[UUID, datetime] | None
) -> tuple[Entry, ...]:
    """The entries that are wanted, in their order; their time is when they were recorded, or `since`."""
    return tuple(
        entry
        for entry in entries
        if _is(_kinds(entry), wanted.kind)
        and _is({entry.actor.kind, entry.actor.id}, wanted.person)
        and _is({entry.reason_code}, wanted.reason)
        and _is({entry.via}, wanted.way)
        and _in_time(since[entry.id] if since else entry.recordedtime, wanted)
    )


def _is(words: Set[str | None], wanted: frozenset[str] | None) -> bool:
    return wanted is None or not wanted.isdisjoint(words)


def _kinds(entry: Entry) -> set[str]:
    short = entry.type.removeprefix("cairn.").rpartition(".")[0]
    adjusted = {entry.data["kind"]} if entry.type == GoalAdjusted.TYPE else set()
    return {entry.type, short, *adjusted}


def _in_time(at: datetime, wanted: Wanted) -> bool:
    return (wanted.first is None or at >= wanted.first) and (wanted.last is None or at <= wanted.last)
