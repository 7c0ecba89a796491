"""A page of the feed is applied once, whole, in order, or its record is set aside."""

from uuid import UUID

import pytest
from sqlalchemy import text

from services.reminders.following import checkpoints
from services.reminders.following.apply import GapInLane
from shared.events import PreferencesSet
from shared.lanes import lane_of
from tests.reminders.house import A_CLINIC, CLIENT, CLINIC, REGISTERED, ZONE, House, milestone

OTHER = next(UUID(int=n) for n in range(1, 100_000) if lane_of(UUID(int=n)) == lane_of(CLIENT))
"""Another client, in the same lane."""


def snapshot(house: House) -> dict[str, list[tuple[object, ...]]]:
    tables = ("checkpoint", "clinic", "person", "reminder", "occasion", "message", "message_occasion")
    with house.parts.engine.connect() as connection:
        return {
            table: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1"))]  # noqa: S608
            for table in tables
        }


def test_a_page_applied_twice_changes_nothing(house: House) -> None:
    house.begin("sms")
    items = house.happens(milestone())
    before = snapshot(house)
    house.rung.clear()
    assert house.page(items) == 0
    assert snapshot(house) == before
    assert house.rung == []


def test_the_fence_refuses_positions_that_another_follower_applied(house: House) -> None:
    house.begin("sms")
    lane = lane_of(CLIENT)
    at = checkpoints.positions(house.parts.engine, [lane])[lane]
    with house.parts.engine.begin() as connection, pytest.raises(checkpoints.LaneMoved):
        checkpoints.advance(connection, [checkpoints.Step(lane, at, at, house.now)], house.now)


def test_an_event_that_comes_again_under_a_later_position_is_ignored(house: House) -> None:
    house.begin("sms")
    [first] = house.happens(milestone())
    again = first | {"sequence": str(int(first["sequence"]) + 1)}
    assert house.page([again]) == 1
    assert len(house.messages()) == 1


def test_a_gap_in_a_lane_is_refused(house: House) -> None:
    house.begin("sms")
    first, _, third = house.items(milestone(), milestone(), milestone())
    with pytest.raises(GapInLane):
        house.page([first, third])
    assert house.messages() == []


def test_a_gap_in_one_lane_hinders_no_other(house: House) -> None:
    low, high = sorted((CLINIC, CLIENT), key=lane_of)
    known = {CLINIC: A_CLINIC, CLIENT: REGISTERED}
    first, _, third = house.items(*[known[low]] * 3, record=low)
    with pytest.raises(GapInLane):
        house.page([first, third, *house.items(known[high], record=high)])
    applied = checkpoints.positions(house.parts.engine, [lane_of(low), lane_of(high)])
    assert applied == {lane_of(low): 0, lane_of(high): 1}


@pytest.mark.parametrize(
    ("spoiled", "reason"),
    [
        ({"type": "cairn.moon.risen.v1"}, "UnknownEvent"),
        ({"dataversion": "2"}, "UnknownShape"),
        ({"data": {"rule": "no such rule"}}, "BadEvent"),
        ({"recordversion": "99"}, "VersionGap"),
        ({"time": "yesterday"}, "BadEvent"),
    ],
)
def test_what_cannot_be_applied_parks_its_record_and_the_lane_goes_on(
    house: House, spoiled: dict[str, object], reason: str
) -> None:
    house.begin("sms")
    house.happens(milestone())
    [poison] = house.items(milestone())
    later = house.items(milestone())
    others = house.items(REGISTERED, record=OTHER)
    assert house.page([poison | spoiled, *later, *others]) == 3
    assert parked(house) == [(CLIENT, reason)]
    with house.parts.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM parked_event")).scalar() == 2
        assert connection.execute(text("SELECT count(*) FROM person")).scalar() == 2


def test_later_events_of_a_parked_record_are_set_aside_too(house: House) -> None:
    house.begin("sms")
    house.page([item | {"type": "cairn.moon.risen.v1"} for item in house.items(milestone())])
    house.happens(milestone())
    with house.parts.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM parked_event")).scalar() == 2
    assert house.messages() == []


def test_nothing_is_sent_to_a_client_whose_record_is_parked(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    house.page([item | {"type": "cairn.moon.risen.v1"} for item in house.items(milestone())])
    assert house.answer() == [None]
    assert house.states() == [("planned", "parked")]
    assert house.sent() == []


def test_a_client_whose_beginning_was_never_seen_is_parked(house: House) -> None:
    house.happens(PreferencesSet(time_zone=ZONE, locale="en"))
    assert parked(house) == [(CLIENT, "NotBegun")]


def test_lanes_of_one_page_are_applied_each_for_itself(house: House) -> None:
    clinic = house.items(A_CLINIC, record=CLINIC)
    house.page(clinic)
    client = house.items(REGISTERED)
    assert house.page([*client, *clinic]) == 1


def parked(house: House) -> list[tuple[UUID, str]]:
    with house.parts.engine.connect() as connection:
        return [
            (row[0], row[1])
            for row in connection.execute(text("SELECT record_id, reason FROM parked_record"))
        ]
