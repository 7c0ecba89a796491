"""LATER and PAUSE, with for how long."""

from __future__ import annotations

from collections.abc import Sequence

from services.reminders.rules.replies.reading import Read
from services.reminders.rules.replies.reply import Reply

LATER = (("mas", "tarde"), ("later",), ("snooze",), ("luego",))
PAUSE = (("pause",), ("pausa",))
HOURS = frozenset({"h", "hr", "hrs", "hour", "hours", "hora", "horas"})
DAYS = frozenset({"d", "day", "days", "dia", "dias"})
WEEKS = frozenset({"w", "week", "weeks", "semana", "semanas"})
FOR = frozenset({"for", "in", "por", "de", "en", "durante"})
ONE = frozenset({"a", "an", "one", "un", "una"})

DEFAULT_HOURS, MOST_HOURS = 2, 12
DEFAULT_DAYS, MOST_DAYS = 7, 90


def later(text: Read) -> Reply | None:
    """The same slot once more, in so many hours: 1 to 12, 2 unless she says."""
    rest = _behind(text.whole, LATER)
    if rest is None:
        return None
    hours = _how_many(rest, {"": 1} | dict.fromkeys(HOURS, 1), DEFAULT_HOURS)
    return Reply(intent="later", value=hours) if hours is not None and hours <= MOST_HOURS else None


def pause(text: Read) -> Reply | None:
    """Silence for so many days: 1 to 90, 7 unless she says."""
    rest = _behind(text.whole, PAUSE)
    if rest is None:
        return None
    units = {"": 1} | dict.fromkeys(DAYS, 1) | dict.fromkeys(WEEKS, 7)
    days = _how_many(rest, units, DEFAULT_DAYS)
    return Reply(intent="pause", value=days) if days is not None and days <= MOST_DAYS else None


def _behind(words: Sequence[str], verbs: Sequence[tuple[str, ...]]) -> tuple[str, ...] | None:
    """The words behind one of the verbs; None where the text does not begin with one."""
    return next((tuple(words[len(verb) :]) for verb in verbs if tuple(words[: len(verb)]) == verb), None)


def _how_many(words: tuple[str, ...], units: dict[str, int], default: int) -> int | None:
    """`[for] n unit`: how many of the least unit; None for anything else, and for none of them."""
    if not words:
        return default
    if words[0] in FOR:
        words = words[1:]
    number, unit = (*words, "", "")[:2]
    if len(words) not in (1, 2) or unit not in units:
        return None
    if number in ONE and unit:
        return units[unit]
    return int(number) * units[unit] if number.isdigit() and len(number) <= 3 and int(number) else None
