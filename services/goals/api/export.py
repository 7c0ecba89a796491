"""A copy of a client's record to take away; that it was taken is in the access log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response

from services.goals.api.as_csv import as_csv
from services.goals.api.as_fhir import as_fhir
from services.goals.api.call import Call
from services.goals.api.clients import CLIENT
from services.goals.api.door import Door
from services.goals.api.example_answers import LINES
from services.goals.api.example_fhir import BUNDLE
from services.goals.api.export_queries import ExportQuery
from services.goals.api.seals import no_seals
from services.goals.export.fhir.chosen import Chosen
from services.goals.export.fhir.written import MEDIA_TYPE as FHIR
from services.goals.export.jsonl.made import made
from services.goals.export.sheet.written import MEDIA_TYPE as CSV
from services.goals.log.proven import Proven, record
from services.goals.rules.access import Who, clinic_of, may_export, may_hear
from services.goals.rules.client import Client
from services.goals.rules.record import fold
from services.goals.rules.refusal import NotThere
from services.goals.rules.timeline import range_of
from services.goals.seals.place import PlaceAway
from services.goals.seals.seal import BadSeal
from shared.problems import Problem

door = Door("export", "Copies to take away.")
JSONL = "application/x-ndjson"
CONTENTS: dict[str, dict[str, Any]] = {
    JSONL: {
        "schema": {
            "type": "string",
            "description": "A CloudEvent a line, each with its proof that it is true.",
        },
        "example": LINES,
    },
    CSV: {"schema": {"type": "string", "description": "A row a change, in her language."}},
    FHIR: {"schema": {"type": "object", "description": "A Bundle of FHIR R4."}, "example": BUNDLE},
}


@door.hand_out(CLIENT + "/export", CONTENTS, query=ExportQuery, problems=(410,))
def get_export(call: Call, client: UUID) -> Response:
    """A client's record to take away, whole or in part, for a purpose that the access log keeps."""
    events, her = _record(call, client)
    response = _file(call, events, her, _chosen(call, events))
    name = f"cairn-{client}-{call.rooms.house.now():%Y%m%d}.{call.query['format']}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _file(call: Call, events: list[Proven], her: Client, chosen: Chosen) -> Response:
    """The copy in the form that is asked for."""
    recorded = tuple(proven.opened.event for proven in events)
    match call.query["format"]:
        case "fhir":
            return as_fhir(call, recorded, chosen)
        case "csv":
            reader = _reader(call)
            return as_csv(call, her, tuple(e for e in recorded if may_hear(reader, e.data)), chosen)
        case _:
            return Response(b"".join(_lines(call, events, chosen)), content_type=JSONL)


def _reader(call: Call) -> Who:
    """For whom the copy is: one for herself is hers, whoever of the staff takes it for her."""
    return replace(call.who, role="client") if call.query["purpose"] == "client" else call.who


def _record(call: Call, client_id: UUID) -> tuple[list[Proven], Client]:
    """All that is recorded of her, and she, after it was written down that a copy is taken."""
    house, purpose = call.rooms.house, call.query["purpose"]
    events = record(house.engine, house.vault, clinic_of(call.who), client_id)
    is_hers = bool(events) and events[0].opened.event.record_id == client_id != clinic_of(call.who)
    recorded = [proven.opened.event for proven in events] if is_hers else []
    her = fold(client_id, recorded).client
    goal = call.query.get("goal")
    return events, call.shows(client_id, her, goal_id=goal, purpose=purpose, may=may_export(purpose))


def _chosen(call: Call, events: Sequence[Proven]) -> Chosen:
    """What is asked for. Raises NotThere for a goal that is not hers."""
    recorded = [proven.opened.event for proven in events]
    goal_id = call.query.get("goal")
    if goal_id is not None and not any(event.stream_id == goal_id != event.record_id for event in recorded):
        raise NotThere("She has no such goal; leave out `goal` for the whole record.")
    first, last = range_of(call.query.get("from_"), call.query.get("to"), recorded)
    return Chosen(goal_id, first, last)


def _lines(call: Call, events: Sequence[Proven], chosen: Chosen) -> list[bytes]:
    rooms = call.rooms
    if rooms.seal_key is None:
        why = "Nothing signs exports here: an operator sets CAIRN_SEAL_KEY, and then they are."
        raise Problem(503, why, headers={"Retry-After": "3600"})
    try:
        lines = made(
            rooms.house.engine,
            rooms.seals.proving,
            events,
            _reader(call),
            chosen,
            purpose=call.query["purpose"],
            key=rooms.seal_key,
            now=rooms.house.now(),
            export_id=rooms.house.fresh(),
        )
        return list(lines)
    except (BadSeal, PlaceAway) as error:
        raise no_seals(error) from error
