"""If-Match and If-None-Match: nobody changes what somebody else changed meanwhile."""

from typing import Any

import pytest

from tests.goals.api.callers import A_CLIENT, A_GOAL, EASED, FLAG_BODY, HER_GOAL, Knock, goal_body, named

PATH = f"{A_GOAL}/adjustments/{named('a')}"


def test_an_adjustment_without_if_match_is_asked_for_it(active: Knock, count_events: Any) -> None:
    before = count_events()
    answer = active("therapist", "PUT", PATH, EASED)
    assert answer.status_code == 428
    assert "If-Match" in answer.json["detail"]
    assert count_events() == before


def test_a_repeat_without_if_match_is_known_as_one(active: Knock, count_events: Any) -> None:
    assert active("therapist", "PUT", PATH, EASED, If_Match='"2"').status_code == 201
    before = count_events()
    again = active("therapist", "PUT", PATH, EASED)
    assert (again.status_code, again.headers["ETag"]) == (200, '"3"')
    another = active("therapist", "PUT", PATH, EASED | {"reason": "Another reason"})
    assert another.status_code == 409
    assert count_events() == before


@pytest.mark.parametrize("stale", ['"1"', '"99"', 'W/"2"', '"1", "7"', '"not a version"', '"-2"'])
def test_a_stale_version_is_told_so_and_changes_nothing(active: Knock, count_events: Any, stale: str) -> None:
    before = count_events()
    answer = active("therapist", "PUT", PATH, EASED, If_Match=stale)
    assert (answer.status_code, answer.content_type) == (412, "application/problem+json")
    assert count_events() == before


@pytest.mark.parametrize("fresh", ['"2"', "*", '"1", "2"'])
def test_the_version_that_is_there_is_adjusted(active: Knock, fresh: str) -> None:
    assert active("therapist", "PUT", PATH, EASED, If_Match=fresh).status_code == 201


def test_a_put_and_a_get_of_a_goal_carry_the_same_etag(active: Knock) -> None:
    for path, body in (
        (f"{A_GOAL}/practices/{named('p')}", {}),
        (f"{A_GOAL}/wins/{named('w')}", {}),
        (HER_GOAL, goal_body()),
        (f"{A_GOAL}/closures/{named('c')}", {"outcome": "achieved"}),
    ):
        put = active("client" if path != HER_GOAL else "therapist", "PUT", path, body)
        assert put.status_code in (200, 201), put.text
        assert put.headers["ETag"] == active("client", "GET", A_GOAL).headers["ETag"]


def test_a_goal_that_did_not_move_is_not_sent_again(active: Knock) -> None:
    tag = active("client", "GET", A_GOAL).headers["ETag"]
    for held in (tag, f"W/{tag}", f'"0", {tag}', "*"):
        same = active("client", "GET", A_GOAL, If_None_Match=held)
        assert (same.status_code, same.text, same.headers["ETag"]) == (304, "", tag)
    active("client", "PUT", f"{A_GOAL}/wins/{named('w')}", {})
    assert active("client", "GET", A_GOAL, If_None_Match=tag).status_code == 200


READS = (
    A_CLIENT,
    "/v1/clients",
    A_GOAL,
    f"{A_GOAL}?version=1",
    f"{A_GOAL}/history",
    f"{A_GOAL}/difference?from=1",
    f"{A_CLIENT}/history",
)


@pytest.mark.parametrize("path", READS)
def test_what_is_as_it_was_is_not_sent_again(active: Knock, path: str) -> None:
    whole = active("therapist", "GET", path)
    tag = whole.headers["ETag"]
    assert whole.status_code == 200
    assert tag.startswith('"')
    same = active("therapist", "GET", path, If_None_Match=f'"other", {tag}')
    assert (same.status_code, same.text, same.headers["ETag"]) == (304, "", tag)
    active("client", "PUT", f"{A_CLIENT}/preferences", {"label": "calm"})
    active("client", "PUT", f"{A_GOAL}/wins/{named('w')}", {})
    moved = active("therapist", "GET", path, If_None_Match=tag)
    assert moved.status_code == (304 if "version=1" in path else 200)


def test_an_answer_is_not_anothers(active: Knock) -> None:
    active("service", "PUT", f"{A_CLIENT}/flags/{named('f')}", FLAG_BODY)
    tag = active("client", "GET", A_CLIENT).headers["ETag"]
    assert active("therapist", "GET", A_CLIENT, If_None_Match=tag).status_code == 200
