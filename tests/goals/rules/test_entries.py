"""What she does: practices and wins (invariants 7 and 10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.goals.rules.refusal import Invalid, NotThere, Refused
from shared.events import PracticeLogged, WinRecorded
from tests import controls as c
from tests.goals.rules import given as g

MAKES: g.Makes = {
    "the first practice is a first step": (c.ACTIVE, g.PRACTICE, ["practice.logged", "milestone.reached"]),
    "a practice of 14 days back": (
        c.ACTIVE,
        replace(g.PRACTICE, on=c.TODAY - timedelta(days=14)),
        ["practice.logged", "milestone.reached"],
    ),
    "a goal that rests is practised": (g.RESTING, g.PRACTICE, ["practice.logged", "milestone.reached"]),
    "a win needs no goal": (c.BEGUN, g.A_WIN, ["win.recorded", "milestone.reached", "milestone.reached"]),
    "a win may be of a goal, even of one that is a draft": (
        g.DRAFT,
        replace(g.A_WIN, goal_id=c.GOAL),
        ["win.recorded", "milestone.reached", "milestone.reached"],
    ),
    "the same win is one event": ((*c.BEGUN, g.WON), g.A_WIN, []),
}

REFUSES: g.Refuses = {
    "a practice on a draft": (g.DRAFT, g.PRACTICE, Refused, None),
    "a practice on a closed goal": (g.CLOSED, g.PRACTICE, Refused, None),
    "a practice on an achieved goal": (g.ACHIEVED, g.PRACTICE, Refused, None),
    "a practice of nothing": (c.ACTIVE, replace(g.PRACTICE, quantity=0), Invalid, "#/quantity"),
    "a practice tomorrow": (
        c.ACTIVE, replace(g.PRACTICE, on=c.TODAY + timedelta(days=1)), Invalid, "#/on",
    ),
    "a practice 15 days back": (
        c.ACTIVE, replace(g.PRACTICE, on=c.TODAY - timedelta(days=15)), Invalid, "#/on",
    ),
    "a practice of long ago by its time": (
        c.ACTIVE, replace(g.PRACTICE, on=None, time=c.NOW - timedelta(days=30)), Invalid, "#/time",
    ),
    "a practice on no goal of hers": (c.BEGUN, g.PRACTICE, NotThere, None),
    "a win tomorrow": (c.BEGUN, replace(g.A_WIN, on=c.TODAY + timedelta(days=1)), Invalid, "#/on"),
    "a win with other words under the same id": (
        (*c.BEGUN, g.WON), replace(g.A_WIN, text="Other"), Refused, "#/text",
    ),
    "a win on a closed goal": (g.CLOSED, replace(g.A_WIN, goal_id=c.GOAL), Refused, None),
    "a win on no goal of hers": (c.BEGUN, replace(g.A_WIN, goal_id=c.GOAL), NotThere, None),
}  # fmt: skip


@pytest.mark.parametrize(("before", "command", "expected"), MAKES.values(), ids=MAKES)
def test_makes(before: g.Given, command: Any, expected: list[str]) -> None:
    g.must_make(g.record(before), command, expected)


@pytest.mark.parametrize(("before", "command", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(before: g.Given, command: Any, kind: type[Refused], pointer: str | None) -> None:
    g.must_refuse(g.record(before), command, kind, pointer)


def test_a_default_day_stays_the_day_it_was() -> None:
    assert g.answered(g.record((*c.BEGUN, g.WON)), g.A_WIN, g.later(days=3))[1] == []


def test_a_fact_of_an_earlier_time_is_of_that_local_day() -> None:
    late_last_night = c.NOW - timedelta(hours=11)
    for command in (replace(g.PRACTICE, on=None), g.A_WIN):
        made = g.answered(g.record(c.ACTIVE), replace(command, time=late_last_night))[1]
        assert isinstance(made[0], PracticeLogged | WinRecorded)
        assert made[0].on == c.TODAY - timedelta(days=1)
