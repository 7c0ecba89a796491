"""What the service says of itself is whole, and needs nothing from elsewhere."""

from typing import Any

import pytest

from services.goals.api import bodies, care_bodies, goal_bodies
from services.goals.api.example_bodies import BODIES
from tests.goals.api.callers import A_GOAL, Knock
from tests.openapi import fits, must_be_whole, must_load_nothing, operations, served


@pytest.fixture
def spec(knock: Knock) -> dict[str, Any]:
    """The description as a caller without a token gets it."""
    answer = knock(None, "GET", "/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json)


def test_every_operation_is_described_whole(spec: dict[str, Any], knock: Knock) -> None:
    must_be_whole(spec)
    for method, _, operation in operations(spec):
        assert operation["security"] == [{"bearer": []}]
        assert "401" in operation["responses"]
        if method == "PUT":
            assert operation["requestBody"]["content"]["application/json"]["schema"]
    assert {(method, path) for method, path, _ in operations(spec)} == served(knock.app, "/v1/")


def test_a_body_says_what_it_takes(spec: dict[str, Any]) -> None:
    practice = spec["components"]["schemas"]["PracticeBody"]
    assert practice["additionalProperties"] is False
    assert practice["properties"]["quantity"]["type"] == ["integer", "string"]
    assert practice["properties"]["on"] == {"type": "string", "format": "date"}


@pytest.mark.parametrize("name", sorted(BODIES))
def test_the_example_of_a_body_is_taken_as_it_stands(name: str) -> None:
    modules = (bodies, care_bodies, goal_bodies)
    schema = next(getattr(module, name) for module in modules if hasattr(module, name))
    assert not schema().validate(BODIES[name])


def test_a_page_of_the_feed_says_where_the_next_begins(spec: dict[str, Any]) -> None:
    assert "Cairn-Cursor" in spec["paths"]["/v1/events"]["get"]["responses"]["200"]["headers"]


def test_an_answer_is_as_described(active: Knock) -> None:
    spec = active(None, "GET", "/openapi.json").json
    answer = active("therapist", "GET", A_GOAL)
    assert answer.status_code == 200
    assert fits(answer.json, {"$ref": "#/components/schemas/Goal"}, spec)
    refused = active("therapist", "GET", "/v1/nothing")
    assert fits(refused.json, {"$ref": "#/components/schemas/Problem"}, spec)


def test_it_can_be_read_by_a_person_and_loads_nothing_from_elsewhere(knock: Knock) -> None:
    page = knock(None, "GET", "/docs")
    must_load_nothing(page)
    assert "/v1/goals/{goal}/history" in page.text
    assert "AdjustmentBody" in page.text
