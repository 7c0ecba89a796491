"""A goal rests and goes on (invariants 1, 9 and 10): paused days are skipped, and never a no."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.goals.rules.goal import on_day
from services.goals.rules.refusal import Forbidden, Invalid, NotThere, Refused
from tests import controls as c
from tests.goals.rules import given as g

MAKES: g.Makes = {
    "a goal rests": (c.ACTIVE, g.REST, ["goal.paused"]),
    "a goal rests until the end of today": (c.ACTIVE, replace(g.REST, until=c.TODAY), ["goal.paused"]),
    "a goal that rests is resting": (g.RESTING, g.REST, []),
    "a goal goes on": (g.RESTING, g.GO_ON, ["goal.resumed"]),
    "a goal that went on goes on": (g.RESTED, g.GO_ON, []),
    "a goal rests once more": (g.RESTED, replace(g.REST, pause_id=c.named(66)), ["goal.paused"]),
}

REFUSES: g.Refuses = {
    "resting what rests": (g.RESTING, replace(g.REST, pause_id=c.named(66)), Refused, None),
    "resting under the id of a rest that is over": (g.RESTED, g.REST, Refused, None),
    "resting until yesterday": (
        c.ACTIVE, replace(g.REST, until=c.TODAY - timedelta(days=1)), Invalid, "#/until",
    ),
    "resting a draft": (g.DRAFT, g.REST, Refused, None),
    "resting what has ended": (g.CLOSED, g.REST, Refused, None),
    "going on with what never rested": (c.ACTIVE, g.GO_ON, NotThere, None),
    "resting no goal of hers": (c.BEGUN, g.REST, NotThere, None),
}  # fmt: skip


@pytest.mark.parametrize(("before", "command", "expected"), MAKES.values(), ids=MAKES)
def test_makes(before: g.Given, command: Any, expected: list[str]) -> None:
    g.must_make(g.record(before), command, expected)


@pytest.mark.parametrize(("before", "command", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(before: g.Given, command: Any, kind: type[Refused], pointer: str | None) -> None:
    g.must_refuse(g.record(before), command, kind, pointer)


def test_what_she_paused_only_she_resumes() -> None:
    before = g.by_her(g.RESTING)
    g.must_refuse(before, g.GO_ON, Forbidden, None)
    g.must_make(before, g.GO_ON, ["goal.resumed"], g.BY_HER)


def test_what_her_therapist_paused_she_may_resume() -> None:
    g.must_make(g.record(g.RESTING), g.GO_ON, ["goal.resumed"], g.BY_HER)


def test_after_its_last_day_a_goal_goes_on_by_itself() -> None:
    rests, _ = g.answered(g.record(c.ACTIVE), replace(g.REST, until=c.TODAY + timedelta(days=2)))
    goal = rests.goals[c.GOAL]
    status = [on_day(goal, c.TODAY + timedelta(days=days)).status for days in range(5)]
    assert status == ["paused", "paused", "paused", "active", "active"]
    again = replace(g.REST, pause_id=c.named(66))
    g.must_refuse(rests, again, Refused, None, g.later(days=2))
    g.must_make(rests, again, ["goal.paused"], g.later(days=3))


def test_ending_a_pause_that_ran_out_ends_no_other() -> None:
    rests, _ = g.answered(g.record(c.ACTIVE), replace(g.REST, until=c.TODAY))
    rests, _ = g.answered(rests, replace(g.REST, pause_id=c.named(66)), g.later(days=2))
    after, made = g.answered(rests, g.GO_ON, g.later(days=2))
    assert len(made) == 1
    assert on_day(after.goals[c.GOAL], c.TODAY + timedelta(days=2)).status == "paused"


def test_a_pause_ends_with_the_goal() -> None:
    ended, _ = g.answered(g.record(g.RESTING), g.END, g.later(days=3))
    assert ended.goals[c.GOAL].pauses[0].resumed_at == g.later(days=3).now
    g.must_refuse(ended, g.GO_ON, Refused, None)
