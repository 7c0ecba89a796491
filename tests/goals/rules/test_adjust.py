"""Adjusting a goal: what, from what to what, and why (invariants 4 and 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from services.goals.rules.refusal import Invalid, NotThere, Refused
from shared.events import Change, GoalAdjusted, Measure
from tests import controls as c
from tests.goals.rules import given as g

TWICE_A_DAY = msgspec.to_builtins(c.TWICE_A_DAY)


def measure(**parts: Any) -> Change:
    """The measure becomes another one."""
    return Change(field="measure", from_=TWICE_A_DAY, to=TWICE_A_DAY | parts)


CALM = measure(kind="rating", unit="calm", period=None)
PAGES = measure(unit="page")
A_WEEK = measure(period="week")
TO_8 = Change(field="target", from_=2, to=8)
AGAIN = Change(field="target", from_=2, to=2)


def adjust(*changes: Change, kind: Any = "refocused") -> Any:
    return replace(g.EASE, kind=kind, changes=changes)


MAKES: g.Makes = {
    "a goal is eased": (c.ACTIVE, g.EASE, ["goal.adjusted"]),
    "a goal that rests is eased": (g.RESTING, g.EASE, ["goal.adjusted"]),
    "several fields at once": (
        c.ACTIVE, adjust(TO_8, Change(field="confidence", from_=7, to=9)), ["goal.adjusted"],
    ),
    "what was not there is added": (
        c.ACTIVE, adjust(Change(field="if_then", from_=None, to="At 8 I breathe")), ["goal.adjusted"],
    ),
    "another measure": (c.ACTIVE, adjust(PAGES), ["goal.adjusted"]),
    "another measure with the same number of it": (c.ACTIVE, adjust(PAGES, AGAIN), ["goal.adjusted"]),
    "a rating instead, with its own target": (c.ACTIVE, adjust(CALM, TO_8), ["goal.adjusted"]),
    "it holds from its first day at the earliest": (
        c.ACTIVE, replace(g.EASE, effective_on=c.TODAY), ["goal.adjusted"],
    ),
}  # fmt: skip

REFUSES: g.Refuses = {
    "an adjustment from what is not": (
        c.ACTIVE, adjust(Change(field="target", from_=3, to=1)), Refused, "#/changes/0/from",
    ),
    "an adjustment to the same": (c.ACTIVE, adjust(AGAIN), Refused, "#/changes/0/to"),
    "an adjustment of nothing": (c.ACTIVE, adjust(), Invalid, "#/changes"),
    "an adjustment to nothing": (
        c.ACTIVE, adjust(Change(field="target", from_=2, to=0)), Invalid, "#/changes/0/to",
    ),
    "a part that is taken away": (
        c.ACTIVE, adjust(Change(field="target", from_=2, to=None)), Invalid, "#/changes/0/to",
    ),
    "an unknown field": (
        c.ACTIVE, adjust(Change(field="mood", from_=2, to=1)), Invalid, "#/changes/0/field",
    ),
    "focus, which has its own path": (
        c.ACTIVE, adjust(Change(field="focus", from_=False, to=True)), Invalid, "#/changes/0/field",
    ),
    "a field twice": (c.ACTIVE, adjust(*g.EASE.changes * 2), Invalid, "#/changes/1/field"),
    "a target of another type": (
        c.ACTIVE, adjust(Change(field="target", from_=2, to=[1])), Invalid, "#/changes/0/to",
    ),
    "confidence beyond ten": (
        c.ACTIVE, adjust(Change(field="confidence", from_=7, to=11)), Invalid, "#/changes/0/to",
    ),
    "an end moved before the start": (
        c.ACTIVE,
        adjust(Change(field="end_on", from_="2026-04-02", to="2026-03-01")),
        Invalid,
        "#/changes/0/to",
    ),
    "an end that leaves a review outside": (
        c.ACTIVE,
        adjust(Change(field="end_on", from_="2026-04-02", to="2026-03-20")),
        Invalid,
        "#/changes/0/to",
    ),
    "an adjustment of another century": (
        c.ACTIVE, replace(g.EASE, effective_on=date(2090, 1, 1)), Invalid, "#/effective_on",
    ),
    "a therapist's adjustment without words": (c.ACTIVE, replace(g.EASE, reason=None), Invalid, "#/reason"),
    "a count carried over as a rating": (c.ACTIVE, adjust(CALM), Refused, "#/changes/0/to"),
    "a target beyond the new scale": (
        g.measured(kind="count", unit="exercise", target=50),
        adjust(Change("measure", {"kind": "count", "unit": "exercise"}, CALM.to), Change("target", 50, 40)),
        Invalid,
        "#/changes/1/to",
    ),
    "a baseline that the new scale has not": (
        g.measured(**TWICE_A_DAY, target=2, baseline=20), adjust(CALM, TO_8), Invalid, "#/changes/0/to",
    ),
    "adjusting a draft": (g.DRAFT, g.EASE, Refused, None),
    "adjusting what is achieved": (g.ACHIEVED, g.EASE, Refused, None),
    "adjusting what is closed": (g.CLOSED, g.EASE, Refused, None),
    "adjusting no goal of hers": (c.BEGUN, g.EASE, NotThere, None),
    "another adjustment under the same id": (
        (*c.ACTIVE, (c.GOAL, *g.eased())), replace(g.EASE, kind="stretched"), Refused, "#/kind",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "command", "expected"), MAKES.values(), ids=MAKES)
def test_makes(before: g.Given, command: Any, expected: list[str]) -> None:
    g.must_make(g.record(before), command, expected)


@pytest.mark.parametrize(("before", "command", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(before: g.Given, command: Any, kind: type[Refused], pointer: str | None) -> None:
    g.must_refuse(g.record(before), command, kind, pointer)


@pytest.mark.parametrize(
    ("changes", "kind", "epoch"),
    [
        ((TO_8,), "stretched", 1),
        ((PAGES,), "refocused", 2),
        ((A_WEEK,), "eased", 2),
        ((CALM, TO_8), "refocused", 2),
        ((PAGES,), "corrected", 1),
        ((CALM, TO_8), "corrected", 2),
    ],
    ids=[
        "another target of the same measure",
        "another unit",
        "another period",
        "another kind",
        "a unit that is put right was never another",
        "another kind is another scale, even where it is put right",
    ],
)
def test_another_measure_starts_an_epoch(changes: Any, kind: Any, epoch: int) -> None:
    before, _ = g.answered(g.record(c.ACTIVE), g.PRACTICE)
    after, (adjusted,) = g.answered(before, adjust(*changes, kind=kind))
    assert isinstance(adjusted, GoalAdjusted)
    goal = after.goals[c.GOAL]
    assert (adjusted.epoch, goal.epoch) == (epoch, epoch)
    assert (goal.quantity, goal.practices) == (1 if epoch == 1 else 0, 1)


def test_a_repeat_is_of_the_epoch_that_it_was_of() -> None:
    after, _ = g.answered(g.record(c.ACTIVE), adjust(PAGES))
    moved, _ = g.answered(after, replace(g.RATE, value=4))
    assert g.answered(moved, adjust(PAGES), g.later(days=3))[1] == []


def test_it_says_how_often_it_was_eased_and_stretched() -> None:
    before = g.record(c.ACTIVE)
    for number, (kind, start, end) in enumerate((("eased", 2, 1), ("stretched", 1, 2), ("eased", 2, 1))):
        change = Change(field="target", from_=start, to=end)
        before, _ = g.answered(before, replace(adjust(change, kind=kind), adjustment_id=c.named(50 + number)))
    assert before.goals[c.GOAL].adjustments == {"eased": 2, "stretched": 1}


def test_a_client_may_ease_without_words() -> None:
    _, (eased,) = g.answered(g.record(c.ACTIVE), replace(g.EASE, reason=None, agreed=None), g.BY_HER)
    assert isinstance(eased, GoalAdjusted)
    assert eased.agreed == "client"


def test_the_measure_of_a_rating_is_one_scale() -> None:
    calm = g.measured(kind="rating", unit="calm", baseline=3, target=7)
    change = Change("measure", msgspec.to_builtins(Measure("rating", "calm")), TWICE_A_DAY)
    g.must_refuse(g.record(calm), adjust(change), Refused, "#/changes/0/to")
    g.must_make(g.record(calm), adjust(change, Change("target", 7, 2)), ["goal.adjusted"])
