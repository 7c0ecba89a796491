"""The follower reads what older code wrote, and what an older goals service gives."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from shared.events import ConsentGiven, ConsentWithdrawn
from tests.older import before
from tests.reminders.both import Both
from tests.reminders.house import PHONE, House, consent, milestone


def test_a_consent_that_older_code_wrote_is_in_force(both: Both) -> None:
    given = uuid4()
    with before("via", ConsentGiven):
        both.consent("sms", given)
    assert both.follow() > 0
    assert {key: kept.in_force for key, kept in both.her().consents.items()} == {given: True}


def of_before(item: dict[str, Any]) -> dict[str, Any]:
    """An item as a goals service gave it that knew no other shape."""
    left = {name: value for name, value in item.items() if name != "dataversion"}
    return left | {"data": {name: value for name, value in item["data"].items() if name != "via"}}


def test_an_older_goals_service_is_followed(house: House) -> None:
    given = uuid4()
    house.begin("email")
    house.page([of_before(item) for item in house.items(consent("sms", PHONE, given))])
    house.happens(milestone())
    assert sorted(m["channel"] for m in house.messages()) == ["email", "sms"]
    gone = ConsentWithdrawn(consent_id=given, contact_id=PHONE, scope="sms")
    house.page([of_before(item) for item in house.items(gone)])
    house.happens(milestone("first_win"))
    assert sorted(m["channel"] for m in house.messages()) == ["email", "email", "sms"]
