"""What is sent twice: the same is free, other content is refused, a setting simply changes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.goals.api.callers import (
    A_CLIENT,
    A_CLINIC,
    A_GOAL,
    CLIENT_BODY,
    CLINIC_BODY,
    CONSENT_BODY,
    EASED,
    FLAG_BODY,
    HER_GOAL,
    REMINDER_BODY,
    Knock,
    goal_body,
    named,
)

TOMORROW = str((datetime.now(UTC) + timedelta(days=1)).date())
NEXT_WEEK = str((datetime.now(UTC) + timedelta(days=7)).date())

FACTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (f"{A_GOAL}/practices/{named('p')}", {"note": "one"}, {"note": "two"}),
    (f"{A_GOAL}/wins/{named('w')}", {"text": "one"}, {"text": "two"}),
    (f"{A_CLIENT}/wins/{named('w')}", {"text": "one"}, {"text": "two"}),
    (f"{A_GOAL}/ratings/{named('r')}", {"value": 0}, {"value": 1}),
    (f"{A_GOAL}/pauses/{named('z')}", {"reason": "one"}, {"reason": "two"}),
    (f"{A_GOAL}/closures/{named('c')}", {"outcome": "let_go"}, {"outcome": "superseded"}),
    (f"{A_GOAL}/focus/{named('f')}", {"from": True, "to": False}, {"from": True, "to": False, "reason": "x"}),
    (f"{A_CLIENT}/consents/sms/{named('s')}", CONSENT_BODY, CONSENT_BODY | {"text_version": "2"}),
    (f"{A_CLIENT}/pauses/{named('q')}", {"until": TOMORROW}, {"until": NEXT_WEEK}),
]
BY_STAFF: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (f"{A_CLIENT}/care-ends/{named('e')}", {"reason": "finished"}, {"reason": "moved"}),
    (f"{A_CLIENT}/flags/{named('f')}", FLAG_BODY, FLAG_BODY | {"message_ref": "SM0002"}),
]
SETTINGS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("operator", A_CLINIC, CLINIC_BODY | {"sender": "North"}, CLINIC_BODY),
    (
        "therapist",
        f"{A_CLIENT}/sessions/{named('x')}",
        {"starts_at": "2026-03-01T10:00:00Z"},
        {"starts_at": "2026-03-01T10:00:00Z", "status": "cancelled"},
    ),
    ("client", f"{A_CLIENT}/preferences", {"label": "calm"}, {"label": "quiet"}),
    ("client", f"{A_CLIENT}/reminders/{named('r')}", REMINDER_BODY, REMINDER_BODY | {"active": False}),
    ("client", f"{A_CLIENT}/contacts/email", {"address": "a@example.org"}, {"address": "b@example.org"}),
]


SENT = [*(("client", *row) for row in FACTS), *(("therapist", *row) for row in BY_STAFF)]


@pytest.mark.parametrize(("who", "path", "body", "other"), SENT, ids=range(len(SENT)))
def test_a_fact_sent_twice_is_one_event_and_other_content_is_refused(
    active: Knock, count_events: Any, who: str, path: str, body: dict[str, Any], other: dict[str, Any]
) -> None:
    first = active(who, "PUT", path, body)
    assert first.status_code == 201
    events = count_events()
    again = active(who, "PUT", path, body)
    assert again.status_code == 200
    assert again.json == first.json
    assert again.headers.get("ETag") == first.headers.get("ETag")
    refused = active(who, "PUT", path, other)
    assert refused.status_code == 409
    assert refused.content_type == "application/problem+json"
    assert count_events() == events


@pytest.mark.parametrize(("who", "path", "body", "other"), SETTINGS, ids=range(len(SETTINGS)))
def test_a_setting_sent_twice_is_one_event_and_other_content_another(
    begun: Knock, count_events: Any, who: str, path: str, body: dict[str, Any], other: dict[str, Any]
) -> None:
    before = count_events()
    assert begun(who, "PUT", path, body).status_code == 201
    assert begun(who, "PUT", path, body).status_code == 200
    assert count_events() == before + 1
    assert begun(who, "PUT", path, other).status_code == 201
    assert begun(who, "PUT", path, body).status_code == 201
    assert count_events() == before + 3


def test_registering_twice_with_other_content_is_refused(begun: Knock, count_events: Any) -> None:
    before = count_events()
    assert begun("therapist", "PUT", A_CLIENT, CLIENT_BODY).status_code == 200
    assert begun("therapist", "PUT", A_CLIENT, CLIENT_BODY | {"name": "Somebody"}).status_code == 409
    assert count_events() == before


def test_a_goal_that_is_set_is_not_set_again_with_other_content(active: Knock, count_events: Any) -> None:
    before = count_events()
    assert active("therapist", "PUT", HER_GOAL, goal_body()).status_code == 200
    assert active("therapist", "PUT", HER_GOAL, goal_body(target=3)).status_code == 409
    assert active("therapist", "PUT", HER_GOAL, {"status": "draft", "statement": "other"}).status_code == 409
    assert count_events() == before


def test_what_is_deleted_twice_answers_the_same(begun: Knock, count_events: Any) -> None:
    path = f"{A_CLIENT}/consents/sms/{named('s')}"
    begun("client", "PUT", path, CONSENT_BODY)
    begun("client", "PUT", f"{A_CLIENT}/reminders/{named('r')}", REMINDER_BODY)
    for gone in (path, f"{A_CLIENT}/reminders/{named('r')}", f"{A_CLIENT}/contacts/email"):
        first = begun("client", "DELETE", gone)
        events = count_events()
        again = begun("client", "DELETE", gone)
        assert (first.status_code, again.status_code) == (200, 200)
        assert again.json == first.json
        assert count_events() == events
    assert begun("client", "PUT", path, CONSENT_BODY).status_code == 409


UNDONE: list[tuple[str, dict[str, Any]]] = [
    (f"{A_GOAL}/practices/{named('p')}", {"quantity": 2}),
    (f"{A_GOAL}/wins/{named('w')}", {"text": "one"}),
    (f"{A_CLIENT}/wins/{named('w')}", {"text": "one"}),
    (f"{A_GOAL}/ratings/{named('r')}", {"value": 0}),
    (f"{A_GOAL}/closures/{named('c')}", {"outcome": "let_go"}),
]


@pytest.mark.parametrize(("path", "body"), UNDONE, ids=range(len(UNDONE)))
def test_what_was_taken_back_answers_the_same_and_its_id_is_not_taken_again(
    active: Knock, count_events: Any, path: str, body: dict[str, Any]
) -> None:
    never = active("client", "DELETE", path)
    assert (never.status_code, never.content_type) == (404, "application/problem+json")
    counted = active("client", "GET", path.rsplit("/", 2)[0]).json
    active("client", "PUT", path, body)
    first = active("client", "DELETE", path)
    events = count_events()
    again = active("client", "DELETE", path)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json == first.json
    assert again.headers.get("ETag") == first.headers.get("ETag")
    refused = active("client", "PUT", path, body)
    assert (refused.status_code, refused.json["title"]) == (409, "Conflict")
    assert count_events() == events
    for name in counted.keys() & {
        "practices",
        "quantity",
        "wins",
        "ratings",
        "progress",
        "status",
        "outcome",
    }:
        assert first.json[name] == counted[name], name


def test_the_same_cadence_in_another_order_is_the_same(begun: Knock) -> None:
    path = f"{A_CLIENT}/reminders/{named('r')}"
    begun("client", "PUT", path, REMINDER_BODY)
    turned = REMINDER_BODY | {"cadence": {"days": ["tue", "mon"], "times": ["20:00", "08:00"]}}
    assert begun("client", "PUT", path, turned).status_code == 200


def test_a_repeat_of_an_adjustment_is_recognised_before_if_match_is_judged(active: Knock) -> None:
    path = f"{A_GOAL}/adjustments/{named('a')}"
    first = active("therapist", "PUT", path, EASED, If_Match='"2"')
    assert (first.status_code, first.headers["ETag"]) == (201, '"3"')
    again = active("therapist", "PUT", path, EASED, If_Match='"2"')
    assert (again.status_code, again.headers["ETag"], again.json) == (200, '"3"', first.json)
    other = active("therapist", "PUT", path, EASED | {"reason": "Other words"}, If_Match='"3"')
    assert other.status_code == 409


def test_what_she_paused_only_she_resumes(active: Knock) -> None:
    pause = f"{A_GOAL}/pauses/{named('z')}"
    paused = active("client", "PUT", pause, {"until": NEXT_WEEK})
    assert paused.json["status"] == "paused"
    refused = active("therapist", "DELETE", pause)
    assert refused.status_code == 403
    assert "She paused this goal herself" in refused.json["detail"]
    resumed = active("client", "DELETE", pause)
    assert resumed.json["status"] == "active"
    assert active("client", "DELETE", pause).json == resumed.json
    assert active("client", "PUT", pause, {"until": NEXT_WEEK}).status_code == 409


def test_showing_up_is_a_first_step_on_the_repeat_too(active: Knock) -> None:
    session = f"{A_CLIENT}/sessions/{named('x')}"
    attended = {"starts_at": "2026-03-01T10:00:00Z", "status": "attended"}
    first = active("therapist", "PUT", session, attended)
    assert [milestone["rule"] for milestone in first.json["milestones"]] == ["first_step"]
    again = active("therapist", "PUT", session, attended)
    assert again.status_code == 200
    assert again.json == first.json
