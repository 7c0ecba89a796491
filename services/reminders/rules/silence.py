"""Since when she is silent: her last sign, or what began or went on since; a rest is no silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from services.reminders.rules.cadence import ONE_DAY, instant
from services.reminders.rules.person import Person


def silent_since(person: Person) -> datetime | None:
    """Since when there is no sign of her; None where there never was one, nor a beginning that we know."""
    return max((*person.signs.values(), *_beginnings(person)), default=None)


def awaited_since(person: Person) -> datetime | None:
    """The same for what she would be asked about: what an import has brought begins no waiting."""
    own = [at for key, at in person.signs.items() if key not in person.imported]
    return max((*own, *_beginnings(person)), default=None)


def _beginnings(person: Person) -> Iterator[datetime]:
    if person.begun_at is not None:
        yield person.begun_at
    where = ZoneInfo(person.time_zone)
    for pause in person.pauses.values():
        if pause.until is not None:
            yield instant(where, pause.until + ONE_DAY, "00:00")
