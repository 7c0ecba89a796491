"""What she stopped over HTTP or by text: only she starts it again, and her number is free for another."""

from typing import Any

from tests.controls import NUMBER
from tests.goals.api.callers import A_CLIENT, CLIENT_BODY, CONSENT_BODY, REMINDER_BODY, Knock, named

CONSENT = f"{A_CLIENT}/consents/sms/{named('one')}"
ANOTHER = f"{A_CLIENT}/consents/sms/{named('two')}"
REMINDER = f"{A_CLIENT}/reminders/{named('r')}"


def test_after_her_stop_by_text_the_staff_cannot_consent_for_her_and_her_start_does(
    begun: Knock, count_events: Any
) -> None:
    assert begun("therapist", "PUT", CONSENT, CONSENT_BODY).status_code == 201
    stopped = begun("service", "DELETE", CONSENT)
    assert stopped.json["stops"] == {"channels": ["sms"], "reminders": []}
    before = count_events()
    for who in ("therapist", "lead"):
        refused = begun(who, "PUT", ANOTHER, CONSENT_BODY)
        assert (refused.status_code, refused.content_type) == (403, "application/problem+json")
        assert "she starts them" in refused.json["detail"]
    assert count_events() == before
    started = begun("service", "PUT", ANOTHER, CONSENT_BODY)
    assert (started.status_code, started.json["stops"]["channels"]) == (201, [])


def test_a_reminder_that_she_switched_off_only_she_switches_on(begun: Knock, count_events: Any) -> None:
    begun("therapist", "PUT", REMINDER, REMINDER_BODY)
    off = begun("client", "PUT", REMINDER, REMINDER_BODY | {"active": False})
    assert off.json["stops"]["reminders"] == [str(named("r"))]
    before = count_events()
    assert begun("therapist", "PUT", REMINDER, REMINDER_BODY).status_code == 403
    assert begun("therapist", "DELETE", REMINDER).status_code == 403
    assert count_events() == before
    assert begun("client", "PUT", REMINDER, REMINDER_BODY).status_code == 201
    assert begun("therapist", "DELETE", REMINDER).status_code == 200
    assert begun("therapist", "PUT", REMINDER, REMINDER_BODY).status_code == 201


def test_a_number_that_is_no_longer_hers_may_be_anothers(begun: Knock) -> None:
    other = f"/v1/clients/{named('another')}"
    begun("therapist", "PUT", other, CLIENT_BODY | {"name": "Somebody"})
    assert begun("therapist", "PUT", f"{other}/contacts/sms", {"address": NUMBER}).status_code == 409
    assert begun("service", "DELETE", f"{A_CLIENT}/contacts/sms").status_code == 200
    assert begun("therapist", "PUT", f"{other}/contacts/sms", {"address": NUMBER}).status_code == 201
    assert begun("therapist", "PUT", f"{A_CLIENT}/contacts/sms", {"address": NUMBER}).status_code == 409
