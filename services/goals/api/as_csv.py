"""A copy of a record as a sheet, in the client's language, with the names of those who worked with her."""

from __future__ import annotations

from flask import Response

from services.goals.api.call import Call
from services.goals.export.fhir.chosen import Chosen
from services.goals.export.sheet.rows import Sheet
from services.goals.export.sheet.written import MEDIA_TYPE, written
from services.goals.log.read import load
from services.goals.rules.access import clinic_of
from services.goals.rules.client import Client
from services.goals.rules.timeline import Events
from shared.events import StaffSet


def as_csv(call: Call, her: Client, events: Events, chosen: Chosen) -> Response:
    """The sheet of a client's record; the look at it is in the access log."""
    assert call.judged
    names = _staff(call) | ({str(her.client_id): her.name} if her.name else {})
    sheet = Sheet(events, her.locale, her.time_zone, names)
    return Response(written((sheet.head(), *sheet.rows(chosen))), content_type=MEDIA_TYPE)


def _staff(call: Call) -> dict[str, str]:
    """By their ids, those who work at the clinic, or once did."""
    clinic_id, house = clinic_of(call.who), call.rooms.house
    with house.engine.connect() as connection:
        found = load(connection, house.vault, clinic_id, clinic_id)
    events = found.events if found else ()
    named = (event.data for event in events if isinstance(event.data, StaffSet))
    return {str(one.staff_id): one.name for one in named if one.name}
