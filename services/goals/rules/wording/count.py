"""Measurable: whether a wording has a number on something that can be counted, or a rating of 0 to 10."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from services.goals.rules.wording.text import Phrases, Text, is_number

SCALE = re.compile(r"0-10|\d{1,2}/10|\d+%")
YEAR = re.compile(r"(19|20)\d\d")
MOST_WORDS = 6
"""How many words of a count are quoted."""


class CountWords(NamedTuple):
    """The words of one language."""

    numbers: frozenset[str]
    often: Phrases
    """How often, without a number: daily, once a week."""
    nothing: Phrases
    """They hold a number, and count nothing: one day."""
    units: frozenset[str]
    """What is counted or timed: times, minutes, day."""
    filling: frozenset[str]
    """Between a count and its period: a, per, every."""
    owners: frozenset[str]
    """A number after them says how many there are: my 2 children."""
    clock: frozenset[str]
    """A bare number after them is a time of day or a date: at 8."""
    after_clock: frozenset[str]
    """A number before them is one, too: 8 am, the 5th."""
    levels: frozenset[str]
    """A bare number after them is a level: down to 4."""
    scales: Phrases
    """Behind a number, of how many it is: out of 10."""
    small: frozenset[str]
    """Nothing is counted by them: of, and."""


def count_in(text: Text, known: CountWords, elsewhere: Collection[int]) -> str | None:
    """The count as it was written; None where nothing is. `elsewhere` are the places of the end's words."""
    place = 0
    while place < len(text.words):
        if (skip := known.nothing.end(text.words, place)) is not None:
            place = skip
            continue
        if place not in elsewhere:
            often = known.often.end(text.words, place)
            if often is not None:
                return text.quoted(place, _end(text, known, often, elsewhere))
            if _counts(text, known, place):
                return text.quoted(place, _end(text, known, _after(text, known, place), elsewhere))
        place += 1
    return None


def _counts(text: Text, known: CountWords, place: int) -> bool:
    words, word = text.words, text.words[place]
    before = words[place - 1] if place else ""
    after = words[place + 1] if place + 1 < len(words) else ""
    if SCALE.fullmatch(word):
        return before not in known.clock
    if word not in known.numbers and not _is_plain_number(word):
        return False
    if after and known.scales.end(words, place + 1) is not None:
        return True
    if before in known.owners or after in known.after_clock:
        return False
    if after in known.units:
        return True
    if before in known.clock or YEAR.fullmatch(word):
        return False
    return before in known.levels or bool(after and after not in known.small and not is_number(after))


def _after(text: Text, known: CountWords, place: int) -> int:
    """Behind what is counted, where it stands beside its number: three things."""
    after = text.words[place + 1] if place + 1 < len(text.words) else ""
    beside = bool(after) and after not in known.small | known.filling and not is_number(after)
    return place + 2 if beside and not SCALE.fullmatch(text.words[place]) else place + 1


def _is_plain_number(word: str) -> bool:
    return is_number(word) and not any(sign in word for sign in ":/") and word.count("-") <= 1


def _end(text: Text, known: CountWords, end: int, elsewhere: Collection[int]) -> int:
    """With its unit and its period: twice a day, 20 minutes every morning."""
    last, place = end, end
    while place < min(len(text.words), end + MOST_WORDS) and place not in elsewhere:
        scale = known.scales.end(text.words, place)
        if scale is not None or text.words[place] in known.units:
            place = last = scale or place + 1
        elif text.words[place] in known.filling:
            place += 1
        else:
            break
    return last
