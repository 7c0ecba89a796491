"""What an operator's machines ask: is it alive, can it serve, what does the ledger hold."""

from __future__ import annotations

from typing import Literal

import msgspec
from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from services.reminders.parts import Parts
from services.reminders.readiness import unready
from shared.problems import Problem


class Health(msgspec.Struct, frozen=True):
    """How it is."""

    status: Literal["alive", "ready"]


def health(parts: Parts, registry: CollectorRegistry) -> Blueprint:
    """/healthz, /readyz and /metrics over the reminder database; the registry holds what is shown."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return jsonify(msgspec.to_builtins(Health("alive")))

    @blueprint.get("/readyz")
    def readyz() -> Response:
        why = unready(parts)
        if why:
            raise Problem(503, why, headers={"Retry-After": "5"})
        return jsonify(msgspec.to_builtins(Health("ready")))

    @blueprint.get("/metrics")
    def show() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint
