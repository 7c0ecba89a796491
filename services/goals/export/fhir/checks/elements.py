"""Checks of any element: nothing is empty, words are text, and times are times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

_INSTANTS = frozenset({"lastUpdated", "timestamp", "recorded", "issued"})
_TIMES = frozenset({"start", "end", "sent", "received", "dateTime", "effectiveDateTime", "occurredDateTime",
                    "valueDateTime"})  # fmt: skip
_DAYS = frozenset({"startDate", "dueDate", "statusDate"})
_PARTIAL = re.compile(r"[0-9]{4}(-[0-9]{2})?")


def nothing_is_empty(resource: dict[str, Any]) -> bool:
    """ele-1, and JSON's rule for R4: no empty object, list or string, and no null."""
    return all(held is not None and held not in ({}, [], "") for _, held in _parts(resource))


def words_are_text(resource: dict[str, Any]) -> bool:
    """A string has no control characters but tab and line ends, and is not white space alone."""
    return all(_is_text(held) for _, held in _parts(resource) if isinstance(held, str))


def times_are_times(resource: dict[str, Any]) -> bool:
    """A day is in the calendar, a time has its zone, and an instant is one to the second."""
    return all(_is_time(name, held) for name, held in _parts(resource) if isinstance(held, str))


def periods_begin_before_they_end(resource: dict[str, Any]) -> bool:
    """per-1."""
    periods = [
        held for name, held in _parts(resource) if isinstance(held, dict) and {"start", "end"} <= set(held)
    ]
    return all(_moment(period["start"]) <= _moment(period["end"]) for period in periods)


def _parts(held: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    yield name, held
    if isinstance(held, dict):
        for inner, part in held.items():
            yield from _parts(part, inner)
    elif isinstance(held, list):
        for part in held:
            yield from _parts(part, name)


def _is_text(held: str) -> bool:
    return bool(held.strip()) and all(sign >= " " or sign in "\t\n\r" for sign in held)


def _is_time(name: str, held: str) -> bool:
    try:
        if name in _INSTANTS or (name in _TIMES and "T" in held):
            return datetime.fromisoformat(held).tzinfo is not None
        if name in _DAYS | _TIMES and not _PARTIAL.fullmatch(held):
            date.fromisoformat(held)
    except ValueError:
        return False
    return True


def _moment(held: str) -> str:
    """So that moments of one kind can be compared: ours are all in UTC, or all days."""
    return datetime.fromisoformat(held).isoformat() if "T" in held else held
