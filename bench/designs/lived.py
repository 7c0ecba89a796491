"""A goal that was lived with: as long a stream of events as is asked for, many of them entered late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from bench.designs.win import WORDS
from shared.events import (
    Change,
    ClientRegistered,
    Event,
    GoalAdjusted,
    GoalDrafted,
    GoalSet,
    Measure,
    PracticeLogged,
    RatingRecorded,
    WinRecorded,
)

ZONE = "America/New_York"
REGISTERED = ClientRegistered(locale="en", time_zone=ZONE, adult=True, name="Maya")


def told(events: int) -> list[Event]:
    """What happened to the goal, in the order of recording."""
    began = datetime.now(UTC).date() - timedelta(days=100)
    begun = [GoalDrafted(statement=WORDS), _set(began)]
    return [*begun, *(_said(number, began + timedelta(days=number % 100)) for number in range(events - 2))]


def _said(number: int, on: date) -> Event:
    match number % 20:
        case 0:
            return _eased(number, on)
        case 1 | 2:
            return RatingRecorded(rating_id=uuid4(), value=number % 11, rater="client", epoch=1)
        case 3 | 4:
            return WinRecorded(win_id=uuid4(), kind="effort", on=on, text=WORDS)
        case _:
            return PracticeLogged(practice_id=uuid4(), on=on, quantity=1, note=WORDS)


def _eased(number: int, on: date) -> GoalAdjusted:
    return GoalAdjusted(
        adjustment_id=uuid4(),
        kind="eased",
        changes=(Change("target", number, number + 20),),
        reason_code="too_hard",
        effective_on=on,
        epoch=1,
        agreed="together",
        reason=WORDS,
    )


def _set(start_on: date) -> GoalSet:
    return GoalSet(
        measure=Measure(kind="per_period", unit="exercise", period="day"),
        baseline=None,
        target=2,
        confidence=7,
        start_on=start_on,
        end_on=start_on + timedelta(days=200),
        review_on=(),
        agreed="together",
        specific=WORDS,
        relevance=WORDS,
    )
