"""The operator's page: what waits, what is late, what nobody knows, and what only she mends. No words."""

from __future__ import annotations

from flask import Response

from services.goals.messages.asking import MessagesAway
from services.goals.rules.refusal import Forbidden
from services.goals.web.across import Figures
from services.goals.web.pages import page
from services.goals.web.parlour import parlour
from services.goals.web.shown import shown
from services.goals.web.visit import Visit


@page("/operations", of_record=False)
def operations(visit: Visit) -> Response:
    """How the sending of messages is; ids and figures only."""
    if visit.who.role != "operator":
        raise Forbidden("This page is for whoever runs Cairn.")
    reminders = parlour().reminders
    asks_by = visit.trace.correlation_id
    try:
        figures, unknown = reminders.figures(asks_by), reminders.unknown(asks_by)
        return shown("room/operations.html", figures=figures, unknown=unknown)
    except MessagesAway:
        return shown("room/operations.html", figures=Figures(), unknown=[], away=True)
