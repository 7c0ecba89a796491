"""What the reminder service asks for costs as much in a full ledger as in an empty one."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from services.reminders import people
from services.reminders.api.metrics import Ledger
from services.reminders.channels import Answer, Heard
from services.reminders.channels.sms import Told
from services.reminders.hearing.answering import hear
from services.reminders.ledger import erasing, outgoing, planned, read, reconciling, ringing, unknown
from services.reminders.links import Links
from services.reminders.shred import shred
from services.reminders.team import flagging
from services.reminders.webhooks import status
from shared.events import RemindersPaused
from tests.plans.watching import Plans
from tests.reminders.house import CLIENT, NUMBER, House, milestone, reminder


def applies_and_sends(house: House) -> None:
    house.happens(milestone(), reminder("10:30"), RemindersPaused(pause_id=uuid4(), until=None))
    house.happens(milestone("practices", 3))
    house.answer()


def plans_what_is_due(house: House) -> None:
    house.later(minutes=45)
    assert house.schedule()
    house.answer()


def sweeps(house: House) -> None:
    house.sweep()
    ringing.unheard(house.parts.engine, [uuid4()])


def asks_the_provider(house: House) -> None:
    with house.parts.engine.begin() as connection:
        [asked, *_] = reconciling.take_due(connection, house.now)
        reconciling.later(connection, asked)
        reconciling.is_sending(connection, CLIENT)
    shred(house.parts.engine, house.parts.vault, house.now, asks=True)


def is_called_back(house: House) -> None:
    told = Told("SM7", "delivered", NUMBER, Answer("delivered"))
    status.hear(house.parts.engine, house.parts.vault, told, None, house.now)


def hears_her(house: House) -> None:
    for number, words in enumerate(("DONE", "WIN I went out", "why is this", "STOP")):
        heard = Heard(f"SM-in-{number}", NUMBER, "+15035550100", words)
        links = Links(house.parts.vault.own, None)
        hear(house.parts.engine, house.parts.vault, house.rung.extend, links, heard, house.now, "c")
    house.answer()


def brings_facts(house: House) -> None:
    with house.parts.engine.begin() as connection:
        assert outgoing.take_due(connection, house.parts.vault, house.now)


def shows_her_messages(house: House) -> None:
    with house.parts.engine.connect() as connection:
        page = read.messages_of(connection, CLIENT, limit=2)
        assert page.items
        planned.of_client(connection, CLIENT)
        planned.keys_since(connection, CLIENT, house.now)
        people.person(connection, house.parts.vault, CLIENT)
        unknown.unknown(connection)


def is_scraped(house: House) -> None:
    assert list(Ledger(house.parts.engine, house.clock).collect())


def reminds_the_staff(house: House) -> None:
    flagging.remind(house.parts.engine, house.parts.vault, house.rung.extend, house.now)
    with house.parts.engine.connect() as connection:
        erasing.due(connection, house.now, asks=True)


DOES: tuple[Callable[[House], None], ...] = (
    applies_and_sends,
    plans_what_is_due,
    sweeps,
    asks_the_provider,
    is_called_back,
    hears_her,
    brings_facts,
    shows_her_messages,
    is_scraped,
    reminds_the_staff,
)


def test_nothing_is_read_whole_and_nothing_sorted_that_grows(reminders: tuple[House, Plans]) -> None:
    house, plans = reminders
    assert plans.faults_of(house, DOES) == {}
