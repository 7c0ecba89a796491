"""What Prometheus reads: a figure that is 0 is there, and says 0."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from structlog.testing import capture_logs

from services.reminders.channels import Answer
from services.reminders.ledger import outgoing
from services.reminders.ledger.outgoing import Fact
from services.reminders.sending.deliver import deliverer
from tests.reminders.figures import exposition, sample
from tests.reminders.house import CLIENT, CLINIC, House, milestone, reminder


def test_parked_records_are_counted_even_when_there_are_none(house: House) -> None:
    house.begin("sms")
    page = exposition(house.parts.engine).decode()
    assert 'cairn_parked_records{reason=""} 0.0' in page
    house.page([item | {"type": "cairn.moon.risen.v1"} for item in house.items(milestone())])
    page = exposition(house.parts.engine).decode()
    assert 'cairn_parked_records{reason="UnknownEvent"} 1.0' in page


def test_how_long_a_reminder_waits_to_be_planned_is_a_figure(house: House) -> None:
    house.begin("sms")
    lag = 'cairn_schedule_lag_seconds{kind="reminder"}'
    assert sample(exposition(house.parts.engine).decode(), lag) == 0
    house.happens(reminder("12:00"))
    page = exposition(house.parts.engine).decode()
    assert sample(page, lag) > 3600  # it was due at noon, on a day long past
    assert sample(page, 'cairn_schedule_backlog{kind="reminder"}') == 1


def test_what_only_the_operator_can_put_right_is_counted_for_a_day_and_said_in_the_log(house: House) -> None:
    parts = house.parts
    house.begin("sms")
    house.happens(milestone())
    assert 'cairn_sender_troubles{cause="",channel=""} 0.0' in exposition(parts.engine).decode()
    [(message_id, channel, queue)] = house.rung
    refused = Answer("permanent", "sender_not_registered")
    with capture_logs() as said:
        deliverer(parts.engine, parts.vault, {"sms": lambda _: refused}, {}, house.clock)(
            message_id, channel, queue
        )
    assert ("the sender needs somebody", "error") in [(line["event"], line["log_level"]) for line in said]
    for hours, counted in ((1, True), (25, False)):
        settled = datetime.now(UTC) - timedelta(hours=hours)
        with parts.engine.begin() as connection:
            connection.execute(text("UPDATE message SET settled_at = :settled"), {"settled": settled})
        page = exposition(parts.engine).decode()
        assert ('cairn_sender_troubles{cause="sender_not_registered",channel="sms"} 1.0' in page) is counted


def test_what_the_log_has_not_taken_is_counted_and_how_long_it_waits(house: House) -> None:
    parts, hour_ago = house.parts, datetime.now(UTC) - timedelta(hours=1)
    facts = [Fact(UUID(int=n), CLIENT, CLINIC, "win.recorded", "DELETE", "/v1/x", "c") for n in range(2)]
    with parts.engine.begin() as connection:
        outgoing.put(connection, parts.vault, facts, hour_ago)
        outgoing.refused(connection, UUID(int=0), "status 409", hour_ago)
    page = exposition(parts.engine).decode()
    assert 'cairn_outgoing_facts{kind="win.recorded",state="waiting"} 1.0' in page
    assert 'cairn_outgoing_facts{kind="win.recorded",state="refused"} 1.0' in page
    [lag] = [line for line in page.splitlines() if line.startswith("cairn_outgoing_lag_seconds ")]
    assert 3600 <= float(lag.split()[1]) < 3700
