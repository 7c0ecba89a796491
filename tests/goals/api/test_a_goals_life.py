"""A goal over HTTP: in and out of focus, put right, paused, taken up again, and how far it has come."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.controls import STATEMENT
from tests.goals.api.callers import (
    A_CLIENT,
    A_GOAL,
    DRAFT_BODY,
    EASED,
    HER_GOAL,
    Knock,
    goal_body,
    named,
    today,
)


def another(knock: Knock, number: int, **changes: Any) -> str:
    """Another goal of hers, set; its path."""
    goal = named(f"goal {number}")
    answer = knock("therapist", "PUT", f"{A_CLIENT}/goals/{goal}", goal_body(**changes))
    assert answer.status_code == 201, answer.text
    return f"/v1/goals/{goal}"


def test_a_third_goal_in_focus_takes_a_therapist_and_a_reason(active: Knock, count_events: Any) -> None:
    another(active, 2)
    path = f"{another(active, 3, focus=False)}/focus/{named('f')}"
    events = count_events()
    hers = active("client", "PUT", path, {"from": False, "to": True, "reason": "I want to"})
    assert (hers.status_code, hers.json["errors"][0]["pointer"]) == (409, "#/to")
    bare = active("therapist", "PUT", path, {"from": False, "to": True})
    assert (bare.status_code, bare.json["errors"][0]["pointer"]) == (409, "#/reason")
    assert count_events() == events
    kept = active("therapist", "PUT", path, {"from": False, "to": True, "reason": "She carries all three"})
    assert (kept.status_code, kept.json["focus"]) == (201, True)
    last = active("client", "GET", f"{path.rsplit('/', 2)[0]}/history").json["items"][-1]
    assert last["type"] == "cairn.goal.prioritised.v1"
    assert (last["reason"], last["data"]["from"], last["data"]["to"]) == (
        "She carries all three",
        False,
        True,
    )


@pytest.mark.parametrize(
    "body", [{"to": True}, {"from": False}, {"from": 0, "to": 1}, {"from": None, "to": True}]
)
def test_a_focus_change_says_from_what_to_what(active: Knock, body: Any) -> None:
    assert active("therapist", "PUT", f"{A_GOAL}/focus/{named('f')}", body).status_code == 422


def test_what_is_voided_is_out_of_the_count_and_marked_in_the_history(active: Knock) -> None:
    path = f"{A_GOAL}/practices/{named('p')}"
    active("client", "PUT", path, {"quantity": "2.5"})
    voided = active("client", "DELETE", path)
    assert (voided.json["practices"], voided.json["quantity"]) == (0, "0.0")
    assert voided.json["milestones"] == []
    told = active("therapist", "GET", f"{A_GOAL}/history").json["items"]
    logged, void = told[-2:]
    assert (logged["type"], void["type"]) == ("cairn.practice.logged.v1", "cairn.practice.voided.v1")
    assert logged["voided_at"] == void["time"]
    her = active("client", "GET", A_CLIENT).json
    assert [milestone["rule"] for milestone in her["milestones"]] == ["first_step"]


def test_what_she_ended_only_she_takes_up_again(active: Knock) -> None:
    path = f"{A_GOAL}/closures/{named('c')}"
    ended = active("client", "PUT", path, {"outcome": "let_go", "learned": "It was too much"})
    assert (ended.json["status"], ended.json["closed_by"]) == ("closed", "client")
    assert active("client", "PUT", f"{A_GOAL}/practices/{named('p')}", {}).status_code == 409
    refused = active("therapist", "DELETE", path)
    assert (refused.status_code, "herself" in refused.json["detail"]) == (403, True)
    again = active("client", "DELETE", path)
    assert (again.json["status"], again.json["focus"], again.json["learned"]) == ("active", True, None)
    assert active("client", "PUT", f"{A_GOAL}/practices/{named('p')}", {}).status_code == 201


def test_a_pause_ends_by_itself_and_nobody_is_told_it_rests_still(active: Knock) -> None:
    active("client", "PUT", f"{A_GOAL}/pauses/{named('z')}", {"until": str(today())})
    paused = active("client", "GET", A_GOAL)
    tag = paused.headers["ETag"]
    assert paused.json["status"] == "paused"
    assert active("client", "GET", A_GOAL, If_None_Match=tag).status_code == 304
    with time_machine.travel(timedelta(days=2)):
        gone_on = active("client", "GET", A_GOAL, If_None_Match=tag)
        assert (gone_on.status_code, gone_on.json["status"]) == (200, "active")
        once_more = active("client", "PUT", f"{A_GOAL}/pauses/{named('y')}", {})
        assert (once_more.status_code, once_more.json["status"]) == (201, "paused")


def test_it_answers_what_a_therapist_asks_of_how_it_came_about(begun: Knock) -> None:
    begun("client", "PUT", HER_GOAL, DRAFT_BODY | {"statement": "I want to breathe"})
    body = goal_body(measure={"kind": "rating", "unit": "calm"}, baseline=2, target=8)
    assert begun("therapist", "PUT", HER_GOAL, body).status_code == 201
    for name, value in (("one", 0), ("two", 5)):
        begun("client", "PUT", f"{A_GOAL}/ratings/{named(name)}", {"value": value})
    eased = EASED | {"changes": [{"field": "target", "from": 8, "to": 7}]}
    ease = {"kind": "rating", "unit": "ease", "period": None}
    refocused = EASED | {
        "kind": "refocused",
        "changes": [{"field": "measure", "from": ease | {"unit": "calm"}, "to": ease}],
    }
    for name, adjustment in (("eased", eased), ("refocused", refocused)):
        path = f"{A_GOAL}/adjustments/{named(name)}"
        assert begun("therapist", "PUT", path, adjustment, If_Match="*").status_code == 201
    begun("client", "PUT", f"{A_GOAL}/ratings/{named('three')}", {"value": 4})
    goal = begun("therapist", "GET", A_GOAL).json
    assert (goal["first_words"], goal["statement"]) == ("I want to breathe", STATEMENT)
    counts = {kind: count for kind, count in goal["adjustments"].items() if count}
    assert counts == {"eased": 1, "refocused": 1}
    first, second = goal["progress"]
    assert first == {
        "epoch": 1, "rater": "client", "baseline": 2, "first": 0, "latest": 5, "change": 3, "ratings": 2,
    }  # fmt: skip
    assert (second["epoch"], second["baseline"], second["change"], second["ratings"]) == (2, 4, 0, 1)
