"""From an event on the feed, or the clock, to the phone and the inbox."""

from datetime import datetime
from uuid import uuid4, uuid5
from zoneinfo import ZoneInfo

from shared.events import Actor, ConsentWithdrawn, ReminderCancelled
from tests.reminders.house import (
    ADDRESS,
    CLIENT,
    NUMBER,
    PHONE,
    REMINDER,
    ZONE,
    House,
    milestone,
    reminder,
)

TODAY_AT_NINE_AT_NIGHT = datetime(2026, 3, 2, 21, 0, tzinfo=ZoneInfo(ZONE))
TODAY_AT_EIGHT_AT_NIGHT = datetime(2026, 3, 2, 20, 0, tzinfo=ZoneInfo(ZONE))
TOMORROW_AT_EIGHT = datetime(2026, 3, 3, 8, 0, tzinfo=ZoneInfo(ZONE))


def test_a_milestone_is_celebrated_on_every_channel_that_she_consented_to(house: House) -> None:
    house.begin("sms", "email")
    house.happens(milestone())
    assert house.answer() == ["delivered", "delivered"]
    assert [(channel, to) for channel, to, _ in sorted(house.sent())] == [
        ("email", ADDRESS),
        ("sms", NUMBER),
    ]
    assert house.states() == [("delivered", None)] * 2


def test_the_correlation_id_goes_with_it_from_the_event_to_the_send(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    house.answer()
    assert [m["correlation_id"] for m in house.messages()] == ["cor-1"]


def test_nothing_is_planned_for_what_was_imported(house: House) -> None:
    house.begin("sms")
    house.happens(milestone(), actor=Actor("therapist", str(uuid4()), "import"))
    assert house.messages() == []


def test_a_second_celebration_of_a_day_is_held_until_the_next_morning(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    house.answer()
    house.happens(milestone("first_win"))
    assert house.answer() == [None]
    [held] = [m for m in house.messages() if m["state"] == "planned"]
    assert held["cause"] == "one_celebration_a_day"
    assert datetime.fromisoformat(held["held_until"]) == TOMORROW_AT_EIGHT


def test_what_is_held_opens_as_one_message_when_the_clock_is_moved_to_the_morning(house: House) -> None:
    house.begin("sms", "email")
    house.happens(milestone())
    house.answer()
    house.happens(milestone("first_win"), milestone("practices", 3))
    house.answer()
    assert house.schedule_at(TOMORROW_AT_EIGHT) == 4
    house.later(seconds=1)
    assert sorted(map(str, house.answer())) == ["None", "None", "delivered", "delivered"]
    assert len(house.sent()) == 4
    assert house.states() == [("delivered", None)] * 4 + [("suppressed", "merged")] * 2
    merged = [m for m in house.messages() if m["clock_offset"] and m["state"] == "delivered"]
    assert {datetime.fromisoformat(m["said_at"]).date() for m in merged} == {TOMORROW_AT_EIGHT.date()}


def test_what_is_held_opens_by_itself_when_the_morning_comes(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    house.answer()
    house.happens(milestone("first_win"))
    house.answer()
    house.now = TOMORROW_AT_EIGHT
    assert house.sweep() == 1
    assert house.answer() == ["delivered"]


def test_a_nudge_comes_due_by_the_clock(house: House) -> None:
    house.begin("sms")
    house.happens(reminder("20:00"))
    assert house.schedule() == 0
    house.now = TODAY_AT_EIGHT_AT_NIGHT
    assert house.schedule() == 1
    assert house.schedule() == 0
    assert house.answer() == ["delivered"]
    [(channel, to, text)] = house.sent()
    assert (channel, to) == ("sms", NUMBER)
    assert text.endswith("STOP to end.")


def test_a_nudge_comes_when_the_clock_is_moved(house: House) -> None:
    house.begin("sms")
    house.happens(reminder("20:00"))
    assert house.schedule_at(TODAY_AT_EIGHT_AT_NIGHT) == 1
    assert house.answer() == ["delivered"]
    [nudge] = house.messages()
    assert (nudge["kinds"], nudge["clock_offset"]) == (["practice"], 10 * 3600)
    assert datetime.fromisoformat(nudge["said_at"]) == TODAY_AT_EIGHT_AT_NIGHT


def test_a_moved_clock_says_each_slot_once_all_the_same(house: House) -> None:
    house.begin("sms")
    house.happens(reminder("20:00"))
    house.schedule_at(TODAY_AT_EIGHT_AT_NIGHT)
    house.answer()
    house.now = TODAY_AT_EIGHT_AT_NIGHT
    house.happens(reminder("20:00"))
    house.schedule()
    assert house.answer() == []
    assert len(house.sent()) == 1


def test_several_occasions_due_together_become_one_message(house: House) -> None:
    house.begin("sms")
    house.happens(reminder("20:00"))
    house.now = TODAY_AT_EIGHT_AT_NIGHT
    house.happens(milestone())
    house.schedule()
    assert sorted(map(str, house.answer())) == ["None", "delivered"]
    assert len(house.sent()) == 1


def test_after_downtime_only_the_newest_slot_goes_and_the_rest_is_recorded_as_expired(house: House) -> None:
    house.begin("sms")
    house.happens(reminder("12:00", "20:00"))
    house.now = TODAY_AT_EIGHT_AT_NIGHT
    house.later(days=3, minutes=30)
    house.schedule()
    assert house.answer() == ["delivered"]
    assert house.states() == [("delivered", None)] + [("expired", "stale")] * 7


def test_a_slot_that_is_seen_too_late_is_recorded_as_expired(house: House) -> None:
    house.begin("sms")
    house.happens(reminder("12:00"))
    house.later(hours=5)
    house.schedule()
    assert house.answer() == []
    assert house.states() == [("expired", "stale")]


def test_quiet_hours_hold_it_until_they_end(house: House) -> None:
    house.begin("sms")
    house.now = TODAY_AT_NINE_AT_NIGHT
    house.happens(milestone())
    assert house.answer() == [None]
    [held] = house.messages()
    assert (held["state"], held["cause"]) == ("planned", "quiet_hours")
    assert datetime.fromisoformat(held["held_until"]) == TOMORROW_AT_EIGHT
    assert house.sent() == []


def test_consent_withdrawn_between_plan_and_send_stops_it(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    withdrawn = ConsentWithdrawn(consent_id=uuid5(PHONE, "consent"), contact_id=PHONE, scope="sms")
    house.happens(withdrawn)
    assert house.answer() == [None]
    assert house.states() == [("suppressed", "no_consent")]
    assert house.sent() == []


def test_a_cancelled_reminder_comes_no_more(house: House) -> None:
    house.begin("sms")
    house.happens(reminder("20:00"))
    house.happens(ReminderCancelled(reminder_id=REMINDER))
    house.now = TODAY_AT_EIGHT_AT_NIGHT
    assert house.schedule() == 0


def test_two_reminders_of_one_page_both_come(house: House) -> None:
    house.begin("sms", "email")
    house.page(house.items(reminder("20:00"), milestone(), reminder("19:00")))
    house.now = TODAY_AT_EIGHT_AT_NIGHT
    assert house.schedule() == 1
    assert {m["kinds"][0] for m in house.messages(CLIENT)} == {"practice", "celebration"}
