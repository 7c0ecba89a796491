"""Bad input: a problem detail that names the field and what would be right, and nothing is stored."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.goals.api.callers import (
    A_CLIENT,
    A_CLINIC,
    A_GOAL,
    CLIENT_BODY,
    CLINIC_BODY,
    CONSENT_BODY,
    EASED,
    FLAG_BODY,
    REMINDER_BODY,
    STAFF_BODY,
    Knock,
    goal_body,
    named,
    today,
)

NEW_CLIENT = f"/v1/clients/{named('new')}"
NEW_GOAL = f"{A_CLIENT}/goals/{named('goal')}"
PRACTICE = f"{A_GOAL}/practices/{named('p')}"
WIN = f"{A_CLIENT}/wins/{named('w')}"
PAUSE = f"{A_CLIENT}/pauses/{named('z')}"
CARE_END = f"{A_CLIENT}/care-ends/{named('e')}"
FLAG = f"{A_CLIENT}/flags/{named('f')}"
REMINDER = f"{A_CLIENT}/reminders/{named('r')}"
ADJUSTMENT = f"{A_GOAL}/adjustments/{named('a')}"
SOON = (datetime.now(UTC) + timedelta(days=1)).isoformat()


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    """A body that lacks a field."""
    return {key: value for key, value in body.items() if key != name}


def cadence(days: Any, times: Any) -> dict[str, Any]:
    """A reminder with this cadence."""
    return REMINDER_BODY | {"cadence": {"days": days, "times": times}}


def change(field: Any, before: Any, after: Any) -> dict[str, Any]:
    """An adjustment of one field."""
    return EASED | {"changes": [{"field": field, "from": before, "to": after}]}


ROWS: list[tuple[str, str, Any, str, str]] = [
    (
        "therapist",
        NEW_CLIENT,
        CLIENT_BODY | {"time_zone": "Mars/Olympus"},
        "#/time_zone",
        "America/Los_Angeles",
    ),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"time_zone": "../etc/passwd"}, "#/time_zone", "IANA"),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"adult": "true"}, "#/adult", "true or false"),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"adult": False}, "#/adult", "adults"),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"locale": "fr"}, "#/locale", "en or es"),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"name": "x" * 201}, "#/name", "200"),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"name": "a\0b"}, "#/name", "NUL"),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"name": "a\ud800b"}, "#/name", "surrogate"),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"name": "a\nb"}, "#/name", "one line"),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"name": "  "}, "#/name", "empty"),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"name": "\u200b\u00ad"}, "#/name", "empty"),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"name": None}, "#/name", "needed"),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"name": ["x"]}, "#/name", "Text"),
    ("therapist", NEW_CLIENT, CLIENT_BODY | {"nickname": "x"}, "#/nickname", "no such field"),
    ("therapist", NEW_CLIENT, [], "#", "object"),
    ("therapist", NEW_CLIENT, "text", "#", "object"),
    ("therapist", NEW_GOAL, [], "#", "object"),
    ("therapist", NEW_GOAL, b"null", "#", "object"),
    ("operator", A_CLINIC, CLINIC_BODY | {"country": "XX"}, "#/country", "US"),
    ("operator", A_CLINIC, CLINIC_BODY | {"sender": "x" * 21}, "#/sender", "20"),
    ("operator", A_CLINIC, CLINIC_BODY | {"sender": "Trauma Therapy"}, "#/sender", "Northside"),
    ("operator", A_CLINIC, CLINIC_BODY | {"sender": "Ther\u200bapy North"}, "#/sender", "Northside"),
    ("operator", A_CLINIC, CLINIC_BODY | {"sender": "Psicologia Norte"}, "#/sender", "Northside"),
    ("operator", A_CLINIC, CLINIC_BODY | {"quiet_start": "24:00"}, "#/quiet_start", "08:00"),
    ("operator", A_CLINIC, CLINIC_BODY | {"phone": "12"}, "#/phone", "+12065550100"),
    (
        "operator",
        f"{A_CLINIC}/staff/{named('s')}",
        STAFF_BODY | {"role": "boss"},
        "#/role",
        "therapist, lead",
    ),
    (
        "operator",
        f"{A_CLINIC}/staff/{named('s')}",
        STAFF_BODY | {"email": "ana@"},
        "#/email",
        "e-mail address",
    ),
    ("client", f"{A_CLIENT}/contacts/sms", {"address": "call me"}, "#/address", "phone number"),
    ("client", f"{A_CLIENT}/contacts/sms", {"address": "+15555555"}, "#/address", "phone number"),
    ("client", f"{A_CLIENT}/contacts/email", {"address": "maya at home"}, "#/address", "e-mail"),
    ("client", f"{A_CLIENT}/preferences", {"label": "x" * 31}, "#/label", "30"),
    ("client", f"{A_CLIENT}/preferences", {"label": "anxiety homework"}, "#/label", "morning walk"),
    ("client", f"{A_CLIENT}/preferences", {"weekly_cap": 6}, "#/weekly_cap", "5"),
    ("client", f"{A_CLIENT}/preferences", {"daily_cap": True}, "#/daily_cap", "whole number"),
    ("lead", f"{A_CLIENT}/team", {"staff_ids": []}, "#/staff_ids", "At least one"),
    ("lead", f"{A_CLIENT}/team", {"staff_ids": ["x"]}, "#/staff_ids/0", "UUID"),
    (
        "client",
        f"{A_CLIENT}/consents/sms/{named('x')}",
        CONSENT_BODY | {"contact_id": 7},
        "#/contact_id",
        "UUID",
    ),
    ("client", REMINDER, cadence(["mon"], ["8:00"]), "#/cadence/times/0", "08:00"),
    ("client", REMINDER, cadence([], ["08:00"]), "#/cadence/days", "At least one"),
    ("client", REMINDER, cadence(["mon", "mon"], ["08:00"]), "#/cadence/days", "once"),
    ("client", REMINDER, cadence(["funday"], ["08:00"]), "#/cadence/days/0", "mon"),
    ("client", REMINDER, without(REMINDER_BODY, "cadence"), "#/cadence", "cadence"),
    ("client", REMINDER, REMINDER_BODY | {"kind": "quiet"}, "#/cadence", "leave cadence out"),
    ("therapist", REMINDER, {"kind": "digest", "channel": "sms"}, "#/channel", "e-mail"),
    ("therapist", NEW_GOAL, without(goal_body(), "target"), "#/target", "needed"),
    ("therapist", NEW_GOAL, goal_body(target=1.5), "#/target", '"2.5"'),
    ("therapist", NEW_GOAL, goal_body(target="1e9"), "#/target", '"2.5"'),
    ("therapist", NEW_GOAL, goal_body(target=10**30), "#/target", "1,000,000,000"),
    ("therapist", NEW_GOAL, goal_body(confidence=1.9), "#/confidence", "0 to 10"),
    ("therapist", NEW_GOAL, goal_body(confidence=True), "#/confidence", "0 to 10"),
    ("therapist", NEW_GOAL, goal_body(confidence="1"), "#/confidence", "0 to 10"),
    ("therapist", NEW_GOAL, goal_body(confidence=11), "#/confidence", "0 to 10"),
    ("therapist", NEW_GOAL, goal_body(end_on=str(today() - timedelta(days=9))), "#/end_on", "after start_on"),
    ("therapist", NEW_GOAL, goal_body(end_on="20261231"), "#/end_on", "2026-03-31"),
    ("therapist", NEW_GOAL, goal_body(end_on="9999-12-31"), "#/end_on", "2100-12-31"),
    ("therapist", NEW_GOAL, goal_body(end_on="2026-02-30"), "#/end_on", "2026-03-31"),
    ("therapist", NEW_GOAL, goal_body(status="paused"), "#/status", "draft, active"),
    ("therapist", NEW_GOAL, {"status": "draft", "target": 2}, "#/target", "no such field"),
    ("therapist", NEW_GOAL, goal_body(measure={"kind": "count"}), "#/measure/unit", "needed"),
    ("therapist", NEW_GOAL, goal_body(specific="x" * 4001), "#/specific", "4000"),
    ("client", PRACTICE, {"quantity": 0}, "#/quantity", "more than 0"),
    ("client", PRACTICE, {"quantity": "NaN"}, "#/quantity", '"2.5"'),
    ("client", PRACTICE, {"on": str(today() + timedelta(days=2))}, "#/on", "future"),
    ("client", PRACTICE, {"time": SOON}, "#/time", "future"),
    ("client", PRACTICE, {"time": "2026-03-01T08:00:00"}, "#/time", "zone"),
    ("client", PAUSE, {"until": "tomorrow"}, "#/until", "2026-03-31"),
    ("client", PAUSE, {"until": str(today() - timedelta(days=2))}, "#/until", "last day"),
    ("therapist", PAUSE, {"reason": "a rest"}, "#/reason", "no such field"),
    ("therapist", CARE_END, {}, "#/reason", "needed"),
    ("therapist", CARE_END, {"reason": "bored"}, "#/reason", "finished, moved, transferred, died"),
    (
        "lead",
        CARE_END,
        {"reason": "moved", "on": str(today() + timedelta(days=2))},
        "#/on",
        "future",
    ),
    ("service", FLAG, FLAG_BODY | {"message_ref": "I want to die"}, "#/message_ref", "one word"),
    ("therapist", FLAG, without(FLAG_BODY, "message_ref"), "#/message_ref", "needed"),
    ("therapist", FLAG, FLAG_BODY | {"crisis_line": "x" * 41}, "#/crisis_line", "40"),
    ("therapist", f"{FLAG}/review", {"note": "seen"}, "#/note", "no such field"),
    ("client", WIN, {"kind": "huge"}, "#/kind", "showed_up"),
    ("therapist", ADJUSTMENT, change("target", 2, 1.5), "#/changes/0/to", '"2.5"'),
    ("therapist", ADJUSTMENT, change("end_on", "2026-01-01", "9999-12-31"), "#/changes/0/to", "2100"),
    ("therapist", ADJUSTMENT, change("confidence", 7, True), "#/changes/0/to", "0 to 10"),
    ("therapist", ADJUSTMENT, change("mood", 1, 2), "#/changes/0/field", "specific"),
    ("therapist", ADJUSTMENT, change(["target"], 2, 1), "#/changes/0/field", "specific"),
    (
        "therapist",
        ADJUSTMENT,
        EASED | {"changes": [{"field": "target", "to": 1}]},
        "#/changes/0/from",
        "has now",
    ),
    ("therapist", ADJUSTMENT, EASED | {"changes": []}, "#/changes", "At least one"),
    ("therapist", ADJUSTMENT, without(EASED, "reason"), "#/reason", "why"),
]


def test_a_wrong_field_is_named_with_what_would_be_right(active: Knock, count_events: Any) -> None:
    before = count_events()
    wrong = []
    for who, path, body, pointer, right in ROWS:
        answer = active(who, "PUT", path, body, If_Match='"2"')
        errors = answer.json.get("errors", [])
        told = any(e["pointer"] == pointer and right in e["detail"] for e in errors)
        if (answer.status_code, answer.content_type, told) != (422, "application/problem+json", True):
            wrong.append((path, body, pointer, right, answer.status_code, errors))
    assert wrong == []
    assert count_events() == before


def test_a_rule_that_refuses_names_the_field_too(active: Knock, count_events: Any) -> None:
    assert active("therapist", "PUT", f"{A_CLIENT}/goals/{named('2')}", goal_body()).status_code == 201
    before = count_events()
    third = active("therapist", "PUT", f"{A_CLIENT}/goals/{named('3')}", goal_body())
    assert (third.status_code, third.json["errors"][0]["pointer"]) == (409, "#/focus")
    assert "2" in third.json["detail"]
    many = cadence(["mon"], ["08:00", "10:00", "12:00", "14:00"])
    above = active("client", "PUT", REMINDER, many)
    assert (above.status_code, above.json["errors"][0]["pointer"]) == (409, "#/cadence")
    assert "3" in above.json["detail"]
    assert count_events() == before


BODIES = [
    (b"{", 400, "JSON"),
    (b"", 400, "JSON"),
    (b"[" * 30_000, 400, "nested too deeply"),
    (b'{"a":' * 30_000, 400, "nested too deeply"),
    (b'{"name": "\xff"}', 400, "UTF-8"),
    (b'{"name": "a", "name": "b"}', 400, "twice"),
    (b'{"name": NaN}', 400, "JSON"),
    (b'{"name": ' + b"9" * 5000 + b"}", 400, "JSON"),
    (b'{"name": "' + b"x" * 10_000_000 + b'"}', 413, "1 MiB"),
]


def test_a_body_that_is_no_json_is_told_so(begun: Knock, count_events: Any) -> None:
    before = count_events()
    for body, status, said in BODIES:
        answer = begun("therapist", "PUT", NEW_CLIENT, body)
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), body[:20]
        assert said in answer.json["detail"]
    assert count_events() == before


def test_a_body_that_is_called_something_else_is_not_read(begun: Knock) -> None:
    answer = begun.client.put(
        NEW_CLIENT,
        data=json.dumps(CLIENT_BODY),
        content_type="text/plain",
        headers={"Authorization": begun.bearer("therapist")},
    )
    assert (answer.status_code, answer.content_type) == (415, "application/problem+json")


def test_what_somebody_wrote_is_never_repeated(active: Knock) -> None:
    secret = "my father hit me"
    for path, body in (
        (WIN, {secret: 1}),
        (WIN, {"kind": secret}),
        (NEW_GOAL, goal_body(theme=secret, specific=[secret], measure=secret)),
        (ADJUSTMENT, change("measure", {"kind": secret}, {"kind": secret, "unit": secret})),
        (ADJUSTMENT, change(secret, 1, 2)),
        (f"{A_CLIENT}/contacts/sms", {"address": secret}),
    ):
        answer = active("therapist", "PUT", path, body, If_Match='"2"')
        assert answer.status_code == 422
        assert secret not in answer.text


def test_a_wrong_parameter_is_named(active: Knock) -> None:
    for path, pointer in (
        ("/v1/clients?limit=0", "#/limit"),
        ("/v1/clients?limit=1&limit=2", "#"),
        ("/v1/clients?limit=x", "#/limit"),
        ("/v1/clients?after=!!", "#/after"),
        ("/v1/clients?after=AAAA", "#/after"),
        ("/v1/clients?page=2", "#/page"),
        (f"{A_GOAL}?page=2", "#/page"),
        (f"{A_CLIENT}?version=1", "#/version"),
        (f"{A_GOAL}/history?after=AAAA", "#/after"),
    ):
        answer = active("therapist", "GET", path)
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_every_way_of_not_being_there_is_a_problem_detail(begun: Knock) -> None:
    for method, path, status in (
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/goals/not-a-uuid", 404),
        ("PUT", f"{A_CLIENT}/contacts/fax", 404),
        ("POST", A_CLIENT, 405),
    ):
        answer = begun("therapist", method, path)
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
        assert answer.json["status"] == status
