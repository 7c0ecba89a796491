"""What an operator found out at the provider about messages that may have gone."""

from __future__ import annotations

from typing import cast
from uuid import UUID

import msgspec
from flask import Blueprint, Response, jsonify, request

from services.reminders.api import caller
from services.reminders.ledger.decide import FOUND, Found, Settled, decide
from services.reminders.parts import Parts, clock
from shared.logs import logger
from shared.problems import Problem, Wrong

log = logger()


def deciding(parts: Parts) -> Blueprint:
    """The route."""
    pages = Blueprint("decisions", __name__)

    @pages.put("/v1/messages/<uuid:message>/decision")
    def decision(message: UUID) -> Response:
        claims = caller.must_operate(caller.caller(parts.token_keys))
        found = request.form.get("state", "")
        if found not in FOUND:
            words = f"One of {' and '.join(FOUND)} is expected: what you found out."
            raise Problem(422, words, (Wrong("#/state", words),))
        try:
            with parts.engine.begin() as connection:
                decided = decide(connection, message, cast(Found, found), clock())
        except Settled as known:
            raise Problem(409, f"It is known what became of it: {known}. Nothing was changed.") from known
        if decided is None:
            raise Problem(404, "There is no such message.")
        log.info("decided", message=str(message), state=found, by=claims.sub)
        return jsonify(msgspec.to_builtins(decided))

    return pages
