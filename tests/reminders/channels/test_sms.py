"""Each answer of the provider, and what the ledger says after it: nothing is ever sent twice."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from infra.local.ports import free_port
from infra.standin.callbacks import signature
from infra.standin.provider import Provider
from infra.standin.script import Script
from services.reminders.channels import Answer
from services.reminders.channels.sms import ProviderAway, Twilio, callback_url, is_genuine, told
from services.reminders.ledger.settle import BACKOFF
from services.reminders.parts import Parts
from services.reminders.sending.deliver import deliverer
from shared.settings import Settings, SettingsError
from tests.reminders.channels.conftest import AN_SMS, MESSAGE, PUBLIC
from tests.reminders.channels.peer import certificate, listening
from tests.reminders.house import NUMBER, House, milestone, wait_for

TOKEN = "a-token"


def deliver(house: House, twilio: Twilio) -> None:
    """Her message, delivered as a worker would."""
    house.begin("sms")
    house.happens(milestone())
    [rung] = house.rung
    deliverer(house.parts.engine, house.parts.vault, {"sms": twilio.send}, {}, house.clock)(*rung)


@pytest.mark.parametrize(
    ("script", "state", "cause", "accepted"),
    [
        (Script(), "sent", None, 1),
        (Script("21610"), "failed", "opted_out_at_provider", 0),
        (Script("21211"), "failed", "no_such_number", 0),
        (Script("21614"), "failed", "not_a_mobile", 0),
        (Script("429"), "planned", "busy", 0),
        (Script("21611"), "planned", "busy", 0),
        (Script("500"), "unknown", "provider_error", 0),
        (Script("500_after"), "unknown", "provider_error", 1),
        (Script("hang"), "unknown", "timeout", 0),
        (Script("hang_after"), "unknown", "timeout", 1),
        (Script("reset"), "unknown", "connection_lost", 0),
        (Script("reset_after"), "unknown", "connection_lost", 1),
    ],
)
def test_what_the_ledger_says_after_each_answer(
    house: House, twilio: Twilio, provider: Provider, script: Script, state: str, cause: str, accepted: int
) -> None:
    provider.scripts.set(NUMBER, [script])
    with capture_logs() as logs:
        deliver(house, twilio)
    assert house.states() == [(state, cause)]
    assert len(provider.accepted.all()) == accepted
    assert NUMBER not in str(logs)
    if state != "planned":
        house.later(hours=1)
        assert house.sweep() == 0
    assert provider.accepted.twice() == {}


def test_a_refused_connection_is_tried_again_later_until_it_goes(
    house: House, twilio: Twilio, provider: Provider
) -> None:
    nobody = Twilio(
        account_sid=provider.account,
        auth_token=provider.token,
        messaging_service_sid=provider.service,
        public_url=PUBLIC,
        api_url=f"http://127.0.0.1:{free_port()}",
    )
    deliver(house, nobody)
    nobody.close()
    assert house.states() == [("planned", "unreachable_provider")]
    house.now += BACKOFF[0]
    [rung] = house.rung
    deliverer(house.parts.engine, house.parts.vault, {"sms": twilio.send}, {}, house.clock)(*rung)
    assert house.states() == [("sent", None)]
    assert provider.accepted.twice() == {}


def test_too_many_requests_are_heeded_for_as_long_as_the_provider_asks(
    house: House, twilio: Twilio, provider: Provider
) -> None:
    provider.scripts.set(NUMBER, [Script("429", retry_after=90), Script()])
    deliver(house, twilio)
    [rung] = house.rung
    again = deliverer(house.parts.engine, house.parts.vault, {"sms": twilio.send}, {}, house.clock)
    house.later(seconds=89)
    assert again(*rung) is None
    house.later(seconds=1)
    assert again(*rung) == "sent"
    assert len(provider.accepted.all()) == 1


def test_a_wrong_token_is_tried_again_when_someone_may_have_put_it_right(
    provider: Provider, provider_url: str
) -> None:
    stranger = Twilio(
        account_sid=provider.account,
        auth_token="wrong",
        messaging_service_sid=provider.service,
        public_url=PUBLIC,
        api_url=provider_url,
    )
    assert stranger.send(AN_SMS) == Answer("retry", "provider_refuses_us")
    with pytest.raises(ProviderAway, match="HTTP 401"):
        stranger.fetch("SM" + "0" * 32)
    stranger.close()


def test_a_provider_that_cannot_prove_itself_gets_nothing(provider: Provider, tmp_path: Path) -> None:
    with listening(tls=certificate(tmp_path)[0], implicit=True) as impostor:
        twilio = Twilio(
            account_sid=provider.account,
            auth_token=provider.token,
            messaging_service_sid=provider.service,
            public_url=PUBLIC,
            api_url=f"https://127.0.0.1:{impostor.port}",
        )
        assert twilio.send(AN_SMS) == Answer("retry", "unreachable_provider")
        twilio.close()


def test_the_provider_gets_the_words_the_service_the_callback_and_the_time_left(
    twilio: Twilio, provider: Provider
) -> None:
    answer = twilio.send(AN_SMS)
    [accepted] = provider.accepted.all()
    assert answer == Answer("sent", None, accepted.sid)
    assert (accepted.to, accepted.body) == (AN_SMS.to, AN_SMS.text)
    assert (accepted.service, accepted.validity_period) == (provider.service, 7200)
    assert accepted.status_callback == f"{PUBLIC}/twilio/status?message={MESSAGE}"


@pytest.mark.parametrize(
    ("valid_for", "seconds"),
    [(timedelta(days=2), 36_000), (timedelta(seconds=0.2), 1), (timedelta(seconds=61.9), 61), (None, 36_000)],
)
def test_the_time_left_is_said_as_the_provider_takes_it(
    twilio: Twilio, provider: Provider, valid_for: timedelta | None, seconds: int
) -> None:
    twilio.send(replace(AN_SMS, valid_for=valid_for))
    assert provider.accepted.all()[0].validity_period == seconds


def test_the_worker_sends_by_twilio_where_its_account_is_set(
    house: House, provider: Provider, by_twilio: Settings
) -> None:
    house.begin("sms", "email")
    house.happens(milestone())
    parts = Parts(
        replace(
            house.parts.settings,
            **{name: value for name, value in vars(by_twilio).items() if name.startswith("twilio")},
            reminders_public_url=PUBLIC,
        )
    )
    channels = parts.channels()
    for rung in house.rung:
        deliverer(house.parts.engine, house.parts.vault, channels, {}, house.clock)(*rung)
    assert house.states() == [("delivered", None), ("sent", None)]
    assert [channel for channel, _, _ in house.sent()] == ["email"]
    assert [one.to for one in provider.accepted.all()] == [NUMBER]
    assert 0 < provider.accepted.all()[0].validity_period <= 36_000
    parts.close()


def test_without_a_public_address_nothing_starts(by_twilio: Settings) -> None:
    with pytest.raises(SettingsError, match="CAIRN_REMINDERS_PUBLIC_URL is not set"):
        Parts(replace(by_twilio, reminders_public_url=None)).channels()


def test_what_was_accepted_can_be_found_fetched_and_redacted(twilio: Twilio, provider: Provider) -> None:
    begun = AN_SMS.at
    provider.scripts.set(NUMBER, [Script(callback_after=0.3)])
    sent = twilio.send(AN_SMS)
    assert sent.provider_id
    assert twilio.redact(sent.provider_id) is False
    wait_for(lambda: _answer(twilio, sent) == Answer("delivered", None, sent.provider_id), 5)
    [found] = twilio.sent_to(NUMBER, begun)
    assert (found.provider_id, found.to, found.text) == (sent.provider_id, NUMBER, AN_SMS.text)
    assert twilio.sent_to("+15035550199", begun) == []
    assert twilio.sent_to(NUMBER, found.accepted_at + timedelta(seconds=1)) == []
    assert twilio.redact(sent.provider_id) is True
    assert twilio.sent_to(NUMBER, begun)[0].text == ""


def test_what_became_of_a_message_is_said_in_our_words(twilio: Twilio, provider: Provider) -> None:
    provider.scripts.set(NUMBER, [Script(delivery="30003")])
    sent = twilio.send(AN_SMS)
    wait_for(lambda: _answer(twilio, sent) == Answer("permanent", "unreachable", sent.provider_id), 5)


def test_a_message_that_the_provider_does_not_know_is_none_of_ours(twilio: Twilio) -> None:
    nobody = "SM" + "0" * 32
    assert twilio.fetch(nobody) is None
    assert twilio.redact(nobody) is True


def test_a_provider_that_is_away_is_not_a_provider_that_knows_nothing(provider: Provider) -> None:
    away = Twilio(
        account_sid=provider.account,
        auth_token=provider.token,
        messaging_service_sid=provider.service,
        public_url=PUBLIC,
        api_url=f"http://127.0.0.1:{free_port()}",
    )
    with pytest.raises(ProviderAway):
        away.sent_to(NUMBER, AN_SMS.at)
    with pytest.raises(ProviderAway):
        away.fetch("SM" + "0" * 32)
    assert away.redact("SM" + "0" * 32) is False


FORM = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": NUMBER}


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({}, Answer("delivered", None, "SM1")),
        ({"MessageStatus": "queued"}, Answer("sent", None, "SM1")),
        ({"MessageStatus": "sent"}, Answer("sent", None, "SM1")),
        ({"MessageStatus": "undelivered", "ErrorCode": "30003"}, Answer("permanent", "unreachable", "SM1")),
        (
            {"MessageStatus": "undelivered", "ErrorCode": "30007"},
            Answer("permanent", "filtered_by_carrier", "SM1"),
        ),
        ({"MessageStatus": "failed", "ErrorCode": "30036"}, Answer("permanent", "too_late", "SM1")),
        ({"MessageStatus": "failed", "ErrorCode": "39999"}, Answer("permanent", "undelivered_39999", "SM1")),
        ({"MessageStatus": "failed", "ErrorCode": "x"}, Answer("permanent", "undelivered", "SM1")),
        ({"MessageStatus": "thought_about"}, None),
    ],
)
def test_a_callback_is_read(said: dict[str, str], answer: Answer | None) -> None:
    read = told(FORM | said)
    assert read
    assert (read.provider_id, read.answer) == ("SM1", answer)


@pytest.mark.parametrize("missing", ["MessageSid", "MessageStatus"])
def test_what_lacks_a_field_is_no_callback(missing: str) -> None:
    assert told({name: value for name, value in FORM.items() if name != missing}) is None


def test_a_call_is_genuine_for_its_address_its_form_and_its_token_alone() -> None:
    url = callback_url(PUBLIC, MESSAGE)
    signed = signature(TOKEN, url, FORM)
    assert is_genuine(TOKEN, url, FORM, signed)
    assert not is_genuine("another", url, FORM, signed)
    assert not is_genuine(TOKEN, url.replace("https://", "https://evil."), FORM, signed)
    assert not is_genuine(TOKEN, url, FORM | {"MessageStatus": "failed"}, signed)
    assert not is_genuine(TOKEN, url, FORM, "")


def _answer(twilio: Twilio, sent: Any) -> Answer | None:
    known = twilio.fetch(sent.provider_id)
    return known.answer if known else None
