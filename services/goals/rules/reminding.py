"""Which reminders are planned: what each kind needs, and that what she switched off only she starts again."""

from __future__ import annotations

from uuid import UUID

from services.goals.rules.cadence import check_cadence
from services.goals.rules.client import Client
from services.goals.rules.client_settings import changed, unless_so
from services.goals.rules.commands.client import CancelReminder, PlanReminder
from services.goals.rules.proposal import Moment, Proposed
from services.goals.rules.record import Record
from services.goals.rules.refusal import Forbidden, Invalid, NotThere, Refused
from shared.clinic import Clinic
from shared.events import ReminderCancelled, ReminderKind, ReminderPlanned


def plan_reminder(
    record: Record, command: PlanReminder, moment: Moment, clinic: Clinic | None
) -> tuple[Proposed, ...]:
    """Plans a reminder, within her caps and her hours."""
    client = record.known_client()
    if command.goal_id is not None and command.goal_id not in record.goals:
        raise Refused("goal_id is not a goal of this client.", "#/goal_id")
    event = ReminderPlanned(
        reminder_id=command.reminder_id,
        kind=command.kind,
        channel=command.channel,
        goal_id=command.goal_id,
        cadence=command.cadence,
        active=command.active,
    )
    planned = unless_so(record, event, moment)
    if not planned:
        return ()
    _check_whose(client, command.reminder_id, command.kind, moment)
    if command.kind == "practice" and command.cadence is None:
        raise Invalid("A practice reminder needs a cadence: its days and its times.", "#/cadence")
    if command.active:
        _check_kind(command)
        _check_start(record, command, moment)
        if command.cadence is not None and command.kind != "digest":
            check_cadence(command, command.cadence, client, clinic)
    return planned


def cancel_reminder(record: Record, command: CancelReminder, moment: Moment) -> tuple[Proposed, ...]:
    """Ends a reminder; doing it twice is the same."""
    client = record.known_client()
    if command.reminder_id in client.reminders:
        _check_whose(client, command.reminder_id, client.reminders[command.reminder_id].kind, moment)
        return changed(record, ReminderCancelled(reminder_id=command.reminder_id), moment)
    if any(
        isinstance(f.data, ReminderCancelled) and f.data.reminder_id == command.reminder_id
        for f in record.facts.values()
    ):
        return ()
    raise NotThere


def _check_whose(client: Client, reminder_id: UUID, kind: ReminderKind, moment: Moment) -> None:
    """What she switched off or ended is hers (invariant 10); a digest is a letter to the staff."""
    if moment.actor.kind == "client" and kind == "digest":
        raise Forbidden("A digest goes to her therapist, who plans it.", "#/kind")
    if moment.actor.kind != "client" and reminder_id in client.stops.reminders:
        raise Forbidden("She stopped this reminder herself, and she starts it again.")


def _check_kind(command: PlanReminder) -> None:
    """What comes by itself has no cadence, and is of no one goal (DOMAIN, "Reminders")."""
    if command.kind in ("review", "quiet", "celebration") and command.cadence is not None:
        raise Invalid("It comes by itself when there is cause; leave cadence out.", "#/cadence")
    if command.kind in ("quiet", "celebration", "digest") and command.goal_id is not None:
        raise Invalid("It is about no one goal; leave goal_id out.", "#/goal_id")
    if command.kind == "digest" and command.channel != "email":
        raise Invalid("A digest goes by e-mail.", "#/channel")


def _check_start(record: Record, command: PlanReminder, moment: Moment) -> None:
    """Refuses a reminder of a goal that has ended, and of a kind that she switched off under another id."""
    goal = record.goals[command.goal_id] if command.goal_id else None
    if goal is not None and goal.status in ("achieved", "closed"):
        raise Refused(f"This goal is {goal.status}; nothing reminds of it any more.", "#/goal_id")
    if moment.actor.kind == "client" or command.kind == "practice":
        return
    client = record.known_client()
    hers = [client.reminders[name] for name in client.stops.reminders if name in client.reminders]
    if any((one.kind, one.channel) == (command.kind, command.channel) for one in hers):
        raise Forbidden("She switched these off herself, and she switches them on again.", "#/kind")
