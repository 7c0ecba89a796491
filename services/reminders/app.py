"""The reminder service's door: the outbox, a client's messages, and whether we are well."""

from __future__ import annotations

from uuid import UUID

from flask import Flask, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from services.reminders import caller, metrics, outbox, people, schema
from services.reminders.ledger import read
from services.reminders.parts import Parts, has_local
from services.reminders.problem import answer_in_problems, problem
from shared.settings import Settings

MOST_BYTES = 64 * 1024
NEEDS = ("reminders_database_url", "reminders_vault_database_url", "master_key", "token_key")
"""The settings that it cannot do without."""


def create_app(settings: Settings) -> Flask:
    """The WSGI application. Raises SettingsError when a setting that it needs is missing."""
    settings.require(*NEEDS)
    parts = Parts(settings)
    app = Flask("services.reminders", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.extensions["parts"] = parts
    answer_in_problems(app)
    _health(app, parts)
    _messages(app, parts)
    if has_local(settings):
        app.register_blueprint(outbox.pages(parts.outbox.kept))

    @app.after_request
    def guard(answer: Response) -> Response:
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "no-referrer")
        return answer

    return app


def _health(app: Flask, parts: Parts) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="alive")

    @app.get("/readyz")
    def readyz() -> Response:
        try:
            with parts.engine.connect() as connection:
                at = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except SQLAlchemyError:
            return problem(503, "the reminder database cannot be reached", Retry_After="5")
        if at != schema.HEAD:
            return problem(
                503, f"the reminder database is at {at}, not {schema.HEAD}: run `cairn reminders migrate`"
            )
        return jsonify(status="ready")

    @app.get("/metrics")
    def show_metrics() -> Response:
        return Response(metrics.exposition(parts.engine), content_type=metrics.CONTENT_TYPE)


def _messages(app: Flask, parts: Parts) -> None:
    @app.get("/v1/clients/<uuid:client>/messages")
    def messages(client: UUID) -> Response:
        claims = caller.caller(parts.token_key)
        with parts.engine.connect() as connection:
            caller.must_reach(claims, people.clinic_of(connection, client))
            return jsonify(items=read.messages_of(connection, client), next=None)
