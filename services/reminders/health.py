"""What an operator's machines ask: is it alive, can it serve, what does the ledger hold."""

from __future__ import annotations

from typing import Literal

import msgspec
from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from services.reminders import metrics, schema
from services.reminders.parts import Parts
from shared.problems import Problem


class Health(msgspec.Struct, frozen=True):
    """How it is."""

    status: Literal["alive", "ready"]


def health(parts: Parts) -> Blueprint:
    """/healthz, /readyz and /metrics over the reminder database."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(msgspec.to_builtins(Health("alive")))

    @blueprint.get("/readyz")
    def readyz() -> Response:
        why = _unready(parts)
        if why:
            raise Problem(503, why, headers={"Retry-After": "5"})
        return jsonify(msgspec.to_builtins(Health("ready")))

    @blueprint.get("/metrics")
    def show() -> Response:
        return Response(metrics.exposition(parts.engine), content_type=metrics.CONTENT_TYPE)

    return blueprint


def _unready(parts: Parts) -> str | None:
    try:
        with parts.engine.connect() as connection:
            at = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        foreign = parts.vault.foreign() if at == schema.HEAD else None
    except SQLAlchemyError:
        return "The reminder database cannot be reached."
    if at != schema.HEAD:
        return f"The reminder database is at {at}, not {schema.HEAD}: run `cairn reminders migrate`."
    return foreign
