"""Sessions: given how one stands, when it is moved, attended or called off, then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.goals.rules.commands.client import SetSession
from services.goals.rules.refusal import Invalid
from tests import controls as c
from tests.goals.rules.steps import Step, after, answer, names

PLANNED = SetSession(session_id=c.named(1), starts_at=c.NOW)
LATER = replace(PLANNED, starts_at=c.NOW + timedelta(hours=1))
CAME = replace(PLANNED, status="attended")
OFF = replace(PLANNED, status="cancelled")


def by_staff(*commands: SetSession) -> tuple[Step, ...]:
    return tuple((c.BY_THERAPIST, command) for command in commands)


ROWS: dict[str, tuple[tuple[Step, ...], SetSession, list[str]]] = {
    "it is planned": ((), PLANNED, ["session.scheduled"]),
    "it is moved": (by_staff(PLANNED), LATER, ["session.scheduled"]),
    "she came, which is a first step": (
        by_staff(PLANNED), CAME, ["session.attended", "milestone.reached"],
    ),
    "she came, though nobody had planned it": ((), CAME, ["session.attended", "milestone.reached"]),
    "she came twice, which is a first step no more": (
        by_staff(CAME), replace(CAME, session_id=c.named(2)), ["session.attended"],
    ),
    "it is called off": (by_staff(PLANNED), OFF, ["session.cancelled"]),
    "it takes place after all": (by_staff(OFF), PLANNED, ["session.scheduled"]),
    "she did not come after all": (by_staff(CAME), OFF, ["session.cancelled"]),
    "that she came was right": (by_staff(CAME, OFF), CAME, ["session.attended"]),
    "the same again is nothing new": (by_staff(CAME), CAME, []),
}  # fmt: skip


@pytest.mark.parametrize(("given", "when", "expected"), ROWS.values(), ids=ROWS)
def test_makes(given: tuple[Step, ...], when: SetSession, expected: list[str]) -> None:
    assert names(answer(after(*given), (c.BY_THERAPIST, when))) == expected


def test_a_session_is_attended_once_it_has_begun_and_not_a_moment_before() -> None:
    with pytest.raises(Invalid) as refused:
        answer(after(), (c.BY_THERAPIST, CAME), c.NOW - timedelta(seconds=1))
    assert refused.value.pointer == "#/starts_at"
    assert answer(after(), (c.BY_THERAPIST, CAME), c.NOW)
