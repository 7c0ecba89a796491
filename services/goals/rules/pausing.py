"""All her reminders rest for a while, and go on; what she paused herself, only she resumes."""

from __future__ import annotations

from services.goals.rules.commands.client import PauseReminders, ResumeReminders
from services.goals.rules.proposal import Moment, Proposed, local_day
from services.goals.rules.record import Record, fact, once
from services.goals.rules.refusal import Forbidden, Invalid, NotThere
from shared.events import RemindersPaused, RemindersResumed


def pause_reminders(record: Record, command: PauseReminders, moment: Moment) -> tuple[Proposed, ...]:
    """Lets all her reminders rest. Several may hold at once: each is somebody's, and ends by itself."""
    client = record.known_client()
    event = RemindersPaused(pause_id=command.pause_id, until=command.until)
    proposed = fact(record, command, lambda _: event, moment)
    today = local_day(moment.now, client.time_zone)
    if proposed and command.until is not None and command.until < today:
        raise Invalid(f"until is the last day of the pause; today is {today} where she is.", "#/until")
    return proposed


def resume_reminders(record: Record, command: ResumeReminders, moment: Moment) -> tuple[Proposed, ...]:
    """Lets them go on (invariant 10). Doing it twice is the same; one that is past its day needs none."""
    client = record.known_client()
    rest = client.pauses.get(command.pause_id)
    if rest is None:
        raise NotThere
    if rest.by == "client" and moment.actor.kind != "client":
        raise Forbidden("She paused her reminders herself, and she resumes them.")
    event = RemindersResumed(pause_id=command.pause_id)
    return once(record, client.client_id, "resume", command.pause_id, lambda _: event, moment)
