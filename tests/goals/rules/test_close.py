"""How a goal ends, and the only way back (invariant 1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.goals.rules.commands.goal import ReopenGoal
from services.goals.rules.refusal import Forbidden, NotThere, Refused
from shared.events import GoalReopened, fact_id
from tests import controls as c
from tests.goals.rules import given as g

REOPEN = ReopenGoal(goal_id=c.GOAL, closure_id=c.named(3))
REOPENED: g.Given = (
    *g.CLOSED,
    (c.GOAL, GoalReopened(closure_id=c.named(3)), fact_id(c.GOAL, "reopen", c.named(3))),
)

MAKES: g.Makes = {
    "a goal is achieved": (c.ACTIVE, g.END, ["goal.achieved", "milestone.reached"]),
    "a goal is let go": (c.ACTIVE, replace(g.END, outcome="let_go"), ["goal.closed"]),
    "a goal that rests is let go": (g.RESTING, replace(g.END, outcome="let_go"), ["goal.closed"]),
    "the same end is nothing new": (g.CLOSED, replace(g.END, outcome="let_go"), []),
    "a goal is taken up again": (g.CLOSED, REOPEN, ["goal.reopened"]),
    "an achieved goal is taken up again": (g.ACHIEVED, REOPEN, ["goal.reopened"]),
    "taking it up twice is the same": (REOPENED, REOPEN, []),
    "a goal that was taken up is practised": (
        REOPENED, g.PRACTICE, ["practice.logged", "milestone.reached"],
    ),
    "a goal that was taken up ends again": (
        REOPENED, replace(g.END, closure_id=c.named(33)), ["goal.achieved", "milestone.reached"],
    ),
}  # fmt: skip

REFUSES: g.Refuses = {
    "closing under the id of another end": (
        g.ACHIEVED, replace(g.END, outcome="let_go"), Refused, "#/outcome",
    ),
    "closing what is closed": (g.CLOSED, replace(g.END, closure_id=c.named(33)), Refused, None),
    "closing a draft": (g.DRAFT, g.END, Refused, None),
    "closing no goal of hers": (c.BEGUN, g.END, NotThere, None),
    "closing under the id of an end that is over": (
        REOPENED, replace(g.END, outcome="let_go"), Refused, None,
    ),
    "taking up what never ended": (c.ACTIVE, REOPEN, NotThere, None),
    "taking it up by another end's id": (g.CLOSED, replace(REOPEN, closure_id=c.named(33)), NotThere, None),
    "taking up no goal of hers": (c.BEGUN, REOPEN, NotThere, None),
}  # fmt: skip


@pytest.mark.parametrize(("before", "command", "expected"), MAKES.values(), ids=MAKES)
def test_makes(before: g.Given, command: Any, expected: list[str]) -> None:
    g.must_make(g.record(before), command, expected)


@pytest.mark.parametrize(("before", "command", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(before: g.Given, command: Any, kind: type[Refused], pointer: str | None) -> None:
    g.must_refuse(g.record(before), command, kind, pointer)


def test_what_she_ended_only_she_takes_up_again() -> None:
    ended = g.by_her(g.CLOSED)
    g.must_refuse(ended, REOPEN, Forbidden, None)
    g.must_make(ended, REOPEN, ["goal.reopened"], g.BY_HER)


def test_what_her_therapist_ended_she_may_take_up_again() -> None:
    g.must_make(g.record(g.CLOSED), REOPEN, ["goal.reopened"], g.BY_HER)


def test_a_goal_that_is_taken_up_again_has_no_end() -> None:
    goal = g.record(REOPENED).goals[c.GOAL]
    assert (goal.status, goal.closure_id, goal.closed_by, goal.outcome, goal.learned) == (
        "active",
        *[None] * 4,
    )


def test_reaching_it_twice_is_celebrated_once() -> None:
    achieved, _ = g.answered(g.record(c.ACTIVE), g.END)
    again, _ = g.answered(achieved, REOPEN)
    g.must_make(again, replace(g.END, closure_id=c.named(33)), ["goal.achieved"])
