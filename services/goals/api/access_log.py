"""Who has looked at this record: the access log, for a lead, her team and herself."""

from __future__ import annotations

import re

from flask import Response

from services.goals import access
from services.goals.api.answers import as_json
from services.goals.api.call import Call
from services.goals.api.door import Door
from services.goals.api.queries import AccessQuery, unpack
from services.goals.api.shapes import AccessPage
from services.goals.log.read import load
from services.goals.rules.access import clinic_of, may_look_back
from services.goals.rules.record import fold
from shared.pages import pack

door = Door("access", "The access log: who looked at which client's record.")
ENTRY = re.compile(r"[1-9][0-9]{0,17}")


@door.read("/v1/access", "AccessPage", query=AccessQuery)
def get_access(call: Call) -> Response:
    """Who looked at a client's record, the latest first: when, by which way, and why. This look too."""
    client, after = call.query["client"], call.query.get("after")
    before = int(unpack(after, ENTRY)) if after else None
    clinic_id, house = clinic_of(call.who), call.rooms.house
    with house.engine.connect() as connection:
        found = load(connection, house.vault, clinic_id, client)
    her = fold(client, found.events).client if found and found.record_id == client else None
    call.shows(client, her, may=may_look_back)
    with house.engine.connect() as connection:
        items, more = access.page(
            connection,
            house.vault,
            clinic_id,
            client,
            before=before,
            limit=call.query["limit"],
        )
    return as_json(AccessPage(items, pack(str(more)) if more else None))
