"""What was sent and answered, as Communications: how far each came and why no further; and no words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from services.goals.messages.told import Answer, Message, Page, Told
from services.reminders.api.examples import ANSWERS
from tests import controls as c
from tests.goals.export.fhir.given import Said, codes, lived, made, of_kind

GIVEN: tuple[Said, ...] = (*c.BEGUN, (c.CLIENT, c.HER_PHONE), (c.CLIENT, c.CONSENTS))
CLINIC = {"type": "Organization", "identifier": {"system": "urn:ietf:rfc:3986", "value": c.CLINIC.urn}}
HER = {"reference": f"Patient/{c.CLIENT}"}


def message(number: int, **others: Any) -> Message:
    said = c.NOW + timedelta(minutes=number)
    one = Message(
        id=c.named(number),
        kinds=("practice",),
        channel="sms",
        state="delivered",
        cause=None,
        merged_into=None,
        planned_at=c.NOW,
        said_at=said,
        settled_at=said + timedelta(seconds=2),
        consent_id=c.CONSENT,
    )
    return msgspec.structs.replace(one, **others)


def sent(*messages: Message, answers: tuple[Answer, ...] = (), **others: Any) -> list[dict[str, Any]]:
    return of_kind(made(lived(*GIVEN), Told(messages, answers), **others), "Communication")


def test_a_message_says_by_which_way_to_whom_when_and_under_which_consent_but_no_words() -> None:
    (one,) = sent(message(1))
    assert one["status"] == "completed"
    assert one["medium"] == [
        {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode", "code": "SMSWRIT"}
            ]
        }
    ]
    assert (one["sender"], one["recipient"], one["subject"]) == (CLINIC, [HER], HER)
    assert (one["sent"], one["received"]) == ("2026-03-02T15:01:00.000000Z", "2026-03-02T15:01:02.000000Z")
    assert one["about"] == [{"reference": f"Consent/{c.CONSENT}"}]
    assert codes(one["category"][0]) == ["reminder"]
    assert codes(one["reasonCode"][0]) == ["practice"]
    assert "payload" not in one


def test_an_e_mail_is_one() -> None:
    assert codes(sent(message(1, channel="email"))[0]["medium"][0]) == ["EMAILWRIT"]


STATES: dict[str, tuple[dict[str, Any], str]] = {
    "planned": ({"state": "planned"}, "preparation"),
    "held back until the morning": ({"state": "planned", "cause": "quiet_hours"}, "on-hold"),
    "sending": ({"state": "sending"}, "in-progress"),
    "sent": ({"state": "sent"}, "completed"),
    "delivered": ({"state": "delivered"}, "completed"),
    "failed": ({"state": "failed", "cause": "30003"}, "stopped"),
    "suppressed": ({"state": "suppressed", "cause": "no_consent"}, "not-done"),
    "expired": ({"state": "expired", "cause": "stale"}, "not-done"),
    "nobody knows": ({"state": "unknown", "cause": "timed_out"}, "unknown"),
    "a state that is new": ({"state": "bounced"}, "unknown"),
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_how_far_it_came_is_its_status_and_why_no_further_its_reason(
    state: tuple[dict[str, Any], str],
) -> None:
    given, status = state
    (one,) = sent(message(1, **given))
    assert one["status"] == status
    assert (
        [codes(one["statusReason"])] == [[given["cause"]]] if "cause" in given else "statusReason" not in one
    )
    assert ("received" in one) == (given["state"] == "delivered")


def test_what_was_never_said_was_never_sent() -> None:
    (one,) = sent(message(1, state="suppressed", cause="opted_out", said_at=None, settled_at=c.NOW))
    assert "sent" not in one


def test_one_that_went_into_another_is_part_of_it() -> None:
    merged = message(1, state="suppressed", cause="merged", merged_into=c.named(2))
    assert sent(merged, message(2))[0]["partOf"] == [{"reference": f"Communication/{c.named(2)}"}]


def test_what_is_not_in_the_bundle_is_not_named() -> None:
    (one,) = sent(message(1, merged_into=c.named(99), consent_id=c.named(98)))
    assert not {"partOf", "about"} & set(one)


@pytest.mark.parametrize("kind", ["flag", "notice", "digest"])
def test_a_notice_to_the_staff_is_to_the_clinic_and_in_no_copy_of_hers(kind: str) -> None:
    (one,) = sent(message(1, kinds=(kind,), channel="email"))
    assert one["recipient"] == [CLINIC]
    assert codes(one["category"][0]) == ["notification"]
    assert sent(message(1, kinds=(kind,)), for_staff=False) == []


def test_what_she_answered_is_from_her_and_what_the_staff_has_to_look_at_is_not_named() -> None:
    said = Answer(id=c.named(1), channel="sms", intent="done", safety=False, received_at=c.NOW)
    hers = sent(answers=(said, msgspec.structs.replace(said, id=c.named(2), intent="safety", safety=True)))
    assert [one["sender"] for one in hers] == [HER, HER]
    assert [one["recipient"] for one in hers] == [[CLINIC], [CLINIC]]
    assert [one.get("reasonCode", [{}])[0] != {} for one in hers] == [True, False]
    assert codes(hers[0]["reasonCode"][0]) == ["done"]


def test_a_page_is_read_as_the_reminder_service_describes_it() -> None:
    page = msgspec.json.decode(msgspec.json.encode(ANSWERS["MessagePage"]), type=Page)
    message, answer = sent(*page.items, answers=page.answers)
    assert (message["status"], codes(message["reasonCode"][0])) == ("completed", ["celebration"])
    assert codes(answer["reasonCode"][0]) == ["done"]
