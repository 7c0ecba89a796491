"""Reminders: given what is planned or was stopped, when who plans or ends one, then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.goals.rules.commands.client import CancelReminder, PlanReminder, SetPreferences
from services.goals.rules.commands.goal import CloseGoal
from services.goals.rules.refusal import Forbidden, Invalid, Refused
from shared.events import Cadence
from tests import controls as c
from tests.goals.rules.steps import Step, after, answer, names

MORNING = Cadence(days=("mon",), times=("09:00",))
AT_FOUR_TIMES = Cadence(days=("mon",), times=("09:00", "12:00", "15:00", "18:00"))
PRACTISE = PlanReminder(reminder_id=c.named(1), kind="practice", channel="sms", cadence=MORNING)
OFF = replace(PRACTISE, active=False)
CHEER = PlanReminder(reminder_id=c.named(2), kind="celebration", channel="sms")
NO_CHEER = replace(CHEER, active=False)
LETTER = PlanReminder(reminder_id=c.named(3), kind="digest", channel="email")
CANCEL = CancelReminder(reminder_id=c.named(1))
CLOSE = CloseGoal(goal_id=c.GOAL, closure_id=c.named(9), outcome="let_go")


def hers(command: Any) -> Step:
    return (c.BY_CLIENT, command)


def staffs(command: Any) -> Step:
    return (c.BY_THERAPIST, command)


MAKES: dict[str, tuple[tuple[Step, ...], Step, list[str]]] = {
    "a rating prompt, before each session": (
        (), staffs(replace(CHEER, kind="rating")), ["reminder.planned"],
    ),
    "a rating prompt, each week": ((), staffs(replace(PRACTISE, kind="rating")), ["reminder.planned"]),
    "reviews of one goal": ((), staffs(replace(CHEER, kind="review", goal_id=c.GOAL)), ["reminder.planned"]),
    "when she is quiet": ((), staffs(replace(CHEER, kind="quiet")), ["reminder.planned"]),
    "celebrations": ((), hers(CHEER), ["reminder.planned"]),
    "a digest for her therapist": ((), staffs(replace(LETTER, cadence=MORNING)), ["reminder.planned"]),
    "a digest is none of her reminders a day": (
        (hers(SetPreferences(daily_cap=1)), staffs(replace(LETTER, cadence=MORNING))),
        staffs(replace(PRACTISE, cadence=Cadence(days=("mon",), times=("12:00",)))),
        ["reminder.planned"],
    ),
    "it may come often, for it is no reminder of hers": (
        (), staffs(replace(LETTER, cadence=AT_FOUR_TIMES)), ["reminder.planned"],
    ),
    "she switches one off": ((staffs(PRACTISE),), hers(OFF), ["reminder.planned"]),
    "and on again": ((staffs(PRACTISE), hers(OFF)), hers(PRACTISE), ["reminder.planned"]),
    "she ends one": ((staffs(PRACTISE),), hers(CANCEL), ["reminder.cancelled"]),
    "and plans it again": ((staffs(PRACTISE), hers(CANCEL)), hers(PRACTISE), ["reminder.planned"]),
    "what the staff switched off it switches on": (
        (staffs(PRACTISE), staffs(OFF)), staffs(PRACTISE), ["reminder.planned"],
    ),
    "what the staff ended it plans again": (
        (staffs(PRACTISE), staffs(CANCEL)), staffs(PRACTISE), ["reminder.planned"],
    ),
    "once she started one again, the staff changes it": (
        (staffs(PRACTISE), hers(OFF), hers(PRACTISE)), staffs(OFF), ["reminder.planned"],
    ),
    "off as it is already is nothing new": ((staffs(OFF),), hers(OFF), []),
    "a repeat of what she switched off is free": ((staffs(PRACTISE), hers(OFF)), staffs(OFF), []),
    "she ends what she switched off, and it is as it was before": (
        (hers(NO_CHEER), hers(CancelReminder(reminder_id=c.named(2)))),
        staffs(replace(CHEER, reminder_id=c.named(4))), ["reminder.planned"],
    ),
    "another reminder of practice is another": (
        (staffs(PRACTISE), hers(CANCEL)), staffs(replace(PRACTISE, reminder_id=c.named(4))),
        ["reminder.planned"],
    ),
    "by e-mail what she switched off by text": (
        (hers(NO_CHEER),), staffs(replace(CHEER, reminder_id=c.named(4), channel="email")),
        ["reminder.planned"],
    ),
    "off, for a goal that has ended": (
        (staffs(replace(PRACTISE, goal_id=c.GOAL)), staffs(CLOSE)), hers(replace(OFF, goal_id=c.GOAL)),
        ["reminder.planned"],
    ),
}  # fmt: skip

REFUSES: dict[str, tuple[tuple[Step, ...], Step, type[Refused], str | None]] = {
    "the staff switches on what she switched off": (
        (staffs(PRACTISE), hers(OFF)), staffs(PRACTISE), Forbidden, None,
    ),
    "or changes it": (
        (staffs(PRACTISE), hers(OFF)), staffs(replace(OFF, channel="email")), Forbidden, None,
    ),
    "or ends it": ((hers(NO_CHEER),), staffs(CancelReminder(reminder_id=c.named(2))), Forbidden, None),
    "or switches its kind on under another id": (
        (hers(NO_CHEER),), staffs(replace(CHEER, reminder_id=c.named(4))), Forbidden, "#/kind",
    ),
    "the staff plans again what she ended": (
        (staffs(PRACTISE), hers(CANCEL)), staffs(PRACTISE), Forbidden, None,
    ),
    "celebrations by the clock": ((), hers(replace(CHEER, cadence=MORNING)), Invalid, "#/cadence"),
    "reviews by the clock": (
        (), hers(replace(CHEER, kind="review", cadence=MORNING)), Invalid, "#/cadence",
    ),
    "celebrations of one goal": ((), hers(replace(CHEER, goal_id=c.GOAL)), Invalid, "#/goal_id"),
    "a digest by text": ((), staffs(replace(LETTER, channel="sms")), Invalid, "#/channel"),
    "she plans her therapist's digest": ((), hers(LETTER), Forbidden, "#/kind"),
    "she ends it": (
        (staffs(LETTER),), hers(CancelReminder(reminder_id=c.named(3))), Forbidden, "#/kind",
    ),
    "a goal that has ended": (
        (staffs(CLOSE),), hers(replace(PRACTISE, goal_id=c.GOAL)), Refused, "#/goal_id",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "when", "expected"), MAKES.values(), ids=MAKES)
def test_makes(given: tuple[Step, ...], when: Step, expected: list[str]) -> None:
    assert names(answer(after(*given, given=c.ACTIVE), when)) == expected


@pytest.mark.parametrize(("given", "when", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(given: tuple[Step, ...], when: Step, kind: type[Refused], pointer: str | None) -> None:
    with pytest.raises(Refused) as refused:
        answer(after(*given, given=c.ACTIVE), when)
    assert (type(refused.value), refused.value.pointer) == (kind, pointer)
