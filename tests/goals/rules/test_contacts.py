"""How she is reached, and by whom: given a contact, a preference or a team, when it is set, then."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from services.goals.rules.commands.client import RemoveContact, SetContact, SetPreferences, SetTeam
from services.goals.rules.refusal import Forbidden, Invalid, Refused
from tests import controls as c
from tests.goals.rules.steps import BY_TEXT, Step, after, answer, names

PHONE = SetContact(channel="sms", address=c.NUMBER)
ANSWERED = SetContact(channel="sms", address=c.NUMBER, verified_by="reply")
GONE = RemoveContact(channel="sms")
UNVERIFIED = (c.BY_CLIENT, PHONE)
HANDED_OVER = SetTeam(staff_ids=(c.THERAPIST,), reason="The other one left")

MAKES: dict[str, tuple[tuple[Step, ...], Step, list[str]]] = {
    "she sets her number": ((), UNVERIFIED, ["client.contact_set"]),
    "her answer verifies it": ((UNVERIFIED,), (BY_TEXT, ANSWERED), ["client.contact_set"]),
    "once is enough": ((UNVERIFIED, (BY_TEXT, ANSWERED)), (BY_TEXT, ANSWERED), []),
    "the same number said again stays verified": ((UNVERIFIED, (BY_TEXT, ANSWERED)), UNVERIFIED, []),
    "a number is no longer hers": ((UNVERIFIED,), (BY_TEXT, GONE), ["client.contact_removed"]),
    "and may be set again": ((UNVERIFIED, (BY_TEXT, GONE)), UNVERIFIED, ["client.contact_set"]),
    "fewer a week": ((), (c.BY_CLIENT, SetPreferences(weekly_cap=0)), ["client.preferences_set"]),
    "five a week are what is sent": (
        (), (c.BY_CLIENT, SetPreferences(weekly_cap=5)), ["client.preferences_set"],
    ),
    "the same team for a reason is worth writing down": (
        (), (c.BY_THERAPIST, HANDED_OVER), ["client.team_set"],
    ),
    "and nothing new when it is said again": (
        ((c.BY_THERAPIST, HANDED_OVER),), (c.BY_THERAPIST, HANDED_OVER), [],
    ),
}  # fmt: skip

REFUSES: dict[str, tuple[tuple[Step, ...], Step, type[Refused], str | None]] = {
    "a text from another number sets none": (
        (UNVERIFIED,), (BY_TEXT, SetContact(channel="sms", address="+15035550177", verified_by="reply")),
        Forbidden, "#/address",
    ),
    "nor does one where she has none": ((), (BY_TEXT, ANSWERED), Forbidden, "#/address"),
    "she vouches for her own number": ((), (c.BY_CLIENT, ANSWERED), Forbidden, "#/verified_by"),
    "more a week than are sent to anybody": (
        (), (c.BY_CLIENT, SetPreferences(weekly_cap=6)), Invalid, "#/weekly_cap",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("given", "when", "expected"), MAKES.values(), ids=MAKES)
def test_makes(given: tuple[Step, ...], when: Step, expected: list[str]) -> None:
    assert names(answer(after(*given), when)) == expected


@pytest.mark.parametrize(("given", "when", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(given: tuple[Step, ...], when: Step, kind: type[Refused], pointer: str | None) -> None:
    with pytest.raises(Refused) as refused:
        answer(after(*given), when)
    assert (type(refused.value), refused.value.pointer) == (kind, pointer)


def test_a_number_that_was_removed_and_set_again_is_another_contact() -> None:
    record = after((c.BY_CLIENT, GONE), given=(*c.BEGUN, (c.CLIENT, c.HER_PHONE)))
    again: Any = msgspec.structs.asdict(answer(record, UNVERIFIED)[0].data)
    assert again["contact_id"] != c.PHONE_CONTACT
    assert again["verified_by"] is None
