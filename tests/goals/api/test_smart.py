"""Advice on a wording: for who writes goals, in her language, and nothing of it stays anywhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.goals.api.callers import Knock, goal_body
from tests.openapi import fits

SMART = "/v1/smart"
SECRET = "I want to walk to Aunt Philomena twice a day"


def asked(answer: Any) -> list[str]:
    """The letters that are asked about."""
    return [letter["letter"] for letter in answer.json["letters"] if letter["advice"]]


def test_a_form_asks_as_somebody_types(knock: Knock) -> None:
    vague = knock("client", "POST", SMART, {"locale": "en", "statement": "I want to feel less anxious"})
    assert (vague.status_code, asked(vague), vague.json["next"]) == (200, ["S", "M", "T"], "S")
    answer = knock("client", "POST", SMART, {"locale": "es-MX", "statement": "Quiero caminar"})
    assert answer.json["letters"][1]["advice"].startswith("¿Cuánto")
    assert knock("client", "POST", SMART, {}).json["next"] == "S"


def test_what_can_be_set_is_asked_nothing(knock: Knock) -> None:
    fields = ("statement", "specific", "measure", "baseline", "target", "confidence", "relevance", "end_on")
    body = {name: value for name, value in goal_body().items() if name in fields}
    answer = knock("therapist", "POST", SMART, body | {"locale": "en"})
    assert (answer.status_code, asked(answer), answer.json["next"]) == (200, [], None)
    assert all(letter["met"] for letter in answer.json["letters"])


@pytest.mark.parametrize("who", ["therapist", "colleague", "lead", "client", "another client"])
def test_who_writes_goals_is_advised(knock: Knock, who: str) -> None:
    assert knock(who, "POST", SMART, {"statement": SECRET}).status_code == 200


@pytest.mark.parametrize("who", ["service", "operator"])
def test_who_writes_none_is_not(knock: Knock, who: str) -> None:
    assert knock(who, "POST", SMART, {"statement": SECRET}).status_code == 403


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"locale": "fr"}, "#/locale"),
        ({"statement": "x" * 4001}, "#/statement"),
        ({"statement": 7}, "#/statement"),
        ({"confidence": 11}, "#/confidence"),
        ({"measure": {"kind": "count"}}, "#/measure/unit"),
        ({"words": "x"}, "#/words"),
    ],
)
def test_what_is_wrong_is_named(knock: Knock, body: Any, pointer: str) -> None:
    answer = knock("client", "POST", SMART, body)
    assert answer.status_code == 422
    assert [wrong["pointer"] for wrong in answer.json["errors"]] == [pointer]


def test_nothing_of_it_is_kept_or_logged(knock: Knock, count_events: Any) -> None:
    with capture_logs() as lines:
        knock("client", "POST", SMART, {"statement": SECRET, "relevance": "Philomena"})
        knock("client", "POST", SMART, {"statement": SECRET, "Philomena": 1})
    assert any(line["event"] == "request" for line in lines)
    assert "Philomena" not in str(lines)
    assert "Philomena" not in knock(None, "GET", "/metrics").text
    assert count_events() == 0


def test_the_example_is_what_is_answered(knock: Knock) -> None:
    spec = knock(None, "GET", "/openapi.json").json
    told = spec["paths"][SMART]["post"]
    sent = told["requestBody"]["content"]["application/json"]["example"]
    answered = told["responses"]["200"]["content"]["application/json"]
    answer = knock("client", "POST", SMART, json.dumps(sent).encode())
    assert answer.json == answered["example"]
    assert fits(answer.json, answered["schema"], spec)
