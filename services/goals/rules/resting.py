"""A goal that rests for a while, and goes on."""

from __future__ import annotations

from services.goals.rules.commands.goal import PauseGoal, ResumeGoal
from services.goals.rules.goal import on_day
from services.goals.rules.proposal import Moment, Proposed, local_day
from services.goals.rules.record import Record, fact, once
from services.goals.rules.refusal import Forbidden, Invalid, NotThere, Refused
from shared.events import GoalPaused, GoalResumed


def pause(record: Record, command: PauseGoal, moment: Moment) -> tuple[Proposed, ...]:
    """Lets an active goal rest."""
    goal = record.known_goal(command.goal_id)
    event = GoalPaused(
        pause_id=command.pause_id,
        until=command.until,
        reason_code=command.reason_code,
        reason=command.reason,
    )
    proposed = fact(record, command, lambda _: event, moment)
    if proposed:
        today = local_day(moment.now, record.known_client().time_zone)
        status = on_day(goal, today).status
        if status != "active":
            raise Refused(f"This goal is {status}; only one that is active can be paused.")
        if command.until is not None and command.until < today:
            raise Invalid(f"until is the last day of the pause; today is {today} where she is.", "#/until")
    return proposed


def resume(record: Record, command: ResumeGoal, moment: Moment) -> tuple[Proposed, ...]:
    """Lets it go on; what she paused, only she resumes (invariant 10). Doing it twice is the same, and so it
    is where its last day has passed."""
    goal = record.known_goal(command.goal_id)
    rest = next((pause for pause in goal.pauses if pause.pause_id == command.pause_id), None)
    if rest is None:
        raise NotThere
    if rest.by == "client" and moment.actor.kind != "client":
        raise Forbidden("She paused this goal herself, and she resumes it.")
    event = GoalResumed(pause_id=command.pause_id)
    proposed = once(record, goal.goal_id, "resume", command.pause_id, lambda _: event, moment)
    if proposed and goal.status not in ("active", "paused"):
        raise Refused(f"This goal is {goal.status}; there is nothing to resume.")
    return proposed
