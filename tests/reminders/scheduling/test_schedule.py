"""The scheduler: due rows in batches, by any number of processes, each slot once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from services.reminders.rules.person import Reminder
from services.reminders.scheduling import due
from services.reminders.scheduling.schedule import REMEMBERED, schedule
from shared.events import SessionScheduled
from tests.reminders.house import CLINIC, NOW, ZONE, House, reminder
from tests.reminders.scheduling.test_prompting import local, sets

MANY = 300


def plan_many(house: House) -> None:
    hers = Reminder("practice", "sms", None, reminder("10:00").cadence)
    rows = [due.Planned(UUID(int=n), UUID(int=n), CLINIC, ZONE, hers, NOW, "c") for n in range(MANY)]
    with house.parts.engine.begin() as connection:
        due.put(connection, rows)


def test_more_than_a_batch_comes_due_whole(house: House) -> None:
    plan_many(house)
    assert schedule(house.parts.engine, house.rung.extend, house.now, batch=100) == MANY
    assert len({rung.message_id for rung in house.rung}) == MANY


def test_while_what_was_planned_is_not_sent_nothing_more_is_planned_and_it_comes_later(house: House) -> None:
    plan_many(house)
    room = iter([False, True])
    engine, full = house.parts.engine, lambda: next(room, True)
    assert schedule(engine, house.rung.extend, house.now, batch=100, full=full) == 100
    house.later(minutes=30)
    assert schedule(engine, house.rung.extend, house.now) == MANY - 100
    assert len({rung.message_id for rung in house.rung}) == MANY


def test_what_became_stale_while_it_waited_to_be_planned_is_recorded_and_not_sent(house: House) -> None:
    plan_many(house)
    assert schedule(house.parts.engine, house.rung.extend, house.now, full=lambda: True) == 0
    house.later(hours=3)
    assert schedule(house.parts.engine, house.rung.extend, house.now) == MANY
    assert house.rung == []


def test_schedulers_side_by_side_plan_each_slot_once(house: House) -> None:
    plan_many(house)

    def one(_: int) -> int:
        return schedule(house.parts.engine, house.rung.extend, house.now)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(4))) == MANY
    assert len(house.rung) == MANY
    with house.parts.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM occasion")).scalar() == MANY
        assert connection.execute(text("SELECT min(next_due_at) FROM reminder")).scalar() == NOW + timedelta(
            1
        )


CLOCKS = ("08:00", "11:00", "13:30", "20:00")


@pytest.mark.parametrize("hours", [1, 3, 9, 14, 26, 100, 400])
def test_however_long_we_were_away_at_most_one_message_catches_up(house: House, hours: int) -> None:
    house.begin("sms")
    sets(house)
    for number, clock in enumerate(CLOCKS):
        house.happens(replace(reminder(clock), reminder_id=UUID(int=number)))
    house.happens(SessionScheduled(session_id=uuid4(), starts_at=local(5, "16:00")))
    house.later(hours=hours)
    house.schedule()
    house.answer()
    assert len(house.sent()) <= 1
    assert {m["cause"] for m in house.messages()} <= {None, "stale", "merged", "quiet_hours"}
    # Each slot that passed has its record, a week back.
    since = max(NOW, house.now - REMEMBERED)
    passed = {
        at for day in range(2, 20) for clock in CLOCKS if since < (at := local(day, clock)) <= house.now
    }
    with house.parts.engine.connect() as connection:
        kept = connection.execute(text("SELECT due_at FROM occasion WHERE kind = 'practice'")).scalars().all()
    assert set(kept) == passed
    assert len(kept) == len(passed)


def test_a_reminder_that_is_switched_off_never_comes(house: House) -> None:
    house.begin("sms")
    on = reminder("12:00")
    house.happens(on)
    off = type(on)(
        reminder_id=on.reminder_id, kind="practice", channel="sms", cadence=on.cadence, active=False
    )
    house.happens(off)
    house.later(hours=2)
    assert house.schedule() == 0
