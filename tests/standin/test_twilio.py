"""The stand-in speaks as the provider does: the real SDK understands it, and its count is its own."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from infra.standin.provider import SENDER, Provider
from infra.standin.script import Script
from tests.reminders.house import wait_for
from tests.standin.conftest import Elsewhere
from tests.standin.listening import webhook

NUMBER = "+15035550142"
BODY = "Northside: that counts, and it is saved."


def send(sdk: Any, provider: Provider, to: str = NUMBER, **more: Any) -> Any:
    return sdk.messages.create(**({"to": to, "body": BODY, "messaging_service_sid": provider.service} | more))


def come_to(sdk: Any, sid: str, status: str) -> Any:
    wait_for(lambda: bool(sdk.messages(sid).fetch().status == status), 5)
    return sdk.messages(sid).fetch()


def test_a_message_is_accepted_then_delivered(sdk: Any, provider: Provider) -> None:
    sent = send(sdk, provider, validity_period=3600)
    assert (sent.status, sent.from_, sent.to, sent.body) == ("accepted", None, NUMBER, BODY)
    came = come_to(sdk, sent.sid, "delivered")
    assert (came.from_, came.error_code, came.messaging_service_sid) == (SENDER, None, provider.service)
    assert datetime.now(UTC) - came.date_sent < timedelta(seconds=10)
    assert provider.accepted.all()[0].validity_period == 3600


@pytest.mark.parametrize("code", [30003, 30007])
def test_a_message_that_cannot_be_delivered_says_why(sdk: Any, provider: Provider, code: int) -> None:
    provider.scripts.set(NUMBER, [Script(delivery=str(code))])
    came = come_to(sdk, send(sdk, provider).sid, "undelivered")
    assert came.error_code == code


@pytest.mark.parametrize(
    ("asked", "code", "status"),
    [
        ({"to": "+15005550004"}, 21610, 400),
        ({"to": "+15005550001"}, 21211, 400),
        ({"to": "+15005550009"}, 21614, 400),
        ({"to": "5551234"}, 21211, 400),
        ({"to": "+15005550042"}, 20429, 429),
        ({"to": "+15005550050"}, 20500, 500),
        ({"body": ""}, 21602, 400),
        ({"body": "x" * 1601}, 21617, 400),
        ({"validity_period": 36_001}, 90007, 400),
        ({"messaging_service_sid": "MG0"}, 21701, 400),
        ({"status_callback": "nowhere"}, 21609, 400),
    ],
)
def test_what_is_refused_is_refused_in_the_providers_words(
    sdk: Any, provider: Provider, asked: dict[str, Any], code: int, status: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send(sdk, provider, **asked)
    assert (refused.value.code, refused.value.status) == (code, status)
    assert provider.accepted.all() == []


def test_a_wrong_token_is_not_let_in(provider: Provider, url: str) -> None:
    http = Elsewhere(url, timeout=1.0)
    with pytest.raises(TwilioRestException) as refused:
        send(Client(provider.account, "wrong", http_client=http), provider)
    assert (refused.value.code, refused.value.status) == (20003, 401)
    http.close()


def test_too_many_requests_say_when_to_come_back(provider: Provider, url: str) -> None:
    provider.scripts.usually(Script("429", retry_after=7))
    form = {"To": NUMBER, "Body": BODY, "MessagingServiceSid": provider.service}
    address = f"{url}/2010-04-01/Accounts/{provider.account}/Messages.json"
    answer = requests.post(address, form, auth=(provider.account, provider.token), timeout=5)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


@pytest.mark.parametrize(
    ("answer", "error", "accepted"),
    [
        ("hang", requests.ReadTimeout, 0),
        ("hang_after", requests.ReadTimeout, 1),
        ("reset", requests.ConnectionError, 0),
        ("reset_after", requests.ConnectionError, 1),
        ("500_after", TwilioRestException, 1),
    ],
)
def test_it_goes_wrong_before_or_after_accepting(
    sdk: Any, provider: Provider, answer: Any, error: type[Exception], accepted: int
) -> None:
    provider.scripts.set(NUMBER, [Script(answer)])
    with pytest.raises(error):
        send(sdk, provider)
    assert len(provider.accepted.all()) == accepted


def test_scripts_are_taken_one_by_one_and_the_last_one_stays(sdk: Any, provider: Provider) -> None:
    provider.scripts.set(NUMBER, [Script("429"), Script()])
    with pytest.raises(TwilioRestException):
        send(sdk, provider)
    send(sdk, provider)
    send(sdk, provider)


def test_the_count_shows_what_was_accepted_twice_even_after_it_was_redacted(
    sdk: Any, provider: Provider
) -> None:
    one, two = "http://127.0.0.1:9/status?message=1", "http://127.0.0.1:9/status?message=2"
    for callback in (one, two, one):
        send(sdk, provider, status_callback=callback)
    for message in provider.accepted.all():
        come_to(sdk, message.sid, "delivered")
        assert sdk.messages(message.sid).update(body="").body == ""
    assert provider.accepted.twice() == {one: 2}


def test_a_body_is_redacted_only_when_the_message_has_come_to_its_end(sdk: Any, provider: Provider) -> None:
    provider.scripts.set(NUMBER, [Script(callback_after=60)])
    with pytest.raises(TwilioRestException) as refused:
        send(sdk, provider).update(body="")
    assert (refused.value.code, refused.value.status) == (20009, 409)


def test_a_message_that_never_was_is_not_found(sdk: Any) -> None:
    with pytest.raises(TwilioRestException) as refused:
        sdk.messages("SM" + "0" * 32).fetch()
    assert (refused.value.code, refused.value.status) == (20404, 404)


def test_the_list_is_paged_newest_first_and_filtered(sdk: Any, provider: Provider) -> None:
    for number in range(7):
        send(sdk, provider, body=str(number))
    send(sdk, provider, to="+15035550199")
    assert [one.body for one in sdk.messages.list(to=NUMBER, page_size=3)] == list("6543210")
    assert [one.body for one in sdk.messages.list(to=NUMBER, page_size=3, limit=4)] == list("6543")
    for message in provider.accepted.all():
        come_to(sdk, message.sid, "delivered")
    now = datetime.now(UTC)
    assert len(sdk.messages.list(date_sent_after=now - timedelta(hours=1))) == 8
    assert sdk.messages.list(date_sent_before=now - timedelta(hours=1)) == []
    assert len(sdk.messages.list(date_sent=now)) == 8
    assert sdk.messages.list(from_="+15035550100") == []


@pytest.mark.parametrize(
    ("script", "statuses"),
    [
        (Script(), ["queued", "sent", "delivered"]),
        (Script(callbacks="twice"), ["queued", "queued", "sent", "sent", "delivered", "delivered"]),
        (Script(callbacks="reversed"), ["delivered", "sent", "queued"]),
        (Script(delivery="sent"), ["queued", "sent"]),
        (Script(delivery="30003"), ["queued", "sent", "undelivered"]),
        (Script(delivery="30036"), ["queued", "failed"]),
    ],
)
def test_callbacks_are_signed_and_come_as_scripted(
    sdk: Any, provider: Provider, script: Script, statuses: list[str]
) -> None:
    provider.scripts.set(NUMBER, [script])
    with webhook(provider.token) as (address, heard):
        send(sdk, provider, status_callback=f"{address}/twilio/status?message=7")
        wait_for(lambda: len(provider.callbacks.told) == len(statuses), 5)
        assert heard.statuses() == statuses
        assert all(heard.genuine)
        assert {path for path, _, _ in heard.calls} == {"/twilio/status?message=7"}
    assert {one.answer for one in provider.callbacks.told} == {204}


def test_callbacks_come_before_the_answer_where_that_takes_its_time(sdk: Any, provider: Provider) -> None:
    provider.scripts.set(NUMBER, [Script(takes=0.5)])
    with webhook(provider.token) as (address, heard):
        send(sdk, provider, status_callback=f"{address}/twilio/status")
        assert heard.statuses()[-1] == "delivered"


def test_callbacks_that_are_held_come_when_they_are_let_go(sdk: Any, provider: Provider) -> None:
    provider.scripts.set(NUMBER, [Script(callbacks="held")])
    with webhook(provider.token) as (address, heard):
        come_to(sdk, send(sdk, provider, status_callback=f"{address}/s").sid, "delivered")
        time.sleep(0.1)
        assert heard.calls == []
        assert provider.callbacks.let_go() == 3
        wait_for(lambda: len(heard.calls) == 3, 5)


def test_callbacks_go_through_a_proxy_signed_for_the_public_address(provider: Provider, url: str) -> None:
    with webhook(provider.token) as (address, heard):
        provider.callbacks.through, heard.public_url = address, "https://reminders.example.org"
        http = Elsewhere(url, timeout=1.0)
        sdk = Client(provider.account, provider.token, http_client=http)
        send(sdk, provider, status_callback="https://reminders.example.org/twilio/status?message=1")
        wait_for(lambda: len(heard.calls) == 3, 5)
        http.close()
    assert all(heard.genuine)


def test_it_is_told_and_asked_over_http_too(sdk: Any, provider: Provider, url: str) -> None:
    door = f"{url}/standin"
    assert requests.put(f"{door}/numbers/{NUMBER}", json=[{"answer": "21610"}], timeout=5).status_code == 204
    with pytest.raises(TwilioRestException):
        send(sdk, provider)
    assert requests.put(f"{door}/numbers/{NUMBER}", json=[], timeout=5).status_code == 204
    assert requests.put(f"{door}/usually", json={"delivery": "30007"}, timeout=5).status_code == 204
    come_to(sdk, send(sdk, provider).sid, "undelivered")
    said = requests.get(f"{door}/accepted", timeout=5).json()
    assert (said["count"], said["twice"], said["items"][0]["error_code"]) == (1, {}, 30007)
    assert requests.get(f"{door}/told", timeout=5).json() == {"items": []}
    assert requests.post(f"{door}/callbacks", timeout=5).json() == {"made": 0}
    assert requests.delete(f"{door}/", timeout=5).status_code == 204
    assert requests.get(f"{door}/accepted", timeout=5).json()["count"] == 0


@pytest.mark.parametrize("wrong", ['[{"answer": "no"}]', '[{"answers": "21610"}]', "{", "[1]"])
def test_a_script_that_is_none_is_refused_with_the_reason(url: str, wrong: str) -> None:
    answer = requests.put(f"{url}/standin/numbers/{NUMBER}", data=wrong, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("A script is not so: ")


def test_it_starts_by_itself_and_prints_the_settings_to_send_by_it() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "infra.standin.twilio"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"TWILIO_AUTH_TOKEN": "a-token", "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout
    said = dict(process.stdout.readline().strip().split("=", 1) for _ in range(4))
    account = said["TWILIO_ACCOUNT_SID"]
    http = Elsewhere(said["TWILIO_API_URL"], timeout=5.0)
    sdk = Client(account, said["TWILIO_AUTH_TOKEN"], http_client=http)
    sent = sdk.messages.create(
        to=NUMBER, body=BODY, messaging_service_sid=said["TWILIO_MESSAGING_SERVICE_SID"]
    )
    assert sent.account_sid == account
    http.close()
    process.terminate()
    process.communicate(timeout=10)
    assert process.returncode == 0
