"""Specific: whether a wording names something that one could see somebody do."""

from __future__ import annotations

from typing import NamedTuple

from services.goals.rules.wording.text import Phrases, Text, is_number

MOST_WORDS = 5
"""How many words of what is done are quoted."""


class ActionWords(NamedTuple):
    """The words of one language."""

    doing: frozenset[str]
    """Forms of what one could see: walk, walking; never feel."""
    showing: Phrases
    """The same in more than one word: go for, get up."""
    vague: Phrases
    """They hold such a form, and show nothing: do my best."""
    stopping: Phrases
    """What comes next is to be done no more: stop, avoid."""
    less: frozenset[str]
    """What comes before is to be done less: less, fewer."""
    small: frozenset[str]
    """Where what is done ends: a, to, for."""


def action_in(text: Text, known: ActionWords, numbers: frozenset[str]) -> str | None:
    """What is done, as it was written; None where nothing is that one could see."""
    place = 0
    while place < len(text.words):
        if (end := known.vague.end(text.words, place)) is not None:
            place = end
            continue
        shown = known.showing.end(text.words, place)
        if shown is None and text.words[place] in known.doing:
            shown = place + 1
        if shown is not None and not _is_stopped(text, known, place):
            return text.quoted(place, _end(text, known, numbers, shown))
        place += 1
    return None


def stops_something(text: Text, known: ActionWords) -> bool:
    """Whether something is to be done less, or no more."""
    fewer = any(
        word in known.doing and _is_stopped(text, known, place) for place, word in enumerate(text.words)
    )
    return fewer or known.stopping.first(text.words) is not None


def _is_stopped(text: Text, known: ActionWords, place: int) -> bool:
    words = text.words
    before = any(known.stopping.end(words, first) == place for first in range(max(0, place - 3), place))
    return before or (place + 1 < len(words) and words[place + 1] in known.less)


def _end(text: Text, known: ActionWords, numbers: frozenset[str], end: int) -> int:
    most = min(len(text.words), end + MOST_WORDS - 1)
    while end < most:
        word = text.words[end]
        if word in known.small or word in numbers or is_number(word):
            break
        end += 1
    return end
