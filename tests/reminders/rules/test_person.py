"""What reminders keep of a client's and a clinic's events: given, when, then."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest
from msgspec.structs import asdict, replace

from services.reminders.rules.goal import Achievement, Goal, Practice
from services.reminders.rules.pause import Pause
from services.reminders.rules.person import Consent, Contact, Person, Reminder, evolve
from shared import clinic as clinics
from shared.clinic import Clinic, Member
from shared.events import (
    Cadence,
    CareEnded,
    CareResumed,
    Change,
    ClinicSet,
    ConsentGiven,
    ConsentWithdrawn,
    ContactRemoved,
    ContactSet,
    Event,
    GoalAchieved,
    GoalAdjusted,
    GoalClosed,
    GoalDrafted,
    GoalPaused,
    GoalPrioritised,
    GoalReopened,
    GoalResumed,
    GoalReviewed,
    Measure,
    PracticeLogged,
    PracticeVoided,
    PreferencesSet,
    RatingRecorded,
    RatingVoided,
    ReminderCancelled,
    ReminderPlanned,
    RemindersPaused,
    RemindersResumed,
    SessionCancelled,
    SessionScheduled,
    StaffLeft,
    StaffSet,
    TeamSet,
    fact_id,
)
from tests import controls
from tests.controls import (
    CLIENT,
    CLINIC,
    CONSENT,
    GOAL,
    NOW,
    PHONE_CONTACT,
    REGISTERED,
    THERAPIST,
    ZONE,
    named,
)
from tests.reminders.rules.given import DAILY, MAYA, NORTHSIDE, REMINDER, event, maya

BEGUN = Person(client_id=CLIENT, clinic_id=CLINIC, locale="en", time_zone=ZONE, name=controls.NAME)
TODAY = controls.TODAY


def change(field: str, to: object) -> GoalAdjusted:
    return GoalAdjusted(
        adjustment_id=named(1), kind="eased", changes=(Change(field, None, to),), reason_code="too_hard",
        effective_on=TODAY, epoch=1, agreed="together",
    )  # fmt: skip


def logged(number: int, on: date) -> PracticeLogged:
    return PracticeLogged(practice_id=named(number), on=on, quantity=1)


PRACTICE = Practice(named(4), TODAY, 1)
PRACTISED = fact_id(GOAL, "practice", named(4))
LATER = NOW + timedelta(days=2)
UNTIL = TODAY + timedelta(days=3)
ACHIEVED = Achievement(named(1), "together")
SET = Goal(measure=controls.TWICE_A_DAY, target=2, review_on=controls.SET.review_on)
HER_RATING = RatingRecorded(rating_id=named(6), value=4, rater="client", epoch=1)
RATED = fact_id(GOAL, "rating", named(6))
ONCE_A_WEEK = Measure(kind="per_period", unit="exercise", period="week")

HERS: list[tuple[str, Person, Event, Person]] = [
    ("a number, verified",
        BEGUN, controls.HER_PHONE,
        replace(BEGUN, contacts={PHONE_CONTACT: Contact("sms", controls.NUMBER, True)})),
    ("another number takes the first one's place, unverified",
        MAYA, ContactSet(contact_id=named(7), channel="sms", address="+15035550177"),
        replace(MAYA, contacts={k: c for k, c in MAYA.contacts.items() if k != PHONE_CONTACT}
                | {named(7): Contact("sms", "+15035550177", False)})),
    ("a number is no longer hers",
        MAYA, ContactRemoved(contact_id=PHONE_CONTACT, channel="sms"),
        replace(MAYA, contacts={k: c for k, c in MAYA.contacts.items() if k != PHONE_CONTACT})),
    ("a consent",
        BEGUN, ConsentGiven(consent_id=CONSENT, contact_id=PHONE_CONTACT, scope="sms", text_version="3",
                            locale="en", given_by="client"),
        replace(BEGUN, consents={CONSENT: Consent(PHONE_CONTACT, "sms", True, "3")}, begun_at=NOW)),
    ("a withdrawn consent is kept, and not in force",
        MAYA, ConsentWithdrawn(consent_id=CONSENT, contact_id=PHONE_CONTACT, scope="sms"),
        replace(MAYA, consents=MAYA.consents | {CONSENT: Consent(PHONE_CONTACT, "sms", False, "1")})),
    ("preferences, whole",
        MAYA, PreferencesSet(time_zone="Asia/Tokyo", locale="es", quiet_start="22:00", label="morning walk"),
        replace(MAYA, time_zone="Asia/Tokyo", locale="es", quiet_start="22:00", label="morning walk")),
    ("a reminder",
        BEGUN, ReminderPlanned(reminder_id=REMINDER, kind="practice", channel="sms", goal_id=GOAL,
                               cadence=DAILY),
        replace(BEGUN, reminders={REMINDER: Reminder("practice", "sms", GOAL, DAILY)}, begun_at=NOW)),
    ("a reminder at another time",
        MAYA,
        ReminderPlanned(reminder_id=REMINDER, kind="practice", channel="sms",
                              cadence=Cadence(("mon",), ("09:00",))),
        maya(reminders={REMINDER: Reminder("practice", "sms", None, Cadence(("mon",), ("09:00",)))},
             begun_at=NOW)),
    ("a reminder that ends",
        MAYA, ReminderCancelled(reminder_id=REMINDER), replace(MAYA, reminders={})),
    ("a goal",
        BEGUN, controls.SET, replace(BEGUN, goals={GOAL: SET})),
    ("an eased target",
        replace(BEGUN, goals={GOAL: SET}), change("target", 1),
        replace(BEGUN, goals={GOAL: replace(SET, target=1)})),
    ("a target in halves, as the wire writes it",
        replace(BEGUN, goals={GOAL: SET}), change("target", "1.5"),
        replace(BEGUN, goals={GOAL: replace(SET, target=Decimal("1.5"))})),
    ("another measure",
        replace(BEGUN, goals={GOAL: SET}),
        change("measure", {"kind": "per_period", "unit": "exercise", "period": "week"}),
        replace(BEGUN, goals={GOAL: replace(SET, measure=ONCE_A_WEEK)})),
    ("other words of a goal, which stay behind",
        replace(BEGUN, goals={GOAL: SET}), change("specific", None), replace(BEGUN, goals={GOAL: SET})),
    ("a goal achieved, and who said so",
        replace(BEGUN, goals={GOAL: SET}), GoalAchieved(closure_id=named(1), agreed="together"),
        replace(BEGUN, goals={GOAL: replace(SET, ended=True, achieved=Achievement(named(1), "together"))})),
    ("a goal closed",
        replace(BEGUN, goals={GOAL: SET}),
        GoalClosed(closure_id=named(1), agreed="client", outcome="let_go"),
        replace(BEGUN, goals={GOAL: replace(SET, ended=True)})),
    ("a goal reopened is as if it had not ended",
        replace(BEGUN, goals={GOAL: replace(SET, ended=True, achieved=ACHIEVED, pauses={named(1): Pause()})}),
        GoalReopened(closure_id=named(1)), replace(BEGUN, goals={GOAL: SET})),
    ("a goal in focus",
        replace(BEGUN, goals={GOAL: SET}),
        GoalPrioritised(change_id=named(1), from_=False, to=True),
        replace(BEGUN, goals={GOAL: replace(SET, focus=True)})),
    ("a goal that rests",
        replace(BEGUN, goals={GOAL: SET}), GoalPaused(pause_id=named(1), until=UNTIL),
        replace(BEGUN, goals={GOAL: replace(SET, pauses={named(1): Pause(UNTIL)})})),
    ("a goal that goes on",
        replace(BEGUN, goals={GOAL: replace(SET, pauses={named(1): Pause(UNTIL)})}),
        GoalResumed(pause_id=named(1)), replace(BEGUN, goals={GOAL: SET})),
    ("a practice",
        replace(BEGUN, goals={GOAL: SET}), logged(4, TODAY),
        replace(BEGUN, signs={PRACTISED: NOW}, goals={GOAL: replace(SET, practices=(PRACTICE,))})),
    ("a practice that was a mistake",
        replace(BEGUN, signs={PRACTISED: NOW},
                goals={GOAL: replace(SET, practices=(PRACTICE, Practice(named(5), TODAY, 2)))}),
        PracticeVoided(practice_id=named(4), on=TODAY, quantity=1, epoch=1),
        replace(BEGUN, goals={GOAL: replace(SET, practices=(Practice(named(5), TODAY, 2),))})),
    ("practices of long ago are forgotten",
        replace(BEGUN,
                goals={GOAL: replace(SET, practices=(Practice(named(3), TODAY - timedelta(days=28), 1),))}),
        logged(4, TODAY),
        replace(BEGUN, signs={PRACTISED: NOW}, goals={GOAL: replace(SET, practices=(PRACTICE,))})),
    ("a pause of all her reminders",
        MAYA, RemindersPaused(pause_id=named(1), until=UNTIL), maya(pauses={named(1): Pause(UNTIL)})),
    ("a second one beside it",
        maya(pauses={named(1): Pause(UNTIL)}), RemindersPaused(pause_id=named(2)),
        maya(pauses={named(1): Pause(UNTIL), named(2): Pause()})),
    ("one of two that is over",
        maya(pauses={named(1): Pause(UNTIL), named(2): Pause()}), RemindersResumed(pause_id=named(2)),
        maya(pauses={named(1): Pause(UNTIL)}, begun_at=NOW)),
    ("care that ends, and never why",
        MAYA, CareEnded(care_end_id=named(1), on=TODAY, reason="moved"), maya(care_ended=True)),
    ("care that goes on",
        maya(care_ended=True), CareResumed(care_end_id=named(1)), maya(begun_at=NOW)),
    ("who works with her",
        MAYA, TeamSet(staff_ids=(THERAPIST,)), replace(MAYA, team=(THERAPIST,))),
    ("another team takes its place",
        replace(MAYA, team=(THERAPIST,)), TeamSet(staff_ids=(named(1),)), replace(MAYA, team=(named(1),))),
    ("a draft",
        MAYA, GoalDrafted(), MAYA),
    ("other review days, as the wire writes them",
        replace(BEGUN, goals={GOAL: SET}), change("review_on", ["2026-03-20"]),
        replace(BEGUN, goals={GOAL: replace(SET, review_on=(date(2026, 3, 20),))})),
    ("a review day that was kept",
        replace(BEGUN, goals={GOAL: SET}),
        GoalReviewed(review_id=named(1), review_on=date(2026, 3, 16), outcome="keep"),
        replace(BEGUN, goals={GOAL: replace(SET, reviewed=(date(2026, 3, 16),))})),
    ("a rating of hers",
        replace(BEGUN, goals={GOAL: SET}), HER_RATING,
        replace(BEGUN, signs={RATED: NOW}, goals={GOAL: replace(SET, ratings={named(6): NOW})})),
    ("the one before is kept for two days",
        replace(BEGUN, goals={GOAL: replace(SET, ratings={named(1): NOW - timedelta(hours=48)})}), HER_RATING,
        replace(BEGUN, signs={RATED: NOW}, goals={GOAL: replace(SET, ratings={named(6): NOW})})),
    ("one by her therapist is not hers",
        replace(BEGUN, goals={GOAL: SET}), replace(HER_RATING, rater="therapist"),
        replace(BEGUN, goals={GOAL: SET})),
    ("one that was a mistake",
        replace(BEGUN, goals={GOAL: replace(SET, ratings={named(6): NOW})}), RatingVoided(rating_id=named(6)),
        replace(BEGUN, goals={GOAL: SET})),
    ("a session to come",
        MAYA, SessionScheduled(session_id=named(1), starts_at=NOW), maya(sessions={named(1): NOW})),
    ("which is moved",
        maya(sessions={named(1): NOW}), SessionScheduled(session_id=named(1), starts_at=LATER),
        maya(sessions={named(1): LATER})),
    ("which does not take place",
        maya(sessions={named(1): LATER}), SessionCancelled(session_id=named(1), starts_at=LATER), MAYA),
    ("those of last week are forgotten",
        maya(sessions={named(2): NOW - timedelta(days=7)}),
        SessionScheduled(session_id=named(1), starts_at=NOW), maya(sessions={named(1): NOW})),
]  # fmt: skip

ON_THE_GOAL = (
    GoalDrafted, GoalAdjusted, GoalPrioritised, GoalPaused, GoalResumed, GoalAchieved, GoalClosed,
    GoalReopened, GoalReviewed, PracticeLogged, PracticeVoided, RatingRecorded, RatingVoided,
    type(controls.SET),
)  # fmt: skip


@pytest.mark.parametrize(("given", "when", "then"), [pytest.param(*row[1:], id=row[0]) for row in HERS])
def test_what_is_kept_of_a_client(given: Person, when: Event, then: Person) -> None:
    stream = GOAL if isinstance(when, ON_THE_GOAL) else CLIENT
    assert evolve(given, event(when, stream=stream)) == then


def test_what_an_import_brings_is_a_sign_of_hers_and_begins_nothing() -> None:
    consent = ConsentGiven(consent_id=CONSENT, contact_id=PHONE_CONTACT, scope="sms", text_version="3",
                           locale="en", given_by="client")  # fmt: skip
    brought = evolve(BEGUN, event(logged(4, TODAY), stream=GOAL, via="import"))
    assert brought
    assert (brought.signs, brought.imported) == ({PRACTISED: NOW}, frozenset({PRACTISED}))
    after = evolve(brought, event(consent, via="import"))
    assert after
    assert after.begun_at is None
    own = evolve(
        after, event(PracticeVoided(practice_id=named(4), on=TODAY, quantity=1, epoch=1), stream=GOAL)
    )
    assert own
    assert own.imported == frozenset()


def test_a_client_begins_with_her_registration_and_is_nobody_before() -> None:
    assert evolve(None, event(controls.HER_PHONE)) is None
    assert evolve(None, event(REGISTERED)) == BEGUN


def test_a_client_is_the_same_after_being_stored() -> None:
    achieved = replace(SET, achieved=Achievement(UUID(int=1), "client"), target=Decimal("1.5"))
    person = replace(MAYA, goals={GOAL: achieved}, signs={named(1): NOW}, pauses={named(2): Pause(TODAY)})
    assert msgspec.json.decode(msgspec.json.encode(person), type=Person) == person


CLINIC_SET = ClinicSet(
    **{k: v for k, v in asdict(NORTHSIDE).items() if k not in ("clinic_id", "staff", "left")}
)
ANA = {THERAPIST: Member("lead", "Ana Ruiz", "ana@example.org")}
WITHOUT_ANA = replace(NORTHSIDE, left=(THERAPIST,))


@pytest.mark.parametrize(
    ("given", "when", "then"),
    [
        pytest.param(None, CLINIC_SET, NORTHSIDE, id="a clinic begins"),
        pytest.param(None, StaffLeft(staff_id=THERAPIST), None, id="and is not there before"),
        pytest.param(replace(NORTHSIDE, staff=ANA, sender="N"), CLINIC_SET, replace(NORTHSIDE, staff=ANA),
            id="its settings change and its staff stays"),
        pytest.param(NORTHSIDE,
            StaffSet(staff_id=THERAPIST, role="lead", name="Ana Ruiz", email="ana@example.org"),
            replace(NORTHSIDE, staff=ANA), id="somebody comes"),
        pytest.param(replace(NORTHSIDE, staff=ANA), StaffLeft(staff_id=THERAPIST), WITHOUT_ANA,
            id="somebody leaves"),
        pytest.param(WITHOUT_ANA,
            StaffSet(staff_id=THERAPIST, role="lead", name="Ana Ruiz", email="ana@example.org"),
            replace(NORTHSIDE, staff=ANA), id="and comes back"),
        pytest.param(WITHOUT_ANA, CLINIC_SET, WITHOUT_ANA, id="who left is remembered when settings change"),
    ],
)  # fmt: skip
def test_what_is_kept_of_a_clinic(given: Clinic | None, when: Event, then: Clinic | None) -> None:
    assert clinics.evolve(given, CLINIC, when) == then
