"""What transactions come to is counted as they commit, by state and cause; what is rolled back is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy.exc import OperationalError

from infra.standin.script import Script
from services.reminders.ledger import opt_out, quiet
from services.reminders.ledger.tally import class_of, count_commits, moved
from services.reminders.sending.sweep import sweep
from shared.events import ClientErased
from tests.controls import named
from tests.reminders.figures import sample
from tests.reminders.house import CLIENT, House, milestone, reminder
from tests.reminders.wired import Wired


def counted(house: House) -> CollectorRegistry:
    """What the house's transactions come to from here on."""
    registry = CollectorRegistry()
    count_commits(house.parts.engine, registry)
    return registry


def moves(registry: CollectorRegistry) -> dict[tuple[str, str], float]:
    """By state and cause."""
    return {
        (one.labels["state"], one.labels["cause"]): one.value
        for family in registry.collect()
        if family.name == "cairn_message_moves"
        for one in family.samples
        if one.name.endswith("_total")
    }


def test_a_message_is_counted_at_each_state_that_it_comes_to(house: House) -> None:
    house.begin("sms")
    registry = counted(house)
    house.happens(milestone())
    house.answer()
    house.happens(milestone("first_win"))
    house.answer()
    assert moves(registry) == {
        ("planned", ""): 2,
        ("sending", ""): 1,
        ("delivered", ""): 1,
        ("held", "one_celebration_a_day"): 1,
    }


def test_what_the_clock_passes_over_and_what_an_erasure_ends_are_counted_with_their_cause(
    house: House,
) -> None:
    house.begin("sms")
    registry = counted(house)
    house.happens(reminder("11:00"), milestone())
    house.later(days=2)
    house.schedule()
    assert moves(registry)["expired", "stale"] >= 1
    waits = moves(registry)["planned", ""]
    house.happens(ClientErased(erasure_id=named(1)))
    assert moves(registry)["suppressed", "erased"] == waits


def test_a_celebration_that_is_dropped_after_a_phrase_of_despair_is_counted(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    registry = counted(house)
    with house.parts.engine.begin() as connection:
        quiet.drop_celebrations(connection, CLIENT, house.now)
    assert moves(registry) == {("suppressed", "after_flag"): 1}


def test_a_provider_that_refuses_and_one_that_says_nothing_are_counted(wired: Wired) -> None:
    registry = counted(wired.house)
    wired.send(Script("500"))
    assert moves(registry)["unknown", "provider_error"] == 1


def test_a_worker_that_died_in_the_middle_is_counted_by_who_finds_it(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    registry, parts = counted(house), house.parts
    with parts.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE message SET state = 'sending', claimed_at = '2026-03-02'")
    sweep(parts.engine, parts.broker, lambda *_: False, datetime.now(UTC))
    assert moves(registry) == {("unknown", "worker_died"): 1}


def test_an_opt_out_is_counted_by_how_it_came(house: House) -> None:
    registry = counted(house)
    with house.parts.engine.begin() as connection:
        opt_out.record(connection, [b"1", b"2"], "sms", "reply", house.now)
    page = generate_latest(registry).decode()
    assert sample(page, 'cairn_opt_outs_total{channel="sms",source="reply"}') == 2


def test_what_is_rolled_back_never_was(house: House) -> None:
    registry, engine = counted(house), house.parts.engine
    with engine.connect() as connection:
        transaction = connection.begin()
        moved(connection, "sms", "sent", None)
        transaction.rollback()
    with engine.begin() as connection:
        moved(connection, "email", "failed", "undelivered_30008", 2)
    assert moves(registry) == {("failed", "undelivered"): 2}


def test_a_connection_that_is_lost_is_said_to_be_lost_and_nothing_is_counted(house: House) -> None:
    registry, engine = counted(house), house.parts.engine

    def lost() -> None:
        with engine.begin() as connection:
            moved(connection, "sms", "sent", None)
            connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        lost()
    with engine.begin() as connection:
        moved(connection, "email", "sent", None)
    assert moves(registry) == {("sent", ""): 1}


@pytest.mark.parametrize(
    ("cause", "shown"),
    [
        (None, ""),
        ("busy", "busy"),
        ("undelivered_30008", "undelivered"),
        ("no_such_number", "no_such_number"),
    ],
)
def test_a_providers_numbers_are_no_labels(cause: str | None, shown: str) -> None:
    assert class_of(cause) == shown
