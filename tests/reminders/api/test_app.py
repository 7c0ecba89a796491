"""The door: the outbox for this machine, messages for those who may, health and metrics."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from services.reminders.app import create_app
from shared import tokens
from shared.events import TeamSet
from shared.settings import Settings
from tests.controls import THERAPIST
from tests.reminders.conftest import KEY
from tests.reminders.house import ADDRESS, CLIENT, CLINIC, NAME, NUMBER, House, milestone

MESSAGES = f"/v1/clients/{CLIENT}/messages"


@pytest.fixture
def door(app: Flask) -> FlaskClient:
    return app.test_client()


def bearer(role: str, clinic: UUID | None = CLINIC, **claims: Any) -> dict[str, str]:
    hour = timedelta(hours=1)
    token = tokens.mint(
        KEY, sub=str(THERAPIST), role=role, clinic=clinic, lifetime=hour, now=datetime.now(UTC), **claims
    )
    return {"Authorization": f"Bearer {token}"}


def celebrate(house: House) -> None:
    house.begin("sms", "email")
    house.happens(TeamSet(staff_ids=(THERAPIST,)))
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
        (bearer("client", client=uuid4()), 404),
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
    assert 'cairn_backlog{queue="sms-bulk"} 0.0' in page
    assert 'cairn_parked_records{reason="UnknownEvent"} 1' in page
    assert 'cairn_due_lag_seconds{queue="sms-bulk"} 0.0' in page


def make_unknown(house: House, messages: int) -> list[str]:
    """So many messages that may have gone, the oldest first."""
    house.begin("sms")
    with house.parts.engine.begin() as connection:
        for number in range(messages):
            connection.execute(
                text("INSERT INTO message (message_id, client_id, clinic_id, channel, queue, state, cause,"
                     " correlation_id, created_at, next_attempt_at, claimed_at) VALUES"
                     " (:id, :client, :clinic, 'sms', 'bulk', 'unknown', 'timeout', 'c', :at, :at, :at)"),
                {"id": UUID(int=messages - number), "client": CLIENT, "clinic": CLINIC,
                 "at": house.now + timedelta(seconds=number // 3)},
            )  # fmt: skip
        rows = connection.execute(text("SELECT message_id FROM message ORDER BY claimed_at, message_id"))
        return [str(row[0]) for row in rows]


def test_an_operator_sees_what_nobody_can_tell_page_by_page(house: House, door: FlaskClient) -> None:
    ids = make_unknown(house, 401)
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        query = {"state": "unknown", "limit": "200"} | ({"after": after} if after else {})
        answer = door.get("/v1/messages", query_string=query, headers=bearer("operator", None))
        assert answer.json is not None
        assert set(answer.json["items"][0]) == {
            "id", "client_id", "clinic_id", "channel", "cause", "provider_id", "claimed_at", "settled_at",
            "asked_again_at",
        }  # fmt: skip
        seen += [item["id"] for item in answer.json["items"]]
        after = answer.json["next"]
    assert seen == ids


@pytest.mark.parametrize(
    ("role", "query", "status"),
    [
        ("therapist", "state=unknown", 403),
        ("lead", "state=unknown", 403),
        ("service", "state=unknown", 403),
        ("client", "state=unknown", 403),
        (None, "state=unknown", 401),
        ("operator", "", 422),
        ("operator", "state=delivered", 422),
        ("operator", "state=unknown&after=x", 422),
        ("operator", "state=unknown&after=MjAyNi0wMy0wMg", 422),
        ("operator", "state=unknown&limit=0", 422),
        ("operator", "state=unknown&limit=201", 422),
        ("operator", "state=unknown&before=x", 422),
    ],
)
def test_nobody_else_lists_messages_and_no_other_state(
    door: FlaskClient, role: str | None, query: str, status: int
) -> None:
    claims = {"client": CLIENT} if role == "client" else {}
    headers = bearer(role, CLINIC if role != "operator" else None, **claims) if role else {}
    answer = door.get(f"/v1/messages?{query}", headers=headers)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


def test_a_clients_messages_come_page_by_page_each_once_though_more_are_written(
    house: House, door: FlaskClient
) -> None:
    ids = make_unknown(house, 10)
    seen: list[str] = []
    after: str | None = None
    while after is not None or not seen:
        query = {"limit": "3"} | ({"after": after} if after else {})
        answer = door.get(MESSAGES, query_string=query, headers=bearer("lead")).json
        assert answer is not None
        seen += [item["id"] for item in answer["items"]]
        after = answer["next"]
        house.later(seconds=60)
        house.happens(milestone())
    assert seen[:10] == ids
    assert len(set(seen)) == len(seen) > 10


@pytest.mark.parametrize("query", ["limit=x", "limit=0", "limit=1&limit=2", "after=x", "after=", "since=1"])
def test_a_page_that_cannot_be_is_told_so(house: House, door: FlaskClient, query: str) -> None:
    house.begin("sms")
    answer = door.get(f"{MESSAGES}?{query}", headers=bearer("lead"))
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


def test_messages_that_did_not_change_are_not_sent_again(house: House, door: FlaskClient) -> None:
    celebrate(house)
    tag = door.get(MESSAGES, headers=bearer("lead")).headers["ETag"]
    same = door.get(MESSAGES, headers=bearer("lead") | {"If-None-Match": tag})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
    house.later(hours=1)
    house.happens(milestone("first_win"))
    assert door.get(MESSAGES, headers=bearer("lead") | {"If-None-Match": tag}).status_code == 200


def test_the_public_keys_are_there_for_everybody(door: FlaskClient) -> None:
    page = door.get("/.well-known/jwks.json")
    assert (page.status_code, page.content_type) == (200, "application/jwk-set+json")
    assert page.headers["Cache-Control"] == "public, max-age=300"
    assert page.get_json(force=True) == tokens.published((KEY,))
