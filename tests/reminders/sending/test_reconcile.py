"""What nobody could tell is settled by the provider's list where it can be, and never sent again."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from infra.local.ports import free_port
from infra.standin.script import Script
from services.reminders.channels import Letter
from services.reminders.channels.sms import Twilio
from services.reminders.ledger import reconciling
from services.reminders.sending.letters import handed, sealed
from tests.reminders.house import CLIENT, NUMBER, milestone, wait_for
from tests.reminders.wired import Wired

SILENT = Script("reset_after", callbacks="none")


def arrived(wired: Wired) -> None:
    """The provider is done with all that it has."""
    wait_for(lambda: all(one.status in {"delivered", "undelivered"} for one in wired.provider.accepted.all()))


@pytest.mark.parametrize("answer", ["reset_after", "500_after", "hang_after"])
def test_an_ambiguous_answer_is_settled_by_the_list_and_then_forgotten_there(
    wired: Wired, answer: str
) -> None:
    wired.send(replace(SILENT, answer=answer))
    arrived(wired)
    assert wired.state()[0] == "unknown"
    assert wired.reconcile(seconds=9) == 0
    assert wired.reconcile(seconds=1) == 1
    [accepted] = wired.provider.accepted.all()
    assert wired.state() == ("delivered", None)
    assert (wired.ledger()["provider_id"], wired.ledger()["sealed"]) == (accepted.sid, None)
    assert wired.reconcile() == 1
    assert wired.provider.accepted.all()[0].body == ""
    assert wired.ledger()["redacted_at"] == wired.house.now
    assert wired.reconcile(days=2) == 0
    assert wired.provider.accepted.twice() == {}


def test_what_the_provider_failed_to_deliver_is_settled_as_failed(wired: Wired) -> None:
    wired.send(replace(SILENT, delivery="30003"))
    arrived(wired)
    wired.reconcile(seconds=10)
    assert wired.state() == ("failed", "unreachable")


def test_an_opt_out_that_only_the_list_tells_of_stands_as_well(wired: Wired) -> None:
    wired.send(replace(SILENT, delivery="21610"))
    arrived(wired)
    wired.reconcile(seconds=10)
    assert len(wired.withdrawn()) == 1
    wired.house.happens(milestone("first_win"))
    wired.house.answer()
    assert wired.house.states() == [("failed", "opted_out_at_provider"), ("suppressed", "opted_out")]


def test_absence_proves_nothing_so_it_stays_unknown_and_is_asked_about_a_bounded_number_of_times(
    wired: Wired,
) -> None:
    wired.send(Script("500"))
    asked = []
    for wait in (timedelta(seconds=10), *reconciling.AGAIN):
        asked.append(wired.ledger()["reconcile_at"])
        assert wired.reconcile(seconds=wait.total_seconds()) == 0
    assert None not in asked
    assert (wired.ledger()["reconcile_at"], wired.ledger()["sealed"]) == (None, None)
    assert wired.state() == ("unknown", "provider_error")
    assert wired.house.sweep() == 0
    assert wired.provider.accepted.all() == []


def test_a_callback_lost_on_its_way_is_made_up_for(wired: Wired) -> None:
    wired.send(Script(callbacks="none"))
    arrived(wired)
    assert wired.reconcile(minutes=14) == 0
    assert wired.reconcile(minutes=1) == 1
    assert wired.state() == ("delivered", None)


def test_a_provider_that_is_away_is_asked_again_and_that_counts_for_nothing(
    wired: Wired, monkeypatch: pytest.MonkeyPatch
) -> None:
    wired.send(SILENT)
    arrived(wired)
    real = wired.house.parts.twilio
    away = Twilio(
        account_sid=wired.provider.account,
        auth_token=wired.provider.token,
        messaging_service_sid=wired.provider.service,
        public_url="https://reminders.example.org",
        api_url=f"http://127.0.0.1:{free_port()}",
    )
    monkeypatch.setitem(vars(wired.house.parts), "twilio", away)
    for _ in range(9):
        assert wired.reconcile(minutes=2) == 0
    assert wired.ledger()["reconcile_tries"] == 0
    monkeypatch.setitem(vars(wired.house.parts), "twilio", real)
    assert wired.reconcile(minutes=2) == 1
    assert wired.state() == ("delivered", None)


def test_a_message_whose_id_is_known_is_never_taken_for_another_with_the_same_words(wired: Wired) -> None:
    wired.send(Script())
    wait_for(lambda: wired.state() == ("delivered", None))
    [first] = wired.provider.accepted.all()
    wired.provider.scripts.set(NUMBER, [Script("500")])
    wired.house.happens(milestone("first_win"))
    [second] = [one for one in wired.house.messages() if one["state"] == "planned"]
    message = UUID(second["id"])
    same = Letter(message, CLIENT, "sms", NUMBER, first.body, None, None, "UTC", wired.house.now)
    with wired.house.parts.engine.begin() as connection:
        connection.execute(
            text("UPDATE message SET state = 'unknown', claimed_at = :now, reconcile_at = :now,"
                 " sealed = :sealed WHERE message_id = :id"),
            {"now": wired.house.now, "sealed": sealed(wired.house.parts.vault, same), "id": message},
        )  # fmt: skip
    wired.reconcile(seconds=1)
    assert wired.house.states() == [("delivered", None), ("unknown", None)]


@pytest.mark.parametrize("asked_first", ["delivered", "unknown"])
def test_of_two_with_the_same_words_the_one_that_was_claimed_last_before_it_is_the_one_accepted(
    wired: Wired, asked_first: str
) -> None:
    wired.send(SILENT)
    arrived(wired)
    [accepted] = wired.provider.accepted.all()
    wired.house.happens(milestone("first_win"))
    [never_gone] = [UUID(one["id"]) for one in wired.house.messages() if one["state"] == "planned"]
    same = Letter(never_gone, CLIENT, "sms", NUMBER, accepted.body, None, None, "UTC", wired.house.now)
    with wired.house.parts.engine.begin() as connection:
        connection.execute(
            text("UPDATE message SET state = 'unknown', sealed = :sealed, reconcile_at = :asked,"
                 " claimed_at = (SELECT max(claimed_at) FROM message) - interval '9 seconds'"
                 " WHERE message_id = :id"),
            {"sealed": sealed(wired.house.parts.vault, same), "id": never_gone,
             "asked": wired.house.now + timedelta(seconds=20 if asked_first == "delivered" else 5)},
        )  # fmt: skip
    for _ in range(3):
        wired.reconcile(seconds=10)
    with wired.house.parts.engine.connect() as connection:
        rows = connection.execute(text("SELECT message_id, state FROM message"))
        states: dict[UUID, str] = {row.message_id: row.state for row in rows}
    assert states.pop(never_gone) == "unknown"
    assert list(states.values()) == ["delivered"]


@pytest.mark.parametrize("later", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_the_same_words_at_another_time_are_another_message(wired: Wired, later: timedelta) -> None:
    wired.send(SILENT)
    arrived(wired)
    with wired.house.parts.engine.begin() as connection:
        connection.execute(text("UPDATE message SET claimed_at = claimed_at - :later"), {"later": later})
    assert wired.reconcile(seconds=10) == 0
    assert wired.state()[0] == "unknown"


def test_while_another_sms_to_her_is_on_its_way_nothing_is_settled_by_the_list(wired: Wired) -> None:
    wired.send(SILENT)
    arrived(wired)
    wired.house.happens(milestone("first_win"))
    with wired.house.parts.engine.begin() as connection:
        connection.execute(text("UPDATE message SET state = 'sending' WHERE state = 'planned'"))
    assert wired.reconcile(seconds=10) == 0
    assert ("unknown", "connection_lost") in wired.house.states()


def test_a_body_that_cannot_be_emptied_yet_is_tried_again_a_bounded_number_of_times(wired: Wired) -> None:
    wired.send(Script(callbacks="none", delivery="sent"))
    sid = wired.provider.accepted.all()[0].sid
    with wired.house.parts.engine.begin() as connection:
        connection.execute(
            text("UPDATE message SET state = 'delivered', reconcile_at = :now"), {"now": wired.house.now}
        )
    for wait in (timedelta(0), *reconciling.AGAIN):
        assert wired.ledger()["reconcile_at"] is not None
        assert wired.reconcile(seconds=wait.total_seconds()) == 0
    assert (wired.ledger()["reconcile_at"], wired.ledger()["redacted_at"]) == (None, None)
    found = wired.provider.accepted.find(sid)
    assert found
    assert found.body


def test_what_was_kept_of_an_erased_client_is_kept_from_the_reconciler_too(wired: Wired) -> None:
    wired.send(SILENT)
    arrived(wired)
    row, vault = wired.ledger(), wired.house.parts.vault
    assert handed(vault, CLIENT, row["message_id"], row["sealed"])
    vault.destroy(CLIENT)
    assert handed(vault, CLIENT, row["message_id"], row["sealed"]) is None
    assert wired.reconcile(seconds=10) == 0


def test_two_reconcilers_do_not_ask_about_the_same_message_at_once(wired: Wired) -> None:
    wired.send(SILENT)
    later = wired.house.now + timedelta(seconds=10)
    with wired.house.parts.engine.begin() as connection:
        assert len(reconciling.take_due(connection, later)) == 1
    with wired.house.parts.engine.begin() as connection:
        assert reconciling.take_due(connection, later) == []
        assert len(reconciling.take_due(connection, later + reconciling.LEASE)) == 1
