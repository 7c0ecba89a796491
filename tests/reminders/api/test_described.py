"""What the service says of itself is all that it serves, is so, and needs nothing from elsewhere."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.reminders.api.operations import OPERATIONS
from services.reminders.app import create_app
from shared.settings import Settings
from tests.openapi import fits, must_be_whole, must_load_nothing, operations, served
from tests.reminders.api.test_app import MESSAGES, bearer
from tests.reminders.house import CLIENT, CLINIC, House, milestone

IDS = {"client": str(CLIENT), "clinic": str(CLINIC)}


@pytest.fixture
def door(app: Flask) -> FlaskClient:
    """Whoever asks it."""
    return app.test_client()


@pytest.fixture
def spec(door: FlaskClient) -> dict[str, Any]:
    """The description as anybody gets it."""
    return dict(door.get("/openapi.json").json or {})


def test_the_description_names_every_route_and_nothing_else(app: Flask, spec: dict[str, Any]) -> None:
    must_be_whole(spec)
    said = {(method, path) for method, path, _ in operations(spec)}
    assert said == served(app)


def test_the_outbox_is_described_only_where_a_channel_is_local(app: Flask, settings: Settings) -> None:
    remote = create_app(
        replace(
            settings,
            twilio_account_sid="AC1",
            twilio_auth_token="token",
            smtp_url="smtp://127.0.0.1:9",
            reminders_public_url="https://reminders.example.org",
        )
    )
    spec = remote.test_client().get("/openapi.json").json
    assert spec is not None
    assert "/outbox" not in spec["paths"]
    assert {(method, path) for method, path, _ in operations(spec)} == served(remote)
    assert len(served(app) | served(remote)) == len(OPERATIONS)


def test_every_answer_in_json_is_as_described(house: House, door: FlaskClient, spec: dict[str, Any]) -> None:
    house.begin("sms", "email")
    house.happens(milestone())
    house.answer()
    house.hears("my sister said so too")
    headers = bearer("lead") | {"Accept": "application/json"}
    asked = set()
    for method, path, operation in operations(spec):
        shape = operation["responses"].get("200", {}).get("content", {}).get("application/json")
        if method == "GET" and shape:
            who = bearer("operator", None) if path == "/v1/messages" else headers
            who = bearer("service") if path.endswith("/texts") else who
            query = {
                p["name"]: p["schema"]["const"] for p in operation["parameters"] if "const" in p["schema"]
            }
            answer = door.get(path.format(**IDS), headers=who, query_string=query)
            assert (answer.status_code, answer.content_type) == (200, "application/json")
            assert fits(answer.json, shape["schema"], spec)
            asked.add(operation["operationId"])
    assert {"messages", "unknownMessages", "outbox", "healthz", "readyz"} <= asked
    messages = door.get(MESSAGES, headers=headers).json
    assert messages is not None
    assert len(messages["items"]) == 3
    assert not fits(messages | {"more": 1}, {"$ref": "#/components/schemas/MessagePage"}, spec)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (MESSAGES, {}, "401"),
        (MESSAGES, bearer("operator", None), "403"),
        (MESSAGES, bearer("lead"), "404"),
        ("/outbox", {"Host": "evil.example"}, "404"),
        ("/nowhere", {}, "404"),
    ],
)
def test_every_refusal_is_a_problem_detail_as_described(
    door: FlaskClient, spec: dict[str, Any], path: str, headers: dict[str, str], status: str
) -> None:
    answer = door.get(path, headers=headers)
    assert (str(answer.status_code), answer.content_type) == (status, "application/problem+json")
    assert fits(answer.json, {"$ref": "#/components/schemas/Problem"}, spec)
    described = spec["paths"].get(path.replace(str(CLIENT), "{client}"))
    assert described is None or status in described["get"]["responses"]


def test_it_can_be_read_by_a_person_and_loads_nothing_from_elsewhere(door: FlaskClient) -> None:
    page = door.get("/docs")
    must_load_nothing(page)
    assert "/v1/clients/{client}/messages" in page.text
    assert "held_until" in page.text
