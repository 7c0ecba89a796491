"""The door: the outbox for this machine, messages for those who may, health and metrics."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.reminders.app import create_app
from shared import tokens
from shared.settings import Settings
from tests.reminders.conftest import KEY
from tests.reminders.house import ADDRESS, CLIENT, CLINIC, NAME, NUMBER, House, milestone

MESSAGES = f"/v1/clients/{CLIENT}/messages"


@pytest.fixture
def door(app: Flask) -> FlaskClient:
    return app.test_client()


def bearer(role: str, clinic: UUID | None = CLINIC, **claims: Any) -> dict[str, str]:
    hour = timedelta(hours=1)
    token = tokens.mint(
        KEY, sub="who", role=role, clinic=clinic, lifetime=hour, now=datetime.now(UTC), **claims
    )
    return {"Authorization": f"Bearer {token}"}


def celebrate(house: House) -> None:
    house.begin("sms", "email")
    house.happens(milestone())
    house.answer()


def test_the_outbox_shows_the_phone_and_the_inbox_as_the_client_sees_them(
    house: House, door: FlaskClient
) -> None:
    celebrate(house)
    page = door.get("/outbox", headers={"Accept": "text/html"})
    assert page.content_type == "text/html; charset=utf-8"
    assert f"Phone {NUMBER}" in page.text
    assert f"Inbox {ADDRESS}" in page.text
    assert "Mon 02 Mar, 10:00" in page.text
    assert "script" not in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'nonce-")


def test_the_outbox_as_json_has_the_newest_last(house: House, door: FlaskClient) -> None:
    celebrate(house)
    items = door.get("/outbox", headers={"Accept": "application/json"}).json["items"]  # type: ignore[index]
    assert [set(item) for item in items] == [{"channel", "to", "subject", "text", "html", "at"}] * 2
    by_channel = {item["channel"]: item for item in items}
    assert (by_channel["sms"]["to"], by_channel["sms"]["subject"]) == (NUMBER, None)
    assert by_channel["email"]["to"] == ADDRESS
    assert by_channel["email"]["subject"]
    assert by_channel["sms"]["at"] == "2026-03-02T15:00:00.000000Z"


def test_an_empty_outbox_says_so(house: House, door: FlaskClient) -> None:
    assert "No message has been sent yet." in door.get("/outbox").text


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
        {"headers": {"Host": "evil.example"}},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
    ],
)
def test_the_outbox_is_for_this_machine_only(house: House, door: FlaskClient, elsewhere: Any) -> None:
    assert door.get("/outbox", **elsewhere).status_code == 404


@pytest.mark.parametrize("role", ["therapist", "lead", "service"])
def test_those_of_her_clinic_see_what_was_sent_and_never_its_words(
    house: House, door: FlaskClient, role: str
) -> None:
    celebrate(house)
    answer = door.get(MESSAGES, headers=bearer(role))
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["next"] is None
    assert [(m["state"], m["kinds"]) for m in answer.json["items"]] == [("delivered", ["celebration"])] * 2
    for hidden in (NUMBER, ADDRESS, NAME, "Northside"):
        assert hidden not in answer.text


def test_the_other_houses_own_token_sees_every_clinics(house: House, door: FlaskClient) -> None:
    celebrate(house)
    assert door.get(MESSAGES, headers=bearer("service", None)).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (bearer("therapist", uuid4()), 404),
        (bearer("service", uuid4()), 404),
        (bearer("client", client=CLIENT), 403),
        (bearer("operator", None), 403),
        ({"Authorization": "Bearer no.such.token"}, 401),
        ({"Authorization": "Basic abc"}, 401),
        ({}, 401),
    ],
)
def test_nobody_else_sees_them(house: House, door: FlaskClient, headers: dict[str, str], status: int) -> None:
    celebrate(house)
    answer = door.get(MESSAGES, headers=headers)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_a_client_whom_we_do_not_know_is_the_same_404_as_another_clinics(
    house: House, door: FlaskClient
) -> None:
    celebrate(house)
    nobody = door.get(f"/v1/clients/{uuid4()}/messages", headers=bearer("lead"))
    others = door.get(MESSAGES, headers=bearer("lead", uuid4()))
    assert (nobody.status_code, nobody.json) == (others.status_code, others.json)


def test_what_is_not_there_is_a_problem_detail(house: House, door: FlaskClient) -> None:
    answer = door.get("/nowhere")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    wrong = door.post("/healthz")
    assert (wrong.status_code, wrong.content_type) == (405, "application/problem+json")
    assert "GET" in wrong.headers["Allow"]


def test_it_is_alive_and_ready(house: House, door: FlaskClient) -> None:
    assert door.get("/healthz").json == {"status": "alive"}
    assert door.get("/readyz").json == {"status": "ready"}


def test_it_is_alive_but_not_ready_without_its_database(settings: Settings) -> None:
    gone = "postgresql+psycopg://cairn_reminders:x@127.0.0.1:9/none"
    app = create_app(Settings(**vars(settings) | {"reminders_database_url": gone}))
    door = app.test_client()
    assert door.get("/healthz").status_code == 200
    answer = door.get("/readyz")
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert answer.headers["Retry-After"]
    assert door.get(MESSAGES, headers=bearer("lead")).status_code == 503


def test_metrics_count_messages_and_say_how_late_they_are(house: House, door: FlaskClient) -> None:
    celebrate(house)
    house.page([item | {"type": "cairn.moon.risen.v1"} for item in house.items(milestone())])
    page = door.get("/metrics").text
    assert 'cairn_messages{cause="",channel="sms",state="delivered"} 1' in page
    assert 'cairn_parked_records{reason="UnknownEvent"} 1' in page
    assert "cairn_due_lag_seconds 0.0" in page
