"""Advice on a goal's wording as it is written: which of the five SMART parts it has, and what to ask next.

Plain lists of words, and no judgement of anybody: what is not found is asked about, and nothing is refused. A
text is read in the language that it is written in, and asked about in the one that was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec

from services.goals.rules.refusal import Invalid
from services.goals.rules.smart import a_year_after, check_amounts
from services.goals.rules.wording.action import action_in, stops_something
from services.goals.rules.wording.count import count_in
from services.goals.rules.wording.ending import end_in
from services.goals.rules.wording.english import ENGLISH
from services.goals.rules.wording.language import Language, Questions
from services.goals.rules.wording.reason import reason_in
from services.goals.rules.wording.spanish import SPANISH
from services.goals.rules.wording.text import Text, read
from shared.events import Measure, Number

LANGUAGES = {"en": ENGLISH, "es": SPANISH}
CONFIDENT = 5
"""From here on a goal is within reach (DOMAIN, "SMART help")."""

Part = Literal["S", "M", "A", "R", "T"]
Source = Literal["statement", "specific", "measure", "confidence", "relevance", "end_on"]


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A goal as far as it is written; the fields are those of a goal, None where there is nothing yet."""

    locale: str
    statement: str | None = None
    specific: str | None = None
    measure: Measure | None = None
    baseline: Number | None = None
    target: Number | None = None
    confidence: int | None = None
    relevance: str | None = None
    start_on: date | None = None
    end_on: date | None = None


class Letter(msgspec.Struct, frozen=True):
    """One part: whether it is there, where and in which words that shows, or what to ask."""

    letter: Part
    met: bool
    found_in: Source | None = None
    found: str | None = None
    advice: str | None = None


class Advice(msgspec.Struct, frozen=True):
    """The five parts in their order, and the letter to ask about first; None when nothing is left to ask."""

    letters: tuple[Letter, ...]
    next: Part | None


@dataclass(frozen=True)
class _Read:
    """A text with the language that it is read in, and where it says until when."""

    source: Source
    text: Text
    language: Language
    end: tuple[int, int] | None

    @property
    def places_of_end(self) -> range:
        return range(*self.end) if self.end else range(0)


def advise(wording: Wording) -> Advice:
    """Judges each part by itself; a part that is filled in its field needs no words."""
    asked = LANGUAGES[wording.locale.partition("-")[0].lower()]
    texts = tuple(_texts(wording, asked))
    action = _specific(texts, asked.questions)
    letters = (
        action,
        _measurable(wording, texts, asked.questions),
        _achievable(wording, asked.questions, is_there_something_to_do=action.met),
        _relevant(wording, texts, asked.questions),
        _time_bound(wording, texts, asked.questions),
    )
    return Advice(letters, next((letter.letter for letter in letters if letter.advice), None))


def _texts(wording: Wording, asked: Language) -> Iterator[_Read]:
    """What there is to read, the field before the statement."""
    if wording.specific:
        yield _read("specific", wording.specific, asked)
    if wording.statement:
        yield _read("statement", wording.statement, asked)


def _read(source: Source, written: str, asked: Language) -> _Read:
    text = read(written)
    language = max((asked, *LANGUAGES.values()), key=lambda known: sum(w in known.common for w in text.words))
    return _Read(
        source, text, language, end_in(text, language.ends, language.numbers) if text.words else None
    )


def _specific(texts: tuple[_Read, ...], ask: Questions) -> Letter:
    for one in texts:
        found = action_in(one.text, one.language.actions, one.language.numbers)
        if found is not None:
            return Letter("S", True, one.source, found)
    stops = any(stops_something(one.text, one.language.actions) for one in texts)
    return Letter("S", False, advice=ask.instead if stops else ask.action)


def _measurable(wording: Wording, texts: tuple[_Read, ...], ask: Questions) -> Letter:
    if wording.measure is not None and wording.target is not None:
        return _counted(wording.measure, wording.baseline, wording.target, ask)
    for one in texts:
        found = count_in(one.text, one.language.counts, one.places_of_end)
        if found is not None:
            return Letter("M", True, one.source, found)
    return Letter("M", False, advice=ask.enough if wording.measure is not None else ask.how_much)


def _counted(measure: Measure, baseline: Number | None, target: Number, ask: Questions) -> Letter:
    try:
        check_amounts(measure, baseline, target)
    except Invalid:
        question = ask.on_the_scale if measure.kind == "rating" else ask.more_than_none
        return Letter("M", False, "measure", advice=question)
    return Letter("M", True, "measure")


def _achievable(wording: Wording, ask: Questions, *, is_there_something_to_do: bool) -> Letter:
    """How confident she is; who has not said yet what she would do is not asked how surely she could."""
    if wording.confidence is None:
        return Letter("A", False, advice=ask.confidence if is_there_something_to_do else None)
    if wording.confidence < CONFIDENT:
        return Letter("A", False, "confidence", advice=ask.smaller)
    return Letter("A", True, "confidence")


def _relevant(wording: Wording, texts: tuple[_Read, ...], ask: Questions) -> Letter:
    if wording.relevance:
        return Letter("R", True, "relevance")
    for one in texts:
        found = reason_in(one.text, one.language.reasons, one.places_of_end)
        if found is not None:
            return Letter("R", True, one.source, found)
    return Letter("R", False, advice=ask.why)


def _time_bound(wording: Wording, texts: tuple[_Read, ...], ask: Questions) -> Letter:
    if wording.end_on is not None:
        start = wording.start_on
        if start is not None and wording.end_on <= start:
            return Letter("T", False, "end_on", advice=ask.end_after_start)
        if start is not None and wording.end_on > a_year_after(start):
            return Letter("T", False, "end_on", advice=ask.within_a_year)
        return Letter("T", True, "end_on")
    for one in texts:
        if one.end is not None:
            return Letter("T", True, one.source, one.text.quoted(*one.end))
    return Letter("T", False, advice=ask.by_when)
