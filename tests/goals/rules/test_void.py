"""What was entered by mistake counts no more; what was celebrated stays so (invariant 12)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from services.goals.rules.commands.goal import ReopenGoal, VoidPractice, VoidRating
from services.goals.rules.commands.win import VoidWin
from services.goals.rules.refusal import Forbidden, NotThere, Refused
from shared.events import Change, PracticeVoided, RatingRecorded, WinRecorded, WinVoided, fact_id
from tests import controls as c
from tests.goals.rules import given as g

NO_PRACTICE = VoidPractice(goal_id=c.GOAL, practice_id=c.named(101))
NO_RATING = VoidRating(goal_id=c.GOAL, rating_id=c.named(8))
NO_WIN = VoidWin(win_id=c.named(4))
PRACTISED: g.Given = (*c.ACTIVE, g.practised(1, quantity=3))
VOIDED: g.Given = (
    *PRACTISED,
    (
        c.GOAL,
        PracticeVoided(practice_id=c.named(101), on=c.TODAY, quantity=3, epoch=1),
        fact_id(c.GOAL, "practice.voided", c.named(101)),
    ),
)
RATING = RatingRecorded(rating_id=c.named(8), value=0, rater="therapist", epoch=1)
RATED: g.Given = (*c.ACTIVE, (c.GOAL, RATING, fact_id(c.GOAL, "rating", c.named(8))))
NO_WIN_ANY_MORE = (c.CLIENT, WinVoided(win_id=c.named(4)), fact_id(c.CLIENT, "win.voided", c.named(4)))
WON_ON_IT: g.Given = (
    *c.ACTIVE,
    (c.GOAL, WinRecorded(win_id=c.named(4), kind="other", on=c.TODAY), fact_id(c.GOAL, "win", c.named(4))),
)

MAKES: g.Makes = {
    "a practice is voided": (PRACTISED, NO_PRACTICE, ["practice.voided"]),
    "a practice is voided once": (VOIDED, NO_PRACTICE, []),
    "a rating is voided": (RATED, NO_RATING, ["rating.voided"]),
    "a win of hers is voided": ((*c.BEGUN, g.WON), NO_WIN, ["win.voided"]),
    "a win of hers is voided once": ((*c.BEGUN, g.WON, NO_WIN_ANY_MORE), NO_WIN, []),
    "a win on a goal is voided": (WON_ON_IT, replace(NO_WIN, goal_id=c.GOAL), ["win.voided"]),
}

REFUSES: g.Refuses = {
    "voiding a practice that never was": (c.ACTIVE, NO_PRACTICE, NotThere, None),
    "voiding a rating that never was": (c.ACTIVE, NO_RATING, NotThere, None),
    "voiding a win that never was": (c.ACTIVE, NO_WIN, NotThere, None),
    "voiding a goal's win as hers alone": (WON_ON_IT, NO_WIN, NotThere, None),
    "voiding on no goal of hers": (c.BEGUN, NO_PRACTICE, NotThere, None),
    "logging what was voided again": (
        VOIDED, replace(g.PRACTICE, practice_id=c.named(101), quantity=3), Refused, None,
    ),
    "recording what was voided again": ((*c.BEGUN, g.WON, NO_WIN_ANY_MORE), g.A_WIN, Refused, None),
}  # fmt: skip


@pytest.mark.parametrize(("before", "command", "expected"), MAKES.values(), ids=MAKES)
def test_makes(before: g.Given, command: Any, expected: list[str]) -> None:
    g.must_make(g.record(before), command, expected)


@pytest.mark.parametrize(("before", "command", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(before: g.Given, command: Any, kind: type[Refused], pointer: str | None) -> None:
    g.must_refuse(g.record(before), command, kind, pointer)


def test_a_rating_that_was_voided_is_not_recorded_again() -> None:
    voided, _ = g.answered(g.record(RATED), NO_RATING)
    assert voided.goals[c.GOAL].ratings == ()
    g.must_refuse(voided, g.RATE, Refused, None)


def test_her_therapists_rating_is_not_hers_to_take_back() -> None:
    g.must_refuse(g.record(RATED), NO_RATING, Forbidden, None, g.BY_HER)
    hers, _ = g.answered(g.record(c.ACTIVE), g.RATE, g.BY_HER)
    g.must_make(hers, NO_RATING, ["rating.voided"], g.BY_HER)


def test_it_is_out_of_the_count_and_out_of_the_quantity() -> None:
    two = g.record((*PRACTISED, g.practised(2)))
    goal = g.answered(two, NO_PRACTICE)[0].goals[c.GOAL]
    assert (goal.practices, goal.quantity) == (1, 1)


def test_what_was_logged_in_an_earlier_epoch_is_taken_out_of_that_one() -> None:
    pages = {"kind": "count", "unit": "page"}
    change = Change("measure", msgspec.to_builtins(c.TWICE_A_DAY), pages)
    before, _ = g.answered(g.record(PRACTISED), replace(g.EASE, changes=(change,)))
    before, _ = g.answered(before, replace(g.PRACTICE, quantity=5))
    after, (voided,) = g.answered(before, NO_PRACTICE)
    assert isinstance(voided, PracticeVoided)
    assert (voided.epoch, voided.quantity) == (1, 3)
    assert (after.goals[c.GOAL].practices, after.goals[c.GOAL].quantity) == (1, 5)
    _, (now,) = g.answered(after, VoidPractice(goal_id=c.GOAL, practice_id=g.PRACTICE.practice_id))
    assert isinstance(now, PracticeVoided)
    assert now.epoch == 2


def test_what_ended_may_still_be_put_right_and_stays_ended() -> None:
    ended, _ = g.answered(g.record(PRACTISED), g.END)
    g.must_make(ended, NO_PRACTICE, ["practice.voided"])
    assert g.answered(ended, NO_PRACTICE)[0].goals[c.GOAL].status == "achieved"
    assert g.answered(ended, ReopenGoal(goal_id=c.GOAL, closure_id=g.END.closure_id))[1]


def test_no_milestone_is_taken_back_and_none_is_reached_twice() -> None:
    before = g.record((*c.ACTIVE, *(g.practised(n) for n in range(2))))
    before, made = g.answered(before, g.PRACTICE)
    reached = [event for event in made if event.TYPE == "cairn.milestone.reached.v1"]
    assert len(reached) == 2
    after, voided = g.answered(before, VoidPractice(goal_id=c.GOAL, practice_id=g.PRACTICE.practice_id))
    assert len(voided) == 1
    assert after.goals[c.GOAL].milestones == before.goals[c.GOAL].milestones
    g.must_make(after, replace(g.PRACTICE, practice_id=c.named(55)), ["practice.logged"])
