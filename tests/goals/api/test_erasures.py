"""Erasure over HTTP: asked for, decided, called off; and what is left to read once it is carried out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.goals.api.call import ROOMS
from services.goals.erasing.carry_out import carry_out
from tests.controls import ADDRESS, CLIENT, NAME, NUMBER, STATEMENT
from tests.goals.api.callers import A_CLIENT, A_GOAL, EASED, HER_GOAL, Knock, goal_body, named, today
from tests.goals.api.test_access import OPERATIONS

ERASURE = f"{A_CLIENT}/erasures/{named('erasure')}"
ANOTHER = f"{A_CLIENT}/erasures/{named('another')}"
GRANT = {"decision": "granted", "ground": "She asked for it herself"}
WORDS = (NAME, NUMBER, ADDRESS, STATEMENT, "Mornings are rushed", "She asked for it", "coping")


def erase(knock: Knock, *, days: float = 8, then: float = 0) -> None:
    """Grants her erasure and carries it out, as if that many days and seconds had passed."""
    knock("client", "PUT", ERASURE, {})
    assert knock("lead", "PUT", f"{ERASURE}/decision", GRANT).status_code == 201
    house, later = knock.app.extensions[ROOMS].house, datetime.now(UTC) + timedelta(days=days)
    carry_out(replace(house, now=lambda: later), timedelta(days=7))
    if then:
        later += timedelta(seconds=then)
        carry_out(replace(house, now=lambda: later), timedelta(days=7))


def test_it_is_asked_for_decided_and_called_off(active: Knock) -> None:
    asked = active("client", "PUT", ERASURE, {})
    assert asked.status_code == 201
    assert [e["by"] for e in asked.json["erasures"]] == ["client"]
    assert active("therapist", "PUT", ERASURE, {}).status_code == 200
    decided = active("lead", "PUT", f"{ERASURE}/decision", GRANT)
    assert decided.status_code == 201
    assert decided.json["erasures"][0] | GRANT == decided.json["erasures"][0]
    assert active("lead", "PUT", f"{ERASURE}/decision", GRANT).status_code == 200
    called_off = [active(who, "DELETE", ERASURE) for who in ("client", "lead")]
    assert [answer.status_code for answer in called_off] == [200, 200]
    assert called_off[0].json == called_off[1].json
    assert called_off[0].json["erasures"][0]["cancelled_at"]
    assert active("client", "PUT", ERASURE, {}).status_code == 409
    assert active("client", "PUT", ANOTHER, {}).status_code == 201


def test_a_record_that_must_be_kept_is_kept_until_its_day(active: Knock) -> None:
    refusal = {"decision": "refused", "ground": "Seven years by law"}
    active("client", "PUT", ERASURE, {})
    unsaid = active("lead", "PUT", f"{ERASURE}/decision", refusal)
    assert (unsaid.status_code, unsaid.json["errors"][0]["pointer"]) == (422, "#/retain_until")
    until = str(today() + timedelta(days=30))
    assert active("lead", "PUT", f"{ERASURE}/decision", refusal | {"retain_until": until}).status_code == 201
    active("client", "PUT", ANOTHER, {})
    too_early = active("lead", "PUT", f"{ANOTHER}/decision", GRANT)
    assert too_early.status_code == 409
    assert until in too_early.json["detail"]


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no decision": ({"ground": "Hers"}, "#/decision"),
    "another word": ({"decision": "maybe", "ground": "Hers"}, "#/decision"),
    "no ground": ({"decision": "granted"}, "#/ground"),
    "an empty ground": ({"decision": "granted", "ground": " "}, "#/ground"),
    "no day": ({"decision": "refused", "ground": "Law", "retain_until": "soon"}, "#/retain_until"),
    "a time of its own": (GRANT | {"time": "2026-01-01T00:00:00Z"}, "#/time"),
}


@pytest.mark.parametrize(("body", "pointer"), BAD.values(), ids=BAD)
def test_a_decision_of_another_shape_is_told_where(active: Knock, body: dict[str, Any], pointer: str) -> None:
    active("client", "PUT", ERASURE, {})
    answer = active("lead", "PUT", f"{ERASURE}/decision", body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


def test_what_is_left_of_an_erased_record_is_a_tombstone(active: Knock) -> None:
    erase(active)
    for path in (A_CLIENT, A_GOAL):
        for who in ("therapist", "lead", "client"):
            gone = active(who, "GET", path)
            assert (gone.status_code, gone.content_type) == (410, "application/problem+json")
            assert gone.json["record_id"] == str(CLIENT)
            assert gone.json["erasure_id"] == str(named("erasure"))
            assert (gone.json["state"], gone.json["erased_at"]) == ("erasing", None)
            assert not [word for word in WORDS if word in gone.text]
    assert active("therapist", "GET", "/v1/clients").json["items"] == []
    assert active("client", "GET", "/v1/clients").json["items"] == []
    for who, status in (("colleague", 403), ("another client", 404), ("lead elsewhere", 404)):
        assert active(who, "GET", A_CLIENT).status_code == status


def test_it_is_called_erased_only_once_no_process_remembers_the_key(active: Knock) -> None:
    erase(active, then=31)
    gone = active("lead", "GET", A_CLIENT).json
    assert gone["state"] == "erased"
    assert datetime.fromisoformat(gone["erased_at"]).tzinfo is not None


def test_the_history_says_what_was_done_and_that_it_was_erased_and_nothing_personal(active: Knock) -> None:
    active("therapist", "PUT", f"{A_GOAL}/adjustments/{named('eased')}", EASED, If_Match="*")
    active("client", "PUT", f"{A_GOAL}/practices/{named('one')}", {"note": "calm"})
    erase(active)
    for who in ("therapist", "lead"):
        told = active(who, "GET", f"{A_GOAL}/history")
        assert told.status_code == 200
        assert [item["type"].split(".", 1)[1] for item in told.json["items"]] == [
            "goal.drafted.v1", "goal.set.v1", "goal.adjusted.v1", "practice.logged.v1", "client.erased.v1",
        ]  # fmt: skip
        assert told.json["items"][-1]["data"] == {"erasure_id": str(named("erasure"))}
        assert not [word for word in (*WORDS, "calm") if word in told.text]
    assert active("client", "GET", f"{A_GOAL}/history").status_code == 410


def test_nothing_is_written_to_it_any_more(active: Knock, count_events: Any) -> None:
    erase(active)
    events = count_events()
    wrong = []
    for method, path, body in OPERATIONS:
        if method == "GET" or not path.startswith((A_CLIENT, A_GOAL)):
            continue
        answer = active("lead", method, path, body, If_Match='"1"')
        if (answer.status_code, "erased" in answer.json["detail"]) != (409, True):
            wrong.append((method, path, answer.status_code, answer.text))
    assert wrong == []
    assert active("lead", "PUT", HER_GOAL, goal_body()).status_code == 409
    assert count_events() == events


def test_the_metrics_say_how_many_erasures_wait_and_how_late(active: Knock) -> None:
    def figures() -> set[str]:
        shown = active(None, "GET", "/metrics").text.splitlines()
        return {line for line in shown if line.startswith("cairn_erasure")}

    assert 'cairn_erasures{state="waiting"} 0.0' in figures()
    erase(active, days=0)
    assert 'cairn_erasures{state="waiting"} 1.0' in figures()
    assert "cairn_erasure_overdue_seconds 0.0" in figures()
