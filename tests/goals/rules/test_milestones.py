"""Ruleset 1 as rows: what was in the record, what is entered, and which milestones that earns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.goals.rules.commands.client import SetSession
from services.goals.rules.commands.goal import LogPractice, RateGoal, ReviewGoal
from services.goals.rules.commands.win import RecordWin
from services.goals.rules.decide import decide
from services.goals.rules.milestones import silent_days
from services.goals.rules.record import fold
from shared.events import (
    Change,
    Event,
    GoalAdjusted,
    GoalPaused,
    GoalResumed,
    Measure,
    MilestoneReached,
    PracticeLogged,
    PracticeVoided,
    RatingRecorded,
    RemindersPaused,
    RemindersResumed,
    SessionAttended,
    SessionCancelled,
    fact_id,
)
from tests import controls as c
from tests.goals.rules.given import LET_GO

Said = tuple[UUID, Event]
Given = tuple[Any, ...]


def goal(**changes: Any) -> Given:
    """Her goal, with another measure, target or baseline."""
    snapshot = msgspec.structs.replace(c.SET, **changes)
    return (*c.BEGUN, (c.GOAL, c.DRAFTED), (c.GOAL, snapshot, fact_id(c.GOAL, "goal.set", c.GOAL)))


def practised(quantity: int, days_ago: int = 0) -> tuple[UUID, Event, UUID]:
    name, day = c.named(500 + quantity), c.TODAY - timedelta(days=days_ago)
    logged = PracticeLogged(practice_id=name, on=day, quantity=quantity)
    return (c.GOAL, logged, fact_id(c.GOAL, "practice", name))


def rated(value: int, *, epoch: int = 1, rater: Any = "client") -> Said:
    rating = RatingRecorded(rating_id=c.named(600 + value), value=value, rater=rater, epoch=epoch)
    return (c.GOAL, rating)


def voided(quantity: int) -> tuple[UUID, Event, UUID]:
    """A practice of that quantity, taken back."""
    name = c.named(500 + quantity)
    event = PracticeVoided(practice_id=name, on=c.TODAY, quantity=quantity, epoch=1)
    return c.GOAL, event, fact_id(c.GOAL, "practice.voided", name)


CAME = SessionAttended(session_id=c.named(2), starts_at=c.NOW - timedelta(days=3))
CAME_NOT = SessionCancelled(session_id=c.named(2), starts_at=c.NOW - timedelta(days=3))
COUNT = Measure(kind="count", unit="exercise")
DURATION = Measure(kind="duration", unit="minute")
RATING = Measure(kind="rating", unit="calm")
CALMER = goal(measure=RATING, baseline=2, target=8)
LESS = goal(measure=RATING, baseline=8, target=2)
TEN = goal(measure=COUNT, target=10)
PRACTICE = LogPractice(goal_id=c.GOAL, practice_id=c.named(1), on=c.TODAY)
ATTENDED = SetSession(session_id=c.named(2), starts_at=c.NOW - timedelta(hours=1), status="attended")


def rating(value: int, **more: Any) -> RateGoal:
    return RateGoal(goal_id=c.GOAL, rating_id=c.named(3), value=value, **more)


def review(on: date) -> ReviewGoal:
    return ReviewGoal(goal_id=c.GOAL, review_id=c.named(4), review_on=on, outcome="keep")


EARNS: dict[str, tuple[Given, Any, list[tuple[str, int | None, int | None]]]] = {
    "showing up is a first step": (c.BEGUN, ATTENDED, [("first_step", None, None)]),
    "a rating is no step": (c.ACTIVE, rating(4), []),
    "half of ten": (
        (*TEN, practised(4)), PRACTICE, [("first_step", None, None), ("halfway", None, 1)],
    ),
    "not yet half": ((*TEN, practised(3)), PRACTICE, [("first_step", None, None)]),
    "all of ten": (
        (*TEN, practised(9)),
        PRACTICE,
        [("first_step", None, None), ("halfway", None, 1), ("target_reached", None, 1)],
    ),
    "half a duration is not halfway": (
        (*goal(measure=DURATION, target=10), practised(5)), PRACTICE, [("first_step", None, None)],
    ),
    "a whole duration is the target": (
        (*goal(measure=DURATION, target=10), practised(9)),
        PRACTICE,
        [("first_step", None, None), ("target_reached", None, 1)],
    ),
    "a period is never reached": ((*c.ACTIVE, practised(9)), PRACTICE, [("first_step", None, None)]),
    "midway from 2 to 8": (CALMER, rating(5, rater="client"), [("halfway", None, 1)]),
    "below midway": (CALMER, rating(4, rater="client"), []),
    "at the target": (
        CALMER, rating(8, rater="client"), [("halfway", None, 1), ("target_reached", None, 1)],
    ),
    "downwards, too": (LESS, rating(2, rater="client"), [("halfway", None, 1), ("target_reached", None, 1)]),
    "downwards, the wrong way": (LESS, rating(10, rater="client"), []),
    "a therapist's rating is hers alone": (CALMER, rating(8), []),
    "zero is a rating, and may be the target": (
        goal(measure=RATING, baseline=8, target=0),
        rating(0, rater="client"),
        [("halfway", None, 1), ("target_reached", None, 1)],
    ),
    "up by three, twice in a row": (
        (*c.ACTIVE, rated(1), rated(4)), rating(5, rater="client"), [("rating_up", 3, 1)],
    ),
    "up by three once": ((*c.ACTIVE, rated(1), rated(3)), rating(5, rater="client"), []),
    "the first rating of an epoch is its baseline": (
        (*c.ACTIVE, rated(4), rated(5, epoch=1)), rating(6, rater="client"), [],
    ),
    "a review on its day": (c.ACTIVE, review(date(2026, 3, 17)), []),
    "a review within a week of its day": (
        goal(review_on=(date(2026, 3, 9),)), review(date(2026, 3, 9)), [("review_kept", 20260309, None)],
    ),
    "a review of no review day": (c.ACTIVE, review(c.TODAY), []),
    "back after seven whole days": (
        (*c.ACTIVE, practised(1, days_ago=8)),
        PRACTICE,
        [("first_step", None, None), ("came_back", 1, None)],
    ),
    "after six days nobody was away": (
        (*c.ACTIVE, practised(1, days_ago=7)), PRACTICE, [("first_step", None, None)],
    ),
    "a session is a sign, and coming to it is coming back": (
        (*c.ACTIVE, practised(1, days_ago=8)),
        ATTENDED,
        [("first_step", None, None), ("came_back", 1, None)],
    ),
    "the first entry is no return": (c.ACTIVE, PRACTICE, [("first_step", None, None)]),
    "a return after a practice that was voided is none": (
        (*c.ACTIVE, practised(1, days_ago=8), voided(1)), PRACTICE, [("first_step", None, None)],
    ),
    "what was voided is no sign in between": (
        (*c.ACTIVE, practised(1, days_ago=9), practised(2, days_ago=3), voided(2)),
        PRACTICE,
        [("first_step", None, None), ("came_back", 1, None)],
    ),
    "a session that was not attended after all is no sign": (
        (*c.ACTIVE, practised(1, days_ago=9), (c.CLIENT, CAME), (c.CLIENT, CAME_NOT)),
        PRACTICE,
        [("first_step", None, None), ("came_back", 1, None)],
    ),
    "a session that was attended is a sign": (
        (*c.ACTIVE, practised(1, days_ago=9), (c.CLIENT, CAME)), PRACTICE, [("first_step", None, None)],
    ),
    "to do less of something is not celebrated by counting": (
        (*goal(measure=COUNT, baseline=20, target=5), practised(6), practised(1)),
        PRACTICE,
        [("first_step", None, None)],
    ),
    "to do less of something is celebrated by rating": (
        LESS, rating(2, rater="client"), [("halfway", None, 1), ("target_reached", None, 1)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "command", "expected"), EARNS.values(), ids=EARNS)
def test_earns(given: Given, command: Any, expected: list[tuple[str, int | None, int | None]]) -> None:
    assert _reached(given, command) == expected


@pytest.mark.parametrize(("count", "earns"), [(2, True), (3, False), (6, True), (7, False), (13, True)])
def test_practices_are_celebrated_at_their_counts(count: int, earns: bool) -> None:
    given = (*c.ACTIVE, *(practised(number + 1) for number in range(count)))
    rules = [rule for rule, _, _ in _reached(given, PRACTICE)]
    assert ("practices" in rules) is earns


def test_a_milestone_is_reached_once_and_names_what_earned_it() -> None:
    record = fold(c.CLIENT, c.history(*c.ACTIVE))
    practice, first = decide(record, PRACTICE, c.at(), c.A_CLINIC)
    assert first.causation_id == str(practice.event_id)
    grown = (*c.ACTIVE, *((p.stream_id, p.data, p.event_id) for p in (practice, first)))
    assert _reached(grown, replace(PRACTICE, practice_id=c.named(11))) == []


@pytest.mark.parametrize(
    "rest",
    [
        ((c.GOAL, GoalPaused(pause_id=c.named(9))), (c.GOAL, GoalResumed(pause_id=c.named(9)))),
        ((c.CLIENT, RemindersPaused(pause_id=c.named(9))), (c.CLIENT, RemindersResumed(pause_id=c.named(9)))),
        ((c.GOAL, GoalPaused(pause_id=c.named(9))), (c.GOAL, LET_GO)),
    ],
    ids=["a goal rested", "all her reminders rested", "a goal rested until it ended"],
)
def test_paused_days_are_left_out_of_silence(rest: Given) -> None:
    events = c.history(*c.ACTIVE, practised(1, days_ago=8), *rest)
    win = RecordWin(win_id=c.named(7), on=c.TODAY)
    for begins, ends, returns in ((4, 0, False), (0, 0, True), (20, 15, True)):
        for event, days_ago in ((-2, begins), (-1, ends)):
            events[event] = msgspec.structs.replace(events[event], time=c.NOW - timedelta(days=days_ago))
        made = decide(fold(c.CLIENT, events), win, c.at(), c.A_CLINIC)
        rules = [p.data.rule for p in made if isinstance(p.data, MilestoneReached)]
        assert ("came_back" in rules) is returns


def test_another_epoch_counts_anew() -> None:
    measure = {"kind": "count", "unit": "page", "period": None}
    adjusted = GoalAdjusted(
        adjustment_id=c.named(8),
        kind="refocused",
        changes=(Change(field="measure", to=measure),),
        reason_code="new_insight",
        effective_on=c.TODAY,
        epoch=2,
        agreed="together",
    )
    given = (*TEN, practised(9), (c.GOAL, adjusted))
    assert ("target_reached", None, 2) not in _reached(given, PRACTICE)
    assert ("halfway", None, 2) in _reached((*given, practised(4)), PRACTICE)


def test_an_entry_of_the_past_is_no_return() -> None:
    record = fold(c.CLIENT, c.history(*c.ACTIVE, practised(1)))
    past = LogPractice(goal_id=c.GOAL, practice_id=c.named(1), on=c.TODAY - timedelta(days=9))
    made = decide(record, past, c.at(), c.A_CLINIC)
    assert "came_back" not in [p.data.rule for p in made if isinstance(p.data, MilestoneReached)]


def test_a_win_may_be_a_return() -> None:
    given = (*c.ACTIVE, practised(1, days_ago=9))
    assert ("came_back", 1, None) in _reached(given, RecordWin(win_id=c.named(7)))


@pytest.mark.parametrize(
    ("last", "until", "rests", "days"),
    [
        (1, 9, [], 7),
        (1, 2, [], 0),
        (1, 1, [], 0),
        (9, 1, [], 0),
        (1, 9, [(3, 5)], 4),
        (1, 9, [(1, 9)], 0),
        (1, 9, [(3, 5), (4, 6)], 3),
    ],
)
def test_whole_days_are_counted(last: int, until: int, rests: list[tuple[int, int]], days: int) -> None:
    def day(number: int) -> date:
        return date(2026, 3, number)

    assert silent_days(day(last), day(until), tuple((day(a), day(b)) for a, b in rests)) == days


def _reached(given: Given, command: Any) -> list[tuple[str, int | None, int | None]]:
    made = decide(fold(c.CLIENT, c.history(*given)), command, c.at(), c.A_CLINIC)
    found = [p.data for p in made if isinstance(p.data, MilestoneReached)]
    return [(m.rule, m.threshold, m.epoch) for m in found]
