"""How a goal ends: a person decides that it is reached, or lets it go."""

from __future__ import annotations

from services.goals.rules.commands import CloseGoal
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record, fact
from services.goals.rules.refusal import Refused
from shared.events import Agreed, Event, GoalAchieved, GoalClosed


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
