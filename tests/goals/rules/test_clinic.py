"""The rules of a clinic and its staff, as rows."""

from __future__ import annotations

from typing import Any

import pytest

from services.goals.rules.clinic import decide
from services.goals.rules.commands.clinic import RemoveStaff, SetStaff
from services.goals.rules.refusal import NotThere
from shared.clinic import evolve
from shared.events import StaffLeft, StaffSet
from tests import controls as c

ANA = SetStaff(staff_id=c.THERAPIST, role="therapist", name="Ana Ruiz", email="ana@example.org")
GONE = evolve(c.A_CLINIC, c.CLINIC, StaffLeft(staff_id=c.THERAPIST))
BACK = evolve(GONE, c.CLINIC, StaffSet(staff_id=c.THERAPIST, role="lead"))


@pytest.mark.parametrize(
    ("clinic", "command", "expected"),
    [
        pytest.param(c.A_CLINIC, ANA, [], id="the same person is nothing new"),
        pytest.param(GONE, ANA, ["cairn.staff.set.v1"], id="who left may come back"),
        pytest.param(c.A_CLINIC, RemoveStaff(staff_id=c.THERAPIST), ["cairn.staff.left.v1"], id="leaving"),
        pytest.param(GONE, RemoveStaff(staff_id=c.THERAPIST), [], id="leaving twice is the same"),
        pytest.param(BACK, RemoveStaff(staff_id=c.THERAPIST), ["cairn.staff.left.v1"], id="leaving again"),
    ],
)
def test_makes(clinic: Any, command: Any, expected: list[str]) -> None:
    made = decide(clinic, c.CLINIC, 2, command, c.at())
    assert [proposed.data.TYPE for proposed in made] == expected


def test_who_never_worked_here_cannot_leave() -> None:
    with pytest.raises(NotThere):
        decide(c.A_CLINIC, c.CLINIC, 2, RemoveStaff(staff_id=c.COLLEAGUE), c.at())
