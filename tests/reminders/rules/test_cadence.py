"""When a cadence comes round: 08:00 stays 08:00, and each slot comes once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.reminders.rules.cadence import DAYS, Slot, next_due, slots
from shared.events import Cadence

EVERY_DAY = DAYS


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "days", "times", "after", "expected"),
    [
        pytest.param("America/New_York", EVERY_DAY, ("08:00",), "2026-03-07T13:00",
            ["2026-03-08T12:00", "2026-03-09T12:00"], id="08:00 stays 08:00 when spring comes"),
        pytest.param("America/New_York", EVERY_DAY, ("08:00",), "2026-10-31T12:00",
            ["2026-11-01T13:00", "2026-11-02T13:00"], id="08:00 stays 08:00 when autumn comes"),
        pytest.param("America/New_York", EVERY_DAY, ("02:30",), "2026-03-07T12:00",
            ["2026-03-08T07:30", "2026-03-09T06:30"], id="a time in the gap has the offset before it: 03:30"),
        pytest.param("America/New_York", EVERY_DAY, ("02:30", "03:00"), "2026-03-08T06:00",
            ["2026-03-08T07:00", "2026-03-08T07:30", "2026-03-09T06:30"], id="in order around a gap"),
        pytest.param("America/New_York", EVERY_DAY, ("02:30", "03:30"), "2026-03-08T06:00",
            ["2026-03-08T07:30", "2026-03-08T07:30"], id="two slots may come at one instant"),
        pytest.param("America/New_York", EVERY_DAY, ("01:30",), "2026-10-31T12:00",
            ["2026-11-01T05:30", "2026-11-02T06:30"], id="of two the first"),
        pytest.param("America/New_York", EVERY_DAY, ("01:30",), "2026-11-01T05:30",
            ["2026-11-02T06:30"], id="and not the second as well"),
        pytest.param("Australia/Lord_Howe", EVERY_DAY, ("02:15",), "2026-10-02T16:00",
            ["2026-10-03T15:45", "2026-10-04T15:15"], id="a gap of half an hour: 02:15 is 02:45"),
        pytest.param("Australia/Lord_Howe", EVERY_DAY, ("01:45",), "2026-04-03T16:00",
            ["2026-04-04T14:45", "2026-04-05T15:15"], id="half an hour twice: the first"),
        pytest.param("Asia/Kathmandu", EVERY_DAY, ("08:00",), "2026-01-01T00:00",
            ["2026-01-01T02:15", "2026-01-02T02:15"], id="an offset of 5:45"),
        pytest.param("Antarctica/Troll", EVERY_DAY, ("02:00",), "2026-03-28T02:00",
            ["2026-03-29T02:00", "2026-03-30T00:00"], id="two hours forward at once: 02:00 is 04:00"),
        pytest.param("Pacific/Apia", EVERY_DAY, ("08:00",), "2011-12-29T18:00",
            ["2011-12-30T18:00", "2011-12-30T18:00", "2011-12-31T18:00"],
            id="a day that never was is read with the offset before it, and falls on the next"),
        pytest.param("America/Santiago", EVERY_DAY, ("00:30",), "2026-09-05T04:30",
            ["2026-09-06T04:30", "2026-09-07T03:30"], id="a gap at midnight, in the south"),
        pytest.param("America/Nuuk", EVERY_DAY, ("00:15", "23:30"), "2026-03-28T03:00",
            ["2026-03-29T01:15", "2026-03-29T01:30", "2026-03-30T00:30"],
            id="a slot in a gap before midnight comes after the next day's first"),
        pytest.param("America/Nuuk", EVERY_DAY, ("23:30",), "2026-03-29T01:20",
            ["2026-03-29T01:30", "2026-03-30T00:30"], id="yesterday's slot in a gap is still to come"),
        pytest.param("Europe/London", ("sun",), ("01:30",), "2026-03-23T00:00",
            ["2026-03-29T01:30", "2026-04-05T00:30"], id="only on its days"),
        pytest.param("UTC", ("sat",), ("00:00",), "2026-03-07T00:00", ["2026-03-14T00:00"],
            id="strictly after"),
        pytest.param("UTC", EVERY_DAY, ("08:00", "08:00"), "2026-03-07T00:00",
            ["2026-03-07T08:00", "2026-03-08T08:00"], id="named twice, once"),
        pytest.param("UTC", EVERY_DAY, ("08:00",), "2028-02-28T09:00",
            ["2028-02-29T08:00", "2028-03-01T08:00"], id="a leap day"),
    ],
)  # fmt: skip
def test_a_cadence_comes_round_at(
    zone: str, days: tuple[str, ...], times: tuple[str, ...], after: str, expected: list[str]
) -> None:
    found = islice(slots(zone, Cadence(days, times), utc(after)), len(expected))  # type: ignore[arg-type]
    assert [slot.at for slot in found] == [utc(moment) for moment in expected]


def test_a_slot_is_named_by_its_own_date_even_where_that_day_never_was() -> None:
    found = list(islice(slots("Pacific/Apia", Cadence(EVERY_DAY, ("08:00",)), utc("2011-12-29T19:00")), 2))
    assert [(slot.local_date, slot.time) for slot in found] == [
        (date(2011, 12, 30), "08:00"),
        (date(2011, 12, 31), "08:00"),
    ]


@pytest.mark.parametrize("cadence", [Cadence((), ("08:00",)), Cadence(("mon",), ())])
def test_a_cadence_without_a_day_or_a_time_never_comes_round(cadence: Cadence) -> None:
    assert next_due("UTC", cadence, utc("2026-01-01T00:00")) is None


def test_a_client_who_moves_is_reminded_by_her_new_clock_from_then_on() -> None:
    moved = utc("2026-06-01T15:00")
    assert next_due("America/New_York", Cadence(EVERY_DAY, ("20:00",)), moved) == Slot(
        date(2026, 6, 1), "20:00", utc("2026-06-02T00:00")
    )
    assert next_due("Europe/Madrid", Cadence(EVERY_DAY, ("20:00",)), moved) == Slot(
        date(2026, 6, 1), "20:00", utc("2026-06-01T18:00")
    )


ZONES = st.sampled_from(sorted(available_timezones()))
CLOCKS = st.times().map(lambda time: f"{time:%H:%M}")
CADENCES = st.builds(
    Cadence,
    st.sets(st.sampled_from(DAYS), min_size=1).map(tuple),
    st.sets(CLOCKS, min_size=1, max_size=3).map(tuple),
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=200, deadline=None)
@given(ZONES, CADENCES, MOMENTS)
def test_in_every_zone_each_slot_comes_once_and_in_order(
    zone: str, cadence: Cadence, after: datetime
) -> None:
    until = after + timedelta(days=12)
    found = list(takewhile(lambda slot: slot.at <= until, slots(zone, cadence, after)))
    names = [(slot.local_date, slot.time) for slot in found]
    assert len(set(names)) == len(names)
    assert [slot.at for slot in found] == sorted(slot.at for slot in found)
    assert all(slot.at > after for slot in found)
    assert all(DAYS[slot.local_date.weekday()] in cadence.days for slot in found)
    assert set(names) == _counted_by_hand(zone, cadence, after, until)
    # Whoever asks again after each slot hears of the same ones: none is lost between two askings.
    assert {s.at for s in found} == set(_asked_one_by_one(zone, cadence, after, until))
    for slot in found:
        shown = slot.at.astimezone(ZoneInfo(zone))
        if (shown.date(), f"{shown:%H:%M}") != (slot.local_date, slot.time):
            assert _never_was(zone, slot)


def _counted_by_hand(zone: str, cadence: Cadence, after: datetime, until: datetime) -> set[tuple[date, str]]:
    days = [after.date() + timedelta(days=n) for n in range(-3, 16)]
    return {
        (day, clock)
        for day in days
        for clock in cadence.times
        if DAYS[day.weekday()] in cadence.days
        and after
        < datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        <= until
    }


def _asked_one_by_one(zone: str, cadence: Cadence, after: datetime, until: datetime) -> list[datetime]:
    found = []
    while (slot := next_due(zone, cadence, after)) and slot.at <= until:
        found.append(slot.at)
        after = slot.at
    return found


def _never_was(zone: str, slot: Slot) -> bool:
    wall = datetime.fromisoformat(f"{slot.local_date}T{slot.time}").replace(tzinfo=ZoneInfo(zone))
    return wall.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall.replace(tzinfo=None)
