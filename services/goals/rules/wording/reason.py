"""Relevant: whether a wording says why it matters to her."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from services.goals.rules.wording.text import Phrases, Text

MOST_WORDS = 6
"""How many words of a reason are quoted."""


class ReasonWords(NamedTuple):
    """The words of one language."""

    reasons: Phrases
    """What comes next is why: because, so that, for my family."""
    leads: frozenset[str]
    """What comes next may be what it is for: to, para."""
    wanting: frozenset[str]
    """Behind them it is what is wanted, and no reason: I want to."""
    purposes: frozenset[str]
    """What something is for: to feel, to sleep."""
    endings: tuple[str, ...]
    """How such a word ends, in a language that tells it so; none elsewhere."""
    no_purposes: frozenset[str]
    """They end so, and are none."""
    wishes: Phrases
    """To feel so is in itself why it matters."""
    small: frozenset[str]
    """Where a reason's first words end: over, for, until."""


def reason_in(text: Text, known: ReasonWords, elsewhere: Collection[int]) -> str | None:
    """Why, as it was written; None where it is not said. `elsewhere` are the places of the end's words."""
    for place in range(len(text.words)):
        if place in elsewhere:
            continue
        end = known.reasons.end(text.words, place) or _purpose(text, known, place)
        end = end or known.wishes.end(text.words, place)
        if end is not None:
            return text.quoted(place, _end(text, known, end, elsewhere))
    return None


def _purpose(text: Text, known: ReasonWords, place: int) -> int | None:
    """The end of "to manage", where what comes before does not make it a wish."""
    words = text.words
    if words[place] not in known.leads or place + 1 >= len(words):
        return None
    if place and words[place - 1] in known.wanting:
        return None
    word = words[place + 1]
    by_ending = bool(known.endings) and word.endswith(known.endings) and word not in known.no_purposes
    return place + 2 if word in known.purposes or by_ending else None


def _end(text: Text, known: ReasonWords, end: int, elsewhere: Collection[int]) -> int:
    most = min(len(text.words), end + MOST_WORDS)
    while end < most and end not in elsewhere and text.words[end] not in known.small:
        end += 1
    return end
