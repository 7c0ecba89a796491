"""How often a goal was eased and stretched, and whether that was before it was reached."""

from __future__ import annotations

from services.goals.rules.easing import Easing, easing
from shared.events import Change, GoalAchieved, GoalReopened
from tests import controls as c
from tests.goals.rules.test_timeline import Said, adjusted, new_york, recorded, target

EASED = Said("9", adjusted(1, 9, target(2, 1)))
STRETCHED = Said("11", adjusted(2, 11, target(1, 3), kind="stretched"))
REWORDED = Said("11", adjusted(3, 11, Change("specific", "a", "b"), kind="reworded"))
REACHED = Said("12", GoalAchieved(closure_id=c.named(1), agreed="together"))


def counted(*said: Said) -> Easing:
    return easing(recorded(*said), c.GOAL)


def test_each_easing_and_each_stretching_counts_and_nothing_else() -> None:
    eased_again = Said("10", adjusted(4, 10, target(1, 1)))
    assert counted(EASED, eased_again, STRETCHED, REWORDED) == Easing(eased=2, stretched=1, reached_at=None)


def test_it_says_when_the_goal_was_reached() -> None:
    assert counted(EASED, REACHED) == Easing(eased=1, stretched=0, reached_at=new_york("12"))


def test_an_end_that_was_taken_back_is_none_and_the_count_goes_on() -> None:
    again = Said("13", GoalReopened(closure_id=c.named(1)))
    assert counted(EASED, REACHED, again, STRETCHED) == Easing(eased=1, stretched=1, reached_at=None)


def test_another_goal_counts_for_itself() -> None:
    other = Said("9", adjusted(1, 9, target(2, 1)), stream=c.named(5))
    assert counted(other) == Easing(eased=0, stretched=0, reached_at=None)
