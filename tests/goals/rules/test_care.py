"""The end of care: given what was before, when it ends, goes on or something is written, then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from services.goals.rules.commands.client import (
    CancelReminder,
    EndCare,
    GiveConsent,
    PauseReminders,
    PlanReminder,
    ResumeCare,
    SetPreferences,
    SetSession,
    WithdrawConsent,
)
from services.goals.rules.commands.goal import AdjustGoal, CloseGoal, DraftGoal, LogPractice, ReopenGoal
from services.goals.rules.commands.win import RecordWin
from services.goals.rules.refusal import Invalid, NotThere, Refused
from shared.events import Cadence, Change
from tests import controls as c
from tests.goals.rules.steps import BY_TEXT, Step, after, answer, names

END = EndCare(care_end_id=c.named(1), reason="finished")
AGAIN = EndCare(care_end_id=c.named(2), reason="moved")
GO_ON = ResumeCare(care_end_id=c.named(1))
PHONE = (c.CLIENT, c.HER_PHONE)
CONSENT = GiveConsent(consent_id=c.CONSENT, scope="sms", text_version="1")
REMIND = PlanReminder(
    reminder_id=c.named(5), kind="practice", channel="sms",
    cadence=Cadence(days=("mon",), times=("09:00",)),
)  # fmt: skip
MEET = SetSession(session_id=c.named(7), starts_at=c.NOW)
EASE = AdjustGoal(
    goal_id=c.GOAL,
    adjustment_id=c.named(8),
    kind="corrected",
    changes=(Change(field="target", from_=2, to=1),),
    reason_code="data_correction",
    reason="It was once a day",
)
CLOSE = CloseGoal(goal_id=c.GOAL, closure_id=c.named(3), outcome="therapy_ended")
REOPEN = ReopenGoal(goal_id=c.GOAL, closure_id=c.named(3))

ENDED = (c.BY_THERAPIST, END)
RESUMED = (c.BY_THERAPIST, GO_ON)
CONSENTED = (c.BY_CLIENT, CONSENT)
REMINDED = (c.BY_CLIENT, REMIND)

MAKES: dict[str, tuple[tuple[Step, ...], Step, list[str]]] = {
    "care ends": ((), ENDED, ["care.ended"]),
    "care ended last week": (
        (), (c.BY_THERAPIST, replace(END, on=c.TODAY - timedelta(days=7))), ["care.ended"],
    ),
    "the same end is nothing new": ((ENDED,), ENDED, []),
    "care goes on": ((ENDED,), RESUMED, ["care.resumed"]),
    "going on twice is the same": ((ENDED, RESUMED), RESUMED, []),
    "it may end again": ((ENDED, RESUMED), (c.BY_THERAPIST, AGAIN), ["care.ended"]),
    "her wins are taken, with care or without": (
        (ENDED,), (c.BY_CLIENT, RecordWin(win_id=c.named(4))),
        ["win.recorded", "milestone.reached", "milestone.reached"],
    ),
    "and her practices": (
        (ENDED,), (BY_TEXT, LogPractice(goal_id=c.GOAL, practice_id=c.named(3))),
        ["practice.logged", "milestone.reached"],
    ),
    "she pauses": ((ENDED,), (BY_TEXT, PauseReminders(pause_id=c.named(1))), ["reminders.paused"]),
    "she stops": (
        (CONSENTED, ENDED), (BY_TEXT, WithdrawConsent(consent_id=c.CONSENT, scope="sms")),
        ["consent.withdrawn"],
    ),
    "she starts": ((ENDED,), (BY_TEXT, CONSENT), ["consent.given"]),
    "she plans a reminder, which is not sent": ((ENDED,), REMINDED, ["reminder.planned"]),
    "a goal is corrected": ((ENDED,), (c.BY_THERAPIST, EASE), ["goal.adjusted"]),
    "a goal is closed": ((ENDED,), (c.BY_THERAPIST, CLOSE), ["goal.closed"]),
    "she takes it up again by herself": (
        ((c.BY_THERAPIST, CLOSE), ENDED), (c.BY_CLIENT, REOPEN), ["goal.reopened"],
    ),
    "a session that was is written down": (
        (ENDED,), (c.BY_THERAPIST, replace(MEET, status="attended")),
        ["session.attended", "milestone.reached"],
    ),
    "a session to come is called off": (
        (ENDED,), (c.BY_THERAPIST, replace(MEET, status="cancelled")), ["session.cancelled"],
    ),
    "her preferences are corrected": (
        (ENDED,), (c.BY_THERAPIST, SetPreferences(locale="es")), ["client.preferences_set"],
    ),
    "a reminder is ended": (
        (REMINDED, ENDED), (c.BY_THERAPIST, CancelReminder(reminder_id=c.named(5))),
        ["reminder.cancelled"],
    ),
    "a reminder is switched off": (
        (REMINDED, ENDED), (c.BY_THERAPIST, replace(REMIND, active=False)), ["reminder.planned"],
    ),
    "what was said before her care ended is free to say again": (
        (CONSENTED, ENDED), (c.BY_THERAPIST, CONSENT), [],
    ),
    "once care goes on, everything does": ((ENDED, RESUMED), (c.BY_THERAPIST, CONSENT), ["consent.given"]),
}  # fmt: skip

REFUSES: dict[str, tuple[tuple[Step, ...], Step, type[Refused], str | None]] = {
    "a second end beside the first": ((ENDED,), (c.BY_THERAPIST, AGAIN), Refused, None),
    "an end that is to come": (
        (), (c.BY_THERAPIST, replace(END, on=c.TODAY + timedelta(days=1))), Invalid, "#/on",
    ),
    "the same end for another reason": (
        (ENDED,), (c.BY_THERAPIST, replace(END, reason="died")), Refused, "#/reason",
    ),
    "the same end on another day": (
        (ENDED,), (c.BY_THERAPIST, replace(END, on=c.TODAY - timedelta(days=1))), Refused, "#/on",
    ),
    "an end that was taken back": ((ENDED, RESUMED), ENDED, Refused, None),
    "going on with care that never ended": ((), RESUMED, NotThere, None),
    "the staff plans a reminder": ((ENDED,), (c.BY_THERAPIST, REMIND), Refused, None),
    "the staff writes a consent down": ((ENDED,), (c.BY_THERAPIST, CONSENT), Refused, None),
    "the staff plans a session": ((ENDED,), (c.BY_THERAPIST, MEET), Refused, None),
    "the staff takes a goal up again": (
        ((c.BY_THERAPIST, CLOSE), ENDED), (c.BY_THERAPIST, REOPEN), Refused, None,
    ),
    "the staff drafts a goal": ((ENDED,), (c.BY_THERAPIST, DraftGoal(goal_id=c.named(2))), Refused, None),
}  # fmt: skip


@pytest.mark.parametrize(("given", "when", "expected"), MAKES.values(), ids=MAKES)
def test_makes(given: tuple[Step, ...], when: Step, expected: list[str]) -> None:
    assert names(answer(after(*given, given=(*c.ACTIVE, PHONE)), when)) == expected


@pytest.mark.parametrize(("given", "when", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(given: tuple[Step, ...], when: Step, kind: type[Refused], pointer: str | None) -> None:
    with pytest.raises(Refused) as refused:
        answer(after(*given, given=(*c.ACTIVE, PHONE)), when)
    assert (type(refused.value), refused.value.pointer) == (kind, pointer)


def test_without_a_day_it_is_the_day_that_it_was_said_of_where_she_is() -> None:
    last_night = c.NOW - timedelta(hours=11)
    [ended] = answer(after(), (c.BY_THERAPIST, replace(END, time=last_night)))
    assert msgspec.structs.asdict(ended.data)["on"] == c.TODAY - timedelta(days=1)
    assert answer(after(ENDED), ENDED, c.NOW + timedelta(days=3)) == ()
