"""When her care at the clinic ends and goes on, and what may still be written meanwhile."""

from __future__ import annotations

from services.goals.rules.client import Client
from services.goals.rules.commands import RecordCommand
from services.goals.rules.commands.client import EndCare, GiveConsent, PlanReminder, ResumeCare, SetSession
from services.goals.rules.commands.goal import DraftGoal, ReopenGoal, SetGoal
from services.goals.rules.proposal import Moment, Proposed, local_day
from services.goals.rules.record import Record, fact, once
from services.goals.rules.refusal import Invalid, NotThere, Refused
from shared.events import CareEnded, CareResumed


def end_care(record: Record, command: EndCare, moment: Moment) -> tuple[Proposed, ...]:
    """Ends her care on a day, today where none is said; once at a time."""
    client = record.known_client()
    today = local_day(moment.now, client.time_zone)
    then = local_day(command.time, client.time_zone) if command.time else today

    def build(seen: CareEnded | None) -> CareEnded:
        on = command.on or (seen.on if seen else then)
        return CareEnded(care_end_id=command.care_end_id, on=on, reason=command.reason)

    proposed = fact(record, command, build, moment)
    if proposed:
        if has_ended(client):
            raise Refused("Her care has ended already; resume it before it can end again.")
        if command.on is not None and command.on > today:
            raise Invalid(f"on cannot be in the future; today is {today} where she is.", "#/on")
    return proposed


def resume_care(record: Record, command: ResumeCare, moment: Moment) -> tuple[Proposed, ...]:
    """Lets her care go on; doing it twice is the same."""
    client = record.known_client()
    if command.care_end_id not in client.care_ends:
        raise NotThere
    event = CareResumed(care_end_id=command.care_end_id)
    return once(record, client.client_id, "care_resume", command.care_end_id, lambda _: event, moment)


def has_ended(client: Client) -> bool:
    """Whether her care has ended, and was not resumed."""
    return any(end.resumed_at is None for end in client.care_ends.values())


def check_still_open(client: Client, command: RecordCommand, moment: Moment) -> None:
    """Raises Refused where the staff would begin something new after her care has ended.

    What was is corrected still, and what she writes herself is always taken (invariant 10): whether anything
    is sent is judged again at the moment of sending.
    """
    if moment.actor.kind != "client" and has_ended(client) and _begins(command):
        raise Refused("Her care has ended, so nothing new begins; resume her care first.")


def _begins(command: RecordCommand) -> bool:
    match command:
        case PlanReminder():
            return command.active
        case SetSession():
            return command.status == "scheduled"
        case _:
            return isinstance(command, GiveConsent | DraftGoal | SetGoal | ReopenGoal)
