"""What came due by itself, judged as it is sent: given a person as she is now, then."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.reminders.rules.caps import Sent
from services.reminders.rules.goal import Goal
from services.reminders.rules.pause import Pause
from services.reminders.rules.person import Person, Reminder
from services.reminders.rules.plan import Detail, Occasion
from services.reminders.rules.policy import Send, Suppress, Verdict, judge
from shared.events import Cadence
from tests.controls import CONSENT, GOAL, PHONE_CONTACT, named
from tests.reminders.rules.given import MAYA, NORTHSIDE, REMINDER, goes, local, maya, named_rows, prompt

NOON = local(5, "12:00")
SESSION, OTHER = named(1), UUID(int=5)
REVIEW = date(2026, 3, 8)
SILENT = local(1, "12:00") - timedelta(days=3)


def about(kind: str, hours: int = 24, **detail: object) -> Occasion:
    occasion = prompt(kind, NOON)  # type: ignore[arg-type]
    return replace(
        occasion,
        expires_at=NOON + timedelta(hours=hours),
        detail=Detail(**detail),  # type: ignore[arg-type]
    )


def unverified(person: Person = MAYA) -> Person:
    contact = replace(person.contacts[PHONE_CONTACT], verified=False)
    return replace(person, contacts=person.contacts | {PHONE_CONTACT: contact})


def off(kind: str, person: Person) -> Person:
    return replace(person, reminders={OTHER: Reminder(kind, "sms", active=False)})  # type: ignore[arg-type]


WELCOME = about("welcome", 48, contact_id=PHONE_CONTACT)
RATING = about("rating", session_id=SESSION)
COMING = maya(sessions={SESSION: NOON + timedelta(hours=24)})
WEEKLY = Reminder("rating", "sms", GOAL, Cadence(("thu",), ("12:00",)))
BY_CADENCE = about("rating", goal_id=GOAL, reminder_id=REMINDER, slot_date=NOON.date(), slot_time="12:00")
REVIEWING = about("review", goal_id=GOAL, review_on=REVIEW)
WITH_REVIEW = maya(goals={GOAL: Goal(review_on=(REVIEW,))})
QUIET = about("quiet", 48, silent_since=SILENT)
SILENT_SINCE = maya(signs={OTHER: SILENT})


def rated(person: Person, hours: int, goal: UUID = GOAL) -> Person:
    known = person.goals.get(goal, Goal())
    ratings = {named(3): NOON - timedelta(hours=hours)}
    return replace(person, goals=person.goals | {goal: replace(known, ratings=ratings)})


def rating_weekly(**changes: object) -> Person:
    return maya(reminders={REMINDER: replace(WEEKLY, **changes)})


UNTIL_QUIET = goes(9 * 60)
ROWS: list[tuple[str, Person, Occasion, Verdict]] = [
    ("a welcome goes to a contact that is not verified", unverified(), WELCOME, UNTIL_QUIET),
    ("once it is, there is nothing to ask", MAYA, WELCOME, Suppress("already_verified")),
    ("nor once it is another", unverified(), replace(WELCOME, detail=Detail(contact_id=OTHER)),
        Suppress("no_consent")),
    ("nor without a consent", replace(unverified(), consents={}), WELCOME, Suppress("no_consent")),
    ("nor once she has taken it back",
        replace(unverified(), consents={CONSENT: replace(MAYA.consents[CONSENT], in_force=False)}), WELCOME,
        Suppress("no_consent")),
    ("nothing else goes to it", unverified(COMING), RATING, Suppress("contact_unverified")),
    ("a rating before a session", COMING, RATING, UNTIL_QUIET),
    ("not once the session is another day",
        maya(sessions={SESSION: NOON + timedelta(days=3)}), RATING, Suppress("session_moved")),
    ("nor once it does not take place", MAYA, RATING, Suppress("session_moved")),
    ("nor if she rated within 48 hours", rated(COMING, 47), RATING, Suppress("rated_lately")),
    ("before that it is long ago", rated(COMING, 48), RATING, UNTIL_QUIET),
    ("nor where she wants none", off("rating", COMING), RATING, Suppress("reminder_ended")),
    ("of a goal, another goal's rating is none",
        rated(COMING, 1, OTHER), replace(RATING, detail=replace(RATING.detail, goal_id=GOAL)), UNTIL_QUIET),
    ("of a goal that has ended none",
        replace(COMING, goals={GOAL: Goal(ended=True)}),
        replace(RATING, detail=replace(RATING.detail, goal_id=GOAL)), Suppress("goal_ended")),
    ("a rating by her cadence", rating_weekly(), BY_CADENCE, UNTIL_QUIET),
    ("not if she rated lately", rated(rating_weekly(), 1), BY_CADENCE, Suppress("rated_lately")),
    ("nor once it is another cadence",
        rating_weekly(cadence=Cadence(("fri",), ("12:00",))), BY_CADENCE, Suppress("reminder_ended")),
    ("a review", WITH_REVIEW, REVIEWING, UNTIL_QUIET),
    ("not once its day is another",
        maya(goals={GOAL: Goal(review_on=(REVIEW + timedelta(days=7),))}), REVIEWING,
        Suppress("review_moved")),
    ("nor once it was kept",
        maya(goals={GOAL: Goal(review_on=(REVIEW,), reviewed=(REVIEW,))}), REVIEWING, Suppress("reviewed")),
    ("nor once the goal has ended",
        maya(goals={GOAL: Goal(review_on=(REVIEW,), ended=True)}), REVIEWING, Suppress("goal_ended")),
    ("nor while it rests",
        maya(goals={GOAL: Goal(review_on=(REVIEW,), pauses={OTHER: Pause()})}), REVIEWING,
        Suppress("goal_paused")),
    ("nor where she wants none", off("review", WITH_REVIEW), REVIEWING, Suppress("reminder_ended")),
    ("a hello after a silence", SILENT_SINCE, QUIET, goes(9 * 60)),
    ("not once she is heard of",
        replace(SILENT_SINCE, signs={OTHER: SILENT, SESSION: NOON}), QUIET, Suppress("heard_from_her")),
    ("nor where she wants none", off("quiet", SILENT_SINCE), QUIET, Suppress("reminder_ended")),
    ("nor while she rests", replace(SILENT_SINCE, pauses={OTHER: Pause()}), QUIET, Suppress("paused")),
]  # fmt: skip


@pytest.mark.parametrize(("person", "occasion", "expected"), named_rows(ROWS))
def test_whether_there_is_still_cause(person: Person, occasion: Occasion, expected: Verdict) -> None:
    assert judge(person, NORTHSIDE, "sms", occasion, Sent(), NOON) == expected


@pytest.mark.parametrize(
    ("heard_at", "expected"),
    [(SILENT - timedelta(hours=1), Send), (SILENT + timedelta(hours=1), Suppress)],
)
def test_a_text_of_hers_ends_a_silence(heard_at: datetime, expected: type[Verdict]) -> None:
    verdict = judge(SILENT_SINCE, NORTHSIDE, "sms", QUIET, Sent(heard_at=heard_at), NOON)
    assert isinstance(verdict, expected)
