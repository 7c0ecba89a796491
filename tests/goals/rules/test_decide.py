"""The rules of DOMAIN.md as rows: what is in the log, what is asked, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.goals.rules.commands import (
    AdjustGoal,
    CancelReminder,
    CloseGoal,
    DraftGoal,
    GiveConsent,
    LogPractice,
    PauseGoal,
    PlanReminder,
    RateGoal,
    RecordWin,
    RegisterClient,
    RemoveContact,
    ResumeGoal,
    ReviewGoal,
    SetContact,
    SetGoal,
    SetPreferences,
    SetSession,
    SetTeam,
    WithdrawConsent,
)
from services.goals.rules.decide import decide
from services.goals.rules.goal import standing
from services.goals.rules.record import apply, fold
from services.goals.rules.refusal import Forbidden, Invalid, NotThere, Refused
from shared.events import (
    Cadence,
    Change,
    ConsentWithdrawn,
    Event,
    GoalAchieved,
    GoalClosed,
    GoalPaused,
    GoalResumed,
    Measure,
    PracticeLogged,
    ReminderPlanned,
    SessionScheduled,
    WinRecorded,
    fact_id,
)
from tests import controls as c

Given = tuple[Any, ...]

BREATHE = SetGoal(
    goal_id=c.GOAL,
    specific="Deep breathing, five minutes",
    measure=c.TWICE_A_DAY,
    target=2,
    confidence=7,
    relevance="To feel calmer at work",
    start_on=c.TODAY,
    end_on=date(2026, 4, 2),
    agreed="together",
    theme="coping",
    statement=c.STATEMENT,
)
PRACTICE = LogPractice(goal_id=c.GOAL, practice_id=c.named(1), on=c.TODAY)
EASE = AdjustGoal(
    goal_id=c.GOAL,
    adjustment_id=c.named(2),
    kind="eased",
    changes=(Change(field="target", from_=2, to=1),),
    reason_code="too_hard",
    reason="Mornings are rushed",
    agreed="together",
)
END = CloseGoal(goal_id=c.GOAL, closure_id=c.named(3), outcome="achieved", agreed="together")
A_WIN = RecordWin(win_id=c.named(4), kind="showed_up", text=c.WIN)
REST = PauseGoal(goal_id=c.GOAL, pause_id=c.named(6))
GO_ON = ResumeGoal(goal_id=c.GOAL, pause_id=c.named(6))
RATE = RateGoal(goal_id=c.GOAL, rating_id=c.named(8), value=0)
LOOK = ReviewGoal(goal_id=c.GOAL, review_id=c.named(9), review_on=c.TODAY, outcome="keep")
MEET = SetSession(session_id=c.named(7), starts_at=c.NOW)
RESTING: Given = (
    *c.ACTIVE,
    (c.GOAL, GoalPaused(pause_id=c.named(6)), fact_id(c.GOAL, "pause", c.named(6))),
)
MORNING = PlanReminder(
    reminder_id=c.named(5),
    kind="practice",
    channel="sms",
    cadence=Cadence(days=("mon", "tue", "wed"), times=("08:00", "20:00")),
)

WIN_EVENT = WinRecorded(win_id=c.named(4), kind="showed_up", on=c.TODAY, text=c.WIN)
WON = (c.CLIENT, WIN_EVENT, fact_id(c.CLIENT, "win", c.named(4)))
ACHIEVED = GoalAchieved(closure_id=c.named(3), agreed="together")
CLOSED = GoalClosed(closure_id=c.named(3), agreed="together", outcome="let_go")


def practised(number: int) -> tuple[UUID, Event, UUID]:
    """The number-th practice on the goal, as it stands in the log."""
    practice = PracticeLogged(practice_id=c.named(100 + number), on=c.TODAY, quantity=1)
    return (c.GOAL, practice, fact_id(c.GOAL, "practice", practice.practice_id))


def with_goal(number: int, **changes: Any) -> tuple[tuple[UUID, Event, UUID], ...]:
    """Another goal of hers, set."""
    goal_id = c.named(1000 + number)
    return ((goal_id, msgspec.structs.replace(c.SET, **changes), fact_id(goal_id, "goal.set", goal_id)),)


TWO_IN_FOCUS: Given = (*c.BEGUN, *with_goal(1, focus=True), *with_goal(2, focus=True))
CONSENTING = (
    *c.BEGUN,
    (c.CLIENT, c.HER_PHONE),
    (c.CLIENT, c.CONSENTS, fact_id(c.CLIENT, "consent.given", c.CONSENT)),
)
WITHDRAWN = ConsentWithdrawn(consent_id=c.CONSENT, contact_id=c.PHONE_CONTACT, scope="sms")

MAKES: dict[str, tuple[Given, Any, list[str]]] = {
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
    "a goal is drafted": (c.BEGUN, DraftGoal(goal_id=c.GOAL, statement=c.STATEMENT), ["goal.drafted"]),
    "a draft may change": (
        (*c.BEGUN, (c.GOAL, c.DRAFTED)),
        DraftGoal(goal_id=c.GOAL, statement="Something else"),
        ["goal.drafted"],
    ),
    "a goal set without a draft is drafted and set": (c.BEGUN, BREATHE, ["goal.drafted", "goal.set"]),
    "a draft with the same words is set": ((*c.BEGUN, (c.GOAL, c.DRAFTED)), BREATHE, ["goal.set"]),
    "a goal set again with the same is nothing new": (c.ACTIVE, BREATHE, []),
    "a third goal without focus may be set": (TWO_IN_FOCUS, BREATHE, ["goal.drafted", "goal.set"]),
    "a goal is eased": (c.ACTIVE, EASE, ["goal.adjusted"]),
    "the first practice is a first step": (c.ACTIVE, PRACTICE, ["practice.logged", "milestone.reached"]),
    "a win needs no goal": (c.BEGUN, A_WIN, ["win.recorded", "milestone.reached", "milestone.reached"]),
    "the same win is one event": ((*c.BEGUN, WON), A_WIN, []),
    "a goal rests": (c.ACTIVE, REST, ["goal.paused"]),
    "a goal goes on": (RESTING, GO_ON, ["goal.resumed"]),
    "a goal that went on goes on": (
        (*RESTING, (c.GOAL, GoalResumed(pause_id=c.named(6)), fact_id(c.GOAL, "resume", c.named(6)))),
        GO_ON,
        [],
    ),
    "a goal that rests is practised": (RESTING, PRACTICE, ["practice.logged", "milestone.reached"]),
    "a rating of nothing is a rating": (c.ACTIVE, RATE, ["rating.recorded"]),
    "a goal is reviewed": (c.ACTIVE, LOOK, ["goal.reviewed"]),
    "a session is planned": (c.BEGUN, MEET, ["session.scheduled"]),
    "the same session is nothing new": (
        (*c.BEGUN, (c.CLIENT, SessionScheduled(session_id=c.named(7), starts_at=c.NOW))), MEET, [],
    ),
    "a session is cancelled": (c.BEGUN, replace(MEET, status="cancelled"), ["session.cancelled"]),
    "a goal is achieved": (c.ACTIVE, END, ["goal.achieved", "milestone.reached"]),
    "a goal is let go": (c.ACTIVE, replace(END, outcome="let_go"), ["goal.closed"]),
}  # fmt: skip

REFUSES: dict[str, tuple[Given, Any, type[Refused], str | None]] = {
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
    "an end before its start": (c.BEGUN, replace(BREATHE, end_on=date(2026, 3, 1)), Invalid, "#/end_on"),
    "an end on its start": (c.BEGUN, replace(BREATHE, end_on=c.TODAY), Invalid, "#/end_on"),
    "more than a year": (c.BEGUN, replace(BREATHE, end_on=date(2027, 3, 3)), Invalid, "#/end_on"),
    "a review outside": (
        c.BEGUN, replace(BREATHE, review_on=(date(2026, 5, 1),)), Invalid, "#/review_on",
    ),
    "a period without one": (
        c.BEGUN,
        replace(BREATHE, measure=msgspec.structs.replace(c.TWICE_A_DAY, period=None)),
        Invalid,
        "#/measure/period",
    ),
    "a third goal in focus in the first month": (
        TWO_IN_FOCUS, replace(BREATHE, focus=True), Refused, "#/focus",
    ),
    "setting again with another target": (c.ACTIVE, replace(BREATHE, target=3), Refused, "#/target"),
    "a target of nothing": (c.BEGUN, replace(BREATHE, target=0), Invalid, "#/target"),
    "a rating above its scale": (
        c.BEGUN,
        replace(BREATHE, measure=Measure(kind="rating", unit="calm"), target=11),
        Invalid,
        "#/target",
    ),
    "a rating that begins below its scale": (
        c.BEGUN,
        replace(BREATHE, measure=Measure(kind="rating", unit="calm"), baseline=-1),
        Invalid,
        "#/baseline",
    ),
    "an adjustment to nothing": (
        c.ACTIVE,
        replace(EASE, changes=(Change(field="target", from_=2, to=0),)),
        Invalid,
        "#/changes/0/to",
    ),
    "an adjustment of another century": (
        c.ACTIVE, replace(EASE, effective_on=date(2090, 1, 1)), Invalid, "#/effective_on",
    ),
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
    "a practice of long ago by its time": (
        c.ACTIVE, replace(PRACTICE, on=None, time=c.NOW - timedelta(days=30)), Invalid, "#/time",
    ),
    "setting again with other words": (c.ACTIVE, replace(BREATHE, statement="Other"), Refused, "#/status"),
    "drafting a goal that is active": (c.ACTIVE, DraftGoal(goal_id=c.GOAL), Refused, "#/status"),
    "an adjustment from what is not": (
        c.ACTIVE,
        replace(EASE, changes=(Change(field="target", from_=3, to=1),)),
        Refused,
        "#/changes/0/from",
    ),
    "an adjustment to the same": (
        c.ACTIVE, replace(EASE, changes=(Change(field="target", from_=2, to=2),)), Refused, "#/changes/0/to",
    ),
    "an unknown field": (
        c.ACTIVE, replace(EASE, changes=(Change(field="mood", from_=2, to=1),)), Invalid, "#/changes/0/field",
    ),
    "a field twice": (c.ACTIVE, replace(EASE, changes=EASE.changes * 2), Invalid, "#/changes/1/field"),
    "a target of another type": (
        c.ACTIVE,
        replace(EASE, changes=(Change(field="target", from_=2, to=[1]),)),
        Invalid,
        "#/changes/0/to",
    ),
    "an end moved before the start": (
        c.ACTIVE,
        replace(EASE, changes=(Change(field="end_on", from_="2026-04-02", to="2026-03-01"),)),
        Invalid,
        "#/changes/0/to",
    ),
    "a therapist's adjustment without words": (c.ACTIVE, replace(EASE, reason=None), Invalid, "#/reason"),
    "adjusting a draft": ((*c.BEGUN, (c.GOAL, c.DRAFTED)), EASE, Refused, None),
    "adjusting what is achieved": ((*c.ACTIVE, (c.GOAL, ACHIEVED)), EASE, Refused, None),
    "resting what rests": (RESTING, replace(REST, pause_id=c.named(66)), Refused, None),
    "resting under the id of a rest that is over": (
        (*RESTING, (c.GOAL, GoalResumed(pause_id=c.named(6)), fact_id(c.GOAL, "resume", c.named(6)))),
        REST,
        Refused,
        None,
    ),
    "resting until yesterday": (
        c.ACTIVE, replace(REST, until=c.TODAY - timedelta(days=1)), Invalid, "#/until",
    ),
    "going on with what never rested": (c.ACTIVE, GO_ON, NotThere, None),
    "rating a closed goal": ((*c.ACTIVE, (c.GOAL, CLOSED)), RATE, Refused, None),
    "rating in a session that is not hers": (
        c.ACTIVE, replace(RATE, session_id=c.named(77)), Refused, "#/session_id",
    ),
    "reviewing a closed goal": ((*c.ACTIVE, (c.GOAL, CLOSED)), LOOK, Refused, None),
    "attending what has not begun": (
        c.BEGUN,
        replace(MEET, starts_at=c.NOW + timedelta(hours=1), status="attended"),
        Invalid,
        "#/starts_at",
    ),
    "a practice on a closed goal": ((*c.ACTIVE, (c.GOAL, CLOSED)), PRACTICE, Refused, None),
    "a practice of nothing": (c.ACTIVE, replace(PRACTICE, quantity=0), Invalid, "#/quantity"),
    "a practice tomorrow": (
        c.ACTIVE, replace(PRACTICE, on=c.TODAY + timedelta(days=1)), Invalid, "#/on",
    ),
    "a practice 15 days back": (
        c.ACTIVE, replace(PRACTICE, on=c.TODAY - timedelta(days=15)), Invalid, "#/on",
    ),
    "a practice on no goal of hers": (c.BEGUN, PRACTICE, NotThere, None),
    "a win with other words under the same id": (
        (*c.BEGUN, WON), replace(A_WIN, text="Other"), Refused, "#/text",
    ),
    "a win on a closed goal": ((*c.ACTIVE, (c.GOAL, CLOSED)), replace(A_WIN, goal_id=c.GOAL), Refused, None),
    "closing under the id of another end": (
        (*c.ACTIVE, (c.GOAL, ACHIEVED, fact_id(c.GOAL, "closure", c.named(3)))),
        replace(END, outcome="let_go"),
        Refused,
        "#/outcome",
    ),
    "closing what is closed": (
        (*c.ACTIVE, (c.GOAL, CLOSED)), replace(END, closure_id=c.named(9)), Refused, None,
    ),
    "closing a draft": ((*c.BEGUN, (c.GOAL, c.DRAFTED)), END, Refused, None),
    "anything before she is registered": ((), A_WIN, NotThere, None),
}  # fmt: skip


@pytest.mark.parametrize(("given", "command", "expected"), MAKES.values(), ids=MAKES)
def test_makes(given: Given, command: Any, expected: list[str]) -> None:
    made = decide(fold(c.CLIENT, c.history(*given)), command, c.at(), c.A_CLINIC)
    assert [p.data.TYPE.removeprefix("cairn.").removesuffix(".v1") for p in made] == expected


@pytest.mark.parametrize(("given", "command", "kind", "pointer"), REFUSES.values(), ids=REFUSES)
def test_refuses(given: Given, command: Any, kind: type[Refused], pointer: str | None) -> None:
    with pytest.raises(Refused) as refused:
        decide(fold(c.CLIENT, c.history(*given)), command, c.at(), c.A_CLINIC)
    assert type(refused.value) is kind
    assert refused.value.pointer == pointer
    assert c.STATEMENT not in refused.value.detail


def test_a_default_day_stays_the_day_it_was() -> None:
    record = fold(c.CLIENT, c.history(*c.BEGUN, WON))
    assert decide(record, A_WIN, c.at(c.NOW + timedelta(days=3)), c.A_CLINIC) == ()


def test_the_focus_rule_loosens_after_a_month() -> None:
    record = fold(c.CLIENT, c.history(*TWO_IN_FOCUS, days_ago=30))
    assert decide(record, replace(BREATHE, focus=True), c.at(), c.A_CLINIC)


def test_a_client_may_ease_without_words_but_not_verify_her_own_number() -> None:
    hers = c.at(actor=c.BY_CLIENT)
    record = fold(c.CLIENT, c.history(*c.ACTIVE))
    eased = decide(record, replace(EASE, reason=None, agreed=None), hers, c.A_CLINIC)
    assert msgspec.structs.asdict(eased[0].data)["agreed"] == "client"
    with pytest.raises(Forbidden):
        decide(record, SetContact(channel="sms", address=c.NUMBER, verified_by="seen"), hers, c.A_CLINIC)


def test_another_number_is_another_contact_that_no_consent_names() -> None:
    record = fold(c.CLIENT, c.history(*CONSENTING))
    made = decide(record, SetContact(channel="sms", address="+15035550199"), c.at(), c.A_CLINIC)
    assert msgspec.structs.asdict(made[0].data)["contact_id"] == c.named(999)
    assert msgspec.structs.asdict(made[0].data)["verified_by"] is None


@pytest.mark.parametrize(("count", "earns"), [(2, True), (3, False), (6, True), (7, False), (13, True)])
def test_practices_are_celebrated_at_their_counts(count: int, earns: bool) -> None:
    record = fold(c.CLIENT, c.history(*c.ACTIVE, *(practised(n) for n in range(count))))
    made = decide(record, PRACTICE, c.at(), c.A_CLINIC)
    rules = [getattr(p.data, "rule", None) for p in made]
    assert ("practices" in rules) is earns


def test_a_milestone_is_reached_once() -> None:
    record = fold(c.CLIENT, c.history(*c.ACTIVE))
    first = decide(record, PRACTICE, c.at(), c.A_CLINIC)
    grown = fold(c.CLIENT, c.history(*c.ACTIVE, *((p.stream_id, p.data, p.event_id) for p in first)))
    second = decide(grown, replace(PRACTICE, practice_id=c.named(11)), c.at(), c.A_CLINIC)
    assert [p.data.TYPE for p in second] == ["cairn.practice.logged.v1"]
    assert first[1].causation_id == str(first[0].event_id)


def test_another_measure_starts_a_new_epoch() -> None:
    record = fold(c.CLIENT, c.history(*c.ACTIVE))
    measure = {"kind": "count", "unit": "exercise", "period": None}
    change = Change(field="measure", from_=msgspec.to_builtins(c.TWICE_A_DAY), to=measure)
    made = decide(record, replace(EASE, kind="refocused", changes=(change,)), c.at(), c.A_CLINIC)
    assert msgspec.structs.asdict(made[0].data)["epoch"] == 2


def test_a_fact_of_an_earlier_time_is_of_that_local_day() -> None:
    record = fold(c.CLIENT, c.history(*c.ACTIVE))
    late_last_night = c.NOW - timedelta(hours=11)
    for command in (replace(PRACTICE, on=None), A_WIN):
        made = decide(record, replace(command, time=late_last_night), c.at(), c.A_CLINIC)
        assert msgspec.structs.asdict(made[0].data)["on"] == c.TODAY - timedelta(days=1)


def test_what_she_paused_only_she_resumes() -> None:
    events = c.history(*RESTING)
    events[-1] = msgspec.structs.replace(events[-1], actor=c.BY_CLIENT)
    record = fold(c.CLIENT, events)
    with pytest.raises(Forbidden):
        decide(record, GO_ON, c.at(), c.A_CLINIC)
    assert decide(record, GO_ON, c.at(actor=c.BY_CLIENT), c.A_CLINIC)


def test_a_rating_is_by_who_says_it_and_the_later_one_of_a_session_stands() -> None:
    record = fold(c.CLIENT, c.history(*c.ACTIVE))
    hers = decide(record, RATE, c.at(actor=c.BY_CLIENT), c.A_CLINIC)
    assert msgspec.structs.asdict(hers[0].data)["rater"] == "client"
    with pytest.raises(Invalid):
        decide(record, replace(RATE, rater="therapist"), c.at(actor=c.BY_CLIENT), c.A_CLINIC)
    record = apply(record, decide(record, MEET, c.at(), c.A_CLINIC))
    for number in (1, 2):
        rating = replace(RATE, rating_id=c.named(80 + number), value=number, session_id=MEET.session_id)
        record = apply(record, decide(record, rating, c.at(), c.A_CLINIC))
    assert [rating.value for rating in standing(record.goals[c.GOAL].ratings)] == [2]
