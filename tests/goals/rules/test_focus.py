"""How many goals are in focus at once: two in the first 30 days, then three (invariant 3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.goals.rules.commands.goal import CloseGoal, PauseGoal, ReopenGoal
from services.goals.rules.refusal import NotThere, Refused
from shared.events import GoalPrioritised, fact_id
from tests import controls as c
from tests.goals.rules import given as g

FULL: g.Given = (*g.TWO_IN_FOCUS, (c.GOAL, c.DRAFTED), (c.GOAL, c.SET, fact_id(c.GOAL, "goal.set", c.GOAL)))
"""Two goals of hers are in focus, and the third is not."""
WITH_A_REASON = replace(g.FOCUS, reason="She carries all three already")
FOCUSED: g.Given = (
    *c.ACTIVE,
    (
        c.GOAL,
        GoalPrioritised(change_id=c.named(10), from_=False, to=True),
        fact_id(c.GOAL, "focus", c.named(10)),
    ),
)
OUT = replace(g.FOCUS, change_id=c.named(11), from_=True, to=False)

MAKES: g.Makes = {
    "a goal comes into focus": (c.ACTIVE, g.FOCUS, ["goal.prioritised"]),
    "the same change is nothing new": (FOCUSED, g.FOCUS, []),
    "a goal leaves focus": (FOCUSED, OUT, ["goal.prioritised"]),
    "a goal that rests comes into focus": (g.RESTING, g.FOCUS, ["goal.prioritised"]),
    "a therapist may have one more, with a reason": (FULL, WITH_A_REASON, ["goal.prioritised"]),
    "a third goal without focus may be set": (g.TWO_IN_FOCUS, g.BREATHE, ["goal.drafted", "goal.set"]),
}

REFUSES: g.Refuses = {
    "one more without a reason": (FULL, g.FOCUS, Refused, "#/reason"),
    "setting a third goal in focus in the first month": (
        g.TWO_IN_FOCUS, replace(g.BREATHE, focus=True), Refused, "#/focus",
    ),
    "a change from what is not": (c.ACTIVE, OUT, Refused, "#/from"),
    "a change to the same": (c.ACTIVE, replace(g.FOCUS, to=False), Refused, "#/to"),
    "another change under the same id": (FOCUSED, replace(OUT, change_id=c.named(10)), Refused, "#/from"),
    "a draft in focus": (g.DRAFT, g.FOCUS, Refused, None),
    "a goal that has ended in focus": (g.CLOSED, g.FOCUS, Refused, None),
    "focus on no goal of hers": (c.BEGUN, g.FOCUS, NotThere, None),
}  # fmt: skip


@pytest.mark.parametrize(("before", "command", "expected"), MAKES.values(), ids=MAKES)
def test_makes(before: g.Given, command: Any, expected: list[str]) -> None:
    g.must_make(g.record(before), command, expected)


@pytest.mark.parametrize(("before", "command", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(before: g.Given, command: Any, kind: type[Refused], pointer: str | None) -> None:
    g.must_refuse(g.record(before), command, kind, pointer)


def test_a_client_may_not_have_one_more_whatever_her_reason() -> None:
    words = g.must_refuse(g.record(FULL), WITH_A_REASON, Refused, "#/to", g.BY_HER)
    assert words.startswith("At most 2 goals are in focus in the first 30 days at once; 2 are.")


def test_after_a_month_there_are_three() -> None:
    month_later = g.record(FULL, days_ago=30)
    g.must_make(month_later, g.FOCUS, ["goal.prioritised"], g.BY_HER)
    g.must_make(month_later, replace(g.BREATHE, goal_id=c.named(5), focus=True), ["goal.drafted", "goal.set"])
    g.must_refuse(g.record(FULL, days_ago=29), g.FOCUS, Refused, "#/to", g.BY_HER)


def test_a_goal_that_rests_keeps_its_place_and_one_that_ended_does_not() -> None:
    first = c.named(1001)
    rests, _ = g.answered(g.record(FULL), PauseGoal(goal_id=first, pause_id=c.named(1)))
    g.must_refuse(rests, g.FOCUS, Refused, "#/to", g.BY_HER)
    ended, _ = g.answered(rests, CloseGoal(goal_id=first, closure_id=c.named(2), outcome="let_go"))
    g.must_make(ended, g.FOCUS, ["goal.prioritised"], g.BY_HER)


def test_a_goal_comes_back_out_of_focus_where_others_have_taken_its_place() -> None:
    first = c.named(1001)
    ended, _ = g.answered(g.record(FULL), CloseGoal(goal_id=first, closure_id=c.named(2), outcome="let_go"))
    reopen = ReopenGoal(goal_id=first, closure_id=c.named(2))
    g.must_make(ended, reopen, ["goal.reopened"])
    assert g.answered(ended, reopen)[0].goals[first].focus
    taken, _ = g.answered(ended, g.FOCUS)
    g.must_make(taken, reopen, ["goal.reopened", "goal.prioritised"])
    assert not g.answered(taken, reopen)[0].goals[first].focus
