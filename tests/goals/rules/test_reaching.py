"""How she is reached, and when she is met: what is in the log, what is asked, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.goals.rules.commands.client import (
    CancelReminder,
    GiveConsent,
    PlanReminder,
    RegisterClient,
    RemoveContact,
    SetContact,
    SetPreferences,
    SetTeam,
    WithdrawConsent,
)
from services.goals.rules.refusal import Forbidden, Invalid, NotThere, Refused
from shared.events import Cadence, ConsentWithdrawn, ContactSet, ReminderPlanned, SessionScheduled, fact_id
from tests import controls as c
from tests.goals.rules import given as g

MORNING = PlanReminder(
    reminder_id=c.named(5),
    kind="practice",
    channel="sms",
    cadence=Cadence(days=("mon", "tue", "wed"), times=("08:00", "20:00")),
)
CONSENTING = (
    *c.BEGUN,
    (c.CLIENT, c.HER_PHONE),
    (c.CLIENT, c.CONSENTS, fact_id(c.CLIENT, "consent.given", c.CONSENT)),
)
WITHDRAWN = ConsentWithdrawn(consent_id=c.CONSENT, contact_id=c.PHONE_CONTACT, scope="sms")

MAKES: g.Makes = {
    "registering begins a record with her first team": (
        (),
        RegisterClient(name=c.NAME, locale="en", time_zone=c.ZONE, adult=True),
        ["client.registered", "client.team_set"],
    ),
    "registering again with the same is nothing new": (
        ((c.CLIENT, c.REGISTERED, fact_id(c.CLIENT, "client", c.CLIENT)), (c.CLIENT, c.TEAM)),
        RegisterClient(name=c.NAME, locale="en", time_zone=c.ZONE, adult=True),
        [],
    ),
    "a contact is set": (
        c.BEGUN,
        SetContact(channel="sms", address=c.NUMBER, verified_by="seen"),
        ["client.contact_set"],
    ),
    "the same contact is nothing new": (
        (*c.BEGUN, (c.CLIENT, c.HER_PHONE)),
        SetContact(channel="sms", address=c.NUMBER),
        [],
    ),
    "removing a contact that is not there is nothing new": (c.BEGUN, RemoveContact(channel="email"), []),
    "preferences are set": (c.BEGUN, SetPreferences(label="my breathing"), ["client.preferences_set"]),
    "consent is given for the current contact": (
        (*c.BEGUN, (c.CLIENT, c.HER_PHONE)),
        GiveConsent(consent_id=c.CONSENT, scope="sms", text_version="1"),
        ["consent.given"],
    ),
    "consent given by her stays hers when the therapist repeats it": (
        CONSENTING,
        GiveConsent(consent_id=c.CONSENT, scope="sms", text_version="1"),
        [],
    ),
    "fewer a day is hers to say, whatever is planned": (
        (*c.BEGUN, (c.CLIENT, ReminderPlanned(**vars(MORNING)))),
        SetPreferences(daily_cap=1),
        ["client.preferences_set"],
    ),
    "consent is withdrawn": (
        CONSENTING,
        WithdrawConsent(consent_id=c.CONSENT, scope="sms"),
        ["consent.withdrawn"],
    ),
    "a reminder is planned": (c.BEGUN, MORNING, ["reminder.planned"]),
    "the same reminder on another channel is within the cap, for it is the same slot": (
        (*c.BEGUN, (c.CLIENT, ReminderPlanned(**vars(replace(MORNING, channel="email"))))),
        replace(MORNING, reminder_id=c.named(6)),
        ["reminder.planned"],
    ),
    "a session is planned": (c.BEGUN, g.MEET, ["session.scheduled"]),
    "the same session is nothing new": (
        (*c.BEGUN, (c.CLIENT, SessionScheduled(session_id=c.named(7), starts_at=c.NOW))), g.MEET, [],
    ),
    "a session is cancelled": (c.BEGUN, replace(g.MEET, status="cancelled"), ["session.cancelled"]),
}  # fmt: skip

REFUSES: g.Refuses = {
    "a child": (
        (),
        RegisterClient(name=c.NAME, locale="en", time_zone=c.ZONE, adult=False),
        Invalid,
        "#/adult",
    ),
    "registering again with another name": (
        ((c.CLIENT, c.REGISTERED, fact_id(c.CLIENT, "client", c.CLIENT)),),
        RegisterClient(name="Another", locale="en", time_zone=c.ZONE, adult=True),
        Refused,
        "#/name",
    ),
    "a team of strangers": (c.BEGUN, SetTeam(staff_ids=(c.COLLEAGUE,)), Refused, "#/staff_ids"),
    "consent with no contact": (
        c.BEGUN,
        GiveConsent(consent_id=c.CONSENT, scope="sms", text_version="1"),
        Refused,
        "#/contact_id",
    ),
    "consent again under a withdrawn id": (
        (*CONSENTING, (c.CLIENT, WITHDRAWN, fact_id(c.CLIENT, "consent.withdrawn", c.CONSENT))),
        GiveConsent(consent_id=c.CONSENT, scope="sms", text_version="1"),
        Refused,
        None,
    ),
    "withdrawing what was never given": (
        c.BEGUN,
        WithdrawConsent(consent_id=c.CONSENT, scope="sms"),
        NotThere,
        None,
    ),
    "a practice reminder without a cadence": (c.BEGUN, replace(MORNING, cadence=None), Invalid, "#/cadence"),
    "four reminders a day": (
        c.BEGUN,
        replace(MORNING, cadence=Cadence(days=("mon",), times=("09:00", "12:00", "15:00", "18:00"))),
        Refused,
        "#/cadence",
    ),
    "a fourth slot by another reminder": (
        (*c.BEGUN, (c.CLIENT, ReminderPlanned(**vars(MORNING)))),
        replace(MORNING, reminder_id=c.named(6), cadence=Cadence(days=("mon",), times=("12:00", "15:00"))),
        Refused,
        "#/cadence",
    ),
    "a slot that quiet hours always let expire": (
        c.BEGUN,
        replace(MORNING, cadence=Cadence(days=("mon",), times=("03:00",))),
        Refused,
        "#/cadence/times",
    ),
    "a reminder for a goal that is not hers": (
        c.BEGUN, replace(MORNING, goal_id=c.named(77)), Refused, "#/goal_id",
    ),
    "cancelling what was never planned": (c.BEGUN, CancelReminder(reminder_id=c.named(5)), NotThere, None),
    "a rating prompt at every hour": (
        c.BEGUN,
        replace(
            MORNING,
            kind="rating",
            cadence=Cadence(days=("mon",), times=("09:00", "10:00", "11:00", "12:00")),
        ),
        Refused,
        "#/cadence",
    ),
    "more a day than are sent to anybody": (c.BEGUN, SetPreferences(daily_cap=4), Invalid, "#/daily_cap"),
    "attending what has not begun": (
        c.BEGUN,
        replace(g.MEET, starts_at=c.NOW + timedelta(hours=1), status="attended"),
        Invalid,
        "#/starts_at",
    ),
    "anything before she is registered": ((), g.A_WIN, NotThere, None),
}  # fmt: skip


@pytest.mark.parametrize(("before", "command", "expected"), MAKES.values(), ids=MAKES)
def test_makes(before: g.Given, command: Any, expected: list[str]) -> None:
    g.must_make(g.record(before), command, expected)


@pytest.mark.parametrize(("before", "command", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(before: g.Given, command: Any, kind: type[Refused], pointer: str | None) -> None:
    g.must_refuse(g.record(before), command, kind, pointer)


def test_a_client_does_not_verify_her_own_number() -> None:
    seen = SetContact(channel="sms", address=c.NUMBER, verified_by="seen")
    g.must_refuse(g.record(c.BEGUN), seen, Forbidden, "#/verified_by", g.BY_HER)


def test_another_number_is_another_contact_that_no_consent_names() -> None:
    _, (contact,) = g.answered(g.record(CONSENTING), SetContact(channel="sms", address="+15035550199"))
    assert isinstance(contact, ContactSet)
    assert contact.contact_id == c.named(999)
    assert contact.verified_by is None
