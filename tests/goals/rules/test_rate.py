"""Ratings: whole numbers from 0 to 10, and 0 is one (invariants 5 and 6); how far it has come by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from services.goals.rules.commands.goal import VoidRating
from services.goals.rules.progress import Progress, progress
from services.goals.rules.rated import standing
from services.goals.rules.record import Record
from services.goals.rules.refusal import Invalid, NotThere, Refused
from shared.events import Change, Measure, RatingRecorded
from tests import controls as c
from tests.goals.rules import given as g

CALM: g.Given = g.measured(kind="rating", unit="calm", baseline=2, target=8)

MAKES: g.Makes = {
    "a rating of nothing is a rating": (c.ACTIVE, g.RATE, ["rating.recorded"]),
    "a rating of everything": (c.ACTIVE, replace(g.RATE, value=10), ["rating.recorded"]),
    "a goal that rests is rated": (g.RESTING, g.RATE, ["rating.recorded"]),
}

REFUSES: g.Refuses = {
    "rating a draft": (g.DRAFT, g.RATE, Refused, None),
    "rating a closed goal": (g.CLOSED, g.RATE, Refused, None),
    "rating an achieved goal": (g.ACHIEVED, g.RATE, Refused, None),
    "rating in a session that is not hers": (
        c.ACTIVE, replace(g.RATE, session_id=c.named(77)), Refused, "#/session_id",
    ),
    "rating no goal of hers": (c.BEGUN, g.RATE, NotThere, None),
}  # fmt: skip


@pytest.mark.parametrize(("before", "command", "expected"), MAKES.values(), ids=MAKES)
def test_makes(before: g.Given, command: Any, expected: list[str]) -> None:
    g.must_make(g.record(before), command, expected)


@pytest.mark.parametrize(("before", "command", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(before: g.Given, command: Any, kind: type[Refused], pointer: str | None) -> None:
    g.must_refuse(g.record(before), command, kind, pointer)


def test_a_rating_is_by_who_says_it_and_she_speaks_for_herself() -> None:
    _, (hers,) = g.answered(g.record(c.ACTIVE), g.RATE, g.BY_HER)
    _, (told,) = g.answered(g.record(c.ACTIVE), replace(g.RATE, rater="client"))
    for rating in (hers, told):
        assert isinstance(rating, RatingRecorded)
        assert rating.rater == "client"
    g.must_refuse(g.record(c.ACTIVE), replace(g.RATE, rater="therapist"), Invalid, "#/rater", g.BY_HER)


def rated(before: Record, *values: int, **more: Any) -> Record:
    """The record after some ratings of hers."""
    for value in values:
        number = 800 + len(before.facts)
        command = replace(g.RATE, rating_id=c.named(number), value=value, **({"rater": "client"} | more))
        before, _ = g.answered(before, command)
    return before


def test_the_later_one_of_a_session_stands_and_the_earlier_does_where_it_is_voided() -> None:
    before, _ = g.answered(g.record(c.ACTIVE), g.MEET)
    before = rated(before, 1, 2, session_id=g.MEET.session_id)
    assert [rating.value for rating in standing(before.goals[c.GOAL].ratings)] == [2]
    last = before.goals[c.GOAL].ratings[-1].rating_id
    before, _ = g.answered(before, VoidRating(goal_id=c.GOAL, rating_id=last))
    assert [rating.value for rating in standing(before.goals[c.GOAL].ratings)] == [1]


def test_ratings_stand_in_the_order_of_their_times() -> None:
    before = rated(g.record(c.ACTIVE), 7)
    before = rated(before, 3, time=c.NOW - timedelta(days=2))
    assert [rating.value for rating in standing(before.goals[c.GOAL].ratings)] == [3, 7]
    assert progress(before.goals[c.GOAL])[0].change == 4


def summed(goal: Any) -> list[tuple[Any, ...]]:
    return [msgspec.structs.astuple(part) for part in progress(goal)]


def test_a_change_is_from_the_baseline_of_its_epoch_and_its_rater() -> None:
    before = rated(g.record(CALM), 0, 5)
    before = rated(before, 4, 3, rater="therapist")
    assert progress(before.goals[c.GOAL]) == (
        Progress(epoch=1, rater="client", baseline=2, first=0, latest=5, change=3, ratings=2),
        Progress(epoch=1, rater="therapist", baseline=2, first=4, latest=3, change=1, ratings=2),
    )


def test_a_change_score_never_crosses_epochs() -> None:
    before = rated(g.record(CALM), 6)
    calm = msgspec.to_builtins(Measure("rating", "calm"))
    ease = calm | {"unit": "ease"}
    refocus = replace(g.EASE, kind="refocused", changes=(Change("measure", calm, ease),))
    before, _ = g.answered(before, refocus)
    before = rated(before, 3, 4)
    assert summed(before.goals[c.GOAL]) == [(1, "client", 2, 6, 6, 4, 1), (2, "client", 3, 3, 4, 1, 2)]
    restated = replace(g.EASE, adjustment_id=c.named(90), changes=(Change("baseline", 2, 1),))
    before, _ = g.answered(before, restated)
    assert summed(before.goals[c.GOAL])[1] == (2, "client", 1, 3, 4, 3, 2)


def test_a_count_has_no_baseline_of_ratings() -> None:
    count = g.measured(kind="count", unit="exercise", baseline=1, target=10)
    assert summed(rated(g.record(count), 4, 6).goals[c.GOAL]) == [(1, "client", 4, 4, 6, 2, 2)]


def test_what_was_never_rated_has_come_no_way() -> None:
    assert progress(g.record(c.ACTIVE).goals[c.GOAL]) == ()
