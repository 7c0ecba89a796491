"""What may be said at the moment of sending: given a person and what she was told, when, then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.reminders.rules.caps import Sent
from services.reminders.rules.goal import Goal, Practice
from services.reminders.rules.pause import Pause
from services.reminders.rules.person import Consent, Contact, Person, Reminder
from services.reminders.rules.plan import Detail, Occasion
from services.reminders.rules.policy import (
    Expire,
    Later,
    Quiet,
    Send,
    Standing,
    Suppress,
    Verdict,
    consented_contact,
    judge,
)
from shared.events import Cadence, Channel, Measure
from tests.controls import CONSENT, GOAL, PHONE_CONTACT
from tests.reminders.rules.given import (
    DAILY,
    MAIL_CONTACT,
    MAYA,
    NORTHSIDE,
    REMINDER,
    celebration,
    goes,
    local,
    maya,
    named_rows,
    practice,
    reminded,
)

AT_TEN = local(2, "10:00")
MONDAY = AT_TEN.date()
TWICE = Measure(kind="per_period", unit="exercise", period="day")
WEEKLY = Measure(kind="per_period", unit="exercise", period="week")
FIFTY = Measure(kind="count", unit="lengths")


def phone(**changes: Any) -> Person:
    contact = replace(MAYA.contacts[PHONE_CONTACT], **changes)
    return maya(contacts=MAYA.contacts | {PHONE_CONTACT: contact})


def practised(*days_and_quantities: tuple[int, int], goal: Goal | None = None) -> Person:
    logged = tuple(
        Practice(UUID(int=n), local(day, "12:00").date(), quantity)
        for n, (day, quantity) in enumerate(days_and_quantities)
    )
    return maya(goals={GOAL: replace(goal or Goal(TWICE, 2), practices=logged)})


MORNING, EVENING = practice(local(2, "08:00")), practice(local(2, "20:00"))
CAME = celebration(at=AT_TEN)
SWITCHED_OFF = Reminder("celebration", "sms", active=False)
SWITCHED_ON = Reminder("celebration", "sms", active=True)

PERMITTED: list[tuple[str, Person, Channel, Occasion, datetime, Verdict]] = [
    ("a nudge goes at its slot, while it is fresh",
        MAYA, "sms", MORNING, local(2, "08:00"), Send(PHONE_CONTACT, timedelta(hours=2))),
    ("a nudge is fresh for two hours and not a moment more",
        MAYA, "sms", MORNING, local(2, "09:59"), Send(PHONE_CONTACT, timedelta(minutes=1))),
    ("after two hours a nudge is stale",
        MAYA, "sms", MORNING, local(2, "10:00"), Expire()),
    ("a nudge is tried for no longer than until her quiet hours",
        MAYA, "sms", EVENING, local(2, "20:00"), Send(PHONE_CONTACT, timedelta(hours=1))),
    ("a celebration goes at once, until her quiet hours",
        MAYA, "sms", CAME, AT_TEN, Send(PHONE_CONTACT, timedelta(hours=11))),
    ("by e-mail it goes to the address",
        MAYA, "email", CAME, AT_TEN, Send(MAIL_CONTACT, timedelta(hours=11))),
    ("after 48 hours a celebration is stale",
        MAYA, "sms", CAME, local(4, "10:00"), Expire()),
    ("what is stale is not held for another reason",
        maya(care_ended=True), "sms", CAME, local(4, "10:00"), Expire()),
    ("no consent, no message",
        maya(consents={}), "sms", CAME, AT_TEN, Suppress("no_consent")),
    ("a withdrawn consent is none",
        maya(consents={CONSENT: Consent(PHONE_CONTACT, "sms", False, "1")}), "sms", CAME, AT_TEN,
        Suppress("no_consent")),
    ("a consent to SMS is none to e-mail",
        maya(consents={CONSENT: Consent(PHONE_CONTACT, "sms", True, "1")}), "email", CAME, AT_TEN,
        Suppress("no_consent")),
    ("a consent to another number is none to this",
        maya(consents={CONSENT: Consent(UUID(int=5), "sms", True, "1")}), "sms", CAME, AT_TEN,
        Suppress("no_consent")),
    ("a consent to SMS at a contact for e-mail is none",
        maya(consents={CONSENT: Consent(MAIL_CONTACT, "sms", True, "1")}), "sms", CAME, AT_TEN,
        Suppress("no_consent")),
    ("nor is it one to e-mail",
        maya(consents={CONSENT: Consent(MAIL_CONTACT, "sms", True, "1")}), "email", CAME, AT_TEN,
        Suppress("no_consent")),
    ("a contact that she removed is not written to",
        maya(contacts={}), "sms", CAME, AT_TEN, Suppress("no_consent")),
    ("a contact that is not verified is not written to",
        phone(verified=False), "sms", CAME, AT_TEN, Suppress("contact_unverified")),
    ("an address that was erased is not written to",
        phone(address=None), "sms", CAME, AT_TEN, Suppress("no_address")),
    ("after care has ended nothing goes",
        maya(care_ended=True), "sms", CAME, AT_TEN, Suppress("care_ended")),
    ("while she pauses nothing goes",
        maya(pauses={UUID(int=1): Pause()}), "sms", CAME, AT_TEN, Suppress("paused")),
    ("a pause holds to the end of its last day, by her clock",
        maya(pauses={UUID(int=1): Pause(MONDAY)}), "sms", EVENING, local(2, "20:59"), Suppress("paused")),
    ("and not on the day after",
        maya(pauses={UUID(int=1): Pause(MONDAY)}), "sms", celebration(at=AT_TEN), local(3, "08:00"),
        Send(PHONE_CONTACT, timedelta(hours=13))),
    ("of two pauses one is enough",
        maya(pauses={UUID(int=1): Pause(MONDAY - timedelta(days=1)), UUID(int=2): Pause()}), "sms", CAME,
        AT_TEN, Suppress("paused")),
    ("it is her day, wherever the clinic is",
        maya(pauses={UUID(int=1): Pause(MONDAY)}, time_zone="Asia/Tokyo", quiet_end="21:00"), "sms", CAME,
        local(2, "10:00"), goes(48 * 60)),
    ("a reminder that she cancelled is not sent",
        maya(reminders={}), "sms", MORNING, local(2, "08:00"), Suppress("reminder_ended")),
    ("nor one that she switched off",
        reminded(active=False), "sms", MORNING, local(2, "08:00"), Suppress("reminder_ended")),
    ("nor one that she moved to another channel",
        reminded(channel="email"), "sms", MORNING, local(2, "08:00"), Suppress("reminder_ended")),
    ("nor one that she moved to another time",
        reminded(cadence=Cadence(DAILY.days, ("09:00",))), "sms", MORNING, local(2, "08:00"),
        Suppress("reminder_ended")),
    ("nor one that she moved to other days",
        reminded(cadence=Cadence(("tue",), DAILY.times)), "sms", MORNING, local(2, "08:00"),
        Suppress("reminder_ended")),
    ("nor one of a goal that has ended",
        maya(goals={GOAL: Goal(ended=True)}), "sms", MORNING, local(2, "08:00"), Suppress("goal_ended")),
    ("nor one of a goal that rests",
        maya(goals={GOAL: Goal(pauses={UUID(int=1): Pause(MONDAY)})}), "sms", MORNING, local(2, "08:00"),
        Suppress("goal_paused")),
    ("one of a goal whose rest is over is",
        maya(goals={GOAL: Goal(pauses={UUID(int=1): Pause(MONDAY - timedelta(days=1))})}), "sms", MORNING,
        local(2, "08:00"), goes(120)),
    ("what she did on a goal that rests is celebrated",
        maya(goals={GOAL: Goal(pauses={UUID(int=1): Pause()})}), "sms", CAME, AT_TEN,
        Send(PHONE_CONTACT, timedelta(hours=11))),
    ("celebrations that she switched off are not sent",
        maya(reminders={REMINDER: SWITCHED_OFF}), "sms", CAME, AT_TEN, Suppress("reminder_ended")),
    ("those that she switched on again are",
        maya(reminders={REMINDER: SWITCHED_OFF, UUID(int=1): SWITCHED_ON}), "sms", CAME, AT_TEN,
        Send(PHONE_CONTACT, timedelta(hours=11))),
    ("switched off by SMS they still come by e-mail",
        maya(reminders={REMINDER: SWITCHED_OFF}), "email", CAME, AT_TEN,
        Send(MAIL_CONTACT, timedelta(hours=11))),
]  # fmt: skip

DONE: list[tuple[str, Person, Occasion, Verdict]] = [
    ("one practice does for the first slot",
        practised((2, 1)), MORNING, Suppress("already_done")),
    ("and not for the second",
        practised((2, 1)), EVENING, goes(60)),
    ("two do for the second",
        practised((2, 1), (2, 1)), EVENING, Suppress("already_done")),
    ("one entry of two does for the second",
        practised((2, 2)), EVENING, Suppress("already_done")),
    ("also where the day's target is higher",
        practised((2, 2), goal=Goal(TWICE, 3)), EVENING, Suppress("already_done")),
    ("yesterday's do for nothing today",
        practised((1, 2)), MORNING, goes(120)),
    ("once the day's target is reached, the second slot is not sent",
        practised((2, 1), goal=Goal(TWICE, 1)), EVENING, Suppress("already_done")),
    ("once the week's target is reached, no slot of the week is",
        practised((2, 3), goal=Goal(WEEKLY, 3)), practice(local(8, "19:00")), Suppress("already_done")),
    ("and the next week's are",
        practised((2, 3), goal=Goal(WEEKLY, 3)), practice(local(9, "19:00")), goes(60)),
    ("a quantity of something else is one practice",
        practised((2, 50), goal=Goal(FIFTY, 400)), EVENING, goes(60)),
    ("the target of all is no reason to be silent",
        practised((2, 400), goal=Goal(FIFTY, 400)), EVENING, goes(60)),
]  # fmt: skip

TOMORROW, LATER_TODAY = local(3, "00:00"), local(2, "18:00")
NO_MORE, DEAD = Standing(opted_out=True), Standing(dead=True)
STANDING: list[tuple[str, Standing, Occasion, Verdict]] = [
    ("who refused is told nothing, whatever her record says", NO_MORE, CAME, Suppress("opted_out")),
    ("nor where nobody is reached", DEAD, CAME, Suppress("address_dead")),
    ("a refusal goes before a dead number",
        Standing(opted_out=True, dead=True), CAME, Suppress("opted_out")),
    ("while she rests a celebration waits",
        Standing(quiet=Quiet(TOMORROW, "resting")), CAME, Later(TOMORROW, "resting")),
    ("and a nudge, which would be stale by then, does not",
        Standing(quiet=Quiet(TOMORROW, "resting")), replace(CAME, expires_at=TOMORROW), Suppress("resting")),
    ("after a phrase of despair nothing waits",
        Standing(quiet=Quiet(LATER_TODAY, "after_flag")), CAME, Suppress("after_flag")),
    ("nor after she texted PAUSE", Standing(quiet=Quiet(LATER_TODAY, "paused")), CAME, Suppress("paused")),
    ("what is over holds nothing back", Standing(quiet=Quiet(AT_TEN, "after_flag")), CAME, goes(11 * 60)),
]  # fmt: skip


@pytest.mark.parametrize(("stands", "occasion", "expected"), named_rows(STANDING))
def test_what_stands_against_it_besides_her_record(
    stands: Standing, occasion: Occasion, expected: Verdict
) -> None:
    assert judge(MAYA, NORTHSIDE, "sms", occasion, Sent(), AT_TEN, **stands._asdict()) == expected


@pytest.mark.parametrize(("person", "channel", "occasion", "now", "expected"), named_rows(PERMITTED))
def test_who_may_be_told(
    person: Person, channel: Channel, occasion: Occasion, now: datetime, expected: Verdict
) -> None:
    assert judge(person, NORTHSIDE, channel, occasion, Sent(), now) == expected


@pytest.mark.parametrize(("person", "occasion", "expected"), named_rows(DONE))
def test_what_she_has_done_already(person: Person, occasion: Occasion, expected: Verdict) -> None:
    assert judge(person, NORTHSIDE, "sms", occasion, Sent(), occasion.due_at) == expected


def test_a_clinic_that_is_not_known_yet_is_waited_for() -> None:
    expected = Later(AT_TEN + timedelta(minutes=1), "clinic_unknown")
    assert judge(MAYA, None, "sms", CAME, Sent(), AT_TEN) == expected


def test_a_contact_is_found_by_the_consent_that_names_it() -> None:
    other = Contact("sms", "+15035550199", True)
    person = maya(contacts={UUID(int=1): other} | MAYA.contacts)
    assert consented_contact(person, "sms") == PHONE_CONTACT


def test_a_practice_of_no_goal_is_done_with_a_practice_of_any() -> None:
    person = replace(practised((2, 1)), reminders={REMINDER: replace(MAYA.reminders[REMINDER], goal_id=None)})
    occasion = replace(MORNING, detail=Detail(
        reminder_id=REMINDER, slot_date=MORNING.detail.slot_date, slot_time="08:00"
    ))  # fmt: skip
    assert judge(person, NORTHSIDE, "sms", occasion, Sent(), local(2, "08:00")) == Suppress("already_done")
