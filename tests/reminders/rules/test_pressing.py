"""A button of her page: how she is from then on, what the log must know; pressed again it is no change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import replace

from services.reminders.rules.catalogue import CATALOGUES, LANGUAGES
from services.reminders.rules.goal import Goal
from services.reminders.rules.lint import forbidden_words
from services.reminders.rules.pause import Pause
from services.reminders.rules.person import Person, Reminder
from services.reminders.rules.pressing import (
    About,
    Form,
    GoOn,
    KeepHours,
    Rest,
    Start,
    Stop,
    Switch,
    press,
)
from tests.controls import CLIENT, CONSENT, GOAL, PHONE_CONTACT
from tests.reminders.rules.given import DAILY, MAYA, NORTHSIDE, REMINDER, local

NOW, FRESH, OTHER = local(4, "22:00"), UUID(int=77), UUID(int=78)
HERS = f"/v1/clients/{CLIENT}"
PRACTICE = {
    "kind": "practice",
    "channel": "sms",
    "goal_id": str(GOAL),
    "cadence": {"days": DAILY.days, "times": DAILY.times},
}
CELEBRATION = {"kind": "celebration", "channel": "sms", "goal_id": None, "cadence": None}
OFF = replace(MAYA, reminders={REMINDER: replace(MAYA.reminders[REMINDER], active=False)})
QUIET = replace(MAYA, reminders={FRESH: Reminder("celebration", "sms", active=False)})
WITHDRAWN = replace(MAYA, consents={CONSENT: replace(MAYA.consents[CONSENT], in_force=False)})
LABELLED = replace(MAYA, label="morning calm", weekly_cap=2)


@dataclass
class Case:
    """A form, and what it asks of the log."""

    outcome: str
    form: Form
    facts: list[tuple[str, str, Any]]
    person: Person = MAYA
    about: dict[str, Any] = field(default_factory=dict)


CASES = [
    Case(
        "a rest ends with the last of its days where she lives",
        Rest(7),
        [("PUT", f"{HERS}/pauses/{FRESH}", {"until": "2026-03-10"})],
    ),
    Case("the same rest again is none", Rest(1), [], replace(MAYA, pauses={OTHER: Pause(date(2026, 3, 4))})),
    Case(
        "going on ends every rest that holds, and what is on its way",
        GoOn(),
        [("DELETE", f"{HERS}/pauses/{OTHER}", None), ("DELETE", f"{HERS}/pauses/{FRESH}", None)],
        replace(MAYA, pauses={OTHER: Pause(), UUID(int=1): Pause(date(2026, 3, 3))}),
        {"pauses": [OTHER, FRESH]},
    ),
    Case(
        "her hours are set with all else that she prefers",
        KeepHours("22:30", "07:00"),
        [
            (
                "PUT",
                f"{HERS}/preferences",
                {
                    "time_zone": MAYA.time_zone,
                    "locale": "en",
                    "quiet_start": "22:30",
                    "quiet_end": "07:00",
                    "daily_cap": None,
                    "weekly_cap": 2,
                    "label": "morning calm",
                },
            )
        ],
        LABELLED,
    ),
    Case("the hours that hold already are no change", KeepHours("21:00", "08:00"), []),
    Case(
        "reminders by text go off",
        Switch("reminders", "sms", "off"),
        [("PUT", f"{HERS}/reminders/{REMINDER}", PRACTICE | {"active": False})],
    ),
    Case("reminders that are off stay so", Switch("reminders", "sms", "off"), [], OFF),
    Case("she has none by e-mail", Switch("reminders", "email", "off"), []),
    Case(
        "reminders by text go on",
        Switch("reminders", "sms", "on"),
        [("PUT", f"{HERS}/reminders/{REMINDER}", PRACTICE | {"active": True})],
        OFF,
    ),
    Case(
        "one of a goal that has ended does not",
        Switch("reminders", "sms", "on"),
        [],
        replace(OFF, goals={GOAL: Goal(ended=True)}),
    ),
    Case(
        "nor one that her hours would let expire",
        Switch("reminders", "sms", "on"),
        [],
        replace(OFF, quiet_start="19:00"),
    ),
    Case(
        "celebrations go off by a reminder that says so",
        Switch("celebrations", "sms", "off"),
        [("PUT", f"{HERS}/reminders/{FRESH}", CELEBRATION | {"active": False})],
    ),
    Case(
        "and on by the same",
        Switch("celebrations", "sms", "on"),
        [("PUT", f"{HERS}/reminders/{FRESH}", CELEBRATION | {"active": True})],
        QUIET,
    ),
    Case("celebrations are on already", Switch("celebrations", "sms", "on"), []),
    Case(
        "to start is to agree",
        Start("sms"),
        [
            (
                "PUT",
                f"{HERS}/consents/sms/{FRESH}",
                {"text_version": "page-start-1", "contact_id": str(PHONE_CONTACT)},
            )
        ],
        WITHDRAWN,
    ),
    Case("where she agreed and stopped nothing, start is no change", Start("sms"), []),
    Case("without a number there is nothing to start", Start("sms"), [], replace(MAYA, contacts={})),
]


def pressed(form: Form, person: Person, **about: Any) -> Any:
    return press(form, About(person=person, clinic=NORTHSIDE, now=NOW, fresh=FRESH, **about))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.outcome)
def test_what_the_log_must_know(case: Case) -> None:
    follows = pressed(case.form, case.person, **case.about)
    assert [(one.method, one.path, one.body) for one in follows.facts] == case.facts
    assert case.facts or follows.person == case.person


@pytest.mark.parametrize(
    "case", [case for case in CASES if not isinstance(case.form, GoOn)], ids=lambda c: c.outcome
)
def test_pressed_again_it_is_no_change(case: Case) -> None:
    after = pressed(case.form, case.person, **case.about).person
    again = pressed(case.form, after, **case.about)
    assert (again.facts, again.person) == ((), after)


def test_a_rest_holds_at_once_until_the_day_after() -> None:
    follows = pressed(Rest(1), MAYA)
    assert follows.rests_until == local(5, "00:00")
    assert follows.person.pauses == {FRESH: Pause(date(2026, 3, 4))}
    went_on = pressed(GoOn(), follows.person)
    assert (went_on.goes_on, went_on.person.pauses) == (True, {})


def test_stop_ends_that_channel_alone() -> None:
    after = pressed(Stop("sms"), MAYA).person
    assert {one.scope: one.in_force for one in after.consents.values()} == {"sms": False, "email": True}
    assert pressed(Stop("sms"), after, stopped=["sms"]).person == after


def test_start_lifts_a_stop_even_where_a_consent_still_stands() -> None:
    follows = pressed(Start("sms"), MAYA, stopped=["sms"])
    assert [one.kind for one in follows.facts] == ["consent.given"]
    assert follows.person.consents[FRESH].in_force


@pytest.mark.parametrize(
    "form",
    [
        {"act": "pause", "days": "0"},
        {"act": "pause", "days": "91"},
        {"act": "pause", "days": "many"},
        {"act": "pause"},
        {"act": "hours", "start": "9pm", "end": "08:00"},
        {"act": "hours", "start": "24:00", "end": "08:00"},
        {"act": "switch", "what": "digest", "channel": "email", "to": "off"},
        {"act": "stop", "channel": "fax"},
        {"act": "resume", "note": "I want to die"},
        {"act": "erase"},
        {},
    ],
)
def test_whatever_else_is_sent_is_no_form_and_none_takes_words(form: dict[str, str]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(form, Form, strict=False)


def test_every_form_can_be_sent_as_a_browser_does() -> None:
    sent: list[dict[str, str]] = [
        {"act": "pause", "days": "7"},
        {"act": "resume"},
        {"act": "hours", "start": "21:00", "end": "08:00"},
        {"act": "switch", "what": "reminders", "channel": "sms", "to": "off"},
        {"act": "stop", "channel": "sms"},
        {"act": "start", "channel": "email"},
    ]
    read = [msgspec.convert(form, Form, strict=False) for form in sent]
    assert [type(form) for form in read] == list(get_args(Form))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_nothing_clinical_and_shames_nobody(language: str) -> None:
    catalogue = CATALOGUES[language]
    places = [place for place in catalogue.contexts if place.startswith("page ")]
    assert len(places) > 30
    for place in places:
        for count in (1, 7):
            assert forbidden_words(catalogue.variants(place, count)[0]) == (), place
