"""What is personal lies sealed, opens at its own event only, and is gone with its key."""

from __future__ import annotations

from uuid import uuid4

import msgspec
import pytest

from services.goals import current
from services.goals.log import feed
from services.goals.log.append import AddressMove
from services.goals.log.stored import event_place
from shared.events import Change, ContactSet, GoalAdjusted
from shared.lanes import LANES
from shared.sealing import Unopenable, place
from tests import controls as c
from tests.goals.log.writing import Log

TABLES = ("event", "stream", "current", "address", "lane_head")


def written(log: Log) -> None:
    """Everything personal that an append can carry."""
    client, goal = log.begin(client=c.CLIENT), c.GOAL
    contact = ContactSet(contact_id=uuid4(), channel="sms", address=c.NUMBER)
    row = current.Row(client, "client", 2, 2, f'{{"name":"{c.NAME}","address":"{c.NUMBER}"}}'.encode())
    log.append(client, 1, contact, current=[row], addresses=[AddressMove("sms", c.NUMBER, claim=True)])
    log.win(client, 2)
    change = Change(field="specific", from_="Breathe at dawn", to="Breathe at dusk")
    adjusted = GoalAdjusted(
        adjustment_id=uuid4(), kind="reworded", changes=(change,), reason_code="wording",
        effective_on=c.TODAY, epoch=1, agreed="together", reason="Dawn is too early",
    )  # fmt: skip
    log.goal(client, 3, goal, 1, adjusted)


def test_no_stored_byte_shows_what_is_personal(log: Log) -> None:
    written(log)
    stored = b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else repr(value).encode()
        for table in TABLES
        for row in log.all(f"SELECT * FROM cairn.{table}")  # noqa: S608
        for value in row
    )
    assert b"cairn.win.recorded.v1" in stored
    for words in (c.NAME, c.NUMBER, c.NUMBER[1:], c.WIN, "Breathe at", "Dawn is"):
        assert words.encode() not in stored


def test_the_clinic_reads_it_all_again(log: Log) -> None:
    written(log)
    history = log.load(c.GOAL)
    assert history is not None
    registered, contact, win, adjusted = (event.data for event in history.events)
    assert (registered.name, contact.address, win.text) == (c.NAME, c.NUMBER, c.WIN)  # type: ignore[attr-defined]
    assert isinstance(adjusted, GoalAdjusted)
    assert adjusted.changes == (Change(field="specific", from_="Breathe at dawn", to="Breathe at dusk"),)


def test_a_ciphertext_that_was_moved_to_another_event_does_not_open(log: Log) -> None:
    client = log.begin()
    log.win(client, 1)
    log.win(client, 2)
    log.tamper(
        "UPDATE cairn.event SET sealed = (SELECT sealed FROM cairn.event WHERE record_version = 3)"
        " WHERE record_version = 2"
    )
    with pytest.raises(Unopenable):
        log.load(client)


def test_with_the_key_destroyed_what_was_personal_is_none_everywhere(log: Log) -> None:
    written(log)
    log.vault.destroy(c.CLIENT)
    history = log.load(c.CLIENT)
    assert history is not None
    registered, contact, win, adjusted = (event.data for event in history.events)
    assert (registered.name, contact.address, win.text) == (None, None, None)  # type: ignore[attr-defined]
    assert isinstance(adjusted, GoalAdjusted)
    assert adjusted.changes == (Change(field="specific"),)
    assert adjusted.reason is None
    with log.engine.connect() as connection:
        assert current.get(connection, log.vault, c.CLINIC, c.CLIENT) is None
        assert current.rows_of(connection, log.vault, c.CLINIC, c.CLIENT) == ()
    items, _ = feed.page(log.engine, log.vault, lanes=range(LANES), after={}, limit=10, granted=True)
    registered, contact, win = (msgspec.json.decode(item)["data"] for item in items[:3])
    assert (registered["name"], contact["address"]) == (None, None)
    assert "text" not in win


def test_an_event_is_a_place_like_any_other() -> None:
    assert event_place(c.GOAL, c.CLIENT, c.CLINIC) == place("event", c.GOAL, c.CLIENT, c.CLINIC)


def test_each_sealing_is_another_ciphertext(log: Log) -> None:
    client = log.begin()
    log.win(client, 1)
    log.win(client, 2)
    ciphertexts = [row.sealed for row in log.all("SELECT sealed FROM cairn.event")]
    assert len(set(ciphertexts)) == 3
