"""Whatever is done, early or late: what was known is what was live, and what was true keeps its day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from services.goals.rules.commands.client import SetPreferences
from services.goals.rules.commands.goal import AdjustGoal, CloseGoal, PauseGoal, RateGoal
from services.goals.rules.days import DAY, begins, day_of, ends, stays_of
from services.goals.rules.goal import ADJUSTABLE, Goal
from services.goals.rules.record import Record, fold
from services.goals.rules.timeline import Axis, as_of, known_at, true_at
from services.goals.rules.voids import voided_by
from shared.events import Actor, Change, GoalAdjusted, PracticeLogged, Recorded
from tests import controls as c
from tests.goals.rules.any_order import SETTINGS
from tests.goals.rules.test_record_stateful import Goals, goals, some

BY = {"client": c.BY_CLIENT, "therapist": c.BY_THERAPIST}
days_back = st.integers(0, 9)
axes: st.SearchStrategy[Axis] = st.sampled_from(["known", "true"])


class InTime(Goals):
    """What may be done about her goals, and much of it entered late; she travels meanwhile."""

    def __init__(self) -> None:
        self.recorded: list[Recorded] = []
        self.lived: list[tuple[datetime, Record]] = []
        super().__init__()

    def ask(self, command: Any, actor: Actor = c.BY_THERAPIST) -> None:
        self.now += timedelta(seconds=1)
        super().ask(command, actor)
        new = self.log[len(self.recorded) :]
        told = c.history(*((p.stream_id, p.data, p.event_id) for p in self.log))[len(self.recorded) :]
        self.recorded += [
            msgspec.structs.replace(event, time=p.time, recorded_at=self.now, actor=BY[p.by])
            for event, p in zip(told, new, strict=True)
        ]
        self.lived.append((self.now, self.live))

    def ago(self, days: int) -> datetime:
        """So many days before now."""
        return self.now - timedelta(days=days)

    @rule(goal=goals, name=some, value=st.integers(0, 10), days=days_back)
    def rate_late(self, goal: UUID, name: UUID, value: int, days: int) -> None:
        self.ask(RateGoal(goal_id=goal, rating_id=name, value=value, time=self.ago(days)))

    @rule(goal=goals, name=some, days=days_back)
    def rest_late(self, goal: UUID, name: UUID, days: int) -> None:
        self.ask(PauseGoal(goal_id=goal, pause_id=name, time=self.ago(days)))

    @rule(goal=goals, name=some, days=days_back)
    def close_late(self, goal: UUID, name: UUID, days: int) -> None:
        self.ask(CloseGoal(goal_id=goal, closure_id=name, outcome="let_go", time=self.ago(days)))

    @rule(data=st.data(), name=some, to=st.integers(0, 10), days=days_back)
    def adjust_late(self, data: Any, name: UUID, to: int, days: int) -> None:
        goal: Goal = self.one(data)
        self.ask(
            AdjustGoal(
                goal_id=goal.goal_id,
                adjustment_id=name,
                kind=data.draw(st.sampled_from(["eased", "corrected"])),
                changes=(Change("confidence", goal.confidence, to),),
                reason_code="barrier",
                reason="z",
                effective_on=self.ago(days).date(),
            )
        )

    @rule(zone=st.sampled_from([c.ZONE, "Asia/Tokyo", "America/Los_Angeles"]))
    def travel(self, zone: str) -> None:
        self.ask(SetPreferences(time_zone=zone))

    @rule(data=st.data())
    def what_was_known_is_what_was_live(self, data: Any) -> None:
        when, live = data.draw(st.sampled_from(self.lived))
        known = fold(c.CLIENT, known_at(self.recorded, when))
        assert (known.client, known.goals) == (live.client, live.goals)

    @rule(data=st.data(), axis=axes)
    def what_counts_is_never_less_later(self, data: Any, axis: Axis) -> None:
        times = st.sampled_from([event.time for event in self.recorded]) | st.just(self.now)
        first, last = sorted((data.draw(times), data.draw(times)))
        before, after = ({e.event_id for e in as_of(self.recorded, at, axis)} for at in (first, last))
        assert before <= after

    @precondition(lambda self: any(isinstance(e.data, PracticeLogged) for e in self.recorded))
    @rule(data=st.data())
    def a_practice_counts_from_its_own_day_on_unless_it_was_voided(self, data: Any) -> None:
        practice = data.draw(
            st.sampled_from([e for e in self.recorded if isinstance(e.data, PracticeLogged)])
        )
        stays = stays_of(self.recorded)
        voided = {voided_by(e.stream_id, e.data) for e in self.recorded}
        on, counts = practice.data.on, practice.event_id not in voided
        assert counts == self.is_true(practice, ends(on, stays))
        if len(stays) == 1:  # who travels may live through a day twice
            assert not self.is_true(practice, begins(on, stays) - timedelta(microseconds=1))

    @rule(days=days_back)
    def her_days_lie_side_by_side(self, days: int) -> None:
        stays, day = stays_of(self.recorded), self.ago(days).date()
        assert begins(day, stays) == ends(day - DAY, stays) + timedelta(microseconds=1)
        assert begins(day, stays) <= ends(day, stays)
        assert day_of(ends(day, stays), stays) <= day

    @invariant()
    def what_is_true_now_is_live_but_for_what_came_late(self) -> None:
        true = fold(c.CLIENT, true_at(self.recorded, ends(day_of(self.now, self.stays()), self.stays())))
        assert true.client == self.live.client
        for goal_id, live in self.live.goals.items():
            now = true.goals[goal_id]
            for field in ("status", "focus", "practices", "wins", "statement", "closure_id", "adjustments"):
                assert getattr(now, field) == getattr(live, field), field
            assert set(now.ratings) == set(live.ratings)
            assert set(now.milestones) == set(live.milestones)
            if not self.was_adjusted_late(goal_id):
                for field in (*ADJUSTABLE, "epoch"):
                    assert getattr(now, field) == getattr(live, field), field

    def a_goal_is_what_its_events_count_up_to(self) -> None:
        """Not here: that counts in the order of recording, and ratings may come late."""

    def stays(self) -> Any:
        """Where she was."""
        return stays_of(self.recorded)

    def is_true(self, event: Recorded, at: datetime) -> bool:
        """Whether an event counts at a moment of truth."""
        return event.event_id in {one.event_id for one in true_at(self.recorded, at)}

    def was_adjusted_late(self, goal_id: UUID) -> bool:
        """Whether an adjustment took effect on another day than that on which it was recorded."""
        return any(
            isinstance(e.data, GoalAdjusted) and e.data.effective_on != day_of(e.time, self.stays())
            for e in self.recorded
            if e.stream_id == goal_id
        )


InTime.TestCase.settings = settings(SETTINGS, max_examples=30)
TestInTime = InTime.TestCase
