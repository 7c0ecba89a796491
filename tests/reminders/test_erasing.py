"""client.erased in this house: nothing is said any more, nothing of hers can be opened, her stop stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from infra.standin.script import Script
from services.reminders import people
from services.reminders.ledger import erasing, opt_out
from services.reminders.links import Meant
from services.reminders.sending import sweep
from services.reminders.shred import shred
from services.reminders.webhooks.unsubscribe import stop
from shared.events import ClientErased, ContactSet, PreferencesSet
from shared.vault import KeyDestroyed
from tests.conftest import Databases
from tests.reminders.house import (
    ADDRESS,
    CLIENT,
    CLINIC,
    HER_PHONE,
    LABEL,
    NAME,
    NUMBER,
    PHONE,
    REGISTERED,
    ZONE,
    House,
    consent,
    milestone,
    reminder,
    wait_for,
)
from tests.reminders.test_privacy import dump
from tests.reminders.wired import Wired

ERASED = ClientErased(erasure_id=PHONE)


def told(house: House, about: object = CLIENT) -> dict[str, int]:
    """How many rows of each table of the ledger are about her."""
    tables = ("person", "reminder", "contact", "prompt", "outbox", "parked_record", "parked_event", "message")
    with house.parts.engine.connect() as connection:
        return {
            table: connection.execute(
                text(f"SELECT count(*) FROM {table} WHERE {_whose(table)} = :client"),  # noqa: S608
                {"client": about},
            ).scalar_one()
            for table in tables
        }


def _whose(table: str) -> str:
    return "record_id" if table in {"outbox", "parked_record", "parked_event"} else "client_id"


def erase(house: House) -> None:
    """She is erased, and nothing needs her key any more."""
    house.happens(ERASED)
    assert shred(house.parts.engine, house.parts.vault, house.now, asks=False) == 1


def claimed(house: House) -> None:
    """Her message is on its way."""
    claim = text("UPDATE message SET state = 'sending', claimed_at = :now")
    with house.parts.engine.begin() as connection:
        connection.execute(claim, {"now": house.now})


def holds(house: House) -> None:
    """Nothing of her can be opened, and the ledger has ids and states alone."""
    rows = told(house)
    assert {table: n for table, n in rows.items() if n and table != "message"} == {}
    assert house.parts.vault.key(CLIENT) is None
    with pytest.raises(KeyDestroyed):
        house.parts.vault.create(CLIENT)
    with house.parts.engine.connect() as connection:
        kept = connection.execute(text("SELECT count(*) FROM message WHERE sealed IS NOT NULL")).scalar_one()
        assert (kept, erasing.undestroyed(connection, 10)) == (0, 0)
    assert house.sent() == []


def test_what_waits_is_suppressed_and_nothing_is_sent_any_more(house: House) -> None:
    house.begin("sms", "email")
    house.happens(reminder("20:00"), milestone())
    erase(house)
    assert house.answer() == [None, None]
    assert house.states() == [("suppressed", "erased")] * 2
    house.later(days=1)
    assert house.schedule() == 0
    assert house.sweep() == 0
    holds(house)


def test_a_message_that_comes_up_all_the_same_is_held_back_as_erased(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    with house.parts.engine.begin() as connection:
        erasing.erase(connection, CLIENT, CLINIC, house.now)
        connection.execute(text("UPDATE message SET state = 'planned', cause = NULL"))
        connection.execute(text("UPDATE message_occasion SET state = 'planned'"))
    house.answer()
    assert house.states() == [("suppressed", "erased")]


def test_what_was_sent_keeps_its_id_and_state_and_loses_its_words(house: House, databases: Databases) -> None:
    house.begin("sms", "email")
    house.happens(PreferencesSet(time_zone=ZONE, locale="en", label=LABEL), milestone())
    house.answer()
    words = [sent[2] for sent in house.sent()]
    before = house.messages()
    erase(house)
    assert house.messages() == before
    dumped = dump(databases.reminders_admin) + dump(databases.reminders_vault_admin)
    for secret in (NAME, NUMBER, ADDRESS, LABEL, *words):
        assert secret.encode() not in dumped
        assert secret.encode().hex().encode() not in dumped
    holds(house)


def test_her_stop_stands_when_the_number_comes_back(house: House) -> None:
    house.begin("sms")
    stop_at = Meant(CLIENT, "sms")
    stop(house.parts.engine, house.parts.vault, stop_at, house.now, "a-test")
    erase(house)
    again, contact = UUID(int=1), UUID(int=2)
    number = ContactSet(contact_id=contact, channel="sms", address=NUMBER, verified_by="seen")
    house.happens(REGISTERED, number, consent("sms", contact), milestone(), record=again)
    assert house.answer() == [None]
    assert [(m["state"], m["cause"]) for m in house.messages(again)] == [("suppressed", "opted_out")]
    with house.parts.engine.connect() as connection:
        hashed = opt_out.address_hash(house.parts.vault, CLINIC, "sms", NUMBER)
        assert opt_out.stands(connection, [hashed])


def test_the_page_sent_again_changes_nothing(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    [item] = house.happens(ERASED)
    shred(house.parts.engine, house.parts.vault, house.now, asks=False)
    with house.parts.engine.begin() as connection:
        connection.execute(text("UPDATE checkpoint SET position = position - 1 WHERE lane = :lane"), item)
    house.page([item])
    assert shred(house.parts.engine, house.parts.vault, house.now, asks=False) == 0
    holds(house)


def blank(item: dict[str, Any]) -> dict[str, Any]:
    """The item as the feed gives it once she is erased."""
    return item | {
        "data": {
            name: None if name in {"name", "address", "label"} else v for name, v in item["data"].items()
        }
    }


@pytest.mark.parametrize("vault_is_new", [True, False])
def test_followed_from_the_start_again_an_erased_record_neither_parks_nor_comes_back(
    house: House, vault_is_new: bool
) -> None:
    if not vault_is_new:
        house.parts.vault.destroy(CLIENT)
    items = house.items(REGISTERED, HER_PHONE, consent("sms", PHONE), reminder("20:00"), milestone(), ERASED)
    house.page([blank(item) for item in items])
    house.answer()
    shred(house.parts.engine, house.parts.vault, house.now, asks=False)
    assert house.sent() == []
    holds(house)


def test_an_older_database_beside_a_newer_vault_catches_up(house: House) -> None:
    house.begin("sms")
    house.parts.vault.destroy(CLIENT)
    house.happens(milestone())
    house.happens(ERASED)
    house.answer()
    shred(house.parts.engine, house.parts.vault, house.now, asks=False)
    holds(house)


def test_a_record_that_is_set_aside_is_erased_all_the_same(house: House) -> None:
    house.begin("sms")
    house.page([item | {"type": "cairn.moon.risen.v1"} for item in house.items(milestone())])
    assert told(house)["parked_record"] == 1
    erase(house)
    holds(house)


def test_killed_between_its_steps_it_is_taken_up_there(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    house.answer()
    house.happens(ERASED)
    house.parts.vault.destroy(CLIENT)  # and it died
    assert shred(house.parts.engine, house.parts.vault, house.now, asks=False) == 1
    assert shred(house.parts.engine, house.parts.vault, house.now, asks=False) == 0
    holds(house)


def test_her_key_waits_for_what_is_on_its_way_but_not_for_ever(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    with house.parts.engine.begin() as connection:
        connection.execute(
            text("UPDATE message SET state = 'sending', claimed_at = :now"), {"now": house.now}
        )
    house.happens(ERASED)
    parts = house.parts
    assert shred(parts.engine, parts.vault, house.now, asks=False) == 0
    assert parts.vault.key(CLIENT) is not None
    assert shred(parts.engine, parts.vault, house.now + erasing.PATIENCE, asks=False) == 1


def test_a_worker_that_died_over_it_is_settled_and_her_key_follows(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    with house.parts.engine.begin() as connection:
        connection.execute(
            text("UPDATE message SET state = 'sending', claimed_at = :now"), {"now": house.now}
        )
    house.happens(ERASED)
    house.now += sweep.STUCK + timedelta(seconds=1)
    house.sweep()
    erase_again = shred(house.parts.engine, house.parts.vault, house.now, asks=False)
    assert (erase_again, house.states()) == (1, [("unknown", "worker_died")])


def test_the_services_role_forgets_nobody_who_is_not_erased(house: House) -> None:
    house.begin("sms")
    with house.parts.engine.connect() as connection, pytest.raises(Exception, match="only who was erased"):
        connection.execute(text("SELECT forget_client(:client)"), {"client": CLIENT})
    with house.parts.engine.connect() as connection:
        assert people.person(connection, house.parts.vault, CLIENT) is not None


@pytest.mark.parametrize("script", [Script(), Script(answer="hang_after", callbacks="none")])
def test_what_the_provider_keeps_is_emptied_also_where_it_was_not_known_whether_it_went(
    wired: Wired, script: Script
) -> None:
    wired.send(script)
    house, parts = wired.house, wired.house.parts
    settled = ("unknown", "timeout") if script.callbacks == "none" else ("delivered", None)
    wait_for(lambda: wired.state() == settled)
    house.later(minutes=1)
    house.happens(ERASED)
    shred(parts.engine, parts.vault, house.now, asks=True)
    for minutes in (0, 1, 10, 60):
        wired.reconcile(minutes=minutes)
    shred(parts.engine, parts.vault, house.now, asks=True)
    assert [message.body for message in wired.provider.accepted.all()] == [""]
    assert parts.vault.key(CLIENT) is None
