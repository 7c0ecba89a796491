"""What a client wrote that somebody of her team is to read: beside the flag that it raised, or on its own."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

import structlog
from flask import Response, url_for

from services.goals.messages.asking import MessagesAway
from services.goals.rules.access import clinic_of
from services.goals.rules.client import Client
from services.goals.web.across import Text
from services.goals.web.pages import form, redirected
from services.goals.web.parlour import parlour
from services.goals.web.shown import shown
from services.goals.web.standing import standing_of
from services.goals.web.visit import Visit

log = structlog.get_logger()


class Written(NamedTuple):
    """Her words by the flag that they raised, by the id of the text, and what nobody has read yet."""

    by_flag: dict[UUID, Text]
    by_id: dict[UUID, Text]
    unread: tuple[Text, ...]
    away: bool = False
    """Whether the reminder service could not be asked, so that there may be more."""


def written(visit: Visit, her: Client) -> Written:
    """What she wrote, after the look at her was written down."""
    try:
        texts = parlour().reminders.texts(clinic_of(visit.who), her.client_id, visit.trace.correlation_id)
    except MessagesAway as away:
        log.warning("reminders_away", why=str(away))
        return Written({}, {}, (), away=True)
    known = {str(one.id): one for one in texts if one.text is not None}
    flags = {name: flag.message_ref for name, flag in her.flags.items() if flag.message_ref in known}
    waiting = (one for ref, one in known.items() if one.read_at is None and ref not in flags.values())
    return Written(
        {name: known[ref] for name, ref in flags.items()},
        {one.id: one for one in known.values()},
        tuple(waiting),
    )


def unread(visit: Visit) -> dict[UUID, int]:
    """How many texts of each client of the clinic nobody has read; nothing where nobody can tell."""
    try:
        return parlour().reminders.unread(clinic_of(visit.who), visit.trace.correlation_id)
    except MessagesAway as away:
        log.warning("reminders_away", why=str(away))
        return {}


@form("/clients/<uuid:client>/texts/<uuid:text>")
def text_read(visit: Visit, client: UUID, text: UUID) -> Response:
    """Somebody of her team has read it, and who was first stands."""
    standing_of(visit, client)
    who, asks_by = visit.session.who, visit.trace.correlation_id
    try:
        parlour().reminders.has_read(who.clinic_id, client, text, who.staff_id, asks_by)
    except MessagesAway as away:
        log.warning("reminders_away", why=str(away))
        return shown("room/away.html", 503, client_id=client)
    return redirected(url_for("room.client", client=client, saved="", _anchor="texts"))
