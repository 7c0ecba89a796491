"""Two weeks of a goal, told day by day: what was known in the evening, and what was true by then."""

from __future__ import annotations

from datetime import date
from typing import get_args

from services.goals.rules.days import ends, stays_of
from services.goals.rules.rated import standing
from services.goals.rules.timeline import Axis, as_of, goal_in
from shared.events import Change, GoalPaused, GoalResumed, PracticeVoided
from tests import controls as c
from tests.goals.rules.test_timeline import Said, adjusted, practice, rated, recorded, target

STORY = recorded(
    Said("3", practice(1, 3)),
    Said("5", practice(2, 5)),
    Said("6", rated(1, 4)),
    # On Monday she brings a list of what she did last week; one of it was somebody else's.
    Said("9", practice(3, 4)),
    Said("9", practice(4, 7)),
    Said("10", PracticeVoided(practice_id=c.named(4), on=date(2026, 3, 7), quantity=1, epoch=1)),
    # Mornings had been too much since the weekend. They ease it, and write down how she felt on Saturday.
    Said("11", adjusted(1, 8, target(2, 1))),
    Said("11", rated(2, 2), time="7"),
    # She rests for two days. Afterwards they find that her confidence had been written down wrongly.
    Said("12", GoalPaused(pause_id=c.named(1))),
    Said("14", GoalResumed(pause_id=c.named(1))),
    Said("14", adjusted(2, 14, Change("confidence", 7, 5), kind="corrected")),
)
TOLD = """
March    known: target confidence practices ratings status    true: target confidence practices ratings status
 1              -                                                   -
 2              2      7          0                 active          2      5          0                 active
 3              2      7          1                 active          2      5          1                 active
 4              2      7          1                 active          2      5          2                 active
 5              2      7          2                 active          2      5          3                 active
 6              2      7          2         4       active          2      5          3         4       active
 7              2      7          2         4       active          2      5          3         4 2     active
 8              2      7          2         4       active          1      5          3         4 2     active
 9              2      7          4         4       active          1      5          3         4 2     active
10              2      7          3         4       active          1      5          3         4 2     active
11              1      7          3         4 2     active          1      5          3         4 2     active
12              1      7          3         4 2     paused          1      5          3         4 2     paused
13              1      7          3         4 2     paused          1      5          3         4 2     paused
14              1      5          3         4 2     active          1      5          3         4 2     active
"""


def test_two_weeks_told_twice() -> None:
    assert [line.split() for line in TOLD.strip().splitlines()[1:]] == [_evening(day) for day in range(1, 15)]


def _evening(day: int) -> list[str]:
    """A line of the table, by its words."""
    at = ends(date(2026, 3, day), stays_of(STORY))
    told = [str(day)]
    for axis in get_args(Axis):
        goal = goal_in(as_of(STORY, at, axis), c.GOAL)
        if goal is None:
            told.append("-")
            continue
        values = [str(rating.value) for rating in standing(goal.ratings)]
        told += [str(goal.target), str(goal.confidence), str(goal.practices), *values, goal.status]
    return told
