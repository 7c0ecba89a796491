"""Time-bound: whether a wording says until when."""

from __future__ import annotations

import re
from typing import NamedTuple

from services.goals.rules.wording.text import Phrases, Text, is_number

DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
"""Day, month and year, in any order."""
DAY = re.compile(r"\d{1,2}/\d{1,2}|(19|20)\d\d")
"""Behind "by": a day and a month, or a year."""
DAY_OF_MONTH = re.compile(r"\d{1,2}")
MOST_BETWEEN = 6
"""How many small words may stand between "over" and "month"."""


class EndWords(NamedTuple):
    """The words of one language."""

    lasting: frozenset[str]
    """Before how long it lasts: over, for."""
    bounding: Phrases
    """Before its last day: by, until."""
    between: frozenset[str]
    """Between these and the time: the, about, end, of."""
    naming: frozenset[str]
    """Which time it is: next, this, a."""
    named_after: Phrases
    """The same, behind the time."""
    periods: frozenset[str]
    """Times that something can last: week, months."""
    months: frozenset[str]
    seasons: frozenset[str]
    """With the months, times that bear a name of their own: june, summer."""
    ordinal: frozenset[str]
    """Between a day and its month, or behind a day: of, th."""
    days: frozenset[str]
    """Days and occasions on which something can end: friday, christmas."""
    alone: Phrases
    """Ends that need no other word: this month, tomorrow."""


def end_in(text: Text, known: EndWords, numbers: frozenset[str]) -> tuple[int, int] | None:
    """Where the words of the end begin and end; None where there is none."""
    for place in range(len(text.words)):
        end = (
            _date(text, known, place)
            or _bounded(text, known, numbers, place)
            or _lasting(text, known, numbers, place)
            or known.alone.end(text.words, place)
        )
        if end is not None:
            return place, end
    return None


def _date(text: Text, known: EndWords, place: int) -> int | None:
    """2026-06-30, June 30, 30 de junio."""
    words = text.words
    if DATE.fullmatch(words[place]):
        return place + 1
    if words[place] in known.months:
        return place + 2 if place + 1 < len(words) and DAY_OF_MONTH.fullmatch(words[place + 1]) else None
    if not DAY_OF_MONTH.fullmatch(words[place]):
        return None
    month = place + 1
    while month < min(len(words), place + 3) and words[month] in known.ordinal:
        month += 1
    return month + 1 if month < len(words) and words[month] in known.months else None


def _bounded(text: Text, known: EndWords, numbers: frozenset[str], place: int) -> int | None:
    """By June, until the end of the month, before 30/6, by the 5th."""
    words = text.words
    after = known.bounding.end(words, place)
    if after is None:
        return None
    for at in range(after, min(len(words), after + MOST_BETWEEN)):
        word = words[at]
        if any(word in times for times in (known.months, known.seasons, known.days, known.periods)):
            return at + 1
        if DAY.fullmatch(word):
            return at + 1
        if (end := _date(text, known, at) or _ordinal(text, known, at)) is not None:
            return end
        if not (word in known.between or word in known.naming or word in numbers or is_number(word)):
            return None
    return None


def _ordinal(text: Text, known: EndWords, place: int) -> int | None:
    words = text.words
    follows = place + 1 < len(words) and words[place + 1] in known.ordinal
    return place + 2 if follows and DAY_OF_MONTH.fullmatch(words[place]) else None


def _lasting(text: Text, known: EndWords, numbers: frozenset[str], place: int) -> int | None:
    """Over the next month, for 6 weeks, in June; not: in the day."""
    words = text.words
    if words[place] not in known.lasting:
        return None
    named = False
    for at in range(place + 1, min(len(words), place + 1 + MOST_BETWEEN)):
        word = words[at]
        if word in known.months or word in known.seasons:
            return at + 1
        if word in known.periods:
            behind = known.named_after.end(words, at + 1) if at + 1 < len(words) else None
            return behind or (at + 1 if named else None)
        if word in known.naming or word in numbers or is_number(word):
            named = True
        elif word not in known.between:
            return None
    return None
