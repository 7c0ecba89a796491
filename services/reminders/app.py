"""The reminder service's door: the outbox, a client's messages, and whether we are well."""

from __future__ import annotations

from uuid import UUID

from flask import Flask, Response, request
from sqlalchemy import Connection

from services.reminders import people
from services.reminders.api import asked, caller, described, outbox
from services.reminders.api.answered import answered
from services.reminders.api.deciding import deciding
from services.reminders.api.health import health
from services.reminders.api.metrics import Ledger
from services.reminders.api.reading import reading
from services.reminders.ledger import inbound, read
from services.reminders.ledger.inbound import MessagePage
from services.reminders.ledger.unknown import unknown
from services.reminders.parts import Parts, clock, has_local
from services.reminders.rules.person import Person
from services.reminders.scheduling.preview import preview
from services.reminders.webhooks import webhooks
from shared import passing, shapes
from shared.answered import Answered
from shared.key_set import key_set
from shared.probes import of_process
from shared.problems import Problem, answer_in_problems
from shared.rewrapping import Rewrapping
from shared.settings import Settings
from shared.tokens import STAFF, Claims

MOST_BYTES = 64 * 1024
NEEDS = ("reminders_database_url", "reminders_vault_database_url", "master_keys", "token_keys")
"""The settings that it cannot do without."""


def create_app(settings: Settings) -> Flask:
    """The WSGI application. Raises SettingsError when a setting that it needs is missing."""
    settings.require(*NEEDS)
    shapes.learn()
    parts = Parts(settings)
    app = Flask("services.reminders", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.extensions["parts"] = parts
    registry = app.extensions["figures"] = of_process()
    passing.install(app, Answered(registry).count)
    answer_in_problems(app)
    registry.register(Ledger(parts.engine, clock))
    registry.register(Rewrapping(parts.keys, parts.masters))
    parts.show_in(registry)
    app.register_blueprint(health(parts, registry))
    app.register_blueprint(key_set(parts.token_keys))
    _messages(app, parts)
    _preview(app, parts)
    app.register_blueprint(reading(parts))
    app.register_blueprint(deciding(parts))
    for pages in webhooks(parts):
        app.register_blueprint(pages)
    if has_local(settings):
        app.register_blueprint(outbox.pages(parts.outbox.kept))
    described.install(app)
    return app


def _messages(app: Flask, parts: Parts) -> None:
    @app.get("/v1/clients/<uuid:client>/messages")
    def messages(client: UUID) -> Response:
        claims = caller.caller(parts.token_keys)
        with parts.door.of(claims.clinic) as connection:
            _hers(parts, connection, claims, client)
            after, limit = asked.page()
            messages = read.messages_of(connection, client, after, limit)
            answers = inbound.answers_of(connection, client, after.moment, messages.reaches)
        return answered(MessagePage(messages.items, answers, messages.next))

    @app.get("/v1/messages")
    def unknown_messages() -> Response:
        caller.must_operate(caller.caller(parts.token_keys))
        if request.args.get("state") != "unknown":
            raise Problem(422, "The query must hold state=unknown: messages are listed by that state alone.")
        after, limit = asked.page("state")
        with parts.engine.connect() as connection:
            return answered(unknown(connection, after, limit))


def _preview(app: Flask, parts: Parts) -> None:
    @app.get("/v1/clients/<uuid:client>/preview")
    def preview_of(client: UUID) -> Response:
        claims = caller.caller(parts.token_keys)
        with parts.door.of(claims.clinic) as connection:
            person = _hers(parts, connection, claims, client)
            page = preview(connection, parts.vault, person, clock(), asked.days(), links=parts.links.public)
        return answered(page)


def _hers(parts: Parts, connection: Connection, claims: Claims, client: UUID) -> Person:
    """The client, for whoever may look at what goes to her. Raises Problem."""
    if claims.role in STAFF and claims.clinic:
        caller.must_still_work(claims, people.clinic(connection, parts.vault, claims.clinic))
    return caller.must_reach(claims, people.person(connection, parts.vault, client))
