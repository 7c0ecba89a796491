"""Her care over HTTP: pauses of all reminders, its end, and flags that her own copy never shows."""

from typing import Any

from tests.goals.api.callers import A_CLIENT, CONSENT_BODY, FLAG_BODY, REMINDER_BODY, Knock, named, today

PAUSE = f"{A_CLIENT}/pauses/{named('z')}"
CARE_END = f"{A_CLIENT}/care-ends/{named('e')}"
FLAG = f"{A_CLIENT}/flags/{named('f')}"


def test_what_she_paused_only_she_resumes_on_her_page_or_by_text(begun: Knock) -> None:
    paused = begun("client", "PUT", PAUSE, {"until": str(today())})
    [pause] = paused.json["pauses"]
    assert (pause["by"], pause["until"], pause["resumed_at"]) == ("client", str(today()), None)
    for who in ("therapist", "lead"):
        refused = begun(who, "DELETE", PAUSE)
        assert (refused.status_code, refused.content_type) == (403, "application/problem+json")
        assert "She paused her reminders herself" in refused.json["detail"]
    resumed = begun("service", "DELETE", PAUSE)
    assert resumed.status_code == 200
    assert resumed.json["pauses"][0]["resumed_at"]
    assert begun("client", "DELETE", PAUSE).json == resumed.json
    assert begun("client", "PUT", PAUSE, {"until": str(today())}).status_code == 409


def test_what_the_staff_paused_either_resumes(begun: Knock) -> None:
    for who in ("client", "therapist"):
        path = f"{A_CLIENT}/pauses/{named(who)}"
        assert begun("therapist", "PUT", path, {}).status_code == 201
        assert begun(who, "DELETE", path).status_code == 200


def test_her_care_ends_once_goes_on_and_keeps_why(begun: Knock, count_events: Any) -> None:
    ended = begun("therapist", "PUT", CARE_END, {"reason": "transferred"})
    assert ended.json["care_ends"] == [
        {"care_end_id": str(named("e")), "on": str(today()), "reason": "transferred", "resumed_at": None}
    ]
    before = count_events()
    other = f"{A_CLIENT}/care-ends/{named('other')}"
    assert begun("lead", "PUT", other, {"reason": "moved"}).status_code == 409
    reminder = f"{A_CLIENT}/reminders/{named('r')}"
    refused = begun("therapist", "PUT", reminder, REMINDER_BODY)
    assert (refused.status_code, "resume her care" in refused.json["detail"]) == (409, True)
    assert begun("therapist", "PUT", f"{A_CLIENT}/consents/sms/{named('s')}", CONSENT_BODY).status_code == 409
    assert count_events() == before
    assert begun("client", "PUT", f"{A_CLIENT}/wins/{named('w')}", {}).status_code == 201
    resumed = begun("lead", "DELETE", CARE_END)
    assert begun("lead", "DELETE", CARE_END).json == resumed.json
    assert begun("therapist", "PUT", CARE_END, {"reason": "transferred"}).status_code == 409
    assert begun("therapist", "PUT", reminder, REMINDER_BODY).status_code == 201
    assert begun("therapist", "PUT", other, {"reason": "moved"}).status_code == 201


def test_a_flag_is_shown_to_the_staff_and_never_to_her(begun: Knock, count_events: Any) -> None:
    assert begun("service", "PUT", FLAG, FLAG_BODY).json["flags"] == []
    [flag] = begun("therapist", "GET", A_CLIENT).json["flags"]
    assert (flag["message_ref"], flag["rule"], flag["reviewed_at"]) == ("SM0001", "en:hopeless", None)
    reviewed = begun("therapist", "PUT", f"{FLAG}/review", {})
    assert (reviewed.status_code, bool(reviewed.json["flags"][0]["reviewed_at"])) == (201, True)
    before = count_events()
    again = begun("lead", "PUT", f"{FLAG}/review", {})
    assert (again.status_code, again.json, count_events()) == (200, reviewed.json, before)
    assert begun("client", "GET", A_CLIENT).json["flags"] == []
    assert begun("client", "GET", "/v1/clients").json["items"][0]["flags"] == []
    written = begun("client", "PUT", f"{A_CLIENT}/wins/{named('w')}", {})
    assert (written.status_code, written.json["flags"]) == (201, [])


def test_what_was_never_there_cannot_be_resumed_or_looked_at(begun: Knock) -> None:
    for method, path, body in (
        ("DELETE", PAUSE, None),
        ("DELETE", CARE_END, None),
        ("PUT", f"{FLAG}/review", {}),
    ):
        assert begun("therapist", method, path, body).status_code == 404
