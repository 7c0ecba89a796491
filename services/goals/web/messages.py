"""What went to a client, what was held back and by which rule, what she answered, and what is to come."""

from __future__ import annotations

from uuid import UUID

import structlog
from flask import Response

from services.goals.messages.asking import MessagesAway
from services.goals.web.agreed import agreed
from services.goals.web.pages import page
from services.goals.web.parlour import parlour
from services.goals.web.shown import shown
from services.goals.web.standing import standing_of
from services.goals.web.visit import Visit
from services.goals.web.written import written

DAYS_AHEAD = 7
LATEST = 60
log = structlog.get_logger()


@page("/clients/<uuid:client>/messages")
def messages(visit: Visit, client: UUID) -> Response:
    """The look across, after this look was written down; where the other house is away, that is said."""
    record = standing_of(visit, client)
    asks_by = visit.trace.correlation_id
    try:
        known = visit.rooms.messages.of(client, asks_by)
        ahead = parlour().reminders.ahead(client, DAYS_AHEAD, asks_by)
    except MessagesAway as away:
        log.warning("reminders_away", why=str(away))
        return shown("room/messages.html", her=record.client, record=record, away=True)
    return shown(
        "room/messages.html",
        her=record.client,
        record=record,
        away=False,
        messages=known.messages[: -LATEST - 1 : -1],
        answers=known.answers[: -LATEST - 1 : -1],
        older=max(0, len(known.messages) - LATEST),
        ahead=ahead,
        consents=agreed(visit, client),
        hers=written(visit, record.client).by_id,
    )
