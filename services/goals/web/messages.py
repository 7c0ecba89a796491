"""What went to a client, what was held back and by which rule, what she answered, and what is to come."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from services.goals.web.across import Away
from services.goals.web.pages import page
from services.goals.web.parlour import parlour
from services.goals.web.record import record_of
from services.goals.web.shown import shown
from services.goals.web.visit import Visit

DAYS_AHEAD = 7
LATEST = 60


@page("/clients/<uuid:client>/messages")
def messages(visit: Visit, client: UUID) -> Response:
    """The look across, after this look was written down; where the other house is away, that is said."""
    record = record_of(visit, client)
    reminders = parlour().reminders
    try:
        if reminders is None:
            raise Away
        known, ahead = reminders.messages(client), reminders.ahead(client, DAYS_AHEAD)
    except Away:
        return shown("room/messages.html", her=record.client, record=record, away=True)
    return shown(
        "room/messages.html",
        her=record.client,
        record=record,
        away=False,
        messages=known.items[:LATEST],
        answers=known.answers[:LATEST],
        older=max(0, len(known.items) - LATEST),
        ahead=ahead,
        consents=record.client.consents,
    )
