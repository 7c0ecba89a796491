"""A goal's history as one reads it: each entry with what, when, who, by which way and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from services.goals.rules.days import Stays, day_of
from services.goals.rules.history import By, Entry
from services.goals.web import worded
from services.goals.web.happened import happened
from services.goals.web.moments import day
from services.goals.web.names import called

ENTRIES = frozenset(
    f"cairn.{kind}.v1"
    for kind in (
        "practice.logged", "practice.voided", "rating.recorded", "rating.voided", "win.recorded",
        "win.voided", "milestone.reached",
    )
)  # fmt: skip
"""What she did and felt, day by day; all else changes the goal."""
Name = Callable[[By], str]


class Changed(NamedTuple):
    """A field that an adjustment changed."""

    field: str
    was: str
    now: str


class Item(NamedTuple):
    """An entry, in words. `learned_on` is there where we learned of it on another day than its own."""

    key: str
    kind: str
    what: str
    on: str
    learned_on: str | None
    who: str
    way: str
    agreed: str | None
    because: str | None
    reason: str | None
    changes: tuple[Changed, ...]
    said: tuple[str, ...]
    voided: bool


def items(entries: Iterable[Entry], stays: Stays, name: Name) -> tuple[Item, ...]:
    """These entries in words, in their order; `name` says who somebody is."""
    return tuple(_item(entry, stays, name) for entry in entries)


def _item(entry: Entry, stays: Stays, name: Name) -> Item:
    true_on, learned_on = _day(entry, stays), day_of(entry.recordedtime, stays)
    return Item(
        key=str(entry.id),
        kind=_kind(entry),
        what=happened(entry),
        on=day(true_on),
        learned_on=None if learned_on == true_on else day(learned_on),
        who=name(entry.actor),
        way=called("way", entry.via),
        agreed=called("agreed", entry.data["agreed"]) if "agreed" in entry.data else None,
        because=called("reason", entry.reason_code) if entry.reason_code else None,
        reason=entry.reason,
        changes=tuple(_changes(entry)),
        said=tuple(_said(entry.data)),
        voided=entry.voided_at is not None,
    )


def _kind(entry: Entry) -> str:
    short = entry.type.removeprefix("cairn.").rpartition(".")[0]
    return str(entry.data["kind"]) if short == "goal.adjusted" else short.replace(".", "-")


def _day(entry: Entry, stays: Stays) -> date:
    named = entry.data.get("effective_on") or entry.data.get("on")
    return date.fromisoformat(named) if named else day_of(entry.time, stays)


def _changes(entry: Entry) -> Iterable[Changed]:
    for one in entry.changes:
        was, now = worded.change(one.field, one.from_), worded.change(one.field, one.to)
        yield Changed(called("field", one.field), was, now)


def _said(data: dict[str, Any]) -> Iterable[str]:
    """What somebody wrote in it, beside the reason."""
    for name in ("statement", "reflection", "specific", "relevance", "if_then", "note", "text", "learned"):
        if data.get(name):
            yield data[name]
