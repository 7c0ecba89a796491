"""What a client does: practices and wins."""

from __future__ import annotations

from datetime import date, timedelta

from services.goals.rules.commands.goal import LogPractice
from services.goals.rules.commands.win import RecordWin
from services.goals.rules.proposal import Moment, Proposed, local_day
from services.goals.rules.record import Record, fact
from services.goals.rules.refusal import Invalid, Refused
from shared.events import PracticeLogged, WinRecorded

DAYS_BACK = 14


def log_practice(record: Record, command: LogPractice, moment: Moment) -> tuple[Proposed, ...]:
    """Logs a practice on an active or paused goal (invariant 7)."""
    goal = record.known_goal(command.goal_id)
    zone = record.known_client().time_zone
    today = local_day(moment.now, zone)
    then = local_day(command.time, zone) if command.time else today

    def build(seen: PracticeLogged | None) -> PracticeLogged:
        return PracticeLogged(
            practice_id=command.practice_id,
            on=command.on or (seen.on if seen else then),
            quantity=command.quantity,
            note=command.note,
            via=command.via or (seen.via if seen else moment.actor.via),
        )

    proposed = fact(record, command, build, moment)
    if proposed:
        if goal.status not in ("active", "paused"):
            raise Refused(f"This goal is {goal.status}; practices are logged on one that is active.")
        if command.quantity <= 0:
            raise Invalid("quantity must be more than 0.", "#/quantity")
        _check_day(command.on or then, today, "#/on" if command.on else "#/time")
    return proposed


def record_win(record: Record, command: RecordWin, moment: Moment) -> tuple[Proposed, ...]:
    """Records a win, on a goal or on none; it needs no measure (invariant 10)."""
    client = record.known_client()
    today = local_day(moment.now, client.time_zone)
    then = local_day(command.time, client.time_zone) if command.time else today

    def build(seen: WinRecorded | None) -> WinRecorded:
        return WinRecorded(
            win_id=command.win_id,
            kind=command.kind,
            on=command.on or (seen.on if seen else then),
            text=command.text,
        )

    goal = record.known_goal(command.goal_id) if command.goal_id else None
    proposed = fact(record, command, build, moment)
    if proposed:
        if goal and goal.status in ("achieved", "closed"):
            raise Refused(f"This goal is {goal.status}; record the win as hers, without a goal.")
        if command.on and command.on > today:
            raise Invalid(f"on cannot be in the future; today is {today} where she is.", "#/on")
    return proposed


def _check_day(on: date, today: date, pointer: str) -> None:
    if on > today:
        raise Invalid(f"on cannot be in the future; today is {today} where she is.", pointer)
    if on < today - timedelta(days=DAYS_BACK):
        raise Invalid(f"on is at most {DAYS_BACK} days back: {today - timedelta(days=DAYS_BACK)}.", pointer)
