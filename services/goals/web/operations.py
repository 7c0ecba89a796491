"""The operator's page: what waits, what is late, what nobody knows, and what only she mends. No words."""

from __future__ import annotations

from flask import Response

from services.goals.rules.refusal import Forbidden
from services.goals.web.across import Away, Figures
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
    try:
        if reminders is None:
            raise Away
        return shown("room/operations.html", figures=reminders.figures(), unknown=reminders.unknown())
    except Away:
        return shown("room/operations.html", figures=Figures(), unknown=[], away=True)
