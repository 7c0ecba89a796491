"""A copy of a record as FHIR: with her messages where they can be had, and checked before it goes."""

from __future__ import annotations

import structlog
from flask import Response, request

from services.goals.api.call import Call
from services.goals.export.fhir.bundle import bundle
from services.goals.export.fhir.checks.run import Unsound
from services.goals.export.fhir.chosen import Chosen
from services.goals.export.fhir.written import MEDIA_TYPE, written
from services.goals.messages.asking import MessagesAway
from services.goals.messages.told import Told
from services.goals.rules.access import STAFF
from services.goals.rules.timeline import Events
from shared.problems import Problem

UNSOUND = "What we made of this record is not as FHIR asks, so it was not sent; it has been noted."
log = structlog.get_logger()


def as_fhir(call: Call, events: Events, chosen: Chosen) -> Response:
    """The bundle of a client's record; `events` are all of hers, and the look at them is in the access log.

    A copy for herself has no notices to staff. Raises Problem 500 where it does not pass the checks.
    """
    assert call.judged
    whole = bundle(
        events,
        _told(call, events, chosen),
        base=f"{(call.rooms.public_url or request.root_url).rstrip('/')}/fhir",
        now=call.rooms.house.now(),
        chosen=chosen,
        for_staff=call.who.role in STAFF and call.query["purpose"] != "client",
    )
    try:
        return Response(written(whole), content_type=MEDIA_TYPE)
    except Unsound as unsound:
        log.error("export_unsound", client=str(events[0].record_id), broken=[*map(": ".join, unsound.broken)])
        raise Problem(500, UNSOUND) from unsound


def _told(call: Call, events: Events, chosen: Chosen) -> Told | None:
    """Her messages; None where nobody can tell of them, or they are not asked for."""
    if chosen.goal_id is not None:
        return None
    try:
        return call.rooms.messages.of(events[0].record_id, call.trace.correlation_id)
    except MessagesAway as away:
        log.warning("messages_away", reason=str(away))
        return None
