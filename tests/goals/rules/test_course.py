"""The course of a goal: what was aimed at from when on, what was done and felt on which day, its rests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import pytest

from services.goals.rules.course import Course, Rest, course
from services.goals.rules.days import stays_of
from services.goals.rules.timeline import Axis, Place, as_of
from shared.events import (
    Change,
    GoalAchieved,
    GoalPaused,
    GoalReopened,
    GoalResumed,
    Measure,
    PracticeVoided,
    RatingVoided,
    Recorded,
)
from tests import controls as c
from tests.goals.rules.test_timeline import (
    MINUTES,
    Said,
    adjusted,
    new_york,
    practice,
    rated,
    recorded,
    target,
)

TWICE = msgspec.to_builtins(c.TWICE_A_DAY)
IN_MINUTES = Change("measure", TWICE, msgspec.to_builtins(MINUTES))
CALM = Change("measure", TWICE, msgspec.to_builtins(Measure("rating", "calm")))


def march(day: int) -> date:
    return date(2026, 3, day)


def drawn(*said: Said, when: str = "20 18:00", axis: Axis = "known") -> Course:
    """The course up to a moment of March of the goal of which this was said."""
    found = _course(recorded(*said), when, axis)
    assert found is not None
    return found


def _course(events: Sequence[Recorded], when: str, axis: Axis) -> Course | None:
    at = new_york(when)
    return course(Place(at, as_of(events, at, axis)), c.GOAL, stays_of(events))


LEVELS: dict[str, tuple[tuple[Said, ...], list[tuple[int, int, Any]]]] = {
    "as it was set": ((), [(2, 1, 2)]),
    "eased from a day on": ((Said("9", adjusted(1, 11, target(2, 1))),), [(2, 1, 2), (11, 1, 1)]),
    "eased and stretched on one day: the last holds": (
        (Said("9", adjusted(1, 9, target(2, 1))), Said("10", adjusted(2, 9, target(1, 3)))),
        [(2, 1, 2), (9, 1, 3)],
    ),
    "entered late: never before what was said already": (
        (Said("9", adjusted(1, 9, target(2, 1))), Said("10", adjusted(2, 5, target(1, 3)))),
        [(2, 1, 2), (9, 1, 3)],
    ),
    "corrected: it was never otherwise": (
        (Said("9", adjusted(1, 9, target(2, 4), kind="corrected")),),
        [(2, 1, 4)],
    ),
    "reworded: the figures stay": ((Said("9", adjusted(1, 9, Change("specific", "a", "b"))),), [(2, 1, 2)]),
    "measured otherwise: another epoch": (
        (Said("9", adjusted(1, 9, IN_MINUTES, target(2, 10), epoch=2)),),
        [(2, 1, 2), (9, 2, 10)],
    ),
    "corrected in its epoch alone": (
        (
            Said("9", adjusted(1, 9, IN_MINUTES, target(2, 10), epoch=2)),
            Said("10", adjusted(2, 10, target(10, 12), kind="corrected", epoch=2)),
        ),
        [(2, 1, 2), (9, 2, 12)],
    ),
}


@pytest.mark.parametrize(("said", "expected"), LEVELS.values(), ids=LEVELS)
def test_what_was_aimed_at_holds_from_its_day_on(
    said: tuple[Said, ...], expected: list[tuple[int, int, Any]]
) -> None:
    assert [(one.since.day, one.epoch, one.target) for one in drawn(*said).levels] == expected


def test_a_baseline_is_its_own_epochs() -> None:
    with_baseline = Said("9", adjusted(1, 9, CALM, target(2, 8), Change("baseline", None, 3), epoch=2))
    another = Said("12", adjusted(2, 12, IN_MINUTES, target(8, 20), epoch=3))
    assert [one.baseline for one in drawn(with_baseline, another).levels] == [None, 3, None]


def test_a_day_without_an_entry_is_not_there_and_one_with_zero_felt_is() -> None:
    found = drawn(
        Said("4", practice(1, 4)),
        Said("4", practice(2, 4, 2)),
        Said("9", practice(3, 7)),
        Said("9", rated(4, 0)),
    )
    assert [(one.on.day, one.quantity, one.entries) for one in found.done] == [(4, 3, 2), (7, 1, 1)]
    assert [(one.on.day, one.value) for one in found.ratings] == [(9, 0)]


def test_what_was_voided_counts_no_more_from_when_that_is_known() -> None:
    void = PracticeVoided(practice_id=c.named(1), on=march(4), quantity=1, epoch=1)
    said = (
        Said("4", practice(1, 4)),
        Said("5", rated(2, 3)),
        Said("9", void),
        Said("9", RatingVoided(rating_id=c.named(2))),
    )
    then, now = drawn(*said, when="8"), drawn(*said)
    assert (len(then.done), len(then.ratings)) == (1, 1)
    assert (now.done, now.ratings) == ((), ())
    assert drawn(*said, when="8", axis="true").done == ()


def test_a_practice_counts_in_the_epoch_in_which_it_came() -> None:
    otherwise = Said("9", adjusted(1, 9, IN_MINUTES, epoch=2))
    found = drawn(Said("9", practice(2, 9)), otherwise, Said("9", practice(3, 9, 5)))
    assert [(one.epoch, one.quantity) for one in found.done] == [(1, 1), (2, 5)]


PAUSE, UNTIL = GoalPaused(pause_id=c.named(1)), GoalPaused(pause_id=c.named(1), until=march(12))
RESTS = {
    "until it was resumed": ((Said("5", PAUSE), Said("9", GoalResumed(pause_id=c.named(1)))), (5, 9)),
    "until its day": ((Said("5", UNTIL),), (5, 12)),
    "resumed before its day": ((Said("5", UNTIL), Said("9", GoalResumed(pause_id=c.named(1)))), (5, 9)),
    "still": ((Said("5", PAUSE),), (5, 20)),
}


@pytest.mark.parametrize(("said", "days"), RESTS.values(), ids=RESTS)
def test_it_rests(said: tuple[Said, ...], days: tuple[int, int]) -> None:
    assert drawn(*said).rests == (Rest(march(days[0]), march(days[1])),)


def test_it_goes_to_the_day_that_is_asked_for_or_to_its_end() -> None:
    end = Said("9", GoalAchieved(closure_id=c.named(1), agreed="together"))
    assert (drawn().first, drawn().last) == (march(2), march(20))
    assert drawn(end).last == march(9)
    assert drawn(end, Said("10", GoalReopened(closure_id=c.named(1)))).last == march(20)
    assert drawn(Said("4", practice(1, 1))).first == march(1)


def test_what_was_adjusted_is_told_by_its_day_its_kind_and_its_fields_and_no_more() -> None:
    found = drawn(Said("9", adjusted(1, 11, target(2, 1))))
    assert [msgspec.to_builtins(one) for one in found.adjusted] == [
        {"on": "2026-03-11", "kind": "eased", "fields": ("target",)}
    ]


def test_a_draft_has_no_course() -> None:
    assert _course(c.history(*c.ACTIVE[:3]), "20", "known") is None
