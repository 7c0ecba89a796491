"""What a therapist sees of the ledger: what was sent, what was held back, and what went within another."""

from uuid import uuid5

from shared.events import ConsentWithdrawn
from tests.reminders.house import PHONE, House, milestone


def test_a_message_merged_into_another_says_into_which(house: House) -> None:
    house.begin("sms", "email")
    house.happens(milestone(), milestone("first_win"), milestone("practices", 3))
    house.answer()
    messages = house.messages()
    said = {m["channel"]: m for m in messages if m["state"] == "delivered"}
    merged = [m for m in messages if m["cause"] == "merged"]
    assert len(said) == 2
    assert len(merged) == 4
    assert all(m["merged_into"] == said[m["channel"]]["id"] for m in merged)
    assert all(m["merged_into"] is None for m in said.values())


def test_a_message_held_back_by_a_rule_names_the_rule_and_no_other_message(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    house.happens(ConsentWithdrawn(consent_id=uuid5(PHONE, "consent"), contact_id=PHONE, scope="sms"))
    house.answer()
    assert [(m["state"], m["cause"], m["merged_into"]) for m in house.messages()] == [
        ("suppressed", "no_consent", None)
    ]
