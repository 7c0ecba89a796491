"""Looking at a goal together; what is decided follows by its own command."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.goals.rules.refusal import NotThere, Refused
from shared.events import GoalReviewed, fact_id
from tests import controls as c
from tests.goals.rules import given as g

MAKES: g.Makes = {
    "a goal is reviewed": (c.ACTIVE, g.LOOK, ["goal.reviewed"]),
    "a goal that rests is reviewed": (g.RESTING, g.LOOK, ["goal.reviewed"]),
    "calling it achieved closes nothing": (c.ACTIVE, replace(g.LOOK, outcome="achieved"), ["goal.reviewed"]),
}
SEEN = GoalReviewed(review_id=c.named(9), review_on=c.TODAY, outcome="keep")

REFUSES: g.Refuses = {
    "reviewing a draft": (g.DRAFT, g.LOOK, Refused, None),
    "reviewing a closed goal": (g.CLOSED, g.LOOK, Refused, None),
    "reviewing no goal of hers": (c.BEGUN, g.LOOK, NotThere, None),
    "another outcome under the same id": (
        (*c.ACTIVE, (c.GOAL, SEEN, fact_id(c.GOAL, "review", c.named(9)))),
        replace(g.LOOK, outcome="let_go"),
        Refused,
        "#/outcome",
    ),
}


@pytest.mark.parametrize(("before", "command", "expected"), MAKES.values(), ids=MAKES)
def test_makes(before: g.Given, command: Any, expected: list[str]) -> None:
    g.must_make(g.record(before), command, expected)


@pytest.mark.parametrize(("before", "command", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(before: g.Given, command: Any, kind: type[Refused], pointer: str | None) -> None:
    g.must_refuse(g.record(before), command, kind, pointer)
