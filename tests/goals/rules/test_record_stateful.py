"""Any order of commands: what the log replays to is what was live, and no invariant breaks on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

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
    WithdrawConsent,
)
from services.goals.rules.decide import decide
from services.goals.rules.goal import ADJUSTABLE, typed
from services.goals.rules.proposal import Proposed
from services.goals.rules.record import Record, apply, fold
from services.goals.rules.refusal import Refused
from shared.events import Cadence, Change, Event, GoalAdjusted, GoalSet, MilestoneReached, join, split
from tests import controls as c

some = st.integers(1, 4).map(c.named)
channels = st.sampled_from(["sms", "email"])
outcomes = st.sampled_from(["achieved", "let_go", "superseded"])


def a_goal(goal_id: UUID, *, focus: bool, amount: int) -> SetGoal:
    """A goal of hers for the coming weeks."""
    return SetGoal(
        goal_id=goal_id,
        specific="x",
        measure=c.TWICE_A_DAY,
        target=amount,
        confidence=5,
        relevance="y",
        start_on=c.TODAY,
        end_on=c.TODAY + timedelta(days=40),
        focus=focus,
    )


class AnyOrder(RuleBasedStateMachine):
    """Commands of every kind, in any order, some refused, some twice."""

    def __init__(self) -> None:
        super().__init__()
        self.now = c.NOW
        self.live = Record(c.CLIENT)
        self.log: list[Proposed] = []
        self.ask(RegisterClient(name=c.NAME, locale="en", time_zone=c.ZONE, adult=True))
        self.ask(a_goal(c.named(1), focus=True, amount=2))

    def ask(self, command: Any) -> None:
        before = self.live
        try:
            made = decide(before, command, c.at(self.now), c.A_CLINIC)
        except Refused:
            return
        self.live = apply(before, made)
        self.log.extend(made)
        assert decide(self.live, command, c.at(self.now), c.A_CLINIC) == ()

    @rule(hours=st.integers(1, 80))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(goal=some, words=st.sampled_from(["one", "two"]))
    def draft(self, goal: Any, words: str) -> None:
        self.ask(DraftGoal(goal_id=goal, statement=words))

    @rule(goal=some, focus=st.booleans(), amount=st.integers(1, 3))
    def set_goal(self, goal: Any, focus: bool, amount: int) -> None:
        self.ask(a_goal(goal, focus=focus, amount=amount))

    @precondition(lambda self: self.live.goals)
    @rule(data=st.data(), name=some, field=st.sampled_from(["target", "specific", "confidence", "baseline"]))
    def adjust(self, data: Any, name: Any, field: str) -> None:
        goal = data.draw(st.sampled_from(sorted(self.live.goals.values(), key=lambda g: g.goal_id)))
        to = data.draw(st.text(max_size=3) if field == "specific" else st.integers(0, 10))
        change = Change(field=field, from_=msgspec.to_builtins(getattr(goal, field)), to=to)
        self.ask(
            AdjustGoal(
                goal_id=goal.goal_id,
                adjustment_id=name,
                kind="eased",
                changes=(change,),
                reason_code="barrier",
                reason="z",
            )
        )

    @rule(goal=some, name=st.integers(1, 40).map(c.named), back=st.integers(-1, 15))
    def practise(self, goal: Any, name: Any, back: int) -> None:
        day = self.now.date() - timedelta(days=back)
        self.ask(LogPractice(goal_id=goal, practice_id=name, on=day))

    @rule(goal=some | st.none(), name=some, text=st.sampled_from(["a", "b"]))
    def win(self, goal: Any, name: Any, text: str) -> None:
        self.ask(RecordWin(win_id=name, goal_id=goal, text=text))

    @rule(goal=some, name=some, value=st.integers(0, 10), rater=st.sampled_from(["client", "therapist"]))
    def rate(self, goal: Any, name: Any, value: int, rater: Any) -> None:
        self.ask(RateGoal(goal_id=goal, rating_id=name, value=value, rater=rater))

    @rule(goal=some, name=some)
    def rest(self, goal: Any, name: Any) -> None:
        self.ask(PauseGoal(goal_id=goal, pause_id=name))

    @rule(goal=some, name=some)
    def go_on(self, goal: Any, name: Any) -> None:
        self.ask(ResumeGoal(goal_id=goal, pause_id=name))

    @rule(goal=some, name=some)
    def review(self, goal: Any, name: Any) -> None:
        self.ask(ReviewGoal(goal_id=goal, review_id=name, review_on=c.TODAY, outcome="keep"))

    @rule(name=some, status=st.sampled_from(["scheduled", "attended", "cancelled"]))
    def session(self, name: Any, status: Any) -> None:
        self.ask(SetSession(session_id=name, starts_at=c.NOW, status=status))

    @rule(goal=some, name=some, outcome=outcomes)
    def close(self, goal: Any, name: Any, outcome: Any) -> None:
        self.ask(CloseGoal(goal_id=goal, closure_id=name, outcome=outcome))

    @rule(channel=channels, address=st.sampled_from(["one", "two"]))
    def contact(self, channel: Any, address: str) -> None:
        self.ask(SetContact(channel=channel, address=address))

    @rule(channel=channels)
    def lose_contact(self, channel: Any) -> None:
        self.ask(RemoveContact(channel=channel))

    @rule(label=st.sampled_from([None, "mine"]))
    def prefer(self, label: str | None) -> None:
        self.ask(SetPreferences(label=label))

    @rule(channel=channels, name=some)
    def consent(self, channel: Any, name: Any) -> None:
        self.ask(GiveConsent(consent_id=name, scope=channel, text_version="1"))

    @rule(channel=channels, name=some)
    def withdraw(self, channel: Any, name: Any) -> None:
        self.ask(WithdrawConsent(consent_id=name, scope=channel))

    @rule(name=some, times=st.sets(st.sampled_from(["09:00", "12:00", "18:00"]), min_size=1))
    def remind(self, name: Any, times: set[str]) -> None:
        cadence = Cadence(days=("mon",), times=tuple(sorted(times)))
        self.ask(PlanReminder(reminder_id=name, kind="practice", channel="sms", cadence=cadence))

    @rule(name=some)
    def cancel(self, name: Any) -> None:
        self.ask(CancelReminder(reminder_id=name))

    @invariant()
    def replay_is_live(self) -> None:
        stored = c.history(*((p.stream_id, _stored_and_read(p.data), p.event_id) for p in self.log))
        times = [p.time for p in self.log]
        replayed = fold(
            c.CLIENT, [msgspec.structs.replace(e, time=t) for e, t in zip(stored, times, strict=True)]
        )
        assert replayed.goals == self.live.goals
        assert replayed.versions == self.live.versions
        assert replayed.client == self.live.client

    @invariant()
    def event_ids_are_unique(self) -> None:
        assert len({p.event_id for p in self.log}) == len(self.log)

    @invariant()
    def focus_keeps_its_bound(self) -> None:
        held = [g for g in self.live.goals.values() if g.focus and g.status in ("active", "paused")]
        assert len(held) <= (2 if (self.now - c.NOW).days < 30 else 3)

    @invariant()
    def the_snapshot_and_all_adjustments_are_the_state(self) -> None:
        for goal_id, goal in self.live.goals.items():
            state: dict[str, Any] = {}
            for event in (p.data for p in self.log if p.stream_id == goal_id):
                if isinstance(event, GoalSet):
                    state = {name: getattr(event, name) for name in ADJUSTABLE}
                if isinstance(event, GoalAdjusted):
                    state |= {change.field: typed(change.field, change.to) for change in event.changes}
            assert state == {name: getattr(goal, name) for name in state}

    @invariant()
    def a_milestone_is_reached_once(self) -> None:
        reached = [p.data.milestone_id for p in self.log if isinstance(p.data, MilestoneReached)]
        assert len(reached) == len(set(reached))


def _stored_and_read(event: Event) -> Event:
    clear, sealed = (msgspec.json.decode(msgspec.json.encode(part)) for part in split(event))
    return join(type(event), clear, sealed)


AnyOrder.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None, database=None)
TestAnyOrder = AnyOrder.TestCase
