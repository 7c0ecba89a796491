"""Drafting and setting a goal: the five SMART parts, and the dates that hold them (invariant 2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from services.goals.rules.commands.goal import DraftGoal
from services.goals.rules.refusal import Invalid, Refused
from shared.events import GoalSet, Measure
from tests import controls as c
from tests.goals.rules import given as g

WORDS = "I want to breathe"

MAKES: g.Makes = {
    "a goal is drafted": (c.BEGUN, DraftGoal(goal_id=c.GOAL, statement=c.STATEMENT), ["goal.drafted"]),
    "a draft may change": (g.DRAFT, DraftGoal(goal_id=c.GOAL, statement=WORDS), ["goal.drafted"]),
    "the same draft is nothing new": (
        g.DRAFT, DraftGoal(goal_id=c.GOAL, theme="coping", statement=c.STATEMENT), [],
    ),
    "a goal set without a draft is drafted and set": (c.BEGUN, g.BREATHE, ["goal.drafted", "goal.set"]),
    "a draft with the same words is set": (g.DRAFT, g.BREATHE, ["goal.set"]),
    "a draft keeps its words where setting gives none": (
        g.DRAFT, replace(g.BREATHE, statement=None, theme=None), ["goal.set"],
    ),
    "a goal set again with the same is nothing new": (c.ACTIVE, g.BREATHE, []),
    "a goal that has ended, set again with the same, is nothing new": (g.CLOSED, g.BREATHE, []),
    "a year is not too long": (
        c.BEGUN, replace(g.BREATHE, end_on=date(2027, 3, 2)), ["goal.drafted", "goal.set"],
    ),
    "a review on the last day is inside": (
        c.BEGUN, replace(g.BREATHE, review_on=(date(2026, 4, 2),)), ["goal.drafted", "goal.set"],
    ),
    "a rating to go down to nothing is one": (
        c.BEGUN,
        replace(g.BREATHE, measure=Measure(kind="rating", unit="worry"), baseline=8, target=0),
        ["goal.drafted", "goal.set"],
    ),
}  # fmt: skip

REFUSES: g.Refuses = {
    "an end before its start": (c.BEGUN, replace(g.BREATHE, end_on=date(2026, 3, 1)), Invalid, "#/end_on"),
    "an end on its start": (c.BEGUN, replace(g.BREATHE, end_on=c.TODAY), Invalid, "#/end_on"),
    "more than a year": (c.BEGUN, replace(g.BREATHE, end_on=date(2027, 3, 3)), Invalid, "#/end_on"),
    "a review outside": (
        c.BEGUN, replace(g.BREATHE, review_on=(date(2026, 5, 1),)), Invalid, "#/review_on",
    ),
    "a review before it begins": (
        c.BEGUN, replace(g.BREATHE, review_on=(date(2026, 3, 1), date(2026, 3, 20))), Invalid, "#/review_on",
    ),
    "a period without one": (
        c.BEGUN,
        replace(g.BREATHE, measure=msgspec.structs.replace(c.TWICE_A_DAY, period=None)),
        Invalid,
        "#/measure/period",
    ),
    "a count with a period": (
        c.BEGUN,
        replace(g.BREATHE, measure=msgspec.structs.replace(c.TWICE_A_DAY, kind="count")),
        Invalid,
        "#/measure/period",
    ),
    "setting again with another target": (c.ACTIVE, replace(g.BREATHE, target=3), Refused, "#/target"),
    "setting again with other words": (
        c.ACTIVE, replace(g.BREATHE, statement="Other"), Refused, "#/status",
    ),
    "drafting a goal that is active": (c.ACTIVE, DraftGoal(goal_id=c.GOAL), Refused, "#/status"),
    "drafting a goal that has ended": (g.CLOSED, DraftGoal(goal_id=c.GOAL), Refused, "#/status"),
    "a target of nothing": (c.BEGUN, replace(g.BREATHE, target=0), Invalid, "#/target"),
    "a rating above its scale": (
        c.BEGUN,
        replace(g.BREATHE, measure=Measure(kind="rating", unit="calm"), target=11),
        Invalid,
        "#/target",
    ),
    "a rating that begins below its scale": (
        c.BEGUN,
        replace(g.BREATHE, measure=Measure(kind="rating", unit="calm"), baseline=-1),
        Invalid,
        "#/baseline",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "command", "expected"), MAKES.values(), ids=MAKES)
def test_makes(before: g.Given, command: Any, expected: list[str]) -> None:
    g.must_make(g.record(before), command, expected)


@pytest.mark.parametrize(("before", "command", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(before: g.Given, command: Any, kind: type[Refused], pointer: str | None) -> None:
    g.must_refuse(g.record(before), command, kind, pointer)


@pytest.mark.parametrize(
    ("lasts", "reviews"),
    [(30, (15, 30)), (31, (15, 31)), (2, (1, 2)), (1, (1,))],
)
def test_without_review_days_it_is_reviewed_midway_and_at_the_end(
    lasts: int, reviews: tuple[int, ...]
) -> None:
    command = replace(g.BREATHE, end_on=c.TODAY + timedelta(days=lasts))
    snapshot = g.answered(g.record(c.BEGUN), command)[1][1]
    assert isinstance(snapshot, GoalSet)
    assert snapshot.review_on == tuple(c.TODAY + timedelta(days=day) for day in reviews)


def test_who_set_it_alone_is_who_agreed() -> None:
    for moment, agreed in ((g.BY_HER, "client"), (c.at(), "therapist")):
        snapshot = g.answered(g.record(c.BEGUN), replace(g.BREATHE, agreed=None), moment)[1][1]
        assert isinstance(snapshot, GoalSet)
        assert snapshot.agreed == agreed


def test_her_first_words_stay_beside_what_it_is_now() -> None:
    before, _ = g.answered(g.record(c.BEGUN), DraftGoal(goal_id=c.GOAL, theme="coping"))
    for words in (WORDS, c.STATEMENT):
        before, _ = g.answered(before, DraftGoal(goal_id=c.GOAL, theme="coping", statement=words))
    goal = g.answered(before, g.BREATHE)[0].goals[c.GOAL]
    assert (goal.first_words, goal.statement, goal.specific) == (WORDS, c.STATEMENT, g.BREATHE.specific)
