"""The operator's page: what waits, what is late, what nobody knows, and what only she mends. No words."""

from __future__ import annotations

from uuid import UUID

import structlog
from flask import Response, url_for

from services.goals.messages.asking import MessagesAway
from services.goals.rules.refusal import Forbidden
from services.goals.web import sent
from services.goals.web.figures import Figures
from services.goals.web.pages import form, page, redirected
from services.goals.web.parlour import parlour
from services.goals.web.shown import shown
from services.goals.web.visit import Visit
from shared.problems import Problem

FOUND = ("delivered", "failed")
log = structlog.get_logger()


@page("/operations", of_record=False)
def operations(visit: Visit) -> Response:
    """How the sending of messages is; ids and figures only."""
    _operates(visit)
    reminders = parlour().reminders
    asks_by = visit.trace.correlation_id
    try:
        figures, unknown = reminders.figures(asks_by), reminders.unknown(asks_by)
        return shown("room/operations.html", figures=figures, unknown=unknown)
    except MessagesAway:
        return _away()


@form("/operations/messages/<uuid:message>", of_record=False)
def message_decided(visit: Visit, message: UUID) -> Response:
    """What she found out at the provider about a message of which nobody knew."""
    _operates(visit)
    state = sent.text("state")
    if state not in FOUND:
        raise Problem(422, "Say whether it arrived or not.")
    try:
        done = parlour().reminders.decide(
            message, state, visit.session.who.staff_id, visit.trace.correlation_id
        )
    except MessagesAway as away:
        log.warning("reminders_away", why=str(away))
        return _away(503)
    return redirected(url_for("room.operations", saved="" if done else None))


def _away(status: int = 200) -> Response:
    return shown("room/operations.html", status, figures=Figures(), unknown=[], away=True)


def _operates(visit: Visit) -> None:
    if visit.who.role != "operator":
        raise Forbidden("This page is for whoever runs Cairn.")
