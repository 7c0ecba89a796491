"""What is known of a language: the words of each SMART part, and the questions about them."""

from __future__ import annotations

from typing import NamedTuple

from services.goals.rules.wording.action import ActionWords
from services.goals.rules.wording.count import CountWords
from services.goals.rules.wording.ending import EndWords
from services.goals.rules.wording.reason import ReasonWords
from services.goals.rules.wording.text import Phrases


class Questions(NamedTuple):
    """What is asked, kindly: one question each."""

    action: str
    instead: str
    how_much: str
    enough: str
    on_the_scale: str
    more_than_none: str
    confidence: str
    smaller: str
    why: str
    by_when: str
    end_after_start: str
    within_a_year: str


class Language(NamedTuple):
    """A language, as far as a goal's wording goes."""

    common: frozenset[str]
    """Small words that tell it from the others."""
    numbers: frozenset[str]
    actions: ActionWords
    counts: CountWords
    reasons: ReasonWords
    ends: EndWords
    questions: Questions


def words(listed: str) -> frozenset[str]:
    """Words with spaces between them."""
    return frozenset(listed.split())


def phrases(listed: str) -> Phrases:
    """Phrases with commas between them."""
    return Phrases(phrase for phrase in map(str.strip, listed.split(",")) if phrase)
