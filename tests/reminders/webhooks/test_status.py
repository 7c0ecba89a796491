"""What the ledger says after each answer of the provider and after its callback, however that comes."""

from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
import requests
from sqlalchemy import text

from infra.standin.callbacks import signature
from infra.standin.script import Script
from services.reminders.channels.sms import callback_url
from shared.events import Event
from shared.paths import consent as path_of
from tests.reminders.house import CLIENT, NUMBER, PHONE, consent, milestone, wait_for
from tests.reminders.wired import PUBLIC, Wired

SID = "SM" + "1" * 32


def tell(wired: Wired, *, signed_with: str | None = None, url: str | None = None, **said: str) -> int:
    """Calls back as the provider would about her message; gives the HTTP status."""
    message = url or callback_url(PUBLIC, wired.ledger()["message_id"])
    form = {"MessageSid": SID, "MessageStatus": "delivered", "To": NUMBER} | said
    signed = signature(signed_with or wired.provider.token, message, form)
    way = message.replace(PUBLIC, wired.url)
    return requests.post(way, form, headers={"X-Twilio-Signature": signed}, timeout=5).status_code


def told(wired: Wired) -> int:
    with wired.house.parts.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM callback")).scalar_one())


@pytest.mark.parametrize(
    ("script", "answered", "in_the_end"),
    [
        (Script(), ("sent", None), ("delivered", None)),
        (Script(delivery="sent"), ("sent", None), ("sent", None)),
        (Script(delivery="30003"), ("sent", None), ("failed", "unreachable")),
        (Script(delivery="30005"), ("sent", None), ("failed", "no_such_number")),
        (Script(delivery="30006"), ("sent", None), ("failed", "not_a_mobile")),
        (Script(delivery="30007"), ("sent", None), ("failed", "filtered_by_carrier")),
        (Script(delivery="30036"), ("sent", None), ("failed", "too_late")),
        (Script("500_after"), ("unknown", "provider_error"), ("delivered", None)),
        (Script("hang_after"), ("unknown", "timeout"), ("delivered", None)),
        (Script("reset_after"), ("unknown", "connection_lost"), ("delivered", None)),
        (Script("reset_after", delivery="30003"), ("unknown", "connection_lost"), ("failed", "unreachable")),
    ],
)
def test_what_the_ledger_says_after_the_answer_and_after_the_callback(
    wired: Wired, script: Script, answered: tuple[str, str | None], in_the_end: tuple[str, str | None]
) -> None:
    wired.send(Script(script.answer, script.delivery, callbacks="held"))
    assert wired.state() == answered
    [accepted] = wired.provider.accepted.all()
    wait_for(lambda: wired.provider.callbacks.let_go() > 0)
    wait_for(lambda: wired.state() == in_the_end and told(wired) >= 2)
    assert wired.ledger()["provider_id"] == accepted.sid
    assert {one.answer for one in wired.provider.callbacks.told} == {204}
    assert wired.provider.accepted.twice() == {}


@pytest.mark.parametrize("callbacks", ["once", "twice", "reversed"])
def test_a_callback_before_the_settle_wins_over_it_in_any_order(wired: Wired, callbacks: Any) -> None:
    wired.send(Script(takes=0.4, callbacks=callbacks))
    assert wired.state() == ("delivered", None)
    assert told(wired) == 3
    assert wired.ledger()["provider_id"] == wired.provider.accepted.all()[0].sid


@pytest.mark.parametrize("callbacks", ["twice", "reversed"])
def test_doubled_and_reordered_callbacks_only_raise_it(wired: Wired, callbacks: Any) -> None:
    wired.send(Script(delivery="30003", callbacks=callbacks))
    wait_for(lambda: len(wired.provider.callbacks.told) == (6 if callbacks == "twice" else 3))
    assert wired.state() == ("failed", "unreachable")
    assert told(wired) == 3


def test_a_callback_heard_again_changes_nothing(wired: Wired) -> None:
    wired.send(Script(callbacks="none", delivery="sent"))
    sid = wired.provider.accepted.all()[0].sid
    assert tell(wired, MessageSid=sid, MessageStatus="undelivered", ErrorCode="30003") == 204
    before = wired.ledger()
    for status in ("undelivered", "sent", "delivered"):
        assert tell(wired, MessageSid=sid, MessageStatus=status, ErrorCode="30003") == 204
    assert wired.ledger() == before


def test_a_forged_callback_is_refused_and_changes_nothing(wired: Wired) -> None:
    wired.send(Script(callbacks="none"))
    elsewhere = callback_url("https://evil.example", wired.ledger()["message_id"])
    form = {"MessageSid": SID, "MessageStatus": "failed"}
    signed = signature(wired.provider.token, callback_url(PUBLIC, wired.ledger()["message_id"]), form)
    way = callback_url(wired.url, wired.ledger()["message_id"])
    attempts: list[tuple[str, dict[str, str], dict[str, str]]] = [
        (way, form, {}),
        (way, form, {"X-Twilio-Signature": ""}),
        (way, form, {"X-Twilio-Signature": "é".encode().decode("latin-1")}),
        (way, form | {"MessageStatus": "delivered"}, {"X-Twilio-Signature": signed}),
        (way + "1", form, {"X-Twilio-Signature": signed}),
        (way.partition("?")[0], form, {"X-Twilio-Signature": signed}),
        (way, form, {"X-Twilio-Signature": signature("another", way.replace(wired.url, PUBLIC), form)}),
        # What the request itself calls its host proves nothing.
        (way, form, {"X-Twilio-Signature": signature(wired.provider.token, elsewhere, form),
                     "Host": "evil.example", "X-Forwarded-Host": "evil.example"}),
    ]  # fmt: skip
    for url, said, headers in attempts:
        answer = requests.post(url, said, headers=headers, timeout=5)
        assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")
    assert (wired.state(), told(wired)) == (("sent", None), 0)


def test_a_signed_callback_about_nothing_that_we_know_is_kept_and_harmless(wired: Wired) -> None:
    wired.send(Script(callbacks="none"))
    assert tell(wired, url=callback_url(PUBLIC, uuid4())) == 204
    assert tell(wired, url=f"{PUBLIC}/twilio/status", MessageSid="SM2") == 204
    assert tell(wired, url=f"{PUBLIC}/twilio/status?message=none", MessageSid="SM3") == 204
    assert (wired.state(), told(wired)) == (("sent", None), 3)


def test_a_callback_that_names_no_message_of_ours_is_known_by_the_providers_id(wired: Wired) -> None:
    wired.send(Script(callbacks="none"))
    sid = wired.provider.accepted.all()[0].sid
    assert tell(wired, url=f"{PUBLIC}/twilio/status", MessageSid=sid) == 204
    assert wired.state() == ("delivered", None)


@pytest.mark.parametrize("said", [{"MessageSid": ""}, {"MessageStatus": ""}, {"MessageSid": "S" * 101},
                                  {"MessageStatus": "a\x00b"}])  # fmt: skip
def test_what_is_signed_and_yet_no_callback_is_refused(wired: Wired, said: dict[str, str]) -> None:
    wired.send(Script(callbacks="none"))
    assert tell(wired, **said) == 422


def test_one_that_the_provider_accepted_under_another_id_too_is_not_confused_with_it(wired: Wired) -> None:
    wired.send(Script(callbacks="none"))
    assert tell(wired, MessageSid=SID, MessageStatus="failed") == 204
    assert wired.state() == ("sent", None)


@pytest.mark.parametrize("script", [Script("21610"), Script(delivery="21610")])
def test_whoever_opted_out_at_the_provider_gets_nothing_more_whatever_her_record_says(
    wired: Wired, script: Script
) -> None:
    wired.send(script)
    wait_for(lambda: wired.state() == ("failed", "opted_out_at_provider"))
    assert wired.withdrawn() == [path_of(CLIENT, "sms", uuid5(PHONE, "consent"))]
    wired.provider.scripts.set(NUMBER, [Script()])
    again: list[Event] = [consent("sms", PHONE, UUID(int=7)), milestone("first_win")]
    wired.house.happens(*again)
    wired.house.answer()
    assert wired.house.states() == [("failed", "opted_out_at_provider"), ("suppressed", "opted_out")]
    assert len(wired.provider.accepted.all()) == (0 if script.answer == "21610" else 1)


def test_a_message_put_off_and_sent_all_the_same_is_not_sent_again(wired: Wired) -> None:
    wired.send(Script("429"))
    assert wired.state() == ("planned", "busy")
    assert tell(wired, MessageStatus="sent") == 204
    assert wired.state() == ("sent", None)
    wired.house.later(hours=1)
    assert wired.house.sweep() == 0


def test_the_databases_hold_no_number_nor_words_of_what_is_on_its_way(wired: Wired) -> None:
    wired.send(Script("reset_after", callbacks="held"))
    kept = wired.ledger()["sealed"]
    assert kept
    assert NUMBER.encode() not in bytes(kept)
    wait_for(lambda: wired.provider.callbacks.let_go() > 0)
    wait_for(lambda: wired.state() == ("delivered", None))
    assert wired.ledger()["sealed"] is None
    assert wired.ledger()["client_id"] == CLIENT
