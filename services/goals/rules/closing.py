"""How a goal ends and goes on: a person calls it reached, lets it go, or takes it up again."""

from __future__ import annotations

from services.goals.rules.commands.goal import CloseGoal, ReopenGoal
from services.goals.rules.focus import has_room
from services.goals.rules.goal import Goal
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record, fact, once
from services.goals.rules.refusal import Forbidden, NotThere, Refused
from shared.events import Agreed, Event, GoalAchieved, GoalClosed, GoalPrioritised, GoalReopened, fact_id


def close(record: Record, command: CloseGoal, moment: Moment) -> tuple[Proposed, ...]:
    """Ends an active or paused goal (invariant 1)."""
    goal = record.known_goal(command.goal_id)
    agreed: Agreed = command.agreed or ("client" if moment.actor.kind == "client" else "therapist")
    event: Event
    if command.outcome == "achieved":
        event = GoalAchieved(
            closure_id=command.closure_id,
            agreed=agreed,
            reason_code=command.reason_code,
            reason=command.reason,
            learned=command.learned,
        )
    else:
        event = GoalClosed(
            closure_id=command.closure_id,
            agreed=agreed,
            outcome=command.outcome,
            reason_code=command.reason_code,
            reason=command.reason,
            learned=command.learned,
        )
    proposed = fact(record, command, lambda _: event, moment)
    if proposed and goal.status not in ("active", "paused"):
        raise Refused(f"This goal is {goal.status}; only one that is active or paused can end.")
    return proposed


def reopen(record: Record, command: ReopenGoal, moment: Moment) -> tuple[Proposed, ...]:
    """Takes up a goal again, the only way back (invariant 1); what she ended, only she takes up again.

    Where others have taken its place in focus it comes back out of focus, rather than not at all.
    """
    goal = record.known_goal(command.goal_id)
    if fact_id(goal.goal_id, "closure", command.closure_id) not in record.facts:
        raise NotThere
    if goal.closed_by == "client" and moment.actor.kind != "client":
        raise Forbidden("She ended this goal herself, and she takes it up again.")
    event = GoalReopened(closure_id=command.closure_id)
    proposed = once(record, goal.goal_id, "reopen", command.closure_id, lambda _: event, moment)
    if proposed and goal.focus and not has_room(record, moment):
        return (*proposed, _out_of_focus(goal, proposed[0]))
    return proposed


def _out_of_focus(goal: Goal, reopened: Proposed) -> Proposed:
    change_id = fact_id(goal.goal_id, "focus", reopened.event_id)
    return Proposed(
        stream_id=goal.goal_id,
        stream_kind="goal",
        event_id=fact_id(goal.goal_id, "focus", change_id),
        data=GoalPrioritised(change_id=change_id, from_=True, to=False),
        time=reopened.time,
        by=reopened.by,
        causation_id=str(reopened.event_id),
    )
