"""When client and therapist meet: sessions, and the reviews of a goal."""

from __future__ import annotations

from services.goals.rules.commands.client import SetSession
from services.goals.rules.commands.goal import ReviewGoal
from services.goals.rules.proposal import Moment, Proposed, setting
from services.goals.rules.record import Record, fact
from services.goals.rules.refusal import Invalid, Refused
from shared.events import Event, GoalReviewed, SessionAttended, SessionCancelled, SessionScheduled


def set_session(record: Record, command: SetSession, moment: Moment) -> tuple[Proposed, ...]:
    """Plans a session, or says that it was attended or is cancelled."""
    known = record.known_client().sessions.get(command.session_id)
    if known is not None and (known.starts_at, known.status) == (command.starts_at, command.status):
        return ()
    event: Event
    match command.status:
        case "scheduled":
            event = SessionScheduled(session_id=command.session_id, starts_at=command.starts_at)
        case "attended":
            if command.starts_at > moment.now:
                raise Invalid("A session that has not begun was not attended yet.", "#/starts_at")
            event = SessionAttended(session_id=command.session_id, starts_at=command.starts_at)
        case "cancelled":
            event = SessionCancelled(session_id=command.session_id, starts_at=command.starts_at)
    return (setting("client", record.client_id, event, record.version, moment),)


def review(record: Record, command: ReviewGoal, moment: Moment) -> tuple[Proposed, ...]:
    """Records that a goal was looked at; what is decided follows by its own command."""
    goal = record.known_goal(command.goal_id)
    event = GoalReviewed(
        review_id=command.review_id,
        review_on=command.review_on,
        outcome=command.outcome,
        note=command.note,
    )
    proposed = fact(record, command, lambda _: event, moment)
    if proposed and goal.status not in ("active", "paused"):
        raise Refused(f"This goal is {goal.status}; only one that is active or paused is reviewed.")
    return proposed
