"""Which goals are in focus, and how many may be at once (invariant 3)."""

from __future__ import annotations

from services.goals.rules.commands.goal import FocusGoal
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record, fact
from services.goals.rules.refusal import Refused
from shared.events import GoalPrioritised

FIRST_DAYS = 30
FOCUS_IN_FIRST_DAYS = 2
FOCUS_LATER = 3


def prioritise(record: Record, command: FocusGoal, moment: Moment) -> tuple[Proposed, ...]:
    """Takes a goal into focus, or out of it; where there is no room, only a therapist may, and says why."""
    goal = record.known_goal(command.goal_id)
    event = GoalPrioritised(
        change_id=command.change_id, from_=command.from_, to=command.to, reason=command.reason
    )
    proposed = fact(record, command, lambda _: event, moment)
    if not proposed:
        return ()
    if goal.status not in ("active", "paused"):
        raise Refused(f"This goal is {goal.status}; only one that is set and not closed is in focus or not.")
    if command.from_ != goal.focus:
        raise Refused("from is not what focus is now.", "#/from")
    if command.to == goal.focus:
        raise Refused("focus is so already; to must differ from from.", "#/to")
    if command.to:
        _check_override(record, command, moment)
    return proposed


def check_room(record: Record, moment: Moment) -> None:
    """Raises Refused where one more goal in focus would be too many."""
    if not has_room(record, moment):
        raise Refused(_full(record, moment), "#/focus")


def has_room(record: Record, moment: Moment) -> bool:
    """Whether one more goal may come into focus; one that rests keeps its place."""
    return _held(record) < _most(record, moment)


def _check_override(record: Record, command: FocusGoal, moment: Moment) -> None:
    if has_room(record, moment):
        return
    if moment.actor.kind == "client":
        raise Refused(f"{_full(record, moment)} Take another out of focus first.", "#/to")
    if not command.reason:
        raise Refused(f"{_full(record, moment)} To have one more, say why in words.", "#/reason")


def _most(record: Record, moment: Moment) -> int:
    days = (moment.now - record.known_client().registered_at).days
    return FOCUS_IN_FIRST_DAYS if days < FIRST_DAYS else FOCUS_LATER


def _held(record: Record) -> int:
    return sum(goal.focus and goal.status in ("active", "paused") for goal in record.goals.values())


def _full(record: Record, moment: Moment) -> str:
    most = _most(record, moment)
    when = f"in the first {FIRST_DAYS} days " if most == FOCUS_IN_FIRST_DAYS else ""
    return f"At most {most} goals are in focus {when}at once; {_held(record)} are."
