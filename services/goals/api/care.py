"""The operations on her care: pausing all reminders, ending it and going on, flags and who looked at them."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from services.goals.api.answers import removed, written
from services.goals.api.call import Call
from services.goals.api.care_bodies import CareEndBody, FlagBody, FlagReviewBody, RemindersPauseBody
from services.goals.api.clients import CLIENT
from services.goals.api.door import Door
from services.goals.rules.commands.client import (
    EndCare,
    PauseReminders,
    RaiseFlag,
    ResumeCare,
    ResumeReminders,
    ReviewFlag,
)

door = Door("care", "Her care: pauses of all reminders, when it ends and goes on, and safety flags.")
PAUSE = CLIENT + "/pauses/<uuid:pause>"
CARE_END = CLIENT + "/care-ends/<uuid:care_end>"
FLAG = CLIENT + "/flags/<uuid:flag>"


@door.write("PUT", PAUSE, "Client", RemindersPauseBody)
def put_reminders_pause(call: Call, client: UUID, pause: UUID) -> Response:
    """Lets all her reminders rest."""
    return written(call.handle_client(client, PauseReminders(pause_id=pause, **call.body)))


@door.write("DELETE", PAUSE, "Client")
def delete_reminders_pause(call: Call, client: UUID, pause: UUID) -> Response:
    """Lets her reminders go on; what she paused, only she resumes."""
    return removed(call.handle_client(client, ResumeReminders(pause_id=pause)))


@door.write("PUT", CARE_END, "Client", CareEndBody)
def put_care_end(call: Call, client: UUID, care_end: UUID) -> Response:
    """Ends her care: nothing is sent from then on. By her therapist or a lead."""
    return written(call.handle_client(client, EndCare(care_end_id=care_end, **call.body)))


@door.write("DELETE", CARE_END, "Client")
def delete_care_end(call: Call, client: UUID, care_end: UUID) -> Response:
    """Lets her care go on. By her therapist or a lead."""
    return removed(call.handle_client(client, ResumeCare(care_end_id=care_end)))


@door.write("PUT", FLAG, "Client", FlagBody)
def put_flag(call: Call, client: UUID, flag: UUID) -> Response:
    """Flags something that she wrote, for somebody to look at. By the service or the staff."""
    return written(call.handle_client(client, RaiseFlag(flag_id=flag, **call.body)))


@door.write("PUT", FLAG + "/review", "Client", FlagReviewBody)
def put_flag_review(call: Call, client: UUID, flag: UUID) -> Response:
    """Says that somebody has looked at a flag. By her therapist or a lead."""
    return written(call.handle_client(client, ReviewFlag(flag_id=flag)))
