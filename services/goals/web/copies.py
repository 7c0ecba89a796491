"""Copies of a client's record, each for a purpose; and its erasure: asked for, decided, called off."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for

from services.goals.api.bodies import ErasureDecisionBody
from services.goals.api.body import load
from services.goals.api.export import get_export
from services.goals.api.export_queries import FORMATS, PURPOSES, ExportQuery
from services.goals.rules.commands import RecordCommand
from services.goals.rules.commands.client import AskErasure, CancelErasure, DecideErasure
from services.goals.rules.refusal import Refused
from services.goals.web import sent
from services.goals.web.pages import form, page, redirected
from services.goals.web.shown import shown
from services.goals.web.standing import standing_of
from services.goals.web.visit import Visit
from shared.problems import Problem


@page("/clients/<uuid:client>/copies")
def copies(visit: Visit, client: UUID) -> Response:
    """What may be taken along, and for what."""
    return _copies(visit, client)


@page("/clients/<uuid:client>/export")
def export(visit: Visit, client: UUID) -> Response:
    """A copy of her record to take away, as the operation of that name hands it out."""
    asked = {name: value for name, value in request.args.items() if value}
    visit.query = load(ExportQuery(), asked, "query")
    return get_export(visit, client)


@form("/clients/<uuid:client>/erasures")
def erasure_asked(visit: Visit, client: UUID) -> Response:
    """Her erasure is asked for; a lead decides."""
    return _attempted(visit, client, lambda: AskErasure(erasure_id=sent.named("id")))


@form("/clients/<uuid:client>/erasures/<uuid:erasure>/cancel")
def erasure_cancelled(visit: Visit, client: UUID, erasure: UUID) -> Response:
    """It is called off, until it is carried out."""
    return _attempted(visit, client, lambda: CancelErasure(erasure_id=erasure))


@form("/clients/<uuid:client>/erasures/<uuid:erasure>/decision")
def erasure_decided(visit: Visit, client: UUID, erasure: UUID) -> Response:
    """It is granted, or refused until the day that the record must be kept."""

    def decision() -> RecordCommand:
        body = sent.read(ErasureDecisionBody(), sent.texts("decision", "ground", "retain_until"))
        return DecideErasure(erasure_id=erasure, **body)

    return _attempted(visit, client, decision)


def _attempted(visit: Visit, client_id: UUID, command: sent.Asked) -> Response:
    try:
        visit.handle_client(client_id, command())
    except (Problem, Refused) as error:
        sent.must_be_about_it(error)
        return _copies(visit, client_id, sent.wrongs(error))
    return redirected(url_for("room.copies", client=client_id, saved="", _anchor="erasing"))


def _copies(visit: Visit, client_id: UUID, wrong: sent.Wrongs | None = None) -> Response:
    record = standing_of(visit, client_id)
    return shown(
        "room/copies.html",
        422 if wrong else 200,
        record=record,
        her=record.client,
        under_way={name: one for name, one in record.client.erasures.items() if one.under_way},
        refused=[one for one in record.client.erasures.values() if one.decision == "refused"],
        formats=FORMATS,
        purposes=[one for one in PURPOSES if one != "legal" or visit.who.role == "lead"],
        typed=request.form if wrong else {},
        wrong=wrong,
        zone=visit.clinic.time_zone,
    )
