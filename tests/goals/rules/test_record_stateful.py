"""Any order of what is done about her goals: no invariant breaks, and the log replays to what was live."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from services.goals.rules.commands.client import SetSession
from services.goals.rules.commands.goal import (
    AdjustGoal,
    CloseGoal,
    DraftGoal,
    FocusGoal,
    LogPractice,
    PauseGoal,
    RateGoal,
    ReopenGoal,
    ResumeGoal,
    ReviewGoal,
    SetGoal,
    VoidPractice,
    VoidRating,
)
from services.goals.rules.commands.win import RecordWin, VoidWin
from services.goals.rules.goal import Goal
from services.goals.rules.progress import progress
from services.goals.rules.record import Record
from shared.events import Actor, Change, Measure, MilestoneReached
from tests import controls as c
from tests.goals.rules.any_order import SETTINGS, AnyOrder
from tests.goals.rules.recount import recount

some = st.integers(1, 4).map(c.named)
goals = st.integers(1, 3).map(c.named)
actors = st.sampled_from([c.BY_THERAPIST, c.BY_CLIENT])
measures = st.sampled_from(
    [c.TWICE_A_DAY, Measure("count", "page"), Measure("count", "walk"), Measure("rating", "calm")]
)
VOIDS: dict[str, Any] = {"practice": VoidPractice, "rating": VoidRating, "win": VoidWin}
outcomes = st.sampled_from(["achieved", "let_go", "superseded"])


def a_goal(goal_id: UUID, *, focus: bool, amount: int, measure: Measure = c.TWICE_A_DAY) -> SetGoal:
    """A goal of hers for the coming weeks."""
    return SetGoal(
        goal_id=goal_id,
        specific="x",
        measure=measure,
        target=amount,
        confidence=5,
        relevance="y",
        start_on=c.TODAY,
        end_on=c.TODAY + timedelta(days=40),
        focus=focus,
    )


class Goals(AnyOrder):
    """Three goals of hers, two of them in focus, and whatever may be done about them."""

    def __init__(self) -> None:
        super().__init__()
        for number in (1, 2, 3):
            self.ask(a_goal(c.named(number), focus=number < 3, amount=4))

    def ask(self, command: Any, actor: Actor = c.BY_THERAPIST) -> None:
        before = in_focus(self.live)
        super().ask(command, actor)
        if in_focus(self.live) > max(before, self.room()):
            assert isinstance(command, FocusGoal)
            assert command.reason
            assert actor.kind == "therapist"

    def room(self) -> int:
        """How many goals may be in focus, unless somebody of the staff says why."""
        return 2 if (self.now - c.NOW).days < 30 else 3

    @rule(goal=goals, words=st.sampled_from(["one", "two"]))
    def draft(self, goal: Any, words: str) -> None:
        self.ask(DraftGoal(goal_id=goal, statement=words))

    @rule(goal=goals, focus=st.booleans(), amount=st.integers(1, 3), measure=measures)
    def set_goal(self, goal: Any, focus: bool, amount: int, measure: Measure) -> None:
        self.ask(a_goal(goal, focus=focus, amount=amount, measure=measure))

    @rule(goal=goals, name=some, to=st.booleans(), reason=st.sampled_from([None, "w"]), actor=actors)
    def focus(self, goal: Any, name: Any, to: bool, reason: str | None, actor: Actor) -> None:
        self.ask(FocusGoal(goal_id=goal, change_id=name, from_=not to, to=to, reason=reason), actor)

    @precondition(lambda self: self.live.goals)
    @rule(data=st.data(), name=some, field=st.sampled_from(["target", "specific", "confidence", "baseline"]))
    def adjust(self, data: Any, name: Any, field: str) -> None:
        goal = self.one(data)
        to = data.draw(st.text(max_size=3) if field == "specific" else st.integers(0, 10))
        self.change(goal, name, "eased", Change(field, msgspec.to_builtins(getattr(goal, field)), to))

    @precondition(lambda self: self.live.goals)
    @rule(data=st.data(), name=some, to=measures, amount=st.none() | st.integers(0, 10))
    def measure_otherwise(self, data: Any, name: Any, to: Measure, amount: int | None) -> None:
        goal = self.one(data)
        measure = Change("measure", msgspec.to_builtins(goal.measure), msgspec.to_builtins(to))
        target = Change("target", msgspec.to_builtins(goal.target), amount)
        kind = data.draw(st.sampled_from(["refocused", "corrected"]))
        self.change(goal, name, kind, measure, *([target] if amount is not None else []))

    def one(self, data: Any) -> Goal:
        """Any goal of hers."""
        goals = sorted(self.live.goals.values(), key=lambda goal: goal.goal_id)
        found: Goal = data.draw(st.sampled_from(goals))
        return found

    def change(self, goal: Goal, name: UUID, kind: Any, *changes: Change) -> None:
        """Asks to adjust it."""
        self.ask(
            AdjustGoal(
                goal_id=goal.goal_id,
                adjustment_id=name,
                kind=kind,
                changes=changes,
                reason_code="barrier",
                reason="z",
            )
        )

    @rule(goal=goals, name=st.integers(1, 40).map(c.named), back=st.integers(-1, 3))
    def practise(self, goal: Any, name: Any, back: int) -> None:
        day = self.now.date() - timedelta(days=back)
        self.ask(LogPractice(goal_id=goal, practice_id=name, on=day))

    @rule(goal=goals | st.none(), name=some, text=st.sampled_from(["a", "b"]))
    def win(self, goal: Any, name: Any, text: str) -> None:
        self.ask(RecordWin(win_id=name, goal_id=goal, text=text))

    @rule(goal=goals, name=some, value=st.integers(0, 10), rater=st.sampled_from(["client", "therapist"]))
    def rate(self, goal: Any, name: Any, value: int, rater: Any) -> None:
        self.ask(RateGoal(goal_id=goal, rating_id=name, value=value, rater=rater))

    @rule(goal=goals, kind=st.sampled_from(["practice", "rating", "win"]), data=st.data(), actor=actors)
    def void(self, goal: Any, kind: str, data: Any, actor: Actor) -> None:
        told = [fact.name for fact, _ in self.told if kind == fact.KIND and fact.goal_id == goal]
        if told:
            name = {f"{kind}_id": data.draw(st.sampled_from(told))}
            self.ask(VOIDS[kind](goal_id=goal, **name), actor)

    @rule(name=some)
    def void_hers(self, name: Any) -> None:
        self.ask(VoidWin(win_id=name))

    @rule(goal=goals, name=some, days=st.none() | st.integers(0, 3), actor=actors)
    def rest(self, goal: Any, name: Any, days: int | None, actor: Actor) -> None:
        until = None if days is None else self.now.date() + timedelta(days=days)
        self.ask(PauseGoal(goal_id=goal, pause_id=name, until=until), actor)

    @rule(goal=goals, name=some, actor=actors)
    def go_on(self, goal: Any, name: Any, actor: Actor) -> None:
        self.ask(ResumeGoal(goal_id=goal, pause_id=name), actor)

    @rule(goal=goals, name=some)
    def review(self, goal: Any, name: Any) -> None:
        self.ask(ReviewGoal(goal_id=goal, review_id=name, review_on=c.TODAY, outcome="keep"))

    @rule(name=some, status=st.sampled_from(["scheduled", "attended", "cancelled"]))
    def session(self, name: Any, status: Any) -> None:
        self.ask(SetSession(session_id=name, starts_at=c.NOW, status=status))

    @rule(goal=goals, name=some, outcome=outcomes, actor=actors)
    def close(self, goal: Any, name: Any, outcome: Any, actor: Actor) -> None:
        self.ask(CloseGoal(goal_id=goal, closure_id=name, outcome=outcome), actor)

    @rule(goal=goals, name=some, actor=actors)
    def reopen(self, goal: Any, name: Any, actor: Actor) -> None:
        self.ask(ReopenGoal(goal_id=goal, closure_id=name), actor)

    @invariant()
    def a_goal_is_what_its_events_count_up_to(self) -> None:
        for goal_id, goal in self.live.goals.items():
            counted = recount(p.data for p in self.log if p.stream_id == goal_id)
            assert counted.status == goal.status
            assert counted.parts == {name: getattr(goal, name) for name in counted.parts}
            assert (counted.epoch, counted.quantity) == (goal.epoch, goal.quantity)
            assert (len(counted.practices), len(counted.wins)) == (goal.practices, goal.wins)
            assert list(counted.scores()) == [
                (part.epoch, part.rater, part.first, part.latest) for part in progress(goal)
            ]
            assert counted.milestones == [milestone.milestone_id for milestone in goal.milestones]

    @invariant()
    def a_milestone_is_reached_once(self) -> None:
        reached = [(p.stream_id, p.data) for p in self.log if isinstance(p.data, MilestoneReached)]
        assert len(reached) == len({(at, one.rule, one.threshold, one.epoch) for at, one in reached})
        assert len(reached) == len({one.milestone_id for _, one in reached})


def in_focus(record: Record) -> int:
    """How many goals of hers are in focus."""
    return sum(goal.focus and goal.status in ("active", "paused") for goal in record.goals.values())


Goals.TestCase.settings = SETTINGS
TestGoals = Goals.TestCase
