"""What clients wrote, for the goals service, which writes each look at a record down first."""

from __future__ import annotations

from uuid import UUID

import msgspec
from flask import Blueprint, Response, jsonify
from sqlalchemy import Connection

from services.reminders import people
from services.reminders.api import caller
from services.reminders.api.answered import answered
from services.reminders.ledger import texts
from services.reminders.parts import Parts, clock
from services.reminders.schema import EXPECTED
from shared.problems import Problem


def reading(parts: Parts) -> Blueprint:
    """The routes."""
    pages = Blueprint("texts", __name__)

    @pages.get("/v1/clients/<uuid:client>/texts")
    def texts_of(client: UUID) -> Response:
        claims = caller.must_log_looks(caller.caller(parts.token_keys))
        with parts.door.of(claims.clinic) as connection:
            _must_be_known(connection)
            caller.must_reach(claims, people.person(connection, parts.vault, client))
            return answered(texts.texts_of(connection, parts.vault, client))

    @pages.put("/v1/clients/<uuid:client>/texts/<uuid:text>/read")
    def text_read(client: UUID, text: UUID) -> Response:
        claims = caller.must_log_looks(caller.caller(parts.token_keys))
        with parts.door.of(claims.clinic) as connection:
            _must_be_known(connection)
            her = caller.must_reach(claims, people.person(connection, parts.vault, client))
        with parts.engine.begin() as connection:
            done = texts.read(connection, parts.vault, her.clinic_id, client, text, claims.sub, clock())
        if done is None:
            raise Problem(404, "There is no such text of hers that waits to be read.")
        return jsonify(msgspec.to_builtins(done))

    @pages.get("/v1/clinics/<uuid:clinic>/texts")
    def unread_texts(clinic: UUID) -> Response:
        claims = caller.must_log_looks(caller.caller(parts.token_keys))
        if claims.clinic not in (None, clinic):
            raise Problem(404, "There is no such clinic.")
        with parts.door.of(clinic) as connection:
            _must_be_known(connection)
            return answered(texts.unread_in(connection, clinic))

    return pages


def _must_be_known(connection: Connection) -> None:
    if not EXPECTED.has(connection, texts.STEP):
        words = "It is not known yet what was read: run `cairn reminders migrate`."
        raise Problem(503, words, headers={"Retry-After": "60"})
