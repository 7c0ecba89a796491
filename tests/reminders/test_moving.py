"""A client who moves: by her new clock from then on, and no slot of a day twice."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from shared.events import PreferencesSet
from tests.reminders.house import ZONE, House, reminder
from tests.reminders.scheduling.test_preview import ahead


def moves(house: House, zone: str) -> None:
    house.happens(PreferencesSet(time_zone=zone, locale="en"))


def each_hour(house: House, hours: int) -> list[datetime]:
    """The clock goes on hour by hour; when something came of it."""
    came = []
    for _ in range(hours):
        house.later(hours=1)
        house.schedule()
        house.sweep()
        came += [house.now] * house.answer().count("delivered")
    return came


def by(zone: str, day: int, clock: str) -> datetime:
    at = datetime.fromisoformat(f"2026-03-{day:02}T{clock}").replace(tzinfo=ZoneInfo(zone))
    return at.astimezone(UTC)


def test_a_client_who_moves_east_is_reminded_by_her_new_clock_from_then_on(house: House) -> None:
    house.begin("sms")
    house.happens(reminder("12:00", "18:00"))
    moves(house, "Europe/Madrid")
    assert each_hour(house, 30) == [
        by("Europe/Madrid", 2, "18:00"),
        by("Europe/Madrid", 3, "12:00"),
        by("Europe/Madrid", 3, "18:00"),
    ]


def test_one_who_moves_west_is_not_reminded_of_the_same_slot_again(house: House) -> None:
    house.begin("sms")
    house.happens(reminder("12:00"))
    assert each_hour(house, 2) == [by(ZONE, 2, "12:00")]
    moves(house, "America/Los_Angeles")
    assert [one.at for one in ahead(house, 2).items] == ["2026-03-03T12:00:00-08:00"]
    assert each_hour(house, 30) == [by("America/Los_Angeles", 3, "12:00")]


def test_a_clock_that_was_moved_is_not_foretold_what_it_has_brought_already(house: House) -> None:
    house.begin("sms")
    house.happens(reminder("12:00"))
    house.schedule_at(by(ZONE, 2, "12:00"))
    assert house.answer() == ["delivered"]
    house.happens(reminder("12:00"))
    assert [one.at for one in ahead(house, 2).items] == ["2026-03-03T12:00:00-05:00"]
