"""Who has too much under way is told so, and when to come back; nobody else notices."""

from __future__ import annotations

from contextlib import ExitStack
from uuid import uuid4

from services.goals.api.call import ROOMS
from services.goals.rules.access import Who
from tests.controls import CLIENT, CLINIC, THERAPIST
from tests.goals.api.callers import A_CLIENT, Knock

ANA = Who("therapist", str(THERAPIST), CLINIC)


def test_a_caller_has_half_of_the_threads_and_then_is_told_to_come_back(begun: Knock) -> None:
    turns = begun.app.extensions[ROOMS].turns
    with ExitStack() as under_way:
        for _ in range(4):  # half of this app's 8 threads
            under_way.enter_context(turns.turn(ANA))
        refused = begun("therapist", "GET", A_CLIENT)
        assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
        assert refused.headers["Retry-After"] == "1"
        assert refused.json["title"] == "Too Many Requests"
        assert begun("client", "GET", A_CLIENT).status_code == 200
        assert begun("lead", "GET", A_CLIENT).status_code == 200
    assert begun("therapist", "GET", A_CLIENT).status_code == 200


def test_what_is_refused_or_fails_gives_its_turn_back(begun: Knock) -> None:
    for _ in range(9):
        assert begun("therapist", "GET", f"/v1/clients/{uuid4()}").status_code == 404
    assert begun("therapist", "PUT", A_CLIENT, b"no JSON").status_code == 400
    assert begun("therapist", "GET", A_CLIENT).status_code == 200


def test_where_too_many_wait_whoever_comes_is_told_to_come_back_and_changes_nothing(begun: Knock) -> None:
    turns = begun.app.extensions[ROOMS].turns
    for _ in range(turns.most_behind + 1):
        turns.wait()
    busy = begun("client", "PUT", f"{A_CLIENT}/wins/{CLIENT}", {})
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "1")
    assert begun(None, "GET", "/healthz").status_code == 200
    assert "cairn_http_behind 33.0" in begun(None, "GET", "/metrics").text
    turns.begin()
    assert begun("client", "PUT", f"{A_CLIENT}/wins/{CLIENT}", {}).status_code == 201
