"""The scheduler: due rows in batches, by any number of processes, each slot once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from services.reminders import due
from services.reminders.rules.person import Reminder
from services.reminders.schedule import schedule
from tests.reminders.house import CLINIC, NOW, ZONE, House, reminder

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
