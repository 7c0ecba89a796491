"""Safety flags: given what was flagged, when it is flagged or looked at, then; and who sees one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.goals.rules.access import Who, seen_by
from services.goals.rules.commands.client import EndCare, RaiseFlag, ReviewFlag
from services.goals.rules.refusal import NotThere, Refused
from tests import controls as c
from tests.goals.rules.steps import BY_TEXT, Step, after, answer, names

FLAG = RaiseFlag(flag_id=c.named(1), message_ref="SM0001", crisis_line="988", rule="en:hopeless")
LOOK = ReviewFlag(flag_id=c.named(1))
RAISED, SEEN = (BY_TEXT, FLAG), (c.BY_THERAPIST, LOOK)
ENDED = (c.BY_THERAPIST, EndCare(care_end_id=c.named(1), reason="finished"))

MAKES: dict[str, tuple[tuple[Step, ...], Step, list[str]]] = {
    "what she texted is flagged": ((), RAISED, ["safety.flagged"]),
    "the staff flags what it read": ((), (c.BY_THERAPIST, FLAG), ["safety.flagged"]),
    "the same flag is nothing new": ((RAISED,), RAISED, []),
    "it is flagged after her care has ended, too": ((ENDED,), RAISED, ["safety.flagged"]),
    "and looked at": ((RAISED, ENDED), SEEN, ["safety.reviewed"]),
    "somebody looked": ((RAISED,), SEEN, ["safety.reviewed"]),
    "looking again is free": ((RAISED, SEEN), SEEN, []),
}  # fmt: skip

REFUSES: dict[str, tuple[tuple[Step, ...], Step, type[Refused], str | None]] = {
    "the same flag for another message": (
        (RAISED,), (BY_TEXT, replace(FLAG, message_ref="SM0002")), Refused, "#/message_ref",
    ),
    "the same flag by another rule": ((RAISED,), (BY_TEXT, replace(FLAG, rule="other")), Refused, "#/rule"),
    "looking at what was not flagged": ((), SEEN, NotThere, None),
}  # fmt: skip


@pytest.mark.parametrize(("given", "when", "expected"), MAKES.values(), ids=MAKES)
def test_makes(given: tuple[Step, ...], when: Step, expected: list[str]) -> None:
    assert names(answer(after(*given), when)) == expected


@pytest.mark.parametrize(("given", "when", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(given: tuple[Step, ...], when: Step, kind: type[Refused], pointer: str | None) -> None:
    with pytest.raises(Refused) as refused:
        answer(after(*given), when)
    assert (type(refused.value), refused.value.pointer) == (kind, pointer)


@pytest.mark.parametrize(
    ("role", "sees"), [("therapist", True), ("lead", True), ("client", False), ("service", False)]
)
def test_the_staff_sees_a_flag_and_her_own_copy_never_shows_one(role: Any, sees: bool) -> None:
    her = after(RAISED).known_client()
    assert bool(seen_by(Who(role, "somebody", c.CLINIC, c.CLIENT), her).flags) is sees
