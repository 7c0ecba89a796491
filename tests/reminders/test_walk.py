"""From an event on the feed to the phone and the inbox."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.events import ConsentWithdrawn, PreferencesSet
from tests.reminders.house import (
    ADDRESS,
    LABEL,
    NUMBER,
    PHONE,
    ZONE,
    House,
    consent,
    milestone,
    reminder,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE))


def test_a_milestone_is_celebrated_on_every_channel_that_she_consented_to(house: House) -> None:
    house.begin("sms", "email")
    house.happens(milestone("first_step"))
    assert house.answer() == ["delivered", "delivered"]
    assert [(channel, to) for channel, to, _ in sorted(house.sent())] == [
        ("email", ADDRESS),
        ("sms", NUMBER),
    ]
    assert house.states() == [("delivered", None)] * 2
    assert {m["correlation_id"] for m in house.messages()} == {"cor-1"}
