"""Who has looked at a client's record, and who took a copy of it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from services.goals import access
from services.goals.api import gone
from services.goals.api.lookup import client_now
from services.goals.rules.access import clinic_of, may_look_back
from services.goals.rules.refusal import NotThere
from services.goals.web.pages import page
from services.goals.web.shown import shown
from services.goals.web.visit import Visit

ON_A_PAGE = 60


@page("/clients/<uuid:client>/looks")
def looks(visit: Visit, client: UUID) -> Response:
    """Who looked, when, by which way and why; this look too."""
    clinic_id, house = clinic_of(visit.who), visit.rooms.house
    copies = request.args.get("show") == "copies"
    asked = request.args.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else None
    her = client_now(visit, client) or gone.client_of(visit, client)
    if her is not None and her.client_id != client:
        raise NotThere
    her = visit.shows(client, her, may=may_look_back)
    with house.engine.connect() as connection:
        seen, more = access.page(
            connection, house.vault, clinic_id, client, before=before, limit=ON_A_PAGE, copies=copies
        )
    return shown(
        "room/looks.html", her=her, looks=seen, more=more, copies=copies, zone=visit.clinic.time_zone
    )
