"""What cannot be applied or judged is set aside, stays in sight, and is taken up again in order."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from services.reminders import parking
from services.reminders.commands import reminders
from services.reminders.following.unparking import retry
from services.reminders.people import person
from shared.events import ConsentWithdrawn, PreferencesSet
from shared.settings import Settings
from tests.reminders.figures import exposition
from tests.reminders.house import CLIENT, NUMBER, PHONE, ZONE, House, consent, milestone

POISON = {"data": {"rule": "no such rule"}}


def run(settings: Settings, *words: str) -> tuple[int, list[str]]:
    """The command; its exit code and its lines."""
    done = CliRunner().invoke(reminders, ["parked", *words], obj=settings)
    return done.exit_code, done.output.splitlines()


def poisoned(house: House) -> dict[str, Any]:
    """Her record is parked: an event that cannot be applied, and what comes after it; the good one."""
    house.begin("sms")
    [good] = house.items(milestone())
    house.page([good | POISON])
    house.happens(PreferencesSet(time_zone=ZONE, locale="es"))
    house.happens(milestone("first_win"))
    return good


def mend(house: House, good: dict[str, Any]) -> None:
    """What could not be read can be, as where another version of the code comes to it."""
    parts = house.parts
    with parts.engine.begin() as connection:
        items = parking.take(connection, parts.vault, CLIENT) or []
        mended = [good if item["id"] == good["id"] else item for item in items]
        aside = [parking.Parked(item, None if place else "Once") for place, item in enumerate(mended)]
        parking.park(connection, parts.vault, aside, house.now)


def locale(house: House) -> str:
    with house.parts.engine.connect() as connection:
        known = person(connection, house.parts.vault, CLIENT)
    assert known
    return known.locale


def test_a_record_is_taken_up_again_in_order_and_what_waited_goes_on(house: House) -> None:
    good = poisoned(house)
    assert (locale(house), house.messages()) == ("en", [])
    house.rung.clear()
    mend(house, good)
    parts = house.parts
    assert retry(parts.engine, parts.vault, house.rung.extend, CLIENT, house.now) == (3, 0, None)
    assert locale(house) == "es"
    assert sorted(map(str, house.answer())) == ["None", "delivered"]
    assert retry(parts.engine, parts.vault, house.rung.extend, CLIENT, house.now) is None
    house.happens(PreferencesSet(time_zone=ZONE, locale="en"))
    assert locale(house) == "en"


def test_what_became_stale_meanwhile_is_recorded_and_not_sent(house: House) -> None:
    good = poisoned(house)
    mend(house, good)
    house.rung.clear()
    house.later(days=3)
    retry(house.parts.engine, house.parts.vault, house.rung.extend, CLIENT, house.now)
    house.answer()
    assert house.states() == [("expired", "stale")] * 2
    assert house.sent() == []


def test_tried_in_vain_it_goes_as_far_as_it_can_and_stands_still_there(house: House) -> None:
    good = poisoned(house)
    house.page([item | POISON for item in house.items(milestone("practices", 3))])
    mend(house, good)
    parts = house.parts
    assert retry(parts.engine, parts.vault, house.rung.extend, CLIENT, house.now) == (3, 1, "BadEvent")
    assert locale(house) == "es"
    house.happens(PreferencesSet(time_zone=ZONE, locale="en"))
    assert locale(house) == "es"
    assert retry(parts.engine, parts.vault, house.rung.extend, CLIENT, house.now) == (0, 2, "BadEvent")


def test_what_was_held_because_she_was_parked_is_rung_again_at_once(house: House) -> None:
    house.begin("sms")
    house.happens(milestone())
    [good] = house.items(milestone("first_win"))
    house.page([good | POISON])
    assert house.answer() == [None]
    mend(house, good)
    retry(house.parts.engine, house.parts.vault, house.rung.extend, CLIENT, house.now)
    house.rung.clear()
    house.sweep()
    assert "delivered" in house.answer()


def test_a_consent_that_was_withdrawn_meanwhile_holds(house: House) -> None:
    good = poisoned(house)
    withdrawn = ConsentWithdrawn(consent_id=consent("sms", PHONE).consent_id, contact_id=PHONE, scope="sms")
    house.happens(withdrawn)
    mend(house, good)
    retry(house.parts.engine, house.parts.vault, house.rung.extend, CLIENT, house.now)
    house.answer()
    assert {state for state, _ in house.states()} == {"suppressed"}


def spoil(house: House) -> UUID:
    """Of two messages that wait for her one holds what this version cannot read; which."""
    house.begin("sms", "email")
    house.happens(milestone())
    house.happens(milestone("first_win"))
    with house.parts.engine.begin() as connection:
        spoiled: UUID = connection.execute(
            text(
                'UPDATE occasion SET detail = \'{"threshold": "many"}\' WHERE occasion_id ='
                " (SELECT occasion_id FROM message_occasion JOIN message USING (message_id)"
                "   WHERE channel = 'sms' ORDER BY created_at, message_id LIMIT 1) RETURNING occasion_id"
            )
        ).scalar_one()
    return spoiled


def test_a_message_that_breaks_its_judge_is_set_aside_alone_and_the_rest_goes(house: House) -> None:
    spoil(house)
    house.answer()
    aside = [("failed", "set_aside")] * 2  # one a channel
    assert [state for state in house.states() if state[0] == "failed"] == aside
    assert sorted(channel for channel, _, _ in house.sent()) == ["email", "sms"]
    page = exposition(house.parts.engine).decode()
    assert 'cairn_messages_set_aside{reason="ValidationError"} 2.0' in page


def test_none_is_counted_when_none_is_set_aside(house: House) -> None:
    assert 'cairn_messages_set_aside{reason=""} 0.0' in exposition(house.parts.engine).decode()


def test_the_command_lists_both_and_has_them_tried_again(house: House, settings: Settings) -> None:
    spoiled = spoil(house)
    house.answer()
    house.page([item | POISON for item in house.items(milestone("practices", 3))])
    code, lines = run(settings, "--json")
    [record, *messages] = [json.loads(line) for line in lines]
    assert (code, record["record_id"], record["events"]) == (0, str(CLIENT), 1)
    assert {message["client_id"] for message in messages} == {str(CLIENT)}
    code, lines = run(settings)
    assert (code, len(lines), any(NUMBER in line for line in lines)) == (0, 3, False)
    with house.parts.engine.begin() as connection:
        connection.execute(text("UPDATE occasion SET detail = '{}' WHERE occasion_id = :id"), {"id": spoiled})
    code, lines = run(settings, "retry", *(message["message_id"] for message in messages))
    assert (code, [line.split()[0] for line in lines]) == (0, ["message", "message"])
    assert run(settings, "retry", "--all")[0] == 1
    code, lines = run(settings)
    assert (code, [line.split()[1] for line in lines]) == (0, ["record"])


def test_where_nothing_is_set_aside_it_says_so(settings: Settings) -> None:
    for words in ((), ("retry", "--all")):
        assert run(settings, *words) == (0, ["Nothing is set aside."])


@pytest.mark.parametrize("words", [("retry",), ("retry", "--all", str(CLIENT)), ("retry", str(CLIENT))])
def test_what_is_not_set_aside_is_not_tried_again(settings: Settings, words: tuple[str, ...]) -> None:
    assert run(settings, *words)[0] == 2
