"""How far it feels: ratings of a goal, by the client and by her therapist."""

from __future__ import annotations

from services.goals.rules.commands.goal import RateGoal
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record, fact
from services.goals.rules.refusal import Invalid, Refused
from shared.events import Rater, RatingRecorded


def rate(record: Record, command: RateGoal, moment: Moment) -> tuple[Proposed, ...]:
    """Records a rating in the goal's present epoch (invariants 5 and 6). 0 is a rating."""
    goal = record.known_goal(command.goal_id)
    by: Rater = "client" if moment.actor.kind == "client" else "therapist"
    if by == "client" and command.rater == "therapist":
        raise Invalid("A client gives her own rating; leave rater out.", "#/rater")

    def build(seen: RatingRecorded | None) -> RatingRecorded:
        return RatingRecorded(
            rating_id=command.rating_id,
            value=command.value,
            rater=command.rater or (seen.rater if seen else by),
            epoch=seen.epoch if seen else goal.epoch,
            session_id=command.session_id,
        )

    proposed = fact(record, command, build, moment)
    if proposed:
        if goal.status not in ("active", "paused"):
            raise Refused(f"This goal is {goal.status}; only one that is active is rated.")
        if command.session_id is not None and command.session_id not in record.known_client().sessions:
            raise Refused("session_id is not a session of this client.", "#/session_id")
    return proposed
