"""Pausing all reminders: given who paused before, when who pauses or resumes, then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.goals.rules.commands.client import PauseReminders, ResumeReminders
from services.goals.rules.refusal import Forbidden, Invalid, NotThere, Refused
from tests import controls as c
from tests.goals.rules.steps import BY_TEXT, Step, after, answer, names

REST = PauseReminders(pause_id=c.named(1))
OTHER = PauseReminders(pause_id=c.named(2))
GO_ON = ResumeReminders(pause_id=c.named(1))
YESTERDAY, TOMORROW = c.TODAY - timedelta(days=1), c.TODAY + timedelta(days=1)

HERS, STAFFS, TEXTED = (c.BY_CLIENT, REST), (c.BY_THERAPIST, REST), (BY_TEXT, REST)

MAKES: dict[str, tuple[tuple[Step, ...], Step, list[str]]] = {
    "she pauses": ((), HERS, ["reminders.paused"]),
    "she pauses by text": ((), TEXTED, ["reminders.paused"]),
    "her therapist pauses": ((), STAFFS, ["reminders.paused"]),
    "until today, inclusive": ((), (c.BY_CLIENT, replace(REST, until=c.TODAY)), ["reminders.paused"]),
    "the same pause is nothing new": ((HERS,), HERS, []),
    "a pause beside another": ((STAFFS,), (c.BY_CLIENT, OTHER), ["reminders.paused"]),
    "she resumes what she paused": ((HERS,), (c.BY_CLIENT, GO_ON), ["reminders.resumed"]),
    "she resumes by text what she paused on her page": ((HERS,), (BY_TEXT, GO_ON), ["reminders.resumed"]),
    "her therapist resumes what the staff paused": (
        (STAFFS,), (c.BY_THERAPIST, GO_ON), ["reminders.resumed"],
    ),
    "she resumes what the staff paused": ((STAFFS,), (c.BY_CLIENT, GO_ON), ["reminders.resumed"]),
    "resuming twice is the same": ((HERS, (c.BY_CLIENT, GO_ON)), (c.BY_CLIENT, GO_ON), []),
    "pausing anew takes a new id": ((HERS, (c.BY_CLIENT, GO_ON)), (c.BY_CLIENT, OTHER), ["reminders.paused"]),
}  # fmt: skip

REFUSES: dict[str, tuple[tuple[Step, ...], Step, type[Refused], str | None]] = {
    "her therapist resumes what she paused": ((HERS,), (c.BY_THERAPIST, GO_ON), Forbidden, None),
    "or what she paused by text": ((TEXTED,), (c.BY_THERAPIST, GO_ON), Forbidden, None),
    "until yesterday": ((), (c.BY_CLIENT, replace(REST, until=YESTERDAY)), Invalid, "#/until"),
    "another end of the same pause": (
        (HERS,), (c.BY_CLIENT, replace(REST, until=TOMORROW)), Refused, "#/until",
    ),
    "a pause that is over": ((HERS, (c.BY_CLIENT, GO_ON)), HERS, Refused, None),
    "resuming what was never paused": ((), (c.BY_CLIENT, GO_ON), NotThere, None),
}  # fmt: skip


@pytest.mark.parametrize(("given", "when", "expected"), MAKES.values(), ids=MAKES)
def test_makes(given: tuple[Step, ...], when: Step, expected: list[str]) -> None:
    assert names(answer(after(*given), when)) == expected


@pytest.mark.parametrize(("given", "when", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(given: tuple[Step, ...], when: Step, kind: type[Refused], pointer: str | None) -> None:
    with pytest.raises(Refused) as refused:
        answer(after(*given), when)
    assert (type(refused.value), refused.value.pointer) == (kind, pointer)


def test_the_last_day_of_a_pause_is_hers_and_a_repeat_after_it_is_free() -> None:
    late_at_night = c.NOW.replace(hour=4, day=3)  # 23:00 of the second, where she is
    until_today = (c.BY_CLIENT, replace(REST, until=c.TODAY))
    assert names(answer(after(), until_today, late_at_night)) == ["reminders.paused"]
    assert answer(after(until_today), until_today, c.NOW + timedelta(days=9)) == ()
