"""What the tables of rules are made of: commands on her goal, what may be in the log, and what came of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.goals.rules.commands.client import SetSession
from services.goals.rules.commands.goal import (
    AdjustGoal,
    CloseGoal,
    FocusGoal,
    LogPractice,
    PauseGoal,
    RateGoal,
    ResumeGoal,
    ReviewGoal,
    SetGoal,
)
from services.goals.rules.commands.win import RecordWin
from services.goals.rules.decide import decide
from services.goals.rules.proposal import Moment
from services.goals.rules.record import Record, apply, fold
from services.goals.rules.refusal import Refused
from shared.events import (
    Change,
    Event,
    GoalAchieved,
    GoalClosed,
    GoalPaused,
    GoalResumed,
    Measure,
    PracticeLogged,
    WinRecorded,
    fact_id,
)
from tests import controls as c

Given = tuple[Any, ...]
Makes = dict[str, tuple[Given, Any, list[str]]]
"""By what is said: the events given, the command, and the events expected."""
Refuses = dict[str, tuple[Given, Any, type[Refused], str | None]]
"""By what is said: the events given, the command, and the refusal expected, with where it points."""
BY_HER = c.at(actor=c.BY_CLIENT)

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
FOCUS = FocusGoal(goal_id=c.GOAL, change_id=c.named(10), from_=False, to=True)

WIN_EVENT = WinRecorded(win_id=c.named(4), kind="showed_up", on=c.TODAY, text=c.WIN)
WON = (c.CLIENT, WIN_EVENT, fact_id(c.CLIENT, "win", c.named(4)))
RESTING: Given = (
    *c.ACTIVE,
    (c.GOAL, GoalPaused(pause_id=c.named(6)), fact_id(c.GOAL, "pause", c.named(6))),
)
RESTED: Given = (
    *RESTING,
    (c.GOAL, GoalResumed(pause_id=c.named(6)), fact_id(c.GOAL, "resume", c.named(6))),
)
ACHIEVED: Given = (
    *c.ACTIVE,
    (c.GOAL, GoalAchieved(closure_id=c.named(3), agreed="together"), fact_id(c.GOAL, "closure", c.named(3))),
)
LET_GO = GoalClosed(closure_id=c.named(3), agreed="together", outcome="let_go")
CLOSED: Given = (*c.ACTIVE, (c.GOAL, LET_GO, fact_id(c.GOAL, "closure", c.named(3))))
DRAFT: Given = (*c.BEGUN, (c.GOAL, c.DRAFTED))


def practised(number: int, **changes: Any) -> tuple[UUID, Event, UUID]:
    """The number-th practice on the goal, as it stands in the log."""
    practice = PracticeLogged(practice_id=c.named(100 + number), on=c.TODAY, quantity=1)
    practice = msgspec.structs.replace(practice, **changes)
    return (c.GOAL, practice, fact_id(c.GOAL, "practice", practice.practice_id))


def eased() -> tuple[Event, UUID]:
    """The goal's easing, as it stands in the log."""
    return answered(record(c.ACTIVE), EASE)[1][0], fact_id(c.GOAL, "adjustment", EASE.adjustment_id)


def with_goal(number: int, **changes: Any) -> tuple[tuple[UUID, Event, UUID], ...]:
    """Another goal of hers, set."""
    goal_id = c.named(1000 + number)
    return ((goal_id, msgspec.structs.replace(c.SET, **changes), fact_id(goal_id, "goal.set", goal_id)),)


TWO_IN_FOCUS: Given = (*c.BEGUN, *with_goal(1, focus=True), *with_goal(2, focus=True))


def measured(**measure: Any) -> Given:
    """Her goal with another measure, and where they are given another target, baseline and focus."""
    parts = {name: measure.pop(name) for name in ("target", "baseline", "focus") if name in measure}
    snapshot = msgspec.structs.replace(c.SET, measure=Measure(**measure), **parts)
    return (*DRAFT, (c.GOAL, snapshot, fact_id(c.GOAL, "goal.set", c.GOAL)))


def record(given: Given, days_ago: int = 0) -> Record:
    """Her record, where these events were in the log."""
    return fold(c.CLIENT, c.history(*given, days_ago=days_ago))


def answered(before: Record, command: Any, moment: Moment | None = None) -> tuple[Record, list[Event]]:
    """The record after a command, and the events that it made."""
    made = decide(before, command, moment or c.at(), c.A_CLINIC)
    return apply(before, made), [proposed.data for proposed in made]


def must_make(before: Record, command: Any, expected: list[str], moment: Moment | None = None) -> None:
    """Asserts that the command makes these events (by their short names), and no more when repeated."""
    after, made = answered(before, command, moment)
    assert [event.TYPE.removeprefix("cairn.").removesuffix(".v1") for event in made] == expected
    assert answered(after, command, moment)[1] == []


def must_refuse(
    before: Record, command: Any, kind: type[Refused], pointer: str | None, moment: Moment | None = None
) -> str:
    """Asserts that the command is refused so, in words that repeat nothing of hers; gives the words."""
    with pytest.raises(Refused) as refused:
        answered(before, command, moment)
    assert type(refused.value) is kind
    assert refused.value.pointer == pointer
    assert not any(said in refused.value.detail for said in (c.STATEMENT, c.WIN, "rushed"))
    return refused.value.detail


def by_her(given: Given, days_ago: int = 0) -> Record:
    """Her record, where the last of these was her own doing."""
    events = c.history(*given, days_ago=days_ago)
    events[-1] = msgspec.structs.replace(events[-1], actor=c.BY_CLIENT)
    return fold(c.CLIENT, events)


def later(**ahead: int) -> Moment:
    """A moment some time after NOW, for her therapist."""
    return c.at(c.NOW + timedelta(**ahead))
