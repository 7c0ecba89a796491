"""What follows from a text: given who wrote it, then the answer, the facts, and what is held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid5

import pytest
from msgspec.structs import replace

from services.reminders.rules.answers import Speaker
from services.reminders.rules.crisis import crisis_of
from services.reminders.rules.person import Consent, Contact, Person
from services.reminders.rules.replies.reply import Context
from services.reminders.rules.replies.understand import understand
from services.reminders.rules.responding import About, Response, respond
from tests.controls import CLIENT, CLINIC, CONSENT, GOAL, PHONE_CONTACT, named

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
INBOUND = named(700)
OTHER_GOAL = named(701)
PAUSE = named(702)
SPEAKER = Speaker("en", "Northside", "+15035550142", crisis_of("US"))
MAYA = Person(
    client_id=CLIENT,
    clinic_id=CLINIC,
    locale="en",
    time_zone="America/New_York",
    contacts={PHONE_CONTACT: Contact("sms", "+15035550188", True)},
    consents={CONSENT: Consent(PHONE_CONTACT, "sms", True, "1")},
)
HERS = About(inbound_id=INBOUND, now=NOW, speaker=SPEAKER, person=MAYA, goals=(GOAL,))
STRANGER = About(inbound_id=INBOUND, now=NOW, speaker=replace(SPEAKER, sender=None, phone=None))


def after(text: str, about: About = HERS, context: Context | None = None) -> Response:
    return respond(understand(text, context or Context(focus_goals=len(about.goals))), about)


def first(response: Response) -> tuple[str, str, str, dict[str, Any] | None]:
    fact = response.facts[0]
    return fact.kind, fact.method, fact.path, fact.body


STOPPED = "you get no more texts from us. Your appointments do not change. START brings the texts back."
HELPED = (
    "automated reminders. Reply DONE, WIN, LATER, PAUSE or PLAN. To reach us call +15035550142. STOP to end."
)
FELL_BACK = (
    "automated, no one reads this live. DONE, LATER, PAUSE, PLAN or STOP. To reach us: +15035550142."
    " In a crisis: 988."
)
RESTS = (
    "that is all right. Nothing more today; be kind to yourself. If it gets heavy, someone listens at 988."
)
SIGNPOST = (
    "this is automated and no one reads it live. If you might be in danger call 911."
    " You can call or text 988 any time, free, 24/7."
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("STOP", STOPPED),
        ("help", HELPED),
        ("who is this", "automated reminders, sent to who asked for them. STOP to end."),
        ("blah", FELL_BACK),
        ("bad day", RESTS),
        ("resume", "good to have you back. Your reminders go on."),
        ("pause 3 days", "all quiet until Thu, Mar 5. RESUME brings the reminders back sooner."),
        ("I want to die", SIGNPOST),
    ],
)
def test_she_is_answered(text: str, answer: str) -> None:
    assert after(text).answer == f"Northside: {answer}"


@pytest.mark.parametrize(
    ("text", "kind", "path", "body"),
    [
        ("done", "practice.logged", f"/v1/goals/{GOAL}/practices/", {"quantity": 1}),
        ("done 2, calm", "practice.logged", f"/v1/goals/{GOAL}/practices/", {"quantity": 2, "note": "calm"}),
        ("a 7", "rating.recorded", f"/v1/goals/{GOAL}/ratings/", {"value": 7}),
        ("win I said no", "win.recorded", f"/v1/clients/{CLIENT}/wins/", {"text": "I said no"}),
        ("yay", "win.recorded", f"/v1/clients/{CLIENT}/wins/", {}),
    ],
)
def test_what_she_did_goes_to_the_log_named_by_her_text_and_is_acknowledged_after(
    text: str, kind: str, path: str, body: dict[str, Any]
) -> None:
    response = after(text)
    sent = {name: value for name, value in (response.facts[0].body or {}).items() if value is not None}
    assert first(response)[:3] == (kind, "PUT", f"{path}{uuid5(INBOUND, '0')}")
    assert sent == body | {"time": "2026-03-02T15:00:00.000000Z"}
    assert response.acknowledges is not None
    assert response.answer is None


def test_a_pause_is_held_here_and_told_to_the_log() -> None:
    response = after("pause 3 days")
    assert first(response) == (
        "reminders.paused",
        "PUT",
        f"/v1/clients/{CLIENT}/pauses/{uuid5(INBOUND, '0')}",
        {"until": "2026-03-04"},
    )  # fmt: skip
    assert (response.quiet, response.quiet_until) == ("paused", datetime(2026, 3, 5, 5, tzinfo=UTC))


def test_resume_ends_every_rest_that_holds() -> None:
    response = after("resume", replace(HERS, pauses=(PAUSE,)))
    assert first(response) == ("reminders.resumed", "DELETE", f"/v1/clients/{CLIENT}/pauses/{PAUSE}", None)
    assert response.resumes


def test_a_bad_day_is_silent_until_tomorrow_where_she_is() -> None:
    response = after("not today")
    assert (response.quiet, response.quiet_until) == ("resting", datetime(2026, 3, 3, 5, tzinfo=UTC))


def test_despair_is_signposted_flagged_and_followed_by_a_day_of_quiet() -> None:
    response = after("done, but I want to die")
    assert [fact.kind for fact in response.facts] == ["safety.flagged", "practice.logged"]
    assert response.facts[0].body == {
        "message_ref": str(INBOUND),
        "crisis_line": "988",
        "rule": "safety phrases, list 2",
    }
    assert (response.quiet, response.quiet_until) == ("after_flag", NOW + timedelta(hours=24))
    assert response.unsafe
    assert response.acknowledges is None


def test_an_opt_out_beside_despair_names_the_crisis_line_in_its_one_confirmation() -> None:
    response = after("stop, I want to die")
    assert response.opt == "out"
    assert "988" in (response.answer or "")
    assert "appointments" in (response.answer or "")
    assert [fact.kind for fact in response.facts] == ["safety.flagged"]
    assert response.unsafe


def test_an_opt_out_beside_despair_is_followed_by_a_day_of_quiet_on_her_other_channel_too() -> None:
    response = after("stop, I want to die")
    assert (response.quiet, response.quiet_until) == ("after_flag", NOW + timedelta(hours=24))


def test_a_strangers_opt_out_beside_despair_is_a_signpost_and_so_never_given_up() -> None:
    response = after("stop, I want to die", STRANGER)
    assert "988" in (response.answer or "")
    assert (response.opt, response.unsafe) == ("out", True)


def test_a_letter_that_is_needed_is_asked_for_and_then_means_what_she_had_said() -> None:
    two = replace(HERS, goals=(GOAL, OTHER_GOAL))
    asked = after("done 2", two)
    assert asked.answer == "Northside: which one do you mean: A, B? Reply with the letter."
    assert asked.asks is not None
    answered = after("b", replace(two, meant=asked.asks), Context(focus_goals=2, question_open=True))
    assert first(answered)[2] == f"/v1/goals/{OTHER_GOAL}/practices/{uuid5(INBOUND, '0')}"
    assert (answered.facts[0].body or {})["quantity"] == 2


def test_where_nothing_is_open_she_is_told() -> None:
    assert "nothing open" in (after("done", replace(HERS, goals=())).answer or "")


@pytest.mark.parametrize(("has_slot", "again"), [(True, timedelta(hours=3)), (False, None)])
def test_later_means_the_last_reminder_if_there_was_one(has_slot: bool, again: timedelta | None) -> None:
    assert after("later 3h", replace(HERS, has_slot=has_slot)).again_in == again


def test_start_gives_consent_again_after_an_opt_out() -> None:
    response = after("START", replace(HERS, opted_out=True))
    assert response.opt == "in"
    assert [(f.kind, f.body) for f in response.facts] == [("consent.given", {"text_version": "sms-start-1"})]


def test_yes_verifies_the_number_that_we_asked() -> None:
    unverified = replace(MAYA, contacts={PHONE_CONTACT: Contact("sms", "+15035550188", False)})
    response = after("YES", replace(HERS, person=unverified), Context(just_asked_opt_in=True))
    assert [(f.kind, f.body) for f in response.facts] == [
        ("client.contact_set", {"address": "+15035550188", "verified_by": "reply"})
    ]


@pytest.mark.parametrize("text", ["done", "win", "7", "later", "blah", "plan"])
def test_who_has_opted_out_hears_nothing_more(text: str) -> None:
    assert after(text, replace(HERS, opted_out=True)) == Response()


def test_who_has_opted_out_is_still_signposted() -> None:
    assert "988" in (after("I want to die", replace(HERS, opted_out=True)).answer or "")


NOBODYS = "This number is automated and no one reads it. In a crisis call 988. STOP to end."


@pytest.mark.parametrize("text", ["done", "plan", "win", "pause", "blah", "start"])
def test_a_stranger_learns_nothing_about_anyone(text: str) -> None:
    response = after(text, STRANGER)
    assert response == Response(answer=NOBODYS)


def test_a_stranger_in_despair_is_signposted() -> None:
    assert "988" in (after("want to die", STRANGER).answer or "")


def test_what_nobody_understands_is_answered_at_most_once_an_hour() -> None:
    assert after("blah", replace(HERS, told_lately=True)) == Response()


def test_a_wrong_number_takes_the_contact_away() -> None:
    response = after("wrong number")
    assert first(response)[:3] == ("client.contact_removed", "DELETE", f"/v1/clients/{CLIENT}/contacts/sms")
    assert response.opt == "out"
    assert response.wrong_number
